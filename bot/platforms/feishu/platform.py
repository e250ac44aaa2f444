"""Feishu as a whole: the sender, webhook and long connection, and the files of people."""

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bot.conversation.events import Upload
from bot.domain.audience import Audience
from bot.platforms.feishu.api import Api
from bot.platforms.feishu.api_messages import Messages
from bot.platforms.feishu.api_scopes import Scopes
from bot.platforms.feishu.cards_languages import CardRenderer
from bot.platforms.feishu.connection import LongConnection
from bot.platforms.feishu.diagnostics import Diagnostics
from bot.platforms.feishu.events import Events, KnownMessages
from bot.platforms.feishu.files import Files
from bot.platforms.feishu.interactions import Interactions, Toasts
from bot.platforms.feishu.limits import Limits
from bot.platforms.feishu.people import Bot, People
from bot.platforms.feishu.receiver import Receiver
from bot.platforms.feishu.sender import FeishuSender
from bot.platforms.feishu.sender_followups import GroupFiles
from bot.platforms.feishu.webhook import PATH, Webhook
from bot.ports.chat import Examination, Sender
from bot.ports.host import Host
from bot.settings.chats import FeishuSettings

log = logging.getLogger(__name__)

TAKING_AT_ONCE, LEARNING_AT_ONCE = 32, 2


class FeishuPlatform:
    """Implements ports.chat.Platform. Events are received in threads of its own, so that no slow turn, upload or
    page of the console delays an answer that Feishu wants within three seconds."""

    def __init__(self, settings: FeishuSettings, host: Host, limits: Limits | None = None) -> None:
        self.settings, self.host, limits = settings, host, limits or Limits()
        self.pool = ThreadPoolExecutor(TAKING_AT_ONCE, "feishu-event")
        self.background = ThreadPoolExecutor(LEARNING_AT_ONCE, "feishu-background")
        self.api = Api(settings, host.rates.waited, limits, host.rates.called)
        self.messages, toasts = Messages(self.api), Toasts(limits.settle)
        self.scopes = Scopes(self.api)
        renderer = CardRenderer(host.texts, host.directory)
        group_files = GroupFiles(host.rates, host.texts, self.scopes, self.messages)
        self.sender: Sender = FeishuSender(host, self.messages, renderer, toasts, group_files)
        self.bot = Bot(self.api, self.background)
        self.people = People(host.directory, self.api, self.background)
        self.files = Files(host.files, self.api)
        events = Events(host, self.bot, self.people, KnownMessages(host.threads, host.directory, self.api))
        self.presses = ThreadPoolExecutor(TAKING_AT_ONCE, "feishu-press")
        interactions = Interactions(host, self.people, toasts, renderer, limits.answer, self.presses)
        self.receiver = Receiver(events, interactions, self.pool)
        self.connection = LongConnection(self.api, self.receiver.receive)
        webhook = Webhook(settings, self.receiver, host.clock.now)
        self.routes: Mapping[str, Any] = {PATH: webhook} if settings.mode == "webhook" else {}

    def begin(self) -> None:
        """Start receiving events from Feishu."""
        self.bot.introduce()
        for group in self.host.directory.channels():
            self.people.learn_group(group)
        if self.settings.mode == "webhook" and not self.settings.encrypt_key.get_secret_value():
            log.critical("feishu.encrypt_key is not set: without it a webhook cannot tell Feishu from anybody else")
        if self.settings.mode == "connection":
            self.connection.begin()

    def end(self) -> None:
        """Stop receiving events from Feishu."""
        self.connection.end()
        self.pool.shutdown(wait=False, cancel_futures=True)
        self.presses.shutdown(wait=False)
        self.background.shutdown(wait=False, cancel_futures=True)

    def is_direct(self, channel: str) -> bool:
        """False: Feishu names conversations of two as it names groups; its events tell which is which."""
        return False

    def audience(self, channel: str) -> Audience:
        """Who reads the group: external groups and people of other organisations are looked for."""
        return self.people.audience(channel)

    def readers(self, channel: str) -> frozenset[str]:
        """The accounts of the people in the group."""
        return self.people.readers(channel)

    def fetch(self, upload: Upload) -> Upload:
        """Download a file that lies with Feishu."""
        return self.files.fetch(upload)

    def _diagnostics(self, language: str) -> Diagnostics:
        host = self.host
        return Diagnostics(host.directory, host.texts, self.api, self.scopes, self.messages, language, host.rates)

    def examine(self) -> Sequence[Examination]:
        """Check what can be seen through Feishu's API."""
        language = self.host.directory.language("", "")
        return list(self._diagnostics(language).all())
