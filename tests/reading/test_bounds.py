"""Whatever comes in, reading answers, and its cost grows no faster than its input."""

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bot.reading
from bot.domain.evidence import Facts
from bot.reading.limits import Limits
from bot.reading.reader import FileReader
from bot.reading.tables import Carriers
from bot.settings.files import data_root, read_toml

TOKENS = (
    "2026-11-18_11:00 18/11/26 Nov 11:00_PM UTC+8 Buyer 买家 : ( ] … #1 { , - / 9 1Z999AA10123456784 "
    "576461413038785752 tracking delivered error พ.ย._2569 ١٨"
)
PIECES = st.sampled_from([*(token.replace("_", " ") for token in TOKENS.split()), "\n", " ", "\t", '"', "\u202f"])
SOUP = st.lists(PIECES | st.text(max_size=4), max_size=60).map("".join)
SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(SOUP)
def test_any_words_are_read(reader: FileReader, words: str) -> None:
    facts = reader.read_text(words)
    assert isinstance(facts, Facts)
    assert all(stamp.at is None or stamp.at.tzinfo for stamp in facts.timestamps)
    assert not {number.value for number in facts.tracking_numbers} & set(facts.order_ids)


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(data=st.binary(max_size=300) | SOUP.map(str.encode), name=st.text(max_size=20))
def test_any_bytes_are_answered(reader: FileReader, tmp_path: Path, data: bytes, name: str) -> None:
    path = tmp_path / "original"
    path.write_bytes(data)
    assert isinstance(reader.read(path, name), Facts)


def test_facts_are_bounded(reader: FileReader) -> None:
    line = "2026-11-18 11:00:00 ERROR sync order 57646141303{:07} tracking YT24123456{:08} failed\n"
    facts = reader.read_text("".join(line.format(n, n) for n in range(1200)))
    limits = Limits()
    assert len(facts.words) == limits.words
    assert (
        max(map(len, (facts.timestamps, facts.order_ids, facts.tracking_numbers, facts.log_events))) == limits.entries
    )
    assert "many_facts" in facts.warnings
    assert "text_cut" in replace(reader, limits=Limits(searched=1000)).read_text(line * 20).warnings


HOSTILE = {
    "digits": "1",
    "spaced digits": "1 ",
    "dates": "2026-11-18 ",
    "half dates": "18/",
    "months": "nov ",
    "labels": "tracking number ",
    "spaces": " ",
    "brackets": "[(",
    "newlines": "\n",
    "colons": "a:",
    "prefix of a role": "delivere ",
    "hosts": "a.",
    "letters": "a",
    "times": "11:00 ",
    "ups": "1Z",
    "one number": "1Z999AA10123456784 ",
    "a carrier and its number": "FedEx 794629083060 ",
}


def seconds(reader: FileReader, text: str) -> float:
    """Processor time of this thread alone: what else the machine does hardly counts."""
    start = time.thread_time()
    reader.read_text(text)
    return time.thread_time() - start


@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_no_faster_than_the_text(reader: FileReader, name: str) -> None:
    piece = HOSTILE[name]
    few, many = (piece * (size // len(piece)) for size in (2_000, 32_000))
    small = min(seconds(reader, few) for _ in range(3))
    # Sixteen times the text: linear work takes 16 times as long, quadratic work 256 times. One of three is enough.
    assert any(seconds(reader, many) <= 80 * (small + 0.001) for _ in range(3))


def test_no_shipped_pattern_can_backtrack_without_bound(carriers: Carriers) -> None:
    patterns = [form.pattern for carrier in carriers.carriers for form in carrier.formats]
    for pattern in patterns:
        assert not re.search(r"(?<!\\)[*+]|\{\d*,\}|\)\{\d+,", pattern), pattern


def test_every_key_has_words() -> None:
    source = "".join(path.read_text("utf-8") for path in (Path(bot.reading.__file__).parent).glob("*.py"))
    keys = set(re.findall(r"""[f ([{]["']([a-z]+(?:_[a-z]+)+)(?=["':])""", source))
    known = set(read_toml(data_root("templates") / "en" / "reading.toml"))
    about = re.compile(r"(?:pdf|picture|gap|date|zone|year|sites|order_id|tracking_check|capture|captured_from)_")
    fields = {key for key in keys if key in Limits.__dataclass_fields__ or key in Facts.__dataclass_fields__}
    assert {key for key in keys - fields if about.match(key)} - known == {"picture_details"} & keys
    assert len(known & keys) > 20


def test_both_languages_have_the_same_keys() -> None:
    english, chinese = (read_toml(data_root("templates") / language / "reading.toml") for language in ("en", "zh"))
    assert english.keys() == chinese.keys()
    assert [key for key in english if ("value" in english[key]) != ("value" in chinese[key])] == []
