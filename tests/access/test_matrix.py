"""Every handler and page × role × own or another team × platform: allowed, refused, or as if it did not exist."""

import json
import os
import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import pytest
from starlette.testclient import TestClient

from bot.conversation.events import ButtonPressed, FormSubmitted, Incoming
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.messaging.card import to_json
from bot.platforms.console.platform import PAGES
from bot.runtime.bootstrap import App
from bot.runtime.console import console_app
from bot.runtime.conversing import all_handlers
from bot.settings.team import PersonSettings, TeamSettings
from bot.wording.replies import refusal
from tests.access.matrix import ABOUT_A_CASE, LEAST, OPEN, PAGE_LEAST
from tests.access.teams import NOW, House, two_teams
from tests.console.conftest import SAME_ORIGIN
from tests.conversations.conftest import ORDERS
from tests.counting import statements
from tests.signing import session_cookie

PLATFORMS = ("slack", "feishu", "console")
TEAMS = [
    TeamSettings(id=team, members="listed", shops=[shop], channels=[f"{name}:{team}" for name in PLATFORMS])
    for team, shop in (("a", "us-1"), ("b", "uk-1"))
]
PEOPLE = [PersonSettings(id=f"{team}-{role}", roles={team: role}) for team in "ab" for role in Role]
OURS = {"case": "C1", "order": "5" + ORDERS[0][1:], "shop": "us-1", "evidence": "E1"}
ABSENT = {"case": "C777", "order": "8" * 18, "shop": "zz-9", "evidence": "E777"}
MORE = {"field": "status", "word": "Held", "valid": "yes", "number": "1Z999AA10123456784", "kind": "conversation"}
MORE |= {"topic": "owner"}
COUNTED = {"console", "joined"}
"""They answer otherwise, or look less far, when they are asked again."""
VALUES = {"text": "Delayed.", "outcome": "excluded", "scenario": "S1", "words": "Buyer: it never came"}


@dataclass
class Matrix(House):
    """The house, and its database as it was before anybody asked."""

    before: sqlite3.Connection | None = None

    def again(self) -> None:
        """Everything as it was."""
        with closing(sqlite3.connect(str(self.app.engine.url.database))) as database:
            assert self.before
            self.before.backup(database)

    def ask(self, event: Incoming) -> tuple[str, int]:
        """The answer as it is shown, and the number of statements that it took."""
        with statements(self.app.engine) as sent:
            cards = self.app.dispatcher.handle(replace(event, id=f"asked-{next(self.numbers)}")).cards
        text = json.dumps([to_json(card) for card in cards], ensure_ascii=False)
        return re.sub(r"asked-\d+|link=[\w.-]+", "#", text), len(sent)


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    app: App = two_teams(tmp_path_factory.mktemp("matrix"), TEAMS, people=PEOPLE)
    with closing(sqlite3.connect(":memory:")) as before:
        with closing(sqlite3.connect(str(app.engine.url.database))) as database:
            database.backup(before)
        yield Matrix(app, before=before)
    app.engine.dispose()


def events(handler: str, person: str, channel: str, things: dict[str, str], direct: bool) -> Iterator[Incoming]:
    """A button and a form about these things."""
    common = {"id": "", "channel": channel, "person": person, "at": NOW, "direct": direct}
    yield ButtonPressed(**common, action=handler, payload=things | MORE)
    yield FormSubmitted(**common, action=handler, payload=things | MORE, values=VALUES)


def named(answer: str, things: dict[str, str]) -> str:
    """The answer with what it names replaced by what that is."""
    for name, value in sorted(things.items(), key=lambda pair: -len(pair[1])):
        answer = re.sub(rf"(?<![A-Za-z0-9]){re.escape(value)}(?![A-Za-z0-9])", f"<{name}>", answer)
    return answer.replace(things["order"][-6:], "<ending>")


def sampled(handler: str, whole: bool) -> tuple[str, ...]:
    return PLATFORMS if whole else (random.Random(handler).choice(PLATFORMS),)


WHOLE = [bool(os.environ.get("ODR_BOT_WHOLE_MATRIX"))]
"""`make storm` asks every handler from every place; otherwise it is a sample of them."""


def test_the_table_has_every_handler_and_page_with_the_role_that_it_asks_for() -> None:
    assert {name: route.role for name, route in all_handlers().routes.items()} == LEAST
    pages = {f"{method}:{page.path}": page.role for page in PAGES for method in page.methods}
    assert pages == PAGE_LEAST | dict.fromkeys(OPEN)


@pytest.mark.parametrize("whole", WHOLE)
@pytest.mark.parametrize("handler", sorted(LEAST))
def test_in_ones_own_team_a_role_is_allowed_or_refused(matrix: Matrix, handler: str, whole: bool) -> None:
    say = matrix.app.localizer("en")
    for platform in sampled(handler, whole):
        for role in Role:
            refused = refusal(say, "not_allowed", **Refusal("not_allowed", role=LEAST[handler]).params).title
            person, place = f"a-{role}", f"{platform}:a"
            for ours, absent in zip(
                events(handler, person, place, OURS, False),
                events(handler, person, place, ABSENT, False),
                strict=True,
            ):
                answer, _ = matrix.ask(ours)
                assert (refused in answer) is not role.may(LEAST[handler]), (person, place, answer)
                if role.may(LEAST[handler]):
                    matrix.again()
                    nothing, _ = matrix.ask(absent)
                    if handler in ABOUT_A_CASE:
                        assert named(answer, OURS) != named(nothing, ABSENT), (person, place, answer)
                    matrix.again()


@pytest.mark.parametrize("whole", WHOLE)
@pytest.mark.parametrize("handler", sorted(LEAST))
def test_what_is_another_teams_is_as_if_it_did_not_exist(matrix: Matrix, handler: str, whole: bool) -> None:
    for platform in sampled(handler, whole):
        places = [(f"{platform}:b", False), (f"{platform}:a", False), (f"{platform}:D1", True)]
        for role in Role:
            for place, direct in places if whole else random.Random(f"{handler} {role}").sample(places, 1):
                asked = [list(events(handler, f"b-{role}", place, each, direct)) for each in (OURS, ABSENT)]
                for theirs, absent in zip(*asked, strict=True):
                    if handler in COUNTED:
                        matrix.again()
                        matrix.ask(absent)
                    first, second = matrix.ask(theirs), matrix.ask(absent)
                    assert first[1] == second[1], (role, place, direct)
                    # What says the same to everybody, such as the help, may speak of a case C1.
                    told = named(first[0], OURS), named(second[0], ABSENT)
                    assert first[0] == second[0] or told[0] == told[1], (role, place, direct)


@pytest.mark.parametrize("role", list(Role))
def test_pages_open_by_role_and_show_ones_own_team_alone(matrix: Matrix, role: Role) -> None:
    web = console_app(matrix.app)
    html = {"accept": "text/html"}
    for team in "ab":
        cookies = session_cookie(web, person=f"{team}-{role}")
        client = TestClient(
            web, base_url="http://127.0.0.1", headers=SAME_ORIGIN, follow_redirects=False, cookies=cookies
        )
        for name, least in PAGE_LEAST.items():
            method, path = name.split(":", 1)
            if path in ("/stream", "/sign-out") or "{" in path:
                continue
            fields = {"next": (None, "/"), "who": (None, ""), "team": (None, team), "act": (None, "invite")}
            answer = client.get(path, headers=html) if method == "GET" else client.post(path, files=fields)
            assert (answer.status_code == 404) is not role.may(least), (name, answer.status_code)
        for address in ("/?channel={}", "/?channel={}&thread=C1", "/earlier?channel={}", "/cases?channel={}&state="):
            names = ("b" if team == "a" else "a", "zz")
            shown = [client.get(address.format(name), headers=html) for name in names]
            told = [
                (each.status_code, re.sub(f"“{name}”|channel={name}(?=&)", "#", each.text))
                for each, name in zip(shown, names, strict=True)
            ]
            assert told[0] == told[1], address
        board = client.get("/cases?state=", headers=html).text
        assert ("C1" in board, "C2" in board) == ((True, False) if team == "a" else (False, True))
