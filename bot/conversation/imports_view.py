"""The received exports and the imports of a reader's shops, for the console's page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.conversation.access import Access
from bot.domain.addresses import ChannelId
from bot.domain.previews import AT_WORK, OPEN
from bot.messaging.card import Card
from bot.ports.board import ImportsShownHere
from bot.services.import_cards import ImportCards
from bot.wording.import_list import listed_card
from bot.wording.localizer import Localizer

CONSOLE = "console"


@dataclass(frozen=True)
class ConsoleImports:
    """Implements ports.board.ImportsView for what one person sees at the console."""

    access: Access
    made: ImportCards
    localizer: Callable[[str], Localizer]
    reader: str

    def waiting(self, language: str) -> Sequence[ImportsShownHere]:
        """The cards of exports about which somebody has to decide, and of those that are being imported."""
        with self.access.at_console(self.reader), self.access.units(read_only=True) as unit:
            found = unit.previews.listed((*OPEN, *AT_WORK))
            groups = {each.group: each for each in found if ChannelId.read(each.channel).platform == CONSOLE}
            return [
                ImportsShownHere(
                    each.id,
                    ChannelId.read(each.channel).id,
                    each.thread,
                    self.made.card(unit, each.group).read_in(language),
                )
                for each in reversed(groups.values())
            ]

    def history(self, language: str) -> Card:
        """The newest imports, each with the button that undoes it."""
        with self.access.at_console(self.reader), self.access.units(read_only=True) as unit:
            return listed_card(self.localizer(language), unit.imports.listed([shop.id for shop in unit.shops.all()]))
