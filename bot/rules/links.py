"""Rules on evidence links (domain.md §5)."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.domain.case import CaseOrder
from bot.domain.context import CaseContext
from bot.domain.evidence import Evidence, LinkState
from bot.domain.links import link_host as judge_host
from bot.rules.kinds import PERSONAL
from bot.rules.registry import Answer, evidence_rule, fault, unsure


def _host(link: str) -> str:
    """The host as it is written, of a link that has one: all others are malformed."""
    return urlsplit(link.strip()).hostname or ""


@evidence_rule("link_host", refused="host hosts", unknown="host hosts", malformed="hosts")
def link_host(context: CaseContext, order: CaseOrder, item: Evidence) -> Iterator[Answer]:
    """The link is on one of the profile's allowed hosts (domain.md §5 `link_host`)."""
    hosts = context.policy.evidence.link_hosts
    match judge_host(item.link, context.policy) if item.link else "allowed":
        case "refused":
            yield fault("refused", host=_host(item.link), hosts=hosts)
        case "unknown":
            yield fault("unknown", host=_host(item.link), hosts=hosts)
        case "malformed":
            yield fault("malformed", hosts=hosts)


# A refused host is the business of `link_host`: such a link is never opened.
@evidence_rule("link_public", private="", led_away="", unreachable="", unchecked="")
def link_public(context: CaseContext, order: CaseOrder, item: Evidence) -> Iterator[Answer]:
    """The link opens without signing in (domain.md §5 `link_public`)."""
    if not item.link:
        return
    match item.link_state:
        case LinkState.PRIVATE:
            yield fault("private")
        case LinkState.REFUSED if judge_host(item.link, context.policy) == "allowed":
            yield fault("led_away")
        case LinkState.UNREACHABLE:
            yield unsure("unreachable")
        case None | LinkState.UNCHECKED:
            yield unsure("unchecked")


@evidence_rule("privacy", public_buyer_data="")
def privacy(context: CaseContext, order: CaseOrder, item: Evidence) -> Iterator[Answer]:
    """A public link that exposes buyers' data is to be redacted, and revoked after the outcome (domain.md §5
    `privacy`)."""
    personal = item.kind in PERSONAL or item.facts.buyers or item.facts.messages
    if item.link and item.link_state is LinkState.PUBLIC and personal:
        yield fault("public_buyer_data")
