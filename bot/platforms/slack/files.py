"""Downloads files that people drop in Slack: the token goes to Slack's own addresses only; checked, streamed to
disk."""

import json
import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from bot.conversation.events import Problem, Upload
from bot.platforms.slack.api import NotAllowed, SlackApi, SlackError
from bot.platforms.slack.markup import Json
from bot.ports.chat import TryLater
from bot.ports.host import FileStore
from bot.settings.chats import SlackSettings

log = logging.getLogger(__name__)

SLACK_HOST, FILES_HOST = "slack.com", "files.slack.com"
STEP_SECONDS, TOTAL_SECONDS = 20.0, 180.0
REDIRECTS = 3
CHUNK = 65_536


class NotFetched(Exception):
    """The file cannot be had, and trying again does not help."""

    def __init__(self, problem: Problem, why: str) -> None:
        super().__init__(why)
        self.problem: Problem = problem


class Files:
    """Makes uploads of the files in Slack's events, and downloads them."""

    def __init__(self, settings: SlackSettings, api: SlackApi, store: FileStore) -> None:
        self.api, self.store = api, store
        self._token = settings.bot_token.get_secret_value()
        base = urlsplit(settings.base_url)
        own = (base.scheme, base.netloc)
        # Another server that stands in for Slack hands out its files itself.
        self._origin = ("https", FILES_HOST) if base.hostname == SLACK_HOST else own

    @cached_property
    def _client(self) -> httpx.Client:
        # Made for the first file: reading the certificates takes longer than the rest of the chat's start.
        return httpx.Client(timeout=STEP_SECONDS, follow_redirects=False)

    def end(self) -> None:
        """Close the connections to Slack."""
        if "_client" in self.__dict__:
            self._client.close()

    def upload(self, file: Json) -> Upload:
        """A file of an event as an upload that still lies with Slack."""
        path = self.store.upload_dir / f"slack-{secrets.token_hex(12)}"
        name, size = (
            str(file.get("name") or file.get("title") or file.get("id") or "file"),
            number(file.get("size")),
        )
        if size > self.store.max_upload_bytes:
            return Upload(path, name, size, problem="file_too_large")
        return Upload(path, name, size, remote=packed(file))

    def fetch(self, upload: Upload) -> Upload:
        """The upload with its bytes on disk, or with the problem why there are none. Raises OSError for an outage."""
        try:
            file = self._located(json.loads(upload.remote))
            with _removed_on_failure(upload.path):
                size = self._download(str(file["url"]), file, upload.path)
        except NotFetched as reason:
            log.warning("file %s: %s", upload.file_name, reason)
            return replace(upload, remote="", problem=reason.problem)
        except httpx.HTTPError as error:
            raise ConnectionError(f"file {upload.file_name}: {type(error).__name__}: {error}") from error
        # A stub has no name until it is asked for.
        return replace(upload, file_name=str(file.get("name") or upload.file_name), size=size, remote="")

    def _located(self, file: Json) -> Json:
        """The file's data with its address; for a file without one, Slack is asked."""
        if file.get("gone"):
            raise NotFetched("file_gone", "deleted or hidden by Slack")
        if file.get("url"):
            return file
        try:
            told: Json = json.loads(packed(self.api.read("files.info", file=file.get("id", ""))["file"]))
        except NotAllowed as error:
            raise NotFetched("file_scope", str(error)) from error
        except SlackError as error:
            raise NotFetched("file_gone", str(error)) from error
        except TryLater as error:
            raise ConnectionError(str(error)) from error
        if told.get("gone") or not told.get("url"):
            raise NotFetched("file_gone", "no address")
        return told

    def _download(self, url: str, file: Json, path: Path) -> int:
        """Stream the file to disk, following redirects of the same host only."""
        headers = {"authorization": f"Bearer {self._token}", "accept-encoding": "identity"}
        for _ in range(REDIRECTS):
            self._check(url)
            with self._client.stream("GET", url, headers=headers) as answer:
                if not answer.is_redirect:
                    self._refuse(answer, file)
                    return self._write(answer, file, path)
                url = urljoin(url, answer.headers.get("location", ""))
        raise NotFetched("file_unreachable", "too many redirects")

    def _check(self, url: str) -> None:
        """Raise unless the address is one of Slack's own, to which the token may be sent."""
        parts = urlsplit(url)
        if (parts.scheme, parts.netloc) != self._origin:
            raise NotFetched("file_unreachable", f"it lies on another host: {parts.scheme}://{parts.netloc}")

    def _refuse(self, answer: httpx.Response, file: Json) -> None:
        status = answer.status_code
        if status in (404, 410):
            raise NotFetched("file_gone", f"status {status}")
        if status in (401, 403):
            raise NotFetched("file_scope", f"status {status}")
        if status == 429 or status >= 500:
            raise ConnectionError(f"status {status}")
        if status != 200:
            raise NotFetched("file_unreachable", f"status {status}")
        kind = answer.headers.get("content-type", "").lower()
        if kind.startswith("text/html") and not str(file.get("type", "")).startswith("text/html"):
            # Slack shows its login page with status 200 to a token that may not have the file.
            raise NotFetched("file_scope", "a login page came instead: the app lacks files:read, reinstall it")

    def _write(self, answer: httpx.Response, file: Json, path: Path) -> int:
        announced, limit = number(file.get("size")), self.store.max_upload_bytes
        most = min(announced or limit, limit)
        path.parent.mkdir(parents=True, exist_ok=True)
        size, end = 0, time.monotonic() + TOTAL_SECONDS
        with path.open("wb") as out:
            for chunk in answer.iter_bytes(CHUNK):
                size += len(chunk)
                if size > most:
                    problem: Problem = "file_too_large" if most == limit else "file_unreachable"
                    raise NotFetched(problem, f"more than {most} bytes came")
                if time.monotonic() > end:
                    raise ConnectionError(f"only {size} bytes in {TOTAL_SECONDS:.0f} s")
                out.write(chunk)
        if not size:
            raise NotFetched("file_empty", "no bytes")
        if announced and size != announced:
            raise NotFetched("file_unreachable", f"{size} of {announced} bytes")
        return size


@contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def packed(file: Json) -> str:
    """The data that are needed to download a file later, as text."""
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    stub = file.get("file_access") == "check_file_info" or not url
    about = {"id": file.get("id") or "", "url": "" if stub else url, "size": number(file.get("size"))}
    about |= {"type": file.get("mimetype") or "", "name": file.get("name") or ""}
    if file.get("mode") in ("tombstone", "hidden_by_limit"):
        about["gone"] = True
    return json.dumps(about)


def number(value: Any) -> int:
    """A number in Slack's data; 0 for anything else."""
    return value if isinstance(value, int) and value > 0 else 0
