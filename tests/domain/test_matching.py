"""Whether candidates are an order's own number: equal, doubtful, or somebody else's."""

from dataclasses import replace
from random import Random

import pytest

from bot.domain.evidence import Candidate, Facts, Spot, TrackingNumber
from bot.domain.matching import Naming, Verdict, Why, known_numbers, match, naming, recognised
from tests.rules.build import TRACKING, TRACKING_PAGE, changed, context, judged, variants

OWN = "600123456789"


def seen(value: str, *readings: str, whole: bool = True) -> Candidate:
    texts = readings or (value,) * 3
    return Candidate(value, texts, set(texts) == {value}, whole)


@pytest.mark.parametrize(
    ("candidate", "why", "verdict"),
    [
        (seen(OWN), Why.EQUAL, Verdict.ACCEPTED),
        (seen(OWN, OWN, OWN, "600123456739"), Why.UNSURE, Verdict.ASK),
        (seen("600123456739", OWN, "600123456739"), Why.UNSURE, Verdict.ASK),
        (seen(OWN, whole=False), Why.NOT_WHOLE, Verdict.ASK),
        (seen("600123456"), Why.PART, Verdict.ASK),
        (seen("600123456", whole=False), Why.PART, Verdict.ASK),
        (seen(f"{OWN}20261118"), Why.PART, Verdict.ASK),
        (seen("600123456780"), Why.ALMOST, Verdict.ASK),
        (seen("600723456780"), Why.ALMOST, Verdict.ASK),
        (seen("60012345679"), Why.ALMOST, Verdict.ASK),
        (seen("6OOIZ3456789"), Why.ALMOST, Verdict.ASK),
        (seen("600723416780"), Why.ABSENT, Verdict.NO),
        (seen("1Z999AA10123456784"), Why.ABSENT, Verdict.NO),
    ],
)
def test_what_one_candidate_says(candidate: Candidate, why: Why, verdict: Verdict) -> None:
    found = match(OWN, [candidate])
    assert (found.why, found.verdict) == (why, verdict)
    assert match(f"6001-2345 6789 {candidate.value[:0]}", [candidate]).why is why, "own numbers as people write them"


def test_the_best_candidate_counts() -> None:
    assert match(OWN, [seen("600123456780"), seen(OWN)]).verdict is Verdict.ACCEPTED
    assert match(OWN, []).verdict is match("", [seen(OWN)]).verdict is Verdict.NO


def test_nothing_but_the_number_itself_is_accepted() -> None:
    random, accepted = Random(13), 0
    for trial in range(3000):
        own = random.choice(("", "JT", "1Z", "GFUS")) + "".join(random.choices("0123456789", k=random.randint(9, 20)))
        shown = list(own)
        for place in random.sample(range(len(own)), 1 + trial % 2):
            shown[place] = random.choice([char for char in "0123456789" if char != own[place]])
        cut = random.randint(1, 4)
        for other in ("".join(shown), own[:-cut], own[cut:], own + "7" * cut):
            accepted += match(own, [seen(other)]).verdict is Verdict.ACCEPTED
        accepted += match(own, [seen(own[:-cut], whole=False)]).verdict is Verdict.ACCEPTED
    assert accepted == 0


def facts(*candidates: Candidate, numbers: tuple[TrackingNumber, ...] = ()) -> Facts:
    spots = tuple(Spot("candidates", each.value, (0, 0, 9, 9), 0.99, each.agree) for each in candidates)
    return Facts("image/png", tracking_numbers=numbers, candidates=candidates, spots=spots)


def test_own_numbers_join_the_tracking_numbers() -> None:
    found = recognised(facts(seen(OWN)), [OWN])
    assert [(number.value, number.legible) for number in found.tracking_numbers] == [(OWN, True)]
    assert found.spot("tracking_numbers", OWN) is not None
    doubtful = recognised(facts(seen("600123456780")), [OWN])
    assert [(number.value, number.legible) for number in doubtful.tracking_numbers] == [("600123456780", None)]
    assert recognised(facts(seen("4401234567890")), [OWN]).tracking_numbers == ()
    assert recognised(found, [OWN]) == found


def test_a_sure_reading_is_not_doubted_for_a_neighbour() -> None:
    both = recognised(facts(seen(OWN), seen("600123456780")), [OWN])
    assert [number.value for number in both.tracking_numbers] == [OWN]
    sibling = recognised(facts(seen("600123456780")), [OWN, "600123456780"])
    assert [(number.value, number.legible) for number in sibling.tracking_numbers] == [("600123456780", True)]


def test_what_a_person_said_settles_it() -> None:
    said = (TrackingNumber(OWN, "", True),)
    found = recognised(facts(seen("600123456780"), numbers=said), [OWN])
    assert found.tracking_numbers == said
    other = replace(facts(seen("600123456780")), tracking_numbers=(TrackingNumber("600123456780"),))
    assert recognised(other, [OWN]).tracking_numbers[0].legible is None
    told = replace(other, stated=("tracking_numbers",))
    assert recognised(told, [OWN]) == told


@pytest.mark.parametrize(
    ("candidate", "number", "owner"),
    [
        (seen(TRACKING), [], []),
        (seen(TRACKING, whole=False), ["uncertain"], []),
        (seen("1Z999AA10123456704"), ["uncertain"], ["uncertain"]),
        (seen("4401234567890"), ["absent"], []),
    ],
)
def test_the_rules_know_the_order_by_its_number(candidate: Candidate, number: list[str], owner: list[str]) -> None:
    page = changed(TRACKING_PAGE, tracking_numbers=(), candidates=(candidate,))
    whole = known_numbers(context(page))
    assert (variants(whole, "tracking_number"), variants(whole, "tracking_match")) == (number, owner)
    met = {item.requirement for item in judged(whole).met}
    assert ("logistics" in met) is (not number)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(order_ids=("7001",)), Naming.SURELY),
        (Facts(tracking_numbers=(TrackingNumber("6001 2345 6789"),)), Naming.SURELY),
        (Facts(candidates=(seen(OWN),)), Naming.SURELY),
        (Facts(buyers=("LIN",), candidates=(seen("600123456780"),)), Naming.BUYER),
        (Facts(candidates=(seen("600123456780"),)), Naming.PERHAPS),
        (Facts(order_ids=("7002",), buyers=("wang",), candidates=(seen("600723416780"),)), Naming.NO),
    ],
)
def test_how_a_content_names_an_order(facts: Facts, expected: Naming) -> None:
    assert naming(facts, "7001", ["", OWN], "lin") is expected


def test_an_order_without_number_and_buyer_is_named_by_its_id_alone() -> None:
    assert naming(Facts(candidates=(seen(OWN),), buyers=("",)), "7001", [""], "") is Naming.NO
