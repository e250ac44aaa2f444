"""A believable conversation for tests and pictures, in both languages."""

from dataclasses import replace
from datetime import date, timedelta

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
from bot.ports.board import (
    BoardRow,
    PersonRow,
    ShopRow,
    TeamView,
)
from bot.ports.case_view import EvidenceTile, OrderGallery, ReadPlace
from bot.ports.records import Person
from tests.console.fakes import NOW, FakeCore

DEADLINE = NOW + timedelta(hours=51, minutes=29, seconds=48)
SHA = "3f" * 32


def trend() -> tuple[Point, ...]:
    defects = [0, 1, 0, 1, 0, 0, 1, 0, 2, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 2, 6]
    orders = [210 + (n * 37) % 70 for n in range(30)]
    orders[11] = 0
    points, start = [], date(2024, 5, 13)
    for n in range(30):
        seen_d, seen_o = sum(defects[: n + 1]), sum(orders[: n + 1])
        daily = 100 * defects[n] / orders[n] if orders[n] else None
        points.append(Point(start + timedelta(n), defects[n], orders[n], daily, 100 * seen_d / seen_o))
    return tuple(points)


def pick(language: str, zh: str, en: str) -> str:
    return zh if language == "zh" else en


def alert(language: str) -> Card:
    def t(zh: str, en: str) -> str:
        return pick(language, zh, en)

    return Card(
        t("Bloom Beauty US：ODR 异常（红色预警）", "Bloom Beauty US: ODR anomaly (red alert)"),
        (
            Countdown(t("申诉窗口剩余", "Time left to appeal"), DEADLINE, NOW, ("Asia/Shanghai",), "51:29"),
            Fields(
                (
                    (t("单日 ODR", "Daily ODR"), "2.58% (6 / 233)"),
                    (t("滚动 30 天", "Rolling 30 days"), "0.29% (21 / 7,036)"),
                    (t("回到安全线需排除", "Exclusions to safety"), t("4 单", "4 orders")),
                    (t("触发条件", "Triggers"), t("单日超标、红色预警、突然升高", "day over limit, red, surge")),
                )
            ),
            Chart(
                t("最近 30 天 ODR 走势", "ODR over the last 30 days"),
                trend(),
                ((t("单日上限", "Day limit"), 1.0), (t("红线", "Red line"), 1.2)),
                date(2024, 6, 11),
                t(
                    "6 月 11 日单日 ODR 2.58%，为 30 天内最高，超过 1.2% 红线。",
                    "2.58% on 11 June is the highest of 30 days, above the red line of 1.2%.",
                ),
            ),
            Actions(
                (
                    Button(t("我来负责", "I take it"), "claim", {"case": "C7"}, "primary"),
                    Button(t("查看缺陷订单", "Show defect orders"), "orders", {"case": "C7"}),
                    Button(
                        t("忽略", "Dismiss"),
                        "dismiss",
                        {"case": "C7"},
                        "danger",
                        t("确定忽略这个案件？", "Dismiss this case?"),
                    ),
                )
            ),
        ),
        Tone.RED,
        "case:C7:alert",
        language,
    )


def checklist(language: str, done: bool = False) -> Card:
    def t(zh: str, en: str) -> str:
        return pick(language, zh, en)

    chat = Item(Mark.DONE, t("沟通记录：TikTok 站内信完整会话", "Communication: complete TikTok Inbox conversation"))
    missing = Item(
        Mark.MISSING,
        t("沟通记录：还没有收到", "Communication: nothing yet"),
        t(
            "在站内信里打开该订单的会话，从第一条截到最后一条，带上日期。",
            "Open the order's conversation in the Inbox and capture it from first to last message with dates.",
        ),
    )
    return Card(
        t("案件 C7 缺失证据：还差 2 项", "Case C7: 2 pieces of evidence missing"),
        (
            Text(
                t("订单 576461413038785752（S1 物流延误）", "Order 576461413038785752 (S1 carrier delay)"),
                Style.HEADING,
            ),
            Checklist(
                (
                    Item(
                        Mark.DONE,
                        t("物流记录：USPS 9400111899223197428490", "Logistics: USPS 9400111899223197428490"),
                        t(
                            "6 月 3 日揽收，6 月 10 日异常“海关滞留”",
                            "Picked up 3 June, exception “held in customs” 10 June",
                        ),
                    ),
                    chat if done else missing,
                    Item(
                        Mark.UNSURE,
                        t(
                            "系统记录：截图太模糊，运单号看不清",
                            "System: the picture is too blurred to read the number",
                        ),
                        t(
                            "请重新截取 ERP 同步日志，或直接发送 CSV。",
                            "Capture the ERP log again, or send it as CSV.",
                        ),
                    ),
                    Item(
                        Mark.WARNING,
                        t("截图将在 6 月 16 日过期", "The screenshot goes stale on 16 June"),
                        t("截止前请重新截取一次。", "Capture it again before the deadline."),
                    ),
                )
            ),
            Matrix(
                t("订单", "Order"),
                (
                    MatrixColumn("🚚", t("物流", "Track"), t("物流轨迹", "tracking page")),
                    MatrixColumn("💬", t("聊天", "Chat"), t("聊天记录", "conversation")),
                ),
                (MatrixRow("…5752", (Mark.DONE, Mark.MISSING)),),
            ),
            Copy(
                t("运单号", "Tracking numbers"),
                tuple(CopyLine(f"940011189922319742849{n}", f"https://example.com/{n}") for n in range(8)),
            ),
            Form(
                t("手动填写运单信息", "State the tracking facts by hand"),
                "state_facts",
                (
                    Input("tracking", t("运单号", "Tracking number"), required=True),
                    Input(
                        "carrier",
                        t("承运商", "Carrier"),
                        "select",
                        options=(Option("usps", "USPS"), Option("ups", "UPS")),
                        required=True,
                    ),
                    Input("at", t("揽收时间（UTC）", "Pick-up time (UTC)"), "time"),
                    Input(
                        "note",
                        t("说明", "Note"),
                        "area",
                        max_length=200,
                        hint=t("只写事实，最多 200 个字符。", "Facts only, up to 200 characters."),
                    ),
                ),
                t("保存", "Save"),
                {"case": "C7", "order": "576461413038785752"},
            ),
        ),
        Tone.ORANGE,
        "case:C7:checklist",
        language,
    )


def draft(language: str) -> Card:
    def t(zh: str, en: str) -> str:
        return pick(language, zh, en)

    words = (
        "USPS 9400111899223197428490 was picked up 2024-06-03 14:20 UTC and held in customs since 2024-06-10 02:05. "
        "The seller could not prevent this delay."
    )
    return Card(
        t(f"申诉说明草稿（{len(words)} / 200 字符）", f"Draft explanation ({len(words)} / 200 characters)"),
        (
            Text(words, Style.QUOTE),
            Text(
                t(
                    "大意：包裹 6 月 3 日已揽收，6 月 10 日起在海关滞留。",
                    "Every number above is in accepted evidence.",
                ),
                Style.MUTED,
            ),
            Table(
                (t("表单字段", "Form field"), t("填写", "Value")),
                (("Defect Type", "Return/Refund"), ("Root Cause", "Carrier Delay")),
            ),
            Attachment("C7-appeal.zip", "application/zip", SHA, 482_113),
            Actions(
                (
                    Button(t("修改草稿", "Edit the draft"), "edit", {"case": "C7"}, "primary"),
                    Button(t("我已提交", "I have submitted it"), "submit", {"case": "C7"}),
                )
            ),
        ),
        Tone.GREEN,
        "case:C7:draft",
        language,
    )


def rows(language: str) -> list[BoardRow]:
    def t(zh: str, en: str) -> str:
        return pick(language, zh, en)

    def row(
        case: str, channel: str, shop: str, site: str, triggers: tuple[str, ...], hours: float, **more: object
    ) -> BoardRow:
        more = {"deadline": NOW + timedelta(hours=hours), **more}
        values = {"status": "open", "owner": "", "ready": False, "missing": 0, "orders": 1, "next_step": "", **more}
        return BoardRow(case, channel, shop, site, triggers, **values)

    return [
        row(
            "C7",
            "ops",
            "Bloom Beauty US",
            "US",
            ("single_day", "red", "surge"),
            51.5,
            deadline=DEADLINE,
            owner="lin",
            missing=2,
            orders=6,
            next_step=t("补齐站内信完整会话", "Add the complete Inbox conversation"),
        ),
        row(
            "C6",
            "ops",
            "Nova 3C UK",
            "UK",
            ("streak",),
            4.21,
            missing=5,
            orders=3,
            next_step=t("还没有人负责，请尽快认领", "Nobody owns it: claim it now"),
        ),
        row(
            "C5",
            "sea",
            "Lumi Home MY",
            "MY",
            ("rolling",),
            19.6,
            owner="chen",
            ready=True,
            orders=2,
            next_step=t("去卖家中心提交", "Submit it in Seller Center"),
        ),
        row(
            "C4",
            "sea",
            "Lumi Home MY",
            "MY",
            ("surge",),
            -6,
            owner="chen",
            status="submitted",
            orders=2,
            next_step=t("等待平台结果", "Waiting for the platform"),
        ),
        row("C2", "ops", "Nova 3C UK", "UK", ("single_day",), -220, owner="lin", status="closed", orders=1),
    ]


ORDERS = ("576461413038785752", "576461413038780083")


def galleries(language: str) -> list[OrderGallery]:
    """A tracking page with its places, a conversation, and a picture that was withdrawn; one order has nothing."""

    def t(zh: str, en: str) -> str:
        return pick(language, zh, en)

    places = (ReadPlace(t("运单号", "Tracking number"), "1Z999AA10123456784", (50, 290, 260, 330), True),)
    read = ((t("运单号", "Tracking number"), "1Z999AA10123456784"), (t("揽收", "Picked up"), "2024-06-03 14:20 UTC"))
    page = EvidenceTile(
        "E1",
        "tracking-<1>.png",
        t("物流轨迹页", "Tracking page"),
        "accepted",
        "lin",
        NOW,
        SHA,
        204_800,
        True,
        "",
        places,
    )
    talk = EvidenceTile(
        "E2", "inbox.pdf", t("站内信会话", "Inbox conversation"), "open", "lin", NOW, SHA, 90_000, False
    )
    first = (replace(page, facts=read), talk, replace(page, id="E3", state="withdrawn", places=()))
    return [
        OrderGallery(ORDERS[0], t("S1 物流延误", "S1 carrier delay"), first),
        OrderGallery(ORDERS[1], t("待选场景", "no scenario yet"), ()),
    ]


def shop_rows(language: str) -> list[ShopRow]:
    """A shop over the requirement, a quiet one, and one without data."""

    def t(zh: str, en: str) -> str:
        return pick(language, zh, en)

    rates = tuple(point.odr for point in trend())
    calm = tuple((7 * number % 5) / 10 for number in range(30))
    measured, hours = t("已测量", "measured"), t("接口，2 小时前", "by API, 2 hours ago")
    return [
        ShopRow("Bloom Beauty US", "US", "ops", rates, "1.21 % (85/7036)", 1.0, measured, hours, False, True, "C7"),
        ShopRow("Nova 3C UK", "UK", "ops", calm, "0.31 % (21/6770)", 1.0, measured, hours, False, False, "C6"),
        ShopRow(
            "Lumi Home MY", "MY", "sea", (), "–", 1.0, t("没有数据", "no data"), t("缺 3 天", "3 days missing"), True
        ),
    ]


def teams(language: str) -> list[TeamView]:
    """A team that one leads as its admin, and one of which one is a member."""

    def t(zh: str, en: str) -> str:
        return pick(language, zh, en)

    own = (
        PersonRow("lin", t("林晓", "Lin Xiao"), "admin", ("slack:U024BE7LH",), fixed=True),
        PersonRow("chen", t("陈敏", "Chen Min"), "lead", ("feishu:ou_7d8a6e6df7621556", "slack:U024BE7LK")),
        PersonRow("zhao", t("赵宇", "Zhao Yu"), "member"),
    )
    other = (PersonRow("gao", t("高芸", "Gao Yun"), "lead"), PersonRow("lin", t("林晓", "Lin Xiao"), "viewer"))
    return [
        TeamView("us", t("美国组", "United States"), listed=True, mine=True, people=own),
        TeamView("sea", t("东南亚组", "South-East Asia"), listed=False, mine=False, people=other),
    ]


def tell(core: FakeCore, language: str = "zh") -> None:
    """Fill the core with the story."""
    core.language = language
    core.rows = rows(language)
    core.galleries, core.shown_shops = galleries(language), shop_rows(language)
    for person, zh, en in (("lin", "林晓", "Lin Xiao"), ("chen", "陈敏", "Chen Min"), ("local", "林晓", "Lin Xiao")):
        core.people[person] = Person(person, pick(language, zh, en), language, "Asia/Shanghai")
    core.shown_teams = teams(language)
    core.instant = NOW - timedelta(minutes=41)
    core.post("alert", alert(language), "C7")
    core.instant = NOW
    ask = pick(language, "这单是海关滞留，证据我来收集", "This one is a customs delay, I will collect the evidence")
    core.entries.add("w1", "ops", "C7", NOW - timedelta(minutes=18), author="chen", words=ask)
    sent = (
        pick(language, "物流截图和 ERP 日志", "Tracking page and ERP log")
        + "\n📎 usps-9400111899223197428490.png\n📎 erp-sync.csv"
    )
    core.entries.add("w2", "ops", "C7", NOW - timedelta(minutes=6), author="local", words=sent)
    core.post("check", checklist(language), "C7")
    core.post("draft", draft(language), "C7")
