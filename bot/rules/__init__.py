"""The rules by which evidence, drafts and cases are judged; importing this registers them all."""

from bot.rules import conversation, coverage, eligibility, form, links, pictures, traces, tracking
from bot.rules.registry import RULES, UnknownRules, check_playbook, check_profile
from bot.rules.review import Review, accepted, review

__all__ = [
    "RULES",
    "Review",
    "UnknownRules",
    "accepted",
    "check_playbook",
    "check_profile",
    "conversation",
    "coverage",
    "eligibility",
    "form",
    "links",
    "pictures",
    "review",
    "traces",
    "tracking",
]
