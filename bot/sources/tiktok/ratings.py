"""The feeds of reviews and of rated service sessions."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from bot.ports.tiktok import ApiFault, FeedEvent, Portion, Portions
from bot.sources.tiktok.attribution import Attribution
from bot.sources.tiktok.client import TikTokClient
from bot.sources.tiktok.listing import Row, by_token
from bot.sources.tiktok.operations import REVIEWS, SESSIONS
from bot.sources.tiktok.records import ApiReview, ApiSession

WINDOW_SECONDS = 15 * 86_400
LATE_SECONDS = 86_400
"""A session is rated, and a review changed, for so long afterwards; neither list can be asked for changes."""
SESSION_REACH_SECONDS = 90 * 86_400 - 3_600
REVIEWS_A_PAGE, SESSIONS_A_PAGE = 100, 20


def windows(since: int, until: int) -> Iterator[tuple[int, int]]:
    """The epoch seconds from `since` to `until` in windows that can be read one by one."""
    start = since
    while start < until:
        end = min(start + WINDOW_SECONDS, until)
        yield start, end
        start = end


Known = Callable[[str, Collection[str]], Mapping[str, str]]
"""(source, event ids) -> the orders of those that came before, "" where none was certain"""


class _RatedFeed:
    """What both feeds have in common: rows that are read window by window, of which those with at most `most` stars
    are defects. `known` gives the orders of events that came before; `now` the end of what is asked for, epoch
    seconds."""

    source = ""

    def __init__(
        self, client: TikTokClient, attribution: Attribution, known: Known, most: int, now: Callable[[], int]
    ) -> None:
        self.client, self.attribution, self.known, self.most, self.now = client, attribution, known, most, now

    def newest(self) -> int:
        """Where changes begin: the present, epoch seconds."""
        return self.now()

    def made_since(self, since: int) -> Portions:
        """All rows made since then, window by window."""
        for start, end in windows(since, self.now()):
            portion = self._portion(list(self._window(start, end)))
            portion.position, portion.newest = end, end
            yield portion

    def changed_since(self, since: int) -> Portions:
        """All rows made since a day before then, because they change and are rated afterwards."""
        return self.made_since(since - LATE_SECONDS)

    def _window(self, start: int, end: int) -> Iterator[Row]:
        raise NotImplementedError

    def _portion(self, given: list[Row]) -> Portion:
        raise NotImplementedError

    def _order(self, event: FeedEvent, known: Mapping[str, str], look: Callable[[], str]) -> FeedEvent:
        """The event with its order: the one it names, the one found before, or the one found now."""
        if event.order_id or not event.counted:
            return event
        if event.id in known:
            return replace(event, order_id=known[event.id])
        try:
            return replace(event, order_id=look())
        except ApiFault as fault:
            if fault.kind != "scope":
                raise
            return event


class ReviewFeed(_RatedFeed):
    """The reviews of one shop."""

    source = "reviews"

    def _window(self, start: int, end: int) -> Iterator[Row]:
        body = {"review_start_time": _iso(start), "review_end_time": _iso(end)}
        return by_token(self.client, REVIEWS, ("product_reviews", "reviews"), REVIEWS_A_PAGE, body)

    def _portion(self, given: list[Row]) -> Portion:
        portion, found = Portion(len(given)), [ApiReview.read(row) for row in given]
        known = self.known(self.source, [review.id for review in found])
        for review in found:
            if review.id and review.made and 1 <= review.stars <= 5:
                look = partial(self.attribution.of_buyer, review.buyer_id, review.product_id, review.made)
                portion.events.append(self._order(self._event(review), known, look))
            else:
                portion.unknown.add(f"review {review.id}")
        return portion

    def _event(self, review: ApiReview) -> FeedEvent:
        times = (review.made * 1000, review.updated * 1000)
        counted, status = review.stars <= self.most, f"{review.stars} stars"
        event = FeedEvent(self.source, review.id, review.order_id, *times, counted)
        return replace(event, buyer=review.buyer_id, status=status, text=review.words)


class SessionFeed(_RatedFeed):
    """The rated service sessions of one shop."""

    source = "ratings"

    def made_since(self, since: int) -> Portions:
        """All sessions begun since then, window by window; the platform gives those of ninety days."""
        return super().made_since(max(since, self.now() - SESSION_REACH_SECONDS))

    def _window(self, start: int, end: int) -> Iterator[Row]:
        body = {"begin_time_ge": start, "begin_time_lt": end}
        return by_token(self.client, SESSIONS, ("sessions",), SESSIONS_A_PAGE, body)

    def _portion(self, given: list[Row]) -> Portion:
        rated = [session for session in map(ApiSession.read, given) if session.id and 1 <= session.score <= 5]
        known = self.known(self.source, [session.id for session in rated])
        portion = Portion(len(given))
        for session in rated:
            look = partial(self.attribution.of_session, session)
            portion.events.append(self._order(self._event(session), known, look))
        return portion

    def _event(self, session: ApiSession) -> FeedEvent:
        counted, status = session.score <= self.most, f"{session.score} stars"
        ended = session.ended * 1000
        event = FeedEvent(self.source, session.id, session.order_id, ended, ended, counted)
        return replace(event, buyer=session.buyer, status=status, text=session.words)


def _iso(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%SZ}"
