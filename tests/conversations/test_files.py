"""Files that lie with their platform when the event arrives."""

from dataclasses import replace

from bot.conversation.events import FileReceived, Upload
from bot.domain.case import AppealStatus
from bot.messaging.card import Checklist
from bot.runtime.bootstrap import App
from bot.settings.model import Settings
from bot.store.evidence import EvidenceTable
from tests.conversations.conftest import CHANNEL, NOW, ORDERS, Talk, buttons, erp_log


class Chat:
    """A chat with a file that it gives and one that it does not."""

    def fetch(self, upload: Upload) -> Upload:
        if upload.remote == "forbidden":
            return replace(upload, problem="file_scope")
        upload.path.write_text(erp_log())
        return replace(upload, size=upload.path.stat().st_size)


def test_remote_file_is_fetched_by_its_turn_and_one_that_cannot_be_had_is_named(
    settings: Settings, talk: Talk
) -> None:
    console = talk.app.senders["console"]
    app = App(settings, talk.app.clock, platforms={"console": Chat()}, senders={"console": console}).open()
    folder = app.upload_dir
    uploads = tuple(
        Upload(folder / name, f"{name}.csv", 0, remote) for name, remote in (("log", "F1"), ("page", "forbidden"))
    )
    app.inbox.receive(FileReceived("remote-1", CHANNEL, "li", NOW, uploads=uploads))
    with app.store.unit(read_only=True) as unit:
        assert isinstance(unit.evidence, EvidenceTable)
        kept = [*unit.evidence.of_case("C1"), *unit.evidence.unfiled(CHANNEL)]
    assert [item.file_name for item in kept] == ["log.csv"]
    assert any("page.csv" in card.title and "权限" in card.title for card in talk.shown())
    assert not (folder / "log").exists()


BAD = [
    ("run.exe", b"MZ\x90\x00" + b"a" * 100),
    ("page.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("log.csv", b""),
]


def test_files_of_no_use_say_why_and_nobody_is_asked_where_they_belong(talk: Talk) -> None:
    [card] = talk.send(*BAD, thread="C1")
    listed = [item for element in card.elements if isinstance(element, Checklist) for item in element.items]
    again = [item for item in listed if "用不了" in item.words]
    assert len(again) == len(BAD) and "0 字节" in again[2].detail and "PNG" in again[1].detail
    assert not any("evidence" in button.payload for button in buttons(card).values())


def test_files_of_no_use_without_a_case_are_not_asked_about_either(talk: Talk) -> None:
    talk.say("关闭 C1 误报", thread="C1")
    [card] = talk.send(*BAD)
    assert "3 份文件用不了" in card.title and not buttons(card)


def test_a_picture_that_cannot_be_read_is_still_asked_about(talk: Talk, png: bytes) -> None:
    [card] = talk.send(("page.png", png), thread="C1")
    assert any("evidence" in button.payload for button in buttons(card).values())


def test_a_result_may_come_with_the_platforms_answer_as_a_picture(talk: Talk, png: bytes) -> None:
    talk.say("已提交 确认", thread="C1")
    talk.send(("answer.png", png), text=f"结果 {ORDERS[0]} 通过", thread="C1")
    assert talk.app.cases.get("C1").order(ORDERS[0]).appeal is AppealStatus.EXCLUDED


def test_names_and_scenarios_beside_files_tell_of_the_files(talk: Talk) -> None:
    [card] = talk.send(("log.csv", erp_log()), text=f"{ORDERS[0]} S1", thread="C1")
    assert "刚收到 1 份" in card.plain() and not talk.app.cases.get("C1").order(ORDERS[0]).scenario
