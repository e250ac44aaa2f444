"""Makes Feishu's markdown and plain texts from plain words, in which nothing acts as mark-up and nothing is too
long."""

import re
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

# What would start mark-up anywhere; entities, for Feishu knows no backslash.
_ANYWHERE = {ord(sign): f"&#{ord(sign)};" for sign in "&<>*_~`[]\\$|"}
# What would start a heading, a list, a rule or a code block at the start of a line.
_LINE_START = re.compile(r"^(?P<indent>[ \t]*)(?P<sign>[#+=-]|\d{1,9}(?=[.)](?:\s|$)))", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_EMOJI = re.compile(r":(?=[A-Za-z0-9_]+:)")
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MENTION = re.compile(r"<(?=\s*/?\s*at\b)", re.IGNORECASE)
_ACCOUNT = re.compile(r"[A-Za-z0-9_.-]{1,64}")

ELLIPSIS = "…"
ACCOUNT_PREFIXES = ("ou_", "on_")


def clean(text: str) -> str:
    """The words without characters that cannot be sent or reverse the direction."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def cut(text: str, limit: int) -> str:
    """The text, shortened to at most `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1] + ELLIPSIS


def escape(text: str) -> str:
    """Words escaped for a markdown text, so that they are shown as they are."""
    escaped = clean(text).translate(_ANYWHERE)
    escaped = _LINE_START.sub(_first_sign, escaped)
    escaped = _INDENT.sub(lambda found: "&nbsp;" * len(found.group()), escaped)
    return _EMOJI.sub("&#58;", escaped)


def _first_sign(found: "re.Match[str]") -> str:
    sign = found["sign"]
    # A number keeps its look: its dot is what would make a list of it.
    return found["indent"] + (f"&#{ord(sign[0])};{sign[1:]}" if sign[0].isdigit() else f"&#{ord(sign)};")


def link(address: str, label: str) -> str:
    """An address under a label; what could end the address is written as browsers take it too."""
    safe = clean(address).replace("(", "%28").replace(")", "%29").replace(" ", "%20")
    return f"[{escape(' '.join(label.split()))}]({safe})"


def coloured(escaped: str, colour: str) -> str:
    """Escaped lines in a colour, with one tag for each line."""
    return "\n".join(f"<font color='{colour}'>{line}</font>" if line else "" for line in escaped.split("\n"))


def bold(escaped: str) -> str:
    """Escaped lines in bold type."""
    return "\n".join(f"**{line.strip()}**" if line.strip() else "" for line in escaped.split("\n"))


def account_of(person: str, account: Callable[[str], str]) -> str:
    """The account by which a person is mentioned, `account(person)`; "" when it is no account."""
    found = account(person)
    return found if found != person or found.startswith(ACCOUNT_PREFIXES) else ""


def mention(account: str) -> str:
    """The mention of an account; "" for a text that is no account, because a wrong one makes Feishu refuse the
    card."""
    return f"<at id={account}></at>" if _ACCOUNT.fullmatch(account) and account.casefold() != "all" else ""


def line(text: str, limit: int) -> str:
    """Words as a plain text on one line; never empty."""
    return cut(" ".join(clean(text).split()), limit) or ELLIPSIS


def message_text(text: str) -> str:
    """Words escaped for a text message, in which only `<at …>` is mark-up."""
    return _MENTION.sub("＜", clean(text))


def plain(text: str, limit: int) -> Json:
    """A plain-text object of Feishu's card JSON."""
    return {"tag": "plain_text", "content": line(text, limit)}


def callback(action: str, payload: dict[str, str]) -> Json:
    """The behaviour of a button: a callback to the app with its action and payload."""
    # Always an object: Feishu's own kits break on a string.
    return {"type": "callback", "value": {"action": action, "payload": dict(payload)}}


def markdown(content: str, size: str = "normal") -> list[Json]:
    """A markdown element; an empty list for words that show nothing."""
    if not content.strip():
        return []
    return [{"tag": "markdown", "content": content, **({"text_size": size} if size != "normal" else {})}]
