"""Sessions: how they end, and what becomes of them when what a person may do changes; on each database."""

from datetime import timedelta

from bot.services.sessions import GRACE, TOUCH
from tests.security.conftest import IDLE, LONGEST, Entrance

HERE, THERE = "10.0.0.1", "203.0.113.7"


def test_every_sign_in_has_a_secret_of_its_own(entrance: Entrance) -> None:
    secrets = {entrance.signed_in() for _ in range(3)}
    assert len(secrets) == 3
    assert len({visitor.session.id for each in secrets if (visitor := entrance.sessions.enter(each, HERE))}) == 3


def test_a_made_up_secret_opens_nothing(entrance: Entrance) -> None:
    secret = entrance.signed_in()
    for wrong in ("", "li", secret[:-1], secret + "x", secret.swapcase(), "1"):
        assert entrance.sessions.enter(wrong, HERE) is None


def test_a_session_that_nobody_uses_ends(entrance: Entrance) -> None:
    secret = entrance.signed_in()
    for _ in range(4):
        entrance.clock.at += IDLE - timedelta(seconds=1)
        assert entrance.sessions.enter(secret, HERE)
    for _ in range(4):
        entrance.clock.at += IDLE / 4
        entrance.sessions.enter(secret, HERE, used=False)
    assert entrance.sessions.enter(secret, HERE) is None and entrance.sessions.listed() == []


def test_a_session_ends_however_much_it_is_used(entrance: Entrance) -> None:
    secret, began = entrance.signed_in(), entrance.clock.at
    while entrance.clock.at + timedelta(days=1) < began + LONGEST:
        entrance.clock.pass_by(days=1)
        assert entrance.sessions.enter(secret, HERE)
    entrance.clock.pass_by(days=1)
    assert entrance.sessions.enter(secret, HERE) is None


def test_uses_are_noted_now_and_then_with_their_address(entrance: Entrance) -> None:
    secret = entrance.signed_in()
    entrance.clock.at += TOUCH / 2
    entrance.sessions.enter(secret, THERE)
    [session] = entrance.sessions.listed("li")
    assert (session.address, session.used_at) == (HERE, session.created_at)
    entrance.clock.at += TOUCH
    entrance.sessions.enter(secret, THERE)
    [session] = entrance.sessions.listed("li")
    assert (session.address, session.used_at) == (THERE, entrance.clock.at)


def test_sign_out_ends_one_and_everywhere_all_others(entrance: Entrance) -> None:
    first, second, third, other = (entrance.signed_in(person) for person in ("li", "li", "li", "wang"))
    visitor = entrance.sessions.enter(first, HERE)
    assert visitor and entrance.sessions.end(visitor.session.id, "li")
    assert entrance.sessions.enter(first, HERE) is None and not entrance.sessions.lives(visitor.session.id)
    kept = entrance.sessions.enter(second, HERE)
    assert kept and entrance.sessions.end_all("li", but=kept.session.id) == 1
    assert entrance.sessions.enter(second, HERE) and entrance.sessions.enter(other, HERE)
    assert entrance.sessions.enter(third, HERE) is None


def test_nobody_ends_the_session_of_another(entrance: Entrance) -> None:
    visitor = entrance.sessions.enter(entrance.signed_in("wang"), HERE)
    assert visitor and not entrance.sessions.end(visitor.session.id, "li")
    assert not entrance.sessions.end(999, "li") and entrance.sessions.lives(visitor.session.id)


def test_who_is_removed_is_out_at_once_everywhere(entrance: Entrance) -> None:
    first, second = entrance.signed_in(), entrance.signed_in()
    visitor = entrance.sessions.enter(first, HERE)
    del entrance.roles["li"]
    assert visitor and not entrance.sessions.lives(visitor.session.id)
    assert entrance.sessions.enter(second, HERE) is None
    entrance.roles["li"] = "member"
    assert entrance.sessions.enter(first, HERE) is None and entrance.sessions.enter(second, HERE) is None


def test_another_role_gives_the_session_another_secret(entrance: Entrance) -> None:
    secret = entrance.signed_in()
    entrance.roles["li"] = "lead"
    visitor = entrance.sessions.enter(secret, HERE)
    assert visitor and visitor.renewed not in ("", secret)
    # What the page asked at the same moment still gets in, and is not renewed once more.
    beside = entrance.sessions.enter(secret, HERE)
    assert beside and beside.session.id == visitor.session.id and not beside.renewed
    entrance.clock.at += GRACE
    assert entrance.sessions.enter(secret, HERE) is None
    after = entrance.sessions.enter(visitor.renewed, HERE)
    assert after and after.session.standing == "lead" and not after.renewed
