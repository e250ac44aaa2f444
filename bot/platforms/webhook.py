"""What every webhook does alike: what is not taken has a status and a reason, a body has a cap and a time."""

import asyncio

from starlette.requests import Request

MOST_BYTES = 1_000_000
BODY_SECONDS = 10.0


class NotTaken(Exception):
    """A request that is not believed to be the platform's, or cannot be read: its HTTP status and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


async def read_body(request: Request, seconds: float = BODY_SECONDS) -> bytes:
    """The body, at most MOST_BYTES and within `seconds`: nobody keeps a connection without sending. Raises
    NotTaken."""
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
