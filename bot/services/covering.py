"""Copies of evidence in which personal data of buyers is covered (domain.md §5, `privacy`). Originals stay as they
are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from bot.domain.covering import Cover, hidden, kept_of
from bot.domain.evidence import Evidence, Personal
from bot.domain.orders import Order
from bot.domain.remark import Remark
from bot.ports.reading import Copies, Reader
from bot.ports.vault import Vault

Box = tuple[int, int, int, int]
NOT_READ, NOT_PLACED = "not_read", "not_placed"
"""Why there is no copy in which everything is covered: nobody can tell what the original shows, or where."""
_UNSEEN = frozenset({"picture_not_read", "reading_stopped"})
_MARGIN = 3
"""Pixels around a word that are covered too: what is left of a letter may tell it."""


@dataclass(frozen=True)
class CoveredCopy:
    """A copy and what was covered in it; `left` is what should be covered and is not. No `data`: there is no copy."""

    data: bytes = b""
    covered: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    picture: bool = False

    @property
    def file(self) -> tuple[str, str]:
        """The ending of its file name, and its type of content."""
        return (".png", "image/png") if self.picture else (".txt", "text/plain")

    @property
    def fault(self) -> str:
        """Why it may not leave the team as it is; "" when it may."""
        return NOT_READ if not self.data else NOT_PLACED if self.left else ""


class CopyMaker:
    """Makes covered copies: of pictures a picture, of all that has words the words."""

    def __init__(self, vault: Vault, reader: Reader, copies: Copies) -> None:
        self.vault, self.reader, self.copies = vault, reader, copies

    def cover(self, items: Sequence[Evidence], orders: Iterable[Order] = ()) -> Cover:
        """What covers in texts and pictures the personal data that any of these pieces of evidence of `orders`
        shows."""
        kept, handles = kept_of(items), {name for item in items for name in item.facts.buyers}
        for order in orders:
            kept.update((order.id, order.buyer, order.tracking_number))
            handles.add(order.buyer)
        found = {each for item in items for each in (*item.facts.personal, *self._words(item)[1])}
        return Cover(hidden(found, handles), kept)

    def _words(self, item: Evidence) -> tuple[str, tuple[Personal, ...]]:
        return self.copies.personal(item.facts.words or item.link)

    def make(self, item: Evidence, cover: Cover) -> CoveredCopy:
        """The covered copy of a piece of evidence, whose original must be there."""
        words, _ = self._words(item)
        if item.facts.media_type.startswith("image/"):
            return self._picture(item, words, cover)
        return CoveredCopy(cover(words).encode(), cover.found(words)) if words.strip() else CoveredCopy()

    def _picture(self, item: Evidence, words: str, cover: Cover) -> CoveredCopy:
        """A picture that holds pixels alone. What was covered is looked for in the copy once more."""
        original, wanted = self.vault.path(item.sha256), cover.found(words)
        if _UNSEEN.intersection(Remark.read(each).key for each in item.facts.warnings):
            return CoveredCopy(left=wanted)
        spots, kept = (self.copies.places(original, each) if wanted else () for each in (wanted, cover.kept(words)))
        boxes = [_wider(spot.box) for spot in spots if not any(_meet(_wider(spot.box), each.box) for each in kept)]
        data = self.copies.covered(original, boxes)
        placed = {spot.text for spot in spots if _wider(spot.box) in boxes}
        left = [word for word in wanted if word not in placed]
        left += self._legible(data, cover) if data and boxes else ()
        return CoveredCopy(data, tuple(word for word in wanted if word not in left), tuple(dict.fromkeys(left)), True)

    def _legible(self, copy: bytes, cover: Cover) -> tuple[str, ...]:
        """What should be covered and can still be read in a copy."""
        with NamedTemporaryFile(suffix=".png") as file:
            file.write(copy)
            file.flush()
            return cover.found(self.reader.read(Path(file.name), "copy.png").words)


def _wider(box: Box) -> Box:
    left, top, right, bottom = box
    return max(0, left - _MARGIN), max(0, top - _MARGIN), right + _MARGIN, bottom + _MARGIN


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
