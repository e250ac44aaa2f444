"""`say`, `cases`, `case`, `validate` and `read`: the conversation and its data on the command line."""

import json
from pathlib import Path

import pytest

from bot.messaging.card import from_json
from tests.cli.conftest import DAY, Cli, evidence_files, order_id, tracking


def files(paths: list[Path]) -> list[object]:
    return [word for path in paths for word in ("--file", path)]


def test_say_gives_neutral_cards_and_plain_text(anomaly: Cli) -> None:
    answer = anomaly.json("say", "help")
    assert set(answer) == {"cards", "text"}
    assert "claim" in answer["text"]
    for card in answer["cards"]:
        assert {"title", "elements", "tone"} <= set(card)
        assert from_json(card).plain() in answer["text"]


def test_say_without_json_is_the_plain_text(anomaly: Cli) -> None:
    assert anomaly("say", "help").stdout.strip() == anomaly.json("say", "help")["text"].strip()


def test_who_speaks_where_and_in_which_thread(anomaly: Cli) -> None:
    assert "C1" in anomaly.json("say", "claim", "--as", "li", "--in", "ops", "--thread", "c1")["text"]
    assert anomaly.json("case", "C1")["owner"] == "li"
    assert "li" in anomaly.json("say", "claim C1", "--as", "wang", "--in", "console:ops")["text"]
    assert anomaly.json("case", "C1")["owner"] == "li"


@pytest.mark.parametrize("words", ["what is missing", "/odr missing", "@bot Missing", "ｍｉｓｓｉｎｇ", "缺什么"])
def test_commands_in_both_languages_and_any_dress(anomaly: Cli, words: str) -> None:
    assert "C1" in anomaly.json("say", words, "--thread", "C1")["text"]


def test_unknown_words_suggest_the_nearest_command(anomaly: Cli) -> None:
    result = anomaly("say", "misssing", "--in", "ops")
    assert result.exit_code == 0 and "missing" in result.stdout


def test_files_alone_are_enough_and_get_one_answer(anomaly: Cli) -> None:
    answer = anomaly.json("say", "", "--thread", "C1", *files(evidence_files(anomaly)))
    assert len(answer["cards"]) == 1
    assert all(name in answer["text"] for name in ("tracking-0.txt", "inbox-0.txt", "erp-0.csv"))


CASE_KEYS = {
    "case",
    "shop",
    "status",
    "owner",
    "triggers",
    "onset",
    "onset_exact",
    "deadline",
    "ready",
    "open_points",
}
ORDER_KEYS = {"order_id", "defects", "scenario", "root_cause", "appeal", "rejection_code", "skipped"}


def test_cases_and_case_as_data(anomaly: Cli) -> None:
    [listed] = anomaly.json("cases")["cases"]
    assert listed == anomaly.json("case", "c1")
    assert set(listed) == CASE_KEYS | {"orders"} and set(listed["orders"][0]) == ORDER_KEYS
    assert (listed["case"], listed["shop"], listed["status"], listed["ready"]) == ("C1", "us-1", "open", False)
    assert [order["order_id"] for order in listed["orders"]] == [order_id(DAY, number) for number in range(3)]
    assert "red" in listed["triggers"] and listed["deadline"].endswith("Z")


def test_finished_cases_are_listed_only_when_asked(anomaly: Cli) -> None:
    anomaly("say", "dismiss C1 buyer withdrew")
    assert anomaly.json("cases")["cases"] == []
    assert [item["status"] for item in anomaly.json("cases", "--all")["cases"]] == ["dismissed"]


def test_validate_before_there_is_any_evidence(anomaly: Cli) -> None:
    found = anomaly.json("validate", "C1", exit_code=1)
    assert set(found) == {"case", "ready", "orders", "draft"}
    assert (found["case"], found["ready"], len(found["orders"])) == ("C1", False, 3)
    assert set(found["draft"]) == {"text", "characters", "language"}
    for order in found["orders"]:
        assert {"order_id", "missing", "findings"} <= set(order)
        assert [item["requirement"] for item in order["missing"]] == ["logistics", "communication", "system"]
        assert all(item["remedy"] for item in order["missing"])
        for finding in order["findings"]:
            assert set(finding) == {"rule", "severity", "message", "remedy", "evidence"}
            assert finding["severity"] in {"blocking", "unsure", "warning", "info"}


def test_validate_a_complete_case_is_ready_with_exit_code_0(anomaly: Cli) -> None:
    for number in (1, 2):
        anomaly("say", f"skip {order_id(DAY, number)}", "--thread", "C1")
    anomaly("say", "", "--thread", "C1", *files(evidence_files(anomaly)))
    anomaly("say", f"tag {order_id(DAY, 0)} S1", "--thread", "C1")
    found = anomaly.json("validate", "C1")
    assert found["ready"] is True and found["orders"][0]["missing"] == []
    draft = found["draft"]
    assert draft["characters"] == len(draft["text"]) <= 200 and draft["language"] == "en"
    assert "2026-11-13 10:00 UTC" in draft["text"], "facts from the evidence"
    [order] = found["orders"]
    assert {item["kind"]: item["orders"] for item in order["evidence"]} == {
        kind: [order_id(DAY, 0)] for kind in ("tracking_page", "conversation", "erp_log")
    }
    assert all(item["read"]["warnings"] == [] and item["stated_by"] is None for item in order["evidence"])
    assert len(order["conversation"]["messages"]) >= 2 and order["conversation"]["open_joints"] == []
    assert "S1" in {item["scenario"] for item in order["suggestions"] if item["reason"]}
    assert anomaly("validate", "C1").exit_code == 0


READ_KEYS = [
    *("file", "media_type", "kind", "tracking_numbers", "order_ids", "timestamps", "captured_at", "site"),
    *("traces_of_editing", "warnings"),
]


def test_read_gives_one_line_per_file_in_their_order(cli: Cli) -> None:
    paths = evidence_files(cli)[::-1]
    result = cli("read", *paths, "--json")
    assert result.exit_code == 0
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["file"] for line in lines] == [str(path) for path in paths]
    assert all(list(line)[: len(READ_KEYS)] == READ_KEYS for line in lines)
    assert [line["kind"] for line in lines] == ["erp_log", "conversation", "tracking_page"]
    page = lines[-1]
    assert page["captured_at"] == "2026-11-20T07:30:00Z" and page["order_ids"] == [order_id(DAY, 0)]
    assert {"value": tracking(DAY, 0), "carrier": "GOFO", "legible": True} in page["tracking_numbers"]
    picked_up = {"text": "2026-11-10 09:12 UTC", "iso": "2026-11-10T09:12:00Z", "role": "picked_up"}
    assert picked_up in page["timestamps"]


def test_read_judges_the_own_numbers_that_are_given(cli: Cli) -> None:
    page, number = evidence_files(cli)[0], tracking(DAY, 0)
    like = number[:-1] + ("1" if number[-1] == "0" else "0")
    given = [word for each in (number, like, "440123456789") for word in ("--number", each)]
    result = cli("read", page, *given, "--json")
    told = json.loads(result.stdout)
    assert told["own"][0] == {"value": number, "verdict": "accepted", "why": "equal"}
    assert [answer["verdict"] for answer in told["own"]] == ["accepted", "ask", "no"]
    [candidate] = [each for each in told["candidates"] if each["value"] == number]
    assert list(candidate) == ["value", "readings", "agree", "place", "label", "carrier", "whole"]
    assert candidate["agree"] and candidate["whole"] and candidate["place"] is None
    assert "own" not in json.loads(cli("read", page, "--json").stdout)
    assert number in cli("read", page, "--number", number).stdout.splitlines()[1]


def test_read_stores_nothing(cli: Cli) -> None:
    cli("read", *evidence_files(cli), "--json")
    assert not list((cli.folder / "data").rglob("*.sqlite3")) and not (cli.folder / "data" / "vault").exists()


def test_read_tells_of_what_it_cannot_open_and_goes_on(cli: Cli) -> None:
    good = evidence_files(cli)[0]
    result = cli("read", cli.file("empty.txt", b""), good, cli.folder / "gone.txt", "--json")
    empty, page, gone = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert empty["warnings"] and gone["warnings"] and page["kind"] == "tracking_page"
