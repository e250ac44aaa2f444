"""The tokens of sellers: kept sealed, renewed in time, by one process for all."""

import json
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from bot.domain.feeds import Grant
from bot.domain.refusal import Refusal
from bot.ports.clock import Clock
from bot.ports.store import Unit, UnitFactory
from bot.ports.tiktok import ApiFault, Granted, TikTok, TokenPair

log = logging.getLogger(__name__)
LOCK_SECONDS = 90.0
Locks = Callable[[str, float], AbstractContextManager[bool]]
"""(name, seconds to wait) -> whether this process alone has the lock inside the block"""


class Sealer(Protocol):
    """Makes texts unreadable for whoever has no key."""

    def seal(self, text: str, about: str) -> str:
        """The text encrypted; `about` says of what it is, and is needed again to read it."""
        ...

    def open(self, sealed: str, about: str) -> str:
        """The text that was sealed. Raises an error where it cannot be read."""
        ...


class TokenVault:
    """Keeps the tokens of all authorisations. `real` is the machine's time: tokens age by it, whatever the program's
    own clock says."""

    def __init__(self, units: UnitFactory, tiktok: TikTok, seal: Sealer, locks: Locks, real: Clock) -> None:
        self.units, self.tiktok, self.seal, self.locks, self.real = units, tiktok, seal, locks, real

    def save(self, unit: Unit, granted: Granted) -> str:
        """Keep the tokens of an authorisation, in the caller's transaction; returns its id."""
        pair = json.dumps([granted.tokens.access, granted.tokens.refresh])
        return unit.grants.save_grant(granted, self.seal.seal(pair, granted.open_id))

    def read(self, grant_id: str) -> tuple[Grant, TokenPair]:
        """An authorisation with its tokens. Raises ApiFault when it is gone or cannot be read."""
        with self.units(read_only=True) as unit:
            grant, sealed = unit.grants.grant(grant_id), unit.grants.sealed(grant_id)
        if grant is None:
            raise ApiFault("authorisation")
        try:
            access, refresh = json.loads(self.seal.open(sealed, grant.open_id))
        except Exception as error:
            raise ApiFault("sealed", message=type(error).__name__) from None
        pair = TokenPair(access, refresh, grant.obtained_at, grant.access_ends_at, grant.refresh_ends_at)
        return grant, pair

    def renew(self, grant_id: str, fresh: Callable[[Grant, TokenPair], bool]) -> tuple[Grant, TokenPair]:
        """Renew the tokens unless somebody else has done so meanwhile, which `fresh` says of what is kept. The pair
        is stored in one transaction. Raises ApiFault."""
        with self.locks(f"grant-{grant_id}", LOCK_SECONDS) as alone:
            grant, pair = self.read(grant_id)
            if fresh(grant, pair):
                return grant, pair
            if not alone:
                raise ApiFault("unreachable", message="somebody else renews the token")
            granted = self._ask(grant, pair)
            with self.units() as unit:
                self.save(unit, granted)
        return self.read(grant_id)

    def _ask(self, grant: Grant, pair: TokenPair) -> Granted:
        try:
            found = self.tiktok.renewed(pair.refresh)
        except ApiFault as fault:
            if fault.kind == "authorisation":
                with self.units() as unit:
                    unit.grants.note_fault(grant.id, fault.kind)
            raise
        log.info("the token of authorisation %s was renewed", grant.id)
        tokens = found.tokens if found.tokens.refresh else _with_refresh(found.tokens, pair)
        # An answer that leaves out who the seller is is about the one who was asked for.
        return Granted(
            tokens,
            grant.open_id,
            found.seller or grant.seller,
            found.region or grant.region,
            found.scopes or grant.scopes,
        )


def _with_refresh(tokens: TokenPair, earlier: TokenPair) -> TokenPair:
    """The new access token with the refresh token that stays as it was."""
    ends = earlier.refresh_ends_at
    return TokenPair(tokens.access, earlier.refresh, tokens.obtained_at, tokens.access_ends_at, ends)


class GrantTokens:
    """Implements ports.tiktok.AccessTokens for one authorisation. What was read once is used until it ages."""

    def __init__(self, vault: TokenVault, grant_id: str) -> None:
        self.vault, self.grant_id = vault, grant_id
        self._kept: tuple[Grant, TokenPair] | None = None

    def current(self) -> str:
        """The access token; renewed when most of its life is over, the old one as long as it is good."""
        grant, pair = self._kept = self._kept or self.vault.read(self.grant_id)
        now = self.vault.real.now()
        if now < grant.renew_at:
            return pair.access
        try:
            self._kept = self.vault.renew(self.grant_id, lambda grant, _: now < grant.renew_at)
        except ApiFault as fault:
            if fault.kind != "unreachable" or self._over(now, pair.access_ends_at):
                raise
        return self._kept[1].access

    @staticmethod
    def _over(now: datetime, end: datetime) -> bool:
        return now >= end

    def renewed(self, stale: str) -> str:
        """Another token than the one that the API refused as expired."""
        self._kept = self.vault.renew(self.grant_id, lambda _, pair: pair.access != stale)
        return self._kept[1].access


class GivenTokens:
    """Implements ports.tiktok.AccessTokens with tokens that are not kept yet."""

    def __init__(self, tokens: TokenPair) -> None:
        self.tokens = tokens

    def current(self) -> str:
        """The access token that was given."""
        return self.tokens.access

    def renewed(self, stale: str) -> str:
        """Tokens that were given a moment ago are not renewed."""
        raise ApiFault("authorisation")


def refused(fault: ApiFault) -> Refusal:
    """The refusal that says to people what the API's fault means."""
    return Refusal(f"tiktok_{fault.kind}", code=fault.code, message=fault.message, scope=fault.scope)
