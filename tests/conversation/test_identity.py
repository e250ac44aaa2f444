from bot.conversation.identity import Identity
from bot.ports.records import Person

LI = Person("li", "Li", "en", "Europe/London", "member")


def identity(*listed: Person, default_role: str = "member") -> Identity:
    return Identity(None, listed, default_role, "zh")


def test_what_is_known_of_somebody_goes_before_the_settings_and_the_role_is_the_settings_alone() -> None:
    known = Person("li", "小李", "", "Asia/Shanghai", "lead")
    found = identity(LI, Person("boss", role="lead")).person(known, "li")
    assert found == Person("li", "小李", "en", "Asia/Shanghai", "member")


def test_who_is_not_listed_gets_the_default_role() -> None:
    assert identity(Person("boss", role="lead"), default_role="viewer").person(None, "li").role == "viewer"


def test_where_no_lead_is_named_every_member_is_one_and_a_viewer_stays_what_they_are() -> None:
    found = identity(LI, Person("guest", role="viewer"))
    assert [found.person(None, who).role for who in ("li", "guest", "anybody")] == ["lead", "viewer", "lead"]
    assert not found.led and identity(default_role="lead").led


def test_listed_people_may_be_named_by_name_or_id() -> None:
    assert identity(LI, Person("wang")).names == ["Li", "li", "wang"]
