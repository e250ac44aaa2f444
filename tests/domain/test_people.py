"""Whom a text means: one known person, or nobody (domain.md §7)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import KnownPerson, PeopleIndex

WANG = KnownPerson("wang", "王强", ("U024BE7LH", "ou_9f1c2d3e4b5a69788776655443322110"))
ZOE, BOB, ANN = KnownPerson("u-7", "Zoé"), KnownPerson("bob"), KnownPerson("ann", "Ann Lee")
TEAM = PeopleIndex([WANG, ZOE, BOB, ANN])


NAMES = ["wang", "WANG", "@wang", " 王强 ", "U024BE7LH", WANG.accounts[1], "ｗａｎｇ", "王\u200b强"]


@pytest.mark.parametrize("text", NAMES)
def test_a_person_is_meant_by_id_name_or_account(text: str) -> None:
    assert TEAM.find(text) == "wang"


@pytest.mark.parametrize("text", ["wnag", "王", "?", "", "@", "wang please", "bob ann", "u024"])
def test_what_is_no_name_means_nobody(text: str) -> None:
    assert TEAM.find(text) == ""


@given(st.sampled_from([WANG, ZOE, ANN]), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]), st.booleans())
def test_a_name_is_the_same_however_it_is_composed(person: KnownPerson, form: str, upper: bool) -> None:
    written = unicodedata.normalize(form, person.name)  # type: ignore[arg-type] # the four forms are literals
    assert TEAM.find(written.upper() if upper else written) == person.id


def test_two_of_one_name_are_asked_about_and_an_id_goes_before_a_name() -> None:
    team = PeopleIndex([KnownPerson("a", "Li"), KnownPerson("b", "Li"), KnownPerson("li-2", "a")])
    assert team.find("Li") == "" and [person.id for person in team.near("li")] == ["a", "b"]
    assert team.find("a") == "a"


def test_an_account_that_was_met_before_it_was_listed_is_the_listed_person() -> None:
    team = PeopleIndex([WANG, KnownPerson("U024BE7LH", "wang qiang"), KnownPerson("U999")])
    assert team.find("U024BE7LH") == "wang" and team.find("wang qiang") == "" and team.find("U999") == "U999"


@pytest.mark.parametrize(
    ("title", "person"),
    [
        ("On Call - Bob", "bob"),
        ("On-call: ZOE\u0301", "u-7"),
        ("王强值班", "wang"),
        ("Primary: Ann Lee (US)", "ann"),
        ("bobsled training", ""),
        ("Bob & Ann Lee", ""),
        ("Holiday", ""),
        ("", ""),
    ],
)
def test_a_title_means_the_one_person_who_is_named_in_it(title: str, person: str) -> None:
    assert TEAM.titled(title) == person


def test_a_name_of_one_letter_is_found_alone_and_not_in_a_title() -> None:
    team = PeopleIndex([KnownPerson("a"), WANG])
    assert team.find("A") == "a" and team.titled("plan a") == "" and team.titled("plan a: wang") == "wang"


def test_the_longer_name_goes_before_the_one_inside_it() -> None:
    team = PeopleIndex([KnownPerson("ann"), KnownPerson("u-2", "Ann Lee")])
    assert team.titled("today: Ann Lee") == "u-2" and team.titled("today: Ann") == "ann"


def test_at_most_three_are_offered() -> None:
    team = PeopleIndex(KnownPerson(f"wan{letter}") for letter in "gkmnx")
    assert len(team.near("wanz")) == 3 and [person.id for person in team.near("wang")] == ["wang"]
    assert (
        team.get("nobody") == KnownPerson("nobody") and team.get("wang").called == "wang" and ANN.called == "Ann Lee"
    )


@pytest.mark.parametrize(
    ("text", "ids"),
    [("wnag", ["wang"]), ("王墙", ["wang"]), ("wang please", ["wang"]), ("bbo", ["bob"]), ("xyz", [])],
)
def test_the_nearest_are_offered(text: str, ids: list[str]) -> None:
    assert [person.id for person in TEAM.near(text)][: len(ids) or 1] == ids
