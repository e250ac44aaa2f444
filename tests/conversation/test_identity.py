from bot.conversation.identity import Identity
from bot.domain.people import Role
from bot.ports.records import Person

LI = Person("li", "Li", "en", "Europe/London")


def test_what_is_known_of_somebody_goes_before_the_settings_but_for_a_stored_role() -> None:
    known = Person("li", "小李", "", "Asia/Shanghai", Role.LEAD)
    found = Identity(None, [LI], "zh").person(known, "li")
    assert found == Person("li", "小李", "en", "Asia/Shanghai", Role.MEMBER)


def test_listed_people_may_be_named_by_name_or_id() -> None:
    assert Identity(None, [LI, Person("wang")], "zh").names == {"Li": "li", "li": "li", "wang": "wang"}
