"""Cards about the package of a case: which copy of the evidence leaves the team, and what is in it."""

from collections.abc import Sequence

from bot.domain.covering import hides
from bot.messaging.card import Actions, Attachment, Button, Card, Checklist, Element, Item, Mark, Style, Text, Tone
from bot.ports.vault import Stored
from bot.services.judgement import Judgement
from bot.services.order_points import open_points
from bot.services.packing import LeftOut
from bot.wording.evidence import personal_items
from bot.wording.localizer import Localizer

SHOWN = 10
_LOST = {"missing", "altered"}


def export_question(say: Localizer, judged: Judgement) -> Card:
    """Asks which copy of the evidence goes out, because some of it shows personal data of buyers: the covered copy
    first (domain.md §5, `privacy`)."""
    items = personal_items(say, [item for item in judged.context.evidence if hides(item)])
    listed = Checklist(tuple(items[:SHOWN]))
    more = (Text(say("evidence.personal_more", count=len(items) - SHOWN)),) if len(items) > SHOWN else ()
    payload = {"case": judged.case.id}
    covered = Button(say("evidence.export_button_covered"), "export_covered", payload, "primary")
    originals = Button(say("evidence.export_button_originals"), "export_originals", payload)
    elements: tuple[Element, ...] = (
        listed,
        *more,
        Text(say("evidence.export_which"), Style.MUTED),
        Actions((covered, originals)),
    )
    title = say("evidence.export_question", case=judged.case, count=len(items))
    return Card(title, elements, Tone.YELLOW, "", say.language)


def package_file(case_id: str, stored: Stored, *, covered: bool) -> Attachment:
    """The package as people download it: its name says which copy it holds."""
    name = f"{case_id}-covered.zip" if covered else f"{case_id}.zip"
    return Attachment(name, "application/zip", stored.sha256, stored.size)


def export_card(
    say: Localizer, judged: Judgement, package: Attachment, left_out: Sequence[LeftOut], *, covered: bool
) -> Card:
    """The package to download, what is not in it, and where to submit."""
    ready = judged.ready and not left_out
    note = say("replies.export_ready") if ready else say("replies.export_not_ready", points=open_points(judged))
    # Of an incomplete package the warning says more than the count of open points.
    notes = () if left_out and judged.ready else (Text(note),)
    told = (*notes, Text(say("replies.submit_path"), Style.MUTED)) if judged.case.to_do else ()
    elements: tuple[Element, ...] = (package, *_copies(say, covered), *told)
    return Card(
        say("replies.export_title", case=judged.case),
        (*_warned(say, judged, covered), *_left_out(say, left_out), *elements),
        Tone.GREEN if ready else Tone.YELLOW,
        "",
        say.language,
    )


def _copies(say: Localizer, covered: bool) -> tuple[Element, ...]:
    return (Text(say("evidence.export_covered"), Style.MUTED),) if covered else ()


def _warned(say: Localizer, judged: Judgement, covered: bool) -> tuple[Element, ...]:
    """Whose data the originals show."""
    personal = () if covered else personal_items(say, judged.context.evidence)[:SHOWN]
    warning = Text(say("evidence.export_personal"), Style.WARNING)
    return (warning, Checklist(tuple(personal))) if personal else ()


def _left_out(say: Localizer, left_out: Sequence[LeftOut]) -> tuple[Element, ...]:
    """What could not be packed: because it is lost, and because it could not be covered."""
    elements: list[Element] = []
    lost = [each for each in left_out if each.why in _LOST]
    for heading, left in (
        ("replies.export_left_out", lost),
        ("evidence.export_uncovered", [each for each in left_out if each not in lost]),
    ):
        items = [Item(Mark.MISSING, say(f"replies.export_{each.why}", item=each.item)) for each in left]
        elements += (Text(say(heading), Style.WARNING), Checklist(tuple(items))) if items else ()
    return tuple(elements)
