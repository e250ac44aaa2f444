"""Answers the queries of the console's case board."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot.conversation.access import Access
from bot.conversation.board_search import find
from bot.conversation.board_shops import shop_row
from bot.conversation.case_view import ConsoleCase
from bot.conversation.imports_view import ConsoleImports
from bot.conversation.people_view import ConsolePeople
from bot.conversation.trail_view import ConsoleTrail
from bot.domain.addresses import ChannelId
from bot.domain.orders import Shop
from bot.domain.people import PeopleIndex
from bot.domain.places import console_homes
from bot.messaging.card import Card
from bot.ports.board import BoardPage, BoardQuery, BoardRow, ChannelView, DaysView, ShopDay, ShopFeed, ShopRow
from bot.ports.store import DatabaseError, Sight
from bot.services.freshness import Freshness
from bot.services.import_cards import ImportCards
from bot.services.judgement import Judgement
from bot.services.memberships import Memberships
from bot.services.monitoring import Monitoring
from bot.services.order_points import open_points
from bot.services.review import Judge
from bot.services.trail import Trail
from bot.wording.freshness import feed_words
from bot.wording.localizer import Localizer
from bot.wording.shop_register import register_page
from bot.wording.shops import not_quiet
from bot.wording.work import next_step


@dataclass(frozen=True)
class ConsoleBoards:
    """Implements ports.board.Boards for the console."""

    access: Access
    judge: Judge
    monitoring: Monitoring
    freshness: Freshness
    localizer: Callable[[str], Localizer]
    memberships: Memberships
    import_cards: ImportCards
    trail: Trail
    everybody: Callable[[], PeopleIndex]
    listed: Collection[str]
    """The ids of the shops that the settings list."""
    link: Callable[[str], str]
    """(token) -> the link that signs in with it"""

    def seen_by(self, person: str) -> "ConsoleBoard":
        """The views of the shops that the person sees at the console."""
        return ConsoleBoard(self, person)

    def cases_seen_by(self, person: str) -> ConsoleCase:
        """What the person sees of single cases."""
        return ConsoleCase(self.access, self.judge, self.localizer, person)

    def imports_seen_by(self, person: str) -> ConsoleImports:
        """The received exports and imports of the shops that the person sees."""
        return ConsoleImports(self.access, self.import_cards, self.localizer, person)

    def shops_seen_by(self, person: str, language: str, may_change: bool) -> Sequence[Card]:
        """The shops that the person sees, with forms for those who may change them."""
        with self.access.at_console(person), self.access.units(read_only=True) as unit:
            return register_page(self.localizer(language), unit.shops.all(), self.listed, may_change)

    def trail_seen_by(self, person: str) -> ConsoleTrail:
        """What was done in the teams that the person leads."""
        return ConsoleTrail(self.access, self.trail, self.everybody, self.localizer, person)

    def people_seen_by(self, person: str) -> ConsolePeople:
        """The people of the person's teams."""
        return ConsolePeople(self.access, self.memberships, self.link, person)


@dataclass(frozen=True)
class ConsoleBoard:
    """Implements ports.board.Board for what one person sees of the shops of the console's channels."""

    parts: ConsoleBoards
    person: str

    def channels(self) -> Sequence[ChannelView]:
        """The console's channels with their shops; the default channel when no shop names any."""
        sight, homes = self._seen()
        known = {channel: shops for channel, shops in homes.items() if channel in sight.channels}
        shown = {ChannelId.read(channel).id: shops for channel, shops in known.items() if shops or len(known) == 1}
        return [
            ChannelView(name, name, tuple(f"{shop.site} {shop.name}" for shop in shops))
            for name, shops in shown.items()
        ]

    def cases(self, query: BoardQuery, language: str = "zh") -> BoardPage:
        """A page of the cases that are looked for."""
        say, homes = self.parts.localizer(language), self._homes()
        shops = [shop for shop, home in homes.values() if query.channel in ("", home)]
        access = self.parts.access
        with access.at_console(self.person), access.units(read_only=True) as unit:
            judged, total, after = find(self.parts.judge, unit, query, shops)
        return BoardPage([_row(say, item, *homes[item.case.shop]) for item in judged], total, after)

    def case(self, case_id: str, language: str = "zh") -> BoardRow | None:
        """One case in any state, of the shops that the person sees."""
        say, homes = self.parts.localizer(language), self._homes()
        access = self.parts.access
        with access.at_console(self.person), access.units(read_only=True) as unit:
            case = unit.cases.of_shops(case_id, homes)
            judged = self.parts.judge.look_all(unit, [case] if case else [])
        return next((_row(say, item, *homes[item.case.shop]) for item in judged), None)

    def owners(self) -> Sequence[str]:
        """The owners of the cases of the person's shops."""
        access, shops = self.parts.access, list(self._homes())
        with access.at_console(self.person), access.units(read_only=True) as unit:
            return unit.cases.owners(shops)

    def sites(self) -> Sequence[str]:
        """The sites of the person's shops."""
        return sorted({shop.site for shop, _ in self._homes().values()})

    def days(self, language: str = "zh") -> DaysView:
        """What is known of the last complete day of the console's shops, and of today where a trigger is watched."""
        homes, say = self._homes(), self.parts.localizer(language)
        with self.parts.access.at_console(self.person):
            checks, data = self.parts.monitoring.standing(list(homes)), self.parts.freshness.look(list(homes))
        if not checks:
            return DaysView()
        rows = tuple(
            ShopDay(check.shop.name, check.shop.site, homes[check.shop.id][1], check.known.state.value, words)
            for check, words in not_quiet(say, checks)
        )
        feeds = tuple(
            ShopFeed(each.shop.name, each.shop.site, homes[each.shop.id][1], each.alarming, feed_words(say, each))
            for each in sorted(data, key=lambda each: not each.alarming)
        )
        return DaysView(checks[0].detection.measurement.day, len({check.shop.id for check in checks}), rows, feeds)

    def shops(self, language: str = "zh") -> Sequence[ShopRow]:
        """The person's shops with their rates and how new their data are, those over the requirement first."""
        say, homes = self.parts.localizer(language), self._homes()
        with self.parts.access.at_console(self.person):
            checks, data = self.parts.monitoring.overview(list(homes)), self.parts.freshness.look(list(homes))
        known = {each.shop.id: each for each in data}
        rows = [shop_row(say, check, rates, known[check.shop.id], homes[check.shop.id][1]) for check, rates in checks]
        return sorted(rows, key=lambda row: (not row.over, row.case == "", row.site, row.shop))

    def undelivered(self) -> Sequence[str]:
        """The messages that could not be shown in a channel whose shops the person sees; empty while the database
        cannot be read, because the page that explains the fault asks for them too."""
        with suppress(DatabaseError):
            channels = self._told()
            with self.parts.access.whole(read_only=True) as unit:
                return unit.messages.failures(channels)
        return ()

    def _told(self) -> Collection[str] | None:
        """The channels all of whose shops the person sees; None for every channel, where there is one team."""
        access = self.parts.access
        sight, shops = access.console(self.person), access.every_shop()
        if sight.teams and not access.roster().teams.declared:
            return None
        seen = {channel for shop in shops if shop.id in sight.shops for channel in shop.channels}
        return seen - {channel for shop in shops if shop.id not in sight.shops for channel in shop.channels}

    def _seen(self) -> tuple[Sight, dict[str, list[Shop]]]:
        """What the person sees, and the shops of each of the console's channels, as far as they see them."""
        access = self.parts.access
        sight, teams = access.console(self.person), access.roster().teams
        homes = console_homes(access.every_shop(), teams)
        return sight, {
            channel: [shop for shop in shops if shop.id in sight.shops] for channel, shops in homes.items()
        }

    def _homes(self) -> dict[str, tuple[Shop, str]]:
        """The person's shops by id, each with the first of the channels in which it is shown."""
        found: dict[str, tuple[Shop, str]] = {}
        for channel, shops in self._seen()[1].items():
            for shop in shops:
                found.setdefault(shop.id, (shop, ChannelId.read(channel).id))
        return found


def _row(say: Localizer, item: Judgement, shop: Shop, home: str) -> BoardRow:
    case = item.case
    return BoardRow(
        case=case.id,
        channel=home,
        shop=shop.name,
        site=shop.site,
        triggers=tuple(case.triggers),
        status=case.status.value,
        owner=case.owner,
        deadline=case.deadline,
        ready=item.ready,
        missing=open_points(item),
        orders=len(case.appealed),
        next_step=next_step(say, item),
    )
