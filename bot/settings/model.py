"""The settings, from TOML and environment."""

import os
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from bot.domain.people import Role
from bot.settings import chats
from bot.settings.files import PREFIX, ConfigError, data_root, explained, load_data, read_toml
from bot.settings.secrets import Environment, with_secrets
from bot.settings.sections import (
    CheckSettings,
    ClockSettings,
    ConsoleSettings,
    CountdownStage,
    DatabaseSettings,
    DataSettings,
    EngineSettings,
    LimitSettings,
    ReadingSettings,
    WebhookSettings,
    known_zone,
)
from bot.settings.team import OnCallSettings, PersonSettings, ReminderSettings, ShopSettings, TeamSettings
from bot.settings.teams import check_teams
from bot.settings.tiktok import TikTokSettings

DEFAULT_FILE = "odr-bot.toml"


class Settings(BaseSettings):
    """All settings. An environment variable `ODR_BOT_<SECTION>__<KEY>` wins over the TOML file, which wins over
    the defaults. With `_FILE` (`_file` in TOML) after its key a secret is read from a file."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", validate_default=True
    )

    data_dir: Path = Path("data")
    language: Literal["zh", "en"] = "zh"
    timezone: str = "Asia/Shanghai"
    policy: str = "tiktok-shop"
    default_role: Role = Role.MEMBER
    database: DatabaseSettings = DatabaseSettings()
    console: ConsoleSettings = ConsoleSettings()
    webhooks: WebhookSettings = WebhookSettings()
    clock: ClockSettings = ClockSettings()
    check: CheckSettings = CheckSettings()
    limits: LimitSettings = LimitSettings()
    data: DataSettings = DataSettings()
    reading: ReadingSettings = ReadingSettings()
    engine: EngineSettings = EngineSettings()
    countdown: list[CountdownStage] = [
        CountdownStage(within_minutes=100_000, every_minutes=360),
        CountdownStage(within_minutes=720, every_minutes=60),
        CountdownStage(within_minutes=60, every_minutes=10),
    ]
    slack: chats.SlackSettings = chats.SlackSettings()
    feishu: chats.FeishuSettings = chats.FeishuSettings()
    tiktok: TikTokSettings = TikTokSettings()
    reminders: ReminderSettings = ReminderSettings()
    oncall: list[OnCallSettings] = []
    shops_file: Path | None = None
    shops: list[ShopSettings] = []
    teams: list[TeamSettings] = []
    people: list[PersonSettings] = []

    _known_zone = field_validator("timezone")(known_zone)

    @field_validator("default_role")
    @classmethod
    def _no_admin_by_default(cls, role: Role) -> Role:
        if role is Role.ADMIN:
            raise ValueError("expected viewer, member or lead: an admin is named in [[people]]")
        return role

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, which is passed in as the initial values."""
        return Environment(settings_cls), init_settings

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the database; an SQLite file in the data folder unless one is set."""
        return self.database.url or f"sqlite:///{self.data_dir.absolute() / 'odr-bot.sqlite3'}"

    @property
    def now(self) -> datetime | None:
        """The instant at which the clock is frozen (with zone); None when it runs."""
        return self.clock.now


def load_settings(path: Path | None = None) -> Settings:
    """Settings from `path`, else $ODR_BOT_CONFIG, else ./odr-bot.toml when there is one. Raises ConfigError."""
    named = path or (Path(os.environ[PREFIX + "CONFIG"]) if PREFIX + "CONFIG" in os.environ else None)
    file = named or (Path(DEFAULT_FILE) if Path(DEFAULT_FILE).is_file() else None)
    values = with_secrets(read_toml(file), Settings, file) if file else {}
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise explained(file or f"environment {PREFIX}*", error) from error
    except SettingsError as error:
        raise ConfigError(f"environment {PREFIX}*: {error}; expected JSON, or one variable for each key") from error
    return _with_shops_file(settings, file)


def _with_shops_file(settings: Settings, file: Path | None) -> Settings:
    base = file.parent if file else Path()
    if settings.shops_file:
        listed = load_data(base / settings.shops_file, list[ShopSettings], "shops")
        settings.shops = [*settings.shops, *listed]
    for rota in settings.oncall:
        if rota.calendar and "://" not in rota.calendar:
            rota.calendar = str(base / rota.calendar)
    if twice := _repeated(shop.id for shop in settings.shops):
        raise ConfigError(f"{file or 'settings'}: shops: the id {twice!r} is used twice")
    if twice := _repeated(shop.tiktok for shop in settings.shops if shop.tiktok):
        raise ConfigError(f"{file or 'settings'}: shops: tiktok {twice!r} is used twice; expected one shop for it")
    if wrong := check_teams(settings.teams, settings.shops, settings.people):
        raise ConfigError("\n".join(f"{file or 'settings'}: {words}" for words in wrong))
    return settings


def _repeated(ids: Iterable[str]) -> str:
    return next((item for item, times in Counter(ids).items() if times > 1), "")


def policy_path(settings: Settings) -> Path:
    """The path of the policy profile: a bare name stands for a file of config/policies, anything else is a path."""
    named = data_root("config") / "policies" / f"{settings.policy}.toml"
    return named if named.is_file() else Path(settings.policy)
