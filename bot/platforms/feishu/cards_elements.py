"""Renders the neutral elements in Feishu's form, with as much detail as the card has room for."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.messaging.card import (
    COPY_AT_ONCE,
    Actions,
    Attachment,
    Button,
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
)
from bot.platforms.feishu.cards_charts import chart
from bot.platforms.feishu.cards_tables import copied, matrix, panel
from bot.platforms.feishu.markup import (
    Json,
    account_of,
    bold,
    callback,
    coloured,
    cut,
    escape,
    line,
    link,
    markdown,
    mention,
    plain,
)
from bot.platforms.feishu.modals import LABEL_LENGTH, form
from bot.platforms.sizes import readable_size

LOCALES = {"zh": "zh_cn", "en": "en_us"}
ACCOUNT = re.compile(r"\b(ou_[A-Za-z0-9_]{1,64})\b")
BUTTONS_IN_A_ROW = 10
TABLES_AT_MOST, ROWS_A_PAGE, CELL_LENGTH = 5, 10, 200

_TYPES = {"primary": "primary", "danger": "danger"}
_MARKS = {Mark.DONE: "✅", Mark.MISSING: "⬜", Mark.UNSURE: "❓", Mark.WARNING: "⚠️", Mark.INFO: "ℹ️"}


@dataclass(frozen=True)
class Detail:
    """How much of each element is shown: lines of lists and tables, characters of a text, points of a chart."""

    lines: int
    characters: int
    chart: bool = True


@dataclass(frozen=True)
class CardContext:
    """What a card is rendered with: `say(key, language, **params)` gives the renderer's own texts,
    `account(person)` the account by which a person is mentioned, and `name(account)` the name of an account, ""
    when it is not known."""

    say: Callable[..., str]
    language: str
    account: Callable[[str], str]
    name: Callable[[str], str] = lambda account: ""

    def both(self, key: str, **params: object) -> Json:
        """A text as markdown content with its translations, so that each reader sees their own language."""
        translated = {locale: self.say(key, language, **params) for language, locale in LOCALES.items()}
        return {"content": translated[LOCALES.get(self.language, "en_us")], "i18n_content": translated}

    def plain(self, key: str, **params: object) -> Json:
        """A text as a plain-text object with its translations."""
        return {"tag": "plain_text", **self.both(key, **params)}

    def call(self, person: str) -> str:
        """Mentions a person, or only names them when no account is known, because Feishu refuses a card with a
        wrong account."""
        return mention(account_of(person, self.account)) or escape(f"@{person}")

    def words(self, text: str) -> str:
        """A text as markdown, in which accounts become mentions of people."""
        parts = ACCOUNT.split(text)
        return "".join(self._who(part) if number % 2 else escape(part) for number, part in enumerate(parts))

    def _who(self, account: str) -> str:
        # Feishu knows the name of an account even where the app may not read it.
        return escape(self.name(account)) or f"<person id='{account}' show_name=true show_avatar=false></person>"

    def plain_words(self, text: str) -> str:
        """A text in which accounts become the names of people, where these are known."""
        return ACCOUNT.sub(lambda found: self.name(found[0]) or found[0], text)


class Elements:
    """Renders the elements of one card, and counts those of which Feishu allows only a certain number."""

    def __init__(self, context: CardContext, detail: Detail, title: str = "") -> None:
        self.context, self.detail, self.title = context, detail, title
        self.tables, self.forms = 0, 0

    def draw(self, element: Element) -> list[Json]:
        """The element as Feishu's JSON; raises TypeError for an unknown element."""
        match element:
            case Text():
                return self._text(element)
            case Fields(pairs, fold):
                return self._folded(fold, self._lines([self._pair(label, value) for label, value in pairs]))
            case Table():
                return self._table(element)
            case Checklist(items, fold):
                return self._folded(fold, self._lines([self._item(item) for item in items]))
            case Matrix():
                return [matrix(element)]
            case Copy():
                return self._copy(element)
            case Countdown():
                return self._countdown(element)
            case Chart():
                return self._chart(element)
            case Actions():
                return _button_rows(element)
            case Form():
                return self._form(element)
            case Link(label, address):
                return markdown(f"🔗 {link(address, label)}")
            case Attachment():
                return markdown(f"📎 {bold(escape(element.file_name))} · {readable_size(element.size)}")
        raise TypeError(f"unknown card element {type(element).__name__}")

    def _words(self, text: str) -> str:
        return self.context.words(cut(text, self.detail.characters))

    def _flat(self, text: str) -> str:
        """Words that get a colour, in which no mention may stand."""
        return escape(self.context.plain_words(cut(text, self.detail.characters)))

    def _text(self, text: Text) -> list[Json]:
        called = " ".join(self.context.call(person) for person in text.mentions)
        plain = text.style in (Style.NORMAL, Style.QUOTE)
        words, size = _styled((self._words if plain else self._flat)(text.words), text.style)
        return markdown(" ".join(filter(None, (called, words))), size)

    def _pair(self, label: str, value: str) -> str:
        return f"{bold(escape(line(label, CELL_LENGTH)))}  {self._words(value)}"

    def _item(self, item: Item) -> str:
        detail = f"\n{coloured('→ ' + self._flat(item.detail), 'grey')}" if item.detail else ""
        return f"{_MARKS[item.mark]} {self._words(item.words)}{detail}"

    def _lines(self, lines: list[str]) -> list[Json]:
        return [*markdown("\n".join(lines[: self.detail.lines])), *self._more(len(lines) - self.detail.lines)]

    def _folded(self, fold: str, shown: list[Json]) -> list[Json]:
        return [panel(plain(fold, LABEL_LENGTH), shown)] if fold and shown else shown

    def _copy(self, copy: Copy) -> list[Json]:
        """Lines to copy in a block of code, and the pages about them as links; of many lines the first at once."""
        label = markdown(coloured(escape(copy.label), "grey"), "notation")
        first, rest = copy.lines[:COPY_AT_ONCE], copy.lines[COPY_AT_ONCE : self.detail.lines]
        folded = [panel(self.context.plain("feishu.copy_more", count=len(rest)), copied(rest))] if rest else []
        more = self._more(len(copy.lines) - max(self.detail.lines, COPY_AT_ONCE))
        return [*label, *copied(first), *folded, *more]

    def _more(self, count: int) -> list[Json]:
        if count <= 0:
            return []
        return [{"tag": "markdown", "text_size": "notation", **self.context.both("feishu.more", count=count)}]

    def _table(self, table: Table) -> list[Json]:
        self.tables += 1
        if self.tables > TABLES_AT_MOST or not table.columns:
            return self._lines([" · ".join(self._words(cell) for cell in row) for row in table.rows])
        return [self._grid(table), *self._more(len(table.rows) - self.detail.lines)]

    def _grid(self, table: Table) -> Json:
        names = [f"c{number}" for number in range(len(table.columns))]
        room = min(CELL_LENGTH, self.detail.characters)
        columns = [
            {"name": name, "display_name": line(title, CELL_LENGTH), "data_type": "text", "width": "auto"}
            for name, title in zip(names, table.columns, strict=True)
        ]
        rows = [
            {name: line(self.context.plain_words(cell), room) for name, cell in zip(names, row, strict=False)}
            for row in table.rows[: self.detail.lines]
        ]
        return {"tag": "table", "page_size": ROWS_A_PAGE, "row_height": "auto", "columns": columns, "rows": rows}

    def _countdown(self, countdown: Countdown) -> list[Json]:
        fallback = countdown.fallback or f"{countdown.label}: {countdown.until:%Y-%m-%d %H:%M} UTC"
        at = int(countdown.until.timestamp() * 1000)
        own = " ".join(
            f"<local_datetime millisecond='{at}' format_type='{part}'></local_datetime>"
            for part in ("date_short", "time", "timezone")
        )
        yours = self.context.both("feishu.your_time")
        texts = {key: f"{coloured(escape(text), 'grey')} {own}" for key, text in yours["i18n_content"].items()}
        words = {"content": texts[LOCALES.get(self.context.language, "en_us")], "i18n_content": texts}
        return [*markdown(f"⏳ {bold(escape(fallback))}"), {"tag": "markdown", "text_size": "notation", **words}]

    def _chart(self, drawn: Chart) -> list[Json]:
        summary = markdown(coloured(escape(drawn.summary), "grey"), "notation")
        if not self.detail.chart or not drawn.points:
            return [*markdown(bold(escape(drawn.title))), *summary]
        return [chart(drawn, lambda key: self.context.say(key, self.context.language)), *summary]

    def _form(self, asked: Form) -> list[Json]:
        self.forms += 1
        # Below a title that asks the same, the form need not ask it again.
        head = "" if asked.title == self.title else asked.title
        return [form(self.forms - 1, asked, head, self.context.plain("feishu.choose"))]


def _button_rows(actions: Actions) -> list[Json]:
    """The buttons in rows, broken where the card is too narrow."""
    columns = [{"tag": "column", "width": "auto", "elements": [_button(button)]} for button in actions.buttons]
    rows = [columns[first : first + BUTTONS_IN_A_ROW] for first in range(0, len(columns), BUTTONS_IN_A_ROW)]
    return [{"tag": "column_set", "flex_mode": "flow", "horizontal_spacing": "8px", "columns": row} for row in rows]


def _button(button: Button) -> Json:
    shown: Json = {
        "tag": "button",
        "text": plain(button.label, LABEL_LENGTH),
        "type": _TYPES.get(button.style, "default"),
        "behaviors": [callback(button.action, button.payload)],
    }
    if button.confirm:
        shown["confirm"] = {"title": plain(button.label, LABEL_LENGTH), "text": plain(button.confirm, 300)}
    return shown


def _styled(escaped: str, style: Style) -> tuple[str, str]:
    """The words with their style, and the text size."""
    match style:
        case Style.HEADING:
            return bold(escaped), "heading"
        case Style.MUTED:
            return coloured(escaped, "grey"), "notation"
        case Style.WARNING:
            return "⚠️ " + coloured(escaped, "red"), "normal"
        case Style.QUOTE:
            return "\n".join(f"> {each}" for each in escaped.split("\n")), "normal"
        case _:
            return escaped, "normal"


def count_tags(value: Any) -> int:
    """The number of elements and components of a card, as Feishu counts them."""
    if isinstance(value, dict):
        return ("tag" in value) + sum(count_tags(each) for each in value.values())
    return sum(count_tags(each) for each in value) if isinstance(value, list) else 0
