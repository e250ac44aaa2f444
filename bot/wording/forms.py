"""The appeal form as text to paste, in form order with counts (domain.md §6)."""

from bot.services.review import Judgement
from bot.wording.speaker import Speaker


def form_text(say: Speaker, judged: Judgement) -> str:
    """All orders of a case, each with its fields in the form's order."""
    limit = say.policy.form.explanation_max
    blocks = [say("replies.submit_path")]
    for order in judged.case.appealed:
        draft = judged.drafts[order.order_id]
        defects = " + ".join(say(f"words.form_defect.{kind.value}") for kind in order.defect_types)
        links = [item.link for item in judged.dossier.filed_to(order) if item.link]
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
