"""Words to commands, and the rules of wiring."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.router import Dispatcher, Router, Vocabulary, WiringError, tidy

WORDS = Vocabulary({"missing": ["missing", "what is missing", "缺什么"], "odr": ["odr"], "case": ["case", "案件"]})


@pytest.mark.parametrize(
    ("typed", "command", "rest"),
    [
        ("missing", "missing", ""),
        ("MISSING C3", "missing", "C3"),
        ("  what   is missing  c3 ", "missing", "c3"),
        ("缺什么C3", "missing", "C3"),
        ("缺什么：C3", "missing", "C3"),
        ("ｍｉｓｓｉｎｇ　Ｃ３", "missing", "C3"),
        ("@odr-bot missing", "missing", ""),
        ("<@U123> missing", "missing", ""),
        ("/odr missing C1", "missing", "C1"),
        ("/ODR 缺什么", "missing", ""),
        ("odr us-bright", "odr", "us-bright"),
        ("/odr odr us-bright", "odr", "us-bright"),
        ("/odr", "odr", ""),
        ("missingness", "", "missingness"),
        ("casefold", "", "casefold"),
        ("", "", ""),
    ],
)
def test_a_hurried_persons_words_are_understood(typed: str, command: str, rest: str) -> None:
    assert WORDS.match(tidy(typed)) == (command, rest)


@pytest.mark.parametrize(("typed", "near"), [("mising", "missing"), ("missnig c3", "missing"), ("cas", "case")])
def test_a_typing_error_suggests_the_nearest_command(typed: str, near: str) -> None:
    assert WORDS.nearest(tidy(typed)) == near


def test_nonsense_suggests_nothing() -> None:
    assert WORDS.nearest("qqqq") == "" and WORDS.nearest("") == ""


@given(st.text(max_size=300))
def test_any_text_can_be_tidied_and_matched(text: str) -> None:
    command, rest = WORDS.match(tidy(text))
    assert command in ("", "missing", "odr", "case") and len(rest) <= len(tidy(text))
    assert WORDS.nearest(tidy(text)) in ("", *WORDS.longest)


def handler_for(router: Router, name: str = "x") -> None:
    @router.on(name)
    def handle(nothing_known: str) -> None: ...


def dispatcher(router: Router, words: dict[str, list[str]]) -> Dispatcher:
    return Dispatcher(router, Vocabulary(words), None, {}, None, None, None)


def test_an_unknown_argument_name_fails_at_start() -> None:
    router = Router()
    handler_for(router)
    with pytest.raises(WiringError, match="nothing_known"):
        dispatcher(router, {})


def test_words_without_a_handler_fail_at_start() -> None:
    with pytest.raises(WiringError, match="ghost"):
        dispatcher(Router(), {"ghost": ["boo"]})


def test_a_name_is_registered_once_and_with_a_known_role() -> None:
    router = Router()
    handler_for(router)
    with pytest.raises(WiringError, match="two handlers"):
        handler_for(router)
    with pytest.raises(WiringError, match="role"):
        router.on("y", role="king")(lambda: None)
