"""People come into teams, and lose everything of them at once when they leave (domain.md §7)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.cli.doctor import examine
from bot.conversation.events import ButtonPressed
from bot.domain.audience import Audience
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.domain.rota import Shift
from bot.messaging.card import Actions, Card, Text
from bot.ports.reminders import OnCallChange
from bot.ports.trail import TrailQuery
from bot.runtime.console import console_app
from bot.services.memberships import MACHINE
from bot.settings.model import Settings
from bot.store.tables import sign_in_links
from tests.access.teams import NOW, SHOPS, TEAMS, House, two_teams
from tests.console.conftest import SAME_ORIGIN
from tests.signing import session_cookie


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    app = two_teams(tmp_path)
    yield House(app)
    app.engine.dispose()


def invited(house: House, name: str = "Wang Min", role: str = "member") -> str:
    """The code with which somebody whom the admin of team a has invited can join."""
    [question] = house.cards("a-admin", "slack:CA", f"invite {name} {role}")
    [row] = [element for element in question.elements if isinstance(element, Actions)]
    assert f"Invite somebody new of that name, as {role} of Team Anna" in question.title
    text = row.buttons[0].payload["text"]
    payload = {"text": text, "sure": "yes"}
    event = ButtonPressed(f"pressed-{name}", "slack:CA", "a-admin", NOW, action="say", payload=payload)
    [card] = house.app.dispatcher.handle(event).cards
    assert card.private_to == "a-admin" and card.secret, "the link is the admin's alone"
    return re.findall(r"join (\S+)", card.plain())[0]


def test_an_invited_person_joins_with_an_account_once_and_nobody_else_does(house: House) -> None:
    code = invited(house)
    assert house.sees("U5", "slack:CA") == set()
    assert "Welcome, Wang Min" in house.say("U5", "slack:D5", f"join {code}", direct=True)
    assert house.app.host("slack").directory.person_id("U5") == "p1"
    assert house.app.host("slack").directory.account("p1") == "U5"
    assert house.sees("p1", "slack:CA") == {"us-1"}
    assert "was used, or is over" in house.say("U6", "slack:D6", f"join {code}", direct=True)
    assert "not right" in house.say("U6", "slack:D6", f"join {code[:-3]}xyz", direct=True)


@pytest.mark.parametrize("channel", ["slack:CA", "slack:CGUESTS", "slack:CNEW"])
def test_an_invitation_that_others_could_read_is_used_up_and_nobody_joins(house: House, channel: str) -> None:
    code = invited(house)
    with house.app.store.unit() as unit:
        unit.records.save_audience("slack:CGUESTS", Audience.GUESTS)
    assert "used up now" in house.say("U5", channel, f"join {code}")
    for person, place in (("U5", "slack:D5"), ("U6", "slack:D6")):
        assert "was used, or is over" in house.say(person, place, f"join {code}", direct=True)
    assert "was used, or is over" in house.say("U6", channel, f"join {code}")
    assert house.sees("U5", "slack:CA") == set()
    [line] = [each for each in house.app.trail.all(TrailQuery("U5")) if each.actor.what == "join"]
    assert line.after["used_from"] == channel


def test_the_id_of_somebody_new_says_nothing_of_them_unless_it_is_chosen(house: House) -> None:
    memberships = house.app.memberships
    assert [memberships.invite(name, "a", None, MACHINE).person for name in ("Mia Wallace", "王敏")] == ["p1", "p2"]
    assert memberships.invite("Ada", "a", None, MACHINE, new_id="ada").person == "ada"
    with pytest.raises(Refusal, match="id_taken"):
        memberships.invite("Somebody", "a", None, MACHINE, new_id="b-lead")
    done = house.app.forgetting.forget("Mia Wallace")
    assert (done.person, done.in_id) == ("p1", False)


def test_an_invitation_is_over_when_the_person_was_removed_and_after_its_days(house: House) -> None:
    code = invited(house)
    assert "has left" in house.say("a-admin", "slack:CA", "remove Wang Min")
    assert "is over" in house.say("U5", "slack:D5", f"join {code}", direct=True)
    late = invited(house, "Chen Yu")
    house.app.clock.at = NOW + timedelta(days=3)
    assert "is over" in house.say("U5", "slack:D5", f"join {late}", direct=True)


def test_an_account_that_is_somebody_already_joins_as_nobody_else(house: House) -> None:
    code = invited(house)
    assert "b-lead already" in house.say("b-lead", "slack:D9", f"join {code}", direct=True)


@pytest.mark.parametrize("person", ["a-viewer", "a-member", "a-lead", "b-lead", "both", "stranger"])
def test_only_an_admin_of_the_team_invites_and_removes(house: House, person: str) -> None:
    for words in ("invite Wang Min lead", "remove Anna member", "invite Wang Min lead a", "remove Quentin b"):
        answers = {house.say(person, place, words) for place in ("slack:CA", "slack:CB")}
        assert len(answers) == 1 and "needs the role “admin”" in answers.pop()
    assert "Wang Min" not in [item.name for item in house.app.memberships.listed()]


def test_an_admin_cannot_reach_into_another_team(house: House) -> None:
    theirs, nowhere = (house.say("a-admin", "slack:CA", f"remove Quentin {team}") for team in ("b", "zz"))
    assert theirs.replace(" b", " #") == nowhere.replace(" zz", " #")
    foreign, absent = (house.say("a-admin", "slack:CA", f"remove {name}") for name in ("Quentin", "Ximena"))
    assert foreign.replace("Quentin", "#") == absent.replace("Ximena", "#")
    assert house.sees("b-lead", "slack:CB") == {"uk-1"}


def test_a_code_may_begin_with_any_of_its_characters(house: House) -> None:
    code = f"-{invited(house)}"
    code = f"-{code[2:]}"
    with house.app.engine.begin() as connection:
        connection.execute(sa.update(sign_in_links).values(id=code.partition(".")[0]))
    assert "Welcome, Wang Min" in house.say("U5", "slack:D5", f"join {code}", direct=True)


def test_nobody_but_the_machine_hands_out_a_way_to_be_somebody_who_is_known(house: House) -> None:
    """Otherwise the admin of one team would become somebody who is in two."""
    code = invited(house)
    house.say("U5", "slack:D5", f"join {code}", direct=True)
    house.app.memberships.invite("p1", "b", None, MACHINE)
    answer = house.say("a-admin", "slack:CA", "invite Wang Min lead")
    assert "now lead" in answer and "join" not in answer
    assert house.app.memberships.invite("p1", "a", None, MACHINE).token


def test_the_last_admin_is_not_removed_from_afar_and_the_settings_win(house: House) -> None:
    memberships = house.app.memberships
    with pytest.raises(Refusal, match="settled_person"):
        memberships.remove("a-admin", "a", MACHINE)
    memberships.invite("Mia", "b", None, MACHINE)
    memberships.invite("Mia", "b", Role.ADMIN, MACHINE)
    with pytest.raises(Refusal, match="last_admin"):
        memberships.remove("p1", "b", "p1")
    assert memberships.remove("p1", "b", MACHINE).team == "b"


def test_a_lead_who_leaves_in_the_middle_of_a_case_loses_everything_at_once(house: House) -> None:
    app = house.app
    app.memberships.invite("U7", "b", None, MACHINE, {"slack": "U7"})
    with app.store.unit(read_only=True) as unit:
        person = unit.members.person_of("slack", "U7")
    house.say(person, "slack:CB", "claim C2")
    assert app.cases.get("C2").owner == person
    web = console_app(app)
    client = TestClient(
        web,
        base_url="http://127.0.0.1",
        headers=SAME_ORIGIN,
        follow_redirects=False,
        cookies=session_cookie(web, person=person),
    )
    assert "C2" in client.get("/cases?state=", headers={"accept": "text/html"}).text
    with app.store.unit() as unit:
        unit.oncall.add(OnCallChange(Shift(person, NOW, NOW + timedelta(days=3), "uk-1"), "b-lead", NOW))
        waiting = Card("for you alone", (Text("C2"),), private_to=person)
        unit.messages.put("feishu:oc_b", "C2", "private", waiting, NOW)
        assert app.oncall.on_call(unit, "uk-1") == person
        unit.messages.hold("feishu:oc_b", NOW, NOW + timedelta(hours=1), "away")
    parting = app.memberships.remove(person, "b", MACHINE)
    assert parting.freed == ["C2"] and app.cases.get("C2").owner == ""
    assert client.get("/cases?state=", headers={"accept": "text/html"}).status_code == 303
    assert house.sees(person, "slack:CB") == set()
    with app.store.unit(read_only=True) as unit:
        assert app.oncall.on_call(unit, "uk-1") == ""
        assert unit.sessions.open(person) == []
        cards = [row.card for row in [unit.messages.next_of("feishu:oc_b", NOW + timedelta(hours=2), NOW)] if row]
    assert not [card for card in cards if card.private_to == person]


def test_accounts_that_were_taken_for_one_person_are_separated(house: House) -> None:
    memberships = house.app.memberships
    house.say("U8", "slack:CB", "cases")
    memberships.invite("Mia", "a", None, MACHINE, {"slack": "U8"})
    assert house.sees("p1", "slack:D8", direct=True) == {"us-1", "uk-1"}, "what came from the account is theirs"
    assert memberships.separate("slack", "U8") == "p1"
    assert house.sees("p1", "slack:D8", direct=True) == {"us-1"}
    assert house.sees("U8", "slack:D8", direct=True) == {"uk-1"}


def page(house: House, person: str) -> TestClient:
    web = console_app(house.app)
    cookies = session_cookie(web, person=person)
    return TestClient(web, base_url="http://127.0.0.1", headers=SAME_ORIGIN, cookies=cookies)


def test_the_page_shows_ones_own_teams_and_an_admin_changes_them_there(house: House) -> None:
    admin, html = page(house, "a-admin"), {"accept": "text/html"}
    shown = admin.get("/people", headers=html).text
    assert "Team Anna" in shown and "Anna lead" in shown and "Quentin" not in shown
    given = {"act": "invite", "team": "a", "who": "Wang Min", "role": "lead"}
    answer = admin.post("/people", files={name: (None, value) for name, value in given.items()}, headers=html)
    assert "sign-in?link=" in answer.text and "Wang Min" in answer.text
    assert "sign-in?link=" not in admin.get("/people", headers=html).text
    gone = {"act": "remove", "team": "a", "who": "p1", "name": "Wang Min"}
    assert "has left" in admin.post("/people", files={n: (None, v) for n, v in gone.items()}, headers=html).text
    told = []
    for team in ("b", "zz"):
        asked = {name: (None, value) for name, value in (given | {"team": team}).items()}
        answer = admin.post("/people", files=asked, headers=html)
        told.append((answer.status_code, answer.text.replace(f"“{team}”", "#")))
    assert told[0] == told[1] and told[0][0] == 409
    member = page(house, "a-member")
    assert "Anna lead" in member.get("/people", headers=html).text
    refused = member.post("/people", files={n: (None, v) for n, v in given.items()}, headers=html)
    assert refused.status_code == 404


def test_doctor_names_shops_that_nobody_sees_and_roles_that_give_nothing(house: House, tmp_path: Path) -> None:
    def examined(settings: Settings) -> tuple[bool, str]:
        [found] = [item for item in examine(settings) if item.name == "people"]
        return found.ok, found.detail

    settings = house.app.settings
    assert examined(settings) == (False, "nobody sees zz-1: name each in the shops of one of the [[teams]]")
    whole = [TEAMS[0].model_copy(update={"shops": ["us-1", "zz-1"]}), TEAMS[1]]
    settings = settings.model_copy(update={"teams": whole})
    assert examined(settings) == (True, "teams: a, b")
    house.app.memberships.invite("Mia", "b", None, MACHINE)
    ok, words = examined(settings)
    assert ok and f"the newest role in the database is of {NOW:%Y-%m-%d %H:%M} UTC" in words
    one = settings.model_copy(update={"teams": [whole[0].model_copy(update={"shops": [s.id for s in SHOPS]})]})
    assert examined(one)[0] is False and "no such team" in examined(one)[1]
