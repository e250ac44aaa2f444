"""The command line: data on stdout, messages for people on stderr; exit 0 good, 1 a problem found, 2 wrong usage."""
# Longer than most files: all commands in one place, each a few lines.

import gc
import io
import json
import logging
import os
import sys
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from bot.settings.model import ConfigError, Settings, load_settings

if TYPE_CHECKING:
    from bot.runtime.bootstrap import App
    from bot.services.measuring import ShopCheck

F = TypeVar("F", bound=Callable[..., Any])
PROBLEM, WRONG_USAGE = 1, 2


def _say(text: str) -> None:
    click.echo(text, err=True)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))


def _fail(text: str) -> NoReturn:
    _say(text)
    sys.exit(PROBLEM)


def _wrong(text: str) -> NoReturn:
    _say(f"odr-bot: {text}")
    sys.exit(WRONG_USAGE)


def command(json_too: bool = True) -> Callable[[F], click.Command]:
    """A subcommand with --config (and --json); known faults become one clear message and exit code 1."""

    def make(function: F) -> click.Command:
        @wraps(function)
        def run(config: Path | None, **options: Any) -> None:
            from bot.cli.failures import KNOWN, words

            try:
                settings = load_settings(config)
            except ConfigError as error:
                _fail(f"odr-bot: {error}")
            _set_up_logging()
            try:
                function(settings, **options)
            except KNOWN as error:
                _fail(f"odr-bot: {words(settings, error, options.get('file'))}")

        with_config = click.option("--config", type=click.Path(path_type=Path), help="Settings file (TOML).")(run)
        if json_too:
            with_config = click.option("--json", "as_json", is_flag=True, help="Print data as JSON.")(with_config)
        return main.command(function.__name__.strip("_").replace("_", "-"))(with_config)

    return make


def _set_up_logging() -> None:
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for noisy in ("httpx", "apscheduler", "alembic", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _open(settings: Settings) -> "App":
    from bot.runtime.bootstrap import open_app

    return open_app(settings)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="odr-bot")
def main() -> None:
    """odr-bot watches the order defect rate of TikTok Shop shops and helps teams win their appeals in 72 hours."""
    # Loading makes many objects and hardly any garbage: looking for it every 700 objects slows every start.
    gc.set_threshold(20_000, 20, 20)
    # What is written is for the own user alone.
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal or pipe that cannot show a character gets its number, not a fault.
            stream.reconfigure(errors="backslashreplace")


@command()
def demo(settings: Settings, as_json: bool) -> None:
    """Load the demo shops, with dates relative to now, into the data folder."""
    from bot.cli.demo import load_demo

    result = load_demo(settings, _say)
    if as_json:
        _print(result)


@command(json_too=False)
@click.option("--port", type=int, help="Port of the console, instead of console.port.")
def serve(settings: Settings, port: int | None) -> None:
    """Run odr-bot: console, daily checks, deadlines, messages."""
    from bot.reading.walls import not_dumpable
    from bot.runtime.server import serve as run
    from bot.settings.model import PREFIX
    from bot.settings.private import withdraw

    if port is not None:
        settings.console.port = port
    # The settings are read by now; whoever looks from outside, and what is started from here on, finds none.
    withdraw(PREFIX, settings.data_dir)
    not_dumpable()
    run(settings, _say)


@command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--shop", "shop_id", help="The shop's id in the settings.")
@click.option(
    "--kind",
    type=click.Choice(["orders", "returns", "reviews", "ratings", "defects"]),
    help="What the file holds; found out from its columns when not given.",
)
@click.option("--exported", default="", help="When the file was exported: days before are whole. In the shop's zone.")
@click.option(
    "--dates",
    type=click.Choice(["dmy", "mdy"]),
    help="The order of the file's dates, day or month first; the site's usual one when that is clear.",
)
@click.option("--move", is_flag=True, help="Orders of another shop are this shop's: move them here.")
@click.option("--undo", metavar="N", help="Take back the import N (see `imports`) instead of importing.")
def import_(
    settings: Settings,
    file: Path | None,
    shop_id: str | None,
    kind: str | None,
    exported: str,
    dates: str | None,
    move: bool,
    undo: str | None,
    as_json: bool,
) -> None:
    """Import an export file of orders, returns, reviews, service ratings or defects, or take an import back."""
    from bot.cli.importing import Wish, import_file, undo_import

    if (file is None or shop_id is None) if undo is None else (file is not None):
        raise click.UsageError("Give a file and --shop, or --undo N alone.")
    if file is None or shop_id is None:
        undone = undo_import(_open(settings), str(undo), _say)
        if as_json:
            _print(undone)
        return
    report = import_file(_open(settings), file, shop_id, Wish(kind, dates, move, exported), _say)
    if as_json:
        _print(report)
    if report["skipped"]:
        sys.exit(PROBLEM)


@command()
@click.option("--shop", "shop_id", help="Only this shop.")
def imports(settings: Settings, shop_id: str | None, as_json: bool) -> None:
    """List the imported files, newest first; `import --undo N` takes one back."""
    from bot.cli.importing import find_shop, imports_table, listed_imports

    app = _open(settings)
    found = listed_imports(app, None if shop_id is None else find_shop(app, shop_id).id)
    if as_json:
        _print({"imports": found})
    else:
        click.echo(imports_table(app, found))


@command()
@click.option("--shop", "shop_id", help="Only this shop.")
@click.option("--valid", "valid", multiple=True, metavar="WORD", help="Orders with this status word are valid.")
@click.option("--not-valid", "not_valid", multiple=True, metavar="WORD", help="Orders with this word are not valid.")
def statuses(
    settings: Settings, shop_id: str | None, valid: tuple[str, ...], not_valid: tuple[str, ...], as_json: bool
) -> None:
    """List status words whose meaning is not known, and say what they mean for a shop; "" is an empty cell."""
    from bot.cli.importing import answer_statuses, listed_statuses, statuses_table

    if (valid or not_valid) and shop_id is None:
        raise click.UsageError("Say for which --shop.")
    app = _open(settings)
    if shop_id is not None:
        answer_statuses(app, shop_id, {**dict.fromkeys(valid, True), **dict.fromkeys(not_valid, False)})
    found = listed_statuses(app, shop_id)
    if as_json:
        _print({"statuses": found})
    else:
        click.echo(statuses_table(app, found))


@command()
@click.option("--shop", "shop_id", help="Only this shop.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="UTC day; the last complete one by default.")
def check(settings: Settings, shop_id: str | None, day: datetime | None, as_json: bool) -> None:
    """Measure ODR for one UTC day; a fired trigger opens a case."""
    from bot.cli import answers
    from bot.domain.refusal import Refusal
    from bot.services.measuring import last_complete_day

    app = _open(settings)
    known = _shop_ids(app)
    if shop_id is not None and shop_id not in known:
        raise Refusal("no_such_shop", shop=shop_id, known=", ".join(known[:20]))
    chosen = day.date() if day else last_complete_day(app.clock.now())
    if chosen > app.clock.now().date():
        _wrong(app.phrases.say("refusals.future_day", settings.language, day=chosen, today=app.clock.now().date()))
    checks = app.monitoring.check(chosen, None if shop_id is None else [shop_id])
    if as_json:
        _print({"shops": [answers.check_data(item) for item in checks]})
    else:
        click.echo(_check_lines(app, checks))


def _shop_ids(app: "App") -> list[str]:
    with app.store.unit(read_only=True) as unit:
        return [shop.id for shop in unit.shops.all()]


def _check_lines(app: "App", checks: "list[ShopCheck]") -> str:
    from bot.wording.shops import shops_card

    return shops_card(app.speaker(app.settings.language), checks).plain()


@command()
@click.option("--all", "everything", is_flag=True, help="Finished cases too.")
def cases(settings: Settings, everything: bool, as_json: bool) -> None:
    """List the cases, nearest deadline first."""
    from bot.cli import answers
    from bot.wording import replies
    from bot.wording.work import open_points

    app = _open(settings)
    with app.store.unit(read_only=True) as unit:
        shops = {shop.id: shop for shop in unit.shops.all()}
        judged = [app.judge.look(unit, case.id) for case in unit.cases.listed(list(shops), active=not everything)]
    if as_json:
        _print({"cases": [answers.case_data(item) for item in judged]})
        return
    if not judged:
        click.echo(_no_cases(app))
        return
    lines = [replies.Line(item.case, shops[item.case.shop], open_points(item), item.ready) for item in judged]
    click.echo(replies.cases_card(app.speaker(settings.language), lines).plain())


def _no_cases(app: "App") -> str:
    from bot.services.measuring import last_complete_day
    from bot.wording.shops import no_cases_card

    checks = app.monitoring.look(last_complete_day(app.clock.now()), _shop_ids(app))
    return no_cases_card(app.speaker(app.settings.language), checks).plain()


@command()
@click.argument("case_id", metavar="CASE")
def case(settings: Settings, case_id: str, as_json: bool) -> None:
    """Show one case."""
    from bot.cli import answers

    app = _open(settings)
    judged = app.judge.judge(case_id.upper())
    if as_json:
        _print(answers.case_data(judged))
    else:
        click.echo(app.publisher.headline_for(judged.case.id, settings.language).plain())


@command()
@click.argument("text")
@click.option("--as", "person", default="local", show_default=True, help="Who speaks.")
@click.option("--in", "channel", default="console:ops", show_default=True, help="The channel, platform:channel.")
@click.option("--thread", default="", help="The case whose thread it is.")
@click.option("--file", "files", multiple=True, type=click.Path(path_type=Path), help="A file to send along.")
def say(
    settings: Settings, text: str, person: str, channel: str, thread: str, files: tuple[Path, ...], as_json: bool
) -> None:
    """Say something to the bot: one turn through the same handlers as in a chat."""
    from bot.cli.saying import spoken
    from bot.messaging.card import to_json

    app = _open(settings)
    reply = app.dispatcher.handle(spoken(app, text, person, channel, thread.upper(), files))
    plain = "\n\n".join(card.plain() for card in reply.cards)
    if as_json:
        _print({"cards": [to_json(card) for card in reply.cards], "text": plain})
    else:
        click.echo(plain)


@command()
@click.argument("case_id", metavar="CASE")
def validate(settings: Settings, case_id: str, as_json: bool) -> None:
    """Check a case's evidence, form and draft against all rules."""
    from bot.cli import answers
    from bot.wording.work import work_card

    app = _open(settings)
    judged = app.judge.judge(case_id.upper())
    if as_json:
        _print(answers.validation_data(app.speaker(settings.language), judged))
    else:
        click.echo(work_card(app.speaker(settings.language), judged).plain())
    if not judged.ready:
        sys.exit(PROBLEM)


@command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--number", "own", multiple=True, metavar="N", help="An order's own tracking number; may be repeated.")
def read(settings: Settings, files: tuple[Path, ...], own: tuple[str, ...], as_json: bool) -> None:
    """Read evidence files and say what was found; nothing is stored."""
    from concurrent.futures import ThreadPoolExecutor

    from bot.reading.report import report

    app = _app(settings)
    unreadable = False
    with ThreadPoolExecutor(2) as threads:
        found = threads.map(lambda path: app.reader.read(path, path.name), files)
        for path, facts in zip(files, found, strict=True):
            unreadable |= not facts.readable and "picture_not_read" not in facts.warnings
            data = report(str(path), facts, own)
            click.echo(json.dumps(data, ensure_ascii=False) if as_json else _read_lines(app, data, facts))
    if unreadable:
        sys.exit(PROBLEM)


def _app(settings: Settings) -> "App":
    from bot.runtime.bootstrap import App

    return App(settings)


def _read_lines(app: "App", data: dict[str, Any], facts: Any) -> str:
    from bot.wording.evidence import warning_text
    from bot.wording.work import facts_line

    speak = app.speaker(app.settings.language)
    lines = [speak(f"evidence.own_{answer['why']}", number=answer["value"]) for answer in data.get("own", ())]
    lines += [f"! {warning_text(speak, warning)}" for warning in facts.warnings]
    further = "".join(f"\n  {line}" for line in lines)
    return f"{data['file']}: {speak.kind(facts.kind)}; {facts_line(speak, facts)}{further}"


@command()
def doctor(settings: Settings, as_json: bool) -> None:
    """Check the installation and say what to do."""
    from bot.cli.doctor import examine

    results = examine(settings)
    if as_json:
        _print({"checks": [{"name": item.name, "ok": item.ok, "detail": item.detail} for item in results]})
    else:
        for item in results:
            click.echo(f"{'ok  ' if item.ok else 'FAIL'} {item.name}: {item.detail}")
    if not all(item.ok for item in results):
        sys.exit(PROBLEM)


@command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
def backup(settings: Settings, file: Path, force: bool, as_json: bool) -> None:
    """Write the database and all originals to FILE (zip), also while odr-bot serves. Settings are not in it."""
    from bot.cli.backup import write_backup

    done = write_backup(settings, file, force, _say)
    if as_json:
        _print(done)
    for fault in ("damaged", "missing"):
        for sha256 in done[fault]:
            _say(f"odr-bot: {fault} original {sha256}")
    if done["damaged"] or done["missing"]:
        sys.exit(PROBLEM)
    _say(f"odr-bot: {file}: database and {done['originals']} originals, {done['bytes']:,} bytes")


@command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace what is there.")
def restore(settings: Settings, file: Path, force: bool, as_json: bool) -> None:
    """Put a backup back, after verifying all of it. Stop odr-bot before."""
    from bot.cli.backup import restore_backup

    done = restore_backup(settings, file, force, _say)
    if as_json:
        _print(done)
    if earlier := done["earlier_database"]:
        _say(f"odr-bot: the earlier database is kept as {earlier}")
    _say(f"odr-bot: restored the database and {done['originals']} originals")


@command()
@click.argument("action", type=click.Choice(["setup"]))
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Instead of the team's language.")
def feishu(settings: Settings, action: str, lang: str | None, as_json: bool) -> None:
    """Print what to do in Feishu's or Lark's developer console, as a checklist."""
    from functools import partial

    from bot.platforms.feishu.setup import checklist, plain

    language = lang or settings.language
    listed = checklist(settings.feishu, partial(_app(settings).phrases.say, lang=language))
    if as_json:
        _print(listed)
    else:
        click.echo(plain(listed))


@command()
@click.argument("action", type=click.Choice(["manifest"]))
@click.option("--address", default="", help="For mode http: where Slack reaches the program, https://….")
def slack(settings: Settings, action: str, address: str, as_json: bool) -> None:
    """Print the manifest from which Slack makes the app."""
    from bot.platforms.slack.setup import manifest

    made = manifest(settings.slack, address)
    if as_json:
        _print(made)
    else:
        click.echo(json.dumps(made, ensure_ascii=False, indent=2))


@command()
@click.argument("action", type=click.Choice(["upgrade", "version"]))
def db(settings: Settings, action: str, as_json: bool) -> None:
    """Bring the database tables up to date, or show their version."""
    from bot.store.database import HEAD, connect, upgrade, version

    engine = connect(settings.database_url, settings.database.busy_seconds)
    if action == "upgrade":
        upgrade(engine)
    now = version(engine)
    if as_json:
        _print({"version": now, "newest": HEAD})
    else:
        click.echo(f"{now or 'empty'} (newest {HEAD})")


if __name__ == "__main__":
    main()
