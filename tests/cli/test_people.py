"""The commands about people, as programs outside rely on them."""

import json

from tests.cli.conftest import Cli


def test_somebody_is_invited_listed_and_removed(cli: Cli) -> None:
    given = cli.json("people", "invite", "Wang Min", "--role", "lead", "--slack", "U024BE7LH", "--id", "wang-min")
    assert {"person", "name", "team", "role", "link", "code", "days"} == set(given)
    assert (given["person"], given["team"], given["role"]) == ("wang-min", "team", "lead")
    [listed] = cli.json("people", "list")["people"]
    assert listed == {
        "person": "wang-min",
        "name": "Wang Min",
        "teams": [{"team": "team", "role": "lead"}],
        "accounts": {"slack": "U024BE7LH"},
        "from": "database",
    }
    gone = cli.json("people", "remove", "Wang Min")
    assert gone == {"person": "wang-min", "name": "Wang Min", "team": "team", "freed": []}
    assert [each["teams"] for each in cli.json("people", "list")["people"]] == [[]]


def test_what_is_wrong_is_said_with_what_is_known(cli: Cli) -> None:
    for words in (("list", "--team", "us"), ("invite", "li", "--team", "us"), ("remove", "nobody")):
        result = cli("people", *words)
        assert result.exit_code == 1 and result.stdout == "", words
    assert cli("people", "link", "li", "somewhere:U1").exit_code == 2
    assert cli("people", "invite", "li", "--role", "king").exit_code == 2
    assert cli("people", "invite", "Mia", "--id", "a b").exit_code == 2
    assert cli.json("people", "invite", "Mia")["person"] == "p1"


def test_two_accounts_of_one_person_are_two_again(cli: Cli) -> None:
    cli("people", "invite", "li")
    assert json.loads(cli("people", "link", "li", "slack:U1", "--json").stdout)["person"] == "li"
    assert json.loads(cli("people", "separate", "slack:U1", "--json").stdout)["person"] == "li"
    assert cli("people", "separate", "slack:U1").exit_code == 1
