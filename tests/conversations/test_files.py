"""Files that lie with their platform when the event arrives."""

from dataclasses import replace

from bot.app import App
from bot.incoming import FileReceived, Upload
from bot.store.evidence import EvidenceTable
from tests.conversations.conftest import CHANNEL, NOW, Talk, erp_log


def test_remote_file_is_fetched_by_its_turn_and_one_that_cannot_be_had_is_named(app: App, talk: Talk) -> None:
    class Chat:
        def fetch(self, upload: Upload) -> Upload:
            if upload.remote == "forbidden":
                return replace(upload, problem="file_scope")
            upload.path.write_text(erp_log())
            return replace(upload, size=upload.path.stat().st_size)

    app.__dict__["chats"] = {"console": Chat()}
    uploads = tuple(
        Upload(talk.folder / name, f"{name}.csv", 0, remote)
        for name, remote in (("log", "F1"), ("page", "forbidden"))
    )
    app.intake.receive(FileReceived("remote-1", CHANNEL, "li", NOW, uploads=uploads))
    with app.store.unit(read_only=True) as unit:
        assert isinstance(unit.evidence, EvidenceTable)
        kept = [*unit.evidence.of_case("C1"), *unit.evidence.unfiled(CHANNEL)]
    assert [item.file_name for item in kept] == ["log.csv"]
    assert any("page.csv" in card.title and "权限" in card.title for card in talk.shown())
    assert not (talk.folder / "log").exists()
