"""Slack as a whole: the way out, the two ways in, and the files that lie there."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chats import SlackSettings
from bot.host import Host
from bot.incoming import Upload
from bot.platforms.slack.platform import SlackPlatform
from bot.ports import Examination, Platform


class SlackChat:
    """Implements ports.Chat."""

    def __init__(self, settings: SlackSettings, host: Host) -> None:
        self.settings, self.host = settings, host
        self.platform: Platform = SlackPlatform(host)
        self.routes: Mapping[str, Any] = {}

    def begin(self) -> None:
        """Take events from now on."""

    def end(self) -> None:
        """Take no more events."""

    def fetch(self, upload: Upload) -> Upload:
        """Bring a file that lies with Slack."""
        return upload

    def examine(self) -> Sequence[Examination]:
        """Look at tokens, scopes, connection and channels."""
        return ()
