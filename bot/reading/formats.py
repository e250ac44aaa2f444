"""Which numbers have the format of a carrier, and which formats are unmistakable."""

import re
from dataclasses import dataclass
from functools import cached_property

from bot.reading.checkdigits import CHECKS
from bot.reading.tables import Carriers, Format

_END = r"(?![A-Z0-9])"


@dataclass(frozen=True, eq=False)
class Formats:
    """The table of formats, for upper-case text."""

    carriers: Carriers

    @cached_property
    def order_id(self) -> re.Pattern[str]:
        """The pattern of a TikTok Shop order id that stands alone in upper-case text."""
        return re.compile(rf"(?<![A-Z0-9.]){self.carriers.order_id}(?![A-Z0-9]|\.\d)")

    @cached_property
    def all(self) -> list[tuple[str, Format, re.Pattern[str]]]:
        """Each format with its carrier, "" for one that is nobody's own, and the pattern of it."""
        return [
            (carrier.name, form, re.compile(f"(?:{form.pattern}){_END}"))
            for carrier in self.carriers.carriers
            for form in carrier.formats
        ]

    @cached_property
    def any_strong(self) -> re.Pattern[str]:
        """The pattern of all formats that need no label."""
        patterns = (form.pattern for _, form, _ in self.all if not form.label)
        return re.compile(f"(?:{'|'.join(f'(?:{pattern})' for pattern in patterns)}){_END}")

    def is_checked(self, value: str) -> bool:
        """Whether a carrier's format with a check digit says that the number is right."""
        return any(checked(name, form, pattern, value) for name, form, pattern in self.all)

    def stands_alone(self, value: str, rest: str = "") -> bool:
        """Whether a number is complete as it is: an order's id, or of a format that is unmistakable by itself and
        that `rest` behind it would break."""
        return bool(self.order_id.fullmatch(value)) or (self._fits(value) and not (rest and self._fits(value + rest)))

    def may_be_of_a_carrier(self, value: str) -> bool:
        """Whether it has the format of a carrier, though perhaps one that many numbers have."""
        return any(name and pattern.fullmatch(value) for name, _, pattern in self.all)

    def _fits(self, value: str) -> bool:
        strong = ((form, pattern) for name, form, pattern in self.all if name and not form.label)
        return any(pattern.fullmatch(value) and CHECKS[form.check](value) for form, pattern in strong)


def checked(name: str, form: Format, pattern: re.Pattern[str], value: str) -> bool:
    """Whether this format of a carrier has a check digit, and the number's is right."""
    return bool(name and form.check != "none" and pattern.fullmatch(value) and CHECKS[form.check](value))
