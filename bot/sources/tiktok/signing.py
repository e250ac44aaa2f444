"""The signature of requests to TikTok Shop's API, and of what it posts."""

import hashlib
import hmac
from collections.abc import Mapping

UNSIGNED = frozenset({"sign", "access_token", "x-tts-access-token"})


def sign(secret: str, path: str, params: Mapping[str, str], body: bytes = b"") -> str:
    """The signature of a request, in lower hexadecimal digits.

    `params` are the decoded query parameters (those that the platform leaves out are left out here), `body` the
    very bytes that are sent."""
    joined = "".join(name + params[name] for name in sorted(params) if name not in UNSIGNED)
    text = b"".join((secret.encode(), path.encode(), joined.encode(), body, secret.encode()))
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def sign_event(app_key: str, secret: str, body: bytes) -> str:
    """The signature with which the platform posts an event, in lower hexadecimal digits."""
    return hmac.new(secret.encode(), app_key.encode() + body, hashlib.sha256).hexdigest()
