"""Public internet addresses only: a link can never lead into the network that the bot runs in."""

import ipaddress
import socket
from collections.abc import Callable, Sequence

Resolver = Callable[[str], Sequence[str]]
"""A host name to its IP addresses; raises OSError when there are none."""

_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


def resolve(host: str) -> Sequence[str]:
    """The addresses that the system's resolver gives for `host`."""
    return list(dict.fromkeys(str(entry[4][0]) for entry in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)))


def is_public(address: str) -> bool:
    """A global unicast address, also behind IPv4 mapped, translated or tunnelled into IPv6."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo or (None, None))[1]
        if inner:
            return is_public(str(inner))
        if any(parsed in network for network in _TRANSLATED):
            return is_public(str(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)))
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved
