"""Output and exit codes: data on stdout, messages for people on stderr; exit 0 good, 1 a problem found, 2 wrong
usage."""

import json
import sys
from typing import Any, NoReturn

import click

PROBLEM, WRONG_USAGE = 1, 2


def show(text: str) -> None:
    """Print the result for people, on stdout."""
    click.echo(text)


def show_json(data: Any) -> None:
    """Print the result for programs, on stdout: one line of JSON."""
    show(json.dumps(data, ensure_ascii=False))


def tell(text: str) -> None:
    """Print a message for people, on stderr."""
    click.echo(text, err=True)


def problem() -> NoReturn:
    """Exit with code 1: a problem was found and told."""
    sys.exit(PROBLEM)


def fail(text: str) -> NoReturn:
    """Print a message on stderr and exit with code 1."""
    tell(f"odr-bot: {text}")
    problem()


def misuse(text: str) -> NoReturn:
    """Print a message on stderr and exit with code 2: wrong usage."""
    tell(f"odr-bot: {text}")
    sys.exit(WRONG_USAGE)
