"""Bringing events to the bot: again after pauses while it does not take them; what it answers to a button shows."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.feishu.fake import cards
from tests.feishu.fake.webhook import Ack
from tests.feishu.fake.world import Json, Message, Toast, World

PAUSES = (15, 300, 3600, 6 * 3600)
LIMIT = 3.0
TOASTS = ("info", "success", "error", "warning")

Way = Callable[[Json, float], Ack]
"""(event, seconds) -> what came back"""


@dataclass
class Delivery:
    """One event on its way; `due` is when it is brought again, None when it will not be."""

    event: Json
    acks: list[Ack] = field(default_factory=list)
    due: float | None = None

    @property
    def ack(self) -> Ack:
        """What came back last."""
        return self.acks[-1]


class Post:
    """Brings events one after the other by `way`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.way: Way = lambda event, seconds: Ack(0, None, 0)
        self.limit = LIMIT
        self.deliveries: list[Delivery] = []

    def bring(self, event: Json) -> Delivery:
        """Bring an event for the first time."""
        delivery = Delivery(event)
        with self.world.lock:
            self.deliveries.append(delivery)
        self._try(delivery)
        return delivery

    def again(self, delivery: Delivery) -> Ack:
        """Bring it once more, as a second program or a late retry of Feishu would cause."""
        self._try(delivery)
        return delivery.ack

    def pass_time(self, seconds: float) -> None:
        """Let time pass; what is due is brought again when it is due."""
        end = self.world.clock.seconds() + seconds
        while due := [each for each in self.deliveries if each.due is not None and each.due <= end]:
            first = min(due, key=lambda each: each.due or 0)
            self.world.clock.advance(max(0, (first.due or 0) - self.world.clock.seconds()))
            self._try(first)
        self.world.clock.advance(max(0, end - self.world.clock.seconds()))

    def _try(self, delivery: Delivery) -> None:
        delivery.acks.append(self.way(delivery.event, self.limit))
        tried = len(delivery.acks)
        more = not delivery.ack.good and tried <= len(PAUSES)
        delivery.due = self.world.clock.seconds() + PAUSES[tried - 1] if more else None

    def press(self, event: Json, message: Message) -> Ack:
        """Bring what somebody did with a card: once, and the answer shows at once."""
        delivery = Delivery(event, [self.way(event, self.limit)])
        with self.world.lock:
            self.deliveries.append(delivery)
        self._shown(delivery.ack, message, event["event"]["operator"]["open_id"])
        return delivery.ack

    def _shown(self, ack: Ack, message: Message, person: str) -> None:
        with self.world.changed:
            if found := self._faults(ack):
                self.world.toasts.append(Toast(person, "failed", found, message.id))
            else:
                answer = ack.body or {}
                if toast := answer.get("toast"):
                    self.world.toasts.append(Toast(person, toast.get("type", "info"), toast["content"], message.id))
                if card := answer.get("card"):
                    message.shown.append(card["data"])
            self.world.changed.notify_all()

    def _faults(self, ack: Ack) -> str:
        """Why a person sees Feishu's own error instead of the bot's answer."""
        answer = ack.body or {}
        if not ack.good:
            return "200341 the bot does not answer"
        if not isinstance(answer, dict) or answer.keys() - {"toast", "card"}:
            return f"200672 unknown in the answer: {answer}"
        toast, card = answer.get("toast"), answer.get("card")
        if toast and (toast.get("type", "info") not in TOASTS or not toast.get("content")):
            return f"200672 wrong toast: {toast}"
        if card and card.get("type") != "raw":
            return f"200673 wrong card: {card.get('type')}"
        if card and (found := cards.faults(card.get("data"), self.world.known)):
            self.world.refused_cards.append(found)
            return f"200671 wrong card: {found}"
        return ""
