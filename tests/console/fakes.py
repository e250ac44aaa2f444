"""A desk without the core: records what arrives and answers through the platform, on a real database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.conversation.events import FileReceived, Incoming
from bot.messaging.card import Card
from bot.platforms.console.sender import ConsoleSender
from bot.ports.console import BoardRow, ChannelView, DaysView, EntryLog, PersonView

NOW = datetime(2024, 6, 12, 6, 30, tzinfo=UTC)


@dataclass
class FakeDesk:
    """Implements Desk; `answer` is called with each event and may post."""

    upload_dir: Path
    entries: EntryLog
    max_upload_bytes: int = 1_000_000
    instant: datetime = NOW
    answer: Callable[[Incoming], None] = lambda event: None
    events: list[Incoming] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    people: dict[str, PersonView] = field(default_factory=dict)
    rows: list[BoardRow] = field(default_factory=list)
    originals: dict[str, Path] = field(default_factory=dict)
    language: str = "zh"
    known: DaysView = field(default_factory=DaysView)
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.platform = ConsoleSender(self.entries, self)

    def now(self) -> datetime:
        return self.instant

    def receive(self, event: Incoming) -> None:
        if isinstance(event, FileReceived):
            for upload in event.uploads:
                self.files[upload.file_name] = upload.path.read_bytes()
                upload.path.unlink()
        self.events.append(event)
        self.answer(event)

    def channels(self) -> Sequence[ChannelView]:
        return (
            ChannelView(
                "ops", "运营值班" if self.language == "zh" else "ops-duty", ("Bloom Beauty US", "Nova 3C UK")
            ),
            ChannelView("sea", "东南亚" if self.language == "zh" else "south-east-asia", ("Lumi Home MY",)),
        )

    def board(self, channel: str = "", language: str = "zh") -> Sequence[BoardRow]:
        return [row for row in self.rows if channel in ("", row.channel)]

    def days(self, language: str = "zh") -> DaysView:
        return self.known

    def undelivered(self) -> Sequence[str]:
        return self.failures

    def person(self, person_id: str) -> PersonView:
        return self.people.get(person_id) or PersonView(person_id, "", self.language, "Asia/Shanghai")

    def save_person(self, person: PersonView) -> None:
        self.people[person.id] = person

    def original(self, sha256: str) -> Path:
        return self.originals[sha256]

    def known_fault(self, error: BaseException, language: str) -> str:
        return f"the store is away ({language})" if isinstance(error, ConnectionError) else ""

    def post(self, key: str, card: Card, thread: str = "", channel: str = "ops") -> str:
        return self.platform.post(channel, thread, key, card)
