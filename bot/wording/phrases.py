"""The texts for people: templates/<language>/*.toml, every value a Jinja2 template."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, StrictUndefined, Template, UndefinedError, nodes
from jinja2.exceptions import TemplateSyntaxError


class WordingError(Exception):
    """A text is missing or wrong; says the language, the key and the cause."""


def _flat(data: dict[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        name = f"{prefix}.{key}"
        if isinstance(value, dict):
            yield from _flat(value, name)
        else:
            yield name, value


def local_time(at: datetime, zone: str) -> str:
    """An instant in an IANA zone as `11-20 16:00`, for showing beside UTC."""
    return at.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M")


class Phrases:
    """Finds texts by key (`<file>.<path>`) and language. `zone` is the IANA zone that is shown beside UTC."""

    def __init__(self, root: Path, zone: str = "Asia/Shanghai") -> None:
        self.root, self.zone = root, zone
        self.languages = tuple(sorted(item.name for item in root.iterdir() if any(item.glob("*.toml"))))
        # Chat texts are plain words, escaped by each platform's renderer, not here.
        self._environment = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)  # noqa: S701
        self._environment.filters |= {"utc": self.utc, "local": self.local, "percent": self.percent}
        self._environment.filters |= {"hours": self.hours, "minutes": self.minutes}
        self._compiled: dict[tuple[str, str], Template] = {}
        self._plain = cache(lambda key, lang: self._filled(key, lang, {}))
        self.keys = cache(self._keys)
        """(prefix, language) -> the keys that begin with the prefix, in the order of the file"""
        self.needs = cache(self._needs)
        """(key, language) -> the parameters without which the text cannot be said"""

    @cached_property
    def texts(self) -> dict[str, dict[str, Any]]:
        """All values of templates/ by language and key."""
        return {language: self._load(language) for language in self.languages}

    def _load(self, language: str) -> dict[str, Any]:
        texts: dict[str, Any] = {}
        for file in sorted((self.root / language).glob("*.toml")):
            try:
                data = tomllib.loads(file.read_text("utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise WordingError(f"{file}: {error}") from error
            texts |= _flat(data, file.stem)
        return texts

    def say(self, key: str, /, lang: str, **params: Any) -> str:
        """The text filled in; raises WordingError for an unknown key or a missing parameter."""
        return self._filled(key, lang, params) if params else self._plain(key, lang)

    def _filled(self, key: str, lang: str, params: Mapping[str, Any]) -> str:
        try:
            return self._template(key, lang).render(lang=lang, **params).strip()
        except (UndefinedError, TypeError, ValueError) as error:
            raise self._wrong(lang, key, error) from error

    def check(self) -> None:
        """Read every text as a template. Raises WordingError with the language, the key and the cause."""
        for lang, texts in self.texts.items():
            for key, text in texts.items():
                try:
                    self._environment.parse(str(text))
                except TemplateSyntaxError as error:
                    raise self._wrong(lang, key, error) from error

    def _wrong(self, lang: str, key: str, error: Exception) -> WordingError:
        file, _, name = key.partition(".")
        return WordingError(f"{self.root / lang / file}.toml: {name}: {error}")

    def has(self, key: str, lang: str) -> bool:
        """Whether there is a text with that key in the language."""
        return key in self.texts[lang]

    def words(self, key: str, lang: str) -> list[str]:
        """The value of a key that holds a list of words."""
        found = self.texts[lang].get(key, [])
        return list(found) if isinstance(found, list) else [str(found)]

    def _keys(self, prefix: str, lang: str) -> tuple[str, ...]:
        return tuple(key for key in self.texts[lang] if key.startswith(prefix))

    def _needs(self, key: str, lang: str) -> frozenset[str]:
        parsed = self._environment.parse(str(self.texts[lang][key]))
        # `{{ carrier | default('Carrier') }}` and `{% if carrier is defined %}` do without it.
        asked = [each.node for each in parsed.find_all(nodes.Filter) if each.name == "default"]
        asked += [each.node for each in parsed.find_all(nodes.Test) if each.name == "defined"]
        spare = {each.name for each in asked if isinstance(each, nodes.Name)}
        return frozenset(each.name for each in parsed.find_all(nodes.Name)) - spare - {"lang"}

    def _template(self, key: str, lang: str) -> Template:
        if (key, lang) not in self._compiled:
            try:
                self._compiled[key, lang] = self._environment.from_string(str(self.texts[lang][key]))
            except KeyError:
                raise WordingError(f"{lang}: no text for {key}") from None
            except TemplateSyntaxError as error:
                raise self._wrong(lang, key, error) from error
        return self._compiled[key, lang]

    def utc(self, at: datetime | None) -> str:
        """An instant as `2026-11-20 08:00 UTC`."""
        return "" if at is None else at.strftime("%Y-%m-%d %H:%M UTC")

    def local(self, at: datetime | None) -> str:
        """An instant in the team's zone as `11-20 16:00`."""
        return "" if at is None else local_time(at, self.zone)

    @staticmethod
    def hours(seconds: float) -> int:
        """The whole hours of a duration."""
        return int(abs(seconds)) // 3600

    @staticmethod
    def minutes(seconds: float) -> str:
        """The minutes of a duration beyond its whole hours, as two digits."""
        return f"{int(abs(seconds)) // 60 % 60:02d}"

    @staticmethod
    def percent(ratio: Any) -> str:
        """An exact ratio as a percentage with three digits behind the point; `–` for None."""
        return "–" if ratio is None else f"{float(ratio) * 100:.3f} %"


@cache
def shared_phrases(root: Path, zone: str) -> Phrases:
    """The texts below a folder with an IANA zone, read and compiled once a process."""
    return Phrases(root, zone)
