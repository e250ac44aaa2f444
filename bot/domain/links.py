"""Where a link points: judged by its host alone, before anything is contacted (domain.md §5 `link_host`)."""

import re
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import ip_address
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from bot.domain.policy import Policy

Verdict = Literal["allowed", "refused", "unknown", "malformed"]
_FORBIDDEN = re.compile(r"[\s\\\x00-\x20\x7f]")
_HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9\-]{0,61}[a-z0-9]")


def link_host(url: str, policy: Policy) -> Verdict:
    """Whether `url` is on a host that the profile allows or refuses (domain.md §5 `link_host`).

    "malformed" is every link that shows one host and leads to another, or is not plain https: user names
    before "@", ports, back-slashes, addresses in numbers. A look-alike host in other letters is "unknown".
    """
    host, plain = parse(url)
    if host and on_list(host, policy.evidence.refused_link_hosts):
        return "refused"
    if not host or not plain:
        return "malformed"
    return "allowed" if on_list(host, policy.evidence.link_hosts) else "unknown"


def is_loopback(host: str) -> bool:
    """Whether an address or name (without port) means this machine itself."""
    with suppress(ValueError):
        return ip_address(host.strip("[]")).is_loopback
    return host.rstrip(".").lower() == "localhost"


def parse(url: str) -> tuple[str, bool]:
    """The link's ASCII host in lower case ("" when there is none), and whether it is a plain https link."""
    url = url.strip()
    if len(url) > 4000 or _FORBIDDEN.search(url):
        return "", False
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii").lower().removesuffix(".")
        plain = parts.scheme == "https" and parts.port in (None, 443) and not _has_user(parts)
    except ValueError:
        return "", False
    return (host, plain) if _HOST.fullmatch(host) else ("", False)


def _has_user(parts: SplitResult) -> bool:
    return "@" in parts.netloc


def on_list(host: str, patterns: Iterable[str]) -> bool:
    """Whether `host` is one of `patterns`; "*.example.com" stands for every host below example.com, not for
    itself."""
    return any(
        host.endswith(pattern[1:]) and len(host) > len(pattern) - 1 if pattern.startswith("*.") else host == pattern
        for pattern in map(str.lower, patterns)
    )
