import pytest

from bot.rules import RULES
from tests.rules.tables.judge import CASES, judge


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_agrees_with_cases_whose_truth_is_known(rule: str) -> None:
    tally = judge(rule)
    assert tally.cases == CASES >= 300
    assert tally.right and tally.right + tally.missed < tally.cases
    assert min(tally.precision, tally.recall, tally.agreement) >= 0.98, "\n".join(tally.faults[:10])
