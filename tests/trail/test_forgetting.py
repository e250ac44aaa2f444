"""A name that is deleted on request stands nowhere any more, comes back from no platform, and the trail is intact."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.domain.names import occurrences, replaced
from bot.domain.refusal import Refusal
from bot.ports.records import Person
from bot.runtime.bootstrap import App
from bot.store.tables import metadata
from tests.conversations.conftest import ORDERS, Talk
from tests.trail.conftest import lines

NAME = "Alice Liddell"


def holding(app: App, name: str) -> dict[str, int]:
    """In how many rows the name stands, by table."""
    with app.engine.connect() as connection:
        rows = {table.name: connection.execute(sa.select(table)).all() for table in metadata.sorted_tables}
    found = {table: sum(name.casefold() in repr(row).casefold() for row in each) for table, each in rows.items()}
    return {table: count for table, count in found.items() if count}


@pytest.fixture
def named(talk: Talk) -> Talk:
    """A talk in which Alice, whose id says nothing, has worked and is named in all kinds of places."""
    with talk.app.store.unit() as unit:
        unit.records.save_person(Person("U7", NAME))
    talk.person = "boss"
    assert NAME in talk.say(f"指派 C1 {NAME}", thread="C1").plain()
    talk.say(f"修改 {ORDERS[0]} {NAME} has asked the carrier.", thread="C1")
    talk.say(f"关闭 C1 误报 {NAME}", thread="C1")
    talk.say("撤销", thread="C1")
    talk.say(f"备注 今天由 {NAME.upper()} 值班", thread="C1")
    talk.say(f"设置值班 {NAME}")
    return talk


def test_the_name_goes_everywhere_and_the_trail_stays(named: Talk) -> None:
    app = named.app
    stood, before = holding(app, NAME), lines(app)
    assert {"person", "message", "console_entry", "timeline_event", "audit", "act"} <= set(stood), stood
    done = app.forgetting.forget(NAME)
    assert holding(app, NAME) == {}
    assert (done.person, done.in_settings, done.in_id, done.shared) == ("U7", False, False, ())
    assert set(stood) - {"person"} <= set(done.places)
    *kept, line = lines(app)
    assert [replace(each, changes={}) for each in kept] == [replace(each, changes={}) for each in before]
    assert (line.subject, line.before["name"], line.after["name"]) == ("person:U7", "***", "")
    assert app.cases.get("C1").owner == "U7"
    assert "U7" in named.say("C1").plain() or app.people.everybody().get("U7").called == "U7"


def test_what_is_shown_is_shown_anew(named: Talk) -> None:
    named.app.forgetting.forget("U7")
    named.app.outbox.deliver()
    shown = "".join(card.plain() for card in [*named.shown(), *named.shown("C1")])
    assert NAME not in shown and "U7" in shown


def test_a_name_that_the_platform_tells_again_is_not_kept(named: Talk) -> None:
    named.app.forgetting.forget("U7")
    slack, console = (named.app.host(name).directory for name in ("slack", "console"))
    slack.save_person(Person("U7", NAME, language="en"))
    assert slack.person("U7") == Person("U7", "", "en", forgotten=True)
    assert holding(named.app, NAME) == {}
    console.save_person(replace(console.profile("U7"), name="A."))
    assert console.profile("U7").name == "A.", "what people call themselves is theirs"


def test_a_name_in_the_settings_is_used_no_more(talk: Talk) -> None:
    assert talk.app.people.everybody().get("wang").called == "小王"
    done = talk.app.forgetting.forget("小王")
    assert (done.person, done.in_settings) == ("wang", True)
    assert talk.app.people.everybody().get("wang").called == "wang"
    assert talk.app.host("console").directory.profile("wang").name == ""
    with pytest.raises(Refusal, match="nobody_known"):
        talk.app.forgetting.forget("小王")
    assert talk.app.forgetting.forget("wang").places == {}, "again"


def test_a_name_that_another_has_too_stays_in_texts(named: Talk) -> None:
    with named.app.store.unit() as unit:
        unit.records.save_person(Person("U8", NAME))
    done = named.app.forgetting.forget("U7")
    assert done.shared == (NAME,) and holding(named.app, NAME)["person"] == 1


def test_an_earlier_name_and_an_id_that_spells_the_name(talk: Talk) -> None:
    with talk.app.store.unit() as unit:
        unit.records.save_person(Person("alice-liddell", NAME))
    talk.say("备注 今天由 Lizzy 值班", thread="C1")
    done = talk.app.forgetting.forget(NAME, ["Lizzy"])
    assert done.in_id and holding(talk.app, "Lizzy") == {}


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Li delivers to Lisa and li", "U7 delivers to Lisa and U7"),
        ("@Li, Li's parcel; Li_2", "@U7, U7's parcel; U7_2"),
        ("由王小明处理", "由U7处理"),
        ("Wang  Xiao\u00a0ming", "U7"),
    ],
)
def test_a_name_is_found_as_a_word_of_its_own(text: str, after: str) -> None:
    pattern = occurrences(["Li", "王小明", "Wang Xiao ming", "x"])
    assert pattern and replaced(text, pattern, "U7") == after


def test_nothing_that_makes_a_card_is_taken_for_a_name() -> None:
    pattern = occurrences(["Text", "Primary"])
    assert pattern is not None
    card = {"kind": "text", "words": "Text here", "payload": {"action": "primary", "who": ["Primary"]}}
    assert replaced(card, pattern, "U7") == {
        "kind": "text",
        "words": "U7 here",
        "payload": {"action": "primary", "who": ["U7"]},
    }
