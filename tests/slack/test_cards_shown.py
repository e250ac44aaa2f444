"""Every card that people can be shown is one that Slack shows: in both languages, at its longest, and made up."""

import itertools
import string
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messaging.card import (
    Actions,
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
from tests.conversations.conftest import NOW, ORDERS, conversation, erp_log, forms, tracking_page
from tests.conversations.test_commands import SAID
from tests.slack.fake.blocks import texts
from tests.slack.talk import SlackTalk

TAIL = ORDERS[0][-4:]
LONG_NAME = "物流截图（最终版）<b>&amp;_" + "很长的文件名 " * 8 + ".txt"
LONG_REASON = "买家在 TikTok 上重复下单后恶意退货 <script>alert('x')</script> & <!channel> *bold* `code` " * 12
numbers = itertools.count()

SCENES = [
    ["lang en", *(typed for typed, _, _, _ in SAID)],
    [f"tag all {key}" for key in ("S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8")],
    [f"修改 {TAIL} " + "shameless liar, delayed at 2026-11-13 10:00 UTC! " * 30, f"草稿 {TAIL}"],
    [f"原因 C1 {LONG_REASON}", f"关闭 C1 {LONG_REASON}", "重新打开 C1", "时间线 C1"],
    ["指派 C1 " + "w" * 64, "案件 C1", "案件列表"],
    ["已提交 C1 确认", f"结果 {TAIL} 驳回 ODR-07", "时间线 C1", f"可重提 {TAIL}"],
    ["值班", "oncall", "home", "首页", "绑定 us-1", "bind"],
    ["<!channel> <@U123> & <script>", LONG_REASON, "x" * 3900, "证据 " + "9" * 400],
]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene[0][:24])
def test_every_card_of_a_conversation_is_one_that_slack_shows(talk: SlackTalk, scene: list[str]) -> None:
    for words in scene:
        for card in talk.says(words, thread="C1"):
            assert card.title[:20].split("<")[0].split("&")[0] in readable(talk, card)
    assert not failed(talk)


def readable(talk: SlackTalk, card: Card) -> str:
    """All that stands in the messages now."""
    shown = [*talk.world.shown(), *talk.world.ephemerals]
    return "\n".join(words for message in shown for words in [message.text, *texts(message.blocks)])


def failed(talk: SlackTalk) -> list[tuple[str, str]]:
    """Calls that Slack refused."""
    return [(call.method, call.error) for call in talk.world.calls if call.error]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_longest_real_case(talk: SlackTalk, language: str) -> None:
    """Three orders, forty files with long names, and every card about them."""
    talk.say(f"lang {language}")
    for number in range(3):
        files = [
            ("a" + LONG_NAME, tracking_page(number)),
            ("b" + LONG_NAME, conversation(number)),
            ("c.csv", erp_log(number)),
        ]
        talk.send(*files, text=LONG_REASON[:500], thread="C1")
    talk.send(*((f"{n}-{LONG_NAME}", f"nothing to see {n}") for n in range(30)), thread="C1")
    for words in (
        "missing",
        "orders",
        "draft",
        "timeline",
        "export",
        "case C1",
        "outlook",
        f"tag {TAIL}",
        "evidence",
    ):
        for card in talk.says(words, thread="C1"):
            for form in forms(card):
                talk.open(form)
    assert not failed(talk)


words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=40)
sometimes_long = st.one_of(words, words, words, st.builds(lambda text, n: text * n, words, st.integers(1, 400)))
plenty = st.integers(0, 60)
names = st.text(string.ascii_lowercase, min_size=1, max_size=12)


def many(what: st.SearchStrategy[object], most: int, least: int = 1) -> st.SearchStrategy[tuple[object, ...]]:
    """A few of them, repeated to a few or to many."""
    few = st.lists(what, min_size=1, max_size=3)
    return st.builds(lambda some, n: tuple(itertools.islice(itertools.cycle(some), n)), few, st.integers(least, most))


def table(columns: tuple[str, ...], cells: tuple[str, ...], rows: int) -> Table:
    row = itertools.islice(itertools.cycle(cells), len(columns))
    return Table(columns, (tuple(row),) * rows)


def chart(title: str, days: int, summary: str) -> Chart:
    points = [Point(date(2026, 10, 1) + timedelta(n), n % 4, 100, 0.1 * (n % 30), 0.5) for n in range(days)]
    return Chart(title, tuple(points), (("limit", 1.0),), date(2026, 10, 2), summary)


buttons = st.builds(
    Button,
    sometimes_long,
    names,
    st.dictionaries(names, words, max_size=4),
    st.sampled_from(["", "primary", "danger"]),
    st.one_of(st.just(""), sometimes_long),
)
options = many(st.builds(Option, words, sometimes_long), 130)
inputs = st.builds(
    lambda kind, name, label, value, options, required, hint, most: Input(
        name,
        label,
        kind,
        value if kind in ("text", "area") else "",
        options if kind in ("select", "many") else (),
        required,
        hint,
        most,
    ),
    st.sampled_from(["text", "area", "select", "many", "time", "date"]),
    names,
    sometimes_long,
    sometimes_long,
    options,
    st.booleans(),
    st.one_of(st.just(""), sometimes_long),
    st.integers(1, 5000),
)
elements = st.one_of(
    st.builds(Text, sometimes_long, st.sampled_from(list(Style)), st.lists(names, max_size=3).map(tuple)),
    st.builds(Fields, many(st.tuples(sometimes_long, sometimes_long), 40), st.sampled_from(["", "fold"])),
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
        sometimes_long,
        many(st.builds(CopyLine, sometimes_long, st.sampled_from(["", "https://a.example/?b=1"])), 70),
    ),
    st.builds(table, many(words, 30), many(sometimes_long, 30), st.integers(0, 150)),
    st.builds(Checklist, many(st.builds(Item, st.sampled_from(list(Mark)), sometimes_long, sometimes_long), 120)),
    st.builds(
        lambda label, h: Countdown(label, NOW + timedelta(hours=h), NOW, ("Asia/Shanghai",)),
        sometimes_long,
        st.integers(-90, 90),
    ),
    st.builds(chart, words, st.integers(0, 40), sometimes_long),
    st.builds(Actions, many(buttons, 60)),
    st.builds(
        lambda title, inputs, submit: Form(
            title, "state", tuple({i.name: i for i in inputs}.values()), submit, {"case": "C1"}
        ),
        sometimes_long,
        st.lists(inputs, min_size=1, max_size=6),
        sometimes_long,
    ),
)
cards = st.builds(
    lambda title, parts, tone, language: Card(title, tuple(parts), tone, language=language),
    sometimes_long,
    st.lists(elements, max_size=12),
    st.sampled_from(list(Tone)),
    st.sampled_from(["zh", "en"]),
)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
@given(card=cards)
def test_no_card_can_be_made_up_that_slack_refuses(talk: SlackTalk, card: Card) -> None:
    platform = talk.app.platforms["slack"].sender
    ref = platform.post(talk.place, "", f"made-up-{next(numbers)}", card)
    assert ref and not failed(talk) and not talk.world.complaints


def test_a_countdown_is_in_the_readers_own_time(talk: SlackTalk) -> None:
    until = datetime(2026, 11, 22, 20, tzinfo=UTC)
    [headline] = talk.world.shown(talk.place, "")
    assert f"<!date^{int(until.timestamp())}^" in str(headline.blocks)


def test_every_message_says_something_to_a_phone_and_a_screen_reader(talk: SlackTalk) -> None:
    talk.say("help")
    for message in talk.world.shown():
        assert 5 < len(message.text) <= 4000 or message.files
