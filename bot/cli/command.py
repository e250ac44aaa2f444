"""The program `odr-bot` and what makes a function one of its subcommands."""

import gc
import getpass
import io
import logging
import os
import socket
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import click

from bot.cli.output import fail
from bot.domain.trail import COMMAND_LINE, Actor
from bot.settings.files import ConfigError
from bot.settings.model import Settings, load_settings

if TYPE_CHECKING:
    from bot.runtime.bootstrap import App

F = TypeVar("F", bound=Callable[..., Any])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="odr-bot")
def main() -> None:
    """odr-bot watches the order defect rate of TikTok Shop shops and helps teams win their appeals in 72 hours."""
    # Loading makes many objects and hardly any garbage: looking for it every 700 objects slows every start.
    gc.set_threshold(20_000, 20, 20)
    # What is written is for the own user alone.
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal or pipe that cannot show a character gets its number, not a fault.
            stream.reconfigure(errors="backslashreplace")


def command(json_too: bool = True, of: click.Group = main) -> Callable[[F], click.Command]:
    """A subcommand (of a group) with --config (and --json); known faults become one clear message and exit code 1."""

    def make(function: F) -> click.Command:
        @wraps(function)
        def run(config: Path | None, **options: Any) -> None:
            from bot.cli.failures import KNOWN, words
            from bot.services.trail import acting

            try:
                settings = load_settings(config)
            except ConfigError as error:
                fail(str(error))
            _set_up_logging()
            try:
                with acting(typed(function.__name__.strip("_"))):
                    function(settings, **options)
            except KNOWN as error:
                fail(words(settings, error, options.get("file")))

        with_config = click.option("--config", type=click.Path(path_type=Path), help="Settings file (TOML).")(run)
        if json_too:
            with_config = click.option("--json", "as_json", is_flag=True, help="Print data as JSON.")(with_config)
        return of.command(function.__name__.strip("_").replace("_", "-"))(with_config)

    return make


def typed(what: str) -> Actor:
    """Who causes what a command of the command line changes."""
    return Actor(COMMAND_LINE, "", whereabouts(), what, uuid4().hex)


def whereabouts() -> str:
    """Who types on which machine, for the audit trail."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        # A container may have no name for its user.
        user = str(os.getuid())
    return f"cli {user}@{socket.gethostname()}"


def _set_up_logging() -> None:
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for noisy in ("httpx", "apscheduler", "alembic", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def opened(settings: Settings) -> "App":
    """The program with its database migrated, ready to work. Raises ConfigError or DatabaseError."""
    from bot.runtime.bootstrap import open_app

    return open_app(settings)


def unopened(settings: Settings) -> "App":
    """The parts of the program, for commands that need no database."""
    from bot.runtime.bootstrap import App

    return App(settings)
