"""A purge empties the lines about a case of contents, and leaves one that says what went."""

from datetime import timedelta

from bot.ports.trail import TrailQuery
from tests.conversations.conftest import ORDERS, Talk
from tests.trail.conftest import lines

SECRET = "Alice Buyer, 12 Main St"


def test_who_did_what_stays_and_what_they_wrote_goes(talk: Talk) -> None:
    talk.person = "boss"
    talk.send((f"{SECRET}.txt", f"Order {ORDERS[0]}\n{SECRET}"), thread="C1")
    talk.say(f"修改 {ORDERS[0]} {SECRET}", thread="C1")
    talk.say(f"关闭 C1 {SECRET}", thread="C1")
    before = lines(talk.app, TrailQuery(subject="C1"))
    assert SECRET in str([line.data for line in before])
    talk.app.clock.at += timedelta(days=90, seconds=1)
    assert talk.app.retention.tick() == ["C1"]
    *kept, purged = lines(talk.app, TrailQuery(subject="C1"))
    assert SECRET not in str([line.data for line in kept]) and "Alice" not in str(purged.data)
    assert [(line.at, line.actor, line.subject) for line in kept] == [
        (line.at, line.actor, line.subject) for line in before
    ]
    assert kept[-1].after == {"status": "dismissed"}
    assert (purged.actor.who, purged.actor.what, purged.subject) == ("program", "purged", "C1")
    assert purged.after["purged"]["evidence"] == ["E1"] and len(purged.after["purged"]["sha256"]) == 1
