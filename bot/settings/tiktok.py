"""Typed settings of the connection to TikTok Shop's API; without an app key there is none."""

from typing import Annotated

from pydantic import Field, SecretStr

from bot.settings.sections import Section

ADDRESS = r"^https?://\S+$"


class TikTokSettings(Section):
    """The app with which shops are read. `base_url`, `auth_url` and `authorize_url` may name another server that
    stands in for the platform; `authorize_url` is the link that Partner Center shows for the app. Every shop is read
    every `every_minutes`, at the first time `first_days` back; `calls_per_second` is the pace at which that begins,
    and which adapts. `warn_hours` are the hours left at which deadlines of orders and returns are told; none when
    empty. `token_key` encrypts the tokens; when it is empty, a key is kept in a file of the data folder."""

    app_key: str = ""
    app_secret: SecretStr = SecretStr("")
    base_url: str = Field(default="https://open-api.tiktokglobalshop.com", pattern=ADDRESS)
    auth_url: str = Field(default="https://auth.tiktok-shops.com", pattern=ADDRESS)
    authorize_url: str = Field(default="https://services.tiktokshop.com/open/authorize", pattern=ADDRESS)
    every_minutes: int = Field(default=20, ge=1, le=1440)
    calls_per_second: float = Field(default=5, gt=0, le=100)
    first_days: int = Field(default=60, ge=1, le=365)
    warn_hours: list[Annotated[int, Field(ge=1, le=168)]] = Field(default=[24, 12, 4])
    token_key: SecretStr = SecretStr("")

    @property
    def configured(self) -> bool:
        """Whether the settings hold the app's key and secret, so that shops can be connected and read."""
        return bool(self.app_key and self.app_secret.get_secret_value())
