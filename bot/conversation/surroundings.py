"""What the words of somebody may mean where they say them: the cases, orders, shops and people in their sight."""

from bot.conversation.access import Access
from bot.conversation.events import Incoming
from bot.conversation.things import KnownCase, TalkContext
from bot.services.people import KnownPeople


class SurroundingsReader:
    """Reads what is in sight of the sender of an event. Changes nothing."""

    def __init__(self, access: Access, people: KnownPeople) -> None:
        self.access, self.people = access, people

    def of(self, event: Incoming) -> TalkContext:
        """What the sender's words may mean in the event's channel and thread."""
        with self.access.asking(event), self.access.units(read_only=True) as unit:
            shops = {shop.id: (shop.name, shop.site) for shop in unit.shops.all()}
            cases = unit.cases.listed(list(shops))
            if event.thread and all(case.id != event.thread for case in cases):
                cases += filter(None, [unit.cases.get(event.thread)])
            people = self.people.directory(unit).called_so
        known = [
            KnownCase(case.id, case.shop, tuple(order.order_id for order in case.appealed), case.active)
            for case in cases
        ]
        return TalkContext(event.thread, tuple(known), shops, people, event.direct)
