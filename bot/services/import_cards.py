"""Shows received exports: one card for the files of a message, which changes with them until they are imported."""

from bot.domain.previews import PreviewState
from bot.messaging.card import Card
from bot.ports.store import Unit
from bot.services.imports_shown import ImportsShown
from bot.services.notifying import Notifier


class ImportCards:
    """Makes and queues the cards of received exports."""

    def __init__(self, notifier: Notifier) -> None:
        self.notifier = notifier

    def card(self, unit: Unit, group: str) -> Card:
        """The card of a message's exports, in all languages."""
        shown = self.shown(unit, group)
        return self.notifier.worded(lambda texts, language: texts.imports(language, shown))

    def show(self, unit: Unit, group: str, bump: bool = False) -> None:
        """Queue the card in its channel, with `bump` at the end of the conversation."""
        first = unit.previews.of_group(group)[0]
        language = unit.records.channel_language(first.channel) or self.notifier.language
        led = self.card(unit, group).read_in(language)
        unit.messages.put(first.channel, first.thread, "", led, self.notifier.clock.now(), bump=bump)

    def undone(self, unit: Unit, import_id: str, by: str) -> None:
        """Show on its card, if it has one, that an import was undone, in the caller's transaction."""
        for each in unit.previews.listed([PreviewState.TAKEN]):
            if each.import_id == import_id:
                unit.previews.decide(
                    each.id, [PreviewState.TAKEN], PreviewState.UNDONE, by, self.notifier.clock.now()
                )
                self.show(unit, each.group)

    @staticmethod
    def shown(unit: Unit, group: str) -> ImportsShown:
        """What the card shows."""
        previews = unit.previews.of_group(group)
        wanted = {each for preview in previews for each in (*preview.offered, preview.shop)}
        shops = {shop: found for shop in wanted if (found := unit.shops.get(shop))}
        people = {person for preview in previews for person in (preview.by, preview.decided_by)}
        known = {person: unit.records.person(person) for person in people}
        return ImportsShown(
            previews, shops, {person: (row.name if row else "") or person for person, row in known.items()}
        )
