"""Examines the connection to TikTok Shop's API: who authorised it, and what hinders the reading of shops."""

from bot.domain.feeds import FeedState
from bot.ports.chat import Unfit
from bot.runtime.bootstrap import App
from bot.services.feeding import DEACTIVATED
from bot.sources.tiktok.client import SKEW_SECONDS

FAULTS_SHOWN = 8


def examine_feeds(app: App) -> str:
    """How many shops are read by the API. Raises Unfit with what hinders it and what to do."""
    if not app.settings.tiktok.configured:
        return "not set up; data come in files"
    grants, found = app.connections.grants(), app.connections.found()
    bound = {item.bound.id: item for item in found if item.bound}
    with app.store.unit(read_only=True) as unit:
        states = unit.feeds.states(list(bound))
        listed = [shop for shop in unit.shops.all() if shop.active and shop.tiktok]
    wrong = [f"{grant.seller or grant.id} has to authorise anew" for grant in grants if grant.fault]
    wrong += [f"{shop.id} is covered by no authorisation" for shop in listed if shop.id not in bound]
    wrong += [f"{name} is deactivated by the platform" for name, item in bound.items() if _off(item.shop.state)]
    wrong += [
        f"{name} is not read since an import was taken back" for name, item in bound.items() if item.shop.paused
    ]
    if off := max((item.shop.skew for item in found), key=abs, default=0):
        wrong += [f"this machine's clock is {abs(off)} s {'behind' if off > 0 else 'ahead'}"] * (
            abs(off) > SKEW_SECONDS
        )
    wrong += [_hindered(state) for state in states if state.fault]
    if wrong:
        raise Unfit(f"{'; '.join(wrong[:FAULTS_SHOWN])}: see odr-bot tiktok status")
    return f"{len(bound)} shops are read, by the authorisations of {len(grants)} sellers"


def _off(state: str) -> bool:
    return state == DEACTIVATED


def _hindered(state: FeedState) -> str:
    """The feed that cannot be read, with the permission that is missing."""
    return f"{state.shop}: no {state.source} ({f'permission {state.scope}' if state.scope else state.fault})"
