"""What Feishu's error codes mean for a message or a file."""

RATE = frozenset({99991400, 230020, 11232, 11233})
"""Toasts to wait."""

TOKEN = frozenset({99991661, 99991663, 99991664, 99991671})
"""The access token is not valid (any more)."""

SCOPE = frozenset({99991672, 99991676, 99991679})
"""The app has not been given a permission that the call needs."""

SENSITIVE = frozenset({230022, 230028})
"""The words are refused, whatever form they have."""

NOT_AS_A_CARD = frozenset({230025, 230099, 200621, 11310, 200340})
"""Too long, or a card that cannot be digested: as plain text it may go."""

NO_LONGER = frozenset({230011, 230031, 230050, 230054, 230110, 230111, 230075})
"""The message was recalled or deleted, or is too old to be changed: another one can be posted."""

REPLACED = NO_LONGER | {230001, 230012, 230017}
"""Cannot be put in the place of a message; that may be a text or another app's by now."""

UNREACHABLE = {
    230002: "feishu.not_in_group",
    230006: "feishu.bot_off",
    230013: "feishu.person_out_of_reach",
    230017: "feishu.not_ours",
    230018: "feishu.muted",
    230027: "feishu.no_permission",
    230034: "feishu.no_such_chat",
    230035: "feishu.muted",
    230038: "feishu.person_out_of_reach",
    230053: "feishu.person_out_of_reach",
    232006: "feishu.no_such_chat",
    232009: "feishu.group_disbanded",
    230022: "feishu.words_refused",
    230028: "feishu.words_refused",
}
"""Never in this chat, with the words for why."""


class FeishuError(Exception):
    """Feishu refused a call; carries its code."""

    def __init__(self, code: int, message: str, call: str) -> None:
        super().__init__(f"{call}: Feishu answered {code} {message}".rstrip())
        self.code, self.message = code, message


class Outage(OSError):
    """Feishu cannot be reached, or answers with something that is no answer of its API, such as a gateway's error
    page."""
