"""The order of names, versions on buttons, and who somebody is."""

import pytest

from bot.conversation.arguments import _version
from bot.conversation.identity import Identity
from bot.conversation.naming import EVERY, named
from bot.domain.people import Role
from bot.ports.records import Person
from tests.conversation.test_grammar import GRAMMAR, ROUTES


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("skip 0027 0074 C1", ["C1", "0027", "0074"]),
        ("skip 0027 C1", ["C1", "0027"]),
        ("skip 0074, 0027", ["0074", "0027"]),
    ],
)
def test_the_case_is_named_first_and_orders_in_the_order_given(typed: str, names: list[str]) -> None:
    assert list(GRAMMAR.read("skip", typed, ROUTES["skip"].takes or ()).names) == names


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("0", 0),
        ("7", 7),
        ("9" * 9, 999_999_999),
        ("9" * 10, None),
        ("", None),
        ("-1", None),
        ("1.0", None),
        ("x", None),
    ],
)
def test_a_version_on_a_button_is_a_short_number_or_none(text: str, version: int | None) -> None:
    assert _version(text) == version


@pytest.mark.parametrize(
    ("rest", "free", "cases", "orders", "evidence", "url", "left"),
    [
        ("C1 0027 0074 S1", "", ("C1",), ("0027", "0074"), "", "", "S1"),
        ("#2 case-3 …0027 e-4,E5 words 0074", "", ("C2", "C3"), ("0027",), "E4,E5", "", "words 0074"),
        ("all C1", "", ("C1",), (EVERY,), "", "", ""),
        ("C1 C1 0027 0027", "", ("C1",), ("0027",), "", "", ""),
        ("C1 see https://a.example/x now", "", ("C1",), (), "", "https://a.example/x", "see  now"),
        ("C1 0027 why 0074", "why 0074", ("C1",), ("0027",), "", "", "why 0074"),
        ("C1 look https://b.example", "look https://b.example", ("C1",), (), "", "https://b.example", "look"),
        ("C1\n0027 late", "", ("C1",), ("0027",), "", "", "late"),
        ("", "", (), (), "", "", ""),
    ],
)
def test_names_are_taken_up_to_the_first_other_word(
    rest: str,
    free: str,
    cases: tuple[str, ...],
    orders: tuple[str, ...],
    evidence: str,
    url: str,
    left: str,
) -> None:
    found = named(rest, free)
    assert (found.cases, found.orders, found.evidence, found.url) == (cases, orders, evidence, url)
    assert found.rest == left
    assert (found.case, found.order) == ((*cases, "")[0], (*orders, "")[0])


LISTED = Person("li", "Li Na", "en", "Asia/Shanghai", Role.VIEWER)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (None, LISTED),
        (Person("li", "Nana", "", "UTC", Role.LEAD), Person("li", "Nana", "en", "UTC", Role.VIEWER)),
        (Person("li", "", "zh", ""), Person("li", "Li Na", "zh", "Asia/Shanghai", Role.VIEWER)),
    ],
)
def test_what_is_stored_of_somebody_goes_before_the_settings_but_for_the_role(
    known: Person | None, expected: Person
) -> None:
    identity = Identity(None, [LISTED], "zh")
    assert identity.person(known, "li") == expected and identity.names == {"Li Na": "li", "li": "li"}
