"""A channel that two teams share: everybody there sees the shops of their own team alone (domain.md §7)."""

from pathlib import Path

from bot.conversation.events import CommandReceived
from tests.access.teams import House, two_teams


def test_who_is_in_a_shared_channel_sees_their_own_team_alone(tmp_path: Path) -> None:
    house = House(two_teams(tmp_path))
    assert "hears of" in house.say("a-lead", "slack:CB", "bind us-1")
    for person, seen in (("b-member", {"uk-1"}), ("newcomer", {"uk-1"}), ("a-member", {"us-1", "uk-1"})):
        assert house.sees(person, "slack:CB") == seen, person
    foreign, absent = (house.say("newcomer", "slack:CB", f"case {case}") for case in ("C1", "C777"))
    assert foreign.replace("C1", "#") == absent.replace("C777", "#")
    assert house.sees("b-member", "slack:CA") == set()


def test_another_name_of_a_channel_changes_nothing(tmp_path: Path) -> None:
    house = House(two_teams(tmp_path))
    house.app.host("slack").directory.name_channel("CB", "team-anna")
    event = CommandReceived("renamed", "slack:CB", "b-member", house.app.clock.now(), text="cases")
    text = "\n".join(card.plain() for card in house.app.dispatcher.handle(event).cards)
    assert "C2" in text and "C1" not in text
    assert house.sees("newcomer", "slack:CA") == set()
