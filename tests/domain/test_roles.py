import pytest

from bot.domain.people import Role


def test_a_role_may_what_a_lesser_one_may_and_no_more() -> None:
    may = {(role, needed) for role in Role for needed in Role if role.may(needed)}
    equal = {(role, role) for role in Role}
    lesser = {
        Role.VIEWER: (),
        Role.MEMBER: (Role.VIEWER,),
        Role.LEAD: (Role.VIEWER, Role.MEMBER),
        Role.ADMIN: (Role.VIEWER, Role.MEMBER, Role.LEAD),
    }
    assert may - equal == {(role, needed) for role, needs in lesser.items() for needed in needs}
    assert equal <= may


def test_a_role_is_written_and_read_as_one_word() -> None:
    assert [Role(f"{role}") for role in Role] == list(Role)
    with pytest.raises(ValueError, match="king"):
        Role("king")
