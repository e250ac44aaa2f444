"""Commands about shops: their data come in, and are measured."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.command import command, opened
from bot.cli.output import misuse, problem, show, show_json, tell
from bot.settings.model import Settings

if TYPE_CHECKING:
    from bot.runtime.bootstrap import App
    from bot.services.measuring import ShopCheck


@command()
def demo(settings: Settings, as_json: bool) -> None:
    """Load the demo shops, with dates relative to now, into the data folder."""
    from bot.cli.demo import load_demo

    result = load_demo(settings, tell)
    if as_json:
        show_json(result)


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
    from bot.cli.importing import ImportOptions, import_file, undo_import

    if (file is None or shop_id is None) if undo is None else (file is not None):
        raise click.UsageError("Give a file and --shop, or --undo N alone.")
    if file is None or shop_id is None:
        undone = undo_import(opened(settings), str(undo), tell)
        if as_json:
            show_json(undone)
        return
    report = import_file(opened(settings), file, shop_id, ImportOptions(kind, dates, move, exported), tell)
    if as_json:
        show_json(report)
    if report["skipped"]:
        problem()


@command()
@click.option("--shop", "shop_id", help="Only this shop.")
def imports(settings: Settings, shop_id: str | None, as_json: bool) -> None:
    """List the imported files, newest first; `import --undo N` takes one back."""
    from bot.cli.importing import find_shop, imports_table, listed_imports

    app = opened(settings)
    found = listed_imports(app, None if shop_id is None else find_shop(app, shop_id).id)
    if as_json:
        show_json({"imports": found})
    else:
        show(imports_table(app, found))


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
    app = opened(settings)
    if shop_id is not None:
        answer_statuses(app, shop_id, {**dict.fromkeys(valid, True), **dict.fromkeys(not_valid, False)})
    found = listed_statuses(app, shop_id)
    if as_json:
        show_json({"statuses": found})
    else:
        show(statuses_table(app, found))


@command()
@click.option("--shop", "shop_id", help="Only this shop.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="UTC day; the last complete one by default.")
def check(settings: Settings, shop_id: str | None, day: datetime | None, as_json: bool) -> None:
    """Measure ODR for one UTC day; a fired trigger opens a case."""
    from bot.cli import answers
    from bot.domain.refusal import Refusal
    from bot.services.measuring import last_complete_day

    app = opened(settings)
    known = [shop.id for shop in app.access.every_shop()]
    if shop_id is not None and shop_id not in known:
        raise Refusal("no_such_shop", shop=shop_id, known=", ".join(known[:20]))
    chosen = day.date() if day else last_complete_day(app.clock.now())
    if chosen > app.clock.now().date():
        misuse(app.phrases.say("refusals.future_day", settings.language, day=chosen, today=app.clock.now().date()))
    checks = app.monitoring.check(chosen, None if shop_id is None else [shop_id])
    if as_json:
        show_json({"shops": [answers.check_data(item) for item in checks]})
    else:
        show(_check_lines(app, checks))


def _check_lines(app: "App", checks: "list[ShopCheck]") -> str:
    from bot.wording.shops import shops_card

    return shops_card(app.localizer(app.settings.language), checks).plain()


@command()
@click.argument("action", type=click.Choice(["connect", "shops", "pull", "status", "disconnect"]))
@click.option("--code", help="The code, or the address to which the seller was sent back.")
@click.option("--shop", default="", help="Only this shop: its id in the settings, or on TikTok Shop.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Read anew from this UTC day on.")
def tiktok(
    settings: Settings, action: str, code: str | None, shop: str, since: datetime | None, as_json: bool
) -> None:
    """Connect shops by TikTok Shop's API and read them: orders, returns, reviews, service ratings."""
    from bot.cli import tiktok as words

    app, good, text = opened(settings), True, ""
    if action == "connect":
        data = words.connect(app, code, tell)
    elif action == "disconnect":
        data = words.disconnect(app, shop, tell)
    elif action == "pull":
        data, good = words.pull(app, shop, since.date() if since else None, tell)
    else:
        data, text = words.shops(app) if action == "shops" else words.status(app)
    if as_json:
        show_json(data)
    elif text:
        show(text)
    if not good:
        problem()
