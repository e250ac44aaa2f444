"""What a person states that evidence shows: recorded as theirs, never as read."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.captures import with_order
from bot.domain.evidence import CaptureSource, Facts, Spot, TimeRole, Timestamp, TrackingNumber


@dataclass(frozen=True)
class Stated:
    """What a person states about evidence that could not be read; None or "" for what they did not say. Times are
    UTC. `day_order` says how the page's dates are to be read of which day and month may be exchanged: "dmy" or
    "mdy"."""

    tracking_number: str = ""
    order_id: str = ""
    picked_up: datetime | None = None
    delivered: datetime | None = None
    exception: datetime | None = None
    captured_at: datetime | None = None
    site: str = ""
    words: str = ""
    complete: bool = False
    day_order: str = ""

    def on(self, facts: Facts, person: str, read: Facts) -> Facts:
        """The facts with the stated ones added and marked as stated; `read` is what was found in the stated words."""
        times = {
            TimeRole.PICKED_UP: self.picked_up,
            TimeRole.DELIVERED: self.delivered,
            TimeRole.EXCEPTION: self.exception,
        }
        stamps = tuple(Timestamp(f"{at:%Y-%m-%d %H:%M} UTC", at, role, 0) for role, at in times.items() if at)
        facts = with_order(facts, self.day_order) if self.day_order else facts
        numbers = (TrackingNumber(self.tracking_number, "", True),) if self.tracking_number else ()
        said = {
            "tracking_numbers": bool(numbers),
            "order_ids": bool(self.order_id),
            "timestamps": bool(stamps or self.day_order),
            "captured_at": bool(self.captured_at),
            "site": bool(self.site),
            "words": bool(self.words),
            "messages": self.complete or bool(read.messages),
        }
        return replace(
            facts,
            readable=True,
            tracking_numbers=(*facts.tracking_numbers, *numbers),
            timestamps=(*facts.timestamps, *stamps),
            captured_at=self.captured_at or facts.captured_at,
            captured_from=CaptureSource.STATED if self.captured_at else facts.captured_from,
            site=self.site or facts.site,
            words=self.words or facts.words,
            messages=read.messages or facts.messages,
            buyers=(*facts.buyers, *read.buyers),
            order_ids=tuple(dict.fromkeys((*facts.order_ids, *filter(None, [self.order_id]), *read.order_ids))),
            spots=tuple(_confirmed(spot, self) for spot in facts.spots),
            stated=tuple(sorted({*facts.stated, *(name for name, given in said.items() if given)})),
            stated_by=person,
        )


def _confirmed(spot: Spot, stated: Stated) -> Spot:
    """The place of a number that a person has read, marked as legible."""
    read = {"tracking_numbers": stated.tracking_number, "order_ids": stated.order_id}.get(spot.fact)
    return replace(spot, legible=True) if read and read == spot.text else spot
