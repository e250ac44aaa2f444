"""The words that announce a tracking number, as pages print them and as the recogniser of pictures reads them."""

import re
from collections.abc import Sequence

from bot.reading.plain import plain, words_pattern
from bot.reading.tables import Carriers

# Vietnamese letters with two marks, which the recogniser leaves out.
_LACKING = re.compile("[\u1ea0-\u1ef9]")


def labels_regex(carriers: Carriers) -> re.Pattern[str]:
    """A pattern for any label, longest first, also without the letters that the recogniser lacks."""
    others = [plain(other) for other in carriers.not_labels]
    words = {shape for labels in carriers.labels for word in labels.words for shape in shapes(word)}
    ordered = sorted(words, key=len, reverse=True)
    return re.compile("|".join(_unlike_others(word, others) for word in ordered), re.IGNORECASE)


def shapes(word: str) -> tuple[str, ...]:
    """A word as it is, and as a picture's recogniser may read it."""
    return plain(word), _LACKING.sub("", plain(word))


def _unlike_others(word: str, others: Sequence[str]) -> str:
    """A pattern for a label where it is not the end of a word for a number of another kind."""
    before = [other.removesuffix(word) for other in others if other.endswith(word) and other != word]
    guards = "".join(rf"(?<!{re.escape(start)})" for start in before)
    return guards + rf"(?:{words_pattern([word])})"
