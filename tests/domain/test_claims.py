"""Times in every way that people write them."""

import pytest

from bot.domain.claims import Moment, claims
from tests.rules.build import case_order, dossier, variants

WRITTEN = [
    ("2026-11-18 11:05 UTC", "2026-11-18", "11:05"),
    ("2026/11/8, 9:05", "2026-11-08", "09:05"),
    ("Nov 18, 2026 11:05 PM", "2026-11-18", "23:05"),
    ("November 18 2026 at 12:05 a.m.", "2026-11-18", "00:05"),
    ("18 Nov 2026, 11:05", "2026-11-18", "11:05"),
    ("18th November 2026", "2026-11-18", ""),
    ("Nov 18", "--11-18", ""),
    ("18 Nov at 11:05", "--11-18", "11:05"),
    ("2026年11月18日 11:05", "2026-11-18", "11:05"),
    ("11月18日11:05", "--11-18", "11:05"),
    ("11:05 pm", "", "23:05"),
    ("11:05", "", "11:05"),
]


@pytest.mark.parametrize(("text", "day", "clock"), WRITTEN)
def test_a_time_is_understood(text: str, day: str, clock: str) -> None:
    said = claims(f"Delivered {text}, signed.")
    assert [(moment.day, moment.clock) for moment in said.moments] == [(day, clock)]
    assert said.numbers == ()


@pytest.mark.parametrize("text", ["may 3 parcels", "mayor 12", "march on", "order 577120 Decor 2"])
def test_other_words_are_no_times(text: str) -> None:
    assert not [moment for moment in claims(text).moments if moment.day.startswith("2")]


@pytest.mark.parametrize(
    ("draft", "answer"),
    [
        ("Picked up Nov 2, 2026 3:05 AM UTC", []),
        ("Picked up 2 November 2026", []),
        ("Picked up Nov 2", []),
        ("2026年11月2日 03:05 揽收", []),
        ("Picked up Dec 2, 2026 3:05 AM UTC", ["moment"]),
        ("Picked up Nov 2, 2026 3:05 PM UTC", ["moment"]),
        ("Picked up 3 November", ["moment"]),
        ("2026年11月3日揽收", ["moment"]),
    ],
)
def test_a_time_in_words_is_checked_like_any_other(draft: str, answer: list[str]) -> None:
    assert variants(dossier(order=case_order(draft=draft)), "explanation_facts") == answer


def test_a_long_text_without_times_is_quickly_done() -> None:
    assert claims("jan 1 " * 30_000).moments[0] == Moment("jan 1", "--01-01", "")
