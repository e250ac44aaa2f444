"""The play-book asks for rules that exist (domain.md §6)."""

import pytest

from bot.domain.policy import RejectionCode
from bot.rules import UnknownRules, check_playbook


def play(*rules: str) -> RejectionCode:
    return RejectionCode(meaning="unknown", resubmit="after_notice", check=rules)


def test_rules_that_exist_are_taken() -> None:
    check_playbook({"*": play("coverage"), "ODR-07": play()})


def test_an_unknown_rule_is_named_with_its_code() -> None:
    with pytest.raises(UnknownRules, match=r"'ODR-07': unknown rule watermarks; known: .*watermark"):
        check_playbook({"*": play(), "ODR-07": play("coverage", "watermarks")})


def test_codes_that_are_not_listed_have_an_entry() -> None:
    with pytest.raises(UnknownRules, match="no entry"):
        check_playbook({"ODR-07": play()})
