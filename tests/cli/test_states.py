"""What is known of a day: only a measured one can be quiet (domain.md §1a)."""

from datetime import timedelta

import pytest

from tests.cli.conftest import DAY, DEFECT_COLUMNS, ORDER_COLUMNS, Cli, DayStory, month, order_id


def orders(cli: Cli, days: dict, name: str = "orders.csv", *options: str) -> None:
    rows = [
        f"{order_id(day, number)},{at},true,,,"
        for day, story in days.items()
        for number, at in enumerate(story.order_times(day))
    ]
    path = cli.file(name, "\n".join([",".join(ORDER_COLUMNS), *rows]) + "\n")
    assert cli("import", path, "--shop", "us-1", "--kind", "orders", *options).exit_code == 0


def defects(cli: Cli, days: dict, *options: str) -> None:
    rows = [
        f"{order_id(day, number)},return_refund,{at},late"
        for day, story in days.items()
        for number, (_, at) in enumerate(story.defect_times(day))
    ]
    path = cli.file("defects.csv", "\n".join([",".join(DEFECT_COLUMNS), *rows]) + "\n")
    assert cli("import", path, "--shop", "us-1", "--kind", "defects", *options).exit_code == 0


def check(cli: Cli, *args: object) -> dict:
    return cli.json("check", "--shop", "us-1", *args)["shops"][0]


def test_orders_without_any_return_file_are_partial_and_never_quiet(cli: Cli) -> None:
    orders(cli, month(DayStory(200)), "o.csv", "--exported", "2026-11-20T08:00Z")
    found = check(cli)
    assert (found["state"], found["missing"], found["triggers"]) == ("partial", ["returns"], [])
    assert "quiet" not in cli("check", "--shop", "us-1").stdout and "no returns" in cli("check").stdout
    assert "All shops measured" not in cli("cases").stdout and "no returns" in cli("cases").stdout
    doctor = cli("doctor")
    assert doctor.exit_code == 1 and "no returns" in doctor.stdout


def test_each_state(cli: Cli) -> None:
    assert check(cli)["state"] == "no_data"
    story = month(DayStory(500, 1))
    defects(cli, story)
    assert check(cli)["state"] == "unmeasurable"
    orders(cli, story)
    assert check(cli)["state"] == "provisional"
    for option in (orders, defects):
        option(cli, story, *(("again.csv",) if option is orders else ()), "--exported", "2026-11-20T08:00Z")
    found = check(cli)
    assert (found["state"], found["missing"]) == ("measured", [])
    assert "quiet" in cli("check", "--shop", "us-1").stdout


@pytest.mark.parametrize(
    ("hurt", "fired", "watched", "case"),
    [
        # 2 of 100 so far would be 2 %, but 2 of the usual 300 cross nothing: watched, without a mention.
        (2, [], ["single_day", "red", "surge"], None),
        # 3 of 300 are the daily limit itself, which does not fire, and three times the usual, which does.
        (3, ["surge"], ["single_day", "red"], "C1"),
        # 4 of 300 are above every limit: no day that goes on can bring them back.
        (4, ["single_day", "red", "surge"], [], "C1"),
    ],
)
def test_a_day_that_may_go_on_is_held_against_a_usual_whole_day(
    cli: Cli, hurt: int, fired: list[str], watched: list[str], case: str | None
) -> None:
    usual = DayStory(300, 1)
    orders(cli, month(usual, DayStory(100)))
    defects(cli, month(usual, DayStory(100, hurt)))
    found = check(cli)
    assert (found["state"], found["triggers"], found["watched"]) == ("provisional", fired, watched)
    assert found["case"] == case


def test_the_future_cannot_be_checked_and_today_silences_nothing(cli: Cli) -> None:
    future = cli("check", "--date", "2026-12-16")
    assert future.exit_code == 2 and "has not begun" in future.stderr and not future.stdout
    assert check(cli, "--date", "2026-11-20")["state"] == "no_data"
    cli.load("us-1", month(DayStory(100), DayStory(100, 3)))
    assert check(cli)["case"] == "C1"


def test_checking_before_the_data_arrive_makes_nothing_unnecessary(cli: Cli) -> None:
    check(cli)
    cli.load("us-1", month(DayStory(100), DayStory(100, 3)))
    # The import itself has the day measured again.
    assert [item["case"] for item in cli.json("cases")["cases"]] == ["C1"]


def test_the_example_of_four_defects(cli: Cli) -> None:
    day = DAY - timedelta(days=1)
    cli.load("us-1", month(DayStory(100), DayStory(0), DayStory(100)))
    hours = [f"{order_id(day, n)},return_refund,{day}T01:00:0{n}Z,late" for n in range(4)]
    rows = [f"{order_id(day, n)},{day}T00:{n % 60:02d}:00Z,true,,," for n in range(100)]
    for kind, columns, lines in (("orders", ORDER_COLUMNS, rows), ("defects", DEFECT_COLUMNS, hours)):
        path = cli.file(f"{kind}.csv", "\n".join([",".join(columns), *lines]) + "\n")
        assert cli("import", path, "--shop", "us-1", "--kind", kind).exit_code == 0
    check(cli)
    check(cli, "--date", day)
    [case] = cli.json("cases")["cases"]
    assert case["deadline"] == f"{day + timedelta(days=3)}T01:00:01Z"
