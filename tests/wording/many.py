"""Judgements of large cases, made without a store: orders whose evidence is there, is missing or is wrong."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.domain.context import CaseContext
from bot.domain.evidence import Evidence
from bot.domain.orders import Order
from bot.rules import review
from bot.services.judgement import Draft, Judgement
from bot.settings.config import load_config
from bot.settings.model import Settings
from bot.wording.localizer import Localizer
from bot.wording.phrases import Phrases
from tests.domain.profile import ROOT
from tests.rules.build import NOW, ONSET, ORDER, RECORD, TRACKING_PAGE, case_order, context

PHRASES = Phrases(ROOT / "templates")
CONFIG = load_config(Settings(data_dir=Path("unused")))


def localizer(language: str) -> Localizer:
    return Localizer(PHRASES, language, CONFIG.policy, CONFIG.catalogue, NOW)


def judgement(whole: CaseContext, arrived: tuple[Evidence, ...] = ()) -> Judgement:
    drafts = {order.order_id: Draft(order.order_id, order.draft, "") for order in whole.case.appealed}
    return Judgement(whole, review(whole), drafts, arrived)


def order_id(number: int) -> str:
    return f"5764614130387{number:05d}"


def many(orders: int, received: int = 0, **about: object) -> Judgement:
    """A case of so many orders without evidence, and so many files that have just come and fit no order."""
    listed = [
        replace(case_order(), order_id=order_id(number), scenario="", root_cause="", draft="", **about)
        for number in range(orders)
    ]
    records: dict[str, Order] = {
        each.order_id: replace(RECORD, id=each.order_id, tracking_number=f"1Z999AA1{number:010d}")
        for number, each in enumerate(listed)
    }
    files = tuple(
        replace(TRACKING_PAGE, id=f"E{number}", file_name=f"{number} {'名' * 116}.png", order_ids=[])
        for number in range(received)
    )
    whole = context(case={"orders": listed, "deadline": ONSET + timedelta(hours=72)}, orders=records, evidence=files)
    return judgement(whole, files)


__all__ = ["ORDER", "judgement", "localizer", "many", "order_id"]
