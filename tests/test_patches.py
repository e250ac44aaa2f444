"""Parts and constants are given by argument, in the product and in tests; what is patched all the same is listed
here with the reason why it cannot be given."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILES = sorted(
    path for folder in ("bot", "handlers", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")
)
HOOKS = {"publish", "committed", "enqueue", "begin"}
"""Ways around a commit and the beginning of turns: given when their owners are made."""

LIVE = {"inbox", "outbox"}
"""Names that tests give to parts that are made without a program."""
ASSIGNED = {"app.outbox.senders"}
"""From one moment on nothing is sent, so that messages wait."""

REASONS = {
    "a function of the system or of a library": {
        "bot.store.vault.os.fsync",
        "bot.cli.archive.shutil.disk_usage",
        "uploads.mkstemp",
        "client.disconnect",
        "tomllib.loads",
        "command.upgrade",
    },
    "every start pays it, and no test is about it": {
        "bot.runtime.configured.COST",
    },
    "the database fails, is slow or dies at one moment of a running program": {
        "MessageTable.sent",
        "RecordTable.keep_events",
        "RecordTable.take_event",
        "core.entries.add",
    },
    "a part breaks, or the program dies in it, at one moment of a running program": {
        "EventWriter.keep",
        "SlackSender._send",
        "bot.cli.backup.add_original",
        "bot.store.threads.Threads.thread_of",
        "bursts.take",
        "day.app.judge.look",
        "day.app.reminders.notifier.worded",
        "app.inbox.handle",
        "core.cases",
        "submitted.app.monitoring.remeasure",
        "talk.app.judge.look_all",
        "type(index).card",
    },
    "what is done is counted, or how it is measured is foreseen": {
        "Monitoring._snapshot",
        "ReminderTable.watched",
        "Worker.ask",
        "talk.app.dispatcher.refuse",
        "worker._cpu_seconds",
        "worker._seconds",
    },
}


def patched(tree: ast.AST) -> Iterator[str]:
    """What `setattr` of a patching fixture replaces."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setattr":
            where, name = node.args[0], node.args[1]
            if isinstance(where, ast.Constant):
                yield str(where.value)
            else:
                yield f"{ast.unparse(where)}.{name.value if isinstance(name, ast.Constant) else ast.unparse(name)}"


def hooked(tree: ast.AST) -> Iterator[str]:
    """Hooks that are put into an object after it was made, and parts that are put past its constructor."""
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in [part for each in targets for part in (each.elts if isinstance(each, ast.Tuple) else [each])]:
            words = ast.unparse(target)
            owner, _, name = words.rpartition(".")
            if (name in HOOKS and owner not in ("", "self")) or ".__dict__[" in words:
                yield words


def test_no_hook_is_put_into_an_object_after_it_was_made() -> None:
    found = {str(path.relative_to(ROOT)): list(hooked(ast.parse(path.read_text("utf-8")))) for path in FILES}
    assert {path: words for path, words in found.items() if words} == {}


def replaced(tree: ast.AST) -> Iterator[str]:
    """Parts of a running program that are assigned to; its clock is there to be set."""
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in [part for each in targets for part in (each.elts if isinstance(each, ast.Tuple) else [each])]:
            owners = ast.unparse(target).split(".")[:-1]
            part_of_app = "app" in owners and owners[-1] != "clock"
            if isinstance(target, ast.Attribute) and (part_of_app or owners[-1] in LIVE):
                yield ast.unparse(target)


def test_no_part_of_a_running_program_is_assigned_to() -> None:
    tests = [path for path in FILES if path.relative_to(ROOT).parts[0] in ("tests", "benchmarks")]
    found = {what for path in tests for what in replaced(ast.parse(path.read_text("utf-8")))}
    assert sorted(found) == sorted(ASSIGNED)


def test_what_is_patched_cannot_be_given() -> None:
    found = {what for path in FILES for what in patched(ast.parse(path.read_text("utf-8")))}
    allowed = set().union(*REASONS.values())
    assert (sorted(found - allowed), sorted(allowed - found)) == ([], [])


def test_the_test_sees_a_patch_and_a_hook() -> None:
    tree = ast.parse(
        "monkeypatch.setattr(module, 'SECONDS', 1)\npatch.setattr('a.b.C', 2)\n"
        "app.store.committed = quiet\napp.__dict__['links'] = links\nself.begin = begin\n"
    )
    assert list(patched(tree)) == ["module.SECONDS", "a.b.C"]
    assert list(hooked(tree)) == ["app.store.committed", "app.__dict__['links']"]
    tree = ast.parse("inbox.handle = f\ntalk.app.ahead.reader = r\napp.clock.at = now\nself.app = app\n")
    assert list(replaced(tree)) == ["inbox.handle", "talk.app.ahead.reader"]
