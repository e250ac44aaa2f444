"""Calls the address of a healthchecks-like service: the HeartbeatCaller port."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from bot.domain.links import is_loopback
from bot.ports.heartbeat import HeartbeatError
from bot.reading.addresses import Resolver, is_public, resolve

SECONDS = 10.0


@dataclass(frozen=True, eq=False)
class HttpHeartbeat:
    """Calls `address` for a success and its path with "/fail" for a failure, with GET, as healthchecks.io and its
    like expect. Beside this machine only public hosts are called, over https; redirects are not followed. The
    address is a secret and stands in no error. `resolver` and `transport` are replaced by tests."""

    address: str
    resolver: Resolver = resolve
    transport: Callable[[], httpx.BaseTransport] = httpx.HTTPTransport

    def call(self, ok: bool) -> None:
        """Tell the service. Raises HeartbeatError when it cannot be reached in time or answers with an error."""
        try:
            status = self._get(self._url(ok))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            # What the error says may repeat the address.
            raise HeartbeatError(type(error).__name__) from None
        if not httpx.codes.is_success(status):
            raise HeartbeatError(f"it answered {status}")

    def _url(self, ok: bool) -> httpx.URL:
        url = httpx.URL(self.address).copy_with(fragment=None)
        return url if ok else url.copy_with(path=f"{url.path.rstrip('/')}/fail")

    def _get(self, url: httpx.URL) -> int:
        headers, extensions, target = {"Host": url.netloc.decode("ascii"), "User-Agent": "odr-bot"}, {}, url
        if not is_loopback(url.host):
            # Only the address that was vetted is contacted; the certificate is checked against the host's name.
            target, extensions = url.copy_with(host=self._vetted(url.host)), {"sni_hostname": url.host}
        with (
            httpx.Client(transport=self.transport(), trust_env=False, timeout=SECONDS) as client,
            client.stream("GET", target, headers=headers, extensions=extensions) as response,
        ):
            return response.status_code

    def _vetted(self, host: str) -> str:
        addresses = self.resolver(host)
        if not addresses or not all(map(is_public, addresses)):
            raise HeartbeatError("its host is not on the public network")
        return addresses[0]
