"""Whatever comes in, reading answers, and its cost grows no faster than its input."""

import cProfile
import pstats
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.evidence import Facts
from bot.reading.limits import Limits
from bot.reading.reader import FileReader
from bot.reading.tables import Carriers
from bot.settings import data_root, read_toml

PIECES = st.sampled_from(
    [
        "2026-11-18 11:00",
        "18/11/26",
        "Nov",
        "11:00 PM",
        "UTC+8",
        "Buyer",
        "买家",
        ":",
        "(",
        "]",
        "\n",
        " ",
        "…",
        "#1",
        "{",
        '"',
        ",",
    ]
    + [
        "1Z999AA10123456784",
        "576461413038785752",
        "tracking",
        "delivered",
        "error",
        "พ.ย. 2569",
        "١٨",
        "\u202f",
        "\t",
        "-",
        "/",
        "9",
    ]
)
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


def test_facts_are_bounded(reader: FileReader, policy: object) -> None:
    line = "2026-11-18 11:00:00 ERROR sync order 57646141303{:07} tracking YT24123456{:08} failed\n"
    facts = reader.read_text("".join(line.format(n, n) for n in range(3000)))
    limits = Limits()
    assert len(facts.words) == limits.words
    assert (
        max(map(len, (facts.timestamps, facts.order_ids, facts.tracking_numbers, facts.log_events))) == limits.entries
    )
    assert {"many_facts", "text_cut"} <= set(facts.warnings)


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
}


def calls(reader: FileReader, text: str) -> float:
    """Processor seconds of this thread alone: other programs on the machine do not count."""
    profile = cProfile.Profile(builtins=True)
    profile.runcall(reader.read_text, text)
    return float(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_no_faster_than_the_text(reader: FileReader, name: str) -> None:
    piece = HOSTILE[name]
    small, large = (calls(reader, piece * (size // len(piece))) for size in (4_000, 16_000))
    assert large <= 6 * small + 2_000


def test_no_shipped_pattern_can_backtrack_without_bound(carriers: Carriers) -> None:
    patterns = [form.pattern for carrier in carriers.carriers for form in carrier.formats]
    for pattern in patterns:
        assert not re.search(r"(?<!\\)[*+]|\{\d*,\}|\)\{\d+,", pattern), pattern


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_warning_has_words(language: str) -> None:
    words = read_toml(data_root("templates") / language / "reading.toml")
    source = "".join(path.read_text("utf-8") for path in (data_root("bot") / "reading").glob("*.py"))
    used = set(
        re.findall(
            r'f?"((?:pdf|picture|gap|date|year|zone|tracking_check|order_id|sites|one|many|text|json)_[a-z_]+)[:"]',
            source,
        )
    )
    keys = {key for key in used if not key.startswith(("text_bytes", "picture_bytes", "pdf_bytes"))}
    other = {
        "empty",
        "too_large",
        "not_a_file",
        "format_unsupported",
        "archive",
        "svg",
        "html",
        "polyglot",
        "animated",
        "editor",
    }
    assert keys & set(words) >= {"pdf_no_text", "picture_not_read", "gap_marker", "date_order_ambiguous"}
    assert other <= set(words)


def test_both_languages_have_the_same_keys() -> None:
    english, chinese = (read_toml(data_root("templates") / language / "reading.toml") for language in ("en", "zh"))
    assert english.keys() == chinese.keys()
    assert [key for key in english if ("value" in english[key]) != ("value" in chinese[key])] == []
