"""Carriers of the drawn pages: how their tracking numbers look, where they deliver, in which languages they write."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Make = Callable[[Random], str]


def digits(random: Random, count: int, first: str = "0123456789") -> str:
    return random.choice(first) + "".join(random.choices("0123456789", k=count - 1))


def _weighted(number: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weights[place % len(weights)] for place, digit in enumerate(number))


def ups(random: Random) -> str:
    body = "".join(random.choices("0123456789ABCEFHRTWXY", k=6)) + digits(random, 9)
    odd, even = 0, 0
    for place, char in enumerate(body):
        value = int(char) if char.isdigit() else (ord(char) - 3) % 10
        odd, even = (odd + value, even) if place % 2 == 0 else (odd, even + value)
    return f"1Z{body}{(10 - (odd + 2 * even) % 10) % 10}"


def usps(random: Random) -> str:
    body = random.choice(("9400", "9205", "9361", "9505")) + digits(random, 17)
    return body + str((10 - _weighted(body, (3, 1)) % 10) % 10)


def fedex(random: Random) -> str:
    body = digits(random, 11, "1234567")
    return body + str(_weighted(body, (3, 1, 7)) % 11 % 10)


def dhl(random: Random) -> str:
    body = digits(random, 9, "123456789")
    return body + str(int(body) % 7)


def s10(service: str, country: str) -> Make:
    def make(random: Random) -> str:
        body = digits(random, 8)
        rest = 11 - _weighted(body, (8, 6, 4, 2, 3, 5, 9, 7)) % 11
        check = {10: 0, 11: 5}.get(rest, rest)
        return f"{random.choice(service.split())}{body}{check}{country}"

    return make


def spelled(shape: str) -> Make:
    """`shape` with # for a digit and @ for a letter or digit that is never mistaken for another."""

    def make(random: Random) -> str:
        signs = {"#": "0123456789", "@": "ACDEFHJKLMNPQRTUVWXY34679"}
        return "".join(random.choice(signs.get(char, char)) for char in shape)

    return make


@dataclass(frozen=True)
class Carrier:
    """`groups` are the sizes in which the number is printed at times; `labelled` numbers mean nothing alone."""

    name: str
    site: str
    languages: tuple[str, ...]
    colour: str
    make: Make
    groups: tuple[int, ...] = ()
    labelled: bool = False

    def printed(self, number: str, grouped: bool) -> str:
        """The number as the page prints it."""
        if not (grouped and self.groups) or sum(self.groups) != len(number):
            return number
        parts, rest = [], number
        for size in self.groups:
            parts.append(rest[:size])
            rest = rest[size:]
        return " ".join(parts)


CARRIERS = (
    Carrier("UPS", "US", ("en", "zh"), "#351c15", ups, (2, 3, 3, 2, 4, 4)),
    Carrier("USPS", "US", ("en",), "#333366", usps, (4, 4, 4, 4, 4, 2)),
    Carrier("FedEx", "US", ("en",), "#4d148c", fedex, (4, 4, 4), True),
    Carrier("GOFO", "US", ("en", "zh"), "#0a7d4f", spelled("GFUS01############")),
    Carrier("UniUni", "US", ("en",), "#f47920", spelled("UUS############@@")),
    Carrier("SpeedX", "US", ("en",), "#5a2ca0", spelled("SPXDFW############")),
    Carrier("DHL", "UK", ("en",), "#d40511", dhl, (2, 4, 4), True),
    Carrier("Royal Mail", "UK", ("en",), "#e4002b", s10("OP KY RM", "GB"), (2, 4, 4, 3)),
    Carrier("Evri", "UK", ("en",), "#007bc4", spelled("H0##@@@#########"), (), True),
    Carrier("Yodel", "UK", ("en",), "#6aa500", spelled("JD00022########")),
    Carrier("YunExpress", "US", ("en", "zh"), "#0b5cab", spelled("YT################")),
    Carrier("4PX", "US", ("en", "zh"), "#e2231a", spelled("4PX#############CN")),
    Carrier("China Post", "US", ("zh", "en"), "#00754a", s10("LK RB CY", "CN"), (2, 3, 3, 3, 2)),
    Carrier("Cainiao", "UK", ("zh", "en"), "#1d6cff", spelled("LP##############")),
    Carrier("J&T Express", "MY", ("ms", "en"), "#e60012", spelled("JT#############")),
    Carrier("SPX Express", "MY", ("ms", "en"), "#ee4d2d", spelled("SPXMY###########")),
    Carrier("Ninja Van", "PH", ("en",), "#c41230", spelled("NVPH##########")),
    Carrier("Pos Malaysia", "MY", ("ms", "en"), "#d8232a", s10("EF EH ER", "MY"), (2, 3, 3, 3, 2)),
    Carrier("Flash Express", "TH", ("th", "en"), "#ffd400", spelled("TH####47@#@#@#")),
    Carrier("Kerry Express", "TH", ("th", "en"), "#f58220", spelled("KEX###########")),
    Carrier("Thailand Post", "TH", ("th",), "#d71920", s10("EE RC EG", "TH"), (2, 4, 4, 3)),
    Carrier("GHN", "VN", ("vi",), "#ff5200", spelled("GHN@#@#@#@#")),
    Carrier("Viettel Post", "VN", ("vi",), "#ee0033", spelled("VTPVN##########")),
    Carrier("Aramex", "AE", ("ar", "en"), "#de1b2c", spelled("3##########"), (), True),
    Carrier("SMSA", "SA", ("ar", "en"), "#e8762c", spelled("2###########"), (), True),
    Carrier("iMile", "SA", ("ar", "en"), "#0050ff", spelled("6############"), (), True),
    Carrier("SPL", "SA", ("ar", "en"), "#00897b", s10("RR EE LX", "SA"), (2, 3, 3, 3, 2)),
)


def order_id(random: Random) -> str:
    """A TikTok Shop order id."""
    return random.choice(("576", "577", "584")) + digits(random, 15)
