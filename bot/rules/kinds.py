"""Groups of evidence kinds that rules treat alike; the kinds themselves are in config/scenarios.toml."""

from bot.domain.evidence import Evidence

PARCEL = frozenset({"tracking_page", "pickup_proof", "delivery_proof"})
"""Must show the parcel's tracking number."""
# Photographs and scans of papers: they carry the date of the paper, not of a screenshot.
PAPERS = frozenset({"delivery_proof", "pickup_proof", "delay_certificate", "translation"})
SHARED = frozenset({"activity_page", "sla_proof", "product_page", "delay_certificate", "translation"})
"""About a period, a product or a text, not about one order."""
PERSONAL = frozenset({"conversation", "order_detail", "order_comparison", "buyer_history", "delivery_proof"})
"""Shows a buyer's name, words or address by its nature."""


def is_screenshot(item: Evidence) -> bool:
    """Whether the evidence is made by capturing a screen, so that it must carry a capture date."""
    picture = item.facts.media_type.startswith("image/")
    return item.kind == "tracking_page" or (picture and item.kind not in PAPERS)
