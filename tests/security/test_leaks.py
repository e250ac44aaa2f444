"""A sample of the storm of leaks, the same in every run; `make storm` asks the whole (benchmarks/leaks.py). Nothing
of another team in any answer, nothing of it changed, and foreign answered as absent after as many queries."""

from collections.abc import Iterator
from itertools import islice

import pytest

from bot.conversation.events import CommandReceived
from bot.domain.case import TimelineEvent
from bot.domain.people import Role
from bot.messaging.card import to_json
from bot.services.memberships import MACHINE
from tests.conversations.conftest import NOW
from tests.security.leaks.asking import Asking, Question
from tests.security.leaks.browsing import Browsing
from tests.security.leaks.command_line import spoken_pairs
from tests.security.leaks.judging import Judge, contents
from tests.security.leaks.world import Asker, World, built

SEED = 14
SAMPLE = 50


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = built(tmp_path_factory.mktemp("leaks"))
    yield world
    world.app.engine.dispose()


@pytest.fixture
def judge(world: World) -> Judge:
    world.state.again()
    return Judge(world)


def test_what_is_said_pressed_and_sent_leaks_nothing(world: World, judge: Judge) -> None:
    asking = Asking(SEED, world.app.phrases, world.app.command_names)
    for question, team in islice(asking.questions(), SAMPLE):
        judge.said(question, team)
    assert judge.verdict.asked.total() == 2 * SAMPLE
    assert not judge.verdict.findings, "\n".join(judge.verdict.findings)


def test_no_page_of_the_console_leaks_anything(world: World, judge: Judge) -> None:
    asking = Browsing(SEED, world.app.phrases, world.app.command_names)
    for request, team in islice(asking.requests(), SAMPLE):
        judge.requested(request, team)
    assert not judge.verdict.findings, "\n".join(judge.verdict.findings)


def test_the_command_line_answers_a_foreign_subject_as_an_absent_one(world: World) -> None:
    for words, foreign, absent in spoken_pairs(world, SEED, 3):
        assert foreign == absent, words


def test_what_monitoring_reads_names_shops_alone(world: World, judge: Judge) -> None:
    judge.monitored()
    assert not judge.verdict.findings


def test_the_judge_looks_into_packages(world: World, judge: Judge) -> None:
    """A foreign name that stands in a package alone, and on no card, is found."""
    asker = Asker("kappa-lead", "slack:CKAPPA", False, frozenset({"kappa"}))
    for note, found in (("nothing", False), ("omeganess", True)):
        with world.app.store.unit() as unit:
            case = world.things["kappa"]["case"]
            unit.cases.note(TimelineEvent(case, NOW, "kappa-lead", "cause", {"cause": note}))
        cards = world.app.dispatcher.handle(
            CommandReceived(f"asked-{note}", asker.channel, asker.person, NOW, text=f"export {case}")
        ).cards
        judge._leaks(asker, "\n".join(contents(world, cards)), {}, set(), "export")
        assert bool(judge.verdict.findings) is found, judge.verdict.findings


def say(world: World, person: str, channel: str, text: str) -> list[dict[str, object]]:
    event = CommandReceived("asked-00000002", channel, person, NOW, text=text)
    return [to_json(card) for card in world.app.dispatcher.handle(event).cards]


def test_the_judge_sees_a_leak(world: World, judge: Judge) -> None:
    """The storm finds something where there is something to find: here somebody is said to see nothing who does."""
    asker = Asker("kappa-lead", "slack:CKAPPA", False, frozenset())
    for text in ("cases", "case {case}", "release {case}", "skip {order}", "lang zh"):
        judge.said(Question(asker, "said", "", text, "", {}, {}), "kappa")
    assert {finding.split()[0] for finding in judge.verdict.findings} == {"LEAK", "DIFFERS", "CHANGED"}


@pytest.mark.parametrize("words", ["invite Ximena", "remove Yolanda"])
def test_in_another_teams_channel_an_admin_is_answered_alone(world: World, judge: Judge, words: str) -> None:
    for channel, alone in (("slack:CKAPPA", "omega-admin"), ("slack:COMEGA", "")):
        world.state.again()
        world.app.memberships.invite("Yolanda", "omega", Role.MEMBER, MACHINE)
        [card] = say(world, "omega-admin", channel, words)
        assert card["private_to"] == alone and "omeganess" in str(card)


def test_imports_are_listed(world: World, judge: Judge) -> None:
    [card] = say(world, "kappa-lead", "slack:CKAPPA", "imports")
    assert "kappaness.csv" in str(card) and "omega" not in str(card)


def test_a_name_of_another_teams_person_is_free(world: World, judge: Judge) -> None:
    """Otherwise whoever tries names learns who works elsewhere."""
    directory = world.app.host("console").directory
    for person, name, free in (
        ("kappa-lead", "Omegabert lead", True),
        ("kappa-lead", "Kappabert admin", False),
        ("both", "Sigmabert lead", False),
    ):
        assert directory.may_be_called(person, name) is free, (person, name)
