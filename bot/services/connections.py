"""Connecting shops: which authorisations there are, which shops they cover, and which of ours each is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.feeds import Grant, LinkedShop
from bot.domain.orders import Shop
from bot.domain.refusal import Refusal
from bot.ports.store import UnitFactory
from bot.ports.tiktok import ApiFault, Granted, TikTok
from bot.services.tokens import GivenTokens, TokenVault, refused

_SITES = {"GB": "UK"}
"""Regions that have another name as sites."""


@dataclass(frozen=True)
class FoundSite:
    """A covered shop with what is offered for it: its `site` and `timezone` (IANA), whether the policy knows the
    site, and `bound`, the shop of ours that it is (None for none)."""

    shop: LinkedShop
    seller: str
    site: str
    timezone: str
    supported: bool
    bound: Shop | None

    @property
    def suggested_id(self) -> str:
        """An id under which the shop could be listed."""
        return f"{self.site.lower()}-{self.shop.id[-4:]}"


class Connections:
    """Authorisations of sellers and their shops. `sites` are those that the policy knows, `zones` their usual
    zones."""

    def __init__(
        self,
        units: UnitFactory,
        tiktok: TikTok,
        vault: TokenVault,
        sites: Collection[str],
        zones: Mapping[str, str],
    ) -> None:
        self.units, self.tiktok, self.vault, self.sites, self.zones = units, tiktok, vault, sites, zones

    def link(self) -> str:
        """The page on which a seller authorises the app."""
        return self.tiktok.link()

    def connect(self, pasted: str, allowed: Collection[str] | None = None) -> tuple[Grant, list[FoundSite]]:
        """Take an authorisation: a code, or the address to which the seller was sent back. Gives it with its shops.

        `allowed` are the ids of the shops of ours that whoever asks may connect, None for all: where the
        authorisation covers one that belongs to others, nothing of it is kept. Raises Refusal."""
        try:
            granted = self.tiktok.granted(pasted)
        except ApiFault as fault:
            raise refused(fault) from None
        return self._keep(granted, allowed)

    def _keep(self, granted: Granted, allowed: Collection[str] | None) -> tuple[Grant, list[FoundSite]]:
        shops, why = [], None
        try:
            shops = self.tiktok.shops(GivenTokens(granted.tokens))
        except ApiFault as fault:
            why = fault
        with self.units() as unit:
            if allowed is not None:
                theirs = {shop.tiktok for shop in unit.shops.all() if shop.tiktok and shop.id not in allowed}
                if why or theirs & {shop.id for shop in shops}:
                    raise refused(why) if why else Refusal("tiktok_shop_taken")
            grant_id = self.vault.save(unit, granted)
            if why is None:
                unit.grants.save_found(grant_id, shops)
            grant = unit.grants.grant(grant_id)
        assert grant
        if why:
            raise refused(why)
        return grant, self.found(grant_id)

    def grants(self) -> list[Grant]:
        """All authorisations, oldest first."""
        with self.units(read_only=True) as unit:
            return unit.grants.grants()

    def found(self, grant_id: str = "") -> list[FoundSite]:
        """The shops that the authorisation covers (all when none is named), by id."""
        with self.units(read_only=True) as unit:
            sellers = {grant.id: grant.seller for grant in unit.grants.grants()}
            linked, shops = unit.grants.linked(), unit.shops.all()
        bound = {shop.tiktok: shop for shop in shops if shop.tiktok}
        return [
            self._found(shop, sellers.get(shop.grant, ""), bound.get(shop.id))
            for shop in linked
            if grant_id in ("", shop.grant)
        ]

    def _found(self, shop: LinkedShop, seller: str, bound: Shop | None) -> FoundSite:
        site = bound.site if bound else _SITES.get(shop.region, shop.region)
        zone = bound.timezone if bound else self.zones.get(site, "UTC")
        return FoundSite(shop, seller, site, zone, site in self.sites, bound)

    def disconnect(self, named: str = "") -> list[Grant]:
        """Delete an authorisation with its tokens; what its shops brought stays. `named` is the id or name of a
        shop that it covers, or its seller; it may be left out where there is one alone. Raises Refusal."""
        grants, found = self.grants(), self.found()
        chosen = {grant.id for grant in grants if named in (grant.id, grant.seller, grant.open_id) or not named}
        chosen |= {item.shop.grant for item in found if named and named in _names(item)}
        if len(chosen) != 1:
            raise Refusal("tiktok_which_seller" if grants else "tiktok_none", known=_sellers(grants))
        with self.units() as unit:
            for grant_id in chosen:
                unit.grants.remove_grant(grant_id)
        return [grant for grant in grants if grant.id in chosen]


def _names(item: FoundSite) -> tuple[str, ...]:
    return (item.shop.id, item.shop.name, *((item.bound.id, item.bound.name) if item.bound else ()))


def _sellers(grants: Sequence[Grant]) -> str:
    return ", ".join(grant.seller or grant.id for grant in grants)
