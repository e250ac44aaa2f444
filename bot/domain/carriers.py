"""Where a carrier shows a parcel's journey: the page on which a logistics screenshot is taken (domain.md §4)."""

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.text import folded

PLACE = "{number}"
"""Stands in an address for the tracking number."""


class TrackingPage(BaseModel):
    """A carrier's own tracking page; `address` is "" where none is known."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    aliases: tuple[str, ...] = ()
    address: Annotated[str, Field(pattern=r"^(https://[^ ]{4,200})?$")] = ""

    def of(self, carrier: str) -> bool:
        """Whether the words, such as those of an order export, name this carrier."""
        words = f" {folded(carrier)} "
        return any(f" {folded(name)} " in words for name in (self.name, *self.aliases) if name)


def tracking_address(pages: Iterable[TrackingPage], carrier: str, number: str) -> str:
    """The address of the carrier's page for that number; "" when the carrier or its page is not known."""
    found = next((page.address for page in pages if carrier.strip() and page.of(carrier)), "")
    return found.replace(PLACE, quote(number, safe=""))
