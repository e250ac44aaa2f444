"""Every card that people get, in both languages and with the longest words there are, is one that Feishu takes."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from bot.domain.orders import Shop
from bot.messaging.card import (
    Actions,
    Attachment,
    Button,
    Card,
    Chart,
    Checklist,
    Copy,
    CopyLine,
    Countdown,
    Fields,
    Form,
    Input,
    Item,
    Mark,
    Matrix,
    MatrixColumn,
    MatrixRow,
    Option,
    Point,
    Style,
    Table,
    Text,
    Tone,
)
from bot.platforms.feishu.cards import CardContext, content, render
from bot.wording.phrases import shared_phrases
from tests.conversations.conftest import ANOMALY, ORDERS, conversation, erp_log, story, tracking_page
from tests.domain.profile import ROOT
from tests.feishu.fake import cards
from tests.feishu.fake.messages import CARD_BYTES
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.talk import FeishuTalk

NASTY = "<at id=all></at> **b** [x](http://y) `c` | # h\n- l\n> q\n:OK: <font color='red'>&lt;$v~~"
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
PHRASES = shared_phrases(ROOT / "templates", "Asia/Shanghai")

words = st.one_of(
    st.text(max_size=120), st.just(NASTY), st.just("长" * 900), st.just("\x00\ud800\u202e"), st.just("")
)
short = st.one_of(st.text(min_size=1, max_size=40), st.just(NASTY), st.just("名" * 300))
payloads = st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=3)
buttons = st.builds(Button, short, st.just("claim"), payloads, st.sampled_from(["", "primary", "danger"]), words)
options = st.lists(st.builds(Option, st.text(max_size=5), words), min_size=1, max_size=8).map(tuple)
kinds = st.sampled_from(["text", "area", "date", "time"])
dates = st.sampled_from(["", "2026-11-20", "20261120", "2026-11-20T10:00", "soon"])
names = st.from_regex(r"[a-z_]{1,20}", fullmatch=True)
inputs = st.one_of(
    st.builds(Input, names, words, kinds, dates, st.just(()), st.booleans(), words, st.integers(1, 5000)),
    st.builds(
        Input, names, words, st.sampled_from(["select", "many"]), st.text(max_size=5), options, st.booleans(), words
    ),
)
forms = st.builds(
    Form,
    words,
    st.just("edit"),
    st.lists(inputs, max_size=6, unique_by=lambda item: item.name).map(tuple),
    short,
    payloads,
)
points = st.builds(
    Point,
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(0, 9),
    st.integers(0, 99),
    st.one_of(st.none(), st.floats(0, 100)),
    st.one_of(st.none(), st.floats(0, 100)),
)
charts = st.builds(
    Chart,
    words,
    st.lists(points, max_size=70).map(tuple),
    st.lists(st.tuples(words, st.floats(0, 100)), max_size=4).map(tuple),
    st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 12, 31))),
    words,
)
elements = st.one_of(
    st.builds(
        Text, words, st.sampled_from(Style), st.lists(st.sampled_from(["li", "<b>", "nobody"]), max_size=3).map(tuple)
    ),
    st.builds(Fields, st.lists(st.tuples(words, words), max_size=30).map(tuple), st.one_of(st.just(""), words)),
    st.builds(
        lambda corner, row, count: Matrix(
            corner, (MatrixColumn("🚚", corner, corner),) * 6, (MatrixRow(row, (*Mark, Mark.DONE)),) * count
        ),
        words,
        words,
        st.integers(0, 70),
    ),
    st.builds(
        Copy,
        words,
        st.lists(st.builds(CopyLine, words, st.sampled_from(["", "https://a.example/b(c)?d=1"])), max_size=70).map(
            tuple
        ),
    ),
    st.builds(
        Table,
        st.lists(words, max_size=4).map(tuple),
        st.lists(st.lists(words, max_size=4).map(tuple), max_size=40).map(tuple),
    ),
    st.builds(Checklist, st.lists(st.builds(Item, st.sampled_from(Mark), words, words), max_size=40).map(tuple)),
    st.builds(Countdown, words, st.just(NOW + timedelta(hours=3)), st.just(NOW), st.just(()), words),
    charts,
    st.builds(Actions, st.lists(buttons, max_size=25).map(tuple)),
    forms,
    st.builds(Attachment, short, st.just("application/zip"), st.just("0" * 64), st.integers(0, 2**40)),
)
any_card = st.builds(
    Card,
    words,
    st.lists(elements, max_size=6).map(tuple),
    st.sampled_from(Tone),
    st.just("s"),
    st.sampled_from(["zh", "en"]),
)


def voice(language: str) -> CardContext:
    return CardContext(PHRASES.say, language, lambda person: {"li": "ou_li"}.get(person, person))


@profile(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(card=any_card)
def test_whatever_a_card_says_feishu_takes_it(card: Card) -> None:
    shown = render(card, voice(card.language))
    assert cards.faults(shown, lambda person: person == "ou_li") == []
    body = {"receive_id": "oc_" + "0" * 32, "msg_type": "interactive", "content": content(shown), "uuid": "0" * 50}
    assert len(json.dumps(body, ensure_ascii=False).encode()) <= CARD_BYTES


TAIL = ORDERS[0][-4:]
LOOKED = (
    "help|shops|odr us-1|cases|case C1|orders C1|missing C1|draft C1|timeline C1|outlook C1|export C1|oncall|home"
)
DONE = f"check us-1|nonsense|bind|claim C1|assign C1 wang|release C1|tag C1|tag {TAIL} S1|skip {TAIL}|include {TAIL}"
MORE = f"result {TAIL}|cause C1|edit {TAIL} {'Very long ' * 90}|assign C1|dismiss C1 buyer withdrew"
COMMANDS = [command for line in (LOOKED, DONE, MORE) for command in line.split("|")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_answer_is_shown_as_a_card(talk: FeishuTalk, fake: FakeFeishu, language: str) -> None:
    talk.say(f"lang {language}")
    talk.send(("t.txt", tracking_page()), ("c.txt", conversation()), ("e.csv", erp_log()), thread="C1")
    for words_said in COMMANDS:
        talk.says(words_said, thread="C1")
    assert not fake.world.refused_cards
    kinds_seen = {each.kind for each in fake.world.in_chat("oc_ops") if each.sender == fake.world.app_id}
    assert kinds_seen == {"interactive", "file"}


LONG = "这件包裹一直没有收到，" * 60


@pytest.fixture
def crowded(talk: FeishuTalk) -> FeishuTalk:
    """A second shop with the longest name and 180 defects with long complaints: case C2."""
    orders, defects = story()
    more = [(f"57646141{number:010d}", *row[1:]) for number, row in enumerate(defects * 60)]
    orders += [(row[0], *orders[-1][1:4], f"1Z{number:016d}", "UPS", "b") for number, row in enumerate(more)]
    with talk.app.store.unit() as unit:
        name = "店" * 60
        unit.shops.save(Shop("us-2", name, "US", "America/Los_Angeles", channels=["feishu:oc_ops"]))
        unit.orders.upsert_orders("us-2", [("9" + str(row[0])[1:], *row[1:]) for row in orders])
        unit.orders.upsert_defects("us-2", [("9" + str(row[0])[1:], *row[1:-1], LONG) for row in more])
    talk.app.monitoring.check(ANOMALY, ["us-2"])
    talk.pump()
    return talk


def test_the_biggest_case_still_fits(crowded: FeishuTalk, fake: FakeFeishu) -> None:
    assert len(crowded.app.cases.get("C2").orders) > 100
    for language in ("zh", "en"):
        crowded.say(f"lang {language}")
        for said in ("orders C2", "missing C2", "draft C2"):
            crowded.says(said)
    assert not fake.world.refused_cards and not {call.code for call in fake.world.calls} & {230025, 230099}


def readers(fake: FakeFeishu, locale: str) -> str:
    shown = [each.content for each in fake.world.in_chat("oc_ops") if each.kind == "interactive"]
    return "\n".join(cards.words(each, fake.world.name_of, locale) for each in shown)


def test_the_countdown_is_said_in_each_readers_own_time_and_language(talk: FeishuTalk, fake: FakeFeishu) -> None:
    headline = fake.world.in_chat("oc_ops")[0].content
    written = json.dumps(headline, ensure_ascii=False)
    assert "<local_datetime millisecond='1795377600000'" in written
    assert "按你的时区" in readers(fake, "zh_cn") and "In your time zone" in readers(fake, "en_us")


def test_the_trend_is_a_chart_with_limits_and_the_day_of_the_anomaly(talk: FeishuTalk, fake: FakeFeishu) -> None:
    find: Callable[[str], list[cards.Json]] = lambda tag: [  # noqa: E731
        each for each in cards.components(fake.world.in_chat("oc_ops")[0].content) if each["tag"] == tag
    ]
    [chart] = find("chart")
    spec = json.dumps(chart["chart_spec"], ensure_ascii=False)
    assert "markLine" in spec and "异常" in spec and "11-19" in spec
    assert fake.world.in_chat("oc_ops")[0].content["header"]["template"] == "red"
