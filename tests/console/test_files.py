import asyncio
import errno

import pytest
from starlette.requests import Request

from bot.platforms.console import files as uploads
from bot.platforms.console.files import RequestLimits, RequestRefused, read_form
from tests import loops
from tests.console.test_pages import fields

LIMITS = RequestLimits(file_bytes=100, request_bytes=1000, files=3, fields=4, field_bytes=50, idle_seconds=60)


def part(name: str, data: bytes, file_name: str | None = None) -> bytes:
    extra = "" if file_name is None else f'; filename="{file_name}"'
    return f'--B\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'.encode() + data + b"\r\n"


def read(
    tmp_path,
    *chunks: bytes,
    limits: RequestLimits = LIMITS,
    content_type="multipart/form-data; boundary=B",
    hang=False,
):
    queue = [*chunks]

    async def receive():
        if not queue:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": queue.pop(0), "more_body": bool(queue) or hang}

    async def go():
        scope = {"type": "http", "method": "POST", "headers": [(b"content-type", content_type.encode())]}
        return await read_form(Request(scope, receive), tmp_path, limits)

    return loops.run(go())


def refusal(tmp_path, *chunks: bytes, **options) -> RequestRefused:
    with pytest.raises(RequestRefused) as caught:
        read(tmp_path, *chunks, **options)
    assert list(tmp_path.iterdir()) == []
    return caught.value


END = b"--B--\r\n"


def test_a_body_in_any_pieces_reads_the_same(tmp_path):
    body = part("text", "你好\r\n".encode()) + part("file", b"\r\n--C\r\n-B no end", "a.txt") + END
    for size in (1, 7, len(body)):
        form = read(tmp_path, *(body[n : n + size] for n in range(0, len(body), size)))
        assert form.fields == {"text": "你好\n"}
        (upload,) = form.uploads
        assert upload.path.read_bytes() == b"\r\n--C\r\n-B no end" and upload.size == 16
        form.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_chooser_left_empty_is_no_file(tmp_path):
    assert read(tmp_path, part("file", b"", "") + END).uploads == []


@pytest.mark.parametrize(
    ("body", "status", "key"),
    [
        (part("file", b"x" * 101, "a") + END, 413, "file_too_large"),
        (part("file", b"ok", "a") + part("file", b"x" * 101, "b") + END, 413, "file_too_large"),
        (b"".join(part("file", b"x", "a") for _ in range(4)) + END, 413, "too_many_files"),
        (part("text", b"x" * 51) + END, 413, "text_too_long"),
        (b"".join(part(f"f{n}", b"") for n in range(8)) + END, 400, "broken"),
        (
            b"".join(part("file", b"x" * 99, "a") for _ in range(3)) + part("t", b"") + b"x" * 900,
            413,
            "request_too_large",
        ),
        (part("file", b"x", "a"), 400, "broken"),
        (part("file", b"x", "a")[:40], 400, "broken"),
        (b"nonsense", 400, "broken"),
        (b"", 400, "broken"),
        (part("text", b"\xff\xfe") + END, 400, "broken"),
        (b"--B\r\nX: " + b"y" * 20_000 + b"\r\n\r\n" + END, 400, "broken"),
    ],
)
def test_what_is_refused_leaves_no_file(tmp_path, body, status, key):
    limits = LIMITS if b"y" * 20_000 not in body else RequestLimits(100, 100_000)
    refused = refusal(tmp_path, body, limits=limits)
    assert (refused.status, refused.key) == (status, f"console.error_{key}")


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "multipart/form-data; boundary=", ""])
def test_another_content_type_is_refused(tmp_path, kind):
    assert refusal(tmp_path, b"x", content_type=kind).status == 415


def test_a_sender_that_stops_is_cut_off(tmp_path):
    slow = RequestLimits(100, 1000, idle_seconds=0.01)
    refused = refusal(tmp_path, part("file", b"half", "a")[:-2], limits=slow, hang=True)
    assert (refused.status, refused.key) == (408, "console.error_slow")


def test_a_drip_is_cut_off_in_the_end(tmp_path):
    slow = RequestLimits(100, 1000, total_seconds=0.01)
    assert refusal(tmp_path, part("file", b"half", "a")[:-2], limits=slow, hang=True).status == 408


def test_a_full_disk_is_said_so(tmp_path, monkeypatch):
    def full(*_args, **_named):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploads, "mkstemp", full)
    refused = refusal(tmp_path, part("file", b"x", "a") + END)
    assert refused.status == 507 and refused.params == {"reason": "No space left on device"}


def test_over_http_the_reason_is_in_words(client, core):
    big = b"x" * (core.max_upload_bytes + 1)
    answer = client.post("/say", files=[("file", ("大图.png", big)), *fields().items()])
    assert answer.status_code == 413
    assert "大图.png" in answer.json()["error"] and "1 MB" in answer.json()["error"]
    assert core.events == [] and list(core.upload_dir.iterdir()) == []
