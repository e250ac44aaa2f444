"""Secrets from files: wherever a secret may be set, the same key with `_file` may name a file that holds it."""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource

from bot.settings.files import PREFIX, ConfigError

_MARK = "not to be shown"
Secret = Annotated[str, _MARK]
"""A text that is as secret as a SecretStr."""

ENDING = "_file"
LARGEST = 65_536
_WRITTEN_BY_OTHERS, _READ_BY_OTHERS = 0o022, 0o004
_OF_A_CONTAINER = Path("/run/secrets")
"""What a container's runtime puts here is readable for the whole container, which is the border there."""


class WrongSecretFile(Exception):
    """What is wrong with a file, without a word of what stands in it."""


class Environment(EnvSettingsSource):
    """The environment as a source of settings; `ODR_BOT_SLACK__BOT_TOKEN_FILE` names a file."""

    def __call__(self) -> dict[str, Any]:
        """The values, with secrets read from their files. Raises ConfigError."""
        return with_secrets(super().__call__(), self.settings_cls, None)


def with_secrets(values: Mapping[str, Any], model: type[BaseModel], file: Path | None) -> dict[str, Any]:
    """The values of the settings file (None: of the environment) with each secret that was given by a file. Raises
    ConfigError, which names the file and the key, and never what the file holds."""
    return _resolved(values, model, (), file)


def secret_keys(model: type[BaseModel], place: str = "") -> Iterator[str]:
    """The keys of all secrets, such as slack.bot_token or oncall[].calendar."""
    for name, field in model.model_fields.items():
        if _is_secret(field):
            yield place + name
        elif inner := _section(field):
            yield from secret_keys(inner, f"{place}{name}{'' if _is_model(field.annotation) else '[]'}.")


def _resolved(
    values: Mapping[str, Any], model: type[BaseModel], place: tuple[str, ...], file: Path | None
) -> dict[str, Any]:
    found = dict(values)
    for name, field in model.model_fields.items():
        if _is_secret(field):
            _take(found, (*place, name), file)
        elif (inner := _section(field)) and name in found:
            found[name] = _inside(found[name], inner, (*place, name), file)
    return found


def _inside(value: Any, model: type[BaseModel], place: tuple[str, ...], file: Path | None) -> Any:
    if isinstance(value, Mapping):
        return _resolved(value, model, place, file)
    if isinstance(value, list):
        return [_inside(item, model, (*place, str(number)), file) for number, item in enumerate(value)]
    return value


def _take(found: dict[str, Any], place: tuple[str, ...], file: Path | None) -> None:
    """Put the secret in the place of the name of its file."""
    name = place[-1]
    if not (path := found.pop(name + ENDING, "")):
        return
    try:
        if found.get(name):
            raise WrongSecretFile(f"{name} is set as well; expected one of them")
        if not isinstance(path, str):
            raise WrongSecretFile("expected the path of a file")
        found[name] = _read((file.parent if file else Path()) / path, _shown(path, file))
    except WrongSecretFile as fault:
        raise ConfigError(f"{_key(place, file)}: {fault}") from None


def _key(place: tuple[str, ...], file: Path | None) -> str:
    if file:
        return f"{file}: {'.'.join(place)}{ENDING}"
    return f"environment {PREFIX}{'__'.join(place).upper()}{ENDING.upper()}"


def _read(path: Path, name: str) -> str:
    try:
        # Something that is no file, as a pipe, is not waited for.
        with open(path, "rb", opener=lambda at, flags: os.open(at, flags | os.O_NONBLOCK)) as file:
            _check(os.fstat(file.fileno()).st_mode, path, name)
            content = file.read(LARGEST + 1)
        secret = content.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise WrongSecretFile(f"{name}: expected text in UTF-8") from None
    except (OSError, ValueError) as error:
        raise WrongSecretFile(f"{name}: {getattr(error, 'strerror', None) or 'cannot be opened'}") from None
    if not secret or len(content) > LARGEST or "\0" in secret or "\n" in secret:
        raise WrongSecretFile(f"{name}: expected one line that is the secret, of at most {LARGEST:,} bytes")
    return secret


def _check(mode: int, path: Path, name: str) -> None:
    if not stat.S_ISREG(mode):
        raise WrongSecretFile(f"{name}: expected a file")
    read = 0 if path.absolute().is_relative_to(_OF_A_CONTAINER) else _READ_BY_OTHERS
    if mode & (_WRITTEN_BY_OTHERS | read):
        raise WrongSecretFile(
            f"{name}: other users of this machine may read or change it (mode {mode & 0o777:04o}): chmod 600"
        )


def _shown(path: str, file: Path | None) -> str:
    """The path for people. Who put the secret itself where its file's name belongs does not find it in a log: what
    names no folder that is there is not repeated."""
    folders = (Path(path) if path.startswith("/") else (file.parent if file else Path()) / path).parents
    known = folders[:-1] if path.startswith("/") else folders[:1]
    try:
        return path if "/" in path and any(folder.is_dir() for folder in known) else "the file"
    except ValueError:
        return "the file"


def _is_secret(field: FieldInfo) -> bool:
    return _MARK in field.metadata or field.annotation in (SecretStr, SecretStr | None)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _section(field: FieldInfo) -> type[BaseModel] | None:
    """The section, or that of each entry of a list of them."""
    kind: Any = field.annotation
    [kind] = get_args(kind) if get_origin(kind) is list else [kind]
    return kind if _is_model(kind) else None
