"""Memberships and accounts over every database."""

from datetime import UTC, datetime, timedelta

from bot.domain.people import Role
from bot.domain.teams import Membership
from bot.ports.members import Account
from bot.store.unit import Store

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
LI = Membership("li", "a", Role.LEAD, NOW, "boss")


def wrote(store: Store, person: str, channel: str, number: int) -> None:
    with store.unit() as unit:
        unit.records.take_event(f"e{number}", NOW, channel, person)


def places(store: Store, person: str) -> list[str]:
    with store.unit(read_only=True) as unit:
        return sorted(unit.records.places_of(person))


def test_a_membership_is_one_for_a_person_in_a_team(store: Store) -> None:
    other = Membership("li", "b", Role.VIEWER, NOW, "boss")
    ended = Membership("li", "a", Role.ADMIN, NOW, "boss", NOW + timedelta(hours=1))
    with store.unit() as unit:
        assert unit.members.all() == []
        for row in (other, LI, ended):
            unit.members.save(row)
    with store.unit(read_only=True) as unit:
        assert unit.members.all() == [ended, other]


def test_an_account_is_one_persons_and_a_person_has_one_on_a_platform(store: Store) -> None:
    rows = [Account("slack", "U1", "li", NOW, "boss"), Account("feishu", "ou_1", "li", NOW, "boss")]
    with store.unit() as unit:
        for row in rows:
            unit.members.link(row)
        assert unit.members.accounts() == rows[::-1]
        assert unit.members.person_of("slack", "U1") == "li" and unit.members.person_of("feishu", "U1") == ""
        assert unit.members.account_of("feishu", "li") == "ou_1" and unit.members.account_of("slack", "wang") == ""
        unit.members.link(Account("slack", "U2", "li", NOW, "boss"))
        assert unit.members.account_of("slack", "li") == "U2" and unit.members.person_of("slack", "U1") == ""
        unit.members.link(Account("slack", "U2", "wang", NOW, "boss"))
        assert unit.members.account_of("slack", "li") == "" and unit.members.account_of("slack", "wang") == "U2"


def test_where_an_account_has_written_goes_with_the_account(store: Store) -> None:
    """Otherwise somebody would go on to see the channels of whose account was taken for theirs."""
    wrote(store, "U1", "slack:C1", 1)
    wrote(store, "li", "feishu:oc_1", 2)
    with store.unit() as unit:
        unit.members.link(Account("slack", "U1", "li", NOW, "boss"))
    wrote(store, "li", "slack:C2", 3)
    assert places(store, "li") == ["feishu:oc_1", "slack:C1", "slack:C2"] and places(store, "U1") == []
    with store.unit() as unit:
        assert unit.members.separate("slack", "U1") == "li"
        assert unit.members.separate("slack", "U1") == ""
    assert places(store, "li") == ["feishu:oc_1"] and places(store, "U1") == ["slack:C1", "slack:C2"]
