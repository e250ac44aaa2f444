"""Sections of the settings that are about the program itself."""

from datetime import time
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.domain.links import is_loopback
from bot.settings.addresses import network_of, origin_of
from bot.settings.secrets import Secret

TOKEN_LENGTH = 16


def known_zone(name: str) -> str:
    """The name of an IANA time zone; raises ValueError for any other."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"expected an IANA time zone such as Asia/Shanghai, not {name!r}") from error
    return name


def callable_address(address: str) -> str:
    """An address that may be called: "", one over https, or one of this machine. Raises ValueError, which does not
    repeat it, for any other: it is a secret."""
    parsed = urlsplit(address)
    own = is_loopback(parsed.hostname or "")
    if address and not (parsed.hostname and (parsed.scheme == "https" or (own and parsed.scheme == "http"))):
        raise ValueError("expected an address that starts with https://, or one of this machine (http://127.0.0.1…)")
    return address


def known_countries(codes: list[str]) -> list[str]:
    """The ISO 3166 codes of countries whose public holidays are known; raises ValueError for any other."""
    from holidays import list_supported_countries

    known = list_supported_countries()
    if wrong := [code for code in codes if code not in known]:
        raise ValueError(f"expected ISO codes of countries such as CN, not {wrong}")
    return codes


class Section(BaseModel):
    """A table of the settings; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid")


class DatabaseSettings(Section):
    """The database. An empty `url` stands for SQLite in the data folder; its writers wait up to `busy_seconds` for
    each other."""

    url: Secret = ""
    busy_seconds: float = Field(default=30, ge=0, le=600)


class ConsoleSettings(Section):
    """Address and access of the web console. A session that is not used for `idle_hours` ends, and any after
    `session_hours`. `public_url` is how people reach it through a proxy; what `trusted_proxies` (addresses or
    networks) say of a client's address is believed."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = Field(default=8765, ge=0, le=65535)
    token: Secret = ""
    public_url: str = ""
    trusted_proxies: list[str] = Field(default=[])
    idle_hours: int = Field(default=72, ge=1, le=720)
    session_hours: int = Field(default=720, ge=1, le=8760)

    @field_validator("token")
    @classmethod
    def _long_enough(cls, token: str) -> str:
        if 0 < len(token.strip()) < TOKEN_LENGTH:
            raise ValueError(
                f"expected at least {TOKEN_LENGTH} characters that nobody guesses, such as those of "
                "`openssl rand -base64 24`, or none; who reaches the console could try out a shorter one"
            )
        return token.strip()

    @field_validator("public_url")
    @classmethod
    def _origin(cls, url: str) -> str:
        return origin_of(url) if url.strip() else ""

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, proxies: list[str]) -> list[str]:
        return [str(network_of(proxy)) for proxy in proxies]

    @model_validator(mode="after")
    def _a_proxy_has_a_name(self) -> "ConsoleSettings":
        if self.trusted_proxies and not self.public_url:
            raise ValueError(
                "trusted_proxies: expected console.public_url too, the address under which the proxy is reached, "
                "such as https://odr.example.com"
            )
        return self


class WebhookSettings(Section):
    """The address to which chats in mode `http` or `webhook` post. The port serves nothing else; it may be the
    console's own only when the console has a token."""

    host: str = "127.0.0.1"
    port: int = Field(default=8766, ge=0, le=65535)


class ClockSettings(Section):
    """The clock. `now` freezes it for rehearsals and examples, and must carry a zone."""

    now: AwareDatetime | None = None


class CheckSettings(Section):
    """The local time at which the daily check runs, in the time zone of each shop, and how many missed days are
    caught up. `heartbeat_url` is called after each day's checks ("" for nothing).

    Where files feed a shop, a day is expected to be measured by the time `due` of the team's next working day, and
    people are told of missing data between the two `hours` of a working day, all in the team's zone. On the public
    holidays of the countries in `holidays` (ISO 3166 codes) nobody works."""

    at: time = time(9, 0)
    catch_up_days: int = Field(default=7, ge=1, le=30)
    heartbeat_url: str = ""
    due: time = time(12)
    hours: list[time] = Field(default=[time(9), time(18)])
    holidays: list[str] = Field(default=["CN"])

    _callable = field_validator("heartbeat_url")(callable_address)
    _countries = field_validator("holidays")(known_countries)

    @field_validator("hours")
    @classmethod
    def _two_times(cls, hours: list[time]) -> list[time]:
        if len(hours) != 2 or hours[0] >= hours[1]:
            raise ValueError('expected two clock times, the earlier first, such as ["09:00", "18:00"]')
        return hours


class DataSettings(Section):
    """How exports come in. `import_role` is the least role that may import, a preview waits `preview_hours` for a
    decision. `inbox` is a folder that is watched, with one folder for each shop ("" for none)."""

    inbox: str = ""
    import_role: Literal["member", "lead"] = "member"
    preview_hours: int = Field(default=24, ge=1, le=720)


class LimitSettings(Section):
    """The largest files that are accepted, in bytes."""

    picture_bytes: int = Field(default=15_000_000, gt=0)
    text_bytes: int = Field(default=10_000_000, gt=0)
    upload_bytes: int = Field(default=100_000_000, gt=0)


class ReadingSettings(Section):
    """The processes that open files. `socket` is the absolute path of the socket for which the system starts them as
    another user; empty for children of this program."""

    socket: str = Field(default="", pattern=r"^(/\S.*)?$")


class EngineSettings(Section):
    """Sending, and several processes on one database. `replica` names this process among those on one PostgreSQL
    database (the host's name when empty). `fallback_channel` shows messages that cannot be shown in their own
    channel ("" for none)."""

    replica: str = Field(default="", max_length=60, pattern=r"^[A-Za-z0-9._-]*$")
    fallback_channel: str = Field(default="console:ops", pattern=r"^([a-z]+:\S+)?$")
    call_seconds: float = Field(default=40, ge=1, le=600)
    settle_seconds: float = Field(default=2, ge=0, le=60)


class CountdownStage(Section):
    """One stage of the countdown: while at most `within_minutes` are left, cards are updated every
    `every_minutes`."""

    within_minutes: int = Field(ge=1, le=100_000)
    every_minutes: int = Field(ge=1, le=10_000)
