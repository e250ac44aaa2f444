"""Exports as people meet them: two messages, a question about dates, a packed report, missing data, the look back."""

import os
from datetime import timedelta
from pathlib import Path

from tests.conversations.conftest import NOW, ORDERS, Talk
from tests.conversations.exports import mailed, my_orders, returns, us_orders

TAKEN = os.environ.get("ODR_BOT_SCREENSHOTS") == "1"
WHY = "make screenshots takes this picture"
IMAGES = Path(__file__).parents[2] / "docs" / "images"


def lived(talk: Talk) -> None:
    """Drop exports and import some of them; days later their data are missing."""
    talk.send(("退货 1119.csv", returns(ORDERS, "11/19/2026 10:00:00 PM")))
    talk.send(("订单 1120.csv", us_orders()))
    talk.say("导入全部")
    talk.send(("订单 11.csv", my_orders(["11/10/2026 10:00:00"] * 4)))
    few = returns(ORDERS[:1], "11/17/2026 10:00:00 AM")
    talk.send(("日报.eml", mailed(("订单 1121.csv", us_orders(45)), ("退货 1117.csv", few))))
    talk.say("回看 us-1")
    talk.say("导入记录")
    with talk.app.store.unit() as unit:
        for shop in ("us-1", "uk-1"):
            unit.records.take_run("data_watch", shop, "2026-11-18", NOW)
    talk.app.clock.at = NOW + timedelta(days=4)  # type: ignore[attr-defined]
    talk.app.stale.tick()
