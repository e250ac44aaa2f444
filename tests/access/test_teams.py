"""Who is not in a team sees nothing of it, from wherever they ask (domain.md §7)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.people import Role
from bot.domain.teams import Membership
from bot.ports.board import BoardQuery
from bot.runtime.bootstrap import App
from tests.access.teams import NOW, TEAMS, House, two_teams
from tests.counting import statements

A, B = "us-1", "uk-1"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    app = two_teams(tmp_path_factory.mktemp("teams"))
    yield House(app)
    app.engine.dispose()


SIGHTS = [
    ("a-viewer", "slack:CA", False, {A}),
    ("a-viewer", "slack:DA", True, {A}),
    ("a-viewer", "console:a", False, {A}),
    ("a-viewer", "slack:CB", False, {B}),
    ("a-viewer", "console:b", False, set()),
    ("b-lead", "slack:CA", False, set()),
    ("b-lead", "console:a", False, set()),
    ("b-lead", "console:b", False, {B}),
    ("b-lead", "feishu:oc_b", False, {B}),
    ("b-lead", "feishu:oc_d", True, {B}),
    ("both", "slack:DB", True, {A, B}),
    ("both", "slack:CA", False, {A}),
    ("both", "console:b", False, {B}),
    ("stranger", "slack:CA", False, set()),
    ("stranger", "slack:CB", False, {B}),
    ("stranger", "slack:DS", True, set()),
    ("stranger", "console:b", False, set()),
    ("stranger", "console:ops", False, set()),
    ("local", "console:a", False, set()),
]


@pytest.mark.parametrize(("person", "channel", "direct", "shops"), SIGHTS)
def test_what_somebody_sees_follows_from_who_they_are_and_where(
    house: House, person: str, channel: str, direct: bool, shops: set[str]
) -> None:
    assert house.sees(person, channel, direct=direct) == shops


def test_a_shop_of_no_team_is_seen_by_nobody(house: House) -> None:
    assert not any("zz-1" in house.sees(who, place, direct=True) for who, place, _, _ in SIGHTS)


def test_who_wrote_in_a_channel_sees_its_shops_directly_and_at_the_console(tmp_path: Path) -> None:
    house = House(two_teams(tmp_path))
    house.say("U7", "slack:CB", "cases")
    house.say("U7", "slack:CA", "cases")
    assert house.sees("U7", "slack:D7", direct=True) == {B} == house.sees("U7", "console:b")
    assert house.sees("U7", "feishu:D7", direct=True) == set(), "ids of another platform are other people's"
    house.app.engine.dispose()


@pytest.mark.parametrize(
    ("person", "channel", "direct"),
    [
        ("b-lead", "slack:CA", False),
        ("b-lead", "slack:D1", True),
        ("both", "slack:CB", False),
        ("x", "slack:CA", False),
    ],
)
@pytest.mark.parametrize(
    "words",
    ["case {}", "missing {}", "claim {}", "dismiss {} the buyer withdrew", "undo {}", "timeline {}", "deadline {}"],
)
def test_a_foreign_case_answers_as_an_absent_one_after_as_many_queries(
    house: House, person: str, channel: str, direct: bool, words: str
) -> None:
    answers = []
    for case in ("C1", "C777"):
        with statements(house.app.engine) as asked:
            text = house.say(person, channel, words.format(case), direct=direct)
        answers.append((text.replace(case, "#"), asked))
    assert answers[0] == answers[1]


def test_a_role_counts_in_the_team_of_what_it_is_about(house: House) -> None:
    """Zoe leads team b and looks at team a."""
    assert "role" in house.say("both", "slack:D1", "dismiss C1 the buyer withdrew", direct=True)
    assert "role" in house.say("both", "slack:CA", "claim C1")
    assert "no case C99" in house.say("both", "slack:D1", "dismiss C99 the buyer withdrew", direct=True)
    assert "set aside" in house.say("both", "slack:D1", "dismiss C2 the buyer withdrew", direct=True)
    assert house.app.cases.get("C1").status.value == "open"
    assert "C2" in house.say("both", "slack:D1", "undo C2", direct=True)


@pytest.mark.parametrize(
    ("words", "least"),
    [("claim C1", "member"), ("dismiss C1 the buyer withdrew", "lead"), ("hold C1", "admin"), ("case C1", "viewer")],
)
def test_each_role_may_what_it_is_for_and_the_refusal_names_it(house: House, words: str, least: str) -> None:
    roles = ["viewer", "member", "lead", "admin"]
    for role in roles:
        answer = house.say(f"a-{role}", "slack:CA", words)
        refused = f"needs the role “{least}”" in answer
        assert refused is (roles.index(role) < roles.index(least)), (role, answer)
        house.say("a-admin", "slack:CA", f"undo {words.split()[1]}")


def test_names_of_another_team_are_as_names_that_nobody_has(house: House) -> None:
    for channel, direct in (("slack:CA", False), ("slack:D1", True)):
        foreign = house.say("a-lead", channel, "assign C1 Quentin", direct=direct)
        absent = house.say("a-lead", channel, "assign C1 Ximena", direct=direct)
        assert foreign.replace("Quentin", "#") == absent.replace("Ximena", "#")
        near = house.say("a-lead", channel, "assign C1 Anna", direct=direct)
        assert "Anna lead" in near and "Quentin" not in near
    beside = [house.say("a-lead", "slack:CA", f"claim C1 {name}") for name in ("Quentin", "Ximena")]
    assert beside[0].replace("Quentin", "#") == beside[1].replace("Ximena", "#")


def test_what_two_people_share_is_no_reason_to_give_one_the_others_case(house: House) -> None:
    assert "does not belong to the team" in house.say("both", "slack:D1", "assign C2 Anna member", direct=True)


def test_lists_and_counts_are_of_ones_own(house: House) -> None:
    for words in ("cases", "shops", "odr", "oncall", "statuses"):
        text = house.say("a-viewer", "slack:D1", words, direct=True)
        assert "Distant" not in text and "uk-1" not in text and "C2" not in text, words
    home = house.app.home.card("slack", "a-viewer").plain()
    assert "C1" in home and "C2" not in home and "Distant" not in home


def test_the_board_is_the_readers(house: House) -> None:
    def board(person: str) -> tuple[list[str], list[str]]:
        seen = house.app.boards.seen_by(person)
        return [view.id for view in seen.channels()], [row.case for row in seen.cases(BoardQuery(state="")).rows]

    assert board("a-viewer") == (["a"], ["C1"])
    assert board("b-lead") == (["b"], ["C2"]), "a team without a channel there has its own"
    assert board("both") == (["a", "b"], ["C1", "C2"])
    assert board("stranger") == board("local") == ([], [])
    assert house.app.boards.seen_by("a-lead").days().shops == 1


def test_who_was_removed_has_lost_everything_at_once(tmp_path: Path) -> None:
    app: App = two_teams(tmp_path)
    house = House(app)
    house.say("U7", "slack:CB", "claim C2")
    with app.store.unit() as unit:
        unit.members.save(Membership("U7", "b", Role.MEMBER, NOW, "b-lead", NOW))
    assert house.sees("U7", "slack:CB") == house.sees("U7", "slack:D7", direct=True) == set()
    assert app.access.standing("U7") == "" and app.access.standing("b-lead") == "b:lead"
    assert house.say("U7", "slack:CB", "case C2").replace("C2", "#") == house.say(
        "U7", "slack:CB", "case C9"
    ).replace("C9", "#")
    app.owners.settle()
    assert app.cases.get("C2").owner == ""
    app.engine.dispose()


def test_the_rota_of_one_team_is_not_changed_by_the_lead_of_another(tmp_path: Path) -> None:
    app = two_teams(tmp_path)
    house = House(app)
    assert "rota is changed" in house.say("b-lead", "slack:CB", "oncall set Quentin")
    with app.store.unit(read_only=True) as unit:
        assert [app.oncall.on_call(unit, shop) for shop in (A, B)] == ["", "b-lead"]
    assert "b-lead" not in house.say("a-lead", "slack:CA", "oncall")
    app.engine.dispose()


def test_what_cannot_be_shown_in_its_channel_goes_to_a_channel_of_its_team_alone(tmp_path: Path) -> None:
    teams = [*TEAMS[:1], TEAMS[1].model_copy(update={"channels": ["slack:CB", "console:shared"]})]
    shared = [teams[0].model_copy(update={"channels": ["slack:CA", "console:shared"]}), teams[1]]
    for declared, refuges in ((TEAMS, ["console:a", "console:b"]), (shared, ["", ""])):
        app = two_teams(tmp_path / str(len(refuges[0])), declared)
        with app.store.unit(read_only=True) as unit:
            found = [app.rosters.refuge(unit, f"slack:C{c}", t, "console:ops") for c, t in (("A", "C1"), ("B", ""))]
            assert found == refuges
            assert app.rosters.refuge(unit, "slack:CA", "C1", "slack:CALL") == "slack:CALL", "somebody chose it"
            assert app.rosters.refuge(unit, "slack:CA", "C1", "") == ""
        app.engine.dispose()
