"""Every act and every value that the trail keeps has words in both languages, and none is left over."""

import click
import pytest

from bot.cli.main import main
from bot.store.audited import AUDITED
from bot.wording.trail import MOST, changes_told
from tests.conversations.conftest import Talk
from tests.trail.conftest import lines
from tests.trail.test_acts import ACTS, BY_DATA, BY_INVITATION, ELSEWHERE, OF_EXPORTS
from tests.wording.test_texts import PHRASES

BY_COMMAND_LINE = {"backup", "demo", "import", "restore", "sessions", "statuses"}
PEOPLE = {"invite", "remove", "link", "separate", "forget"}
BY_CONSOLE = {"sign_in", "sign_out", "person", "people"}
BY_PROGRAM = {"opened", "updated", "expired", "not_expired", "deadline_moved", "assigned", "released", "purged"}
BY_PROGRAM |= {"settings", "changed"}
NOTED = {"places", "exported", "redacted", "message_edited", "message_deleted", "purged"}
"""What stands in the trail as it is told, because no row changes with it."""
DERIVED = {"moved", "exported_at", "file", "case", "stated", "address", "browser", "first_day", "last_day"}


def acts() -> set[str]:
    return (
        set(ACTS)
        | ELSEWHERE
        | OF_EXPORTS
        | BY_INVITATION
        | BY_DATA
        | BY_COMMAND_LINE
        | PEOPLE
        | BY_CONSOLE
        | BY_PROGRAM
    )


def fields() -> set[str]:
    kept = {name for spec in AUDITED.values() for name in (*spec.columns, *spec.hidden)}
    return kept | NOTED | DERIVED


def test_commands_that_are_named_exist() -> None:
    assert set(main.commands) >= BY_COMMAND_LINE
    group = main.commands["people"]
    assert isinstance(group, click.Group) and set(group.commands) >= PEOPLE


@pytest.mark.parametrize(("table", "wanted"), [("what", acts()), ("field", fields())])
def test_words_are_there_and_none_is_left_over(table: str, wanted: set[str]) -> None:
    for language in PHRASES.languages:
        assert {key.rpartition(".")[2] for key in PHRASES.keys(f"trail.{table}.", language)} == wanted


def test_many_changes_are_counted(talk: Talk) -> None:
    say = talk.app.localizer("en")
    [opened] = [line for line in lines(talk.app) if line.subject == "C1"]
    told = changes_told(say, opened)
    assert "status: open" in told and len(told) == MOST + 1 and told[-1].startswith("… and ")
