"""Who may do what: the declared table of handlers and of the console's pages, each with the least role that it needs
(domain.md §7). It is written by hand, and the tests compare it with what there is; the guide shows it."""

from bot.domain.people import Role

HANDLERS = {
    Role.VIEWER: """
        answer case cases console deadline draft fill_in help home howto imports join joined lang
        message_changed missing oncall odr orders outlook people received replay shop_list shops sign_out
        statuses timeline unknown upload_export
    """,
    Role.MEMBER: """
        ack assign cause check claim confirm deadline_computed edit entry_open evidence export export_covered
        file files import import_all import_cancel import_confirm import_evidence import_exported import_it
        import_other import_undo import_with include letter letter_sent note notice privacy redact release
        reminders_off reminders_on reopen result skip snooze state status_means submit tag undo withdraw
    """,
    Role.LEAD: "bind dismiss export_originals oncall_set oncall_swap pause_data resume_data unbind",
    Role.ADMIN: "add_shop change_shop connect_shop hold invite pause_shop remove resume_shop unhold",
}
LEAST = {name: role for role, names in HANDLERS.items() for name in names.split()}

_CASE = """
    ack answer case cause claim deadline deadline_computed dismiss draft edit entry_open export export_covered
    export_originals fill_in hold include letter missing note orders outlook privacy received release reminders_off
    reminders_on reopen skip snooze submit tag timeline unhold
"""
ABOUT_A_CASE = frozenset(_CASE.split())
"""Those that answer differently about a case that is seen and one that does not exist."""

PAGES = {
    Role.VIEWER: """
        GET:/ GET:/earlier GET:/sidebar GET:/cases GET:/stream POST:/say POST:/press POST:/submit POST:/person
        GET:/files/{sha256:str}/{name:path} GET:/cases/{case:str} GET:/pictures/{sha256:str} GET:/overview GET:/people
        GET:/imports GET:/shops GET:/sessions POST:/sessions POST:/sign-out
    """,
    Role.LEAD: "GET:/audit",
    Role.ADMIN: "POST:/people",
}
OPEN = frozenset({"GET:/sign-in", "POST:/sign-in", "GET:/login", "POST:/login"})
"""What is answered to everybody: how one comes in."""
PAGE_LEAST = {page: role for role, pages in PAGES.items() for page in pages.split()}
