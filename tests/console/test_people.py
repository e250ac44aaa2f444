"""Names of browsers and ways back, as the console takes them."""

import pytest

from bot.platforms.console.people import browser_name, local_path


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36",
            "Chrome · Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge · Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Version/18.0 Safari/605.1.15", "Safari · macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile Lark/7.50", "Lark · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("curl/8.7.1", "curl/8.7.1"),
        ("", ""),
    ],
)
def test_a_browser_is_called_as_people_know_it(agent, name):
    assert browser_name(agent) == name


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\nb", "javascript:1"]
)
def test_a_way_back_never_leaves_the_site(path):
    assert local_path(path) == "/"


def test_a_way_back_on_this_site():
    assert local_path("/?channel=ops&thread=C7") == "/?channel=ops&thread=C7"
