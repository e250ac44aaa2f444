"""Evidence: receiving files, links and texts, filing them, what a person states about them, and what is missing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.conversation.arguments import Arguments
from bot.conversation.events import Incoming, Upload
from bot.conversation.router import Router
from bot.conversation.turn import Turn
from bot.domain.evidence import Evidence, LinkState
from bot.domain.filename import safe_name
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.messaging.card import Card, Tone
from bot.ports.records import Person
from bot.services.evidence import EvidenceService
from bot.services.filing import Wanted
from bot.services.previews import Previews
from bot.services.review import Judge
from bot.services.showing import Redactor
from bot.services.stated import Stated
from bot.wording import asking, doing, replies
from bot.wording.evidence import covered_card, privacy_card, useless, useless_card
from bot.wording.evidence_list import received_card
from bot.wording.localizer import Localizer
from bot.wording.work import page_of, whole_card

router = Router()

When = Callable[[str], "datetime | None"]
CaseCard = Callable[[str, str], Card]
"""(case id, language) -> the case's own card, led by that language"""


@router.on("evidence", role=Role.MEMBER, takes="case order text")
def give(
    turn: Turn,
    event: Incoming,
    uploads: tuple[Upload, ...],
    unfetched: tuple[Upload, ...],
    url: str,
    wanted: Wanted,
    visible: list[Shop],
    evidence: EvidenceService,
    judge: Judge,
    work: CaseCard,
    arguments: Arguments,
    say: Localizer,
    largest: int,
) -> list[Card]:
    """Receive files, a link or a text as evidence for the order that the words name."""
    shops = [shop.id for shop in visible]
    _, words = arguments.kind(turn)
    text = "" if uploads or url else words.strip() and words
    items = evidence.receive(event, wanted, shops, uploads, url, text)
    if not items and not unfetched:
        return [_ask_for_some(wanted, judge, say)]
    kept = answers(items, work, judge, visible, say)
    return [*_links_refused(items, say), *kept, *_refused(unfetched, say, largest)]


def _links_refused(items: Sequence[Evidence], say: Localizer) -> list[Card]:
    """For links to places that the platform does not accept, that they are refused and what to do instead."""
    refused = [item for item in items if item.link_state is LinkState.REFUSED]
    hosts = ", ".join(host.removeprefix("*.") for host in say.policy.evidence.link_hosts)
    return [replies.text_card(say, "replies.link_refused", Tone.YELLOW, item=item, hosts=hosts) for item in refused]


def _ask_for_some(wanted: Wanted, judge: Judge, say: Localizer) -> Card:
    if not wanted.order_id:
        raise Refusal("no_evidence_given")
    return replies.text_card(say, "replies.add_evidence", order=wanted.order_id)


@router.on("files", role=Role.MEMBER)
def files(
    turn: Turn,
    event: Incoming,
    uploads: tuple[Upload, ...],
    unfetched: tuple[Upload, ...],
    wanted: Wanted,
    visible: list[Shop],
    previews: Previews,
    evidence: EvidenceService,
    judge: Judge,
    work: CaseCard,
    say: Localizer,
    largest: int,
) -> list[Card]:
    """Receive files that came without a command. Exports are previewed; of the others case, order and kind are found
    in what is read in them, in their names or in the words beside them."""
    named = turn.named
    either = bool(event.thread or named.case or named.order or wanted.kind)
    came = previews.receive(event, uploads, visible, either)
    items = evidence.receive(event, wanted, [shop.id for shop in visible], came.others, apart=came.apart)
    shown = [previews.card(event.id).read_in(say.language)] if came.exports else []
    return [*shown, *answers(items, work, judge, visible, say), *_refused(unfetched, say, largest)]


def _refused(unfetched: Sequence[Upload], say: Localizer, largest: int) -> list[Card]:
    """One answer for all files that could not be fetched: why not, and what to do."""
    limit = largest // 1_000_000
    cards = [replies.refusal(say, item.problem, name=safe_name(item.file_name), limit=limit) for item in unfetched]
    return [replies.refused_files(say, cards)] if len(cards) > 1 else cards


def answers(
    items: Sequence[Evidence], work: CaseCard, judge: Judge, visible: list[Shop], say: Localizer
) -> list[Card]:
    """One card for each case that received evidence, and one question for all evidence that belongs to no case
    yet."""
    cards = [work(case_id, say.language) for case_id in dict.fromkeys(item.case_id for item in items if item.case_id)]
    homeless = [item for item in items if not item.case_id]
    if again := [item for item in homeless if useless(item)]:
        cards.append(useless_card(say, again))
    if lost := [item for item in homeless if not (useless(item) or item.only_carries)]:
        cards.append(asking.which_case_for(say, judge.open_cases([shop.id for shop in visible]), lost))
    return cards


@router.on("file", role=Role.MEMBER)
def file(
    evidence_ids: list[str],
    payload: Mapping[str, str],
    person: Person,
    evidence: EvidenceService,
    judge: Judge,
    work: CaseCard,
    say: Localizer,
) -> list[Card]:
    """File evidence to the case, order or kind that a person chose."""
    wanted = Wanted(payload.get("case", ""), payload.get("order", ""), payload.get("kind", ""))
    if wanted.kind and wanted.kind not in say.catalogue.kinds:
        raise Refusal("unknown_kind", kind=wanted.kind)
    items = evidence.assign(evidence_ids, wanted, person.id)
    return answers(items, work, judge, [], say)


@router.on("state", role=Role.MEMBER)
def state(
    evidence_ids: list[str],
    values: Mapping[str, str],
    when: When,
    person: Person,
    evidence: EvidenceService,
    judge: Judge,
    work: CaseCard,
    say: Localizer,
) -> list[Card]:
    """Record what a person says that a picture shows."""
    stated = Stated(
        tracking_number=values.get("tracking_number", "").strip()[:60],
        picked_up=when(values.get("picked_up", "")),
        delivered=when(values.get("delivered", "")),
        exception=when(values.get("exception", "")),
        captured_at=when(values.get("captured_at", "")),
        words=values.get("words", "")[:4000],
        complete=values.get("complete") == "yes",
    )
    return answers([evidence.state(evidence_ids[0], stated, person.id)], work, judge, [], say)


@router.on("confirm", role=Role.MEMBER)
def confirm(
    evidence_ids: list[str],
    payload: Mapping[str, str],
    when: When,
    person: Person,
    evidence: EvidenceService,
    judge: Judge,
    work: CaseCard,
    say: Localizer,
) -> list[Card]:
    """Record that a person has compared a number or date with its picture: it counts as stated by them."""
    stated = _confirmed(payload.get("fact", ""), payload.get("number", "")[:60], when)
    return answers([evidence.state(evidence_ids[0], stated, person.id)], work, judge, [], say)


def _confirmed(fact: str, value: str, when: When) -> Stated:
    match fact:
        case "order_ids":
            return Stated(order_id=value)
        case "captured_at":
            return Stated(captured_at=when(value))
        case "day_order":
            return Stated(day_order=value)
        case _:
            return Stated(tracking_number=value)


@router.on("received", role=Role.VIEWER)
def received(case: str, maybe_order: str, payload: Mapping[str, str], judge: Judge, say: Localizer) -> Card:
    """List the evidence that a case, or one of its orders, has received, page by page."""
    return received_card(say, judge.judge(case), maybe_order, page_of(payload))


@router.on("privacy", role=Role.MEMBER, takes="case")
def privacy(case: str, judge: Judge, say: Localizer) -> Card:
    """List the personal data of buyers in a case's evidence."""
    return privacy_card(say, judge.judge(case))


@router.on("redact", role=Role.MEMBER, takes="evidence")
def redact(
    evidence_ids: list[str], visible: list[Shop], person: Person, redactor: Redactor, say: Localizer
) -> list[Card]:
    """Make copies of evidence with personal data covered."""
    shops = [shop.id for shop in visible]
    return [covered_card(say, name, redactor.redact(name, person.id, shops)) for name in evidence_ids]


@router.on("withdraw", role=Role.MEMBER, takes="evidence")
def withdraw(
    evidence_ids: list[str], event: Incoming, person: Person, evidence: EvidenceService, say: Localizer
) -> list[Card]:
    """Take evidence out of the appeal; it can be put back with the button."""
    items = evidence.withdraw(evidence_ids, person.id)
    cards = [(item, replies.text_card(say, "replies.withdrawn", item=item)) for item in items]
    return [doing.undoable(say, card, evidence=item.id, message=event.id) for item, card in cards]


@router.on("missing", role=Role.VIEWER)
def missing(case: str, payload: Mapping[str, str], judge: Judge, say: Localizer, work: CaseCard) -> Card:
    """Show what is still missing in the case, most serious first; a button asks for all of it, page by page."""
    if "from" in payload:
        return whole_card(say, judge.judge(case), page_of(payload))
    return work(case, say.language)
