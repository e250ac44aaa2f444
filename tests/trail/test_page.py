"""The page of the audit trail: leads read of their teams, admins of an installation without teams everything."""

from dataclasses import replace

import pytest

from bot.ports.board import TrailRow
from bot.ports.trail import TrailQuery
from bot.runtime.bootstrap import App
from bot.settings.teams import TeamSettings
from tests.conversations.conftest import Talk
from tests.trail.conftest import lines


def read(app: App, person: str, language: str = "en", **query: object) -> list[TrailRow]:
    return list(app.boards.trail_seen_by(person).page(replace(TrailQuery(), **query), language))


def test_an_admin_reads_newest_first_in_either_language(talk: Talk) -> None:
    talk.say("认领", thread="C1")
    talk.say("语言 en")
    newest, claimed, *older = read(talk.app, "boss")
    assert newest.what == "changed the language" and claimed.what == "took the case"
    assert (claimed.who, claimed.place, claimed.subject) == ("li", "console:ops", "C1")
    assert "owner: nothing → li" in claimed.changes
    assert len(older) == len(lines(talk.app)) - 2
    assert read(talk.app, "boss", "zh")[1].what == "认领案件"


def test_it_is_filtered_and_paged(talk: Talk) -> None:
    talk.say("认领", thread="C1")
    talk.person = "wang"
    talk.say("语言 en")
    assert [row.who for row in read(talk.app, "boss", who="小王")] == ["小王 (wang)"]
    assert "took the case" in [row.what for row in read(talk.app, "boss", subject="C1")]
    newest = read(talk.app, "boss", limit=1)
    [before] = read(talk.app, "boss", limit=1, before=newest[0].id)
    assert before.id < newest[0].id and before.what == "took the case"


def test_members_read_nothing(talk: Talk) -> None:
    talk.say("认领", thread="C1")
    assert read(talk.app, "wang") == []


@pytest.mark.parametrize(("lead", "seen"), [("boss", True), ("zhao", False)])
def test_with_teams_a_lead_reads_of_their_own_alone(settings, lead, seen, tmp_path) -> None:
    from bot.runtime.clock import FrozenClock
    from bot.settings.team import PersonSettings
    from tests.conversations.conftest import NOW

    settings.teams = [TeamSettings(id="us", shops=["us-1"]), TeamSettings(id="uk", shops=["uk-1"])]
    settings.people = [
        PersonSettings(id="boss", teams=["us"], role="lead"),
        PersonSettings(id="zhao", teams=["uk"], role="lead"),
    ]
    app = App(settings, FrozenClock(NOW)).open()
    subjects = {row.subject for row in read(app, lead)}
    assert ("shop:us-1" in subjects) is seen and ("shop:uk-1" in subjects) is not seen
    app.engine.dispose()
