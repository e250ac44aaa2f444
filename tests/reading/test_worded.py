"""What a page is, on pages worded as their owners word them: rather asked about than taken for what it is not."""

from collections import Counter
from pathlib import Path

import pytest

from bot.domain.evidence import Facts
from bot.reading.reader import FileReader
from tests.reading.blocks import read
from tests.reading.worded import Worded, blocks, told

PAGES = [
    page
    for file in sorted((Path(__file__).parent / "pages_worded").glob("*.txt"))
    for page in told(file.read_text(encoding="utf-8"))
]


def judged(page: Worded, facts: Facts) -> str:
    """Right, missing or wrong; a suggestion that the page's owner would let pass is right, a certain one is not."""
    if facts.kind == page.kind or (facts.kind in page.also and not facts.kind_certain):
        return "right"
    return "wrong" if facts.kind else "missing"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_is_surely_what_it_is_not(reader: FileReader, page: Worded) -> None:
    facts = read(reader, *blocks(page.text))
    assert not facts.kind_certain or facts.kind == page.kind


def test_most_pages_are_told(reader: FileReader) -> None:
    said = [(page, read(reader, *blocks(page.text))) for page in PAGES]
    results = Counter(judged(page, facts) for page, facts in said)
    assert len(PAGES) >= 80
    assert results["right"] >= 0.9 * len(PAGES) and results["wrong"] <= 0.02 * len(PAGES), results
    assert sum(facts.kind_certain for _, facts in said) >= 0.6 * sum(bool(page.kind) for page in PAGES)


@pytest.mark.parametrize(
    "words",
    [
        "Product reviews\nNegative: a review of 1 star or 2 stars\nWas this helpful?",
        "Campaigns\nA campaign has a campaign name and a campaign period with a start time and an end time",
        "Response rate and response time\nThe service level of your shop is measured by its response rate",
        "Translation\nA certified translation names its translator and the original text",
        "ERP sync log\nThe sync log shows the sync status and the sync time of each order",
    ],
)
def test_words_alone_are_never_certain(reader: FileReader, words: str) -> None:
    for facts in (reader.read_text(words), read(reader, *blocks(words))):
        assert not facts.kind_certain


def test_a_files_name_makes_certain_only_what_the_page_says_most(reader: FileReader) -> None:
    order = blocks("Order ID: 576461413038785752\nTrack package")
    facts = read(reader, *order, file_name="tracking.png")
    assert (facts.kind, facts.kind_certain) == ("tracking_page", False)
    facts = read(reader, *blocks("Tracking details\n2026-11-18 11:00 Delivered"), file_name="tracking.png")
    assert (facts.kind, facts.kind_certain) == ("tracking_page", True)
