"""Every text that the program can ask for is there, in both languages, with the same variables."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import meta

from bot.conversation.vocabulary import CommandVocabulary
from bot.domain.case import AppealStatus, CaseStatus
from bot.domain.evidence import CHAT, DEADLINE, OTHER_CHAT
from bot.domain.orders import DefectType
from bot.domain.people import Role
from bot.domain.policy import RejectionCode
from bot.reading.logs import __file__ as reading_folder
from bot.reading.tables import load_vocabulary
from bot.rules import RULES
from bot.runtime.conversing import all_handlers
from bot.settings.files import data_root
from bot.wording.alerts import chance, mentioned_triggers
from bot.wording.phrases import Phrases, shared_phrases
from bot.wording.speech import AROUND
from handlers.appeals import OUTCOMES
from tests.domain.profile import CATALOGUE, POLICY, ROOT, load

PHRASES = shared_phrases(ROOT / "templates", "Asia/Shanghai")
ENGLISH, CHINESE = PHRASES.texts["en"], PHRASES.texts["zh"]
WORD_LISTS = {key for key, value in ENGLISH.items() if isinstance(value, list)}
CODE = [path.read_text("utf-8") for folder in ("bot", "handlers") for path in (ROOT / folder).rglob("*.py")]
CALLS = [node for code in CODE for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]


def commands() -> list[str]:
    return list(tomllib.loads((ROOT / "templates/en/commands.toml").read_text("utf-8")))


def test_there_are_two_languages() -> None:
    assert PHRASES.languages == ("en", "zh")


def test_both_have_the_same_keys_in_the_same_order() -> None:
    assert list(ENGLISH) == list(CHINESE)


def variables(text: object) -> set[str]:
    environment = PHRASES._environment
    return meta.find_undeclared_variables(environment.parse(str(text)))


def test_texts_use_the_same_variables_in_both_languages() -> None:
    used = {key: (variables(ENGLISH[key]), variables(CHINESE[key])) for key in ENGLISH.keys() - WORD_LISTS}
    assert {key: sets for key, sets in used.items() if sets[0] != sets[1]} == {}


def proposals() -> Iterator[str]:
    """The keys of all that some profile may propose."""
    yield from (f"ask_buyer_{kind}" for kind in DefectType)
    yield from (f"report_review_{kind}" for kind in DefectType if kind is not DefectType.RETURN_REFUND)


def wanted() -> Iterator[str]:
    """The keys that data and enumerations ask for."""
    for requirement in {need.id for name in ("", *CATALOGUE.scenarios) for need in CATALOGUE.requirements(name)}:
        yield f"words.requirement.{requirement}"
        yield f"words.requirement_remedy.{requirement}"
    yield from (f"words.kind.{kind}" for kind in (DEADLINE, *CATALOGUE.kinds))
    yield from (f"words.kind_words.{kind}" for kind in CATALOGUE.kinds)
    yield from (f"speech.values.tag.{name}" for name in CATALOGUE.scenarios)
    yield from (f"speech.values.result.{name}" for name in OUTCOMES)
    yield from (f"words.scenario.{name}" for name in (*CATALOGUE.scenarios, "none"))
    yield from (f"words.{table}.{name}" for table in ("trigger", "short_trigger") for name in POLICY.triggers.enabled)
    yield from (f"words.status.{status}" for status in (*CaseStatus, "ready"))
    yield from (f"words.appeal.{status}" for status in AppealStatus)
    yield from (f"words.{table}.{kind}" for table in ("defect", "form_defect") for kind in DefectType)
    yield from (f"words.proposal.{name}" for name in ("support", "joined", *proposals()))
    yield from (f"words.role.{role}" for role in Role)
    yield from (f"words.rule.{name}" for name in RULES)
    yield from (f"replies.resubmit.{when}" for when in get_args(RejectionCode.model_fields["resubmit"].annotation))
    yield from (f"replies.playbook.{code['meaning']}" for code in load("playbook.toml")["codes"].values())
    yield from (f"commands.{name}.{part}" for name in commands() for part in ("words", "usage", "help"))


def test_what_data_asks_for_is_there() -> None:
    assert [key for key in wanted() if not (ENGLISH.get(key) and CHINESE.get(key))] == []


@pytest.mark.parametrize("scenario", [*CATALOGUE.scenarios, "none"])
def test_every_scenario_has_explanations(scenario: str) -> None:
    assert PHRASES.keys(f"drafts.{scenario}.", "en")


def literals(function: str, argument: int) -> Iterator[str]:
    """The constant strings that the code passes to `function` at the place `argument`, f-strings left out."""
    for call in CALLS:
        if _name(call.func) == function and len(call.args) > argument:
            yield from _strings(call.args[argument])


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _strings(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _strings(body)
            yield from _strings(orelse)


@cache
def keys_in_code() -> set[str]:
    """Keys written out in code: refusals, refused files and rows, timeline events, texts said."""
    refused = {f"refusals.{key}" for key in literals("Refusal", 0)} | {
        f"refusals.{key}" for key in literals("refusal", 1)
    }
    imported = {f"imports.{key}" for name in ("SourceError", "BadRow") for key in literals(name, 0)}
    imported |= {f"imports.{key}" for key in literals("Skipped", 1)}
    events = {f"timeline.{key}" for key in literals("_note", 2)} | {f"timeline.{key}" for key in literals("note", 4)}
    said = {key for name, at in (("say", 0), ("said", 1), ("_worded", 1)) for key in literals(name, at) if "." in key}
    return refused | imported | events | said


def test_the_search_finds_keys_of_every_sort() -> None:
    found = Counter(key.partition(".")[0] for key in keys_in_code())
    assert {"refusals", "imports", "timeline", "replies", "alerts", "work", "words"} <= set(found)
    assert found["refusals"] >= 25 and found["timeline"] >= 12 and found["replies"] >= 40


def test_what_the_code_asks_for_is_there() -> None:
    assert sorted(key for key in keys_in_code() if key not in ENGLISH or key not in CHINESE) == []


COVERED_ELSEWHERE = ("commands.", "console.", "drafts.", "findings.", "imports.", "reading.", "scenario.", "words.")
COVERED_ELSEWHERE += ("trail.", "intents.", "answers.")


def test_no_text_is_left_that_nobody_asks_for() -> None:
    """A key stands in the code, or begins like one that is put together there (`f"replies.cases_{name}"`)."""
    built = {start for code in CODE for start in re.findall(r'f"(\w+\.[\w.]+)\{', code)}
    built |= {"refusals.", "timeline.", "alerts.", "speech.values.", "speech.choices."}
    built |= {"statuses.button_", "statuses.correct_"}
    built |= {f"refusals.{start}" for code in CODE for start in re.findall(r'Refusal\(f"(\w+_)\{', code)}
    spoken = {f"speech.{name}" for name in AROUND}
    constants = {text for code in CODE for text in re.findall(r"[\"']([\w.]+)[\"']", code)}
    left = [
        key
        for key in ENGLISH
        if key not in constants
        and not key.startswith(
            (*COVERED_ELSEWHERE, *(start for start in built if start.count(".") > 1 or start[-1] == "_"))
        )
        and not (key.partition(".")[0] + "." in built and key.partition(".")[2] in constants)
        and key not in {*wanted(), *spoken}
    ]
    assert left == []


def test_no_word_belongs_to_two_commands() -> None:
    owners: dict[str, set[str]] = {}
    for name in commands():
        for language in PHRASES.languages:
            for word in PHRASES.words(f"commands.{name}.words", language):
                owners.setdefault(" ".join(word.casefold().split()), set()).add(name)
    assert {word: names for word, names in owners.items() if len(names) > 1} == {}


@pytest.mark.parametrize("language", PHRASES.languages)
def test_commands_are_handled_and_their_usage_is_understood(language: str) -> None:
    words = {
        name: [word for each in PHRASES.languages for word in PHRASES.words(f"commands.{name}.words", each)]
        for name in commands()
    }
    assert set(words) <= set(all_handlers().routes)
    vocabulary = CommandVocabulary(words)
    for name in commands():
        assert vocabulary.match(PHRASES.say(f"commands.{name}.usage", language))[0] == name


def test_no_word_for_evidence_belongs_to_two_kinds() -> None:
    owners: dict[str, set[str]] = {}
    for language in PHRASES.languages:
        for key in PHRASES.keys("words.kind_words.", language):
            for word in PHRASES.words(key, language):
                owners.setdefault(word.casefold(), set()).add(key)
    assert {word: keys for word, keys in owners.items() if len(keys) > 1} == {}


MARKUP = re.compile(r"</?[a-z][^>]*>|&[a-z]+;|\*\*|\]\(", re.IGNORECASE)


@pytest.mark.parametrize("language", PHRASES.languages)
def test_texts_are_plain_words(language: str) -> None:
    shown_to_people = {key: text for key, text in PHRASES.texts[language].items() if not key.startswith("intents.")}
    marked = {key: text for key, text in shown_to_people.items() if MARKUP.search(str(text))}
    assert marked == {}, "chat texts are escaped by each platform, they carry no markup of their own"


HAN = re.compile(r"[\u3400-\u9fff]")
ENGLISH_RUN = re.compile(r"(?:[A-Za-z']+[ ,]+){5,}[A-Za-z']+")


def shown(text: object) -> str:
    """The text without what Jinja puts in."""
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", str(text))


def test_chinese_texts_are_chinese() -> None:
    foreign = {
        key: text
        for key, text in CHINESE.items()
        if not key.endswith(".words")
        and key not in FORM_IN_ENGLISH
        and (
            ENGLISH_RUN.search(shown(text).replace(SEAT, ""))
            or (len(shown(text)) > 25 and not HAN.search(shown(text)))
        )
    }
    assert foreign == {}


SEAT = "Seller Center → Help Center → Submit a Request → Performance & Account → ODR Appeal"
FORM_IN_ENGLISH = {"words.form.defect_type", "words.form.root_cause", "words.form.explanation"}


def test_english_texts_are_english() -> None:
    foreign = {key for key, text in ENGLISH.items() if key not in WORD_LISTS and HAN.search(shown(text))}
    assert foreign == {"console.language_zh"}, "a language is offered in its own words"


def reader_warnings() -> set[str]:
    """The keys of warnings that the readers and the desk of evidence give, from the code: constants and the
    beginnings of f-strings."""
    folder = Path(reading_folder).parent
    known = {key.partition(".")[2] for key in ENGLISH if key.startswith("reading.")}
    desk = folder.parent / "services" / "evidence.py"
    text = "\n".join(path.read_text("utf-8") for path in (*folder.rglob("*.py"), desk))
    pages = {f"page_{page}" for page in (*load_vocabulary(data_root("config")).pages, CHAT, OTHER_CHAT)}
    assert pages <= known
    return pages | {key for key in known if re.search(rf'"{key}[":]', text)}


def test_every_reading_text_is_used() -> None:
    known = {key.partition(".")[2] for key in ENGLISH if key.startswith("reading.")}
    assert sorted(known - reader_warnings()) == []


@pytest.mark.parametrize("language", PHRASES.languages)
def test_times_are_shown_with_their_zone(language: str) -> None:
    at = datetime(2026, 11, 22, 20, tzinfo=UTC)
    text = PHRASES.say("alerts.countdown", language, deadline=at, left="x", zone="Asia/Shanghai")
    assert "2026-11-22 20:00 UTC" in text and "11-23 04:00" in text and "Asia/Shanghai" in text


def test_durations_and_chances_are_in_words_people_use() -> None:
    phrases = Phrases(data_root("templates"))
    left = 59 * 3600 + 5 * 60
    assert phrases.say("alerts.left", "zh", seconds=left) == "还剩 59 小时 05 分"
    assert phrases.say("alerts.left", "en", seconds=left) == "59 h 05 min left"
    assert [chance(p) for p in (0.0, 7.4e-07, 0.001, 0.0213, 0.05, 0.5, 1.0)] == [
        *("never", "never", "hardly", "seldom", "sometimes", "usual", "usual")
    ]
    assert mentioned_triggers(["single_day", "red", "surge"]) == ["red", "surge"] and mentioned_triggers(
        ["single_day"]
    ) == ["single_day"]
