"""The same text as other keyboards, programs and pages write it."""

import unicodedata

from hypothesis import strategies as st

HIDDEN = (
    "\u200b",
    "\u200c",
    "\u200d",
    "\u200e",
    "\u200f",
    "\u202a",
    "\u202c",
    "\u2066",
    "\u2069",
    "\u2060",
    "\ufeff",
)
HIDDEN += ("\u00ad", "\u034f", "\u061c", "\ufe0f", "\x00", "\x7f")
SPACES = (" ", "\u00a0", "\u202f", "\u2009", "\u3000", "  ", "\t")
APOSTROPHES = ("'", "\u2019", "\u2018", "\u02bc", "\uff07", "\u00b4", "`")
FORMS = ("NFC", "NFD", "NFKC", "NFKD")
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def wide(text: str) -> str:
    """Full-width letters, digits and marks."""
    return text.translate(_WIDE)


def parted(text: str) -> str:
    """SARA AM as two characters, as some keyboards write it."""
    return text.replace("\u0e33", "\u0e4d\u0e32")


@st.composite
def disguised(draw: st.DrawFn, text: str, *, spaces: bool = True, case: bool = True) -> str:
    """`text` in one of its other dresses; `spaces`: other white space, also around it; `case`: another case."""
    text = "".join(draw(st.sampled_from(APOSTROPHES)) if char == "'" else char for char in text)
    if case:
        text = draw(st.sampled_from([str, str.lower, str.title, str.upper]))(text) if _plain_case(text) else text
    text = draw(st.sampled_from([str, wide, parted]))(text)
    if spaces:
        text = "".join(draw(st.sampled_from(SPACES)) if char == " " else char for char in text)
    text = unicodedata.normalize(draw(st.sampled_from(FORMS)), text)
    for hidden in draw(st.lists(st.sampled_from(HIDDEN), max_size=3)):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + hidden + text[place:]
    return f" {text} " if spaces and draw(st.booleans()) else text


def _plain_case(text: str) -> bool:
    """Upper case loses no letter: not so for the dotless i, among others."""
    return text.upper().casefold() == text.casefold()
