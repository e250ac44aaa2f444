"""Who belongs to which team, and in which role they act (domain.md §7)."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.people import Role
from bot.domain.teams import LOCAL, ONE, Membership, Roster, Settled, Team, Teams

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
A = Team("a", "Team A", shops=frozenset({"us-1"}))
B = Team("b", listed=True, shops=frozenset({"uk-1"}))
TWO = Teams([A, B])


def kept(person: str, team: str, role: Role, *, removed: bool = False) -> Membership:
    return Membership(person, team, role, NOW, "boss", NOW + timedelta(hours=1) if removed else None)


def test_a_shop_belongs_to_its_team_or_to_nobody_and_without_teams_to_the_one() -> None:
    assert [TWO.of(shop) for shop in ("us-1", "uk-1", "zz-9")] == ["a", "b", ""]
    assert Teams().of("zz-9") == ONE and not Teams().declared


def test_being_in_a_channel_makes_a_member_unless_the_team_is_listed() -> None:
    roster = Roster(TWO, Settled({"boss": {"a": Role.LEAD, "b": Role.LEAD}}))
    assert roster.role("li", "a", present=True) is Role.MEMBER
    assert roster.role("li", "a") is None
    assert roster.role("li", "b", present=True) is None
    assert roster.role("li", "", present=True) is None, "nobody belongs to no team"


def test_a_role_is_one_in_one_team_and_who_is_in_two_has_two() -> None:
    roster = Roster(TWO, Settled({"li": {"a": Role.LEAD, "b": Role.VIEWER}}), [kept("li", "b", Role.ADMIN)])
    assert roster.listed("li") == {"a": Role.LEAD, "b": Role.VIEWER}, "the settings win"
    assert roster.led("a") and not roster.led("b")


def test_where_nobody_leads_a_team_its_members_do_and_nobody_is_an_admin_by_that() -> None:
    roster = Roster(TWO, Settled({"li": {"a": Role.MEMBER}, "guest": {"a": Role.VIEWER}, "wang": {"b": Role.ADMIN}}))
    assert [roster.role(who, "a") for who in ("li", "guest")] == [Role.LEAD, Role.VIEWER]
    assert roster.role("zhao", "a", present=True) is Role.LEAD
    assert roster.led("b") and roster.with_role("b", Role.LEAD) == ["wang"]


def test_the_database_speaks_where_the_settings_are_silent() -> None:
    settled = Settled(assumed={"wang": {ONE: Role.MEMBER}}, default=Role.VIEWER)
    assert Roster(Teams(), settled).listed("wang") == {ONE: Role.MEMBER}
    assert Roster(Teams(), settled, [kept("wang", ONE, Role.LEAD)]).listed("wang") == {ONE: Role.LEAD}
    gone = Roster(Teams(), settled, [kept("wang", ONE, Role.LEAD, removed=True)])
    assert gone.listed("wang") == {} and gone.role("wang", ONE, present=True) is None


def test_who_was_removed_is_shut_out_of_the_channels_too_until_invited_again() -> None:
    gone = Roster(TWO, Settled(), [kept("li", "a", Role.MEMBER, removed=True)])
    assert gone.role("li", "a", present=True) is None and gone.role("wang", "a", present=True)
    back = Roster(TWO, Settled(), [kept("li", "a", Role.VIEWER)])
    assert back.role("li", "a", present=True) is Role.VIEWER


def test_a_team_that_is_no_more_gives_nothing() -> None:
    assert Roster(TWO, Settled(), [kept("li", "old", Role.ADMIN)]).listed("li") == {}


def test_whoever_works_at_the_machine_is_admin_of_the_one_team_until_one_is_named() -> None:
    assert Roster(Teams(), Settled()).listed(LOCAL) == {ONE: Role.ADMIN}
    assert not Roster(Teams(), Settled()).led(ONE), "the others keep what they could do"
    assert Roster(Teams(), Settled()).with_role(ONE, Role.LEAD) == [], "nobody is asked who may not exist"
    assert Roster(Teams(), Settled(), [kept("li", ONE, Role.ADMIN)]).listed(LOCAL) == {}
    assert Roster(Teams(), Settled({LOCAL: {ONE: Role.VIEWER}})).listed(LOCAL) == {ONE: Role.VIEWER}
    assert Roster(TWO, Settled()).listed(LOCAL) == {}


@pytest.mark.parametrize(("role", "may"), [(role, list(Role)[: number + 1]) for number, role in enumerate(Role)])
def test_each_role_may_what_the_lower_ones_may(role: Role, may: list[Role]) -> None:
    assert [needed for needed in Role if role.may(needed)] == may
