"""Checks of single values of a card: each yields what Feishu would find wrong, with its path."""

import re
from collections.abc import Callable, Iterator
from typing import Any

Check = Callable[[Any, str], Iterator[str]]

LOCALES = {"zh_cn", "en_us", "ja_jp", "zh_hk", "zh_tw", "id_id", "vi_vn", "th_th", "pt_br", "es_es", "ko_kr"}
LOCALES |= {"de_de", "fr_fr", "it_it", "ru_ru", "ms_my"}

_MARGIN = re.compile(r"-?\d{1,2}(px)?( -?\d{1,2}(px)?){0,3}")
_ELEMENT_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,19}")


def anything(value: Any, path: str) -> Iterator[str]:
    """No demands."""
    yield from ()


def boolean(value: Any, path: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield f"{path}: not a boolean"


def string(least: int = 0, most: int = 100_000) -> Check:
    """A string of so many characters."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{path}: not a string"
        elif not least <= len(value) <= most:
            yield f"{path}: {len(value)} characters, not {least} to {most}"

    return check


def whole(least: int, most: int = 10**9) -> Check:
    """A whole number in a range."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield f"{path}: {value!r} is no whole number from {least} to {most}"

    return check


def one_of(*allowed: str) -> Check:
    """One of some words."""

    def check(value: Any, path: str) -> Iterator[str]:
        if value not in allowed:
            yield f"{path}: {value!r} is none of {allowed}"

    return check


def matching(pattern: str) -> Check:
    """A string of a form."""
    compiled = re.compile(pattern)

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            yield f"{path}: {value!r} does not match {pattern}"

    return check


def either(first: Check, second: Check) -> Check:
    """What one of two checks takes."""

    def check(value: Any, path: str) -> Iterator[str]:
        if (found := list(first(value, path))) and list(second(value, path)):
            yield from found

    return check


def locales(check: Check) -> Check:
    """A value for each of some languages."""

    def check_all(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict) or not value:
            yield f"{path}: not an object with languages"
            return
        for locale, each in value.items():
            if locale not in LOCALES:
                yield f"{path}: unknown language {locale!r}"
            yield from check(each, f"{path} -> {locale}")

    return check_all


def several(check: Check, least: int = 0, most: int = 10_000) -> Check:
    """A list."""

    def check_all(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            yield f"{path}: not a list of {least} to {most}"
            return
        for number, each in enumerate(value):
            yield from check(each, f"{path} -> [{number}]")

    return check_all


def record(known: dict[str, Check], *needed: str) -> Check:
    """An object with no other than the known properties."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path}: not an object"
            return
        yield from (f"unknown property, property: {name}, path: {path}" for name in value.keys() - known.keys())
        yield from (f"{path}: {name} is missing" for name in needed if name not in value)
        for name in value.keys() & known.keys():
            yield from known[name](value[name], f"{path} -> {name}")

    return check


margin = matching(_MARGIN.pattern)
element_id = matching(_ELEMENT_ID.pattern)
spacing = either(one_of("small", "medium", "large", "extra_large", "default"), matching(r"\d{1,2}px"))
width = either(one_of("default", "fill"), matching(r"[1-9]\d{2,}px"))


def plain_text(most: int = 10_000) -> Check:
    """A plain text object with words in it."""
    words = string(1, most)
    return record({"tag": one_of("plain_text"), "content": words, "i18n_content": locales(words)}, "tag", "content")


def callback(value: Any, path: str) -> Iterator[str]:
    """Behaviours of an interactive component. Feishu takes a string as value, its own kits do not."""
    kinds = {
        "callback": record({"type": anything, "value": _object}, "value"),
        "open_url": record(dict.fromkeys(("type", "default_url", "pc_url", "ios_url", "android_url"), string())),
    }

    def each(behavior: Any, at: str) -> Iterator[str]:
        kind = behavior.get("type") if isinstance(behavior, dict) else None
        yield from kinds[kind](behavior, at) if kind in kinds else iter([f"{at}: unknown behaviour {behavior!r}"])

    yield from several(each, 1, 2)(value, path)


def _object(value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: a value of a callback that is no object breaks the kits"


confirm = record({"title": plain_text(), "text": plain_text()}, "title", "text")
icon = record(dict.fromkeys(("tag", "token", "color", "img_key"), string()), "tag")
