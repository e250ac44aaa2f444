"""The story once more with PostgreSQL underneath."""

from datetime import date
from pathlib import Path

import pytest

from bot.settings.model import Settings
from bot.settings.sections import DatabaseSettings
from bot.settings.team import PersonSettings, ShopSettings
from tests.conversations.test_story import (  # noqa: F401 - collected again under this module's settings
    test_a_file_that_fits_nothing_is_kept_and_asked_about,
    test_an_excluded_order_leaves_both_sides_of_the_rate,
    test_from_alert_to_excluded,
    test_the_package_holds_form_evidence_hashes_and_timeline,
    test_the_work_card_is_one_card_that_moves_not_a_stream,
)

pytestmark = pytest.mark.postgres


@pytest.fixture
def settings(tmp_path: Path, postgres_url: str) -> Settings:
    return Settings(
        data_dir=tmp_path / "data",
        database=DatabaseSettings(url=postgres_url),
        shops=[ShopSettings(id="us-1", name="Bright Home", site="US", opened_on=date(2024, 1, 5))],
        people=[PersonSettings(id="guest", role="viewer")],
    )
