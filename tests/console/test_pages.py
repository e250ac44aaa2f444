import logging
from dataclasses import replace
from datetime import date

import pytest

from bot.conversation.events import ButtonPressed, CommandReceived, FileReceived, FormSubmitted
from bot.messaging.card import Actions, Button, Card, Text
from bot.platforms.console.pages_board import NOBODY, Filters, state
from bot.ports.board import BoardQuery, DaysView, ImportsShownHere, ShopDay
from bot.ports.records import Person
from tests.console import story
from tests.console.fakes import NOW


def fields(**values: str) -> dict[str, tuple[None, str]]:
    return {name: (None, value) for name, value in {"channel": "ops", **values}.items()}


def test_words_become_a_command(client, core):
    answer = client.post("/say", files=fields(text=" 帮助 ", thread="C7", id="abcdef12"))
    assert answer.status_code == 204
    assert core.events == [
        CommandReceived("console:abcdef12", "console:ops", "local", NOW, "C7", address="testclient", text="帮助")
    ]
    assert [entry.words for entry in core.entries.conversation("ops", "C7")] == ["帮助"]


def test_sending_again_after_a_lost_answer_shows_once(client, core):
    for _ in range(2):
        client.post("/say", files=fields(text="hello", id="same-id-1"))
    assert len(core.entries.conversation("ops", "")) == 1
    assert len({event.id for event in core.events}) == 1


def test_files_become_one_event_with_words(client, core, tmp_path):
    files = [("file", ("../物流.png", b"png bytes")), ("file", ("b.csv", b"")), *fields(text="这单").items()]
    assert client.post("/say", files=files).status_code == 204
    (event,) = core.events
    assert isinstance(event, FileReceived) and event.text == "这单"
    assert [(u.file_name, u.size) for u in event.uploads] == [("物流.png", 9), ("b.csv", 0)]
    assert core.files == {"物流.png": b"png bytes", "b.csv": b""}
    assert core.entries.conversation("ops", "")[0].words == "这单\n📎 物流.png\n📎 b.csv"


def test_a_button(client, core):
    answer = client.post("/press", files=fields(action="claim", payload='{"case": "C7"}', thread="C7"))
    assert answer.status_code == 204
    (event,) = core.events
    assert isinstance(event, ButtonPressed) and (event.action, event.payload) == ("claim", {"case": "C7"})


def test_a_form(client, core):
    values = {"value.tracking": "9400", "value.action": "x"}
    client.post("/submit", files=fields(action="state_facts", payload="{}", **values))
    (event,) = core.events
    assert isinstance(event, FormSubmitted)
    assert (event.action, event.values) == ("state_facts", {"tracking": "9400", "action": "x"})


@pytest.mark.parametrize("payload", ["[]", "{", '{"a": 1}', "[" * 20000])
def test_a_bad_payload_is_refused(client, core, payload):
    assert client.post("/press", files=fields(action="a", payload=payload)).status_code == 400
    assert core.events == []


def test_nothing_to_say_and_nowhere_to_say_it(client, core):
    assert client.post("/say", files=fields(text="  ")).status_code == 400
    assert client.post("/say", files=fields(text="x", channel="nope")).status_code == 404
    assert client.get("/?channel=nope").status_code == 404
    assert core.events == []


def test_a_failing_turn_is_told_in_the_conversation_and_logged(client, core, caplog):
    def fail(event: object) -> None:
        raise RuntimeError("the cause")

    core.answer = fail
    assert client.post("/say", files=fields(text="odr")).status_code == 204
    said, failed = core.entries.conversation("ops", "")
    assert said.words == "odr" and failed.card.tone == "red"
    reference = next(r for r in caplog.records if r.levelno == logging.ERROR).args[1]
    assert reference in failed.card.plain() and "the cause" in caplog.text


def test_when_even_that_fails_the_page_says_it(client, core, monkeypatch):
    core.answer = lambda event: 1 / 0
    monkeypatch.setattr(core.entries, "add", lambda *a, card=None, **k: 1 / 0 if card else 1)
    answer = client.post("/say", files=fields(text="odr"))
    assert answer.status_code == 500 and "日志" in answer.json()["error"]


def test_a_broken_store_gives_a_clear_answer_and_keeps_no_upload(client, core, monkeypatch):
    monkeypatch.setattr(core.entries, "add", lambda *a, **k: 1 / 0)
    answer = client.post("/say", files=[("file", ("a.txt", b"x")), *fields().items()])
    assert answer.status_code == 500 and answer.json()["error"]
    assert list(core.upload_dir.iterdir()) == []


def test_page_errors_are_pages(client, monkeypatch, core):
    assert "<html" in client.get("/nothing", headers={"accept": "text/html"}).text
    monkeypatch.setattr(core, "cases", lambda *a: 1 / 0)
    answer = client.get("/cases", headers={"accept": "text/html"})
    assert answer.status_code == 500 and "<html" in answer.text and answer.headers["x-frame-options"] == "DENY"


def test_conversation_page_in_both_languages(client, core):
    for language, words in (("zh", "缺失证据"), ("en", "evidence missing")):
        core.people.clear()
        story.tell(core, language) if language == "zh" else core.post("en", story.checklist("en"), "C7")
        core.language = language
        page = client.get("/?channel=ops&thread=C7").text
        assert words in page


def test_language_and_name_switch(client, core):
    answer = client.post("/person", files=fields(name="Lin Xiao", language="en", timezone="UTC", next="/cases"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    assert core.people["local"] == Person("local", "Lin Xiao", "en", "UTC")
    assert 'lang="en"' in client.get("/").text
    client.post("/say", files=fields(text="help"))
    assert core.events[0].person == "local", "a name is how people are called, not who they are"
    client.post("/person", files=fields(language="zh", timezone="Mars/Base"))
    assert (core.people["local"].language, core.people["local"].timezone) == ("zh", "UTC")


@pytest.mark.parametrize("name", ["Wang Wei", "ＷＡＮＧ wei", "wang", "@wang"])
def test_nobody_takes_the_name_of_somebody_else(client, core, name):
    core.people["wang"] = Person("wang", "Wang Wei", "en", "UTC")
    answer = client.post("/person", files=fields(name=name), headers={"accept": "text/html"})
    assert answer.status_code == 409 and "local" not in core.people


def test_downloads_are_never_shown_inline(client, core, tmp_path):
    path = tmp_path / "original"
    path.write_bytes(b"<script>alert(1)</script>")
    core.originals["a" * 64] = path
    answer = client.get(f"/files/{'a' * 64}/..%2F物流.html")
    assert answer.content == path.read_bytes()
    assert answer.headers["content-type"] == "application/octet-stream"
    assert (
        answer.headers["content-disposition"].startswith("attachment")
        and ".." not in answer.headers["content-disposition"]
    )
    assert "sandbox" in answer.headers["content-security-policy"]
    assert client.get(f"/files/{'b' * 64}/x").status_code == 404
    assert client.get("/files/..%2f..%2fetc/passwd").status_code == 404


def test_earlier_entries_are_paged(client, core):
    for n in range(90):
        core.post(f"k{n}", Card(f"card-{n:02}", (Text("x"),)))
    page = client.get("/?channel=ops").text
    assert "card-89" in page and "card-10" in page and "card-09" not in page
    oldest = min(entry.id for entry in core.entries.conversation("ops", ""))
    older = client.get(f"/earlier?channel=ops&before={oldest}").text
    assert "card-09" in older and "card-10" not in older


def test_static_files_do_not_leave_their_folder(client):
    assert client.get("/static/main.js").status_code == 200
    assert client.get("/static/..%2fbase.html").status_code == 404


class TestBoard:
    rows = story.rows("en")

    def test_what_is_looked_for_stands_in_the_address(self):
        assert Filters.of({}).query("li") == BoardQuery()
        found = Filters.of(
            {"q": "0083", "site": "UK", "state": "ready", "owner": NOBODY, "sort": "shop", "start": "50"}
        )
        assert found.query("li") == BoardQuery("", "UK", "ready", None, "0083", "shop", 50)
        assert Filters.of({"mine": "1", "owner": "wang"}).query("li").owner == "li"
        assert Filters.of({"state": "", "channel": "sea"}).query("li") == BoardQuery("sea", state="")
        assert Filters.of({"state": "x", "sort": "x", "start": "-1"}) == Filters.of({"start": "٣"}) == Filters()
        assert len(Filters.of({"q": "x" * 999}).q) == 64
        assert found.address(0) == "/cases?state=ready&site=UK&owner=-&q=0083&sort=shop"
        assert Filters.of({"state": ""}).address(50) == "/cases?state=&sort=urgent&start=50"

    def test_states_from_time_and_evidence(self):
        from datetime import timedelta

        states = {row.case: state(row, NOW) for row in self.rows}
        assert states == {"C7": "open", "C6": "open", "C5": "ready", "C4": "submitted", "C2": "closed"}
        assert state(self.rows[0], NOW + timedelta(days=9)) == "overdue"

    def test_the_page(self, client, core):
        story.tell(core, "en")
        page = client.get("/cases?state=").text
        assert page.index("Nova 3C UK</a>") < page.index("Lumi Home MY</a>") < page.index("Bloom Beauty US</a>")
        assert "No cases match" in client.get("/cases?site=VN").text

    def test_many_cases_come_in_pages_that_lead_to_each_other(self, client, core):
        story.tell(core, "en")
        core.rows = [replace(core.rows[0], case=f"C{number}") for number in range(1, 121)]
        first, middle, last = (client.get(f"/cases?start={start}&q=bloom").text for start in (0, 50, 100))
        assert "1–50 of 120" in first and 'rel="next"' in first and 'rel="prev"' not in first
        assert "51–100 of 120" in middle and "start=100" in middle and 'rel="prev"' in middle
        assert "101–120 of 120" in last and 'rel="next"' not in last and "q=bloom" in last

    def test_beside_a_conversation_stand_the_first_cases_and_the_way_to_all(self, client, core):
        story.tell(core, "en")
        core.rows = [replace(core.rows[0], case=f"C{number}") for number in range(1, 121)]
        page = client.get("/?channel=ops").text
        assert page.count("nav-case") == 20 and "All 120 on the board" in page
        assert {query.limit for query in core.asked} <= {0, 20}


def test_stored_words_cannot_inject(client, core):
    client.post("/say", files=fields(text="<img src=x onerror=alert(1)>"))
    assert "<img" not in client.get("/").text


def test_a_fault_of_the_store_is_told_in_its_own_words(client, monkeypatch, core):
    def away(*_args, **_more):
        raise ConnectionError

    monkeypatch.setattr(core, "cases", away)
    answer = client.get("/cases", headers={"accept": "text/html"})
    assert answer.status_code == 503 and "the store is away (zh)" in answer.text
    core.answer = away
    answer = client.post("/say", files=fields(text="odr"))
    assert answer.status_code == 503 and answer.json() == {"error": "the store is away (zh)"}


def test_what_could_not_be_delivered_is_told_beside_every_page(client, core):
    html = {"accept": "text/html"}
    assert "没有送达" not in client.get("/cases", headers=html).text
    core.failures = ["slack:C1: not_in_channel <b>", "feishu:oc_1: 230002"]
    for page in ("/", "/cases", "/sidebar"):
        shown = client.get(page, headers=html).text
        assert "2 条消息没有送达" in shown and "slack:C1: not_in_channel &lt;b&gt;" in shown


def test_the_board_calls_nothing_well_before_it_is_known(client, core):
    assert "✓" not in client.get("/cases").text
    day = date(2024, 6, 11)
    gap = ShopDay("Nova 3C", "UK", "ops", "partial", "数据不全：缺退货退款")
    core.known = DaysView(day, 3, (gap,))
    page = client.get("/cases").text
    assert "2024-06-11（UTC）以下店铺还不能算正常" in page and gap.words in page
    assert "✓" not in page and "没有超限" not in page
    core.known = DaysView(day, 3)
    page = client.get("/cases").text
    assert "3 家店铺都已测量，没有超限" in page and "✓" in page


def test_the_page_of_imports_shows_what_waits_and_what_was_imported(client, core):
    button = Actions((Button("Import", "import_confirm", {"preview": "P1"}),))
    core.exports = [ImportsShownHere("P1", "ops", "C7", Card("Import <orders>.csv?", (button,), language="en"))]
    page = client.get("/imports", headers={"accept": "text/html"})
    assert page.status_code == 200 and "Import &lt;orders&gt;.csv?" in page.text and "Imported files" in page.text
    assert 'data-channel="ops" data-thread="C7"' in page.text and 'data-action="import_confirm"' in page.text
    assert "onclick" not in page.text and "style=" not in page.text.partition('id="import-drop"')[2]
    assert 'href="/imports"' in client.get("/cases", headers={"accept": "text/html"}).text
