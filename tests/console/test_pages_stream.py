import asyncio
import json
import threading
from collections.abc import Iterator

import httpx
import pytest

from bot.messaging.card import Card, Text
from bot.platforms.console.pages_stream import ChangePoller
from bot.store.console import ConsoleLog
from bot.store.database import connect
from tests import loops
from tests.console.conftest import Served
from tests.console.test_pages import fields


def listen(served: Served, query: str, headers: dict[str, str] | None = None) -> Iterator[tuple[str, str, dict]]:
    url = f"{served.url}/stream?{query}"
    with httpx.stream("GET", url, headers=headers, cookies=served.cookies, timeout=60) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        event: dict[str, str] = {}
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name:
                event[name] = value
            elif "event" in event:
                yield event.get("id", ""), event["event"], json.loads(event["data"])
                event = {}


def test_new_and_changed_entries_arrive_here_and_a_note_elsewhere(served, core):
    events = listen(served, "channel=ops&since=0")
    assert next(events)[1:] == ("clock", {"now": round(core.now().timestamp() * 1000)})
    ref = core.post("a", Card("first"))
    _, name, data = next(events)
    assert name == "entry" and data["id"] == int(ref) and "first" in data["html"]
    core.post("b", Card("hidden"), channel="sea")
    assert next(events)[1:] == ("elsewhere", {"channel": "sea", "thread": ""})
    core.platform.update("ops", ref, "c", Card("second"))
    _, name, data = next(events)
    assert name == "entry" and data["id"] == int(ref) and "second" in data["html"]


def test_a_stream_resumes_after_the_last_event_it_saw(served, core):
    core.post("a", Card("one"))
    events = listen(served, "channel=ops&since=0")
    next(events)
    last = next(events)[0]
    events.close()
    core.post("b", Card("two"))
    events = listen(served, "channel=ops&since=0", {"last-event-id": last})
    next(events)
    assert "two" in next(events)[2]["html"]


def test_a_change_by_another_process_is_seen(served, tmp_path, core):
    events = listen(served, "channel=ops&since=0")
    next(events)
    other = ConsoleLog(connect(f"sqlite:///{tmp_path}/console.db"))
    other.add("x", "ops", "", core.now(), card=Card("from elsewhere", (Text("w"),)))
    assert "from elsewhere" in next(events)[2]["html"]


def test_many_pages_need_no_thread_each(served, core):
    before = set(threading.enumerate())
    streams = [listen(served, "channel=ops&since=0") for _ in range(60)]
    for events in streams:
        next(events)
    assert len(set(threading.enumerate()) - before) < 40
    core.post("a", Card("to all"))
    assert all("to all" in next(events)[2]["html"] for events in streams)


def test_stopping_the_server_ends_open_streams(make_app, core):
    server = Served(make_app())
    events = listen(server, "channel=ops")
    next(events)
    server.stop()
    assert list(events) == []


def test_a_hundred_uploads_at_once_all_arrive(served, core):
    async def send(client: httpx.AsyncClient, n: int) -> int:
        files = [("file", (f"{n}.bin", b"%d" % n * 5000)), *fields(text=f"#{n}").items()]
        return (await client.post("/say", files=files)).status_code

    async def all_of_them() -> list[int]:
        limits = httpx.Limits(max_connections=100)
        own = {"base_url": served.url, "headers": {"origin": served.url}, "cookies": served.cookies}
        async with httpx.AsyncClient(**own, timeout=60, limits=limits) as client:
            return await asyncio.gather(*(send(client, n) for n in range(100)))

    assert loops.run(all_of_them()) == [204] * 100
    assert core.files == {f"{n}.bin": b"%d" % n * 5000 for n in range(100)}
    assert len(core.entries.conversation("ops", "", limit=500)) == 100
    assert list(core.upload_dir.iterdir()) == []


def test_the_counter_is_polled_only_while_somebody_watches():
    looks = 0

    def latest() -> int:
        nonlocal looks
        looks += 1
        return looks if looks > 1 else 0

    async def go() -> None:
        poller = ChangePoller(latest, seconds=0.001)
        assert looks == 0
        assert await poller.beyond(1, seconds=60)
        await asyncio.wait_for(poller._poll, 60)
        assert poller._poll.done()

    loops.run(go())


def test_a_failing_store_does_not_end_the_stream():
    answers = iter([OSError("locked"), 3])

    def latest() -> int:
        answer = next(answers, 3)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def go() -> bool:
        return await ChangePoller(latest, seconds=0.001).beyond(0, seconds=60)

    assert loops.run(go())


@pytest.mark.parametrize("since", ["abc", "-1", "9" * 40, ""])
def test_a_nonsense_position_means_the_beginning(served, core, since):
    core.post("a", Card("one"))
    events = listen(served, f"channel=ops&since={since}")
    next(events)
    assert next(events)[1] == "entry"
