"""What the columns of an order say about whether it is valid (domain.md §1, §1a)."""

from collections.abc import Sequence

from bot.domain.statuses import Answers, StatusWord, encoded, verdict
from bot.sources.layout import ColumnLayout
from bot.sources.mappings import Mappings, all_words, word

SALE = "sale_type"
TYPES = ("order_type", SALE)


class StatusReading:
    """Decides whether the orders of one file are valid. `blank_is_open` says that an empty sale type leaves an
    order open, because other rows of the file have one; `answers` are what people of the shop said about other
    words."""

    def __init__(self, layout: ColumnLayout, mappings: Mappings, answers: Answers, blank_is_open: bool) -> None:
        self.layout, self.answers, self.blank_is_open = layout, answers, blank_is_open
        self.valid_words = all_words(mappings.words.order.valid)
        self.invalid_words = all_words(mappings.words.order.invalid)
        self.on_delivery = all_words(mappings.words.cash_on_delivery)

    def judge(self, cells: Sequence[str]) -> tuple[bool | None, str]:
        """Whether the order is valid, and the encoded words that would leave it open without people's answers."""
        status, types = self._word(cells, "status"), {field: self._word(cells, field) for field in TYPES}
        if self.layout.cell(cells, "cancelled_at") or self.invalid_words & {status, *types.values()}:
            return False, ""
        unclear = {
            StatusWord(field, text)
            for field, text in types.items()
            if text not in self.valid_words and self._asks(field, text)
        }
        if "status" in self.layout.columns and status not in self.valid_words:
            decided = self._decided_elsewhere(cells)
            if decided is False:
                return False, ""
            if decided is None:
                unclear.add(StatusWord("status", status))
        return verdict(unclear, self.answers), encoded(unclear)

    def _asks(self, field: str, text: str) -> bool:
        return bool(text) or (field == SALE and self.blank_is_open)

    def _decided_elsewhere(self, cells: Sequence[str]) -> bool | None:
        """What other columns say when the status is an unknown word: the substatus, or a payment that was never
        made and is not due on delivery."""
        substatus = self._word(cells, "substatus")
        if substatus in self.valid_words | self.invalid_words:
            return substatus in self.valid_words
        payment = self._word(cells, "payment")
        never_paid = "paid_at" in self.layout.columns and not self.layout.cell(cells, "paid_at")
        return False if never_paid and payment and payment not in self.on_delivery else None

    def _word(self, cells: Sequence[str], field: str) -> str:
        return word(self.layout.cell(cells, field))
