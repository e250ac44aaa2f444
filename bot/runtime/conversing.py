"""Builds the parts of the conversation: the way from an event to a handler and its answer."""

from functools import cached_property, partial

from bot.conversation.arguments import Arguments
from bot.conversation.audience import keep_inside
from bot.conversation.dispatcher import Dispatcher, listening
from bot.conversation.events import Incoming
from bot.conversation.failures import Failures
from bot.conversation.forms import FormChecks
from bot.conversation.gate import Gate
from bot.conversation.home import HomePage
from bot.conversation.router import Router
from bot.conversation.surroundings import SurroundingsReader
from bot.conversation.turn import Turn
from bot.messaging.card import Card
from bot.runtime.feeding import FeedingParts
from bot.store.locking import ConversationLocks
from bot.wording.speech import command_words, talk_words


class ConversationParts(FeedingParts):
    """The services, and the conversation that uses them."""

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """Finds and runs the handler for an event."""
        router, vocabulary = all_handlers(), command_words(self.phrases, self.command_names)
        listener = listening(router, vocabulary, talk_words(self.phrases))
        services: dict[str, object] = {
            "clock": self.clock,
            "units": self.access.units,
            "localizer": self.card_factory.localizer,
            "monitoring": self.monitoring,
            "importing": self.importing,
            "freshness": self.freshness,
            "stale": self.stale,
            "replay": self.replay,
            "previews": self.previews,
            "cases": self.cases,
            "evidence": self.evidence,
            "judge": self.judge,
            "appeals": self.appeals,
            "undoing": self.undo,
            "deadlines": self.deadlines,
            "exporter": self.exporter,
            "requests": self.letters,
            "redactor": self.redactor,
            "oncall": self.oncall,
            "people": self.people,
            "owners": self.owners,
            "reminders": self.reminders,
            "bindings": self.bindings,
            "register": self.register,
            "settings_shops": self.settings_shops,
            "connections": self.connections,
            "connectable": self.settings.tiktok.configured,
            "memberships": self.memberships,
            "sign_in_link": self.console_address.link,
            "audiences": self.audiences,
            "arguments": self.arguments,
            "listener": listener,
            "commands": self.command_names,
            "headline": self.publisher.headline_for,
            "work": self.publisher.work_for,
            "again": self.again,
            "sign_in": self.sign_in,
            "sessions": self.sessions,
            "console_address": self.console_address,
            "largest": self.settings.limits.upload_bytes,
        }
        return Dispatcher(
            router,
            vocabulary,
            self.store.unit,
            self.arguments.providers(services),
            self.identity.of,
            Gate(self.access, self.arguments.subject),
            self.failures.refused,
            self.failures.failed,
            ConversationLocks(self.engine).locked,
            self.names,
            self.store.reading,
            partial(keep_inside, self.store.unit),
            listener,
            SurroundingsReader(self.access, self.people).of,
        )

    def names(self, event: Incoming) -> list[str]:
        """The names of the people of the settings of whom the sender of the event may know."""
        names = self.identity.names
        if not self.rosters.teams.declared:
            return list(names)
        with self.access.asking(event), self.access.units(read_only=True) as unit:
            known = self.access.acquaintance(unit)
        return [name for name, person in names.items() if known(person)]

    def again(self, turn: Turn) -> list[Card]:
        """Run the handler of another command for the same turn."""
        return self.dispatcher.run(turn)

    @cached_property
    def arguments(self) -> Arguments:
        """Makes the arguments of handlers, by name."""
        return Arguments(self.access, self.card_factory.localizer, self.settings.timezone)

    @cached_property
    def failures(self) -> Failures:
        """Makes the cards that answer a refused or failed command."""
        return Failures(self.card_factory.localizer, self.publisher.headline_for, self.arguments.order_of)

    @cached_property
    def forms(self) -> FormChecks:
        """Validates forms before they are submitted."""
        return FormChecks(
            self.dispatcher.turn_of, self.access, self.arguments, self.judge, self.card_factory.localizer
        )

    @cached_property
    def home(self) -> HomePage:
        """Makes the home pages of people."""
        return HomePage(self.identity, self.clock, self.dispatcher.run)

    @cached_property
    def command_names(self) -> list[str]:
        """The commands that people can type, in the order of the help."""
        keys = self.phrases.keys("commands.", "en")
        return list(dict.fromkeys(key.split(".")[1] for key in keys))


def all_handlers() -> Router:
    """The handlers of every conversation file."""
    from handlers import (
        answers,
        appeals,
        cases,
        channels,
        connecting,
        console,
        deadlines,
        evidence,
        freshness,
        imports,
        letters,
        oncall,
        orders,
        outlook,
        overview,
        people,
        reminders,
        shops,
        statuses,
        undoing,
    )

    router = Router()
    first = (overview, cases, deadlines, orders, evidence, appeals)
    others = (
        answers,
        letters,
        outlook,
        reminders,
        oncall,
        channels,
        connecting,
        people,
        statuses,
        freshness,
        undoing,
        console,
        imports,
        shops,
    )
    for conversation in (*first, *others):
        router.include(conversation.router)
    return router
