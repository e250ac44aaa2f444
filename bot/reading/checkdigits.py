"""Check digits of tracking numbers, by the name of their rule in config/carriers.toml."""

from collections.abc import Callable
from itertools import cycle


def _alternating(digits: str, first: int, second: int) -> int:
    return sum(int(digit) * weight for digit, weight in zip(reversed(digits), cycle((first, second)), strict=False))


def _ups(number: str) -> bool:
    values = [int(char) if char.isdigit() else (ord(char) - 63) % 10 for char in number[2:-1]]
    total = sum(values[0::2]) + 2 * sum(values[1::2])
    return -total % 10 == int(number[-1])


def _mod10(number: str) -> bool:
    return -_alternating(number[:-1], 3, 1) % 10 == int(number[-1])


def _usps(number: str) -> bool:
    routed = (number[8:], number[12:]) if number.startswith("420") else (number,)
    return any(len(rest) in (20, 22, 26) and _mod10(rest) for rest in routed)


def _s10(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[2:10], (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    return {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11) == int(number[10])


def _fedex12(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:11], cycle((3, 1, 7)), strict=False))
    return total % 11 % 10 == int(number[11])


def _mod7(number: str) -> bool:
    return int(number[:-1]) % 7 == int(number[-1])


CHECKS: dict[str, Callable[[str], bool]] = {
    "none": lambda number: True,
    "ups": _ups,
    "usps": _usps,
    "s10": _s10,
    "fedex12": _fedex12,
    "fedex15": _mod10,
    "mod7": _mod7,
}
"""Each takes a number without spaces that fits its format, and says whether its check digit is right."""
