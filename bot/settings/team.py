"""Sections of the settings about the team: its shops, its people, their reminders and the on-call rota."""

import re
from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from bot.domain.people import Role
from bot.settings.secrets import Secret
from bot.settings.sections import Section, known_zone


def channel_ids(channels: list[str]) -> list[str]:
    """The channels, each written "platform:channel"; raises ValueError for anything else."""
    if wrong := [channel for channel in channels if not re.fullmatch(r"[a-z]+:\S+", channel)]:
        raise ValueError(f"expected platform:channel such as console:ops, not {wrong}")
    return channels


class ShopSettings(Section):
    """One shop. `timezone` (IANA) defaults to the site's usual one. A day counts as measured once all `sources`
    cover it (domain.md §1a). `tiktok` is the shop's id on TikTok Shop, where its API is read."""

    id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")
    name: str = ""
    site: str = Field(pattern=r"^[A-Za-z]{2}$")
    category: str = ""
    high_risk: bool = False
    opened_on: date | None = None
    entity: str = "CN"
    active: bool = True
    timezone: str = ""
    channels: list[str] = Field(default=["console:ops"])
    sources: list[Literal["orders", "returns", "reviews", "ratings"]] = Field(default=["orders", "returns"])
    tiktok: str = Field(default="", pattern=r"^\d{0,30}$")

    _known_zone = field_validator("timezone")(lambda zone: known_zone(zone) if zone else zone)

    @field_validator("site")
    @classmethod
    def _upper(cls, site: str) -> str:
        return site.upper()

    _platform_and_channel = field_validator("channels")(channel_ids)


class TeamSettings(Section):
    """One team. To a team with `members` "channel" belongs whoever is in a channel of its shops, too; to one that is
    "listed" only those who are listed. `channels` are bound to all its `shops`, of which none may be another team's
    (domain.md §7)."""

    id: str = Field(min_length=1, max_length=40, pattern=r"^[a-z0-9][a-z0-9._-]*$")
    name: str = ""
    members: Literal["channel", "listed"] = "channel"
    shops: list[str] = Field(default=[])
    channels: list[str] = Field(default=[])

    _platform_and_channel = field_validator("channels")(channel_ids)


class PersonSettings(Section):
    """One person. Who is not listed has the `default_role`. `slack` and `feishu` are the person's account ids there
    (U…, ou_…) where they differ from `id`. `roles` gives the role in single teams, `role` the one in the other
    `teams` of the person."""

    id: str
    slack: str = ""
    feishu: str = ""
    name: str = ""
    language: Literal["", "zh", "en"] = ""
    timezone: str = ""
    role: Role = Role.MEMBER
    teams: list[str] = Field(default=[])
    roles: dict[str, Role] = Field(default={})

    _known_zone = field_validator("timezone")(lambda zone: known_zone(zone) if zone else zone)


class ReminderSettings(Section):
    """When people are reminded. `zone` (IANA) defaults to the team's; `quiet` holds the two clock times between
    which reminders wait, and is empty for none."""

    enabled: bool = True
    stages_hours: list[Annotated[int, Field(ge=1, le=720)]] = Field(default=[48, 24, 12, 6, 3, 1])
    escalate_minutes: int = Field(default=30, ge=1, le=1440)
    unclaimed_minutes: int = Field(default=30, ge=1, le=1440)
    quiet: list[time] = Field(default=[time(22), time(8)])
    margin_minutes: int = Field(default=180, ge=0, le=1440)
    per_day: int = Field(default=10, ge=1, le=100)
    ring_hours: int = Field(default=6, ge=0, le=72)
    rest_minutes: int = Field(default=120, ge=1, le=1440)
    zone: str = ""

    _known_zone = field_validator("zone")(lambda zone: known_zone(zone) if zone else zone)

    @field_validator("quiet")
    @classmethod
    def _two_times(cls, quiet: list[time]) -> list[time]:
        if quiet and (len(quiet) != 2 or quiet[0] == quiet[1]):
            raise ValueError('expected two different clock times such as ["22:00", "08:00"], or nothing: []')
        return quiet


class OnCallOverride(Section):
    """A person who takes over the rotation for a while; times without a zone are in the rotation's zone."""

    person: str = Field(min_length=1)
    starts: datetime
    ends: datetime


class OnCallSettings(Section):
    """One source of the on-call rota: `people` who take turns, or a `calendar` (a file or an https address). It
    applies to all `shops` unless some are named; `zone` (IANA) defaults to the team's."""

    people: list[Annotated[str, Field(min_length=1)]] = Field(default=[])
    every: Literal["day", "week"] = "week"
    start: date | None = None
    handover: time = time(9)
    zone: str = ""
    shops: list[str] = Field(default=[])
    overrides: list[OnCallOverride] = Field(default=[])
    calendar: Secret = ""

    _known_zone = field_validator("zone")(lambda zone: known_zone(zone) if zone else zone)

    @model_validator(mode="after")
    def _one_source(self) -> "OnCallSettings":
        if bool(self.calendar) == bool(self.people) or (self.people and not self.start):
            raise ValueError("expected either people with a start date, or a calendar")
        if "://" in self.calendar and not self.calendar.startswith("https://"):
            raise ValueError("calendar: expected a file, or an address that starts with https://")
        return self
