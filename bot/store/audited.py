"""What the audit trail keeps of each table: which columns count, and what the rows are called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.trail import MASK
from bot.store.tables.columns import EPOCH

Row = Mapping[str, Any]


def _nothing(row: Row) -> dict[str, Any]:
    return {}


def _nowhere(row: Row) -> str:
    return ""


@dataclass(frozen=True)
class Audited:
    """A table whose changes the trail keeps. `subject(row)` is what the row is called; `within(row)` is what it is a
    part of, "" for nothing: then that is what the act was about. `columns` are kept as they are, `derived(row)` gives
    further values from the columns `read`, and of `hidden` columns only that they changed is kept. `shop`, `case`
    and `team` name the columns that say which shop, which case (by number) or which team is concerned."""

    subject: Callable[[Row], str]
    columns: tuple[str, ...]
    shop: str = ""
    case: str = ""
    team: str = ""
    hidden: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    derived: Callable[[Row], dict[str, Any]] = _nothing
    within: Callable[[Row], str] = _nowhere

    @property
    def watched(self) -> frozenset[str]:
        """The columns whose change leaves a line."""
        return frozenset((*self.columns, *self.hidden, *self.read))


def _evidence(row: Row) -> dict[str, Any]:
    facts, case = row.get("facts") or {}, row.get("case_id")
    stated = {name: facts.get(name) for name in facts.get("stated", ())}
    return {"case": f"C{case}" if case is not None else "", **({"stated": stated} if stated else {})}


def _began(row: Row) -> dict[str, Any]:
    """From where a session began; later uses from elsewhere are no acts."""
    return {name: row.get(name) for name in ("address", "browser")}


def _days(row: Row) -> dict[str, Any]:
    """The first and the last day as dates, not as they are stored: days since 1970."""
    numbers = {name: row.get(name) for name in ("first_day", "last_day")}
    return {name: day and (EPOCH + timedelta(days=day)).date() for name, day in numbers.items()}


def _export(row: Row) -> dict[str, Any]:
    data = row.get("data") or {}
    answers = {"shop": data.get("shop"), "kind": data.get("kind"), "dates": data.get("chosen")}
    answers["exported_at"] = data.get("exported_at")
    return {"file": data.get("file"), **answers, "moved": data.get("move")} if data else {}


def _setting(row: Row) -> dict[str, Any]:
    value = str(row["value"])
    digest = value.rpartition(":")[2][:8] if value.startswith(MASK) else ""
    return {str(row["key"]): f"{MASK}{digest}" if digest else value}


def _membership(row: Row) -> dict[str, Any]:
    return {f"role.{row['team']}": "" if row.get("until") else row["role"]}


def _account(row: Row) -> dict[str, Any]:
    return {f"account.{row['platform']}": row["account"]}


_CASE = ("status", "owner", "deadline", "deadline_by", "onset", "cause", "reason", "hold", "earlier_case")
_ORDER = ("scenario", "scenario_by", "root_cause", "draft", "draft_by", "skipped", "appeal", "rejection_code")
_EVIDENCE = ("kind", "order_ids", "withdrawn_at", "file_name", "sha256", "link", "uploader")
_IMPORT = ("kind", "file", "rows", "dates", "taken_by", "undone_at", "undone_by")
_SHOP = ("name", "site", "timezone", "category", "high_risk", "opened_on", "entity", "active", "channels", "sources")

AUDITED: Mapping[str, Audited] = {
    # In the order of importance: the first that changed is what an act was about.
    "appeal_case": Audited(lambda row: f"C{row['id']}", _CASE, shop="shop", case="id"),
    "case_order": Audited(
        lambda row: f"order:{row['order_id']}",
        (*_ORDER, "resubmit_allowed", "certificate_asked_at"),
        case="case_id",
        within=lambda row: f"C{row['case_id']}",
    ),
    "case_reminder": Audited(lambda row: f"C{row['case_id']}", ("off", "snoozed_until", "acked"), case="case_id"),
    "evidence": Audited(
        lambda row: f"E{row['id']}", _EVIDENCE, case="case_id", read=("facts", "case_id"), derived=_evidence
    ),
    "file_import": Audited(
        lambda row: f"import:{row['id']}", _IMPORT, shop="shop", read=("first_day", "last_day"), derived=_days
    ),
    "import_preview": Audited(
        lambda row: f"export:P{row['id']}", ("state", "decided_by"), read=("data",), derived=_export
    ),
    "status_answer": Audited(
        lambda row: f"status:{row['shop']}/{row['field']}/{row['word']}", ("valid", "said_by"), shop="shop"
    ),
    "data_pause": Audited(
        lambda row: f"pause:{row['shop']}", ("until", "said_by", "ended_at", "ended_by"), shop="shop"
    ),
    "channel_shop": Audited(lambda row: f"channel:{row['channel']}", ("shop", "bound_by"), shop="shop"),
    "oncall_change": Audited(
        lambda row: f"rota:{row['shop'] or '*'}", ("person", "starts", "ends", "changed_by"), shop="shop"
    ),
    "shop": Audited(lambda row: f"shop:{row['id']}", _SHOP, shop="id"),
    "channel": Audited(lambda row: f"channel:{row['id']}", ("language",)),
    "person": Audited(lambda row: f"person:{row['id']}", ("language", "timezone", "role"), hidden=("name",)),
    "membership": Audited(
        lambda row: f"person:{row['person']}",
        ("given_by",),
        team="team",
        read=("role", "until"),
        derived=_membership,
    ),
    "person_account": Audited(
        lambda row: f"person:{row['person']}", ("added_by",), read=("account", "person"), derived=_account
    ),
    "console_session": Audited(lambda row: f"session:{row['id']}", ("person", "ended_at", "why"), derived=_began),
    "sign_in_link": Audited(
        lambda row: f"link:{row['id']}",
        ("purpose", "person", "team", "role", "created_by", "used_at", "used_from", "refused_at", "refused_from"),
        team="team",
    ),
    "api_grant": Audited(lambda row: f"connection:{row['id']}", ("open_id", "seller", "region", "scopes")),
    "api_shop": Audited(lambda row: f"connected-shop:{row['id']}", ("grant", "name", "paused")),
    "setting": Audited(lambda row: "settings", (), read=("value",), derived=_setting),
}
"""By table name."""

UNAUDITED: Mapping[str, str] = {
    "act": "what undo needs; made with the changes of cases and evidence, which are kept",
    "alembic_version": "the state of the tables themselves",
    "api_counted": "what the platform counts, as it says it",
    "api_deadline": "what the platform asks for, as it says it",
    "api_difference": "what files and the API said differently",
    "api_event": "rows of imports, which are kept as a whole",
    "api_feed": "how far the API was read",
    "audit": "the trail itself",
    "call_count": "how many calls of a platform a month had",
    "console_entry": "what was said and shown, not what was done",
    "defect": "rows of imports, which are kept as a whole",
    "defect_before": "rows of imports, which are kept as a whole",
    "hold": "pauses of sending",
    "inbound_event": "what arrived, before anything is done",
    "message": "what is sent follows from what was done",
    "order_before": "rows of imports, which are kept as a whole",
    "rate": "limits of platforms",
    "source_reach": "which days a source covers: part of an import",
    "replica": "which processes run",
    "scheduled_run": "which scheduled work is done",
    "shop_order": "rows of imports, which are kept as a whole",
    "sign_in_attempt": "wrong attempts are counted, and change nothing",
    "snapshot": "measurements follow from the data",
    "stale_notice": "which message tells of missing data",
    "timeline_event": "the story of a case; what stands in it alone is kept by the note",
}
"""The other tables, each with the reason why changes of its rows are no acts."""

LASTING = frozenset(
    {
        *("status", "owner", "deadline", "deadline_by", "onset", "cause", "hold", "earlier_case"),
        *("off", "snoozed_until", "acked", "scenario", "scenario_by", "root_cause", "draft_by", "skipped", "appeal"),
        *("rejection_code", "resubmit_allowed", "certificate_asked_at", "kind", "order_ids", "withdrawn_at"),
        *("sha256", "uploader", "case"),
        "purged",
    }
)
"""The fields of lines about a case that a purge leaves: ids, instants and choices from lists. What is not named here
may hold what people wrote, sent or called their files, and goes."""
