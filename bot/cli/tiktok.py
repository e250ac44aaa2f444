"""What `odr-bot tiktok` does and says: connecting shops, reading them, and how they stand."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from bot.cli.answers import instant
from bot.domain.feeds import FeedState, Grant
from bot.domain.refusal import Refusal
from bot.runtime.bootstrap import App
from bot.services.connections import FoundSite
from bot.services.feeding import COUNTED, DEACTIVATED, PullReport, shops_of
from bot.sources.tiktok.client import SKEW_SECONDS

Data = dict[str, Any]
Tell = Callable[[str], None]
DEFECT_SOURCES = ("orders", "returns", "reviews", "ratings")


def configured(app: App) -> None:
    """Raises Refusal unless the settings hold the app's key and secret."""
    if not app.settings.tiktok.configured:
        raise Refusal("tiktok_not_configured")


def connect(app: App, code: str | None, tell: Tell) -> Data:
    """The link to open, or with a code the authorisation and its shops."""
    configured(app)
    say = app.localizer(app.settings.language)
    if code is None:
        link = app.connections.link()
        tell(say("tiktok.open_link", link=link))
        return {"link": link}
    grant, found = app.connections.connect(code)
    tell(say("tiktok.connected", grant=grant, count=len(found)))
    for item in found:
        tell(_offer(app, item))
    return {"authorisation": grant_data(grant), "shops": [shop_data(item) for item in found]}


def _offer(app: App, item: FoundSite) -> str:
    """What to do with a found shop: nothing, or which lines to add to the settings."""
    say = app.localizer(app.settings.language)
    if item.bound:
        return say("tiktok.shop_bound", item=item)
    if item.supported:
        return say("tiktok.shop_offered", item=item)
    return say("tiktok.shop_unsupported", item=item, sites=" ".join(app.config.policy.sites))


def shops(app: App) -> tuple[Data, str]:
    """The covered shops as data and as text."""
    found = app.connections.found()
    say = app.localizer(app.settings.language)
    text = "\n".join(_offer(app, item) for item in found) or say("tiktok.no_shops")
    return {"shops": [shop_data(item) for item in found]}, text


def disconnect(app: App, named: str, tell: Tell) -> Data:
    """Delete an authorisation with its tokens."""
    removed = app.connections.disconnect(named)
    for grant in removed:
        tell(app.localizer(app.settings.language)("tiktok.disconnected", grant=grant))
    return {"disconnected": [grant_data(grant) for grant in removed]}


def pull(app: App, shop: str, since: date | None, tell: Tell) -> tuple[Data, bool]:
    """Read one shop, or all, to the end of what there is; also says whether all of it went well."""
    configured(app)
    reports = []
    for shop_id in shops_of(app.feeding.readable(), shop):
        report = app.feeding.pull(shop_id, since, resume=bool(shop))
        reports.append(report)
        for line in _lines(app, report):
            tell(line)
    off = {item.bound.id for item in app.connections.found() if item.bound and item.shop.state == DEACTIVATED}
    for report in reports:
        if report.shop in off:
            tell(f"{report.shop}: {app.localizer(app.settings.language)('tiktok.deactivated')}")
    good = not any(report.faults for report in reports)
    return {"shops": [_report_data(app, report) for report in reports]}, good


def _lines(app: App, report: PullReport) -> list[str]:
    say = app.localizer(app.settings.language)
    if report.busy:
        return [say("tiktok.busy", shop=report.shop)]
    sources = ", ".join(say("tiktok.read_source", source=_name(app, name), n=n) for name, n in report.new.items())
    lines = [say("tiktok.read", shop=report.shop, calls=report.calls, sources=sources or "–")]
    if abs(report.skew_seconds) > SKEW_SECONDS:
        lines.append(say("tiktok.skew", seconds=round(-report.skew_seconds)))
    for source, fault in report.faults.items():
        lines.append(fault_words(app, source, fault.kind, fault.code, fault.message, fault.scope))
    return lines


def _name(app: App, source: str) -> str:
    return app.localizer(app.settings.language)(f"tiktok.source_{source}")


def fault_words(app: App, source: str, kind: str, code: int, message: str, scope: str) -> str:
    """What hinders the reading of a source, what cannot be measured without it, and what to do."""
    say = app.localizer(app.settings.language)
    why = say(f"refusals.tiktok_{kind}", code=code, message=message, scope=scope)
    return say("tiktok.hindered", source=_name(app, source), lost=say(f"tiktok.lost_{source}"), why=why)


def _report_data(app: App, report: PullReport) -> Data:
    return {
        "shop": report.shop,
        "busy": report.busy,
        "calls": report.calls,
        "rows": report.rows,
        "new": report.new,
        "skew_seconds": round(report.skew_seconds, 1),
        "faults": {
            source: {"fault": fault.kind, "code": fault.code, "scope": fault.scope or None}
            for source, fault in report.faults.items()
        },
        "differences": differences(app, report.shop),
        "not_attributable": unattributed(app, report.shop),
    }


def grant_data(grant: Grant) -> Data:
    """An authorisation as JSON data, without its tokens."""
    return {
        "id": grant.id,
        "seller": grant.seller,
        "region": grant.region,
        "scopes": list(grant.scopes),
        "access_ends": instant(grant.access_ends_at),
        "refresh_ends": instant(grant.refresh_ends_at),
        "fault": grant.fault or None,
    }


def shop_data(item: FoundSite) -> Data:
    """A covered shop as JSON data; `shop` is the id of ours that it is."""
    return {
        "id": item.shop.id,
        "name": item.shop.name,
        "region": item.shop.region,
        "seller": item.seller,
        "site": item.site,
        "supported": item.supported,
        "timezone": item.timezone,
        "shop": item.bound.id if item.bound else None,
        "channels": item.bound.channels if item.bound else [],
        "suggested_id": item.suggested_id,
        "active": None if not item.shop.state else item.shop.state == "2",
        "paused": item.shop.paused or None,
        "skew_seconds": item.shop.skew,
    }


def differences(app: App, shop_id: str) -> list[Data]:
    """What files and the API said differently about orders of a shop, newest first."""
    with app.store.unit(read_only=True) as unit:
        found = unit.feeds.differences([shop_id])
    return [
        {
            "order_id": each.order_id,
            "subject": each.subject,
            "file": each.file,
            "api": each.api,
            "kept": each.kept,
            "at": instant(each.at),
        }
        for each in found
    ]


def unattributed(app: App, shop_id: str) -> list[Data]:
    """Bad reviews and service ratings whose order nobody knows for certain, newest first."""
    with app.store.unit(read_only=True) as unit:
        found = unit.feeds.unattributed([shop_id])
    return [{"source": each.kind, "id": each.id, "buyer": each.buyer, "text": each.text} for _, each in found]


def status(app: App) -> tuple[Data, str]:
    """How the connection stands, as data and as text: authorisations, shops, feeds, and what hinders them."""
    found = {item.bound.id: item for item in app.connections.found() if item.bound}
    with app.store.unit(read_only=True) as unit:
        states = [state for state in unit.feeds.states(list(found)) if state.source != "start"]
    grants = app.connections.grants()
    shops = [
        _status_data(app, found[shop_id], [each for each in states if each.shop == shop_id]) for shop_id in found
    ]
    data = {"authorisations": [grant_data(grant) for grant in grants], "shops": shops}
    return data, _status_text(app, grants, found.values(), states)


def _status_data(app: App, item: FoundSite, states: Sequence[FeedState]) -> Data:
    assert item.bound
    counted = app.feeding.counted_differences(item.bound.id)
    return {
        **shop_data(item),
        "feeds": {state.source: _feed_data(state) for state in states if state.source != COUNTED},
        "differences": differences(app, item.bound.id),
        "not_attributable": unattributed(app, item.bound.id),
        "counted": {
            kind.value: {"platform_only": theirs, "ours_only": ours} for kind, (theirs, ours) in counted.items()
        },
    }


def _feed_data(state: FeedState) -> Data:
    return {
        "filled": state.filled,
        "read_at": instant(state.polled_at),
        "fault": state.fault or None,
        "code": state.code or None,
        "scope": state.scope or None,
        "unknown": list(state.unknown),
    }


def _status_text(app: App, grants: Sequence[Grant], found: Any, states: Sequence[FeedState]) -> str:
    say = app.localizer(app.settings.language)
    lines = [say("tiktok.grant_line", grant=grant) for grant in grants] or [say("tiktok.no_grants")]
    for item in found:
        lines.append(say("tiktok.shop_line", item=item))
        if abs(item.shop.skew) > SKEW_SECONDS:
            lines.append("  " + say("tiktok.skew", seconds=-item.shop.skew))
        for state in (each for each in states if each.shop == item.bound.id):
            lines.append("  " + say("tiktok.feed_line", source=_name(app, state.source), state=state))
            if state.fault:
                said = (state.fault, state.code, state.message, state.scope)
                lines.append("  " + fault_words(app, state.source, *said))
            if state.unknown:
                lines.append("  " + say("tiktok.unknown", words=", ".join(state.unknown)))
        lines += ["  " + say("tiktok.difference_line", each=each) for each in differences(app, item.bound.id)[:20]]
        if lost := unattributed(app, item.bound.id):
            lines.append(
                "  " + say("tiktok.unattributed", count=len(lost), ids=", ".join(x["id"] for x in lost[:10]))
            )
        for kind, (theirs, ours) in app.feeding.counted_differences(item.bound.id).items():
            if theirs or ours:
                name = say(f"words.defect.{kind}")
                lines.append("  " + say("tiktok.counted", kind=name, theirs=theirs[:20], ours=ours[:20]))
    return "\n".join(lines)
