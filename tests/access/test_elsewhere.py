"""What was used in another shop, and what a channel heard of before it was unbound."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.messaging.card import Button, to_json
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from bot.settings.team import ShopSettings
from bot.wording.work import work_card
from tests.conversations.conftest import ANOMALY, NOW, ORDERS, OpenLinks, Talk, conversation, story


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Talk, Talk]]:
    """The channels of two shops with a case each: C1 and C2."""
    shops = [
        ShopSettings(id=shop, name=shop, site="US", opened_on=date(2024, 1, 5), channels=[f"console:{shop}"])
        for shop in ("us-1", "us-2")
    ]
    app = App(Settings(data_dir=tmp_path / "data", shops=shops, language="en"), FrozenClock(NOW), links=OpenLinks())
    app.open()
    orders, defects = story()
    with app.store.unit() as unit:
        for shop, first in (("us-1", "5"), ("us-2", "9")):
            unit.orders.upsert_orders(shop, [(first + str(row[0])[1:], *row[1:]) for row in orders])
            unit.orders.upsert_defects(shop, [(first + str(row[0])[1:], *row[1:]) for row in defects])
    for shop in ("us-1", "us-2"):
        app.monitoring.check(ANOMALY, [shop])
    yield (
        Talk(app, tmp_path, "li", "console:us-1"),
        Talk(app, tmp_path, "wang", "console:us-2", iter(range(500, 999))),
    )
    app.engine.dispose()


def test_a_picture_used_in_another_shop_is_a_finding_without_a_name(two: tuple[Talk, Talk]) -> None:
    here, there = two
    same = conversation()
    here.send(("inbox.txt", same), text=f"evidence {ORDERS[0]}", thread="C1")
    there.send(("inbox.txt", same), text="evidence", thread="C2")
    piece = {"evidence": "E2", "case": "C2", "order": f"9{ORDERS[0][1:]}", "kind": "conversation"}
    there.press(Button("", "file", piece), thread="C2")
    every = Button("", "missing", {"case": "C1", "from": "0"})
    shown = json.dumps([to_json(card) for card in here.press(every, thread="C1")], ensure_ascii=False)
    assert "already used elsewhere" in shown and "E2" not in shown
    # Whoever causes a card to be drawn: it is the same one.
    judged = [here.app.judge.judge(case) for case in ("C1", "C2")]
    reused = [item.context.reused for item in judged]
    assert reused == [{"E1": ("",)}, {"E2": ("",)}]
    assert "E2" not in json.dumps(to_json(work_card(here.app.localizer("en"), judged[0])))


def test_what_looked_alike_before_is_not_named_either(two: tuple[Talk, Talk]) -> None:
    """Rows name what they looked like when they were filed, whoever's it was."""
    here, there = two
    there.send(("inbox.txt", conversation()), text="evidence", thread="C2")
    here.send(("other.txt", conversation() + "more"), text=f"evidence {ORDERS[0]}", thread="C1")
    with here.app.store.unit() as unit:
        [item] = unit.evidence.of_case("C1")
        item.facts = replace(item.facts, seen_before=("E1",))
        unit.evidence.save(item)
    assert here.app.judge.judge("C1").context.reused == {"E2": ("",)}


def test_a_channel_that_was_unbound_gets_no_fresh_card(two: tuple[Talk, Talk]) -> None:
    """Neither in another language, nor drawn anew under an old button."""
    here, _ = two
    app, channel = here.app, "console:guests"
    here.channel = channel
    here.say("bind us-1")
    with app.store.unit(read_only=True) as unit:
        assert unit.shops.get("us-1").channels == ["console:us-1", channel]
    threads = app.host("console").threads
    ref = threads.root("guests", "C1")
    headline = threads.card("guests", ref)
    assert headline and headline.read_in("zh").language == "zh"
    here.say("unbind us-1")
    assert threads.card("guests", ref) is None
    assert threads.card("us-1", threads.root("us-1", "C1"))


def test_what_waits_for_an_unbound_channel_is_not_shown(two: tuple[Talk, Talk]) -> None:
    here, _ = two
    app, channel = here.app, "slack:C0GUESTS"
    shop = next(shop for shop in app.access.every_shop() if shop.id == "us-1")
    for _ in range(2):
        app.bindings.bind(shop, channel, "li")
        with app.store.unit(read_only=True) as unit:
            assert unit.messages.next_of(channel, NOW, NOW)
        app.bindings.unbind(shop, channel)
        with app.store.unit(read_only=True) as unit:
            assert unit.messages.next_of(channel, NOW, NOW) is None


@pytest.mark.parametrize("asked", ["case C1", "missing C1", "undo C1", "deadline C1", "timeline C1"])
def test_old_words_and_buttons_of_an_unbound_channel_answer_as_absent(two: tuple[Talk, Talk], asked: str) -> None:
    here, _ = two
    here.channel = "console:guests"
    here.say("bind us-1")
    here.say("bind us-2")
    here.say("unbind us-1")
    foreign, absent = (here.say(asked.replace("C1", case)).plain().replace(case, "#") for case in ("C1", "C777"))
    assert foreign == absent
