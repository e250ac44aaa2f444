"""When two texts are the same text, whatever program wrote them (domain.md §1a *Same text*), and the length of a
text."""

import re
import unicodedata
from bisect import bisect_right

# What is seen of these is nothing, or only the direction of what follows; variation selectors, fillers and joiners
# that are not of the format category (Cf) are listed.
_LISTED = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0000-\U000e0fff\ud800-\udfff"
# Numbers and verses are written inside these, and they can be seen.
_SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
_HIDDEN = "".join(
    char
    for char in map(chr, range(0x20000))
    if unicodedata.category(char) in ("Cc", "Cf") and not char.isspace() and char not in _SEEN
)
_INVISIBLE = re.compile(f"[{re.escape(_HIDDEN)}{_LISTED}]")
# NFKC makes a space with an accent on it of an acute accent that stands alone.
_APOSTROPHE = re.compile("[\u0060\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201b\u2032\u2035\ua78c]|\\s\u0301")
# NFKC takes SARA AM apart; typed apart, a tone mark may stand inside it.
_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_BREAK = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_MARKS_OF_A_LETTER = 16
_SPACE = re.compile(r"[^\S\n]")
# No text as it came holds these for a reader: they command a terminal, turn the direction of what follows, or are no
# characters at all.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def unified(text: str) -> str:
    """`text` with one form of each letter, width, space, apostrophe and line break, and without invisible
    characters. Case, runs of spaces and lines stay. For finding words in a longer text; never shown or stored."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", _APOSTROPHE.sub("'", text)))
    return _SPACE.sub(" ", _BREAK.sub("\n", _SARA_AM.sub("\\1\u0e33", text)))


def folded(text: str) -> str:
    """The form in which texts are compared: two texts are the same text when their folded forms are equal
    (domain.md §1a). Applied to both sides; what is shown and stored is the text as it came."""
    lowered = unicodedata.normalize("NFD", unified(text)).casefold()
    return " ".join(unified(unified(lowered).casefold()).split())


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same but for case, width, composition, spaces, apostrophes and invisible marks."""
    return folded(one) == folded(other)


def form_length(text: str) -> int:
    """Characters as the appeal form may count them: code points or UTF-16 units, whichever are more (domain.md §5
    `explanation_length`)."""
    return max(len(text), len(text.encode("utf-16-le", "surrogatepass")) // 2)


def end_as_came(text: str, ending: str) -> str:
    """The end of `text` whose unified form is `ending`, as it came (NFC); `ending` itself where there is none.
    Spaces and lines are the text's own; direction and control characters are left out."""
    wanted = _dense(ending)
    last = bisect_right(range(len(text)), -len(wanted), key=lambda start: -len(_dense(text[start:]))) - 1
    # A mark that stands alone is as long as the letter that it belongs to.
    for start in range(last, max(last - _MARKS_OF_A_LETTER, -1), -1):
        if _dense(text[start:]) == wanted:
            return unicodedata.normalize("NFC", _UNSAFE.sub("", text[start:]).strip())
    return ending


def _dense(text: str) -> str:
    return "".join(unified(text).split())
