"""Lets turns pass to their handlers: whether somebody may do what they ask for, and with what in sight."""

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

from bot.conversation.access import Access
from bot.conversation.events import Incoming
from bot.conversation.router import Route
from bot.conversation.turn import Turn
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.ports.store import Sight

SubjectOf = Callable[[Turn], Collection[str]]
"""(turn) -> the shops of what it names, as far as they are in sight; none when it names nothing"""


class Gate:
    """Compares the least role of a handler with the role in the team of what the turn is about. Somebody who may do
    it nowhere is refused whatever they name, so that the refusal says nothing of it. Somebody who may do it in one
    team and not in another is refused for what they see and may only look at; the handler itself then finds nothing
    but what they may do it with."""

    def __init__(self, access: Access, subject_of: SubjectOf) -> None:
        self.access, self.subject_of = access, subject_of

    def asking(self, event: Incoming) -> AbstractContextManager[None]:
        """Inside the block, transactions are limited to what the sender of the event may see from its channel."""
        return self.access.asking(event)

    @contextmanager
    def passed(self, turn: Turn, route: Route) -> Iterator[Turn]:
        """The turn as its handler may have it: the person in the role in which they act, and inside the block in
        sight only what they may do this with. Raises Refusal when their role is not enough."""
        sight = self.access.current() or Sight()
        roles = sight.teams if route.elsewhere else sight.roles
        enough = {name: role for name, role in roles.items() if role.may(route.role)} or self._nowhere(sight, route)
        refusal = Refusal("not_allowed", role=route.role, command=turn.command)
        if enough is None:
            raise refusal
        if route.elsewhere or len(set(roles.values())) < 2:
            yield _acting(turn, enough, sight)
            return
        about = set(self.subject_of(turn))
        if about and not about & enough.keys():
            raise refusal
        with self.access.narrowed(enough):
            yield _acting(turn, {shop: enough[shop] for shop in about & enough.keys()} or enough, sight)

    @staticmethod
    def _nowhere(sight: Sight, route: Route) -> dict[str, Role] | None:
        """No roles for somebody who sees nothing and would be allowed to do it; None for who may not do it."""
        roles = sight.teams if route.elsewhere else sight.roles
        return {} if not roles and sight.role.may(route.role) else None


def _acting(turn: Turn, roles: dict[str, Role], sight: Sight) -> Turn:
    """The turn of the person in the least of these roles."""
    role = min(roles.values(), key=list(Role).index, default=sight.role)
    return turn if role is turn.person.role else replace(turn, person=replace(turn.person, role=role))
