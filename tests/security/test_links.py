"""Links that sign in once: stolen, expired, guessed, tried by several at a time; on each database."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.sign_in import ATTEMPTS, LINKS, WINDOW, SignInRefused
from bot.services.sign_in import LIFETIME, address_subject
from bot.store.tables import attempts, sessions, sign_in_links
from tests.security.conftest import Entrance

HERE, THERE = "10.0.0.1", "203.0.113.7"


def refused(entrance: Entrance, token: str, address: str = HERE) -> str:
    with pytest.raises(SignInRefused) as refusal:
        entrance.sign_in.redeem(token, address, "curl")
    return refusal.value.reason


def test_a_link_signs_in_its_person_once(entrance: Entrance) -> None:
    token = entrance.sign_in.link("li", "li", "slack:D1")
    secret = entrance.sign_in.redeem(token, HERE, "Firefox")
    visitor = entrance.sessions.enter(secret, HERE)
    assert visitor and (visitor.session.person, visitor.session.browser) == ("li", "Firefox")
    assert entrance.told == []


def test_a_stolen_link_is_refused_the_second_time_and_its_owner_is_told(entrance: Entrance) -> None:
    token = entrance.sign_in.link("li", "li", "slack:D1")
    entrance.sign_in.redeem(token, THERE, "curl")
    assert refused(entrance, token, HERE) == "used"
    assert refused(entrance, token, HERE) == "used"
    assert entrance.told == [("li", HERE)], "once is enough"
    [tried] = entrance.sign_in.tried_again("li")
    assert (tried.used_from, tried.refused_from) == (THERE, HERE)
    assert entrance.sign_in.tried_again("wang") == []


def test_of_several_at_the_same_moment_one_gets_in(entrance: Entrance) -> None:
    token = entrance.sign_in.link("li", "li")

    def attempt(number: int) -> bool:
        try:
            return bool(entrance.sign_in.redeem(token, f"10.0.0.{number}", "curl"))
        except SignInRefused:
            return False

    with ThreadPoolExecutor(4) as several:
        assert sum(several.map(attempt, range(8))) == 1
    assert len(entrance.sessions.listed("li")) == 1


def test_a_link_expires(entrance: Entrance) -> None:
    token = entrance.sign_in.link("li", "li")
    entrance.clock.at += LIFETIME
    assert refused(entrance, token) == "expired"
    assert entrance.told == [] and entrance.sessions.listed() == []


def test_looking_at_a_link_does_not_use_it_up(entrance: Entrance) -> None:
    token = entrance.sign_in.link("li", "li")
    for _ in range(3 * ATTEMPTS):
        assert entrance.sign_in.look(token, THERE).person == "li"
    assert entrance.sign_in.redeem(token, HERE, "")


def test_a_new_link_takes_the_place_of_the_last(entrance: Entrance) -> None:
    first, other = entrance.sign_in.link("li", "li"), entrance.sign_in.link("wang", "wang")
    second = entrance.sign_in.link("li", "li")
    assert refused(entrance, first) == "expired"
    assert entrance.sign_in.redeem(second, HERE, "") and entrance.sign_in.redeem(other, HERE, "")


def test_an_invitation_makes_a_person_known_and_signs_them_in(entrance: Entrance) -> None:
    with entrance.store.unit() as unit:
        token = entrance.sign_in.invite(unit, "", "cn", "viewer", "wang", timedelta(days=3))
    entrance.clock.pass_by(days=2)
    secret = entrance.sign_in.redeem(token, HERE, "")
    visitor = entrance.sessions.enter(secret, HERE)
    assert visitor and (visitor.session.person, visitor.session.standing) == ("new", "viewer")
    assert refused(entrance, token) == "used"


def test_who_was_removed_gets_in_by_no_link(entrance: Entrance) -> None:
    token = entrance.sign_in.link("li", "wang")
    del entrance.roles["li"]
    assert refused(entrance, token) == "unknown"


def test_no_secret_stands_in_the_database(entrance: Entrance) -> None:
    token = entrance.sign_in.link("li", "li")
    secret = entrance.sign_in.redeem(token, HERE, "")
    with entrance.store.engine.connect() as connection:
        rows = [*connection.execute(sa.select(sign_in_links)), *connection.execute(sa.select(sessions))]
    assert not [row for row in rows if secret in str(row) or token.partition(".")[2] in str(row)]


@pytest.mark.parametrize("token", ["", ".", "x", "x.y", "\x00.\x00", "a" * 10_000, "é.é", "\ud800.\ud800"])
def test_what_is_no_link_is_unknown(entrance: Entrance, token: str) -> None:
    assert refused(entrance, token) == "unknown"


def test_an_address_that_guesses_has_to_wait_and_others_do_not(entrance: Entrance) -> None:
    for number in range(ATTEMPTS):
        assert refused(entrance, f"guess{number}.x", THERE) == "unknown"
    token = entrance.sign_in.link("li", "li")
    assert refused(entrance, "guess.x", THERE) == refused(entrance, token, THERE) == "too_many"
    assert entrance.sign_in.redeem(token, HERE, "")
    entrance.clock.at += WINDOW
    assert refused(entrance, "guess.x", THERE) == "unknown"


def test_guesses_while_waiting_do_not_lengthen_the_wait(entrance: Entrance) -> None:
    for _ in range(5 * ATTEMPTS):
        refused(entrance, "guess.x", THERE)
    with entrance.store.engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(attempts)).scalar_one() == ATTEMPTS


def test_an_account_is_guessed_from_many_addresses_so_many_times_and_not_locked_for_ever(entrance: Entrance) -> None:
    token = entrance.sign_in.link("li", "li")
    earlier = entrance.signed_in("wang")
    link_id = token.partition(".")[0]
    for number in range(ATTEMPTS):
        assert refused(entrance, f"{link_id}.guess", f"198.51.100.{number}") == "unknown"
    assert refused(entrance, f"{link_id}.guess", "198.51.100.200") == "too_many"
    assert refused(entrance, token) == "too_many"
    assert entrance.sessions.enter(earlier, HERE)
    assert entrance.sign_in.redeem(entrance.sign_in.link("wang", "wang"), HERE, "")
    entrance.clock.at += WINDOW
    assert entrance.sign_in.redeem(entrance.sign_in.link("li", "li"), HERE, "")


def test_replicas_on_one_database_count_together(entrance: Entrance) -> None:
    other = Entrance(entrance.store, entrance.clock)
    for number in range(ATTEMPTS):
        refused([entrance, other][number % 2], "guess.x", THERE)
    assert entrance.sign_in.waits(THERE) and other.sign_in.waits(THERE)


def test_addresses_of_one_network_count_as_one(entrance: Entrance) -> None:
    assert address_subject("2001:db8::1") == address_subject("2001:db8::ffff:1") != address_subject("2001:db8:0:1::1")
    assert address_subject("::ffff:10.0.0.1") == address_subject("10.0.0.1") != address_subject("10.0.0.2")


def test_a_person_asks_for_so_many_links(entrance: Entrance) -> None:
    for _ in range(LINKS):
        entrance.sign_in.link("li", "li")
    with pytest.raises(SignInRefused, match="too_many"):
        entrance.sign_in.link("li", "li")
    assert entrance.sign_in.link("li", "command-line")
    entrance.clock.at += WINDOW
    assert entrance.sign_in.link("li", "li")


def test_what_is_long_over_is_forgotten(entrance: Entrance) -> None:
    entrance.signed_in()
    refused(entrance, "guess.x")
    entrance.clock.pass_by(days=61)
    entrance.sign_in.link("wang", "wang")
    with entrance.store.engine.connect() as connection:
        assert connection.execute(sa.select(attempts)).all() == []
        assert len(connection.execute(sa.select(sign_in_links)).all()) == 1
        assert connection.execute(sa.select(sessions)).all() == []


def test_a_failed_acceptance_leaves_the_link_unused(entrance: Entrance) -> None:
    with entrance.store.unit() as unit:
        token = entrance.sign_in.invite(unit, "", "cn", "viewer", "wang", timedelta(days=3))

    def fail(*args: object) -> str:
        raise sqlite3.OperationalError("the disk is full")

    entrance.sign_in.accept = fail
    with pytest.raises(sqlite3.OperationalError):
        entrance.sign_in.redeem(token, HERE, "")
    entrance.sign_in.accept = entrance.accept
    assert entrance.sign_in.redeem(token, HERE, "")
