"""A core without the core: records what arrives and answers through the platform, on a real database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.conversation.events import FileReceived, Incoming
from bot.domain.people import KnownPerson, PeopleIndex
from bot.domain.refusal import Refusal
from bot.messaging.card import Card
from bot.platforms.console.sender import ConsoleSender
from bot.ports.board import (
    ACTIVE,
    FINISHED,
    BoardPage,
    BoardQuery,
    BoardRow,
    ChannelView,
    DaysView,
    ImportsShownHere,
    InvitationView,
    ShopRow,
    TeamView,
)
from bot.ports.case_view import OrderGallery
from bot.ports.entries import EntryLog
from bot.ports.host import Host
from bot.ports.records import Person
from bot.wording.phrases import Phrases

NOW = datetime(2024, 6, 12, 6, 30, tzinfo=UTC)


@dataclass
class FakeCore:
    """Implements what the console uses of ports.host, and ports.board.Boards; `answer` is called with each event and
    may post."""

    upload_dir: Path
    entries: EntryLog
    phrases: Phrases
    max_upload_bytes: int = 1_000_000
    instant: datetime = NOW
    answer: Callable[[Incoming], None] = lambda event: None
    events: list[Incoming] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    rows: list[BoardRow] = field(default_factory=list)
    asked: list[BoardQuery] = field(default_factory=list)
    shown_shops: list[ShopRow] = field(default_factory=list)
    galleries: list[OrderGallery] = field(default_factory=list)
    tabs: dict[str, list[Card]] = field(default_factory=dict)
    originals: dict[str, Path] = field(default_factory=dict)
    language: str = "zh"
    known: DaysView = field(default_factory=DaysView)
    failures: list[str] = field(default_factory=list)
    shown_teams: list[TeamView] = field(default_factory=list)
    exports: list[ImportsShownHere] = field(default_factory=list)

    @property
    def host(self) -> Host:
        return Host(self, self, self, self, self, self, self)  # type: ignore[arg-type]

    def __post_init__(self) -> None:
        self.platform = ConsoleSender(self.entries, self)

    def now(self) -> datetime:
        return self.instant

    def accept(self, event: Incoming) -> Callable[[], None]:
        if isinstance(event, FileReceived):
            for upload in event.uploads:
                self.files[upload.file_name] = upload.path.read_bytes()
                upload.path.unlink()
        self.events.append(event)
        return lambda: self.answer(event)

    def seen_by(self, person: str) -> "FakeCore":
        return self

    def shops_seen_by(self, person: str, language: str, may_change: bool) -> Sequence[Card]:
        return [Card("Shops", language=language)]

    def imports_seen_by(self, person: str) -> "FakeCore":
        return self

    def waiting(self, language: str) -> Sequence[ImportsShownHere]:
        return self.exports

    def history(self, language: str) -> Card:
        return Card("Imported files", language=language)

    def people_seen_by(self, person: str) -> "FakeCore":
        return self

    def teams(self) -> Sequence[TeamView]:
        return self.shown_teams

    def invite(self, team: str, who: str, role: str) -> InvitationView:
        if who == "nobody":
            raise Refusal("invite_name_needed")
        return InvitationView(who, team, role, "http://127.0.0.1/sign-in?link=x.y", "x.y")

    def remove(self, team: str, person: str) -> Sequence[str]:
        return ["C7"]

    def channels(self) -> Sequence[ChannelView]:
        return (
            ChannelView(
                "ops", "运营值班" if self.language == "zh" else "ops-duty", ("Bloom Beauty US", "Nova 3C UK")
            ),
            ChannelView("sea", "东南亚" if self.language == "zh" else "south-east-asia", ("Lumi Home MY",)),
        )

    def cases(self, query: BoardQuery, language: str = "zh") -> BoardPage:
        self.asked.append(query)
        groups = {ACTIVE: ("open", "submitted"), FINISHED: ("closed", "dismissed", "expired")}
        found = [
            row
            for row in sorted(self.rows, key=lambda row: row.deadline)
            if query.channel in ("", row.channel)
            and query.site in ("", row.site)
            and query.owner in ("", row.owner or None)
            and row.status in groups.get(query.state, (query.state or row.status,))
            and query.words.lower() in f"{row.case} {row.shop}".lower()
        ]
        shown = found[query.start : query.start + query.limit]
        end = query.start + len(shown)
        return BoardPage(shown, len(found), end if end < len(found) else 0)

    def case(self, case_id: str, language: str = "zh") -> BoardRow | None:
        return next((row for row in self.rows if row.case == case_id), None)

    def shops(self, language: str = "zh") -> Sequence[ShopRow]:
        return self.shown_shops

    def cases_seen_by(self, person: str) -> "FakeCore":
        return self

    def gallery(self, case_id: str, language: str) -> Sequence[OrderGallery] | None:
        return self.galleries

    def cards(self, case_id: str, tab: str, language: str) -> Sequence[Card] | None:
        return self.tabs.get(tab, ())

    def owners(self) -> Sequence[str]:
        return sorted({row.owner for row in self.rows if row.owner})

    def sites(self) -> Sequence[str]:
        return sorted({row.site for row in self.rows})

    def days(self, language: str = "zh") -> DaysView:
        return self.known

    def undelivered(self) -> Sequence[str]:
        return self.failures

    def profile(self, person_id: str) -> Person:
        return self.people.get(person_id) or Person(person_id, "", self.language, "Asia/Shanghai")

    def may_be_called(self, person_id: str, name: str) -> bool:
        return PeopleIndex(KnownPerson(each.id, each.name) for each in self.people.values()).called(name) <= {
            person_id
        }

    def save_person(self, person: Person) -> None:
        self.people[person.id] = person

    def original(self, sha256: str, reader: str = "") -> Path:
        return self.originals[sha256]

    def say(self, key: str, language: str, **params: object) -> str:
        return self.phrases.say(key, language, **params)

    def fault(self, error: BaseException, language: str) -> str:
        return f"the store is away ({language})" if isinstance(error, ConnectionError) else ""

    def post(self, key: str, card: Card, thread: str = "", channel: str = "ops") -> str:
        return self.platform.post(channel, thread, key, card)
