"""Slack as a whole: the sender, webhook and Socket Mode, and the files of people."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from bot.conversation.events import Upload
from bot.domain.audience import Audience
from bot.platforms.slack.api import SlackApi
from bot.platforms.slack.background import Background, Pools
from bot.platforms.slack.connection import Connection
from bot.platforms.slack.diagnostics import examine
from bot.platforms.slack.events import Events
from bot.platforms.slack.files import Files
from bot.platforms.slack.interactions import Interactions
from bot.platforms.slack.limits import Limits
from bot.platforms.slack.markup import is_direct
from bot.platforms.slack.modals import Modals
from bot.platforms.slack.people import People
from bot.platforms.slack.receiver import Receiver
from bot.platforms.slack.sender import SlackSender
from bot.platforms.slack.setup import PATH
from bot.platforms.slack.webhook import Webhook
from bot.ports.chat import Examination, Sender
from bot.ports.host import Host
from bot.settings.chats import SlackSettings


class SlackPlatform:
    """Implements ports.chat.Platform. In mode `http` events come through `routes`, in mode `socket` through a
    connection."""

    def __init__(
        self, settings: SlackSettings, host: Host, limits: Limits | None = None, pool: Pools = ThreadPoolExecutor
    ) -> None:
        self.settings, self.host = settings, host
        self.api = SlackApi(settings, host.rates, limits or Limits())
        self.people = People(self.api, host.directory)
        self.files = Files(settings, self.api, host.files)
        sender = SlackSender(host, self.api, self.people)
        self.sender: Sender = sender
        events = Events(host, self.api, self.people, self.files)
        self.background = Background(host.inbox, pool)
        modals = Modals(host, self.api, self.people, sender, self.background)
        receiver = Receiver(settings, events, Interactions(events, modals, self.background))
        self.routes: Mapping[str, Any] = {}
        self._connection: Connection | None = None
        if settings.mode == "http":
            secret = settings.signing_secret.get_secret_value()
            self.routes = {PATH: Webhook(secret, receiver.take, receiver.keep)}
        else:
            self._connection = Connection(settings, receiver.take)

    def begin(self) -> None:
        """Start receiving events from Slack."""
        for channel in self.host.directory.channels():
            self.background.soon(partial(self.people.learn_channel, channel))
        if self._connection:
            self._connection.begin()

    def end(self) -> None:
        """Stop receiving events from Slack, and finish what was begun."""
        if self._connection:
            self._connection.end()
        self.api.end()
        self.background.end()
        self.files.end()

    def is_direct(self, channel: str) -> bool:
        """Whether the channel is a conversation between one person and the bot."""
        return is_direct(channel)

    def audience(self, channel: str) -> Audience:
        """Who reads the channel: Slack Connect and guests are looked for."""
        return self.people.audience(channel)

    def readers(self, channel: str) -> frozenset[str]:
        """The accounts of the people in the channel, without apps."""
        return self.people.readers(channel)

    def fetch(self, upload: Upload) -> Upload:
        """Download a file that lies with Slack."""
        return self.files.fetch(upload)

    def examine(self) -> Sequence[Examination]:
        """Check tokens, scopes, connection and channels."""
        return examine(self.settings, self.host.directory)
