"""What the program starts with, as the audit trail keeps it: a start with other settings leaves a line."""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import SecretStr

from bot.domain.trail import MASK
from bot.settings.model import Settings

ELSEWHERE = ("shops.", "shops_file")
"""Shops have rows of their own, whose changes are kept."""
OF_THE_MACHINE = ("data_dir", "database.", "clock.", "console.port", "webhooks.port", "engine.replica")
"""What may differ between processes on one database."""
SECRET = frozenset({"token", "url"})
COST = {"n": 2**12, "r": 8, "p": 1}


def described(settings: Settings, known: Mapping[str, str]) -> dict[str, str]:
    """The settings by key, as texts. Secrets, and addresses that may hold one, are salted digests; `known` are those
    of the last start, by which an unchanged secret is recognised. Names of people are left out: they stand in a
    table of their own."""
    found = {}
    for key, value in _flat("", settings.model_dump(mode="python")):
        text = "" if value is None else _text(value)
        if text and not key.startswith((*ELSEWHERE, *OF_THE_MACHINE)):
            found[key] = _digest(text, known.get(key, "")) if _secret(key, value) else text
    return found


def _flat(prefix: str, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _flat(f"{key}.", value)
        elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            yield from _flat(f"{key}.", {_called(each, number): _unnamed(each) for number, each in enumerate(value)})
        else:
            yield key, value


def _called(item: Mapping[str, Any], number: int) -> str:
    return str(item.get("id") or number)


def _unnamed(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in ("id", "name")}


def _text(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)


def _secret(key: str, value: Any) -> bool:
    return isinstance(value, SecretStr) or key.rpartition(".")[2] in SECRET or "://" in str(value)


def _digest(text: str, known: str) -> str:
    """The digest of a secret; the known one if that is of the same secret."""
    salt = known.removeprefix(MASK).partition(":")[0] if known.startswith(MASK) else secrets.token_hex(8)
    digest = hashlib.scrypt(text.encode(), salt=salt.encode(), dklen=16, **COST).hex()
    return f"{MASK}{salt}:{digest}"
