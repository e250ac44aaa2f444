"""Who speaks in a conversation: buyer, seller or system, told from names in many languages."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.reading.plain import plain, words_pattern, words_regex
from bot.reading.tables import ChatWords

_TRIM = " \t:()[]【】<>-–—|,*#·"


@dataclass(frozen=True, eq=False)
class Speakers:
    """Names to parties, by the words of config/reading.toml."""

    words: ChatWords

    def party(self, name: str) -> str:
        """ "buyer", "seller" or "system" by the longest word in `name` that says so, "" when none does."""
        found = max(self._any.findall(name), key=len, default="")
        return self._party_of.get(found.lower(), "")

    def parties(self, names: Iterable[str]) -> dict[str, str]:
        """The party of each name of one conversation; when one side is known, the strangers are the other."""
        known = {name: self.party(name) for name in names}
        strangers = [name for name, party in known.items() if not party]
        sides = set(known.values()) & {"buyer", "seller"}
        if len(sides) == 1 and len(strangers) == 1:
            known[strangers[0]] = ({"buyer", "seller"} - sides).pop()
        return known

    def own_name(self, name: str) -> str:
        """What is left of a speaker's name without the words for the party ("Buyer John" -> "John")."""
        return self._any.sub("", name).strip(_TRIM)

    def labelled_buyers(self, text: str) -> tuple[str, ...]:
        """Buyer names that a page announces ("Buyer username: john_doe")."""
        return tuple(dict.fromkeys(match[1].strip(_TRIM) for match in self._labels.finditer(text)))

    @cached_property
    def _party_of(self) -> dict[str, str]:
        parties = {"buyer": self.words.buyer, "seller": self.words.seller, "system": self.words.system}
        return {plain(word).lower(): party for party, words in parties.items() for word in words}

    @cached_property
    def _any(self) -> re.Pattern[str]:
        return words_regex(self._party_of)

    @cached_property
    def _labels(self) -> re.Pattern[str]:
        labels = words_pattern([*self.words.names, "buyer", "买家"])
        return re.compile(rf"(?:{labels})[ ]?[:=][ ]?(?!\d{{1,2}}:)([^\s|:,;]{{2,40}})[ ]*(?=$|[|,;\n])", re.I | re.M)
