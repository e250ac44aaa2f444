"""The list of imported files, with the buttons that undo them."""

from collections.abc import Sequence

from bot.domain.imports import Import
from bot.domain.odr import day_of
from bot.messaging.card import Actions, Button, Card, Element, Table, Tone
from bot.wording.localizer import Localizer

LISTED, OFFERED = 15, 8
KINDS = ("orders", "returns", "reviews", "ratings", "defects")
COLUMNS = ("id", "file", "shop", "days", "rows", "by")


def listed_card(say: Localizer, imports: Sequence[Import]) -> Card:
    """The newest imports, each that can be undone with its button."""
    if not imports:
        return Card(say("replies.no_imports"), (), Tone.GREY, "", say.language)
    newest = imports[:LISTED]
    columns = tuple(say(f"previews.column_{name}") for name in COLUMNS)
    undo = tuple(
        Button(say("previews.button_undo", number=each.id), "import_undo", {"import": each.id})
        for each in newest
        if each.state == "taken"
    )
    elements: list[Element] = [Table(columns, tuple(_line(say, each) for each in newest))]
    return Card(
        say("previews.title_list"),
        (*elements, *([Actions(undo[:OFFERED])] if undo else [])),
        Tone.GREY,
        "",
        say.language,
    )


def _line(say: Localizer, each: Import) -> tuple[str, ...]:
    days = (
        ""
        if each.first_day is None or each.last_day is None
        else f"{day_of(each.first_day)} – {day_of(each.last_day)}"
    )
    state = "" if each.state == "taken" else " " + say(f"previews.state_{each.state}")
    kind = say(f"previews.kind_{each.kind}") if each.kind in KINDS else each.kind
    who = f"{each.by}, {say.phrases.utc(each.at)}"
    return (each.id + state, f"{kind}: {each.file}", each.shop, days, f"{each.rows:,}", who)
