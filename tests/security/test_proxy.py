"""The console behind a real nginx with the file of deploy/, and what Caddy's file says in comparison."""

import http.client
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bot.messaging.card import Card
from bot.platforms.console.security_client import Surroundings
from bot.services.console_address import ConsoleAddress
from tests.browsing import Served
from tests.console.conftest import core, door, entries, make_app, phrases, roles
from tests.console.fakes import FakeCore
from tests.proxy import DEPLOY, NAME, Nginx, find_nginx, free_port

__all__ = ["core", "door", "entries", "make_app", "phrases", "roles"]

PROGRAM = find_nginx()
BROWSER = {"sec-fetch-site": "same-origin", "accept": "text/html", "accept-language": "en"}


@dataclass
class Behind:
    """A browser of another machine, the proxy that it reaches, and the console behind that."""

    served: Served
    nginx: Nginx
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **options: object) -> httpx.Response:
        """A request over TLS, as a browser that has found the name in DNS sends it."""
        headers = {"host": f"{NAME}:{self.nginx.port}", "origin": self.nginx.url, **BROWSER}
        headers |= options.pop("headers", {})  # type: ignore[call-overload]
        with httpx.Client(verify=self.nginx.tls, cookies=self.cookies, timeout=60) as client:
            return client.request(
                method,
                f"https://127.0.0.1:{self.nginx.port}{path}",
                headers=headers,
                extensions={"sni_hostname": NAME},
                **options,
            )

    def link(self, person: str = "li") -> str:
        return str(self.served.app.state.console.door.links.link(person, "tests"))

    def sign_in(self, person: str = "li", **options: object) -> httpx.Response:
        answer = self.ask("POST", "/sign-in", files={"link": (None, self.link(person))}, **options)
        self.cookies = dict(answer.cookies) or self.cookies
        return answer


@pytest.fixture
def behind(make_app, tmp_path: Path) -> Iterator[Behind]:
    if PROGRAM is None:
        words = "no nginx: install the packages nginx and openssl, or set ODR_BOT_NGINX"
        pytest.fail(words) if os.environ.get("CI") else pytest.skip(words)
    port = free_port()
    surroundings = Surroundings(f"https://{NAME}:{port}", ["127.0.0.1"])
    served = Served(make_app(surroundings=surroundings))
    folder = tmp_path / "nginx"
    folder.mkdir()
    nginx = Nginx(PROGRAM, folder, int(served.url.rpartition(":")[2]), port)
    yield Behind(served, nginx)
    nginx.stop()
    served.stop()


def test_a_person_signs_in_and_works_as_at_the_machine_itself(behind: Behind, core: FakeCore) -> None:
    assert behind.ask("GET", "/").headers["location"] == "/login"
    away = behind.ask("GET", "/login").text
    assert "from Slack" in away or "in Slack" in away
    assert "odr-bot sign-in" not in away, "the terminal is not theirs"
    page = behind.ask("GET", f"/sign-in?link={behind.link()}")
    assert page.status_code == 200 and "Strict-Transport-Security" in page.headers
    cookie = behind.sign_in().headers["set-cookie"]
    assert cookie.startswith("__Host-odr_session=") and "Domain" not in cookie and "Path=/" in cookie
    assert {"Secure", "HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
    assert behind.ask("GET", "/?channel=ops").status_code == 200
    files = {"text": (None, "help"), "channel": (None, "ops"), "file": ("a.txt", b"x" * 300_000)}
    assert behind.ask("POST", "/say", files=files).status_code == 204
    assert core.events[0].person == "li" and core.files["a.txt"] == b"x" * 300_000


def test_the_live_stream_comes_through_at_once_and_ends_with_its_session(behind: Behind, core: FakeCore) -> None:
    behind.sign_in()
    headers = {"host": f"{NAME}:{behind.nginx.port}"}
    url = f"https://127.0.0.1:{behind.nginx.port}/stream?channel=ops&since=0"
    with (
        httpx.Client(verify=behind.nginx.tls, cookies=behind.cookies, timeout=60) as client,
        client.stream("GET", url, headers=headers, extensions={"sni_hostname": NAME}) as answer,
    ):
        lines = answer.iter_lines()
        assert any("clock" in line for line in lines)
        core.post("k", Card("through the proxy"))
        assert any("through the proxy" in line for line in lines)
        door = behind.served.app.state.console.door
        threading.Thread(target=door.sessions.end_all, args=("li",)).start()
        assert any("ended" in line for line in lines) and "through" not in "".join(lines)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "https://odr.example.com.evil.example", "sec-fetch-site": "same-origin"},
        {"origin": f"http://{NAME}", "sec-fetch-site": "same-origin"},
        {"origin": f"https://{NAME}:1", "sec-fetch-site": "same-site"},
        {"origin": "null"},
    ],
)
def test_other_sites_cannot_act_through_the_proxy(behind: Behind, core: FakeCore, headers: dict[str, str]) -> None:
    behind.sign_in()
    files = {"text": (None, "help"), "channel": (None, "ops")}
    assert behind.ask("POST", "/say", files=files, headers=headers).status_code == 403 and core.events == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8765", "10.0.0.5", "evil.example", f"{NAME}.evil.example"])
def test_the_proxy_is_asked_for_its_own_name_alone(behind: Behind, host: str) -> None:
    """Who has let another name lead here, or asks nginx for the machine's own, gets nothing."""
    behind.sign_in()
    assert behind.ask("GET", "/cases", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "forged",
    [
        {"x-forwarded-for": "127.0.0.1"},
        {"x-forwarded-for": "198.51.100.9, 198.51.100.10"},
        {"forwarded": "for=198.51.100.9;host=127.0.0.1", "x-real-ip": "198.51.100.9"},
        {"x-forwarded-host": "127.0.0.1", "x-forwarded-proto": "http"},
    ],
)
def test_what_a_client_claims_of_itself_is_ignored(behind: Behind, forged: dict[str, str]) -> None:
    answer = behind.sign_in(headers=forged)
    assert answer.headers["set-cookie"].startswith("__Host-")
    [session] = behind.served.app.state.console.door.sessions.listed("li")
    # What nginx saw: the test's own address, which is no address of a proxy to anybody but the console.
    assert session.address == "127.0.0.1"


def test_guessing_counts_for_the_client_and_claims_do_not_help(behind: Behind) -> None:
    for number in range(10):
        claim = {"x-forwarded-for": f"198.51.100.{number}"}
        assert behind.ask("GET", f"/sign-in?link=guess{number}.x", headers=claim).status_code == 403
    refused = behind.ask("GET", f"/sign-in?link={behind.link()}", headers={"x-forwarded-for": "198.51.100.99"})
    assert refused.status_code == 429 and refused.headers["retry-after"] == "600"


def test_without_tls_there_is_a_way_to_tls_and_nothing_else(behind: Behind) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", behind.nginx.plain_port, timeout=30)
    connection.request("GET", "/cases", headers={"host": NAME})
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("location")) == (301, f"https://{NAME}/cases")
    connection.close()


def test_the_log_holds_no_link_and_figures_are_not_for_outside(behind: Behind) -> None:
    token = behind.link()
    behind.ask("GET", f"/sign-in?link={token}")
    assert behind.ask("GET", "/metrics").status_code == 404
    behind.nginx.stop()
    log = behind.nginx.log()
    assert '"GET /sign-in" 200' in log and token.partition(".")[2] not in log


def test_a_link_that_the_bot_sends_names_the_proxy() -> None:
    assert ConsoleAddress("https://odr.example.com", 8765).link("a.b") == "https://odr.example.com/sign-in?link=a.b"
    here = ConsoleAddress("", 8765)
    assert here.only_here and here.link("a.b") == "http://127.0.0.1:8765/sign-in?link=a.b"


DIRECTIVES = {
    "header",
    "log",
    "output",
    "format",
    "wrap",
    "fields",
    "request>uri",
    "request>headers>Referer",
    "request>headers>Cookie",
    "delete",
    "request_body",
    "max_size",
    "respond",
    "reverse_proxy",
    "header_up",
    "flush_interval",
    "odr.example.com",
}


def test_caddys_file_says_the_same_as_nginxs() -> None:
    caddy, nginx = ((DEPLOY / name).read_text("utf-8") for name in ("Caddyfile", "nginx.conf"))
    lines = [line.strip() for line in caddy.splitlines() if line.strip() and not line.strip().startswith("#")]
    depth = 0
    for line in lines:
        assert line == "}" or line.split()[0] in DIRECTIVES, line
        depth += line.endswith("{") - (line == "}")
        assert 0 <= depth <= 5
    assert depth == 0 and "\t" in caddy
    for name in (
        "odr.example.com",
        "127.0.0.1:8765",
        "127.0.0.1:8766",
        "/metrics",
        "/slack/events",
        "X-Forwarded-For",
    ):
        assert name in caddy and name in nginx, name
    assert re.search(r"max_size 500MB", caddy) and re.search(r"client_max_body_size 500m;", nginx)
