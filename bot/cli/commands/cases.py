"""Commands about cases and evidence, as somebody in a chat has them."""

from dataclasses import replace
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from bot.cli.command import command, opened, unopened
from bot.cli.output import problem, show, show_json
from bot.settings.model import Settings

if TYPE_CHECKING:
    from bot.domain.evidence import Facts
    from bot.runtime.bootstrap import App


@command()
@click.option("--all", "everything", is_flag=True, help="Finished cases too.")
def cases(settings: Settings, everything: bool, as_json: bool) -> None:
    """List the cases, nearest deadline first."""
    from bot.cli import answers
    from bot.services.order_points import open_points
    from bot.wording import replies

    app = opened(settings)
    with app.store.unit(read_only=True) as unit:
        shops = {shop.id: shop for shop in unit.shops.all()}
        judged = app.judge.look_all(unit, unit.cases.listed(list(shops), active=not everything))
    if as_json:
        show_json({"cases": [answers.case_data(item) for item in judged]})
        return
    if not judged:
        show(_no_cases(app))
        return
    lines = [replies.CaseLine(item.case, shops[item.case.shop], open_points(item), item.ready) for item in judged]
    show(replies.cases_card(app.localizer(settings.language), lines).plain())


def _no_cases(app: "App") -> str:
    from bot.services.measuring import last_complete_day
    from bot.wording.shops import no_cases_card

    checks = app.monitoring.look(last_complete_day(app.clock.now()), [shop.id for shop in app.access.every_shop()])
    return no_cases_card(app.localizer(app.settings.language), checks).plain()


@command()
@click.argument("case_id", metavar="CASE")
def case(settings: Settings, case_id: str, as_json: bool) -> None:
    """Show one case with its figures and its countdown."""
    from bot.cli import answers

    app = opened(settings)
    judged = app.judge.judge(case_id.upper())
    if as_json:
        show_json(answers.case_data(judged))
    else:
        show(app.publisher.headline_for(judged.case.id, settings.language).plain())


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

    app = opened(settings)
    reply = app.dispatcher.handle(spoken(app, text, person, channel, thread.upper(), files))
    plain = "\n\n".join(card.plain() for card in reply.cards)
    if as_json:
        show_json({"cards": [to_json(card) for card in reply.cards], "text": plain})
    else:
        show(plain)


@command()
@click.argument("case_id", metavar="CASE")
def validate(settings: Settings, case_id: str, as_json: bool) -> None:
    """Check a case's evidence, form and draft against all rules."""
    from bot.cli import answers
    from bot.wording.work import work_card

    app = opened(settings)
    judged = app.judge.judge(case_id.upper())
    if as_json:
        show_json(answers.validation_data(app.localizer(settings.language), judged))
    else:
        show(work_card(app.localizer(settings.language), judged).plain())
    if not judged.ready:
        problem()


@command()
@click.argument("case_id", metavar="CASE")
@click.option("--covered", "copies", flag_value="covered", help="Copies in which personal data of buyers is covered.")
@click.option("--originals", "copies", flag_value="originals", help="The originals, whatever they show of buyers.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The zip file to write.")
def export(settings: Settings, case_id: str, copies: str | None, output: Path | None, as_json: bool) -> None:
    """Write the package of a case: form fields, evidence, SHA-256 list, timeline. Without --covered or --originals,
    evidence that shows personal data of buyers goes into it as covered copies."""
    from bot.cli.exporting import write_package

    done = write_package(opened(settings), case_id.upper(), copies, output)
    show_json(done.data) if as_json else show(done.words)
    if done.left_out:
        problem()


@command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--number", "own", multiple=True, metavar="N", help="An order's own tracking number; may be repeated.")
def read(settings: Settings, files: tuple[Path, ...], own: tuple[str, ...], as_json: bool) -> None:
    """Read evidence files and say what was found; nothing is stored."""
    from concurrent.futures import ThreadPoolExecutor

    from bot.reading.report import report

    app = unopened(settings)
    unreadable = False
    with ThreadPoolExecutor(2) as threads:
        found = threads.map(lambda path: _read_all(app, path), files)
        for name, facts in chain.from_iterable(found):
            unreadable |= not (facts.readable or facts.parts) and "picture_not_read" not in facts.warnings
            data = report(name, facts, own)
            show_json(data) if as_json else show(_read_lines(app, data, facts))
    if unreadable:
        problem()


def _read_all(app: "App", path: Path) -> list[tuple[str, "Facts"]]:
    """The facts of a file by its name, and those of the files that came in it."""
    from bot.domain.filename import safe_name

    found = [(str(path), app.reader.read(path, path.name))]
    with TemporaryDirectory() as folder:
        for number, (part, data) in enumerate(app.reader.contents(path).files if found[0][1].parts else ()):
            copy, name = Path(folder) / str(number), safe_name(part)
            copy.write_bytes(data)
            facts = app.reader.read(copy, name)
            found.append((f"{path} > {name}", replace(facts, came_in=path.name, parts=())))
    return found


def _read_lines(app: "App", data: dict[str, Any], facts: Any) -> str:
    from bot.wording.evidence import warning_text
    from bot.wording.received import facts_line

    speak = app.localizer(app.settings.language)
    lines = [speak(f"evidence.own_{answer['why']}", number=answer["value"]) for answer in data.get("own", ())]
    lines += [f"! {warning_text(speak, warning)}" for warning in facts.warnings]
    further = "".join(f"\n  {line}" for line in lines)
    return f"{data['file']}: {speak.kind(facts.kind)}; {facts_line(speak, facts)}{further}"
