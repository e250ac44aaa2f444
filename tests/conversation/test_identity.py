from bot.conversation.identity import Identity
from bot.domain.people import Role
from bot.ports.records import Person

LI = Person("li", "Li", "en", "Europe/London", Role.MEMBER)


def identity(*listed: Person, default_role: Role = Role.MEMBER) -> Identity:
    return Identity(None, listed, default_role, "zh")


def test_what_is_known_of_somebody_goes_before_the_settings_and_the_role_is_the_settings_alone() -> None:
    known = Person("li", "小李", "", "Asia/Shanghai", Role.LEAD)
    found = identity(LI, Person("boss", role=Role.LEAD)).person(known, "li")
    assert found == Person("li", "小李", "en", "Asia/Shanghai", Role.MEMBER)


def test_who_is_not_listed_gets_the_default_role() -> None:
    assert identity(Person("boss", role=Role.LEAD), default_role=Role.VIEWER).person(None, "li").role == Role.VIEWER


def test_where_no_lead_is_named_every_member_is_one_and_a_viewer_stays_what_they_are() -> None:
    found = identity(LI, Person("guest", role=Role.VIEWER))
    assert [found.person(None, who).role for who in ("li", "guest", "anybody")] == [Role.LEAD, Role.VIEWER, Role.LEAD]
    assert not found.led and identity(default_role=Role.LEAD).led


def test_listed_people_may_be_named_by_name_or_id() -> None:
    assert identity(LI, Person("wang")).names == ["Li", "li", "wang"]
