"""Running odr-bot: the console's desk on the core, the scheduled jobs and the web server."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from bot.app import App, open_app, upload_dir
from bot.incoming import FileReceived, Incoming
from bot.platforms.console.desk import BoardRow, ChannelView, PersonView
from bot.ports import Person
from bot.settings import Settings, data_root
from bot.wording.work import next_step, open_points

log = logging.getLogger(__name__)

PLATFORM = "console"
FIRST_CHANNEL = "ops"


class ConsoleDesk:
    """The core as the console sees it."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.upload_dir = upload_dir(app.settings)
        self.max_upload_bytes = app.settings.limits.upload_bytes

    def now(self) -> datetime:
        """The present instant of the program's clock, UTC."""
        return self.app.clock.now()

    def receive(self, event: Incoming) -> None:
        """Run one whole turn; the uploads' files are removed once the vault has them."""
        try:
            self.app.dispatcher.handle(event)
        finally:
            for upload in event.uploads if isinstance(event, FileReceived) else ():
                upload.path.unlink(missing_ok=True)

    def channels(self) -> Sequence[ChannelView]:
        """The console's channels with their shops; one that everybody has when no shop names any."""
        with self.app.store.unit(read_only=True) as unit:
            shops = unit.shops.all()
        names: dict[str, list[str]] = {FIRST_CHANNEL: []}
        for shop in shops:
            for channel in shop.channels:
                platform, _, name = channel.partition(":")
                if platform == PLATFORM:
                    names.setdefault(name, []).append(f"{shop.site} {shop.name}")
        shown = {name: listed for name, listed in names.items() if listed or len(names) == 1}
        return [ChannelView(name, name, tuple(listed)) for name, listed in shown.items()]

    def board(self, channel: str = "", language: str = "zh") -> Sequence[BoardRow]:
        """The cases of one channel (its own id) or of all, finished ones included."""
        say = self.app.speaker(language)
        with self.app.store.unit(read_only=True) as unit:
            homes = {shop.id: (shop, self._home(shop.channels)) for shop in unit.shops.all()}
            shops = [shop for shop, (_, home) in homes.items() if channel in ("", home)]
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
                    ready=item.review.ready,
                    missing=open_points(item),
                    orders=len(case.appealed),
                    next_step=next_step(say, item),
                )
            )
        return rows

    @staticmethod
    def _home(channels: Sequence[str]) -> str:
        own = [channel.partition(":")[2] for channel in channels if channel.startswith(f"{PLATFORM}:")]
        return own[0] if own else FIRST_CHANNEL

    def person(self, person_id: str) -> PersonView:
        """A person; an unknown id gives the defaults."""
        settings = self.app.settings
        with self.app.store.unit(read_only=True) as unit:
            known = unit.records.person(person_id) or Person(person_id)
        return PersonView(
            person_id, known.name, known.language or settings.language, known.timezone or settings.timezone
        )

    def save_person(self, person: PersonView) -> None:
        """Keep a person's name, language and zone."""
        with self.app.store.unit() as unit:
            unit.records.save_person(Person(**asdict(person), role=self.app.settings.default_role))

    def original(self, sha256: str) -> Path:
        """Where an original lies; raises KeyError when there is none."""
        return self.app.vault.path(sha256)


def serve(settings: Settings, tell: Callable[[str], None]) -> None:
    """Run until interrupted: console, scheduled jobs and messages. Raises ConfigError for an unsafe binding."""
    from bot.platforms.console.security import UnsafeBinding, check_binding
    from bot.platforms.console.server import ConsoleServer
    from bot.platforms.console.web import create_app
    from bot.settings import ConfigError
    from bot.store.console import ConsoleLog

    console = settings.console
    try:
        check_binding(console.host, console.token)
    except UnsafeBinding as error:
        raise ConfigError(f"console.host: {error}") from error
    app = open_app(settings)
    app.phrases.check()
    desk = ConsoleDesk(app)
    web = create_app(
        desk, ConsoleLog(app.engine), app.phrases, data_root("templates") / "console", token=console.token
    )
    scheduler = app.jobs.start()
    tell(f"odr-bot: console on http://{console.host}:{console.port}/  data in {settings.data_dir.absolute()}")
    try:
        ConsoleServer(web, console.host, console.port).run()
    finally:
        scheduler.shutdown(wait=False)
        app.engine.dispose()
