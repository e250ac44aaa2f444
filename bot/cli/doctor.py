"""Examines an installation: what works, what does not, and what to do."""

import json
import os
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from subprocess import SubprocessError

from bot.cli.examining_data import examine_data, examine_shops
from bot.cli.examining_feeds import examine_feeds
from bot.platforms.diagnostics import examined
from bot.ports.chat import Examination, Unfit
from bot.ports.store import DatabaseError
from bot.runtime.bootstrap import App
from bot.runtime.team import RefreshableSource
from bot.services import integrity
from bot.services.heartbeat import EVERYBODY, JOBS
from bot.settings.config import load_config
from bot.settings.files import data_root
from bot.settings.model import Settings
from bot.store.database import HEAD, connect, version
from bot.wording.failures import database_words
from bot.wording.phrases import shared_phrases

FAULTS_SHOWN = 8


def examine(settings: Settings) -> list[Examination]:
    """Run all examinations; a fault in one does not hide the others."""
    parts: list[tuple[str, Callable[[Settings], str]]] = [
        ("data folder", _data_folder),
        ("configuration", _configuration),
        ("texts", _texts),
        ("database", _database),
        ("console", _console),
        ("shops", _shops),
        ("heartbeat", _heartbeat),
        ("TikTok Shop API", _feeds),
        ("messages", _messages),
        ("originals", _originals),
        ("pictures", _pictures),
        ("walls", _walls),
        ("webhooks", _webhooks),
        ("on-call", _on_call),
        ("people", _people),
        ("readers", _readers),
    ]
    return [*(_examine(name, part, settings) for name, part in parts), *_data(settings), *_chats(settings)]


def _chats(settings: Settings) -> list[Examination]:
    """What the configured chat platforms report about themselves."""
    try:
        found = [item for platform in App(settings).platforms.values() for item in platform.examine()]
    except Exception as error:
        return [Examination("chats", False, str(error) or type(error).__name__)]
    return found


def _examine(name: str, part: Callable[[Settings], str], settings: Settings) -> Examination:
    return examined(name, lambda: part(settings), lambda error: _explained(error, settings))


def _explained(error: Exception, settings: Settings) -> str:
    if isinstance(error, DatabaseError):
        return database_words(shared_phrases(data_root("templates"), settings.timezone), settings.language, error)
    return str(error)


def _data_folder(settings: Settings) -> str:
    folder = settings.data_dir.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise Unfit(f"{folder} cannot be written: change its owner or choose another data_dir")
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize // 1_000_000
    if free < 500:
        raise Unfit(f"{folder}: only {free} MB left: free some space, evidence would be refused")
    return f"{folder}, {free:,} MB free"


def _configuration(settings: Settings) -> str:
    config = load_config(settings)
    return f"policy {config.policy.name} {config.policy.version}, {len(config.policy.rules)} rules"


def _texts(settings: Settings) -> str:
    phrases = shared_phrases(data_root("templates"), settings.timezone)
    phrases.check()
    counts = {language: len(phrases.texts[language]) for language in phrases.languages}
    return ", ".join(f"{language}: {count}" for language, count in counts.items())


def _database(settings: Settings) -> str:
    now = version(connect(settings.database_url, settings.database.busy_seconds))
    if now != HEAD:
        raise Unfit(f"tables at {now or 'nothing'}, newest is {HEAD}: run odr-bot db upgrade")
    return f"tables at {HEAD}"


def _console(settings: Settings) -> str:
    from bot.platforms.console.security import check_binding

    console = settings.console
    check_binding(console.host, console.token, console.trusted_proxies)
    if console.public_url.startswith("http:"):
        raise Unfit(
            f"console.public_url = {console.public_url} is no https address: who listens on the way takes over "
            "sessions; put a proxy with TLS before it (docs/console.md)"
        )
    if console.public_url and not console.trusted_proxies:
        raise Unfit("console.public_url is set and no console.trusted_proxies: every client seems to be the proxy")
    return console.public_url or f"http://{console.host}:{console.port}/"


def _shops(settings: Settings) -> str:
    return examine_shops(App(settings))


def _data(settings: Settings) -> list[Examination]:
    try:
        return examine_data(App(settings))
    except Exception as error:
        return [Examination("data", False, _explained(error, settings))]


def _heartbeat(settings: Settings) -> str:
    if not settings.check.heartbeat_url:
        return "nobody outside notices when this program stops: set check.heartbeat_url"
    app = App(settings)
    with app.store.unit(read_only=True) as unit:
        told = unit.records.last_runs(JOBS[True]).get(EVERYBODY, "")
    return f"a watcher outside is called after each day's checks; last for {told or 'none yet'}"


def _feeds(settings: Settings) -> str:
    return examine_feeds(App(settings))


def _messages(settings: Settings) -> str:
    app = App(settings)
    with app.store.unit(read_only=True) as unit:
        failed = unit.messages.failures()
    if failed:
        raise Unfit(f"{len(failed)} messages could not be sent, first: {failed[0]}")
    return "all sent"


def _on_call(settings: Settings) -> str:
    app = App(settings)
    if not settings.oncall:
        return "no rota: leads are asked, or nobody by name"
    found: list[str] = []
    for source in app.oncall.sources:
        if isinstance(source, RefreshableSource):
            source.refresh()
            found += source.faults
    found += [f"nobody, or more than one, is known as {name!r} in the rota" for name in app.oncall.strangers()]
    with app.store.unit(read_only=True) as unit:
        shops = [shop.id for shop in unit.shops.all()]
    found += [item.text() for item in app.oncall.faults(shops)]
    if found:
        raise Unfit("; ".join(found[:FAULTS_SHOWN]))
    return "somebody is on call at any time in the next 28 days"


def _people(settings: Settings) -> str:
    """Whether shops, people and teams fit together; of when what the database says of roles is."""
    app = App(settings)
    with app.store.unit(read_only=True) as unit:
        kept, shops = unit.members.all(), [shop.id for shop in unit.shops.all()]
    teams = app.rosters.teams
    if lost := [shop for shop in shops if not teams.of(shop)]:
        raise Unfit(f"nobody sees {', '.join(lost[:10])}: name each in the shops of one of the [[teams]]")
    if strange := sorted({row.team for row in kept} - teams.all.keys()):
        raise Unfit(f"roles in {', '.join(strange)} give nothing, because there is no such team: invite people again")
    words = f"teams: {', '.join(teams.all)}" if teams.declared else "one team with every shop"
    newest = max((row.until or row.since for row in kept), default=None)
    return words + (f"; the newest role in the database is of {newest:%Y-%m-%d %H:%M} UTC" if newest else "")


def _originals(settings: Settings) -> str:
    app = App(settings)
    found = integrity.examine(app.store.unit, app.vault)
    damage = [f"missing {_needed(*each)}" for each in found.missing.items()]
    damage += [f"altered {_needed(*each)}" for each in found.altered.items()]
    nameless = f"; {len(found.nameless)} files that no record names: {', '.join(found.nameless[:10])}"
    if damage:
        more = f" and {len(damage) - 20} more" if len(damage) > 20 else ""
        raise Unfit(
            f"{'; '.join(damage[:20])}{more}: put them back from a backup, or ask for the files again"
            + (nameless if found.nameless else "")
        )
    return f"{found.files} originals, all intact" + (nameless if found.nameless else "")


def _needed(sha256: str, evidence: Sequence[str]) -> str:
    return f"{sha256} ({', '.join(evidence) or 'no evidence'})"


def _pictures(settings: Settings) -> str:
    missing = [name for name in ("rapidocr", "onnxruntime", "cv2", "pypdfium2", "pillow_heif") if not find_spec(name)]
    if missing:
        raise Unfit(f"words in pictures cannot be read without {', '.join(missing)}: install odr-bot again")
    return f"words in pictures are read{_scripts()}; the processes for it start with the first picture"


def _scripts() -> str:
    """What is said of Thai, Vietnamese and Arabic. A system for which Tesseract has no wheel is no fault: all else is
    read there, and the answers say what is not."""
    from bot.reading.scripts.languages import LANGUAGES, missing

    lacking = missing(LANGUAGES.values())
    if models := [name for name in lacking if name.endswith(".traineddata")]:
        raise Unfit(
            f"{', '.join(models)} in bot/reading/models is not the file that was shipped: install odr-bot again"
        )
    if lacking:
        return f", but those in Thai, Vietnamese and Arabic only with {', '.join(lacking)}, which is not installed"
    return ", those in Thai, Vietnamese and Arabic too"


def _walls(settings: Settings) -> str:
    from bot.reading.apart import STANDING
    from bot.reading.processes import start_of
    from bot.reading.walls import FILES, WALLS

    socket = settings.reading.socket
    try:
        said = json.loads(start_of(STANDING, socket).answer(b"", 20))
    except (OSError, SubprocessError, ValueError) as error:
        what = f"reading.socket: {socket} starts none" if socket else "none can be started"
        raise Unfit(
            f"of the processes that read files {what} ({error}): pictures, PDF and mails are kept but not read"
        ) from error
    if FILES not in said["walls"]:
        raise Unfit("a process that reads files could open others: this system sets no limit to open files")
    missing = [name for name in WALLS if name not in said["walls"]]
    lacking = f"; this system has no {', no '.join(missing)}: the others stand" if missing else ""
    return f"around the processes that read files: {', '.join(said['walls'])}{lacking}; {_user(said['user'], socket)}"


def _user(number: int, socket: str) -> str:
    """As whom files are read. Where it is the user that keeps the data, the other walls stand alone."""
    if number != os.getuid():
        return "they run as another user"
    if socket:
        raise Unfit(f"reading.socket: {socket} starts them as the user that keeps the data; see User= of its unit")
    root = ", which is root: run it as a user of its own" if number == 0 else ""
    return f"they run as the user of odr-bot{root} (reading.socket starts them as another one)"


def _readers(settings: Settings) -> str:
    """The bound channels that others than the team read, as far as their platforms were asked: no fault, because no
    evidence goes there."""
    app = App(settings)
    with app.store.unit(read_only=True) as unit:
        bound = sorted({channel for shop in unit.shops.all() for channel in shop.channels})
        found = {channel: unit.records.audience(channel) for channel in bound}
    wide = [f"{channel} ({audience})" for channel, audience in found.items() if audience.wide]
    return f"alerts without evidence go to {', '.join(wide)}" if wide else "no bound channel is known to have guests"


def _webhooks(settings: Settings) -> str:
    from bot.runtime.webhooks import are_shared, routes_of

    paths = routes_of(App(settings))
    if not paths:
        return "no chat posts to this program"
    if are_shared(settings, paths):
        return f"{', '.join(paths)} on the console's port, which asks for its token"
    return (
        f"{', '.join(paths)} on http://{settings.webhooks.host}:{settings.webhooks.port}, which serves nothing else"
    )
