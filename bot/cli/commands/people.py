"""Commands about people: who belongs to which team, inviting and removing them."""

import click

from bot.cli.command import command, main, opened
from bot.cli.output import misuse, problem, show, show_json, tell
from bot.domain.people import Role
from bot.settings.model import Settings

ROLES = click.Choice([role.value for role in Role])


@main.group()
def people() -> None:
    """List, invite and remove the people of teams; what the settings say of somebody stays there."""


@command(of=people)
@click.option("--team", default="", help="Only this team.")
def list_(settings: Settings, team: str, as_json: bool) -> None:
    """List who belongs to which team, in which role, with which accounts."""
    from bot.cli.people import listed, table

    found = listed(opened(settings), team)
    if as_json:
        show_json({"people": found})
    else:
        show(table(found))


@command(of=people)
@click.argument("person")
@click.option("--team", default="", help="The team; not needed where there is one.")
@click.option("--role", type=ROLES, help="The role there; a member unless given.")
@click.option("--slack", default="", help="Their account on Slack, U….")
@click.option("--feishu", default="", help="Their account on Feishu, ou_….")
@click.option("--id", "new_id", default="", metavar="ID", help="The id of somebody new.")
def invite(
    settings: Settings,
    person: str,
    team: str,
    role: str | None,
    slack: str,
    feishu: str,
    new_id: str,
    as_json: bool,
) -> None:
    """Give PERSON (a name, or the id of somebody known) a role, and print a link that signs them in once."""
    from bot.cli import people as answers

    if new_id and not answers.ID.fullmatch(new_id):
        raise click.UsageError("--id takes up to 40 small letters, digits, dots, dashes and underscores.")
    given = {name: each for name, each in {"slack": slack, "feishu": feishu}.items() if each}
    data = answers.invite(opened(settings), person, team, role, given, new_id)
    if as_json:
        show_json(data)
        return
    show(data["link"])
    tell(f"odr-bot: {data['name']} is {data['role']} of {data['team']}; the link works once, for {data['days']} days")
    tell(f"odr-bot: in Slack or Feishu they write to the bot directly instead: join {data['code']}")


@command(of=people)
@click.argument("person")
@click.option("--team", default="", help="The team; not needed where there is one.")
def remove(settings: Settings, person: str, team: str, as_json: bool) -> None:
    """Take PERSON out of a team: they lose its cases, turns, sessions and all that they saw, at once."""
    from bot.cli.people import only_team, parting_data
    from bot.services.memberships import MACHINE

    app = opened(settings)
    data = parting_data(app.memberships.remove(person, only_team(app, team), MACHINE))
    if as_json:
        show_json(data)
    else:
        freed = f"; nobody has {', '.join(data['freed'])} now" if data["freed"] else ""
        show(f"{data['name']} has left {data['team']}{freed}")


@command(of=people)
@click.argument("person")
@click.argument("account", metavar="PLATFORM:ACCOUNT")
def link(settings: Settings, person: str, account: str, as_json: bool) -> None:
    """Say that an account such as slack:U024BE7LH is PERSON's."""
    from bot.services.memberships import MACHINE

    platform, name = _account(account)
    data = {"person": opened(settings).memberships.link(person, platform, name, MACHINE), "account": account}
    show_json(data) if as_json else show(f"{account} is {data['person']}")


@command(of=people)
@click.argument("account", metavar="PLATFORM:ACCOUNT")
def separate(settings: Settings, account: str, as_json: bool) -> None:
    """Take an account from the person whose it was said to be by mistake."""
    platform, name = _account(account)
    data = {"person": opened(settings).memberships.separate(platform, name), "account": account}
    show_json(data) if as_json else show(f"{account} is no longer {data['person']}")


@command(of=people)
@click.argument("person")
@click.option("--also", multiple=True, metavar="NAME", help="A name that they had before; may be repeated.")
def forget(settings: Settings, person: str, also: tuple[str, ...], as_json: bool) -> None:
    """Delete the name of PERSON wherever it stands; what they did stays in the trail under their id."""
    from bot.cli.people import forgotten_data, forgotten_words

    app = opened(settings)
    done = app.forgetting.forget(person, also)
    if as_json:
        show_json(forgotten_data(done))
    else:
        show(forgotten_words(app, done))
    if done.in_settings or done.in_id or done.shared:
        problem()


def _account(text: str) -> tuple[str, str]:
    platform, _, account = text.partition(":")
    if platform not in ("slack", "feishu") or not account:
        misuse(f"expected slack:U… or feishu:ou_…, not {text!r}")
    return platform, account
