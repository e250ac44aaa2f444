"""Received exports: confirming their import, answering what is asked about them, and undoing it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.conversation.events import Incoming, Upload
from bot.conversation.router import Router
from bot.conversation.turn import Turn
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.domain.previews import Preview, PreviewState
from bot.domain.refusal import Refusal
from bot.messaging.card import Card, Tone
from bot.ports.records import Person
from bot.services.evidence import EvidenceService
from bot.services.filing import Wanted
from bot.services.importing import Importing
from bot.services.previews import Previews
from bot.services.review import Judge
from bot.services.undo import not_yours
from bot.wording import replies
from bot.wording.import_list import listed_card
from bot.wording.localizer import Localizer
from bot.wording.previews import exported_form, no_export_card, shop_buttons, which_card
from handlers.evidence import CaseCard, When, answers

router = Router()


@router.on("import", role=Role.MEMBER, takes="")
def import_words(
    turn: Turn,
    event: Incoming,
    uploads: tuple[Upload, ...],
    unfetched: tuple[Upload, ...],
    person: Person,
    previews: Previews,
    again: Callable[[Turn], list[Card]],
    say: Localizer,
) -> list[Card]:
    """Import the exports that wait in the channel; files that come with the word are previewed first."""
    if uploads or unfetched:
        cards = again(replace(turn, command="files"))
        return [*(no_export_card(say, name, signs) for name, signs in previews.no_exports(uploads)), *cards]
    waiting = previews.waiting(event.channel)
    if not waiting:
        return [replies.text_card(say, "previews.none_waiting")]
    meant = _meant(waiting)
    if len({each.group for each in meant}) > 1:
        return [which_card(say, meant)]
    return [_shown(previews, say, _confirmed(meant, person, previews))]


def _meant(waiting: list[Preview]) -> list[Preview]:
    """Those of which the word may speak: the ones that can be imported as they are, where there are any. Another that
    waits for an answer does not keep them."""
    ready = {each.group for each in waiting if each.state is PreviewState.WAITING and not each.unsettled}
    return [each for each in waiting if each.group in ready] or waiting


def _confirmed(waiting: list[Preview], person: Person, previews: Previews) -> str:
    """The word means a question whether a table is to be imported too."""
    if all(each.state is PreviewState.ASKED for each in waiting):
        return next(previews.it_is_one(each.id, person) for each in waiting)
    return previews.confirm([each.id for each in waiting], person)


def _shown(previews: Previews, say: Localizer, group: str) -> Card:
    return previews.card(group).read_in(say.language)


@router.on("import_all", role=Role.MEMBER, takes="")
def import_all(event: Incoming, person: Person, previews: Previews, say: Localizer) -> list[Card]:
    """Import everything that waits in the channel and can be imported as it is."""
    waiting = _meant(previews.waiting(event.channel))
    if not waiting:
        return [replies.text_card(say, "previews.none_waiting")]
    groups = dict.fromkeys(each.group for each in waiting)
    return [
        _shown(previews, say, _confirmed([each for each in waiting if each.group == group], person, previews))
        for group in groups
    ]


@router.on("import_confirm", role=Role.MEMBER)
def import_confirm(payload: Mapping[str, str], person: Person, previews: Previews, say: Localizer) -> Card:
    """Import the files of the pressed button."""
    arrived = (lambda preview: preview.at) if "fresh" in payload else None
    return _shown(previews, say, previews.confirm(_ids(payload), person, arrived))


@router.on("import_exported", role=Role.MEMBER)
def import_exported(
    payload: Mapping[str, str],
    values: Mapping[str, str],
    when: When,
    person: Person,
    previews: Previews,
    say: Localizer,
) -> Card:
    """Import the files of the pressed button with the time at which they were exported; without a time, ask for
    it."""
    ids = _ids(payload)
    if (at := when(values.get("exported", ""))) is None:
        return exported_form(say, [previews.asked(each)[1].file for each in ids], payload["preview"])
    return _shown(previews, say, previews.confirm(ids, person, lambda _: at))


@router.on("import_cancel", role=Role.MEMBER, takes="")
def import_cancel(
    event: Incoming, payload: Mapping[str, str], person: Person, previews: Previews, say: Localizer
) -> Card:
    """Import none of the files of the pressed button; the words mean those that came last in the channel."""
    if not (ids := _ids(payload) or _last(previews, event)):
        return replies.text_card(say, "previews.none_waiting")
    return _shown(previews, say, previews.cancel(ids, person))


@router.on("import_it", role=Role.MEMBER)
def import_it(payload: Mapping[str, str], person: Person, previews: Previews, say: Localizer) -> Card:
    """Preview a table that might have been evidence."""
    return _shown(previews, say, previews.it_is_one(_ids(payload)[0], person))


@router.on("import_other", role=Role.MEMBER, takes="")
def import_other(event: Incoming, payload: Mapping[str, str], previews: Previews, say: Localizer) -> list[Card]:
    """Ask for which other shop a file is; the words mean those that came last in the channel."""
    ids = _ids(payload) or _last(previews, event)
    return [_other_shop(previews, say, each) for each in ids] or [replies.text_card(say, "previews.none_waiting")]


def _other_shop(previews: Previews, say: Localizer, preview_id: str) -> Card:
    shown, preview = previews.asked(preview_id)
    buttons = shop_buttons(say, shown, preview)
    if not buttons.buttons:
        return replies.text_card(say, "previews.no_other_shop")
    return Card(say("previews.other_shop", file=preview.file), (buttons,), Tone.BLUE, "", say.language)


def _last(previews: Previews, event: Incoming) -> list[str]:
    """The exports that wait of the message that came last."""
    waiting = previews.waiting(event.channel)
    return [each.id for each in waiting if each.group == waiting[-1].group]


@router.on("import_with", role=Role.MEMBER)
def import_with(
    payload: Mapping[str, str], person: Person, visible: list[Shop], previews: Previews, say: Localizer
) -> Card:
    """Answer what was asked about a file: its shop, its kind, its dates, or whose orders they are."""
    answer = {name: payload[name] for name in ("shop", "kind", "dates", "move") if name in payload}
    return _shown(previews, say, previews.choose(_ids(payload)[0], person, visible, answer))


@router.on("import_evidence", role=Role.MEMBER)
def import_evidence(
    event: Incoming,
    payload: Mapping[str, str],
    person: Person,
    visible: list[Shop],
    previews: Previews,
    evidence: EvidenceService,
    judge: Judge,
    work: CaseCard,
    say: Localizer,
) -> list[Card]:
    """Take a table as evidence after all."""
    [preview_id] = _ids(payload)
    group, upload = previews.as_evidence(preview_id, person)
    items = evidence.receive(event, Wanted(event.thread), [shop.id for shop in visible], [upload])
    previews.drop(preview_id)
    return [_shown(previews, say, group), *answers(items, work, judge, visible, say)]


@router.on("import_undo", role=Role.MEMBER, takes="")
def import_undo(
    payload: Mapping[str, str],
    person: Person,
    visible: list[Shop],
    some_visible: list[Shop],
    importing: Importing,
    previews: Previews,
    say: Localizer,
) -> Card:
    """Undo the import of the pressed button: whoever confirmed it may, and a lead. The words mean the newest import
    where the person made it; else all are shown with their buttons."""
    number = payload.get("import", "")
    if not number:
        known = importing.listed([shop.id for shop in some_visible])
        newest = next((each for each in known if each.state == "taken"), None)
        if newest is None or newest.by != person.id:
            return listed_card(say, known)
        number = newest.id
    found = importing.of([shop.id for shop in visible], number)
    if not_yours(found.by, person):
        raise Refusal("not_yours_to_undo", who=previews.name(found.by))
    importing.undo(number, person.id)
    if group := previews.brought(number):
        return _shown(previews, say, group)
    return replies.text_card(say, "replies.import_undone", Tone.GREEN, item=found)


@router.on("imports", role=Role.VIEWER)
def imports(some_visible: list[Shop], importing: Importing, say: Localizer) -> Card:
    """List the newest imports of the channel's shops, each with its button to undo it."""
    return listed_card(say, importing.listed([shop.id for shop in some_visible]))


def _ids(payload: Mapping[str, str]) -> list[str]:
    return [each for each in payload.get("preview", "").split(",") if each]
