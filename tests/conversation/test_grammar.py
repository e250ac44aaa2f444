"""What changes something is done only when every word is understood: talk, questions and denials never act."""

import pytest

from bot.conversation.grammar import Grammar, ParsedCommand
from bot.conversation.vocabulary import tidy
from bot.runtime.conversing import all_handlers
from tests.conversation.test_vocabulary import NAMES, SPOKEN

ROUTES = all_handlers().routes
GRAMMAR = Grammar(SPOKEN)
CHANGING = [name for name in NAMES if ROUTES[name].takes is not None]
PEOPLE = ("王强", "wang")


def heard(typed: str) -> ParsedCommand | None:
    """The order that would be done for these words, None when nothing would be changed."""
    text = GRAMMAR.greeted(tidy(typed))
    command = SPOKEN.understand(text).command
    route = ROUTES.get(command)
    if route is None or route.takes is None:
        return None
    order = GRAMMAR.read(command, text, route.takes, PEOPLE, route.reports)
    return order if order.whole else None


COMPLETE = """
claim C1 | 认领 C1
assign C1 wang | 指派 C1 王强
release C1 | 释放 C1
tag 0027 S1 | 场景 0027 S1
tag all S1 | 全部标S1
skip 0027 | 跳过 0027
skip 0027 0074 | 跳过 0027、0074
include 0027 | 恢复 0027
evidence 0027 carrier record attached | 证据 0027 承运商轨迹
withdraw E1 | 撤回 E1
note C1 carrier record attached | 备注 C1 承运商轨迹
redact E1 | 遮挡 E1
edit 0027 The carrier was late. | 修改 0027 The carrier was late.
submitted C1 | 已提交 C1
result 0027 excluded | 结果 0027 通过
result 0027 rejected ODR-07 | 结果 0027 驳回 ODR-07
notice 0027 | 可重提 0027
dismiss C1 duplicate alert | 关闭 C1 重复报警
reopen C1 | 重新打开 C1
cause C1 policy | 原因 C1 政策
ack C1 | 知道了 C1
snooze C1 2h | 稍后 C1 2小时
reminders off C1 | 关闭提醒 C1
reminders on C1 | 打开提醒 C1
hold C1 | 保留 C1
unhold C1 | 取消保留 C1
export C1 | 导出 C1
export covered C1 | 导出遮挡版 C1
export originals C1 | 导出原件 C1
check us-1 | 检查 us-1
bind us-1 | 绑定 us-1
unbind us-1 | 解绑 us-1
oncall set wang | 设置值班 王强
oncall swap wang li 2026-11-25 | 换班 王强 小李 2026-11-25
lang en | 语言 英文
privacy C1 | 隐私 C1
undo C1 | 撤销 C1
invite Wang Min lead | 邀请 王敏 负责人
remove Wang Min | 移出 王敏
join KrITkwW1xyPW.9ZejkdcKJmnyfjB3JchxctrCzsMz6S | 加入 KrITkwW1xyPW.9ZejkdcKJmnyfjB3JchxctrCzsMz6S
deadline computed C1 | 按数据截止 C1
entry open C1 | 入口开放 C1
import | 导入
pause data us-1 until 2026-12-05 | 暂停催数据 us-1 到 2026-12-05
resume data us-1 | 恢复催数据 us-1
connect shop | 连接店铺
add shop | 添加店铺
change shop us-1 | 修改店铺 us-1
pause shop us-1 | 停用店铺 us-1
resume shop us-1 | 启用店铺 us-1
import all | 全部导入
other shop | 换店铺
cancel import | 取消导入
undo import | 撤销导入
letter C1 | 证明函 C1
console | 后台
sign out everywhere | 退出所有登录
"""
ENGLISH, CHINESE = ([line.split(" | ")[side].strip() for line in COMPLETE.strip().splitlines()] for side in (0, 1))
DOUBTS = (
    "{}?", "{}？", "{} ?", "{} right?", "{}, right", "{} or not", "{} or not?", "should we {}", "should i {}?",
    "don't {}", "do not {}", "never {}", "maybe {}", "{} maybe", "she said {}", "he told me to {}", "can we {}",
    "could you {}?", "did you {}", "who will {}", "if we {} now", "when we {} they lose", "I would not {}",
    "{} is wrong", "{} — not yet", "{} was a mistake?", "shall we {}", "\"{}\"", "we want to {}", "I will {} later",
    "boss, {}", "why {}", "is {}", "{}, he said", "not {}", "let's not {}", "wait, {}", "someone should {}",
)  # fmt: skip
CHINESE_DOUBTS = (
    "{}吗", "{}吗？", "{}？", "{}?", "{}了吗", "{}好不好", "{}行不行", "{}对吧", "{}吧？", "要不要{}", "是不是{}",
    "能不能{}", "可不可以{}", "先别{}", "别{}", "不要{}", "不{}", "没{}", "还没{}", "是否{}", "谁{}", "为什么{}",
    "她说{}", "老板说要{}", "如果{}", "等会再{}", "{}还是不", "也许{}", "我觉得{}", "“{}”", "怎么{}", "什么时候{}",
    "{}之前先问我", "{}是错的", "应该{}", "想{}", "准备{}", "明天{}", "{}呢", "{}没有", "千万不要{}", "暂时不{}",
)  # fmt: skip


def test_every_command_that_changes_something_is_in_the_table() -> None:
    said = {SPOKEN.understand(tidy(text)).command for text in ENGLISH}
    assert said == set(CHANGING) and {SPOKEN.understand(tidy(text)).command for text in CHINESE} == said


@pytest.mark.parametrize("typed", [*ENGLISH, *CHINESE])
def test_complete_orders_are_done(typed: str) -> None:
    assert heard(typed), typed


# Words that a handler looks up in a list of its own may be anything that is no question, and so may an explanation:
# tests/conversations/test_doing.py says what comes of them.
FREELY = {"{} is wrong", "{} — not yet", "{}之前先问我", "{}是错的"}


NOTHING_IMPORTED = "import_cancel"
"""The order that is itself a "don't": who says it of an export wants it gone."""


def acts(texts: list[str], doubt: str) -> list[str]:
    """Those that would be done with that doubt around them."""
    done = [(text, heard(doubt.format(text))) for text in texts]
    meant = ((text, order) for text, order in done if order and order.command != NOTHING_IMPORTED)
    return [text for text, order in meant if not (doubt in FREELY and _looked_up(order))]


def _looked_up(order: ParsedCommand) -> bool:
    return not {"listed", "explanation"}.isdisjoint(ROUTES[order.command].takes or ())


@pytest.mark.parametrize("doubt", DOUBTS)
def test_english_doubts_do_nothing(doubt: str) -> None:
    assert not acts(ENGLISH, doubt)


@pytest.mark.parametrize("doubt", CHINESE_DOUBTS)
def test_chinese_doubts_do_nothing(doubt: str) -> None:
    assert not acts(CHINESE, doubt)


@pytest.mark.parametrize("typed", ENGLISH)
def test_courtesy_and_emoji_are_no_leftovers(typed: str) -> None:
    asked = ["please {}", "{} please", "ok, {}"] if not ROUTES[SPOKEN.understand(tidy(typed)).command].reports else []
    for around in ("{}", "hi, {}", "{} thanks", "{} 👍", "{}!", *asked):
        assert heard(around.format(typed)), around.format(typed)


TALK = """
give me a minute
give C1 some time
give the buyer a refund
give it to me?
ignore that, it is for the other shop
ignore him
ignore C1 for now
ignore what I said about C1
close case C1 when the buyer answers
close case tomorrow
drop case? no
done with lunch
done yet
done?
file is too big
file a complaint with UPS
proof please
proof that it was delivered
keep me posted
keep C1 in mind
later today we decide
take a look at C1
take C1 with a grain of salt
mine is broken
seen this?
got it wrong
hold on
hold C1 until tomorrow
cover for me
cover letter attached
check with the carrier?
cause of the delay was snow
cause we were late
result is in tomorrow
result 0027 soon
outcome unclear
0027 received
0027 failed again
0027 was approved by the boss
submit the form to HR
submit
please submit
submit now
submitted? not by me
we have not submitted
skip lunch
skip 0027 or 0074
skip 0027, not 0074
tag along
logging in tomorrow
notice the date
notice 0027 has no number
withdraw E1 or E2
withdraw money
edit 0027?
edit 0027 should we say the carrier was late
release notes
export failed
rewrite 0027 please?
证据呢
证据我在找
证据 0027 还没拿到
证据 0027 你有吗
证据不足
证据：买家说没收到
原因是物流
原因是买家不喜欢
原因未知
忽略他说的
忽略 C1 先
关闭电脑
关闭 C1 先不要
关闭了吗
关闭之前问我
不处理了吗
转给我看看
转给谁
指派谁
分配一下工作
提交
请提交
帮我提交
马上提交
提交吧
提交前检查一下
提交证据
提交怎么弄
0027 已收到
0027 通过率
0027 通过了吗
0027 没通过吗
0027 成功
跳过这个话题
标一下重点
保留意见
收到货了吗
收到，但是先别动
稍后再说
稍后 C1
上传不了
撤回刚才那句话
恢复供货
修改 0027 吗
修改一下地址
检查一下他的包裹？
认领了没
接手的人是谁
我来晚了
交给我老板
我负责仓库
结果 0027 不知道
结果出来了
打开提醒吗
"""
# Their handlers ask for what is missing, or how many points are open.
HARMLESS = {"submit", "提交", "稍后 C1", "证据不足", "提交证据"}


@pytest.mark.parametrize("typed", [line for line in TALK.strip().splitlines() if line not in HARMLESS])
def test_talk_between_colleagues_does_nothing(typed: str) -> None:
    order = heard(typed)
    assert order is None or _looked_up(order), order
