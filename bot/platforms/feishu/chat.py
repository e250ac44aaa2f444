"""Feishu as a whole: the way out, the two ways in, and the files that lie there."""

from collections.abc import Mapping
from typing import Any

from bot.chats import FeishuSettings
from bot.host import Host
from bot.incoming import Upload
from bot.platforms.feishu.platform import FeishuPlatform
from bot.ports import Platform


class FeishuChat:
    """Implements ports.Chat."""

    def __init__(self, settings: FeishuSettings, host: Host) -> None:
        self.settings, self.host = settings, host
        self.platform: Platform = FeishuPlatform(host)
        self.routes: Mapping[str, Any] = {}

    def begin(self) -> None:
        """Take events from now on."""

    def end(self) -> None:
        """Take no more events."""

    def fetch(self, upload: Upload) -> Upload:
        """Bring a file that lies with Feishu."""
        return upload
