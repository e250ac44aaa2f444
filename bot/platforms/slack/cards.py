"""Renders cards as Block Kit: pure, every element of bot.messaging.card, always within Slack's limits."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.domain.addresses import HEADLINE, WORK, Slot
from bot.messaging.card import (
    COPY_AT_ONCE,
    Actions,
    Attachment,
    Button,
    Card,
    Chart,
    Checklist,
    Copy,
    Countdown,
    Element,
    Fields,
    Form,
    Item,
    Link,
    Mark,
    Matrix,
    Style,
    Table,
    Text,
    Tone,
)
from bot.platforms.sizes import readable_size
from bot.platforms.slack import cards_blocks as blocks
from bot.platforms.slack.cards_fit import HOME, MESSAGE, PAGE, BlockPart, Room, fit, paged
from bot.platforms.slack.markup import ELLIPSIS, NOTHING, Json, cut, escape, link, plain

PRESS, FORM, MORE, FILES = "press", "form", "more", "files"
"""How action ids begin: a card's button, a card's form, the whole card, the dialog for files."""

NOTIFICATION = 3000
"""The text beside the blocks: the notification, and all there is for a screen reader."""

CALLED = 20
"""People mentioned in one text, at the most."""

_TONES = {Tone.RED: "🔴 ", Tone.ORANGE: "🟠 ", Tone.YELLOW: "🟡 ", Tone.GREEN: "🟢 ", Tone.BLUE: "🔵 ", Tone.GREY: ""}
_MARKS = {Mark.DONE: "✅", Mark.MISSING: "⬜", Mark.UNSURE: "❓", Mark.WARNING: "⚠️", Mark.INFO: "💡"}
_SQUARES = {Mark.DONE: "✅", Mark.MISSING: "❌", Mark.UNSURE: "❓", Mark.WARNING: "⚠️", Mark.INFO: "💡"}
_DATE = "{date_short_pretty} {time}"


@dataclass(frozen=True)
class CardContext:
    """What a card is rendered with: `say(key, **params)` gives Slack's own texts in the card's language,
    `mention(person)` the mrkdwn that mentions a person, and `picture(chart)` the id of an uploaded chart, or ""."""

    say: Callable[..., str]
    mention: Callable[[str], str]
    picture: Callable[[Chart], str] = lambda chart: ""


def render(card: Card, context: CardContext) -> list[Json]:
    """The blocks of a message. Raises TypeError for an unknown element."""
    return fit(_parts(card, context, tables=1), MESSAGE, lambda lines: _rest(context, lines))


def render_home(card: Card, context: CardContext) -> list[Json]:
    """The blocks of a person's Home tab."""
    return fit(_parts(card, context, tables=0), HOME, lambda lines: [blocks.small(_more(context, lines))])


def render_pages(card: Card, context: CardContext, room: Room = PAGE) -> list[list[Json]]:
    """The whole card for reading, in pages for a dialog."""
    readable = tuple(element for element in card.elements if not isinstance(element, Actions | Form))
    return paged(_parts(Card(card.title, readable, card.tone, language=card.language), context, tables=0), room)


def notification(card: Card, context: CardContext) -> str:
    """The text beside the blocks, as mrkdwn; people are notified from here when there are no blocks."""
    called = [context.mention(person) for person in mentioned(card)]
    words = escape(cut(card.plain(), NOTIFICATION))
    return " ".join([words, *called])


def mentioned(card: Card) -> list[str]:
    """The ids of the people whom the card mentions."""
    texts = [element for element in card.elements if isinstance(element, Text)]
    return list(dict.fromkeys(person for text in texts for person in text.mentions))


def opens_thread(card: Card) -> bool:
    """Whether it is the headline card, which opens a case's thread."""
    return Slot.read(card.slot).is_own(HEADLINE)


def forms(card: Card) -> list[Form]:
    """The forms of the card in their order; a button of the message refers to one by its number."""
    return [element for element in card.elements if isinstance(element, Form)]


def form_id(form: Form) -> Json:
    """The data by which a form is found again, whatever else the card comes to show."""
    data = json.dumps([form.action, form.payload], ensure_ascii=False, sort_keys=True)
    return {"form": hashlib.sha256(data.encode()).hexdigest()[:32]}


def charts(card: Card) -> list[Chart]:
    """The charts that the card contains."""
    return [element for element in card.elements if isinstance(element, Chart)]


def _rest(context: CardContext, lines: int) -> list[Json]:
    show = blocks.button(context.say("slack.show_all"), blocks.ActionId(MORE), {})
    return [blocks.small(_more(context, lines)), *blocks.actions([show])]


def _more(context: CardContext, lines: int) -> str:
    return escape(context.say("slack.more", count=lines))


def _parts(card: Card, context: CardContext, tables: int) -> list[BlockPart]:
    """The blocks of the card; at most `tables` of its tables become table blocks."""
    parts = _title(card)
    numbers = {id(form): number for number, form in enumerate(forms(card))}
    for place, element in enumerate(card.elements):
        if isinstance(element, Table):
            parts += _table(element) if tables > 0 else _lines(element)
            tables -= 1
        elif isinstance(element, Form):
            parts += _form(element, numbers[id(element)], card.title, context)
        else:
            parts += _element(element, place, context)
    return [*parts, *_extra(card, context)]


def _title(card: Card) -> list[BlockPart]:
    sign = _TONES[card.tone]
    title = " ".join(card.title.split())
    if card.elements and len(sign + title) <= blocks.HEADER // 2 and "\n" not in card.title.strip():
        return [BlockPart(blocks.header(sign + title), needed=True)]
    strong = bool(card.elements) and "\n" not in card.title.strip() and len(title) < blocks.TEXT // 10
    marks = (f"{sign}*", "*") if strong else (sign, "")
    return [BlockPart(block, needed=True) for block in blocks.paragraphs(title if strong else card.title, *marks)]


def _element(element: Element, place: int, context: CardContext) -> list[BlockPart]:
    match element:
        case Text():
            urgent = element.style is Style.WARNING or bool(element.mentions)
            return [BlockPart(block, needed=urgent) for block in _text(element, context)]
        case Fields(pairs, fold):
            return _folded(fold, blocks.fields(pairs))
        case Checklist(items, fold):
            return _folded(fold, blocks.listed(map(_item, items)))
        case Matrix():
            return _matrix(element)
        case Copy():
            return _copy(element)
        case Countdown():
            return [BlockPart(blocks.section(_countdown(element, context)), needed=True)]
        case Chart():
            return [BlockPart(block) for block in _chart(element, context)]
        case Actions(buttons):
            return [BlockPart(block, needed=True) for block in blocks.actions(_buttons(buttons, place, context))]
        case Link(label, address):
            return [BlockPart(blocks.section(f"🔗 {link(address, label)}"), needed=True)]
        case Attachment():
            return [BlockPart(blocks.small(_attachment(element)), needed=True)]
        case _:
            raise TypeError(f"unknown card element {type(element).__name__}")


def _text(text: Text, context: CardContext) -> list[Json]:
    called = "".join(f" {context.mention(person)}" for person in text.mentions[:CALLED])
    match text.style:
        case Style.HEADING:
            return blocks.paragraphs(" ".join(text.words.split()), "*", f"*{called}")
        case Style.MUTED if not called:
            return blocks.muted(text.words)
        case Style.QUOTE:
            return [*blocks.quote(text.words), *([blocks.section(called.strip())] if called else [])]
        case Style.WARNING:
            return blocks.paragraphs(text.words, "⚠️ ", called)
    return blocks.paragraphs(text.words, "", called)


def _table(table: Table) -> list[BlockPart]:
    if not table.columns:
        return []
    block, shown = blocks.table(table.columns, table.rows)
    return [BlockPart(block, shown + 1), *_lines(Table(table.columns, table.rows[shown:]), head=False)]


def _lines(table: Table, head: bool = True) -> list[BlockPart]:
    """A table as lines of text, one for each row, where no table block is possible."""
    lines = [f"*{_row(table.columns)}*"] if head else []
    lines += [f"• {_row(row)}" for row in table.rows]
    return [BlockPart(block, count) for block, count in blocks.listed(lines)]


def _row(cells: tuple[str, ...]) -> str:
    shown = [" ".join(cell.split()) for cell in cells]
    return escape(cut(" · ".join(cell for cell in shown if cell), blocks.GROUP))


def _folded(fold: str, shown: Iterable[tuple[Json, int]]) -> list[BlockPart]:
    """Blocks that stand under the title `fold` in the whole card alone; as they are when there is no such title."""
    parts = [BlockPart(block, lines, folded=bool(fold)) for block, lines in shown]
    head = [BlockPart(block, 0, folded=True) for block in blocks.paragraphs(fold, "*", "*")] if fold else []
    return [*head, *parts]


def _matrix(matrix: Matrix) -> list[BlockPart]:
    """A matrix as rows of signs of one width, which a phone shows without scrolling; their meaning stands below."""
    heads = "".join(column.sign for column in matrix.columns)
    rows = [f"{''.join(_SQUARES[mark] for mark in row.marks)} {escape(row.label)}" for row in matrix.rows]
    legend = " · ".join(f"{column.sign} {escape(column.name)}" for column in matrix.columns)
    lines = [f"{heads} {escape(matrix.corner)}", *rows]
    parts = [BlockPart(block, count, needed=True) for block, count in blocks.listed(lines)]
    return [*parts, BlockPart(blocks.small(legend), needed=True)]


def _copy(copy: Copy) -> list[BlockPart]:
    """Lines to copy, in letters of one width, under their label; the first of many at once."""
    label = [BlockPart(block) for block in blocks.muted(copy.label)]
    parts = [
        BlockPart(block, lines, folded=start > 0)
        for start in range(0, len(copy.lines), COPY_AT_ONCE)
        for block, lines in blocks.code([(line.words, line.address) for line in copy.lines[start:][:COPY_AT_ONCE]])
    ]
    return [*label, *parts]


def _item(item: Item) -> str:
    words = escape(cut(item.words, blocks.GROUP))
    detail = f"\n        ↳ {escape(cut(' '.join(item.detail.split()), blocks.GROUP))}" if item.detail else ""
    return f"{_MARKS[item.mark]} {words}{detail}"


def _countdown(countdown: Countdown, context: CardContext) -> str:
    utc = f"{countdown.until:%Y-%m-%d %H:%M} UTC"
    # The fallback is a whole sentence: with the label before it, people would read the same twice.
    words = " ".join((countdown.fallback or f"{countdown.label} {utc}").split())
    own = f"<!date^{int(countdown.until.timestamp())}^{_DATE}|{utc}>"
    return f"⏳ *{escape(cut(words, blocks.GROUP))}*\n🕒 {escape(context.say('slack.your_time'))} {own}"


def _chart(chart: Chart, context: CardContext) -> list[Json]:
    if file_id := context.picture(chart):
        return [blocks.picture(file_id, chart.summary or chart.title)]
    return [
        *blocks.paragraphs(f"{chart.title}\n{chart.summary}"),
        *blocks.muted(context.say("slack.picture_missing")),
    ]


def _buttons(buttons: tuple[Button, ...], place: int, context: CardContext) -> list[Json]:
    made = [
        _button(button, blocks.ActionId(PRESS, (place, number)), context) for number, button in enumerate(buttons)
    ]
    # One that cannot carry its payload could only be pressed in vain.
    return [button for button in made if len(button["value"]) <= blocks.VALUE]


def _button(button: Button, action_id: blocks.ActionId, context: CardContext) -> Json:
    made = blocks.button(button.label, action_id, {"a": button.action, "p": button.payload}, button.style)
    if not button.confirm:
        return made
    title, yes, no = context.say("slack.confirm"), context.say("slack.yes"), context.say("slack.no")
    texts = {"title": plain(title, 100), "text": plain(button.confirm, 300)}
    return made | {"confirm": {**texts, "confirm": plain(yes, 30), "deny": plain(no, 30)}}


def _form(form: Form, number: int, title: str, context: CardContext) -> list[BlockPart]:
    # Below a title that asks the same, the button need not ask it again.
    label = context.say("slack.fill_in") if form.title == title else form.title
    opens = blocks.button(label, blocks.ActionId(FORM, (number,)), form_id(form))
    return [BlockPart(block, needed=True) for block in blocks.actions([opens])]


def _attachment(file: Attachment) -> str:
    name = escape(cut(" ".join(file.file_name.split()), blocks.LABEL))
    return f"📎 *{name}* · {readable_size(file.size)} · SHA-256 `{escape(file.sha256[:12]) or NOTHING}…`"


def _extra(card: Card, context: CardContext) -> Iterator[BlockPart]:
    """In a case's thread, a button to add files, for people whose Slack cannot drop them."""
    if Slot.read(card.slot).is_own(WORK):
        add = blocks.button(f"📎 {context.say('slack.add_files')}{ELLIPSIS}", blocks.ActionId(FILES), {})
        yield BlockPart(blocks.actions([add])[0], needed=True)
