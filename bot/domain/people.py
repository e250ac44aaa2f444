"""The people who are known to the team, and whom a text means (domain.md §7)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from bot.domain.text import folded

NEAR, ALIKE = 3, 0.5
_WRITTEN_TOGETHER = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


class Role(StrEnum):
    """What somebody may do, from the least to the most; kept and shown as its value. `Role(text)` reads one, and
    raises ValueError for any other text (domain.md §7)."""

    VIEWER = "viewer"
    MEMBER = "member"
    LEAD = "lead"
    ADMIN = "admin"

    def may(self, needed: "Role") -> bool:
        """Whether this role may do what needs that one at least."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


@dataclass(frozen=True)
class KnownPerson:
    """A person of the team: the id, the name, and the accounts on the platforms."""

    id: str
    name: str = ""
    accounts: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """The name by which people call the person, else the id."""
        return self.name or self.id

    def words(self) -> Iterator[str]:
        """Everything that names the person, in the form in which texts are compared."""
        return (word for text in (self.id, self.name, *self.accounts) if (word := folded(text.removeprefix("@"))))


class PeopleIndex:
    """Everybody who is known. Work is given only to them: a text means the one person whose id, account or name it
    is, compared as same text. A text that fits nobody, or several people, means nobody."""

    def __init__(self, people: Iterable[KnownPerson]) -> None:
        """`people` in order of trust: somebody whose id is an account of an earlier person is that person."""
        self._people: dict[str, KnownPerson] = {}
        accounts: set[str] = set()
        for person in people:
            if person.id not in self._people and person.id not in accounts:
                self._people[person.id] = person
            accounts.update(person.accounts)
        self._exact = {account: person.id for person in self._people.values() for account in person.accounts}
        self._exact |= {person_id: person_id for person_id in self._people}
        self._words: dict[str, set[str]] = {}
        for person in self._people.values():
            for word in person.words():
                self._words.setdefault(word, set()).add(person.id)

    @property
    def called_so(self) -> dict[str, str]:
        """The words, in the form in which texts are compared, that name exactly one person, and whom."""
        return {word: next(iter(ids)) for word, ids in self._words.items() if len(ids) == 1}

    def get(self, person_id: str) -> KnownPerson:
        """The person with that id; somebody unknown is returned with the id alone."""
        return self._people.get(person_id, KnownPerson(person_id))

    def find(self, text: str) -> str:
        """The id of the one person that the text names; "" for nobody or several."""
        text = text.strip().removeprefix("@")
        if text in self._exact:
            return self._exact[text]
        found = self._words.get(folded(text), set())
        return next(iter(found)) if len(found) == 1 else ""

    def called(self, text: str) -> frozenset[str]:
        """The ids of everybody whose id, name or account the text is."""
        return frozenset(self._words.get(folded(text.strip().removeprefix("@")), ()))

    def titled(self, title: str) -> str:
        """The id of the one person who is named in a title of a rota, such as "On Call - Bob"; "" for nobody or
        several."""
        return self.find(title) or self._only(self._inside(folded(title)))

    def near(self, text: str) -> list[KnownPerson]:
        """The people whom the text may mean: those it names, else those with the most similar names."""
        word = folded(text.strip().removeprefix("@"))
        named = self._words.get(word) or self._inside(word)
        alike = get_close_matches(word, self._words, NEAR, ALIKE) if word and not named else []
        ids = dict.fromkeys([*sorted(named), *(each for like in alike for each in sorted(self._words[like]))])
        return [self._people[each] for each in ids][:NEAR]

    def _inside(self, text: str) -> set[str]:
        """The people whose names occur in the text as words of their own; a longer name wins over one inside it."""
        found: set[str] = set()
        for word in sorted(self._words, key=len, reverse=True):
            if len(word) > 1 and (pattern := _as_word(word)).search(text):
                found |= self._words[word]
                text = pattern.sub(" ", text)
        return found

    @staticmethod
    def _only(found: set[str]) -> str:
        return next(iter(found)) if len(found) == 1 else ""


def _as_word(word: str) -> re.Pattern[str]:
    """A pattern that finds the word; scripts that are written without spaces need none around it."""
    before = "" if _WRITTEN_TOGETHER.match(word[0]) else r"(?<!\w)"
    after = "" if _WRITTEN_TOGETHER.match(word[-1]) else r"(?!\w)"
    return re.compile(before + re.escape(word) + after)
