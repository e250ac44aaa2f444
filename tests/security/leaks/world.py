"""Three teams and a shop of nobody, each with all that must not leak, and people of all kinds (domain.md §7)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import sqlalchemy as sa
from starlette.applications import Starlette

from bot.conversation.events import Incoming
from bot.domain.case import Case
from bot.domain.evidence import Evidence, Facts
from bot.domain.odr import day_number
from bot.domain.people import Role
from bot.messaging.card import Attachment
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.runtime.console import console_app
from bot.services.memberships import MACHINE
from bot.settings.model import load_settings
from tests.access.teams import SENDERS
from tests.conversations.conftest import NOW, ORDERS, TRACKING, OpenLinks, Talk, conversation, story
from tests.conversations.exports import us_orders
from tests.security.leaks.state import State
from tests.signing import session_cookie

Things = Mapping[str, str]
"""What can be named of a team, by what it is."""

ROLES = ("viewer", "member", "lead", "admin")
TEAMS = ("kappa", "sigma", "omega")
NAMES = {"kappa": "Vermilion Lamps", "sigma": "Cobalt Chairs", "omega": "Viridian Rugs", "theta": "Homeless Doors"}
SHOPS = {team: f"{team}-shop" for team in NAMES}
PEOPLE = {team: f"{team.capitalize()}bert" for team in TEAMS}
BUYERS = {team: f"buyer of {team}ness" for team in NAMES}
PLATFORMS = ("slack", "feishu", "console")
NOTHING: Things = {
    "shop": "gamma-shop", "name": "Faraway Tables", "word": "Faraway", "case": "C977", "number": "977",
    "order": "578461413038785751", "ending": "785751", "beginning": "5784614130", "evidence": "E977",
    "unfiled": "E978", "sha256": "0" * 64, "package": "1" * 64, "message": "wrote-gamma-1", "person": "gamma-lead",
    "who": "Gammabert lead", "team": "gamma", "channel": "CGAMMA", "import": "976", "preview": "975",
    "group": "wrote-gamma-7", "tracking": "1Z111AA10123456784",
}  # fmt: skip
"""Names that look the same and that nothing has."""
NOBODYS: Things = {
    "shop": "ochre-shop", "name": "Remote Stools", "word": "Remote", "case": "C966", "order": "578461413038744444",
    "evidence": "E966", "channel": "COCHRE", "team": "ochre",
}  # fmt: skip
"""What somebody names as their own who sees nothing."""


def settings_text(folder: Path) -> str:
    """The settings of the installation, as a file: to two teams belong those who are listed, to one who is in its
    channel."""
    lines = [f'data_dir = "{folder}/data"', 'language = "en"', f"clock.now = {NOW:%Y-%m-%dT%H:%M:%SZ}"]
    for team, name in NAMES.items():
        lines += ["[[shops]]", f'id = "{SHOPS[team]}"', f'name = "{name}"', 'site = "US"', "opened_on = 2024-01-05"]
        lines += ["channels = []"]
    for team in TEAMS:
        channels = [f"{platform}:C{team.upper()}" for platform in PLATFORMS]
        lines += ["[[teams]]", f'id = "{team}"', f'name = "Team {team}ness"', f'shops = ["{SHOPS[team]}"]']
        lines += [f'members = "{"channel" if team == "sigma" else "listed"}"', f"channels = {channels}"]
        for role in ROLES:
            name = f"{PEOPLE[team]} {role}"
            lines += ["[[people]]", f'id = "{team}-{role}"', f'name = "{name}"', f'roles = {{{team} = "{role}"}}']
    lines += ["[[people]]", 'id = "both"', 'name = "Zoe"', 'roles = {kappa = "viewer", sigma = "lead"}']
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Asker:
    """Somebody in a place, with the teams that they may see from there, as domain.md §7 says."""

    person: str
    channel: str
    direct: bool
    teams: frozenset[str]


def belongs(person: str) -> frozenset[str]:
    """The teams of a person: where they are listed. The walker has written in the sigma channel, which makes a
    member; whoever is gone was removed from the sigma team and writes there still."""
    special = {"both": {"kappa", "sigma"}, "walker": {"sigma"}, "gone": set(), "stranger": set()}
    return frozenset(special.get(person, {person.partition("-")[0]}))


EVERYBODY = (*(f"{team}-{role}" for team in TEAMS for role in ROLES), "both", "walker", "gone", "stranger")


def askers() -> Iterator[Asker]:
    """Everybody in every channel, and writing directly on every platform."""
    for person in EVERYBODY:
        for platform in PLATFORMS:
            for team in TEAMS:
                present = {"sigma"} if platform != "console" and person != "gone" else set()
                seen = {team} & (belongs(person) | present)
                yield Asker(person, f"{platform}:C{team.upper()}", False, frozenset(seen))
            yield Asker(person, f"{platform}:D{person}", True, belongs(person))
            yield Asker(person, f"{platform}:CNOBODYS", False, frozenset())


@dataclass
class World:
    """The program and what there is of each team. `state` is its database, put back before every question; `web` its
    console, `sessions` the cookies of who can sign in there."""

    app: App
    folder: Path
    state: State
    web: Starlette
    sessions: dict[str, dict[str, str]]
    things: dict[str, Things] = field(default_factory=dict)

    def marks(self, seen: Collection[str]) -> dict[str, str]:
        """What says something of teams that are not among the `seen`, with what it is."""
        found: dict[str, str] = {}
        known = {value for team in seen for value in self.things[team].values()}
        for team in self.things.keys() - seen:
            found |= {value: f"{team}'s {name}" for name, value in self.things[team].items() if name in TELLING}
            found |= dict.fromkeys((BUYERS[team], f"{team}ness"), f"{team}'s text")
            for role in ROLES if team in PEOPLE else ():
                found |= dict.fromkeys((f"{PEOPLE[team]} {role}", f"{team}-{role}"), f"{team}'s person")
        return {mark: what for mark, what in found.items() if mark not in known}


TELLING = (
    "shop",
    "name",
    "word",
    "case",
    "order",
    "ending",
    "evidence",
    "unfiled",
    "sha256",
    "package",
    "channel",
    "team",
    "import",
)


def small_story(digit: str, buyer: str) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """A story of few orders, whose ids begin with the digit and end as no other team's do."""
    orders, defects = story()
    few = [row for row in orders if not str(row[0]).startswith("57640000") or int(str(row[0])[-6:]) < 30]

    def own(order: object) -> str:
        return foreign_order(str(order), digit)

    return (
        [(own(row[0]), *row[1:4], *shipped(str(row[4]), digit), row[5], buyer if row[6] else "") for row in few],
        [(own(row[0]), *row[1:6], f"never arrived, said {buyer}") for row in defects],
    )


def shipped(tracking: str, digit: str) -> list[str]:
    """The tracking number in that story."""
    return [tracking and tracking[:-3] + digit * 3]


def foreign_order(order: str, digit: str) -> str:
    """The order's id in the story of the team with that digit."""
    return f"57{digit}{order[3:-6]}" + f"{(int(order[-6:]) + int(digit) * 101_010) % 1_000_000:06d}"


def built(folder: Path) -> World:
    """The program with everything in it."""
    path = folder / "odr-bot.toml"
    path.write_text(settings_text(folder), "utf-8")
    settings = load_settings(path)
    app = App(settings, FrozenClock(NOW), links=OpenLinks(), senders=SENDERS)
    app.open()
    things: dict[str, Things] = {}
    for digit, team in zip("1345", NAMES, strict=True):
        _skip(app, int(digit) * 111)
        things[team] = _filled(app, folder, team, digit)
    _people(app)
    web = console_app(app)
    sessions = {person: session_cookie(web, person=person) for person in EVERYBODY if belongs(person)}
    return World(app, folder, State(app.engine, app.export_folder.folder), web, sessions, things)


def _skip(app: App, number: int) -> None:
    """Let the next ids begin after the number: those of one team are in no other's texts by chance."""
    with app.store.unit() as unit:
        case = Case("", SHOPS["theta"], NOW, NOW, True, NOW + timedelta(hours=72), "2026-11-19", ["red"])
        made = unit.cases.add(case).id[1:]
        item = unit.evidence.add(Evidence("", "", "f" * 64, 1, "x", "nobody", NOW, Facts()), "slack:CNONE").id[1:]
        writer = unit.imports.begin(SHOPS["theta"], "orders", "thetaness.csv", "theta-lead", NOW)
        unit.imports.finish(writer.import_id, 3, [day_number(date(2026, 11, 19))], "", NOW)
    moved = {"appeal_case": (made, 0), "evidence": (item, 20), "file_import": (writer.import_id, 40)}
    with app.engine.begin() as connection:
        for table, (row, more) in moved.items():
            connection.execute(sa.text(f"UPDATE {table} SET id = {number + more} WHERE id = {int(row)}"))


def _filled(app: App, folder: Path, team: str, digit: str) -> Things:
    shop, channel, name = SHOPS[team], f"slack:C{team.upper()}", NAMES[team]
    orders, defects = small_story(digit, BUYERS[team])
    with app.store.unit() as unit:
        unit.orders.upsert_orders(shop, orders)
        unit.orders.upsert_defects(shop, defects)
    app.monitoring.check(date(2026, 11, 19), [shop])
    with app.store.unit(read_only=True) as unit:
        [case] = [each for each in unit.cases.listed([shop]) if each.orders]
    order = foreign_order(ORDERS[0], digit)
    found = {"shop": shop, "name": name, "word": name.split()[0], "case": case.id, "number": case.id[1:]}
    found |= {"order": order, "ending": order[-6:], "beginning": order[:10], "team": team, "channel": channel[6:]}
    with app.store.unit() as unit:
        writer = unit.imports.begin(shop, "orders", f"{team}ness.csv", f"{team}-lead", NOW)
        unit.imports.finish(writer.import_id, 3, [day_number(date(2026, 11, 19))], "", NOW)
    found |= {
        "person": f"{team}-lead",
        "who": f"{PEOPLE.get(team, 'Thetabert')} lead",
        "import": str(writer.import_id),
    }
    found |= {"preview": f"{digit}09", "group": f"wrote-{team}-7", "message": f"wrote-{team}-1"}
    found |= {"tracking": shipped(TRACKING[0], digit)[0]}
    if team == "theta":
        return found | {"evidence": "E554", "unfiled": "E555", "sha256": "e" * 64, "package": "d" * 64}
    talk = Speaking(app, folder, f"{team}-admin", channel, count(), team=team)
    talk.send(("inbox.txt", conversation().replace(ORDERS[0], order) + f"{team}ness"), thread=case.id)
    for text in (f"claim {case.id}", f"tag {order} S1", f"draft {order}", f"cause {case.id} {team}ness broke"):
        talk.say(text)
    talk.send((f"{team}ness.csv", us_orders(3, int(f"5765{digit}0000000000017"))))
    shown = [each for card in talk.says(f"export {case.id}") for each in card.elements]
    [package] = [each for each in shown if isinstance(each, Attachment)]
    with app.store.unit() as unit:
        [item] = unit.evidence.of_case(case.id)
        stored = app.vault.put_bytes(f"waits for {team}ness".encode())
        waits = Evidence("", "", stored.sha256, stored.size, f"{team}ness.txt", talk.person, NOW, Facts())
        unfiled = unit.evidence.add(waits, channel)
    [waiting] = app.previews.waiting(channel)
    found |= {"preview": str(waiting.id), "group": waiting.group}
    return found | {
        "evidence": item.id, "unfiled": unfiled.id, "sha256": item.sha256, "package": package.sha256,
        "message": item.message_id,
    }  # fmt: skip


@dataclass
class Speaking(Talk):
    """A talk whose messages carry the name of their team."""

    team: str = ""

    def hear(self, event: Incoming) -> list[object]:  # type: ignore[override]
        return super().hear(replace(event, id=event.id.replace("event", f"wrote-{self.team}")))


def _people(app: App) -> None:
    for number, person in enumerate(("walker", "gone")):
        Talk(app, app.settings.data_dir, person, "slack:CSIGMA", count(5000 + number)).say("help")
    app.memberships.invite("gone", "sigma", Role.MEMBER, MACHINE)
    app.memberships.remove("gone", "sigma", MACHINE)
