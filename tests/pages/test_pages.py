import tomllib
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from benchmarks.pages.label import Label, Number, Time, from_json
from benchmarks.pages.marks import head, read_label
from benchmarks.pages.real import load
from benchmarks.pages.render import page_html, render, sources
from benchmarks.pages.score import capture, kind, times, tracking
from benchmarks.pages.split import HALVES, halves
from benchmarks.pages.trials import never_there, on_page, plain

KINDS = {*tomllib.loads(Path("config/scenarios.toml").read_text(encoding="utf-8"))["kinds"], "none", "deadline"}


def labels() -> list[Label]:
    return [read_label(source, page_html(source)) for source in sources()]


def a_label(**told: Any) -> Label:
    given: dict[str, Any] = {"id": "x", "half": "seen", "group": "", "kind": "none", "certain_allowed": False}
    return Label(**{**given, "languages": [], **told})


def said(verdicts: dict[str, str]) -> dict[str, object]:
    return {"own": [{"value": value, "verdict": verdict} for value, verdict in verdicts.items()]}


def test_each_page_lies_in_the_half_that_chance_gave_it() -> None:
    groups: dict[str, list[str]] = defaultdict(list)
    dealt = [source for half in HALVES for source in sources(half)]
    for source in dealt:
        groups[head(source)["group"]].append(source.stem)
    assert halves(groups) == {source.stem: source.parent.name for source in dealt}
    assert all(len(pages) >= 4 for pages in groups.values())


def test_every_label_is_sound() -> None:
    for label in labels():
        assert {label.kind, *label.also} <= KINDS, label.id
        assert from_json(label.as_json()) == label
        assert not (label.certain_allowed and label.kind == "none"), label.id
        assert all(time.legible or time.readings for time in label.times)
        assert label.kind != "conversation" or {"buyer", "seller"} <= set(label.roles), label.id
        assert not on_page(label) & set(never_there(label)), label.id


def test_two_thousand_own_numbers_are_nowhere() -> None:
    assert sum(len(never_there(label)) for label in labels()) >= 2000


@pytest.mark.browser
def test_a_page_is_rendered_with_its_truth(tmp_path: Path) -> None:
    # In a thread of its own: the browser of other tests leaves a loop in this one.
    with ThreadPoolExecutor(1) as apart:
        (made,) = apart.submit(render, tmp_path, "seen", ["ghn-date-headings"]).result()
    assert load(tmp_path) == [made]
    with Image.open(tmp_path / made.file) as picture:
        assert picture.size[0] == 750
        assert len(set(picture.convert("L").resize((32, 32)).tobytes())) > 20
    assert [plain(number.value) for number in made.tracking] == ["GHN75073460502"]
    assert {time.readings[0][:10] for time in made.times} == {"2026-11-17", "2026-11-18", "2026-11-19"}


def test_an_own_number_is_judged_by_what_a_person_could_read() -> None:
    whole, cut = Number("AB1234567890", "J&T"), Number("8228154...", "J&T", True, False)
    blurred = Number("YT2689170325708963", "YunExpress", False)
    label = a_label(tracking=[whole, cut, blurred])
    told = said({"AB1234567890": "accepted", "82281544444": "ask", "AB1234567891": "accepted"})
    assert tracking(label, told) == Counter(accepted=1, trials=2, false=1, **{"illegible refused": 1})
    assert tracking(label, said({"YT2689170325708963": "accepted"}))["false"] == 1


def test_a_kind_is_right_wrong_or_missing() -> None:
    assert kind(a_label(kind="conversation"), {"kind": None})["missing"] == 1
    assert kind(a_label(), {"kind": None})["right"] == 1
    assert kind(a_label(also=["tracking_page"]), {"kind": "tracking_page"})["right"] == 1
    assert kind(a_label(also=["tracking_page"]), {"kind": "tracking_page", "kind_certain": True})["wrong"] == 1


def test_a_time_is_right_by_its_local_time_or_its_instant() -> None:
    label = a_label(times=[Time("19:26 WIB", ("2026-11-08T19:26+07:00",)), Time("9/11", ("2026-11-09T10:00",))])
    told = {"timestamps": [{"iso": "2026-11-08T12:26:00Z"}, {"iso": "2026-09-11T10:00:00Z"}]}
    assert times(label, told) == Counter(right=1, missed=1, false=1)


def test_a_clock_that_reads_two_ways_may_stay_open_and_is_never_the_unlikely_one() -> None:
    label = a_label(captured=Time("07/11/2026", ("2026-11-07T10:31", "2026-07-11T10:31")))
    assert capture(label, {"captured_at": None})["left open"] == 1
    assert capture(label, {"captured_at": "2026-11-07T10:31:00Z"})["right"] == 1
    assert capture(label, {"captured_at": "2026-07-11T10:31:00Z"})["invented"] == 1
    assert capture(a_label(), {"captured_at": "2026-11-07T10:31:00Z"})["invented"] == 1


def test_a_time_without_its_year_may_take_that_of_the_page_and_no_other() -> None:
    bare, whole = Time("Apr 23, 10:30 PM", ("--04-23T22:30",)), Time("24 Apr 2023 05:30", ("2023-04-24T05:30",))
    told = {"timestamps": [{"iso": "2023-04-23T22:30:00Z"}]}
    assert times(a_label(times=[bare, whole]), told)["false"] == 0
    assert times(a_label(times=[bare]), told) == Counter(false=1)
