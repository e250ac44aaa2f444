from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.domain.finding import Severity
from bot.rules import RULES, review
from bot.wording.phrases import shared_phrases
from tests.domain.profile import ROOT
from tests.rules.build import context

PHRASES = shared_phrases(ROOT / "templates", "Asia/Shanghai")
LANGUAGES = ("en", "zh")
VARIANTS = [(rule.id, variant) for rule in RULES.values() for variant in rule.variants]
LISTS = {
    "sites",
    "numbers",
    "shown",
    "own",
    "buyers",
    "hosts",
    "known",
    "usual",
    "words",
    "traces",
    "others",
    "proposals",
}
INSTANTS = {"deadline", "since", "occurred", "start", "end", "recapture", "at"}


def sample(name: str) -> Any:
    if name in LISTS:
        return (f"<{name}>",)
    return datetime(2026, 11, 20, 8, tzinfo=UTC) if name in INSTANTS else f"<{name}>"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("rule", "variant"), VARIANTS)
def test_every_variant_has_message_and_remedy(rule: str, variant: str, language: str) -> None:
    params = {name: sample(name) for name in RULES[rule].variants[variant]}
    message, remedy = (
        PHRASES.say(f"findings.{rule}.{variant}.{part}", language, **params) for part in ("message", "remedy")
    )
    assert message and remedy
    assert message != remedy
    # The file or link is what a person looks for first.
    if "file" in params:
        shared_text = rule in ("translation",) or (rule, variant) in SPEAKS_OF_THE_MESSAGE
        assert shared_text or "<file>" in message


SPEAKS_OF_THE_MESSAGE = {("link_host", "refused"), ("link_host", "unknown"), ("edited", "reused")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_left_over(language: str) -> None:
    wanted = {f"findings.{rule}.{variant}.{part}" for rule, variant in VARIANTS for part in ("message", "remedy")}
    assert set(PHRASES.keys("findings.", language)) == wanted


@pytest.mark.parametrize("file", ["findings", "drafts", "scenario"])
def test_both_languages_have_the_same_keys_in_the_same_order(file: str) -> None:
    english, chinese = (PHRASES.keys(f"{file}.", language) for language in LANGUAGES)
    assert english == chinese


def test_real_findings_render() -> None:
    whole = context(evidence=(), shop={"opened_on": date(2026, 11, 10), "site": "ID"})
    for finding in review(whole).findings:
        assert isinstance(finding.severity, Severity)
        assert PHRASES.say(f"findings.{finding.rule}.{finding.variant}.message", "zh", **finding.params)


def test_the_bot_never_calls_anything_forged() -> None:
    for language in LANGUAGES:
        texts = " ".join(str(PHRASES.texts[language][key]) for key in PHRASES.keys("findings.edited", language))
        assert not any(word in texts.casefold() for word in ("forged", "forgery", "fake", "伪造", "造假", "p图"))
