"""Finds the case thread and the card to which a platform's message belongs."""

import sqlalchemy as sa

from bot.domain.addresses import HEADLINE
from bot.messaging.card import Card, from_json
from bot.store.database import explained
from bot.store.tables import messages


class Threads:
    """The threads of cases by the messages that opened them. `channel` is "platform:channel", a ref the platform's
    own id."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def root(self, channel: str, thread: str) -> str:
        """The ref of the message that opened the thread of the case `thread` in the channel: its headline card,
        else the first message of the thread; "" while none is shown."""
        shown = (messages.c.channel == channel) & (messages.c.thread == thread) & (messages.c.ref != "")
        headline = sa.case((messages.c.key.endswith(f":{HEADLINE}", autoescape=True), 0), else_=1)
        return self._first(sa.select(messages.c.ref).where(shown).order_by(headline, messages.c.seq).limit(1))

    def thread_of(self, channel: str, ref: str) -> str:
        """The id of the case in whose thread the message `ref` stands; "" when it belongs to no case or is not the
        bot's."""
        ours = (messages.c.channel == channel) & (messages.c.ref == ref)
        return self._first(sa.select(messages.c.thread).where(ours).limit(1))

    def card(self, channel: str, ref: str) -> Card | None:
        """The newest card of the message `ref`; None when it is not the bot's."""
        ours = (messages.c.channel == channel) & (messages.c.ref == ref)
        with explained(), self.engine.connect().execution_options(read_only=True) as connection:
            found = connection.scalar(sa.select(messages.c.card).where(ours).limit(1))
        return None if found is None else from_json(found)

    def _first(self, query: sa.Select[tuple[str]]) -> str:
        with explained(), self.engine.connect().execution_options(read_only=True) as connection:
            return str(connection.scalar(query) or "")
