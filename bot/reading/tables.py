"""The data that reading goes by: formats of numbers and the words of many languages, validated on load."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.domain.evidence import TimeRole
from bot.settings.model import load_data

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
    """A carrier; the name "" stands for any."""

    name: str
    source: Address
    aliases: tuple[str, ...] = ()
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


class ClockWords(_Data):
    """Words around a time of day; `zones` maps names to minutes east of UTC."""

    am: Words
    pm: Words
    between: Words
    declares: Words
    ambiguous_zones: tuple[str, ...]
    relative: Words
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
    """Words of conversations."""

    buyer: Words
    seller: Words
    system: Words
    omitted: Words
    names: Words
    hints: Words
    signs: Words
    furniture: Words
    columns: ChatColumns


class ScreenWords(_Data):
    """Words of a screen's own bars: `menu` of a program's menu, `bar` of a task bar."""

    menu: Words
    bar: Words


class LogWords(_Data):
    """Words of logs."""

    errors: Words
    no_errors: Words
    words: Words
    api_words: Words


class KindWords(_Data):
    """Words that suggest a kind of evidence."""

    content: Words
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
    """config/reading.toml."""

    roles: dict[TimeRole, Words]
    announces: Words
    months: dict[str, Months]
    clock: ClockWords
    day_order: dict[str, Literal["dmy", "mdy"]]
    sites: SiteWords
    chat: ChatWords
    screen: ScreenWords
    log: LogWords
    kinds: dict[str, KindWords]
    links: LinkPages
    personal: PersonalWords
    languages: dict[str, Words]


def load_carriers(folder: Path) -> Carriers:
    """`carriers.toml` of the configuration folder; raises ConfigError with file, key and what was expected."""
    return load_data(folder / "carriers.toml", Carriers)


def load_vocabulary(folder: Path) -> Vocabulary:
    """`reading.toml` of the configuration folder; raises ConfigError with file, key and what was expected."""
    return load_data(folder / "reading.toml", Vocabulary)
