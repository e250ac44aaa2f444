"""The same conversations as in tests/conversations, with what they leave in the audit trail."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.trail import AuditLine
from bot.ports.trail import TrailQuery
from bot.runtime.bootstrap import App
from bot.settings.model import Settings
from bot.settings.team import OnCallSettings, PersonSettings, ShopSettings
from tests.conversations.conftest import app, png, talk

__all__ = ["app", "lines", "png", "settings", "talk"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    shops = [
        ShopSettings(id="us-1", name="Bright Home", site="US", opened_on=date(2024, 1, 5)),
        ShopSettings(id="uk-1", name="Bright UK", site="UK", opened_on=date(2024, 1, 5), channels=["console:uk"]),
    ]
    people = [
        PersonSettings(id="boss", role="admin"),
        PersonSettings(id="wang", name="小王"),
        PersonSettings(id="zhao", name="小赵"),
    ]
    rota = OnCallSettings(people=["wang", "zhao"], every="day", start=date(2026, 11, 1))
    return Settings(data_dir=tmp_path / "data", shops=shops, people=people, oncall=[rota])


def lines(app: App, query: TrailQuery | None = None) -> list[AuditLine]:
    """What stands in the trail, oldest first."""
    with app.store.unit(read_only=True) as unit:
        return unit.trail.listed(query or TrailQuery(limit=1000))
