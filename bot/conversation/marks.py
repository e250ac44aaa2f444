"""Marks between and beside words: punctuation, question marks, quotations, links, emoji."""

import re

_MARKS = re.compile(r"^(?:[ \n\t:,，：、.。!！~～;；…]|[—-](?!\d))+|[ \n\t:,，：、.。!！~～;；…—-]+$")
"""What may stand around words; a dash before a digit is the number's sign."""
QUESTION = re.compile("[?？¿؟⁇⁈⁉՞፧]")
BESIDE = re.compile(
    r"https?://\S+|<@[^>]{1,64}>|\"[^\"\n]*\"|“[^”\n]*”|«[^»\n]*»|「[^」\n]*」|『[^』\n]*』|《[^》\n]*》"
    r"|[^\s\"“”]{1,120}\.(?:png|jpe?g|webp|heic|gif|bmp|tiff?|pdf|csv|tsv|txt|log|json|xlsx?|docx?|eml|zip|mp4|mov)\b",
    re.IGNORECASE,
)
EMOJI = re.compile(
    "[\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\ufe0e\ufe0f\u200d\u20e3\U0001f000-\U0001faff]"
    r"|(?<!\S):[a-z][a-z0-9_+-]*:(?!\S)|\[[A-Za-z\u4e00-\u9fff]{1,12}\](?=\s|$)"
)


def without_emoji(text: str) -> str:
    """The text with all emoji removed."""
    return EMOJI.sub(" ", text).strip()


def begun(text: str) -> str:
    """The text from its first word on, without the marks before it."""
    found = _MARKS.match(text)
    return text[found.end() :] if found else text


def bare(text: str) -> str:
    """The text without punctuation at its beginning and end."""
    return _MARKS.sub("", text)
