"""What all webhooks have in common: a refused request has a status and a reason; a body has a size and a time
limit."""

import asyncio

from starlette.requests import Request

MOST_BYTES = 1_000_000
BODY_SECONDS = 10.0


class NotTaken(Exception):
    """A request that is not proven to be the platform's, or cannot be read: its HTTP status and the reason."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


async def read_body(request: Request, seconds: float = BODY_SECONDS) -> bytes:
    """The body of at most MOST_BYTES, read within `seconds`, so that nobody can keep a connection open without
    sending. Raises NotTaken."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise NotTaken(413, f"{length[:20]} bytes announced")
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise NotTaken(413, "too many bytes")
    except TimeoutError as error:
        raise NotTaken(408, "too slow") from error
    return bytes(body)
