"""How new the data of shops are: what to upload, pausing what is told of missing data, and the look back."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.conversation.events import Incoming
from bot.conversation.imports_view import CONSOLE
from bot.conversation.router import Router
from bot.domain.addresses import ChannelId
from bot.domain.freshness import LONGEST_PAUSE
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.domain.spoken_days import spoken_day
from bot.messaging.card import Card
from bot.ports.records import Person
from bot.ports.store import UnitFactory
from bot.services.freshness import Freshness
from bot.services.replay import Replay
from bot.services.stale import StaleWatch
from bot.wording import replies
from bot.wording.freshness import ALL, pause_form, paused_card, upload_card
from bot.wording.localizer import Localizer

router = Router()

_LEADING = re.compile(r"(?:\b(?:until|till|to)\b|[到至])\s*$", re.IGNORECASE)


def stated_day(text: str, today: date) -> tuple[date | None, str]:
    """The day in a text such as "us-1 until 2026-12-05", None when there is none, and the words before it. Raises
    Refusal for a day that does not exist."""
    try:
        day, _, before = spoken_day(text, today)
    except ValueError as error:
        raise Refusal("bad_pause", until=str(error), days=LONGEST_PAUSE.days) from None
    return day, _LEADING.sub("", before.strip()).strip()


def chosen_shops(named: str, payload: Mapping[str, str], visible: Sequence[Shop]) -> list[Shop]:
    """The shops that a name means, or those of the message on which a button was pressed; all that are visible when
    neither says anything."""
    offered = [shop for shop in visible if shop.id in payload.get("shops", "").split(",")] or list(visible)
    if named in ("", ALL):
        return offered
    called = [shop for shop in visible if shop.called(named)]
    found = called or [shop for shop in visible if shop.described(named)]
    if not found:
        raise Refusal("no_such_shop", shop=named[:40], known=", ".join(shop.id for shop in visible[:10]))
    return found


@router.on("upload_export", role=Role.VIEWER)
def upload_export(
    event: Incoming, payload: Mapping[str, str], some_visible: list[Shop], freshness: Freshness, say: Localizer
) -> Card:
    """Say which exports are missing, and where to drop them."""
    shops = chosen_shops("", payload, some_visible)
    at_console = ChannelId.read(event.channel).platform == CONSOLE
    return upload_card(say, freshness.look([shop.id for shop in shops]), at_console)


@router.on("pause_data", role=Role.LEAD, takes="listed")
def pause_data(
    rest: str,
    values: Mapping[str, str],
    payload: Mapping[str, str],
    some_visible: list[Shop],
    person: Person,
    zone: str,
    stale: StaleWatch,
    say: Localizer,
) -> Card:
    """Pause what is told of missing data of shops until a day; without a day, ask for it."""
    until, named = stated_day(values.get("until", "") or rest, say.now.astimezone(ZoneInfo(zone)).date())
    shops = chosen_shops(values.get("shop", "") or ("" if values.get("until") else named), payload, some_visible)
    if until is None:
        return pause_form(say, shops)
    stale.pause(shops, until, person.id)
    return paused_card(say, shops, until, person.id)


@router.on("resume_data", role=Role.LEAD, takes="listed")
def resume_data(shop: Shop, person: Person, stale: StaleWatch, say: Localizer) -> Card:
    """Tell of the shop's missing data again."""
    stale.resume(shop, person.id)
    return replies.text_card(say, "freshness.resumed", shop=shop)


@router.on("replay", role=Role.VIEWER)
def look_back(shop: Shop, replay: Replay, units: UnitFactory, say: Localizer) -> Card:
    """Show which of a shop's last days would have fired; changes nothing."""
    with units(read_only=True) as unit:
        return replay.card(unit, shop).read_in(say.language)
