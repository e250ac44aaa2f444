"""Teams in the settings: what does not fit stops the start with the key, what was found and what was meant."""

from pathlib import Path

import pytest

from bot.domain.people import Role
from bot.domain.teams import ONE
from bot.settings.files import ConfigError
from bot.settings.model import Settings, load_settings
from bot.settings.team import PersonSettings, ShopSettings, TeamSettings
from bot.settings.teams import settled, with_channels

SHOPS = """
[[shops]]
id = "us-1"
site = "US"

[[shops]]
id = "uk-1"
site = "UK"

[[teams]]
id = "us"
shops = ["us-1"]
"""
WRONG = {
    '[[teams]]\nid = "uk"\nshops = ["uk-11"]': "teams.1.shops: there is no shop 'uk-11': did you mean 'uk-1'?",
    '[[teams]]\nid = "uk"\nshops = ["us-1"]': "teams.1.shops: 'us-1' is the team 'us''s; a shop belongs to one team",
    '[[teams]]\nid = "us"': "teams.1.id: the id 'us' is used twice",
    '[[teams]]\nid = "uk"\nmembers = "listen"': "teams.1.members: Input should be 'channel' or 'listed'",
    '[[teams]]\nid = "uk"\nchannels = ["C1"]': "expected platform:channel such as console:ops",
    '[[people]]\nid = "li"\nteams = ["uss"]': "people.0.teams: there is no team 'uss': did you mean 'us'?",
    '[[people]]\nid = "li"\nroles = { uk = "lead" }': "people.0.roles: there is no team 'uk': did you mean 'us'?",
    '[[people]]\nid = "li"\nroles = { us = "led" }': "Input should be 'viewer', 'member', 'lead' or 'admin'",
    '[[people]]\nid = "li"\nrole = "lead"': "people.0.role: expected to be told in which teams 'li' is lead",
}


@pytest.mark.parametrize(("more", "told"), WRONG.items())
def test_what_does_not_fit_stops_the_start(tmp_path: Path, more: str, told: str) -> None:
    file = tmp_path / "odr-bot.toml"
    file.write_text(SHOPS + more)
    with pytest.raises(ConfigError) as stopped:
        load_settings(file)
    assert told in str(stopped.value) and str(stopped.value).startswith(f"{file}: ")


def test_without_teams_only_the_one_can_be_named(tmp_path: Path) -> None:
    file = tmp_path / "odr-bot.toml"
    file.write_text('[[people]]\nid = "li"\nteams = ["us"]')
    with pytest.raises(ConfigError, match=r"people.0.teams: there is no team 'us' \(known: team\)"):
        load_settings(file)
    file.write_text('[[people]]\nid = "li"\nroles = { team = "admin" }')
    assert load_settings(file).people[0].roles == {ONE: Role.ADMIN}


def test_nobody_is_an_admin_by_default() -> None:
    with pytest.raises(ValueError, match="an admin is named in"):
        Settings(default_role="admin")


def test_a_shop_has_the_channels_of_its_team() -> None:
    shops = [
        ShopSettings(id="us-1", site="US"),
        ShopSettings(id="us-2", site="US", channels=["slack:C2"]),
        ShopSettings(id="uk-1", site="UK"),
        ShopSettings(id="zz-1", site="UK"),
    ]
    teams = [
        TeamSettings(id="us", shops=["us-1", "us-2"], channels=["slack:C1"]),
        TeamSettings(id="uk", shops=["uk-1"]),
    ]
    made = with_channels(teams, shops)
    assert [shop.channels for shop in made] == [["slack:C1"], ["slack:C2", "slack:C1"], ["console:uk"], []]
    assert with_channels(teams, made) == made and with_channels([], shops) == shops


def test_people_have_what_is_written_and_no_more() -> None:
    people = [
        PersonSettings(id="li", teams=["us"], role="lead", roles={"uk": "viewer"}),
        PersonSettings(id="wang", name="王敏"),
    ]
    teams = [TeamSettings(id="us"), TeamSettings(id="uk")]
    found = settled(people, teams, Role.VIEWER)
    assert found.roles == {"li": {"us": Role.LEAD, "uk": Role.VIEWER}} and found.assumed == {}
    one = settled([PersonSettings(id="li", role="lead"), people[1]], [], Role.VIEWER)
    assert one.roles == {"li": {ONE: Role.LEAD}} and one.assumed == {"wang": {ONE: Role.MEMBER}}
