"""The card of received exports: what they hold, what is asked, how far they are, and what came of them."""

from collections.abc import Iterator, Sequence

from bot.domain.odr import day_of
from bot.domain.previews import OPEN, Preview, PreviewState
from bot.messaging.card import Actions, Button, Card, Element, Fields, Form, Input, Style, Text, Tone
from bot.ports.sources import ExportSigns
from bot.services.imports_shown import FOLDER, ImportsShown
from bot.wording.evidence import warning_text
from bot.wording.localizer import Localizer

OFFERED, NOTES = 8, 3
_TONES = (
    ({PreviewState.REFUSED, PreviewState.ASKED}, Tone.YELLOW),
    ({PreviewState.WAITING, PreviewState.READING, PreviewState.QUEUED, PreviewState.RUNNING}, Tone.BLUE),
    ({PreviewState.TAKEN}, Tone.GREEN),
)


def imports_card(say: Localizer, shown: ImportsShown) -> Card:
    """One card for all exports of a message, with the buttons for what is to be decided."""
    previews = shown.previews
    elements: list[Element] = []
    for preview in previews:
        if len(previews) > 1:
            elements.append(Text(preview.file, Style.HEADING))
        if preview.came_in:
            elements.append(Text(say("previews.came_in", name=preview.came_in), Style.MUTED))
        elements += _section(say, shown, preview)
    elements += _left_out(say, previews)
    if buttons := _common(say, previews):
        elements.append(Actions(buttons))
    state = previews[0].state.value if len({each.state for each in previews}) == 1 else "several"
    title = say(f"previews.title_{state}", file=previews[0].file, count=len(previews))
    return Card(title, tuple(elements), _tone(previews), shown.slot, say.language)


def _left_out(say: Localizer, previews: Sequence[Preview]) -> Iterator[Element]:
    """What was not taken out of the archives and mails in which the exports came."""
    for name, warnings in {each.came_in: each.warnings for each in previews if each.warnings}.items():
        for warning in warnings:
            yield Text(say("previews.left_out", name=name, why=warning_text(say, warning)), Style.WARNING)


def _tone(previews: Sequence[Preview]) -> Tone:
    states = {each.state for each in previews}
    if any(each.state is PreviewState.WAITING and each.unsettled for each in previews):
        return Tone.YELLOW
    return next((tone for some, tone in _TONES if some & states), Tone.GREY)


def _common(say: Localizer, previews: Sequence[Preview]) -> tuple[Button, ...]:
    """The buttons for all files that wait: import what is clear, or nothing."""
    ready = [each.id for each in previews if each.state is PreviewState.WAITING and not each.unsettled]
    open_ones = [each.id for each in previews if each.state in OPEN]
    buttons = []
    if ready:
        label = say("previews.button_import", count=len(ready), all=len(previews))
        payload = {"preview": ",".join(ready)}
        buttons.append(Button(label, "import_confirm", payload, "primary"))
        if any(each.may_reach_further for each in previews if each.id in ready):
            fresh = say("previews.button_fresh", count=len(ready), all=len(previews))
            buttons.append(Button(fresh, "import_confirm", {**payload, "fresh": "yes"}))
            buttons.append(Button(say("previews.button_exported"), "import_exported", payload))
    if len(previews) == 1 and previews[0].state is PreviewState.WAITING:
        buttons += [_other(say, previews[0]), _evidence(say, previews[0])]
    if open_ones:
        buttons.append(Button(say("previews.button_cancel"), "import_cancel", {"preview": ",".join(open_ones)}))
    return tuple(buttons)


def _other(say: Localizer, preview: Preview) -> Button:
    return Button(say("previews.button_other"), "import_other", {"preview": preview.id})


def _evidence(say: Localizer, preview: Preview) -> Button:
    return Button(say("previews.button_evidence"), "import_evidence", {"preview": preview.id})


def _section(say: Localizer, shown: ImportsShown, preview: Preview) -> Iterator[Element]:
    match preview.state:
        case PreviewState.WAITING:
            yield from _preview(say, shown, preview)
        case PreviewState.ASKED:
            yield Text(say("previews.asks", kind=_kind(say, preview), file=preview.file))
            button = Button(say("previews.button_it"), "import_it", {"preview": preview.id}, "primary")
            yield Actions((button, _evidence(say, preview)))
        case PreviewState.REFUSED:
            yield Text(say(f"imports.{preview.problem}", **preview.params), Style.WARNING)
            yield Text(say("previews.refused"))
            yield Actions((_other(say, preview), _evidence(say, preview)))
        case _:
            yield from _outcome(say, shown, preview)


def _outcome(say: Localizer, shown: ImportsShown, preview: Preview) -> Iterator[Element]:
    facts, shop = preview.facts, shown.shops.get(preview.shop)
    share = 100 * preview.written // facts.parts if facts.parts else 0
    named = shown.names.get(preview.decided_by, "")
    who = say("previews.by_folder") if preview.decided_by == FOLDER else named
    words = say(
        f"previews.outcome_{preview.state.value}",
        file=preview.file,
        kind=_kind(say, preview),
        shop=shop.name if shop else "",
        rows=facts.rows,
        facts=facts,
        share=share,
        who=who,
        number=preview.import_id,
    )
    yield Text(words)
    if preview.problem == "stands_still":
        yield Text(say("previews.stands_still", cause=say(f"previews.fault_{_fault(preview)}")), Style.WARNING)
    if preview.exported_at:
        yield Text(say("previews.exported", at=preview.exported_at, who=who), Style.MUTED)
    if preview.differences:
        yield Text(say("previews.differences", count=preview.differences), Style.MUTED)
    if preview.state is PreviewState.TAKEN:
        yield from _notes(say, preview)
        yield Actions((Button(say("replies.button_undo"), "import_undo", {"import": preview.import_id}),))


def _fault(preview: Preview) -> str:
    fault = preview.params.get("fault", "")
    return fault if fault in ("full", "locked", "read_only", "unreachable") else "other"


def _preview(say: Localizer, shown: ImportsShown, preview: Preview) -> Iterator[Element]:
    if not preview.kind:
        yield Text(say("previews.which_kind"))
        yield Actions(
            tuple(
                Button(say(f"previews.kind_{each}"), "import_with", {"preview": preview.id, "kind": each})
                for each in preview.kinds
            )
        )
        return
    yield Fields(tuple(_pairs(say, shown, preview)))
    yield from _reach(say, shown, preview)
    yield from _notes(say, preview)
    yield from _questions(say, shown, preview)


def _pairs(say: Localizer, shown: ImportsShown, preview: Preview) -> Iterator[tuple[str, str]]:
    facts, shop = preview.facts, shown.shops.get(preview.shop)
    yield say("previews.label_shop"), _shop(say, preview, f"{shop.name} ({shop.site})" if shop else "")
    yield say("previews.label_kind"), _kind(say, preview)
    rows = say("previews.rows", rows=facts.rows, orders=facts.orders, defects=sum(facts.defects.values()))
    yield say("previews.label_rows"), rows
    if facts.days:
        first, last = day_of(facts.days[0]), day_of(facts.days[-1])
        yield say("previews.label_days"), say("previews.days", first=first, last=last, order=facts.dates)
    if shop:
        yield say("previews.label_compared"), say("previews.compared", facts=facts)


def _reach(say: Localizer, shown: ImportsShown, preview: Preview) -> Iterator[Element]:
    """Until when the data are known, where that depends on when the file was exported."""
    days = preview.facts.days
    if preview.shop in shown.shops and preview.may_reach_further and not preview.unsettled:
        yield Text(say("previews.reach", last=day_of(days[-1]) if days else None), Style.MUTED)


def _shop(say: Localizer, preview: Preview, name: str) -> str:
    return say(f"previews.guess_{preview.guess or 'none'}", shop=name)


def _kind(say: Localizer, preview: Preview) -> str:
    return say(f"previews.kind_{preview.kind}") if preview.kind else say("previews.kind_several")


def _notes(say: Localizer, preview: Preview) -> Iterator[Element]:
    """What is worth a look: words that nobody has explained, and rows that are not taken."""
    facts = preview.facts
    if facts.words:
        words = say("previews.and").join(
            say("previews.word", word=each.word.text, orders=each.orders) for each in facts.words[:NOTES]
        )
        yield Text(say("previews.words", words=words, more=len(facts.words[NOTES:])), Style.MUTED)
    if facts.skipped:
        lines = [
            say("replies.import_skipped", line=each.line, reason=say(f"imports.{each.reason}", **each.params)).strip()
            for each in facts.notes[:NOTES]
        ]
        yield Text(say("previews.skipped", count=facts.skipped, lines="\n".join(lines)), Style.MUTED)


def _questions(say: Localizer, shown: ImportsShown, preview: Preview) -> Iterator[Element]:
    shop = shown.shops.get(preview.shop)
    if shop is None:
        yield Text(say("previews.which_shop"))
        yield shop_buttons(say, shown, preview)
        return
    if preview.sites and shop.site not in preview.sites and preview.guess != "ids":
        sites = ", ".join(preview.sites)
        yield Text(say("previews.other_site", sites=sites, shop=shop.name, site=shop.site), Style.WARNING)
    if preview.facts.elsewhere and not preview.move:
        yield from _foreign(say, shown, preview, shop.name)
    elif preview.facts.readings:
        yield from _dates(say, preview)


def shop_buttons(say: Localizer, shown: ImportsShown, preview: Preview) -> Actions:
    """A button for each shop that may be meant, those on a site to which the file points first."""
    shops = sorted(shown.shops.values(), key=lambda each: (each.site not in preview.sites, each.id))
    return Actions(
        tuple(
            Button(f"{each.name} ({each.site})", "import_with", {"preview": preview.id, "shop": each.id})
            for each in shops[:OFFERED]
            if each.id != preview.shop
        )
    )


def _foreign(say: Localizer, shown: ImportsShown, preview: Preview, shop: str) -> Iterator[Element]:
    """The question about orders that are another shop's; one that is not seen here is not named."""
    elsewhere = preview.facts.elsewhere
    names = [shown.shops[each].name for each in elsewhere if each in shown.shops]
    count = sum(elsewhere.values())
    yield Text(
        say("previews.foreign", count=count, example=preview.facts.example, others=", ".join(names), shop=shop),
        Style.WARNING,
    )
    buttons = [
        Button(
            say("previews.button_to", shop=shown.shops[each].name),
            "import_with",
            {"preview": preview.id, "shop": each},
            "primary",
        )
        for each in elsewhere
        if each in shown.shops
    ]
    if len(names) == len(elsewhere):
        move, sure = say("previews.button_move", shop=shop), say("previews.confirm_move", others=", ".join(names))
        buttons.append(Button(move, "import_with", {"preview": preview.id, "move": "yes"}, "danger", sure))
    if buttons:
        yield Actions(tuple(buttons))


def _dates(say: Localizer, preview: Preview) -> Iterator[Element]:
    """Both ways to read the dates, each with the button that takes it."""
    yield Text(say("previews.dates"))
    buttons = []
    for order, read in preview.facts.readings.items():
        yield Text(say("previews.reading_line", order=order, read=read))
        if read.days:
            label = say("previews.button_dates", order=order)
            buttons.append(Button(label, "import_with", {"preview": preview.id, "dates": order}))
    yield Actions(tuple(buttons))


def exported_form(say: Localizer, files: Sequence[str], ids: str) -> Card:
    """Asks when files were exported; they are imported with the answer."""
    label, hint = say("previews.exported_label"), say("previews.exported_hint")
    inputs = (Input("exported", label, "time", required=True, hint=hint),)
    title = say("previews.exported_title", files=", ".join(files))
    form = Form(title, "import_exported", inputs, say("previews.exported_save"), {"preview": ids})
    return Card(title, (Text(say("previews.exported_what")), form), Tone.BLUE, "", say.language)


def which_card(say: Localizer, waiting: Sequence[Preview]) -> Card:
    """Asks which of several exports is to be imported."""
    ready = [each for each in waiting if each.state is PreviewState.WAITING and not each.unsettled]
    buttons = tuple(Button(each.file, "import_confirm", {"preview": each.id}) for each in ready[:OFFERED])
    every = Button(
        say("previews.button_import", count=len(ready), all=len(ready)),
        "import_confirm",
        {"preview": ",".join(each.id for each in ready)},
        "primary",
    )
    if not buttons:
        return Card(say("previews.answer_first", file=waiting[0].file), (), Tone.YELLOW, "", say.language)
    return Card(say("previews.which"), (Actions((every, *buttons)),), Tone.BLUE, "", say.language)


def no_export_card(say: Localizer, name: str, signs: ExportSigns) -> Card:
    """Says of a table why it cannot be imported, while it is kept as evidence."""
    words = Text(say(f"imports.{signs.why}", **signs.params))
    return Card(say("previews.no_export", file=name), (words,), Tone.YELLOW, "", say.language)
