"""What a command says and how it ends: data on stdout, messages for people on stderr; exit 0 good, 1 a problem found,
2 wrong usage."""

import json
import sys
from typing import Any, NoReturn

import click

PROBLEM, WRONG_USAGE = 1, 2


def show(text: str) -> None:
    """Write what was asked for, for people."""
    click.echo(text)


def show_json(data: Any) -> None:
    """Write what was asked for, for programs: one line of JSON."""
    show(json.dumps(data, ensure_ascii=False))


def tell(text: str) -> None:
    """Write beside what was asked for."""
    click.echo(text, err=True)


def problem() -> NoReturn:
    """End with a problem that was found, and told."""
    sys.exit(PROBLEM)


def fail(text: str) -> NoReturn:
    """End with a problem, and tell it."""
    tell(f"odr-bot: {text}")
    problem()


def misuse(text: str) -> NoReturn:
    """End because the command was given what makes no sense."""
    tell(f"odr-bot: {text}")
    sys.exit(WRONG_USAGE)
