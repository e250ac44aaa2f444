"""Answers the queries of the console's case board."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from bot.conversation.access import Access, console_homes
from bot.domain.addresses import ChannelId
from bot.domain.orders import Shop
from bot.ports.board import BoardRow, ChannelView, DaysView, ShopDay
from bot.ports.store import DatabaseError
from bot.services.judgement import Judgement
from bot.services.monitoring import Monitoring
from bot.services.review import Judge
from bot.wording.localizer import Localizer
from bot.wording.shops import not_quiet
from bot.wording.work import next_step, open_points


class ConsoleBoard:
    """Implements ports.board.Board for the shops of the console's channels."""

    def __init__(
        self, access: Access, judge: Judge, monitoring: Monitoring, localizer: Callable[[str], Localizer]
    ) -> None:
        self.access, self.judge, self.monitoring, self.localizer = access, judge, monitoring, localizer

    def channels(self) -> Sequence[ChannelView]:
        """The console's channels with their shops; the default channel when no shop names any."""
        homes = console_homes(self.access.every_shop())
        shown = {ChannelId.read(channel).id: shops for channel, shops in homes.items() if shops or len(homes) == 1}
        return [
            ChannelView(name, name, tuple(f"{shop.site} {shop.name}" for shop in shops))
            for name, shops in shown.items()
        ]

    def cases(self, channel: str = "", language: str = "zh") -> Sequence[BoardRow]:
        """The cases of one channel (its own id) or of all, finished ones included."""
        say, homes = self.localizer(language), self._homes()
        shops = [shop for shop, (_, home) in homes.items() if channel in ("", home)]
        with self.access.at_console(), self.access.units(read_only=True) as unit:
            judged = [self.judge.look(unit, case.id) for case in unit.cases.listed(shops, active=False)]
        return [_row(say, item, *homes[item.case.shop]) for item in judged]

    def days(self, language: str = "zh") -> DaysView:
        """What is known of the last complete day of the console's shops, and of today where a trigger is watched."""
        homes, say = self._homes(), self.localizer(language)
        with self.access.at_console():
            checks = self.monitoring.standing(list(homes))
        if not checks:
            return DaysView()
        rows = tuple(
            ShopDay(check.shop.name, check.shop.site, homes[check.shop.id][1], check.known.state.value, words)
            for check, words in not_quiet(say, checks)
        )
        return DaysView(checks[0].detection.measurement.day, len({check.shop.id for check in checks}), rows)

    def undelivered(self) -> Sequence[str]:
        """The messages that could not be shown; empty while the database cannot be read, because the page that
        explains the fault asks for them too."""
        with suppress(DatabaseError), self.access.whole(read_only=True) as unit:
            return unit.messages.failures()
        return ()

    def _homes(self) -> dict[str, tuple[Shop, str]]:
        """The console's shops by id, each with the first of the channels in which it is shown."""
        found: dict[str, tuple[Shop, str]] = {}
        for channel, shops in console_homes(self.access.every_shop()).items():
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
