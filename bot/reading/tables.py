"""The data that reading goes by: formats of numbers and the words of many languages, validated on load."""

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.domain.evidence import TimeRole
from bot.settings.files import load_data

Words = Annotated[tuple[str, ...], Field(min_length=1)]
_UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{\d*,\}")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _bounded(pattern: str) -> str:
    if _UNBOUNDED.search(pattern):
        raise ValueError("expected bounded repeats only: ?, {n} or {m,n}")
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"expected a regular expression: {error}") from error
    return pattern


Pattern = Annotated[str, Field(min_length=1), AfterValidator(_bounded)]


Address = Annotated[str, Field(pattern=r"^https://[^ ]{4,200}$")]


class Format(_Data):
    """One format of a tracking number; a `label` format counts only near a label."""

    pattern: Pattern
    check: Literal["none", "ups", "usps", "s10", "fedex12", "fedex15", "mod7"] = "none"
    label: bool = False


class Carrier(_Data):
    """A carrier; the name "" stands for any. `site` is the only one where it delivers, "" where there are several;
    `address` is its tracking page, with {number} where the number goes."""

    name: str
    source: Address
    address: str = ""
    aliases: tuple[str, ...] = ()
    site: str = ""
    formats: Annotated[tuple[Format, ...], Field(min_length=1)]


class Labels(_Data):
    """The words of one language that announce a tracking number, with a public page that prints them."""

    language: str
    source: Address
    words: Words


class Carriers(_Data):
    """config/carriers.toml; `not_labels` announce numbers of other kinds though they end like a label."""

    order_id: Pattern
    labels: Annotated[tuple[Labels, ...], Field(min_length=1)]
    not_labels: tuple[str, ...]
    carriers: Annotated[tuple[Carrier, ...], Field(min_length=1)]


class RelativeDays(_Data):
    """Words for days that are told from the day of the page."""

    today: Words
    yesterday: Words
    day_before: Words


class ClockWords(_Data):
    """Words around a time of day; `zones` maps names to minutes east of UTC."""

    am: Words
    pm: Words
    between: Words
    declares: Words
    ambiguous_zones: tuple[str, ...]
    relative: RelativeDays
    versions: Words
    zones: dict[str, Annotated[int, Field(ge=-720, le=840)]]


class SiteWords(_Data):
    """How a page names its site."""

    labels: Words
    hosts: dict[str, Words]
    names: dict[str, Words]


class ChatColumns(_Data):
    """Names of columns in exported conversations."""

    speaker: Words
    words: Words
    number: Words


class ChatWords(_Data):
    """Words of conversations; `apps` are what other chat programs than the platform's say of themselves,
    and `markets` what other marketplaces do."""

    buyer: Words
    seller: Words
    system: Words
    omitted: Words
    names: Words
    hints: Words
    signs: Words
    platform: Words
    states: Words
    furniture: Words
    apps: dict[str, Words]
    markets: dict[str, Words]
    columns: ChatColumns


class ScreenWords(_Data):
    """Words of a screen's own bars: `menu` of a program's menu, `bar` of a task bar."""

    menu: Words
    bar: Words


class LogWords(_Data):
    """The words by which logs and their errors are recognised."""

    errors: Words
    no_errors: Words
    words: Words
    api_words: Words


Structure = Literal[
    "steps",
    "two_steps",
    "journey",
    "timeline",
    "delivered",
    "number",
    "numbers",
    "many_numbers",
    "no_number",
    "order",
    "orders",
    "many_orders",
    "amount",
    "amounts",
    "many_amounts",
    "stars",
    "rating",
    "table",
    "carrier",
    "few_times",
    "no_times",
    "period",
    "masked_name",
    "languages",
    "messages",
    "both_sides",
    "transcript",
    "place_to_write",
    "platform_chat",
    "log",
    "log_lines",
    "api_log",
]
"""What is read in a page rather than found as a word, see bot.reading.signs."""


class PageWords(_Data):
    """The signs by which a kind of page is told: words by sign, and what is read in its structure. Fewer signs of
    words than `words_least` say nothing, nor do any without the signs that it `needs`, nor without one at least of
    each group of `needs_one`, be it of words or of structure."""

    words_least: int = 0
    needs: tuple[str, ...] = ()
    needs_one: tuple[tuple[str, ...], ...] = ()
    structure: tuple[Structure, ...]
    signs: dict[str, Words]


class KindWords(PageWords):
    """The signs of a kind of evidence, and parts of file names that suggest it."""

    file_names: Words


class PersonalWords(_Data):
    """Labels of personal data; after a word of `support` a phone number is a company's."""

    address: Words
    recipient: Words
    phone: Words
    support: Words


class LinkPages(_Data):
    """Hosts and words of pages that stand before a stored file."""

    login_hosts: Words
    onward_hosts: tuple[str, ...]
    private_marks: Words
    gone_marks: Words


Months = Annotated[tuple[Words, ...], Field(min_length=12, max_length=12)]


class Vocabulary(_Data):
    """The words and patterns of config/reading.toml."""

    roles: dict[TimeRole, Words]
    journey: Words
    announces: Words
    months: dict[str, Months]
    clock: ClockWords
    day_order: dict[str, Literal["dmy", "mdy"]]
    sites: SiteWords
    chat: ChatWords
    screen: ScreenWords
    log: LogWords
    kinds: dict[str, KindWords]
    pages: dict[str, PageWords]
    links: LinkPages
    personal: PersonalWords
    languages: dict[str, Words]


class MoreChatWords(_Data):
    """Words of chats in one language."""

    hints: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    furniture: tuple[str, ...] = ()


class LanguageWords(_Data):
    """A file of config/languages: the words of one language, with public pages that print them."""

    source: Annotated[tuple[Address, ...], Field(min_length=1)]
    roles: dict[TimeRole, Words] = {}
    chat: MoreChatWords = MoreChatWords()
    journey: tuple[str, ...] = ()
    kinds: dict[str, dict[str, Words]] = {}

    def added_to(self, vocabulary: Vocabulary) -> Vocabulary:
        """The vocabulary with these words too."""
        chat, roles, kinds = vocabulary.chat, vocabulary.roles, vocabulary.kinds
        more = {name: (*getattr(chat, name), *words) for name, words in self.chat}
        return vocabulary.model_copy(
            update={
                "chat": chat.model_copy(update=more),
                "roles": {role: (*words, *self.roles.get(role, ())) for role, words in roles.items()},
                "journey": (*vocabulary.journey, *self.journey),
                "kinds": {kind: _with_signs(words, self.kinds.get(kind, {})) for kind, words in kinds.items()},
            }
        )


def _with_signs(kind: KindWords, more: dict[str, Words]) -> KindWords:
    signs = {name: (*words, *more.get(name, ())) for name, words in kind.signs.items()}
    return kind.model_copy(update={"signs": signs})


@cache
def load_carriers(folder: Path) -> Carriers:
    """`carriers.toml` of the configuration folder, read once a process; raises ConfigError with file, key
    and what was expected."""
    return load_data(folder / "carriers.toml", Carriers)


@cache
def load_vocabulary(folder: Path) -> Vocabulary:
    """`reading.toml` and `languages/*.toml` of the configuration folder, read once a process; raises ConfigError with
    file, key and what was expected."""
    vocabulary = load_data(folder / "reading.toml", Vocabulary)
    for path in sorted((folder / "languages").glob("*.toml")):
        vocabulary = load_data(path, LanguageWords).added_to(vocabulary)
    return vocabulary
