"""Adding, changing and pausing shops without an editor; what the settings say of a shop wins (domain.md §7)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.orders import Shop
from bot.domain.refusal import Refusal
from bot.ports.clock import Clock
from bot.ports.store import Unit, UnitFactory

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_PLATFORM_ID = re.compile(r"\d{0,30}")


@dataclass(frozen=True)
class ListedShops:
    """What the settings say: the ids of their shops, and whether they have teams, each with its own shops."""

    shops: Collection[str]
    teams: bool


class ShopRegister:
    """Shops that people add are stored beside those of the settings. `zones` are the usual IANA zones of sites."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        listed: ListedShops,
        sites: Collection[str],
        zones: Mapping[str, str],
    ) -> None:
        self.units, self.clock, self.listed, self.sites, self.zones = units, clock, listed, sites, zones

    def known(self, shop_id: str) -> Shop | None:
        """The shop with that id, as it is stored."""
        with self.units(read_only=True) as unit:
            return next((shop for shop in unit.shops.configured() if shop.id == shop_id), None)

    def by_people(self) -> list[str]:
        """The ids of the shops that are in no settings."""
        with self.units(read_only=True) as unit:
            return [shop.id for shop in unit.shops.configured() if shop.id not in self.listed.shops]

    def add(self, given: Mapping[str, str], channel: str) -> Shop:
        """Add a shop that a person described, with its alerts in that channel ("" for none yet). Raises Refusal for
        an id that is taken and for what cannot be."""
        if self.listed.teams:
            raise Refusal("shop_of_teams")
        shop_id = given.get("id", "").strip()
        if not _ID.fullmatch(shop_id):
            raise Refusal("shop_id_bad", id=shop_id[:40])
        with self.units() as unit:
            if any(shop.id.casefold() == shop_id.casefold() for shop in unit.shops.configured()):
                raise Refusal("shop_exists", id=shop_id)
            blank = Shop(shop_id, "", "", "", channels=[channel] if channel else [])
            return self._saved(unit, blank, given)

    def change(self, shop_id: str, given: Mapping[str, str]) -> Shop:
        """Change what a person described of a shop. Raises Refusal for a shop of the settings and for what cannot
        be."""
        self.changeable(shop_id)
        with self.units() as unit:
            return self._saved(unit, self._stored(unit, shop_id), given)

    def set_active(self, shop_id: str, active: bool) -> Shop:
        """Pause a shop: it is neither measured nor missed; or go on with it. Raises Refusal for a shop of the
        settings."""
        self.changeable(shop_id)
        with self.units() as unit:
            shop = replace(self._stored(unit, shop_id), active=active)
            unit.shops.save(shop)
        return shop

    def changeable(self, shop_id: str) -> None:
        """Raises Refusal when the settings list the shop: the next start would undo what was changed here."""
        if shop_id in self.listed.shops:
            raise Refusal("shop_in_settings", shop=shop_id)

    @staticmethod
    def _stored(unit: Unit, shop_id: str) -> Shop:
        found = next((shop for shop in unit.shops.configured() if shop.id == shop_id), None)
        if found is None:
            raise Refusal("no_such_shop", shop=shop_id, known="–")
        return found

    def _saved(self, unit: Unit, shop: Shop, given: Mapping[str, str]) -> Shop:
        site = given.get("site", "").strip().upper()
        if site not in self.sites:
            raise Refusal("shop_site", site=site[:10] or "–", sites=" ".join(self.sites))
        tiktok = given.get("tiktok", "").strip()
        if not _PLATFORM_ID.fullmatch(tiktok):
            raise Refusal("shop_platform_id", id=tiktok[:40])
        if tiktok and any(each.tiktok == tiktok and each.id != shop.id for each in unit.shops.configured()):
            raise Refusal("shop_platform_taken", id=tiktok)
        changed = replace(
            shop,
            name=given.get("name", "").strip()[:80] or shop.id,
            site=site,
            timezone=self._zone(given.get("timezone", "").strip(), site),
            opened_on=self._day(given.get("opened_on", "").strip()),
            tiktok=tiktok,
        )
        unit.shops.save(changed)
        return changed

    def _zone(self, text: str, site: str) -> str:
        zone = text or self.zones.get(site, "UTC")
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise Refusal("shop_zone", zone=text[:40]) from None
        return zone

    def _day(self, text: str) -> date | None:
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or day > self.clock.now().date():
            raise Refusal("shop_day", day=text[:20])
        return day
