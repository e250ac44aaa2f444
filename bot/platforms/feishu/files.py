"""Downloads received files: streamed to disk within the size limit; a file that cannot be had says why."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote

import httpx

from bot.conversation.events import Problem, Upload
from bot.platforms.feishu import api_errors as errors
from bot.platforms.feishu.api import Api
from bot.platforms.feishu.api_errors import FeishuError, Outage
from bot.platforms.feishu.events_contents import Contents, Remote, account, transcript
from bot.platforms.feishu.markup import Json
from bot.ports.chat import TryLater
from bot.ports.host import FileStore

SECONDS = 300.0
ANSWER_AT_MOST = 20_000
SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif", "image/heic": "heic"}

PROBLEMS: dict[int, Problem] = {
    234003: "file_gone",
    234004: "file_gone",
    230011: "file_gone",
    230110: "file_gone",
    234037: "file_too_large",
    234043: "file_forwarded",
}
"""Any other refusal is "file_unreachable"; a missing permission "file_scope"."""


class _Problem(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class Files:
    """Downloads what lies with Feishu. `upload.remote` holds the message, the kind and the key of a resource."""

    def __init__(self, store: FileStore, api: Api) -> None:
        self.store, self.api = store, api
        self.largest = min(api.limits.file_bytes, store.max_upload_bytes)

    def fetch(self, upload: Upload) -> Upload:
        """The upload with its bytes at `upload.path`, or with a problem. Raises OSError for an outage."""
        remote = Remote.read(upload.remote)
        message, kind, key = remote.message, remote.kind, remote.key
        try:
            if kind == "forward":
                return self._forwarded(upload, message)
            if kind == "folder" or not key:
                raise _Problem("file_unreachable")
            return self._resource(upload, message, kind, key)
        except _Problem as error:
            upload.path.unlink(missing_ok=True)
            return replace(upload, problem=error.problem)
        except FeishuError as refused:
            upload.path.unlink(missing_ok=True)
            return replace(upload, problem=_problem(refused.code))
        except TryLater as error:
            raise Outage(str(error)) from error

    def _resource(self, upload: Upload, message: str, kind: str, key: str) -> Upload:
        media_type = ""
        for attempt in range(2):
            token = self.api.token()
            try:
                media_type = self._stream(upload.path, token, message, kind, key)
                break
            except FeishuError as refused:
                if refused.code not in errors.TOKEN or attempt:
                    raise
                self.api.forget(token)
        size = upload.path.stat().st_size
        if not size:
            raise _Problem("file_empty")
        return replace(upload, size=size, file_name=_named(upload.file_name, kind, media_type))

    def _stream(self, path: Path, token: str, message: str, kind: str, key: str) -> str:
        """Write the resource to `path`; returns its media type."""
        at = f"{self.api.base}/open-apis/im/v1/messages/{quote(message, safe='')}/resources/{quote(key, safe='')}"
        asked = {"params": {"type": kind}, "headers": {"Authorization": f"Bearer {token}"}, "timeout": 20.0}
        try:
            with httpx.stream("GET", at, **asked) as answer:  # type: ignore[arg-type]
                media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
                if not answer.is_success:
                    raise _refusal(answer)
                self._write(path, answer.iter_bytes(65_536), answer.headers.get("content-length", ""))
        except httpx.HTTPError as error:
            raise Outage(f"a file could not be fetched: {type(error).__name__} {error}") from error
        _check_no_refusal(path, media_type)
        return str(media_type)

    def _write(self, path: Path, parts: Iterator[bytes], announced: str) -> None:
        end, size = monotonic() + SECONDS, 0
        if announced.isdigit() and int(announced) > self.largest:
            raise _Problem("file_too_large")
        with path.open("wb") as file:
            for part in parts:
                size += len(part)
                if size > self.largest:
                    raise _Problem("file_too_large")
                if monotonic() > end:
                    raise Outage("a file came too slowly")
                file.write(part)

    def _forwarded(self, upload: Upload, message: str) -> Upload:
        """A forwarded conversation as a text file; files inside it cannot be downloaded."""
        answer = self.api.get("/open-apis/im/v1/messages/:message_id", message_id=message)
        items = answer.get("items")
        parts = list(transcript(items if isinstance(items, list) else []))
        if any(contents.resources for _, contents in parts) or not any(contents.words for _, contents in parts):
            raise _Problem("file_forwarded")
        upload.path.write_text("\n".join(_line(item, contents) for item, contents in parts), "utf-8")
        return replace(upload, size=upload.path.stat().st_size)


def _line(item: Json, contents: Contents) -> str:
    sender = item.get("sender")
    who = account(sender) if isinstance(sender, dict) else ""
    stamp = str(item.get("create_time", ""))
    at = f" ({datetime.fromtimestamp(int(stamp) / 1000, UTC):%Y-%m-%d %H:%M UTC})" if stamp.isdigit() else ""
    return f"{who or '–'}{at}: {contents.words}"


def _named(name: str, kind: str, media_type: str) -> str:
    """The file name; a picture has none, so its name gets the extension of its type."""
    suffix = SUFFIXES.get(media_type)
    return re.sub(r"\.png$", f".{suffix}", name) if kind == "image" and suffix else name


def _refusal(answer: httpx.Response) -> Exception:
    body = b""
    for part in answer.iter_bytes():
        body += part
        if len(body) > ANSWER_AT_MOST:
            break
    code = _code(body)
    if code in errors.RATE or answer.status_code == 429:
        return Outage("Feishu asked to wait")
    if code is None or answer.status_code >= 500:
        return Outage(f"HTTP {answer.status_code} for a file")
    return FeishuError(code, "", "GET resources")


def _check_no_refusal(path: Path, media_type: str) -> None:
    """Raise when an error came under HTTP 200 in place of the file."""
    if media_type != "application/json" or path.stat().st_size > ANSWER_AT_MOST:
        return
    if code := _code(path.read_bytes()):
        raise FeishuError(code, "", "GET resources")


def _code(body: bytes) -> int | None:
    try:
        answer: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    code = answer.get("code") if isinstance(answer, dict) and "msg" in answer else None
    return code if isinstance(code, int) else None


def _problem(code: int) -> Problem:
    return "file_scope" if code in errors.SCOPE else PROBLEMS.get(code, "file_unreachable")
