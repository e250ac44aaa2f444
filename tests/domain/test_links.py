"""Where links point, judged by their host alone."""

import pytest

from bot.domain.links import link_host, on_list, parse
from tests.domain.profile import POLICY


@pytest.mark.parametrize(
    ("host", "listed"),
    [
        ("docs.example.com", True),
        ("a.example.com", True),
        ("a.b.example.com", True),
        ("example.com", False),
        ("evilexample.com", False),
        (".example.com", False),
        ("example.com.evil.net", False),
        ("plain.net", True),
        ("www.plain.net", False),
        ("xplain.net", False),
    ],
)
def test_a_star_stands_for_every_host_below_and_nothing_else(host: str, listed: bool) -> None:
    assert on_list(host, ["*.Example.com", "Plain.net"]) is listed


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ("https://drive.google.com/file", "allowed"),
        ("  https://DRIVE.google.com./file ", "allowed"),
        ("https://drive.google.com:443/file", "allowed"),
        ("https://drive.google.com:444/file", "malformed"),
        ("http://drive.google.com/file", "malformed"),
        ("https://li@drive.google.com/file", "malformed"),
        ("https://drive.google.com:port/file", "malformed"),
        ("https://drive.google.com\\@evil.net/", "malformed"),
        ("https://drive.google.com/a b", "malformed"),
        ("https://[::1", "malformed"),
        ("https://127.0.0.1/x", "malformed"),
        ("https://x", "malformed"),
        ("https://team.sharepoint.com/x", "allowed"),
        ("https://evil-sharepoint.com/x", "unknown"),
        ("https://dríve.google.com/x", "unknown"),
        ("https://pan.baidu.com/s/1", "refused"),
        ("http://pan.baidu.com/s/1", "refused"),
        ("", "malformed"),
    ],
)
def test_a_link_is_allowed_only_where_it_leads_where_it_looks(url: str, verdict: str) -> None:
    assert link_host(url, POLICY) == verdict


def test_a_link_has_an_end() -> None:
    start = "https://drive.google.com/"
    assert parse(start + "x" * (4000 - len(start))) == ("drive.google.com", True)
    assert parse(start + "x" * (4001 - len(start))) == ("", False)
