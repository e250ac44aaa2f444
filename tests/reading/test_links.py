"""Links: the host's verdict, and opening them as a stranger without ever touching a private network."""

from collections.abc import Callable, Iterator, Sequence

import httpx
import pytest

from bot.domain.evidence import LinkState
from bot.domain.links import link_host
from bot.domain.policy import Policy
from bot.reading.addresses import is_public
from bot.reading.links import LinkGuard, LinkLimits
from bot.reading.tables import Vocabulary

DRIVE = "https://drive.google.com/file/d/abc/view"
PUBLIC = "142.250.1.1"


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        (DRIVE, "allowed"),
        ("https://DRIVE.google.com./x", "allowed"),
        ("https://drive.google.com:443/x", "allowed"),
        ("https://contoso-my.sharepoint.com/x", "allowed"),
        ("https://1drv.ms/x", "allowed"),
        ("https://sharepoint.com/x", "unknown"),
        ("https://evilsharepoint.com/x", "unknown"),
        ("https://drive.google.com.evil.example/x", "unknown"),
        ("https://evil.example/drive.google.com", "unknown"),
        ("https://drіve.google.com/x", "unknown"),
        ("https://pan.baidu.com/s/1", "refused"),
        ("http://pan.baidu.com/s/1", "refused"),
        ("https://pan。baidu。com/s/1", "refused"),
        ("https://drive.google.com@evil.example/", "malformed"),
        ("https://user:pw@drive.google.com/", "malformed"),
        ("https://drive.google.com\\@evil.example/", "malformed"),
        ("https://drive.google.com:8443/", "malformed"),
        ("https://drive.google.com:99999/", "malformed"),
        ("http://drive.google.com/", "malformed"),
        ("drive.google.com/x", "malformed"),
        ("https://127.0.0.1/", "malformed"),
        ("https://[::1]/", "malformed"),
        ("https://[::1/", "malformed"),
        ("https://localhost/", "malformed"),
        ("https://drive.goo gle.com/", "malformed"),
        ("javascript:alert(1)", "malformed"),
        ("", "malformed"),
        ("https://" + "a" * 5000, "malformed"),
    ],
)
def test_hosts(policy: Policy, url: str, verdict: str) -> None:
    assert link_host(url, policy) == verdict


INSIDE = (
    "127.0.0.1 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 ::1 fe80::1%eth0 "
    "fc00::1 ::ffff:127.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: ff02::1 nonsense"
)


@pytest.mark.parametrize("address", INSIDE.split())
def test_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "2a00:1450:4001::1", "::ffff:142.250.1.1"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


Check = Callable[..., LinkState]


class Web:
    """A pretended internet that notes every address contacted."""

    def __init__(self, policy: Policy, vocabulary: Vocabulary) -> None:
        self.policy, self.pages = policy, vocabulary.links
        self.contacted: list[tuple[str, str]] = []
        self.resolved: list[str] = []
        self.addresses: dict[str, list[Sequence[str]]] = {}
        self.answers: dict[str, httpx.Response] = {}
        self.now = 0.0

    def check(self, url: str = DRIVE) -> LinkState:
        limits = LinkLimits(seconds=10, body_bytes=1000, redirects=3)
        transport = lambda: httpx.MockTransport(self._answer)  # noqa: E731
        return LinkGuard(self.policy, self.pages, limits, self._resolve, transport, lambda: self.now).check(url)

    def _resolve(self, host: str) -> Sequence[str]:
        self.resolved.append(host)
        answers = self.addresses.get(host, [[PUBLIC]])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.contacted.append((request.url.host, request.headers["host"]))
        assert request.extensions["sni_hostname"] == request.headers["host"]
        return self.answers[request.headers["host"]]


@pytest.fixture
def web(policy: Policy, vocabulary: Vocabulary) -> Web:
    return Web(policy, vocabulary)


def page(words: str, status: int = 200) -> httpx.Response:
    return httpx.Response(status, html=f"<html>{words}</html>")


def to(location: str) -> httpx.Response:
    return httpx.Response(302, headers={"location": location})


def test_an_open_file_is_public(web: Web) -> None:
    web.answers["drive.google.com"] = page("evidence.pdf - Google Drive")
    assert web.check() is LinkState.PUBLIC
    assert web.contacted == [(PUBLIC, "drive.google.com")]
    assert web.resolved == ["drive.google.com"]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (to("https://accounts.google.com/ServiceLogin?continue=x"), LinkState.PRIVATE),
        (to("https://login.microsoftonline.com/x"), LinkState.PRIVATE),
        (page("You need access. Request access"), LinkState.PRIVATE),
        (page("请求访问权限"), LinkState.PRIVATE),
        (page("no", 403), LinkState.PRIVATE),
        (page("no", 401), LinkState.PRIVATE),
        (page("gone", 404), LinkState.UNREACHABLE),
        (page("busy", 503), LinkState.UNREACHABLE),
        (page("Sorry, the file you have requested does not exist."), LinkState.UNREACHABLE),
        (to("https://evil.example/"), LinkState.UNREACHABLE),
        (to("http://drive.google.com/"), LinkState.UNREACHABLE),
        (to("https://169.254.169.254/latest/meta-data"), LinkState.UNREACHABLE),
        (to("https://pan.baidu.com/s/1"), LinkState.REFUSED),
        (to(DRIVE), LinkState.UNREACHABLE),
        (to("https://[broken"), LinkState.UNREACHABLE),
        (httpx.Response(200, content=b"%PDF-1.7", headers={"content-type": "application/pdf"}), LinkState.PUBLIC),
    ],
)
def test_answers(web: Web, answer: httpx.Response, state: LinkState) -> None:
    web.answers["drive.google.com"] = answer
    assert web.check() is state
    assert {host for _, host in web.contacted} == {"drive.google.com"}


def test_an_onward_host_is_followed(web: Web) -> None:
    web.answers["1drv.ms"] = to("https://onedrive.live.com/redir?x=1")
    web.answers["onedrive.live.com"] = page("photo")
    assert web.check("https://1drv.ms/x") is LinkState.PUBLIC


@pytest.mark.parametrize("addresses", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], []])
def test_private_addresses_are_never_contacted(web: Web, addresses: list[str]) -> None:
    web.addresses["drive.google.com"] = [addresses]
    assert web.check() is LinkState.REFUSED
    assert web.contacted == []


def test_an_answer_that_changes_after_a_redirect_is_vetted_again(web: Web) -> None:
    web.addresses["drive.google.com"] = [[PUBLIC], ["127.0.0.1"]]
    web.answers["drive.google.com"] = to(DRIVE)
    assert web.check() is LinkState.REFUSED
    assert web.contacted == [(PUBLIC, "drive.google.com")]


def test_an_endless_page_is_cut(web: Web) -> None:
    given: list[int] = []

    def body() -> Iterator[bytes]:
        for number in range(10_000):
            given.append(number)
            yield b"x" * 500

    web.answers["drive.google.com"] = httpx.Response(200, content=body(), headers={"content-type": "text/html"})
    assert web.check() is LinkState.PUBLIC
    assert len(given) < 100


def test_a_dripping_page_runs_out_of_time(web: Web) -> None:
    def body() -> Iterator[bytes]:
        while True:
            web.now += 6
            yield b"x" * 16_384

    web.answers["drive.google.com"] = httpx.Response(200, content=body(), headers={"content-type": "text/html"})
    web.check()
    assert web.now <= 12


def test_nothing_is_contacted_for_other_hosts(web: Web) -> None:
    assert web.check("https://example.com/") is LinkState.REFUSED
    assert (web.contacted, web.resolved) == ([], [])


def test_no_network_is_unreachable(policy: Policy, vocabulary: Vocabulary) -> None:
    def resolver(host: str) -> Sequence[str]:
        raise OSError("no network")

    assert LinkGuard(policy, vocabulary.links, resolver=resolver).check(DRIVE) is LinkState.UNREACHABLE
