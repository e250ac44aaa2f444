"""Opens links as a stranger would, and never anything but public https hosts: the LinkChecker port."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urljoin

import httpx

from bot.domain.evidence import LinkState
from bot.domain.links import link_host, on_list, parse
from bot.domain.policy import Policy
from bot.reading.addresses import Resolver, is_public, resolve
from bot.reading.tables import LinkPages

_AGENT = "Mozilla/5.0 (compatible; odr-bot link check)"


@dataclass(frozen=True)
class LinkLimits:
    """Seconds for a whole check, bytes read of a page, redirects followed."""

    seconds: float = 15.0
    body_bytes: int = 300_000
    redirects: int = 6


@dataclass(frozen=True, eq=False)
class LinkGuard:
    """Checks one link at a time; each host is resolved once and only the address that was vetted is contacted.

    `transport` makes the connections of one request; tests replace it together with `resolver` and `timer`."""

    policy: Policy
    pages: LinkPages
    limits: LinkLimits = field(default_factory=LinkLimits)
    resolver: Resolver = resolve
    transport: Callable[[], httpx.BaseTransport] = httpx.HTTPTransport
    timer: Callable[[], float] = monotonic

    def check(self, url: str) -> LinkState:
        """Whether the link opens without signing in. REFUSED: not on an allowed host, malformed, or leading into a
        private network. PRIVATE: asks to sign in or to request access. UNREACHABLE: gone, broken, too slow, or led
        elsewhere."""
        if link_host(url, self.policy) != "allowed":
            return LinkState.REFUSED
        end = self.timer() + self.limits.seconds
        url = url.strip()
        for _ in range(self.limits.redirects + 1):
            answer = self._visit(url, end)
            if isinstance(answer, LinkState):
                return answer
            url = answer
        return LinkState.UNREACHABLE

    def _visit(self, url: str, end: float) -> LinkState | str:
        """The state that one address shows, or the address it sends to."""
        host, plain = parse(url)
        if on_list(host, self.pages.login_hosts):
            return LinkState.PRIVATE
        if on_list(host, self.policy.evidence.refused_link_hosts):
            return LinkState.REFUSED
        if not plain or not self._may_follow(host):
            return LinkState.UNREACHABLE
        try:
            addresses = self.resolver(host)
            if not addresses or not all(map(is_public, addresses)):
                return LinkState.REFUSED
            with self._open(url, host, addresses[0], end) as response:
                return self._judge(url, response, end)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError):
            return LinkState.UNREACHABLE

    def _may_follow(self, host: str) -> bool:
        return on_list(host, (*self.policy.evidence.link_hosts, *self.pages.onward_hosts))

    @contextmanager
    def _open(self, url: str, host: str, address: str, end: float) -> Iterator[httpx.Response]:
        left = max(0.1, end - self.timer())
        headers = {"Host": host, "User-Agent": _AGENT, "Accept-Encoding": "identity"}
        target = httpx.URL(url).copy_with(host=address, fragment=None)
        # The certificate is still checked against the host's name.
        extensions = {"sni_hostname": host}
        with (
            httpx.Client(transport=self.transport(), trust_env=False, timeout=left) as client,
            client.stream("GET", target, headers=headers, extensions=extensions) as response,
        ):
            yield response

    def _judge(self, url: str, response: httpx.Response, end: float) -> LinkState | str:
        status = response.status_code
        if response.has_redirect_location:
            return urljoin(url, response.headers["location"])
        if status in (401, 403):
            return LinkState.PRIVATE
        if not 200 <= status < 300:
            return LinkState.UNREACHABLE
        page = self._page(response, end)
        if page is None or any(mark in page for mark in self.pages.gone_marks):
            return LinkState.UNREACHABLE
        return LinkState.PRIVATE if any(mark in page for mark in self.pages.private_marks) else LinkState.PUBLIC

    def _page(self, response: httpx.Response, end: float) -> str | None:
        """The beginning of a page in lower case, "" for any other file, None when time ran out."""
        if "html" not in response.headers.get("content-type", "").lower():
            return ""
        body = b""
        for chunk in response.iter_bytes(16_384):
            body += chunk
            if self.timer() > end:
                return None
            if len(body) >= self.limits.body_bytes:
                break
        return body[: self.limits.body_bytes].decode("utf-8", "replace").lower()
