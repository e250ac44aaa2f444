"""The appeal form as text to paste, in form order with counts (domain.md §6)."""

from collections.abc import Iterator, Mapping

from bot.services.judgement import Judgement
from bot.wording.localizer import Localizer
from bot.wording.phrases import Phrases


def form_text(say: Localizer, judged: Judgement) -> str:
    """All orders of a case, each with its fields in the form's order."""
    limit = say.policy.form.explanation_max
    blocks = [say("replies.submit_path")]
    for order in judged.case.appealed:
        draft = judged.drafts[order.order_id]
        defects = " + ".join(say(f"words.form_defect.{kind.value}") for kind in order.defect_types)
        filed, good = judged.context.filed_to(order), judged.review.accepted
        links = [item.link for item in filed if item.link and order.order_id in good.get(item.id, ())]
        lines = [
            f"== {order.order_id} ==",
            f"{say('words.form.defect_type')}: {defects}",
            f"{say('words.form.root_cause')}: {order.root_cause or '–'}",
            f"{say('words.form.explanation')} ({len(draft.text)}/{limit}):",
            draft.text or say("replies.draft_empty"),
            *links,
        ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def drafts(phrases: Phrases, language: str, scenario: str, facts: Mapping[str, str]) -> Iterator[str]:
    """The explanations of a scenario (templates/<lang>/drafts.toml), fullest first, each made when it is asked for.
    "" stands for a wording whose facts are not all known, so that the same position is the same wording in every
    language."""
    for key in phrases.keys(f"drafts.{scenario or 'none'}.", language):
        yield _filled(phrases, key, language, facts)


def _filled(phrases: Phrases, key: str, language: str, facts: Mapping[str, str]) -> str:
    return phrases.say(key, language, **facts) if phrases.needs(key, language) <= facts.keys() else ""
