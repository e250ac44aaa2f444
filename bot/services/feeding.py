"""Reading shops through the platform's API: what is new comes in as from a file, by itself (domain.md §1a)."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.feeds import FeedState, LinkedShop
from bot.domain.orders import DefectType, Shop
from bot.domain.refusal import Refusal
from bot.domain.statuses import Answers
from bot.ports.clock import Clock
from bot.ports.store import Unit, UnitFactory
from bot.ports.tiktok import ApiFault, Feed, FoundShop, Portion, ShopApi, ShopContext, TikTok
from bot.services.feed_writing import FeedWriter
from bot.services.tokens import GrantTokens, Locks, TokenVault

log = logging.getLogger(__name__)
OVERLAP_SECONDS = 300
INSANE_SECONDS = 86_400
LATER = frozenset({"scope", "parameter", "path", "region", "other"})
"""Faults that concern one feed; with the others nothing of the shop can be read."""
DEACTIVATED, COUNTED = "3", "counted"
Pause = Callable[[float], object]
Alarm = Callable[[Unit, Shop], None]
"""(unit, shop that is deactivated) -> its channels are told"""


class ProgramEnds(Exception):
    """The program ends: what was read is stored, and the rest is read next time."""


@dataclass
class PullReport:
    """What one reading of a shop brought: the number of requests and rows by source, and the fault by source that
    hinders it. `busy` says that another process reads the shop; `skew_seconds` is how far the platform's clock is
    ahead of this machine's."""

    shop: str
    calls: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    new: dict[str, int] = field(default_factory=dict)
    faults: dict[str, ApiFault] = field(default_factory=dict)
    busy: bool = False
    skew_seconds: float = 0.0


class Feeding:
    """Reads shops. `writer` stores what comes; `locks` let one process at a time read a shop; `real` is the
    machine's time; `pause` waits between calls, and ends the work by raising ProgramEnds."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        real: Clock,
        tiktok: TikTok,
        vault: TokenVault,
        writer: FeedWriter,
        locks: Locks,
        alarm: Alarm,
        first_days: int,
        pause: Pause,
    ) -> None:
        self.units, self.clock, self.real, self.tiktok, self.vault = units, clock, real, tiktok, vault
        self.writer, self.locks, self.alarm, self.first_days, self.pause = writer, locks, alarm, first_days, pause

    def readable(self) -> list[tuple[Shop, LinkedShop]]:
        """Our active shops that an authorisation covers."""
        with self.units(read_only=True) as unit:
            linked = {shop.id: shop for shop in unit.grants.linked()}
            return [(shop, linked[shop.tiktok]) for shop in unit.shops.all() if shop.active and shop.tiktok in linked]

    def due(self, every: timedelta) -> list[Shop]:
        """The shops that are to be read now, because they were not for so long."""
        now = self.real.now()
        return [shop for shop, linked in self.readable() if linked.due(now, every)]

    def pull(self, shop_id: str, since: date | None = None, resume: bool = False) -> PullReport:
        """Read a shop to the end of what there is; with `since` (a UTC day) anew from there on. A shop whose reading
        was stopped by an undo is read again with `resume`. Raises Refusal for a shop that is not connected."""
        with self.locks(f"feed-{shop_id}", 0.0) as alone:
            if not alone:
                return PullReport(shop_id, busy=True)
            shop, linked = self._started(shop_id, since, resume)
            report = PullReport(shop_id)
            answers = self._answers(shop_id)
            context = ShopContext(linked.versions, answers, self._attributed(shop_id), self.pause)
            found = FoundShop(linked.id, linked.name, linked.region, linked.cipher)
            api = self.tiktok.open(found, GrantTokens(self.vault, linked.grant), context)
            try:
                self._read_all(api, shop, linked, report)
            finally:
                report.calls, report.skew_seconds = api.calls, api.skew_seconds
                with self.units() as unit:
                    current = next((each for each in unit.grants.linked() if each.id == linked.id), linked)
                    unit.grants.save_linked(replace(current, versions=api.versions, skew=round(api.skew_seconds)))
        return report

    def _started(self, shop_id: str, since: date | None, resume: bool) -> tuple[Shop, LinkedShop]:
        """The shop, with its reading noted as begun."""
        found = next((pair for pair in self.readable() if shop_id in (pair[0].id, pair[1].id)), None)
        if found is None:
            raise Refusal("tiktok_not_connected", shop=shop_id)
        shop, linked = found
        with self.units() as unit:
            if since:
                start = int(datetime.combine(since, time(), UTC).timestamp())
                for state in unit.feeds.states([shop.id]):
                    again = replace(state, since=start, position=0, filled=False, newest=0)
                    unit.feeds.save_state(again)
                unit.feeds.save_state(FeedState(shop.id, "start", since=start))
            linked = replace(linked, tried_at=self.real.now(), paused="" if resume else linked.paused)
            unit.grants.save_linked(linked)
        return shop, linked

    def _answers(self, shop_id: str) -> Answers:
        with self.units(read_only=True) as unit:
            return unit.statuses.answers(shop_id)

    def _attributed(self, shop_id: str) -> Callable[[str, Collection[str]], Mapping[str, str]]:
        def attributed(source: str, ids: Collection[str]) -> dict[str, str]:
            with self.units(read_only=True) as unit:
                return {each.id: each.order_id for each in unit.feeds.events(shop_id, source, ids).values()}

        return attributed

    def _read_all(self, api: ShopApi, shop: Shop, linked: LinkedShop, report: PullReport) -> None:
        for feed in api.feeds:
            try:
                self._read(api, feed, shop, report)
            except ApiFault as fault:
                report.faults[feed.source] = fault
                self._note(shop.id, feed.source, fault)
                if fault.kind not in LATER:
                    return
        self._look(api, shop, linked, report)

    def _read(self, api: ShopApi, feed: Feed, shop: Shop, report: PullReport) -> None:
        """Fill the feed from where it stands, then read what has changed since."""
        state = self._state(shop.id, feed.source)
        if not state.filled:
            if not state.newest:
                state = replace(state, newest=self._sane(feed.newest()) or state.since)
            with closing(feed.made_since(max(state.position, state.since))) as portions:
                for portion in portions:
                    state = replace(state, position=max(state.position, portion.position))
                    state = self._stored(api, shop, state, portion, report)
            state = replace(state, filled=True)
        newest = state.newest
        with closing(feed.changed_since(max(newest - OVERLAP_SECONDS, 0))) as portions:
            for portion in portions:
                newest = max(newest, self._sane(portion.newest))
                state = replace(state, newest=max(state.newest, self._sane(portion.position)))
                state = self._stored(api, shop, state, portion, report)
        self.writer.caught_up(shop.id, replace(state, newest=newest))

    def _state(self, shop_id: str, source: str) -> FeedState:
        """How far the feed was read; one that was never read begins so many days back, or where a person said."""
        with self.units(read_only=True) as unit:
            known = {state.source: state for state in unit.feeds.states([shop_id])}
        if source in known and known[source].since:
            return known[source]
        back = self.clock.now() - timedelta(days=self.first_days)
        midnight = int(datetime.combine(back.date(), time(), UTC).timestamp())
        since = known["start"].since if "start" in known else midnight
        return FeedState(shop_id, source, since=since)

    def _sane(self, second: int) -> int:
        """The epoch second, unless it lies far in the future: what is read later would be left out."""
        now = max(self.real.now(), self.clock.now()).timestamp()
        return second if second <= now + INSANE_SECONDS else 0

    def _stored(self, api: ShopApi, shop: Shop, state: FeedState, portion: Portion, report: PullReport) -> FeedState:
        stored = self.writer.store(shop.id, state, portion)
        report.rows[state.source] = report.rows.get(state.source, 0) + portion.rows
        report.new[state.source] = report.new.get(state.source, 0) + stored.new
        if stored.again:
            # What a cancellation says and the order does not yet: the order is asked for.
            self.writer.store(shop.id, self._state(shop.id, "orders"), api.orders(stored.again))
        return stored.state

    def _note(self, shop_id: str, source: str, fault: ApiFault) -> None:
        log.warning("shop %s, %s: %s", shop_id, source, fault)
        with self.units() as unit:
            known = {state.source: state for state in unit.feeds.states([shop_id])}
            state = known.get(source, FeedState(shop_id, source))
            state = replace(state, fault=fault.kind, code=fault.code)
            unit.feeds.save_state(replace(state, message=fault.message, scope=fault.scope))

    def _look(self, api: ShopApi, shop: Shop, linked: LinkedShop, report: PullReport) -> None:
        """Look at the state of the shop, and once a day at what the platform counts itself."""
        try:
            state = api.statuses().get(linked.id, "")
            with self.units() as unit:
                unit.grants.save_linked(replace(linked, state=state or linked.state, versions=api.versions))
                if state == DEACTIVATED and linked.state != DEACTIVATED:
                    self.alarm(unit, shop)
        except ApiFault as fault:
            report.faults["state"] = fault
        if linked.region == "US":
            self._counted(api, shop.id, report)

    def _counted(self, api: ShopApi, shop_id: str, report: PullReport) -> None:
        now = self.clock.now()
        with self.units(read_only=True) as unit:
            known = {state.source: state for state in unit.feeds.states([shop_id])}
        state = known.get(COUNTED, FeedState(shop_id, COUNTED))
        if state.polled_at and state.polled_at.date() == now.date():
            return
        try:
            counted = api.counted_orders()
        except ApiFault as fault:
            report.faults[COUNTED] = fault
            self._note(shop_id, COUNTED, fault)
            return
        with self.units() as unit:
            unit.feeds.save_counted(shop_id, counted)
            unit.feeds.save_state(replace(state.cleared(), polled_at=now))

    def counted_differences(self, shop_id: str) -> dict[DefectType, tuple[list[str], list[str]]]:
        """Of a shop in the US, by defect type: the orders that only the platform counts, and those that only we
        count in the days that were read."""
        since = self.clock.now() - timedelta(days=self.first_days)
        with self.units(read_only=True) as unit:
            theirs = unit.feeds.counted(shop_id)
            ours = {kind: unit.feeds.counted_defects(shop_id, kind, since) for kind in theirs}
        return {kind: (sorted(ids - ours[kind]), sorted(ours[kind] - ids)) for kind, ids in theirs.items()}


def shops_of(pairs: Sequence[tuple[Shop, LinkedShop]], named: str) -> list[str]:
    """The ids of the shops that are meant: the one with that id, ours or the platform's, or all. Raises Refusal."""
    found = [shop.id for shop, linked in pairs if named in ("", shop.id, linked.id)]
    if not found:
        raise Refusal("tiktok_not_connected", shop=named)
    return found
