"""Who reads a channel."""

from enum import StrEnum


class Audience(StrEnum):
    """Who reads a channel beside the bot: people of the own organisation alone, guests of it too, or people of other
    organisations. UNKNOWN while the platform was not asked."""

    UNKNOWN = ""
    TEAM = "team"
    GUESTS = "guests"
    EXTERNAL = "external"

    @property
    def wide(self) -> bool:
        """Whether others than the own organisation's people read it: evidence stays out then (domain.md §7)."""
        return self in (Audience.GUESTS, Audience.EXTERNAL)
