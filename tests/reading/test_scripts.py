"""Words in Thai, Vietnamese and Arabic, and what happens to a picture when they cannot be read."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.evidence import Facts
from bot.reading.apart import SCRIPT
from bot.reading.limits import Limits
from bot.reading.pictures import Pictures
from bot.reading.plain import plain
from bot.reading.pool import Pool, Worker
from bot.reading.processes import Spawned, program_of
from bot.reading.reader import FileReader
from bot.reading.scripts import languages
from bot.reading.scripts.languages import LANGUAGES, MODELS
from bot.reading.scripts.merging import gaps, merged
from bot.reading.scripts.months import month
from bot.reading.scripts.reader import ScriptReader
from bot.reading.scripts.telling import languages_of
from bot.reading.tables import Vocabulary
from tests.reading.drawn import page, saved

FOLDER = Path(__file__).parent / "pictures"
TRUTH: dict[str, dict[str, Any]] = json.loads((FOLDER / "truth.json").read_text("utf-8"))
READ = [name for name, truth in TRUTH.items() if truth["language"]]
TRACKING = [name for name, truth in TRUTH.items() if truth["roles"]]
Look = Callable[..., Facts]


class Blind(ScriptReader):
    """Reads no further script."""

    def complete(
        self, worker: Worker, lines: list[dict[str, Any]], months: Any
    ) -> tuple[list[dict[str, Any]], list[str]]:
        return lines, []


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(Limits(workers=1))
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def look(reader: FileReader, pool: Pool) -> Look:
    known: dict[str, Facts] = {}

    def read(name: str, scripts: ScriptReader | None = None) -> Facts:
        if scripts is None and name in known:
            return known[name]
        pictures = Pictures(pool, reader.words, (), scripts=scripts or ScriptReader(Limits()))
        facts = replace(reader, pictures=pictures).read(FOLDER / f"{name}.png", "evidence")
        return facts if scripts else known.setdefault(name, facts)

    return read


def dense(text: str) -> str:
    return "".join(plain(text).split())


def test_nearly_all_words_are_read(look: Look) -> None:
    """Thai letters of two pixels' difference may be taken for each other; whole pages may not be."""
    right = {name: [word for word in TRUTH[name]["words"] if dense(word) in dense(look(name).words)] for name in READ}
    total = sum(len(TRUTH[name]["words"]) for name in READ)
    assert sum(map(len, right.values())) >= 0.93 * total, right
    assert all(len(right[name]) >= 0.7 * len(TRUTH[name]["words"]) for name in READ), right


@pytest.mark.parametrize("name", READ)
def test_the_language_is_told_from_the_picture(look: Look, name: str) -> None:
    """Nothing on the drawn chats says which program they are of: that is all that is left to be asked."""
    facts = look(name)
    asked = ("page_chat",) if name.endswith("_chat") else ()
    assert TRUTH[name]["language"] in facts.languages and facts.warnings == asked


@pytest.mark.parametrize("name", TRACKING)
def test_times_have_their_roles(look: Look, name: str) -> None:
    facts = look(name)
    timed = [stamp for stamp in facts.timestamps if stamp.at and not stamp.day_only]
    assert [f"{stamp.at:%Y-%m-%dT%H:%M}" for stamp in timed if stamp.at] == TRUTH[name]["times"]
    count = len(TRUTH[name]["times"])
    assert [stamp.role.value for stamp in timed][:count] == TRUTH[name]["roles"][:count]
    assert facts.kind == TRUTH[name]["kind"]


@pytest.mark.parametrize("name", READ)
def test_numbers_are_never_worse(look: Look, name: str) -> None:
    """Every number that was surely read without further scripts is read with them, and every own number is there."""
    blind, seeing = look(name, Blind(Limits())), look(name)
    now = {each.value: each for each in seeing.candidates}
    for each in blind.candidates:
        if each.agree and each.whole and sum(map(str.isdigit, each.value)) >= 8:
            assert (now[each.value].agree, now[each.value].whole) == (True, True), each
    found = {*now, *seeing.order_ids}
    assert {"".join(filter(str.isalnum, number)) for number in TRUTH[name]["numbers"]} <= found


def test_a_number_among_letters_that_are_not_known_is_read_again(look: Look) -> None:
    assert "47812345670" in {each.value for each in look("ar_aramex").candidates if each.agree}
    assert look("ar_naqel").candidates[0].label


def test_places_stand_where_the_writing_is(look: Look) -> None:
    """Also in lines that run from the right."""
    facts = look("ar_spl")
    spot = facts.spot("candidates", "RR123456785SA")
    assert spot is not None
    left, top, right, bottom = spot.box
    assert 195 < left < 215 and 325 < right < 345 and 60 < top < 75 and 78 < bottom < 95


def test_a_script_that_nobody_reads_is_said(look: Look) -> None:
    facts = look("he_none")
    assert facts.warnings == ("script_unread",)
    assert "RR123456785IL" in {each.value for each in facts.candidates}


def test_other_pages_start_nothing(look: Look, reader: FileReader, pool: Pool, tmp_path: Path) -> None:
    class Never(ScriptReader):
        def _words(self, *_: object) -> list[Any]:
            raise AssertionError("no page in Latin or Chinese letters needs it")

    (tmp_path / "a.png").write_bytes(saved(page()))
    pictures = Pictures(pool, reader.words, (), scripts=Never(Limits()))
    assert replace(reader, pictures=pictures).read(tmp_path / "a.png", "a").warnings == ()


@pytest.mark.parametrize(
    "happens",
    ["import time; time.sleep(60)", "import os; os.kill(os.getpid(), 9)", "print('nonsense')", "raise MemoryError"],
    ids=["hangs", "is killed", "talks nonsense", "runs out of memory"],
)
def test_a_reader_that_fails_costs_its_words_and_nothing_else(look: Look, happens: str) -> None:
    began = time.monotonic()
    facts = look("th_flash", ScriptReader(Limits(script_seconds=1), Spawned(happens), 1))
    assert time.monotonic() - began < 200
    blind = look("th_flash", Blind(Limits()))
    assert facts.warnings[0] == "script_stopped:th"
    assert (facts.candidates, facts.timestamps) == (blind.candidates, blind.timestamps)


def test_what_was_stopped_is_tried_again(reader: FileReader, pool: Pool, tmp_path: Path) -> None:
    """The second time it does not fail."""
    failed = tmp_path / "failed"
    once = f"import os, sys; os.path.exists({str(failed)!r}) or (open({str(failed)!r}, 'w').close(), sys.exit(1)); "
    scripts = ScriptReader(Limits(), Spawned(once + program_of(SCRIPT)))
    eyes = replace(reader, pictures=Pictures(pool, reader.words, (), scripts=scripts))
    assert "script_stopped:th" in eyes.read(FOLDER / "th_flash.png", "a").warnings
    assert eyes.read(FOLDER / "th_flash.png", "a").warnings == ()


def test_without_the_package_it_says_so(look: Look) -> None:
    process = "from bot.reading.scripts.process"
    absent = "from bot.reading.scripts import process; process.missing = lambda _: ['tesserocr']; "
    start = program_of(SCRIPT).replace(process, absent + process)
    assert look("th_flash", ScriptReader(Limits(), Spawned(start))).warnings == ("script_missing",)


def test_models_are_those_that_the_notice_names() -> None:
    notice = (MODELS / "NOTICE").read_text("utf-8")
    for language in LANGUAGES.values():
        digest = hashlib.sha256(language.model.read_bytes()).hexdigest()
        assert digest == language.sha256 and f"{language.name}.traineddata" in notice and digest in notice
    assert languages.missing(LANGUAGES.values()) == []


def test_an_altered_model_is_missed(tmp_path: Path) -> None:
    (tmp_path / "tha.traineddata").write_bytes(b"another")
    assert languages.missing([replace(LANGUAGES["th"], folder=tmp_path)]) == ["tha.traineddata"]


def line(text: str, confidence: float = 0.95, length: float = 400.0) -> dict[str, Any]:
    """A line 20 pixels high whose characters stand side by side."""
    places = [(number + 0.5) / max(1, len(text)) for number in range(len(text))]
    quad = [[0.0, 0.0], [length, 0.0], [length, 20.0], [0.0, 20.0]]
    return {
        "text": text,
        "confidence": confidence,
        "places": places,
        "confidences": [confidence] * len(text),
        "quad": quad,
    }


def test_numbers_win_over_words_and_words_over_likeness(vocabulary: Vocabulary) -> None:
    thai, months = LANGUAGES["th"], vocabulary.months["th"]
    seen = line("18 w.8. 2569 10:32 EG123456785TH")
    words = [("18", 0.9, 0.0, 0.06), ("พ.ย.", 0.8, 0.09, 0.21), ("2569", 0.9, 0.25, 0.37), ("ไ1ห", 0.9, 0.95, 1.0)]
    assert merged(seen, words, thai, [], months)["text"] == "18 พ.ย. 2569 10:32 EG123456785TH"
    assert merged(seen, [("wrong", 0.9, 0.0, 1.0)], thai, [], months) == seen


def test_writing_from_the_right_is_in_order(vocabulary: Vocabulary) -> None:
    arabic, months = LANGUAGES["ar"], vocabulary.months["ar"]
    seen = line("14:05 2026    18   ")
    words = [("18", 0.9, 0.78, 0.9), ("توفمبر", 0.3, 0.56, 0.72), ("2026", 0.9, 0.31, 0.5), ("14:05", 0.9, 0.0, 0.26)]
    found = merged(seen, words, arabic, [], months)
    assert found["text"] == "18 نوفمبر 2026 14:05"
    assert found["places"][0] > found["places"][-1]
    mixed = merged(line("J&T Express     "), [("شركة", 0.95, 0.8, 1.0)], arabic, [], months)
    assert mixed["text"] == "شركة J&T Express"


def test_a_stretch_read_anew_never_loses_a_sure_number(vocabulary: Vocabulary) -> None:
    arabic, months = LANGUAGES["ar"], vocabulary.months["ar"]
    words = [("رقم", 0.95, 0.8, 1.0)]
    for first, again, expected in (
        ("47812345670    ", "4781234567", "47812345670"),
        ("47812456        ", "47812345670", "47812345670"),
    ):
        seen = line(first, 0.97 if first.startswith("478123") else 0.7)
        gap = (0.0, 0.8)
        assert gaps(seen, words, arabic, months) == [gap]
        assert merged(seen, words, arabic, [(gap, line(again))], months)["text"] == f"رقم {expected}"


def test_months_are_known_without_their_dots(vocabulary: Vocabulary) -> None:
    arabic, thai = vocabulary.months["ar"], vocabulary.months["th"]
    assert {month(word, arabic) for word in ("نوفمبر", "توفمبر", "نوفمير")} == {"نوفمبر"}
    assert month("مارس", arabic) == "مارس" and month("مدرس", arabic) == "" and month("2026", arabic) == ""
    assert month("พ.ุย.", thai) == "พ.ย." and month("มค", thai) == "" and month("มี.ค.", thai) == "มี.ค."


def test_the_likeliest_language_comes_first() -> None:
    blank, garbage = line("    ", 0.5), line("wununanawwan anu bnaan", 0.55)
    assert [language.code for language in languages_of([blank, blank])] == ["ar", "th"]
    assert [language.code for language in languages_of([garbage, garbage])] == ["th", "ar"]
    assert [language.code for language in languages_of([line("Đang giao hàng - Bưu cc 12 Nguyn")])] == ["vi"]
    assert languages_of([line("Out for delivery at the local depot"), line("已签收 2026-11-18 10:00")]) == []
