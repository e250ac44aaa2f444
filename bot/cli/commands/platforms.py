"""Commands that help to set up a chat platform."""

import json

import click

from bot.cli.command import command, unopened
from bot.cli.output import show, show_json
from bot.settings.model import Settings


@command()
@click.argument("action", type=click.Choice(["setup"]))
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Instead of the team's language.")
def feishu(settings: Settings, action: str, lang: str | None, as_json: bool) -> None:
    """Print what to do in Feishu's or Lark's developer console, as a checklist."""
    from functools import partial

    from bot.platforms.feishu.setup import checklist, plain

    language = lang or settings.language
    listed = checklist(settings.feishu, partial(unopened(settings).phrases.say, lang=language))
    if as_json:
        show_json(listed)
    else:
        show(plain(listed))


@command()
@click.argument("action", type=click.Choice(["manifest"]))
@click.option("--address", default="", help="For mode http: where Slack reaches the program, https://….")
def slack(settings: Settings, action: str, address: str, as_json: bool) -> None:
    """Print the manifest from which Slack makes the app."""
    from bot.platforms.slack.setup import manifest

    made = manifest(settings.slack, address)
    if as_json:
        show_json(made)
    else:
        show(json.dumps(made, ensure_ascii=False, indent=2))
