"""The words that people type, and the commands that they mean."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.text import unified

_MENTION = re.compile(r"^(?:<@[^>]{1,64}>|@\S{1,64})\s*")
_PREFIX = re.compile(r"^(?:/\s*)?odr(?:-?bot)?(?=\s|$)[\s:,]*(?=\S)", re.IGNORECASE)
_BEHIND, _STOPS = " :,，：、\n", " :,，：、\n.。!！~～"
NAME = re.compile(
    r"(?:(?:案件|case)[ -]?[c#]?|c|#(?=\d{1,3}(?!\d)))-?\d{1,9}(?![0-9a-z])"
    r"|(?:订单号?|order)?[ .…#]*\d{4,20}(?![0-9a-z])"
    r"|e-?\d{1,9}(?![0-9a-z])"
    r"|全部|所有|全都|都|all(?![0-9a-z])",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"(?<![0-9a-z])(?:{NAME.pattern.rpartition('|全部')[0]})", re.IGNORECASE)
_OF_CASE = re.compile(r"^(?:案件|case)[ -]?[c#]?-?", re.IGNORECASE)
_OF_ORDER = re.compile(r"^(?:订单号?|order)?[ .…#]*(?=\d{4})", re.IGNORECASE)
_GOES_ON = re.compile(r"-?\d|[a-z]", re.IGNORECASE | re.ASCII)
_CODE = re.compile(r"^[A-Z]{2,8}-?\d{1,6}(?![0-9a-z])", re.IGNORECASE)
EVERY = "全部"
"""The name of all the orders of a case."""
CLEAR, ALIKE = 5, 88
"""Letters from which a misspelt word can be told from another, and how alike in percent the two must be."""
LONGEST = 100
"""Characters in which a word is looked for: no word is longer, and people paste whole pages."""


def tidy(text: str) -> str:
    """A person's words made comparable: without mentions and the `/odr` prefix, with white space folded in each
    line."""
    lines = unified(text).splitlines()
    text = _MENTION.sub("", "\n".join(" ".join(line.split()) for line in lines).strip())
    return _PREFIX.sub("", text) if _PREFIX.match(text) and not _is_odr_query(text) else text.lstrip("/ ").strip()


def _is_odr_query(text: str) -> bool:
    """Whether `odr SHOP` is the command `odr` itself: without the slash, the word is the command and not the
    prefix."""
    return not text.startswith("/") and not text.lower().startswith(("odr-bot", "odrbot"))


@dataclass(frozen=True)
class Speech:
    """The words around commands, of all languages together.

    `leads` and `tails` stand before and behind a command that only shows something. Around a command that changes
    something stand `before` and `after`, `joins` between its arguments, `courtesies` anywhere; `requests` are
    those of them that ask for a thing to be done, and `towards` lead to a name. `doubts` express doubt or a
    question wherever they stand, `endings` where a text ends with them; `talk` is how people speak to each other,
    `because` begins a reason, `sure` says behind a report that it is meant although points are open. `values` are
    words that are an answer by themselves, `choices` those that are one only behind their command: command →
    answer → its words."""

    leads: Sequence[str] = ()
    tails: Sequence[str] = ()
    before: Sequence[str] = ()
    after: Sequence[str] = ()
    joins: Sequence[str] = ()
    courtesies: Sequence[str] = ()
    requests: Sequence[str] = ()
    towards: Sequence[str] = ()
    doubts: Sequence[str] = ()
    endings: Sequence[str] = ()
    talk: Sequence[str] = ()
    because: Sequence[str] = ()
    sure: Sequence[str] = ()
    values: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Meaning:
    """A command ("" for none) and its arguments. `whole`: nothing is left over but names and small words."""

    command: str = ""
    rest: str = ""
    whole: bool = False


class CommandVocabulary:
    """The words for the commands, of all languages."""

    def __init__(self, words: Mapping[str, Iterable[str]], speech: Speech | None = None) -> None:
        self.speech = speech = speech or Speech()
        self.names = {tidy(word).casefold(): name for name, listed in words.items() for word in listed}
        self.longest = longest_first(self.names)
        self.leads, self.tails = longest_first(speech.leads), longest_first(speech.tails)
        self.between = longest_first({*speech.leads, *speech.joins})
        self.standalone = _by_word(speech.values)
        chosen = _by_word(speech.choices)
        self.values = {
            name: self.standalone.get(name, {}) | chosen.get(name, {}) for name in [*self.standalone, *chosen]
        }

    def match(self, text: str) -> tuple[str, str]:
        """(command, the rest) for the longest command word with which the text starts; ("", text) when it starts
        with none."""
        word = first_word(self.longest, text)
        return (self.names[word], text[len(word) :].lstrip(_BEHIND)) if word else ("", text)

    def understand(self, text: str) -> Meaning:
        """The command and arguments in the words of a person in a hurry, who puts names and small words first or
        only answers: "请导出 C1", "C1 缺什么", "全部标S1", "0027 approved". Without a command, `rest` holds the
        names of a text that says nothing else."""
        command, _ = self.match(text)
        around = self._around(text)
        # "case C1 missing" names a case and then says what is wanted.
        if command and not (command in ("case", "orders") and around.command):
            return self._commanded(text, [])
        return around

    def _around(self, text: str) -> Meaning:
        names: list[str] = []
        while text:
            found = self._commanded(text, names) if first_word(self.longest, text) else self._answered(text, names)
            if found.command and not (found.command in ("case", "orders") and NAME.match(text)):
                return found
            if name := NAME.match(text):
                names.append(plain_name(name.group()))
                text = text[name.end() :].lstrip(_BEHIND)
            elif lead := first_word(self.between if names else self.leads, text):
                text = text[len(lead) :].lstrip(_BEHIND)
            else:
                return Meaning()
        return Meaning(rest=" ".join(names), whole=bool(names))

    def _commanded(self, text: str, names: Sequence[str]) -> Meaning:
        """The meaning of a text that begins with a command."""
        word = first_word(self.longest, text)
        command, behind = self.names[word], text[len(word) :]
        rest = behind.lstrip(_BEHIND)
        answer, more, left = self._parts(command, rest)
        if answer:
            rest = " ".join(filter(None, [*more, answer, left]))
        elif first_word(self.tails, rest) and (only := self._only_names(rest)) is not None:
            rest = " ".join(only)
        whole = self._only_names(left) is not None
        return Meaning(command, " ".join(filter(None, [*names, rest])), whole)

    def _answered(self, text: str, names: Sequence[str]) -> Meaning:
        """The meaning of a text that begins with an answer, provided that it says nothing else, and names what the
        answer is for or is a rejection code."""
        for command, answers in self.standalone.items():
            if word := first_word(longest_first(answers), text):
                answer, more, left = self._parts(command, text)
                left = self._without_code(left)
                named = names or more or self._only_names(left) or word == answer.casefold()
                if named and self._only_names(left) is not None:
                    more += self._only_names(left) or []
                    return Meaning(command, " ".join([*names, *more, answer]), whole=True)
        return Meaning()

    def _parts(self, command: str, text: str) -> tuple[str, list[str], str]:
        """(answer, names, rest) of the words behind a command."""
        answer, names, answers = "", [], self.values.get(command, {})
        listed = longest_first(answers)
        while text:
            if not answer and (word := first_word(listed, text)):
                answer, text = answers[word], self._without_tails(text[len(word) :])
            elif name := NAME.match(text):
                names.append(plain_name(name.group()))
                text = text[name.end() :]
            elif answers and not answer and (lead := first_word(self.leads, text)):
                text = text[len(lead) :]
            else:
                break
            text = text.lstrip(_BEHIND)
        return answer, names, text

    def _without_tails(self, text: str) -> str:
        while tail := first_word(self.tails, text := text.lstrip(_STOPS)):
            text = text[len(tail) :]
        return text

    def _without_code(self, text: str) -> str:
        """The text without the code of a rejection and the small words before it."""
        rest = text
        while word := first_word(self.between, rest):
            rest = rest[len(word) :].lstrip(_BEHIND)
        code = _CODE.match(rest)
        return rest[code.end() :].lstrip(_STOPS) if code and not NAME.match(rest) else text

    def _only_names(self, text: str) -> list[str] | None:
        """The names in a text that says nothing else but small words; None when it does."""
        names = []
        while text := self._without_tails(text):
            name = NAME.match(text)
            if not name:
                return None
            names.append(plain_name(name.group()))
            text = text[name.end() :]
        return names

    def misspelt(self, text: str) -> bool:
        """Whether the text is nothing but a command word in which a letter or two went wrong."""
        from rapidfuzz import fuzz, process

        words = [word for word in self.longest if len(word) >= CLEAR and word.isascii()]
        return process.extractOne(text.casefold(), words, scorer=fuzz.ratio, score_cutoff=ALIKE) is not None

    def nearest(self, text: str) -> str:
        """The command that was probably meant, to be asked back: a command word inside the text, or the one most
        similar to what was typed, with the names of the text; or ""."""
        from rapidfuzz import fuzz, process

        names = [plain_name(name.group()) for name in _NUMBERED.finditer(text)]
        lowered = text.casefold()
        inside = (word for word in self.longest if len(word) > 1 + 2 * word.isascii() and says(word, lowered))
        word = next(inside, "")
        if not word and (typed := " ".join(_NUMBERED.sub(" ", lowered).split()[:2])):
            found = process.extractOne(typed, self.longest, scorer=fuzz.ratio, score_cutoff=65)
            word = found[0] if found else ""
        return " ".join([word, *names]) if word else ""


def _by_word(answers: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, dict[str, str]]:
    return {
        name: {word.casefold(): answer for answer, words in listed.items() for word in words}
        for name, listed in answers.items()
    }


def longest_first(words: Iterable[str]) -> list[str]:
    """The words in the order in which they are tried: longer ones first."""
    return sorted((word.casefold() for word in words), key=len, reverse=True)


def first_word(words: Iterable[str], text: str) -> str:
    """The first of the words with which the text starts. A Latin word must end there; Chinese needs no space
    behind a word."""
    lowered = text[:LONGEST].casefold()
    return next((word for word in words if lowered.startswith(word) and ends_word(word, lowered[len(word) :])), "")


def ends_word(word: str, behind: str) -> bool:
    """Whether the word ends where `behind` begins, and not inside another word or a code such as "ODR-07"."""
    return not word[-1].isascii() or not _GOES_ON.match(behind)


def says(word: str, text: str) -> bool:
    """Whether the word occurs anywhere in a text in lower case."""
    if not word.isascii():
        return word in text
    return re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text) is not None


def plain_name(name: str) -> str:
    """A name in the form in which it is typed behind a command."""
    if _OF_CASE.match(name):
        return "C" + _OF_CASE.sub("", name)
    return EVERY if name == "都" else _OF_ORDER.sub("", name)
