"""Finding, reading and checking TOML files, with errors that say what to mend."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

PREFIX = "ODR_BOT_"
Model = TypeVar("Model")


class ConfigError(Exception):
    """A wrong configuration. The message names the file, the key and what was expected."""


def data_root(name: str) -> Path:
    """The folder `config` or `templates`: beside the packages in a checkout, inside the package when installed."""
    checkout = Path(__file__).parents[2] / name
    return checkout if checkout.is_dir() else Path(__file__).parents[1] / "data" / name


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as data; raises ConfigError with the file and the line."""
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error


def explained(source: object, error: ValidationError) -> ConfigError:
    """The error for people: what is wrong, where it stands and what was found. Secrets are not repeated."""
    lines = [
        f"{_origin(source, item['loc'])}: {'.'.join(map(str, item['loc'])) or 'file'}: {item['msg']} "
        f"(found: {_found(item)})"
        for item in error.errors(include_url=False)
    ]
    return ConfigError("\n".join(lines))


def _origin(source: object, loc: tuple[int | str, ...]) -> object:
    """The name of the environment variable that gave the value, else the file."""
    name = PREFIX + "__".join(map(str, loc)).upper()
    return f"environment {name}" if name in map(str.upper, os.environ) else source


def _found(item: Any) -> str:
    # A section given as plain text may be a secret in the wrong place, and so may what stands under a mistyped name;
    # a whole section that does not fit may hold one.
    parts = [str(part) for part in item["loc"]]
    secret = (
        item["type"] == "extra_forbidden"
        or item["type"] == "model_type"
        or isinstance(item["input"], (Mapping, BaseModel))
        or any(
            "token" in part or "url" in part or "secret" in part or "key" in part or part == "calendar"
            for part in parts
        )
    )
    return "nothing" if item["type"] == "missing" else "(hidden)" if secret else repr(item["input"])[:80]


def load_data(path: Path, model: type[Model], part: str = "") -> Model:
    """A data file as a validated model; `part` picks one top-level table. Raises ConfigError."""
    raw = read_toml(path)
    if part and part not in raw:
        raise ConfigError(f"{path}: {part}: this table is missing")
    try:
        return TypeAdapter(model).validate_python(raw[part] if part else raw)
    except ValidationError as error:
        raise explained(path, error) from error
