"""What a remedy names is offered."""

import tomllib

import pytest

from bot.settings.files import data_root
from bot.wording.facts_form import ANSWERED


@pytest.mark.parametrize(("language", "word"), [("en", " form"), ("zh", "表单")])
def test_the_form_is_offered_wherever_a_remedy_names_it(language: str, word: str) -> None:
    findings = tomllib.loads((data_root("templates") / language / "findings.toml").read_text("utf-8"))
    named = {
        (rule, variant)
        for rule, texts in findings.items()
        for variant, text in texts.items()
        if word in text["remedy"]
    }
    assert named == {(rule, variant) for rule, variants in ANSWERED.items() for variant in variants}
