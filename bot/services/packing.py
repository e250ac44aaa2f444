"""The evidence of a case as it goes into a package: originals, or covered copies of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.domain.covering import Cover
from bot.domain.evidence import DEADLINE, Evidence
from bot.ports.vault import Vault
from bot.services.covering import CopyMaker, CoveredCopy
from bot.services.integrity import state
from bot.services.judgement import Judgement


@dataclass(frozen=True)
class PackedPiece:
    """A piece of evidence that is packed under `name`: its original, or the bytes of its covered copy."""

    item: Evidence
    name: str
    copy: bytes | None = None


@dataclass(frozen=True)
class LeftOut:
    """Evidence that is not packed: its original is "missing" or "altered"; or in a covered package "not_read" (nobody
    knows what it shows) or "not_placed" (something to be covered was not found in it)."""

    item: Evidence
    why: str


class Packer:
    """Prepares the evidence of a case one by one, so that no more than one copy is in memory."""

    def __init__(self, vault: Vault, copies: CopyMaker) -> None:
        self.vault, self.copies = vault, copies

    def pieces(self, judged: Judgement, cover: Cover | None) -> Iterator[PackedPiece | LeftOut]:
        """The evidence that counts, in order; with a `cover`, as copies."""
        number = 0
        for item in judged.context.evidence:
            if not item.active:
                continue
            why, copy = state(self.vault, item.sha256), None
            if cover and not why:
                copy = self.copies.make(item, cover)
                why = copy.fault
            if why:
                yield LeftOut(item, why)
                continue
            number += 1
            yield _piece(number, item, judged.review.accepted.get(item.id, ()), copy)


def _piece(number: int, item: Evidence, accepted: Sequence[str], copy: CoveredCopy | None) -> PackedPiece:
    ending = copy.file[0] if copy else ending_of(item)
    return PackedPiece(item, entry_name(number, item, accepted, ending), copy.data if copy else None)


def ending_of(item: Evidence) -> str:
    """The ending of the sender's file name, where it looks like one."""
    ending = PurePosixPath(item.file_name).suffix.lower()
    return ending if ending[1:].isalnum() and len(ending) <= 6 else ".bin"


def entry_name(number: int, item: Evidence, accepted: Sequence[str], ending: str) -> str:
    """The evidence's file name in the package: order, number, kind, id and ending. `accepted` are the orders whose
    rules accept the evidence: what is accepted for no order goes to a folder of its own, and what is accepted for one
    order not to another's, so that nobody submits it by mistake."""
    if item.kind == DEADLINE:
        return f"deadline/{number:03d}-{item.id}{ending}"
    orders = accepted or item.order_ids
    folder = orders[0] if len(orders) == 1 else "several-orders" if orders else "not-filed"
    folder = re.sub(r"[^A-Za-z0-9_-]+", "-", folder)
    top = "evidence" if accepted else "not-accepted"
    return f"{top}/{folder}/{number:03d}-{item.kind or 'unknown'}-{item.id}{ending}"
