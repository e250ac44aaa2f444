"""Addresses in the settings: how the console is reached, and which proxies are believed."""

import ipaddress
from urllib.parse import urlsplit


def origin_of(url: str) -> str:
    """An address as a browser names its origin: scheme, host and port, the usual port left out. Raises ValueError
    for an address with a path, a query or a user."""
    parts = urlsplit(url.strip().rstrip("/"))
    wrong = parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc
    if wrong or parts.path or parts.query or parts.fragment:
        raise ValueError(
            "expected an address such as https://odr.example.com, without a path or a user: the console needs a name "
            "or a port of its own"
        )
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else str(parts.hostname)
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def network_of(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """The network that a text names, one address or several; raises ValueError for all addresses too."""
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise ValueError(f"expected addresses or networks such as 127.0.0.1 or 10.0.0.0/8, not {text!r}") from error
    if network.prefixlen == 0:
        raise ValueError(f"{text!r} would believe everybody; expected the addresses of your proxies")
    return network
