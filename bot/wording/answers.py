"""Short answers to what people want to know, from the rules, the play-book and the case that is meant."""

from collections.abc import Callable, Sequence

from bot.domain.case import CaseStatus
from bot.domain.policy import RejectionCode
from bot.messaging.card import Actions, Button, Card, Checklist, Element, Fields, Item, Mark, Style, Text, Tone
from bot.services.judgement import Judgement
from bot.wording.localizer import Localizer

Play = Callable[[str], RejectionCode]
"""(code of a rejection) -> what the play-book says"""
OF_A_CASE = ("time_left", "owner")
"""Topics that are about a case and nothing else."""


def known(say: Localizer, topic: str) -> bool:
    """Whether there is an answer on that topic."""
    return say.phrases.has(f"answers.{topic}.title", say.language)


def title(say: Localizer, topic: str) -> str:
    """What the answer on a topic is called."""
    return say(f"answers.{topic}.title")


def answer_card(
    say: Localizer, topic: str, about: Sequence[str], judged: Judgement | None, owner: str, play: Play
) -> Card:
    """The answer on a topic. `about` are the scenarios or codes that were named, `judged` the case that is meant,
    `owner` what its owner is called."""
    elements: list[Element] = []
    named = [each for each in about if each in say.catalogue.scenarios]
    if topic in ("scenario", "described", "which_scenario"):
        for scenario in named or list(say.catalogue.scenarios):
            elements += _scenario(say, scenario, whole=bool(named))
    elif topic == "code":
        elements += [Text(_code(say, code, play)) for code in about or ("*",)]
    if not elements:
        elements.append(Text(say(f"answers.{topic}.text", **_figures(say, judged, owner))))
    if topic == "screenshots" and judged:
        elements.append(_needed(say, judged))
    return Card(title(say, topic), (*elements, *_of_case(say, topic, judged)), Tone.BLUE, "", say.language)


def _scenario(say: Localizer, scenario: str, whole: bool) -> list[Element]:
    """What a scenario means and needs; only its name where all are listed."""
    needs = say.catalogue.scenarios[scenario]
    name = Text(say(f"words.scenario.{scenario}"), Style.HEADING if whole else Style.NORMAL)
    if not whole:
        return [name]
    rows = [(say("words.form.root_cause"), " / ".join(needs.root_causes))]
    items = [Item(Mark.INFO, say(f"words.requirement.{one.id}")) for one in say.catalogue.requirements(scenario)]
    helps = [Item(Mark.INFO, say("answers.helps", kind=say.kind(kind))) for kind in needs.helps]
    return [name, Fields(tuple(rows)), Checklist((*items, *helps))]


def _code(say: Localizer, code: str, play: Play) -> str:
    found = play(code)
    return say(
        "answers.code.text", code=code if code != "*" else "", meaning=say(f"replies.playbook.{found.meaning}")
    )


def _needed(say: Localizer, judged: Judgement) -> Checklist:
    """All requirements of the case's orders, each once."""
    needed = {one.id for order in judged.case.appealed for one in say.catalogue.requirements(order.scenario)}
    names = [one for one in say.phrases.keys("words.requirement.", "en") if one.rpartition(".")[2] in needed]
    return Checklist(tuple(Item(Mark.INFO, say(name)) for name in names))


def _figures(say: Localizer, judged: Judgement | None, owner: str) -> dict[str, object]:
    """The numbers of the policy and of the case, for the texts."""
    policy = say.policy
    low, high = policy.form.review_days_usual
    return {
        "hours": policy.window_hours,
        "low": low,
        "high": high,
        "limit": policy.form.explanation_max,
        "fresh": policy.evidence.fresh_days,
        "keep": policy.evidence.retention_days,
        "hosts": ", ".join(host.removeprefix("*.") for host in policy.evidence.link_hosts),
        "prior": round(float(policy.form.prior_pass_rate) * 100, 1),
        "requirement": f"{float(policy.requirement(False)) * 100:g} %",
        "high_risk": f"{float(policy.requirement(True)) * 100:g} %",
        "days": policy.measuring.rolling_days,
        "shop_age": policy.shop_age_days,
        "sites": ", ".join(policy.sites),
        "causes": ", ".join(say.catalogue.root_causes),
        "path": say("replies.submit_path"),
        "case": judged.case if judged else None,
        "left": say.left(judged.case) if judged else "",
        "owner": owner,
        "ways": say.proposals(judged.context.proposals) if judged else "",
        "zone": say.phrases.zone,
    }


def _of_case(say: Localizer, topic: str, judged: Judgement | None) -> list[Element]:
    """The countdown of the case that is meant, and where to go on."""
    if judged is None or judged.case.status is not CaseStatus.OPEN:
        return []
    case = judged.case
    told = [] if topic in OF_A_CASE else [Text(say("answers.case", case=case, left=say.left(case)), Style.MUTED)]
    button = Button(say("alerts.button_missing"), "missing", {"case": case.id})
    return [*told, Actions((button,))]
