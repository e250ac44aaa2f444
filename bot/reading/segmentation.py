"""Segmentation of recognised lines: where the recogniser leaves out the space between a date and its time, between
the parts of a date, or between a label and its number, it is put in."""

import re

_YEAR = r"(?:19|20|25)\d\d"
# Each: between what, and what is put in.
_SEAMS = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (rf"(?<=\w)(?={_YEAR}[-/.][01]\d[-/.][0-3]\d)", " "),
        (rf"(?<=\b{_YEAR})(?=[01]\d[-/.][0-3]\d(?!\d))", "-"),
        (rf"(?<=\b{_YEAR}[-/.][01]\d)(?=[0-3]\d(?:[ T]|\d\d:|$))", "-"),
        (rf"(?<={_YEAR}[-/.]\d\d[-/.]\d\d)(?=\d\d?:\d\d)", " "),
        (rf"(?<=[-/. ,a-z]{_YEAR})(?=\d\d?:\d\d)", " "),
        (rf"(?<=\b{_YEAR}[-/.]\d\d[-/.]\d\d[ T]\d\d)(?=\d\d(?::\d\d)?(?![\d:]))", ":"),
        (r"(?<=\d\d:\d\d)(?=\d\d(?![\d:]))", ":"),
        (rf"(?<=\d\d:\d\d)(?={_YEAR}[-/.])", " "),
        (r"(?<=\d [ap]m)(?=[A-Z|])", " "),
        (r"(?<=\d[ap]m)(?=[A-Z|])", " "),
        (r"(?<=\d [AP]M)(?=[A-Z][a-z]|[|I](?![A-Za-z]))", " "),
        (r"(?<=[a-z])(?=[A-Z0-9]{0,4}\d{6})", " "),
        (r"(?<=\d{4})(?=[A-Z][a-z]{2})", " "),
    )
)
# A colon read between a time and its date.
_COLON = re.compile(r"(?<=\d\d:\d\d):(?=\d\d?[-/.]\d\d?[-/.]\d\d|(?:19|20)\d\d[-/.])")


def segmented(text: str) -> tuple[str, list[int]]:
    """The text with the missing spaces and hyphens, and for each of its characters the place it had before."""
    text = _COLON.sub(" ", text)
    origin = list(range(len(text)))
    for seam, put in _SEAMS:
        for match in reversed(list(seam.finditer(text))):
            place = match.start()
            text = text[:place] + put + text[place:]
            origin.insert(place, origin[place - 1])
    return text, origin
