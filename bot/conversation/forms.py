"""Validates forms before they are submitted, for platforms that can show an error at its field."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.conversation.access import Access
from bot.conversation.arguments import Arguments
from bot.conversation.events import FormSubmitted
from bot.conversation.turn import Turn
from bot.domain.refusal import Refusal
from bot.rules.registry import is_about_draft
from bot.services.review import Judge
from bot.wording.localizer import Localizer
from bot.wording.remedies import finding_texts

TIMES = ("picked_up", "delivered", "exception", "captured_at")


class FormChecks:
    """Validates the values of a form; changes nothing."""

    def __init__(
        self,
        turn_of: Callable[[FormSubmitted], Turn],
        access: Access,
        arguments: Arguments,
        judge: Judge,
        localizer: Callable[[str], Localizer],
    ) -> None:
        self.turn_of, self.access, self.arguments, self.judge, self.localizer = (
            turn_of,
            access,
            arguments,
            judge,
            localizer,
        )

    def check(self, event: FormSubmitted) -> dict[str, str]:
        """What is wrong with a form, by input name, in the person's language; {} when acceptable."""
        turn = self.turn_of(event)
        try:
            with self.access.asking(turn.event):
                return self._draft(turn) if turn.command == "edit" else self._times(turn)
        except Refusal as refusal:
            # The turn itself will say so: there is no field to blame.
            return {next(iter(turn.values), ""): self._refused(turn, refusal)} if turn.values else {}

    def _refused(self, turn: Turn, refusal: Refusal) -> str:
        return self.localizer(turn.language)(f"refusals.{refusal.key}", **refusal.params)

    def _draft(self, turn: Turn) -> dict[str, str]:
        """What is wrong with an edited explanation; an empty one is allowed and restores the generated one."""
        text = turn.values.get("text", "").strip()
        if not text:
            return {}
        case, order = self.arguments.order(turn)
        say = self.localizer(turn.language)
        judged = self.judge.try_draft(case.id, order, text)
        found = [item for item in judged.review.findings if item.order_id == order and is_about_draft(item.rule)]
        lines = [" ".join(finding_texts(say, item)) for item in found if item.severity.stops_submission]
        return {"text": " ".join(lines)} if lines else {}

    def _times(self, turn: Turn) -> dict[str, str]:
        when = partial(self.arguments.when, turn)
        faults = {name: self._unreadable(turn, when, turn.values.get(name, "")) for name in TIMES}
        return {name: words for name, words in faults.items() if words}

    def _unreadable(self, turn: Turn, when: Callable[[str], datetime | None], text: str) -> str:
        try:
            when(text)
        except Refusal as refusal:
            return self._refused(turn, refusal)
        return ""
