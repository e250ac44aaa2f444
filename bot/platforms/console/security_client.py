"""Who sends a request and by which address they reach the console: directly, or through a proxy that is believed."""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from bot.domain.links import is_loopback

FORWARDED = "x-forwarded-for"
BY_A_PROXY = (FORWARDED, "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded")
USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Client:
    """Who sends a request. `address` is theirs as far as it can be believed, `origin` the address of the console in
    their browser, `here` whether they sit at this very machine."""

    address: str
    origin: str
    here: bool

    @property
    def secure(self) -> bool:
        """Whether the browser talks to the console, or to its proxy, over TLS."""
        return self.origin.startswith("https:")


class Surroundings:
    """Where the console stands: the names under which it is reached, and the proxies before it."""

    def __init__(
        self,
        public_url: str = "",
        proxies: Iterable[str] = (),
        hosts: Iterable[str] = (),
        by_address: bool = False,
    ) -> None:
        """`public_url` is the origin through `proxies` (addresses or networks). `hosts` are further names, besides
        loopback, that may stand in Host; `by_address` allows every address there too: it cannot be rebound to
        another machine by DNS as a name can."""
        self.public_url, self.by_address = public_url, by_address
        self.proxies = [ipaddress.ip_network(proxy, strict=False) for proxy in proxies]
        self.hosts = frozenset(host.lower() for host in hosts)

    def client(self, scope: Scope) -> Client | None:
        """Who sends the request; None when it names a host that is not served here."""
        headers, peer = Headers(scope=scope), str((scope.get("client") or ("",))[0])
        trusted = self._trusted(peer)
        origin = self._origin(headers.get("host", ""), trusted and any(name in headers for name in BY_A_PROXY))
        if not origin:
            return None
        address = self._behind(headers.getlist(FORWARDED), peer) if trusted else peer
        return Client(address, origin, _is_here(origin, peer))

    def welcomes(self, scope: Scope) -> bool:
        """Whether the peer may talk to us at all. Behind proxies it is only they and this machine, unless addresses
        are served too."""
        peer = str((scope.get("client") or ("",))[0])
        return not self.proxies or self.by_address or self._trusted(peer) or is_loopback(peer)

    def _trusted(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None) or address
        return any(mapped in network for network in self.proxies)

    def _origin(self, host: str, by_a_proxy: bool) -> str:
        """The origin that the browser shows; "" for a host that is not served. A proxy passes on its own name alone:
        who asks it for this machine's is no neighbour."""
        public = urlsplit(self.public_url)
        name, port = _split(host)
        if name and public.hostname == name and port in (public.port, None, USUAL_PORTS.get(public.scheme)):
            return self.public_url
        if by_a_proxy or not name:
            return ""
        if is_loopback(name) or name in self.hosts or (self.by_address and _is_address(name)):
            return f"http://{host.lower()}"
        return ""

    def _behind(self, forwarded: Sequence[str], peer: str) -> str:
        """The address for which trusted proxies speak: the last that is none of theirs. What stands before it came
        from outside and may be made up."""
        found = peer
        for entry in reversed([part.strip() for line in forwarded for part in line.split(",")]):
            if not _is_address(entry):
                break
            found = entry
            if not self._trusted(entry):
                break
        return found


def _split(host: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(f"//{host}")
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return "", None
    return ("", None) if "@" in host else (name, port)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_here(origin: str, peer: str) -> bool:
    # In tests the peer has no address.
    return is_loopback(urlsplit(origin).hostname or "") and (is_loopback(peer) or not _is_address(peer))
