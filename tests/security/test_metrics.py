"""Who may read the figures for monitoring."""

from dataclasses import dataclass, field

import pytest
from prometheus_client import CollectorRegistry, Gauge
from starlette.testclient import TestClient

from bot.domain.sign_in import ATTEMPTS
from bot.platforms.console.security_client import Surroundings
from bot.runtime.metrics import MetricsEndpoint
from tests.security.conftest import Entrance

HERE, PUBLIC, PROXY = "http://127.0.0.1", "https://odr.example.com", "10.9.9.9"


@dataclass
class Figures:
    """What is shown to whoever may see it."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)


def client(
    entrance: Entrance, token: str = "", peer: str = "127.0.0.1", base: str = "http://127.0.0.1"
) -> TestClient:
    figures = Figures()
    Gauge("odr_bot_cases_active", "Cases", registry=figures.registry)
    reached = Surroundings(PUBLIC, [f"{PROXY}/32", "127.0.0.1/32"], by_address=bool(token))
    endpoint = MetricsEndpoint(lambda: figures, token, reached, entrance.sign_in)
    return TestClient(endpoint, base_url=base, client=(peer, 50_000))


def test_without_a_token_only_this_machine_reads_them(entrance: Entrance) -> None:
    assert "odr_bot_cases_active 0.0" in client(entrance).get("/metrics").text
    through = {"x-forwarded-for": "198.51.100.1"}
    assert client(entrance, "", PROXY, PUBLIC).get("/metrics", headers=through).status_code == 401
    assert client(entrance, "", "127.0.0.1", PUBLIC).get("/metrics", headers=through).status_code == 401
    assert client(entrance).get("/metrics", headers=through).status_code == 421


@pytest.mark.parametrize("base", ["http://evil.example", "http://127.0.0.1.evil.example"])
def test_a_name_that_was_led_here_reads_nothing(entrance: Entrance, base: str) -> None:
    for token in ("", "a token of many letters"):
        given = {"authorization": "Bearer a token of many letters"}
        assert client(entrance, token, base=base).get("/metrics", headers=given).status_code == 421


def test_with_a_token_everybody_shows_it_and_nobody_guesses_it(entrance: Entrance) -> None:
    token = "a token of many letters"
    right, wrong = ({"authorization": f"Bearer {each}"} for each in (token, token[:-1]))
    reader = client(entrance, token)
    assert reader.get("/metrics").status_code == 401
    for _ in range(ATTEMPTS):
        assert reader.get("/metrics", headers=wrong).status_code == 401
    assert reader.get("/metrics", headers=right).status_code == 429
    elsewhere = client(entrance, token, "198.51.100.1", "http://10.0.0.5")
    assert elsewhere.get("/metrics", headers=right).status_code == 200
