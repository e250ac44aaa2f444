"""What the card of the exports that a message brought shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.addresses import IMPORTS, Slot
from bot.domain.orders import Shop
from bot.domain.previews import Preview

FOLDER = "folder"
"""Who brings the files of the watched folder, where people are named."""


@dataclass(frozen=True)
class ImportsShown:
    """What the card of a message's exports needs: those, the shops that may be named there, and the names of people
    by id."""

    previews: Sequence[Preview]
    shops: Mapping[str, Shop]
    names: Mapping[str, str]

    @property
    def slot(self) -> str:
        """The slot of the card: there is one for each message."""
        return str(Slot(IMPORTS, self.previews[0].id))
