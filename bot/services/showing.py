"""Pictures of parts of originals for people: the place of an uncertain number, and copies with personal data
covered. Originals stay as they are."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.domain.covering import hidden
from bot.domain.evidence import Evidence, Facts, Spot
from bot.domain.matching import recognised
from bot.domain.refusal import Refusal
from bot.ports.clock import Clock
from bot.ports.reading import Copies
from bot.ports.store import UnitFactory
from bot.ports.vault import Stored, Vault
from bot.services.covering import CopyMaker
from bot.services.integrity import state
from bot.services.timeline import note, noted

CROPS = 3
_SHOWN = frozenset({"tracking_numbers", "order_ids"})


def with_crops(copies: Copies, vault: Vault, original: Path, facts: Facts, own: Iterable[str] = ()) -> Facts:
    """The facts with a picture of the place of the first few numbers that are not certainly legible, of what may
    be one of the orders' `own` numbers, of capture dates that are not settled, and of the first step whose day is
    unclear: a page writes all its days alike."""
    asked = recognised(facts, own)
    like_own = [spot for spot in asked.spots if spot not in facts.spots]
    doubtful = [spot for spot in (*like_own, *facts.spots) if _is_asked(asked, spot)][:CROPS]
    if not doubtful:
        return facts
    cropped = {(spot.text, spot.box): _cropped(copies, vault, original, spot) for spot in doubtful}
    return replace(facts, spots=tuple(_with_crop(spot, cropped) for spot in facts.spots))


def _with_crop(spot: Spot, cropped: Mapping[tuple[str, tuple[int, int, int, int]], Spot]) -> Spot:
    picture = cropped.get((spot.text, spot.box))
    return replace(spot, crop=picture.crop, crop_size=picture.crop_size) if picture else spot


def _is_asked(facts: Facts, spot: Spot) -> bool:
    if spot.fact == "timestamps":
        return spot.text in facts.unsettled_captures or spot.text in [step.text for step in facts.unsettled_steps[:1]]
    return spot.fact in _SHOWN and spot.legible is not True


def _cropped(copies: Copies, vault: Vault, original: Path, spot: Spot) -> Spot:
    if not (picture := copies.crop(original, spot)):
        return spot
    stored = vault.put_bytes(picture)
    return replace(spot, crop=stored.sha256, crop_size=stored.size)


def crops(item: Evidence) -> list[tuple[Spot, str]]:
    """The pictures of places in an original, each with the file name that people see."""
    shown = [spot for spot in item.facts.spots if spot.crop and spot.fact != "candidates"]
    return [(spot, f"{item.id}-{spot.text[-8:]}.png") for spot in shown]


@dataclass(frozen=True)
class Covered:
    """A copy with personal data covered; `left` are the words whose place was not found."""

    stored: Stored
    file_name: str
    media_type: str
    covered: tuple[str, ...]
    left: tuple[str, ...]


class Redactor:
    """Makes copies of evidence with personal data covered."""

    def __init__(self, units: UnitFactory, clock: Clock, vault: Vault, maker: CopyMaker) -> None:
        self.units, self.clock, self.vault, self.maker = units, clock, vault, maker

    def redact(self, evidence_id: str, person: str, shops: Collection[str]) -> Covered:
        """Cover the personal data that was found in a piece of evidence of one of `shops`. Raises Refusal when
        there is no such evidence, nothing was found in it, or no copy can be made of its kind of file."""
        with self.units(read_only=True) as unit:
            item = unit.evidence.get(evidence_id)
            case = unit.cases.get(item.case_id) if item and item.case_id else None
        if item is None or case is None or case.shop not in shops:
            raise Refusal("no_such_evidence", evidence=evidence_id)
        if not hidden(item.facts.personal, item.facts.buyers):
            raise Refusal("nothing_personal", evidence=evidence_id)
        if lost := state(self.vault, item.sha256):
            raise Refusal(f"original_{lost}", evidence=evidence_id, name=item.file_name)
        covered = self._cover(item)
        with self.units() as unit:
            if not noted(unit, item.case_id, "redacted", evidence=item.id):
                given = {"evidence": item.id, "sha256": covered.stored.sha256, "name": covered.file_name}
                note(unit, self.clock, item.case_id, person, "redacted", **given)
        return covered

    def _cover(self, item: Evidence) -> Covered:
        copy = self.maker.make(item, self.maker.cover([item]))
        if not copy.data or not copy.covered:
            raise Refusal("cannot_redact", evidence=item.id, name=item.file_name)
        ending, media_type = copy.file
        stored = self.vault.put_bytes(copy.data)
        return Covered(stored, f"{item.id}-covered{ending}", media_type, copy.covered, copy.left)
