"""Reads multipart requests as a stream: fields into memory, files straight to disk, with a limit on every size."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING, BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from bot.conversation.events import Upload
from bot.domain.filename import safe_name
from bot.platforms.sizes import megabytes

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks


class RequestRefused(Exception):
    """A refused request: HTTP status, text key and the text's parameters."""

    def __init__(self, status: int, key: str, **params: str | int) -> None:
        super().__init__(key)
        self.status, self.key, self.params = status, key, params


@dataclass(frozen=True)
class RequestLimits:
    """The limits of one request, in bytes, number of parts and seconds."""

    file_bytes: int
    request_bytes: int
    files: int = 100
    fields: int = 100
    field_bytes: int = 64_000
    idle_seconds: float = 30
    total_seconds: float = 900


@dataclass
class Submitted:
    """What a page has sent. Whoever does not pass its files on must call `discard`."""

    fields: dict[str, str] = field(default_factory=dict)
    uploads: list[Upload] = field(default_factory=list)

    def discard(self) -> None:
        """Delete the received files."""
        for upload in self.uploads:
            upload.path.unlink(missing_ok=True)


async def read_form(request: Request, folder: Path, limits: RequestLimits) -> Submitted:
    """Read a multipart request; its files are written to `folder`. Raises RequestRefused when the request is
    malformed, too large or too slow, or the disk refuses, and then leaves no file behind."""
    receiver = _MultipartReceiver(folder, limits)
    try:
        async with asyncio.timeout(limits.total_seconds):
            await _feed(request, receiver, limits)
    except BaseException as error:
        receiver.abandon()
        if refusal := _refusal(error):
            raise refusal from error
        raise
    return receiver.submitted


def _refusal(error: BaseException) -> RequestRefused | None:
    # TimeoutError is an OSError: the order matters.
    if isinstance(error, TimeoutError):
        return RequestRefused(408, "console.error_slow")
    if isinstance(error, OSError):
        return RequestRefused(507, "console.error_disk", reason=error.strerror or type(error).__name__)
    if isinstance(error, ClientDisconnect | FormParserError | UnicodeDecodeError):
        return RequestRefused(400, "console.error_broken")
    return None


async def _feed(request: Request, receiver: "_MultipartReceiver", limits: RequestLimits) -> None:
    too_large = RequestRefused(413, "console.error_request_too_large", megabytes=megabytes(limits.request_bytes))
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limits.request_bytes:
        raise too_large
    parser = MultipartParser(_boundary(request), receiver.callbacks())
    chunks, received = request.stream(), 0
    async for chunk in _timed(chunks, limits.idle_seconds):
        received += len(chunk)
        if received > limits.request_bytes:
            raise too_large
        await run_in_threadpool(parser.write, chunk)
    if not receiver.complete:
        raise RequestRefused(400, "console.error_broken")


async def _timed(chunks: AsyncIterator[bytes], seconds: float) -> AsyncIterator[bytes]:
    while True:
        async with asyncio.timeout(seconds):
            chunk = await anext(chunks, None)
        if chunk is None:
            return
        yield chunk


def _boundary(request: Request) -> bytes:
    kind, params = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not params.get(b"boundary"):
        raise RequestRefused(415, "console.error_broken")
    return params[b"boundary"]


class _MultipartReceiver:
    """Receives the callbacks of the multipart parser; at most one part is open at a time."""

    def __init__(self, folder: Path, limits: RequestLimits) -> None:
        self.submitted = Submitted()
        self.complete = False
        self._folder, self._limits = folder, limits
        self._key, self._value = bytearray(), bytearray()
        self._disposition = b""
        self._name, self._text = "", bytearray()
        self._file: BinaryIO | None = None
        self._size = self._pieces = 0

    def callbacks(self) -> "MultipartCallbacks":
        """The callbacks, as the parser takes them."""
        return {
            "on_header_field": lambda data, start, end: self._key.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._begin_part,
            "on_part_data": self._take,
            "on_part_end": self._end_part,
            "on_end": self._end,
        }

    def abandon(self) -> None:
        """Delete the files that were received so far."""
        if self._file:
            self._file.close()
        self.submitted.discard()

    def _end_header(self) -> None:
        if self._key.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._key.clear()
        self._value.clear()

    def _begin_part(self) -> None:
        _, params = parse_options_header(self._disposition)
        self._name, self._disposition = params.get(b"name", b"").decode(), b""
        self._text.clear()
        self._size = 0
        if b"filename" in params:
            self._begin_file(params[b"filename"].decode(errors="replace"))
        self._pieces += 1
        if self._pieces > self._limits.fields + self._limits.files:
            raise RequestRefused(400, "console.error_broken")

    def _begin_file(self, file_name: str) -> None:
        if not file_name:
            return
        if len(self.submitted.uploads) >= self._limits.files:
            raise RequestRefused(413, "console.error_too_many_files", count=self._limits.files)
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, path = mkstemp(prefix="upload-", dir=self._folder)
        self._file = os.fdopen(handle, "wb")
        self.submitted.uploads.append(Upload(Path(path), safe_name(file_name), 0))

    def _take(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._file is None:
            if self._size > self._limits.field_bytes:
                raise RequestRefused(413, "console.error_text_too_long")
            self._text += data[start:end]
        elif self._size > self._limits.file_bytes:
            name, cap = self.submitted.uploads[-1].file_name, megabytes(self._limits.file_bytes)
            raise RequestRefused(413, "console.error_file_too_large", name=name, megabytes=cap)
        else:
            self._file.write(memoryview(data)[start:end])

    def _end_part(self) -> None:
        if self._file is None:
            # Browsers send every line end of a form as two characters.
            self.submitted.fields[self._name] = self._text.decode().replace("\r\n", "\n")
            return
        self._file.close()
        self._file = None
        last = self.submitted.uploads[-1]
        self.submitted.uploads[-1] = Upload(last.path, last.file_name, self._size)

    def _end(self) -> None:
        self.complete = True
