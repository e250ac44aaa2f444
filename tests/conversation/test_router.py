"""The rules of wiring."""

import pytest

from bot.conversation.dispatcher import Dispatcher
from bot.conversation.router import Router, WiringError
from bot.conversation.vocabulary import CommandVocabulary
from bot.domain.people import Role


def handler_for(router: Router, name: str = "x") -> None:
    @router.on(name, role=Role.VIEWER)
    def handle(nothing_known: str) -> None: ...


def dispatcher(router: Router, words: dict[str, list[str]]) -> Dispatcher:
    return Dispatcher(router, CommandVocabulary(words), None, {}, None, None, None, None)


def test_an_unknown_argument_name_fails_at_start() -> None:
    router = Router()
    handler_for(router)
    with pytest.raises(WiringError, match="nothing_known"):
        dispatcher(router, {})


def test_a_handler_says_which_role_it_needs() -> None:
    with pytest.raises(WiringError, match="'x' does not say which role it needs"):
        Router().on("x")


def test_words_without_a_handler_fail_at_start() -> None:
    with pytest.raises(WiringError, match="ghost"):
        dispatcher(Router(), {"ghost": ["boo"]})


def test_a_name_is_registered_once() -> None:
    router = Router()
    handler_for(router)
    with pytest.raises(WiringError, match="two handlers"):
        handler_for(router)
