"""What only looks waits for nobody who writes: an import may write for a minute, and people ask meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time

import pytest

from bot.ports.cases import CaseQuery
from bot.runtime.bootstrap import App
from bot.services.integrity import examine
from tests.services.conftest import DAY, House

SHOPS = ["us-1"]
LOOKS: dict[str, Callable[[App], object]] = {
    "judge": lambda app: app.judge.judge("C1"),
    "first": lambda app: app.judge.first(CaseQuery(SHOPS), 30),
    "open_cases": lambda app: app.judge.open_cases(SHOPS),
    "try_draft": lambda app: app.judge.try_draft("C1", "1", "x"),
    "case": lambda app: app.cases.get("C1"),
    "look": lambda app: app.monitoring.look(DAY, SHOPS),
    "standing": lambda app: app.monitoring.standing(SHOPS),
    "due": lambda app: app.monitoring.due(time(9), 5),
    "nothing overdue": lambda app: app.monitoring.close_overdue(),
    "headline": lambda app: app.publisher.headline_for("C1", "en"),
    "no countdown": lambda app: app.publisher.refresh_due(),
    "imports": lambda app: app.importing.listed(SHOPS),
    "answers": lambda app: app.importing.answers("us-1"),
    "words": lambda app: app.importing.words(SHOPS),
    "strangers": lambda app: app.oncall.strangers(),
    "duties": lambda app: app.oncall.duties(SHOPS),
    "faults": lambda app: app.oncall.faults(SHOPS),
    "everybody": lambda app: app.people.everybody(),
    "nobody to settle": lambda app: app.owners.settle(),
    "nothing to purge": lambda app: app.retention.tick(),
    "nobody to remind": lambda app: app.reminders.tick(),
    "no link to check": lambda app: app.linkwatch.tick(),
    "sound": lambda app: examine(app.store.unit, app.vault),
}


@pytest.fixture
def busy(opened: House) -> House:
    """The calls once before: what they write for the first time is written."""
    for look in LOOKS.values():
        look(opened.app)
    return opened


def test_what_only_looks_waits_for_nobody_who_writes(busy: House) -> None:
    with ThreadPoolExecutor(1) as pool, busy.app.store.unit():
        for name, look in LOOKS.items():
            done = pool.submit(look, busy.app)
            try:
                done.result(20)
            except TimeoutError:
                pytest.fail(f"{name} waits")
