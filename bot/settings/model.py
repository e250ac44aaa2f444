"""Typed, validated configuration: settings from TOML and environment, data files from config/."""
# Longer than most files: every setting stands here once, with its range and its default.

import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from bot.settings.chats import FeishuSettings, SlackSettings

PREFIX = "ODR_BOT_"
DEFAULT_FILE = "odr-bot.toml"
Model = TypeVar("Model")


class ConfigError(Exception):
    """A wrong configuration: says the file, the key and what was expected."""


def data_root(name: str) -> Path:
    """The folder `config` or `templates`: beside the packages in a checkout, inside the package when installed."""
    checkout = Path(__file__).parents[2] / name
    return checkout if checkout.is_dir() else Path(__file__).parents[1] / "data" / name


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"expected an IANA time zone such as Asia/Shanghai, not {name!r}") from error
    return name


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Database(_Section):
    """Where rows are kept; an empty url means SQLite in the data folder, whose writers wait `busy_seconds` for
    each other."""

    url: str = ""
    busy_seconds: float = Field(default=30, ge=0, le=600)


class Console(_Section):
    """The local web console."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = Field(default=8765, ge=0, le=65535)
    token: str = ""


class Webhooks(_Section):
    """Where chats in mode `http` or `webhook` post to: a port that serves nothing else. It may be the console's own
    only when that has a token."""

    host: str = "127.0.0.1"
    port: int = Field(default=8766, ge=0, le=65535)


class ClockSettings(_Section):
    """`now` freezes the clock (rehearsals, examples); it must carry a zone."""

    now: AwareDatetime | None = None


class Check(_Section):
    """When the daily check runs, in each shop's own zone, and how many missed days are caught up."""

    at: time = time(9, 0)
    catch_up_days: int = Field(default=7, ge=1, le=30)


class Limits(_Section):
    """Caps on what comes from outside, in bytes."""

    picture_bytes: int = Field(default=15_000_000, gt=0)
    text_bytes: int = Field(default=10_000_000, gt=0)
    upload_bytes: int = Field(default=100_000_000, gt=0)


class ShopSettings(_Section):
    """One shop; `timezone` defaults to the site's usual one. A day counts as measured once all `sources` reach it."""

    id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")
    name: str = ""
    site: str = Field(pattern=r"^[A-Za-z]{2}$")
    category: str = ""
    high_risk: bool = False
    opened_on: date | None = None
    entity: str = "CN"
    active: bool = True
    timezone: str = ""
    channels: list[str] = ["console:ops"]
    sources: list[Literal["orders", "returns", "reviews", "ratings"]] = ["orders", "returns"]

    _known_zone = field_validator("timezone")(lambda zone: _zone(zone) if zone else zone)

    @field_validator("site")
    @classmethod
    def _upper(cls, site: str) -> str:
        return site.upper()

    @field_validator("channels")
    @classmethod
    def _platform_and_channel(cls, channels: list[str]) -> list[str]:
        if wrong := [channel for channel in channels if not re.fullmatch(r"[a-z]+:\S+", channel)]:
            raise ValueError(f"expected platform:channel such as console:ops, not {wrong}")
        return channels


class EngineSettings(_Section):
    """Sending and several replicas. `replica` names this program among those on one PostgreSQL (found out when
    empty); `fallback_channel` shows what cannot be delivered where it belongs ("" = nowhere)."""

    replica: str = Field(default="", max_length=60, pattern=r"^[A-Za-z0-9._-]*$")
    fallback_channel: str = Field(default="console:ops", pattern=r"^([a-z]+:\S+)?$")
    call_seconds: float = Field(default=40, ge=1, le=600)
    settle_seconds: float = Field(default=2, ge=0, le=60)


class Milestones(_Section):
    """While at most `within_minutes` are left, cards are drawn anew every `every_minutes`."""

    within_minutes: int = Field(ge=1, le=100_000)
    every_minutes: int = Field(ge=1, le=10_000)


class PersonSettings(_Section):
    """One person of the team; who is not listed gets `default_role`. `slack` and `feishu` are the person's account
    ids there (U…, ou_…), when they differ from `id`."""

    id: str
    slack: str = ""
    feishu: str = ""
    name: str = ""
    language: Literal["", "zh", "en"] = ""
    timezone: str = ""
    role: Literal["viewer", "member", "lead"] = "member"

    _known_zone = field_validator("timezone")(lambda zone: _zone(zone) if zone else zone)


class Reminders(_Section):
    """When people are reminded. `zone` is the team's unless named; `quiet` are two clock times, empty for never."""

    enabled: bool = True
    stages_hours: list[Annotated[int, Field(ge=1, le=720)]] = [48, 24, 12, 6, 3, 1]
    escalate_minutes: int = Field(default=30, ge=1, le=1440)
    unclaimed_minutes: int = Field(default=30, ge=1, le=1440)
    quiet: list[time] = [time(22), time(8)]
    margin_minutes: int = Field(default=180, ge=0, le=1440)
    per_day: int = Field(default=10, ge=1, le=100)
    ring_hours: int = Field(default=6, ge=0, le=72)
    rest_minutes: int = Field(default=120, ge=1, le=1440)
    zone: str = ""

    _known_zone = field_validator("zone")(lambda zone: _zone(zone) if zone else zone)

    @field_validator("quiet")
    @classmethod
    def _two_times(cls, quiet: list[time]) -> list[time]:
        if quiet and (len(quiet) != 2 or quiet[0] == quiet[1]):
            raise ValueError('expected two different clock times such as ["22:00", "08:00"], or nothing: []')
        return quiet


class OnCallOverride(_Section):
    """Somebody takes over for a while; times without a zone are of the rotation's zone."""

    person: str = Field(min_length=1)
    starts: datetime
    ends: datetime


class OnCallSettings(_Section):
    """Who is on call: `people` taking turns, or a `calendar` (a file, or an https address). For all `shops` unless
    some are named; `zone` is the team's unless named."""

    people: list[Annotated[str, Field(min_length=1)]] = []
    every: Literal["day", "week"] = "week"
    start: date | None = None
    handover: time = time(9)
    zone: str = ""
    shops: list[str] = []
    overrides: list[OnCallOverride] = []
    calendar: str = ""

    _known_zone = field_validator("zone")(lambda zone: _zone(zone) if zone else zone)

    @model_validator(mode="after")
    def _one_source(self) -> "OnCallSettings":
        if bool(self.calendar) == bool(self.people) or (self.people and not self.start):
            raise ValueError("expected either people with a start date, or a calendar")
        if "://" in self.calendar and not self.calendar.startswith("https://"):
            raise ValueError("calendar: expected a file, or an address that starts with https://")
        return self


class Settings(BaseSettings):
    """All settings. Order: environment `ODR_BOT_<SECTION>__<KEY>` over the TOML file over these defaults."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", validate_default=True
    )

    data_dir: Path = Path("data")
    language: Literal["zh", "en"] = "zh"
    timezone: str = "Asia/Shanghai"
    policy: str = "tiktok-shop"
    default_role: Literal["viewer", "member", "lead"] = "member"
    database: Database = Database()
    console: Console = Console()
    webhooks: Webhooks = Webhooks()
    clock: ClockSettings = ClockSettings()
    check: Check = Check()
    limits: Limits = Limits()
    engine: EngineSettings = EngineSettings()
    countdown: list[Milestones] = [
        Milestones(within_minutes=100_000, every_minutes=360),
        Milestones(within_minutes=720, every_minutes=60),
        Milestones(within_minutes=60, every_minutes=10),
    ]
    slack: SlackSettings = SlackSettings()
    feishu: FeishuSettings = FeishuSettings()
    reminders: Reminders = Reminders()
    oncall: list[OnCallSettings] = []
    shops_file: Path | None = None
    shops: list[ShopSettings] = []
    people: list[PersonSettings] = []

    _known_zone = field_validator("timezone")(_zone)

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
        return env_settings, init_settings

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database.url or f"sqlite:///{self.data_dir.absolute() / 'odr-bot.sqlite3'}"

    @property
    def now(self) -> datetime | None:
        """The frozen instant, if any."""
        return self.clock.now


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as data; raises ConfigError with the file and the line."""
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error


def _explain(source: object, error: ValidationError) -> ConfigError:
    lines = [
        f"{_origin(source, item['loc'])}: {'.'.join(map(str, item['loc'])) or 'file'}: {item['msg']} "
        f"(found: {_found(item)})"
        for item in error.errors(include_url=False)
    ]
    return ConfigError("\n".join(lines))


def _origin(source: object, loc: tuple[int | str, ...]) -> object:
    """The environment variable that gave the value, else the source."""
    name = PREFIX + "__".join(map(str, loc)).upper()
    return f"environment {name}" if name in map(str.upper, os.environ) else source


def _found(item: Any) -> str:
    # A section given as plain text may be a secret in the wrong place, and so may what stands under a mistyped name.
    parts = [str(part) for part in item["loc"]]
    secret = (
        item["type"] == "extra_forbidden"
        or parts in (["console"], ["database"], ["slack"], ["feishu"])
        or (parts[0] == "oncall" and len(parts) == 2)
        or any(
            "token" in part or "url" in part or "secret" in part or "key" in part or part == "calendar"
            for part in parts
        )
    )
    return "nothing" if item["type"] == "missing" else "(hidden)" if secret else repr(item["input"])[:80]


def load_data(path: Path, model: type[Model], part: str = "") -> Model:
    """A data file as a validated model; `part` picks one top-level table. Raises ConfigError."""
    raw = read_toml(path)
    if part and part not in raw:
        raise ConfigError(f"{path}: {part}: this table is missing")
    try:
        return TypeAdapter(model).validate_python(raw[part] if part else raw)
    except ValidationError as error:
        raise _explain(path, error) from error


def load_settings(path: Path | None = None) -> Settings:
    """Settings from `path`, else $ODR_BOT_CONFIG, else ./odr-bot.toml when there is one. Raises ConfigError."""
    named = path or (Path(os.environ[PREFIX + "CONFIG"]) if PREFIX + "CONFIG" in os.environ else None)
    file = named or (Path(DEFAULT_FILE) if Path(DEFAULT_FILE).is_file() else None)
    values = read_toml(file) if file else {}
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise _explain(file or f"environment {PREFIX}*", error) from error
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
    return settings


def _repeated(ids: Iterable[str]) -> str:
    return next((item for item, times in Counter(ids).items() if times > 1), "")


def policy_path(settings: Settings) -> Path:
    """Where the policy profile lies: a name means a file of config/policies, anything else a path."""
    named = data_root("config") / "policies" / f"{settings.policy}.toml"
    return named if named.is_file() else Path(settings.policy)
