"""Personal data of buyers in a text: names, addresses, phone numbers and mail addresses."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.domain.evidence import Personal
from bot.domain.personal import MAIL
from bot.reading.plain import words_pattern
from bot.reading.tables import PersonalWords

_PHONE = re.compile(r"(?<![\w.#*+])\+?\(?\d[\d* ().\-]{5,19}[\d*]{2}(?![\w*])")
_CHINESE = re.compile(r"1[3-9]\d(?:\d|\*){8}")
_LABEL = re.compile(r"[:：|]\s")
_MASKED = re.compile(r"\*{2,}")
_FEWEST, _MOST, _LONGEST, _ADDRESS_LINES = 7, 15, 120, 5


@dataclass(frozen=True, eq=False)
class PersonalReader:
    """Finds personal data by labels and by form."""

    words: PersonalWords

    def find(
        self, text: str, buyers: Iterable[str], known: Iterable[str], *, blocks: bool = False
    ) -> tuple[Personal, ...]:
        """What is found, each once, in the order of the text; `known` are numbers and times that are no phones. With
        `blocks`, the lines below a label of an address count as that address: some of them may be none."""
        found = dict.fromkeys(Personal("buyer", name) for name in buyers)
        found |= dict.fromkeys(self._below(text) if blocks else ())
        found |= dict.fromkeys(self._labelled(text))
        found |= dict.fromkeys(Personal("mail", match.group()) for match in MAIL.finditer(text))
        found |= dict.fromkeys(Personal("phone", number) for number in self._phones(text, " ".join(known)))
        return tuple(found)

    def _labelled(self, text: str) -> Iterator[Personal]:
        for kind, pattern in self._labels.items():
            for match in pattern.finditer(text):
                value = match["value"].strip(" \t:|,;")
                if 2 <= len(value) <= _LONGEST and not _MASKED.fullmatch(value):
                    yield Personal(kind, value)

    def _below(self, text: str) -> Iterator[Personal]:
        """The lines of addresses that are written in several, to the next empty line or the next label."""
        for match in self._address_heads.finditer(text):
            for line in text[match.end() + 1 :].split("\n", _ADDRESS_LINES)[:_ADDRESS_LINES]:
                if not line.strip() or _LABEL.search(line):
                    break
                yield Personal("address", line.strip()[:_LONGEST])

    def _phones(self, text: str, known: str) -> Iterator[str]:
        for match in _PHONE.finditer(text):
            number = match.group().strip(" -.")
            digits = re.sub(r"[^\d*]", "", number)
            if not _FEWEST <= len(digits) <= _MOST or number in known or digits in re.sub(r"[\s\-]", "", known):
                continue
            before = text[max(0, match.start() - 30) : match.start()].rsplit("\n", 1)[-1]
            if self._support.search(before) or not self._is_phone(number, digits, before):
                continue
            yield number

    def _is_phone(self, number: str, digits: str, before: str) -> bool:
        return number.startswith("+") or bool(_CHINESE.fullmatch(digits) or self._phone_labels.search(before))

    @cached_property
    def _labels(self) -> dict[str, re.Pattern[str]]:
        kinds = {"address": self.words.address, "recipient": self.words.recipient}
        value = rf"(?P<value>[^\n|]{{2,{_LONGEST}}})"
        between = r"[ \t]{0,3}(?:[:：]|\||[ \t]{2}|\n)[ \t]{0,8}"
        return {
            kind: re.compile(rf"(?:{words_pattern(labels)}){between}{value}", re.IGNORECASE)
            for kind, labels in kinds.items()
        }

    @cached_property
    def _address_heads(self) -> re.Pattern[str]:
        """Lines that are a label of an address, or one with the beginning of the address behind it."""
        return re.compile(
            rf"(?:{words_pattern(self.words.address)})[ \t]*(?:[:：|][^\n]*)?$", re.IGNORECASE | re.MULTILINE
        )

    @cached_property
    def _phone_labels(self) -> re.Pattern[str]:
        return re.compile(words_pattern(self.words.phone), re.IGNORECASE)

    @cached_property
    def _support(self) -> re.Pattern[str]:
        return re.compile(words_pattern(self.words.support), re.IGNORECASE)
