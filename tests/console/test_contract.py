"""The console's way out keeps what ports.chat.Sender promises."""

from bot.store.console import ConsoleLog
from tests.console.fakes import FakeCore
from tests.contracts.senders import Shown, keeps_its_promises


def test_the_promises_of_a_way_out(core: FakeCore, entries: ConsoleLog) -> None:
    def texts() -> list[str]:
        return [entry.card.plain() for entry in entries.conversation("ops", "") if entry.card]

    keeps_its_promises(Shown(core.platform, "ops", texts))
