"""The core as the console sees it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from bot.conversation.access import console_homes
from bot.conversation.events import Incoming
from bot.domain.addresses import ChannelId
from bot.domain.orders import Shop
from bot.ports.console import BoardRow, ChannelView, DaysView, PersonView, ShopDay
from bot.ports.records import Person
from bot.ports.store import DatabaseError
from bot.runtime.bootstrap import App
from bot.wording.failures import database_words
from bot.wording.shops import loud
from bot.wording.work import next_step, open_points


class ConsoleDesk:
    """The core as the console sees it."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.upload_dir = app.upload_dir
        self.max_upload_bytes = app.settings.limits.upload_bytes

    def now(self) -> datetime:
        """The present instant of the program's clock, UTC."""
        return self.app.clock.now()

    def receive(self, event: Incoming) -> None:
        """Run one whole turn; the uploads' files are removed once it is over."""
        self.app.intake.receive(event)

    def channels(self) -> Sequence[ChannelView]:
        """The console's channels with their shops; one that everybody has when no shop names any."""
        homes = console_homes(self.app.access.every_shop())
        shown = {ChannelId.read(channel).id: shops for channel, shops in homes.items() if shops or len(homes) == 1}
        return [
            ChannelView(name, name, tuple(f"{shop.site} {shop.name}" for shop in shops))
            for name, shops in shown.items()
        ]

    def board(self, channel: str = "", language: str = "zh") -> Sequence[BoardRow]:
        """The cases of one channel (its own id) or of all, finished ones included."""
        say = self.app.speaker(language)
        homes = self._homes()
        shops = [shop for shop, (_, home) in homes.items() if channel in ("", home)]
        with self.app.access.at_console(), self.app.access.units(read_only=True) as unit:
            judged = [self.app.judge.look(unit, case.id) for case in unit.cases.listed(shops, active=False)]
        rows = []
        for item in judged:
            case, (shop, home) = item.case, homes[item.case.shop]
            rows.append(
                BoardRow(
                    case=case.id,
                    channel=home,
                    shop=shop.name,
                    site=shop.site,
                    triggers=tuple(case.triggers),
                    status=case.status.value,
                    owner=case.owner,
                    deadline=case.deadline,
                    ready=item.ready,
                    missing=open_points(item),
                    orders=len(case.appealed),
                    next_step=next_step(say, item),
                )
            )
        return rows

    def days(self, language: str = "zh") -> DaysView:
        """What is known of the last day of the console's shops, and of today where it is watched."""
        homes, say = self._homes(), self.app.speaker(language)
        with self.app.access.at_console():
            checks = self.app.monitoring.standing(list(homes))
        if not checks:
            return DaysView()
        rows = tuple(
            ShopDay(check.shop.name, check.shop.site, homes[check.shop.id][1], check.known.state.value, words)
            for check, words in loud(say, checks)
        )
        return DaysView(checks[0].detection.measurement.day, len({check.shop.id for check in checks}), rows)

    def undelivered(self) -> Sequence[str]:
        """What could not be shown in its channel."""
        with suppress(DatabaseError), self.app.store.unit(read_only=True) as unit:
            return unit.messages.failures()
        return ()

    def _homes(self) -> dict[str, tuple[Shop, str]]:
        """The console's shops by id, each with the first of the channels in which it is shown."""
        found: dict[str, tuple[Shop, str]] = {}
        for channel, shops in console_homes(self.app.access.every_shop()).items():
            for shop in shops:
                found.setdefault(shop.id, (shop, ChannelId.read(channel).id))
        return found

    def person(self, person_id: str) -> PersonView:
        """A person; an unknown id gives the defaults, and so does any while the database cannot be read: the page
        that says so is for somebody too."""
        settings, known = self.app.settings, None
        with suppress(DatabaseError), self.app.store.unit(read_only=True) as unit:
            known = unit.records.person(person_id)
        known = self.app.identity.person(known, person_id)
        return PersonView(
            person_id, known.name, known.language or settings.language, known.timezone or settings.timezone
        )

    def save_person(self, person: PersonView) -> None:
        """Keep a person's name, language and zone."""
        with self.app.store.unit() as unit:
            unit.records.save_person(Person(**asdict(person), role=self.app.settings.default_role))

    def known_fault(self, error: BaseException, language: str) -> str:
        """What a fault of the database means and what to do; "" for any other error."""
        if not isinstance(error, DatabaseError):
            return ""
        spoken = language or self.app.settings.language
        cause = database_words(self.app.phrases, spoken, error)
        return self.app.phrases.say("refusals.failed_database", spoken, cause=cause)

    def original(self, sha256: str) -> Path:
        """Where an original lies, a part, a copy or a package; raises KeyError when none of the console's shops has
        such a file, or it is not what it was."""
        with self.app.access.at_console(), self.app.access.units(read_only=True) as unit:
            if not unit.evidence.holds(sha256):
                raise KeyError(sha256)
        return self.app.vault.intact(sha256)
