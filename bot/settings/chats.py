"""Typed settings of the chat platforms; a platform without its credentials is not loaded."""

from typing import Literal

from pydantic import Field, SecretStr

from bot.settings.sections import Section


class SlackSettings(Section):
    """Settings of Slack. Mode `socket` needs no public address but an app-level token; mode `http` needs the
    signing secret."""

    bot_token: SecretStr = SecretStr("")
    app_token: SecretStr = SecretStr("")
    signing_secret: SecretStr = SecretStr("")
    mode: Literal["socket", "http"] = "socket"
    base_url: str = Field(default="https://slack.com/api/", pattern=r"^https?://\S+/$")

    @property
    def configured(self) -> bool:
        """Whether the settings hold Slack's credentials, so that the platform is loaded."""
        return bool(self.bot_token.get_secret_value())


class FeishuSettings(Section):
    """Settings of Feishu or Lark. Mode `connection` needs no public address; mode `webhook` needs the encrypt key.
    An empty `base_url` stands for the brand's own address. `monthly_calls` are the calls of the API that the tenant
    has in a month, 0 for as many as it wants."""

    app_id: str = ""
    app_secret: SecretStr = SecretStr("")
    encrypt_key: SecretStr = SecretStr("")
    verification_token: SecretStr = SecretStr("")
    brand: Literal["feishu", "lark"] = "feishu"
    mode: Literal["connection", "webhook"] = "connection"
    base_url: str = Field(default="", pattern=r"^(https?://\S+[^/])?$")
    monthly_calls: int = Field(default=10_000, ge=0)

    @property
    def configured(self) -> bool:
        """Whether the settings hold Feishu's credentials, so that the platform is loaded."""
        return bool(self.app_id)
