"""What the core needs of the rows of evidence."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.evidence import Evidence


class EvidenceRows(Protocol):
    """The rows of evidence. `unfiled` evidence has arrived in a channel and is not assigned to a case yet.

    Lists come oldest first. Evidence out of sight is not found and not listed. The bytes are in the vault; here
    they are named by their SHA-256 (64 lower-case hexadecimal digits)."""

    def add(self, item: Evidence, channel: str) -> Evidence:
        """Store new evidence that arrived in `channel`. The same object comes back with its id (E1, E2 …), never used
        twice. The case's cards follow when it has been read and saved."""
        ...

    def get(self, evidence_id: str) -> Evidence | None:
        """The item, withdrawn or not; None when there is none. Anything that is no evidence id is unknown, not an
        error."""
        ...

    def brought(self, message_id: str) -> list[Evidence]:
        """The evidence that the message brought; none for ""."""
        ...

    def received(self, message_id: str, sha256: str, file_name: str) -> Evidence | None:
        """The item that the same message brought before, with the same bytes under the same file name; None if
        there is none."""
        ...

    @property
    def arrived(self) -> Collection[str]:
        """The ids of the evidence that was saved in this transaction as just arrived."""
        ...

    def save(self, item: Evidence, arrived: bool = False) -> None:
        """Store the item as it is, and have its case's cards made anew. The channel it arrived in stays.
        `arrived`: it has just been received, or a person has just said what it is, which those cards show."""
        ...

    def of_case(self, case_id: str) -> list[Evidence]:
        """The case's evidence, withdrawn items included."""
        ...

    def of_cases(self, case_ids: Collection[str]) -> dict[str, list[Evidence]]:
        """The evidence of each of these cases, withdrawn items included, by case id; an empty list for a case without
        any."""
        ...

    def unfiled(self, channel: str) -> list[Evidence]:
        """What arrived in the channel and has no case yet, without withdrawn items."""
        ...

    def holds(self, sha256: str) -> bool:
        """Whether a file with that SHA-256 is in sight: an original, a picture of a part of one, or a copy or package
        made for a case."""
        ...

    def named(self) -> dict[str, list[str]]:
        """The ids of evidence, oldest first, by the SHA-256 of its original and of the pictures of its parts."""
        ...

    def made(self) -> set[str]:
        """The SHA-256 of every copy and package that was made for a case, of purged cases too."""
        ...

    def same_bytes(self, sha256: Collection[str]) -> dict[str, list[tuple[str, str]]]:
        """The evidence with these bytes, in sight or not, as (evidence id, case id) by SHA-256, oldest first; absent
        where there is none. Evidence that waits for a case is left out."""
        ...

    def shops_of(self, ids: Collection[str]) -> dict[str, str]:
        """The ids of the shops whose cases have this evidence, in sight or not, by evidence id; evidence that waits
        for a case is absent."""
        ...

    def showing(self, keys: Sequence[str], case_id: str, limit: int) -> list[Evidence]:
        """The newest `limit` at most of other cases' evidence whose facts hold one of `keys` anywhere, of all shops
        whoever asks: a picture that was used elsewhere is a finding. A store may look at the newest few thousand
        pieces only."""
        ...

    def links_due(
        self, now: datetime, usual: datetime, soon: datetime, last_hours: datetime, limit: int
    ) -> list[Evidence]:
        """At most `limit` links that are to be checked again, those checked longest ago first. A link is due when
        its case is open with a deadline not before `now`, it is neither withdrawn nor refused for its host, and
        one of these holds: it was never checked; it was last checked before `usual`; it was last checked before
        `soon`, and the deadline comes before `last_hours` or the last check did not reach the page. All instants
        are UTC."""
        ...
