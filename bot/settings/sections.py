"""Sections of the settings that are about the program itself."""

from datetime import time
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


def known_zone(name: str) -> str:
    """The name of an IANA time zone; raises ValueError for any other."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"expected an IANA time zone such as Asia/Shanghai, not {name!r}") from error
    return name


class Section(BaseModel):
    """A table of the settings; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid")


class Database(Section):
    """Where rows are kept; an empty url means SQLite in the data folder, whose writers wait `busy_seconds` for
    each other."""

    url: str = ""
    busy_seconds: float = Field(default=30, ge=0, le=600)


class Console(Section):
    """The local web console."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = Field(default=8765, ge=0, le=65535)
    token: str = ""


class Webhooks(Section):
    """Where chats in mode `http` or `webhook` post to: a port that serves nothing else. It may be the console's own
    only when that has a token."""

    host: str = "127.0.0.1"
    port: int = Field(default=8766, ge=0, le=65535)


class ClockSettings(Section):
    """`now` freezes the clock (rehearsals, examples); it must carry a zone."""

    now: AwareDatetime | None = None


class Check(Section):
    """When the daily check runs, in each shop's own zone, and how many missed days are caught up."""

    at: time = time(9, 0)
    catch_up_days: int = Field(default=7, ge=1, le=30)


class Limits(Section):
    """Caps on what comes from outside, in bytes."""

    picture_bytes: int = Field(default=15_000_000, gt=0)
    text_bytes: int = Field(default=10_000_000, gt=0)
    upload_bytes: int = Field(default=100_000_000, gt=0)


class EngineSettings(Section):
    """Sending and several replicas. `replica` names this program among those on one PostgreSQL (found out when
    empty); `fallback_channel` shows what cannot be delivered where it belongs ("" = nowhere)."""

    replica: str = Field(default="", max_length=60, pattern=r"^[A-Za-z0-9._-]*$")
    fallback_channel: str = Field(default="console:ops", pattern=r"^([a-z]+:\S+)?$")
    call_seconds: float = Field(default=40, ge=1, le=600)
    settle_seconds: float = Field(default=2, ge=0, le=60)


class Milestones(Section):
    """While at most `within_minutes` are left, cards are drawn anew every `every_minutes`."""

    within_minutes: int = Field(ge=1, le=100_000)
    every_minutes: int = Field(ge=1, le=10_000)
