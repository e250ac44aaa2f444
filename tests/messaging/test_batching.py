"""Events that arrive together are kept together; what is wrong with one concerns no other, and nothing waits long."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bot.messaging.batching import MOST, Batcher, Kept
from tests.loops import run


def taken(keep: Any, count: int) -> list[Any]:
    """What became of events 0, 1, … taken at the same time."""

    async def together() -> list[Any]:
        gathering: Batcher[int] = Batcher(keep, pool)
        given = [gathering.take({"number": number}) for number in range(count)]
        return await asyncio.gather(*given, return_exceptions=True)

    with ThreadPoolExecutor(4) as pool:
        return run(asyncio.wait_for(together(), 10))


def numbers(events: list[Any]) -> list[int]:
    return [event["number"] for event in events]


def test_what_comes_together_is_kept_together_and_each_gets_its_answer() -> None:
    groups: list[int] = []

    def keep(events: list[Any], kept: Kept[int]) -> None:
        groups.append(len(events))
        kept(numbers(events))

    assert taken(keep, 50) == list(range(50)) and groups == [50]


def test_a_flood_is_kept_in_groups_of_a_bearable_size() -> None:
    groups: list[int] = []

    def keep(events: list[Any], kept: Kept[int]) -> None:
        groups.append(len(events))
        kept(numbers(events))

    assert taken(keep, 3 * MOST) == list(range(3 * MOST)) and max(groups) == MOST


def test_a_fault_of_one_is_its_own() -> None:
    fault = OSError("full")

    def keep(events: list[Any], kept: Kept[int]) -> None:
        kept([fault if number == 2 else number for number in numbers(events)])

    assert taken(keep, 4) == [0, 1, fault, 3]


def test_a_fault_of_all_is_everybodys() -> None:
    def keep(events: list[Any], kept: Kept[int]) -> None:
        raise OSError("gone")

    assert [type(each) for each in taken(keep, 3)] == [OSError] * 3


def test_what_follows_the_keeping_and_a_slow_group_hold_nobody_up() -> None:
    gate, sizes = threading.Event(), []

    def keep(events: list[Any], kept: Kept[int]) -> None:
        sizes.append(len(events))
        if len(sizes) == 1:
            gate.wait(10)
        kept(numbers(events))
        gate.wait(10)

    async def bursts() -> None:
        gathering: Batcher[int] = Batcher(keep, pool)
        slow = asyncio.ensure_future(gathering.take({"number": 0}))
        while not sizes:
            await asyncio.sleep(0)
        assert [await gathering.take({"number": number}) for number in (1, 2)] == [1, 2]
        assert not slow.done()
        gate.set()
        assert await slow == 0

    with ThreadPoolExecutor(4) as pool:
        run(asyncio.wait_for(bursts(), 10))
    assert sizes == [1, 1, 1]


def test_a_new_loop_starts_afresh() -> None:
    gate = threading.Event()

    def keep(events: list[Any], kept: Kept[int]) -> None:
        gate.wait(10)
        kept(numbers(events))

    async def left_behind() -> None:
        tasks = [asyncio.ensure_future(gathering.take({"number": number})) for number in range(3)]
        await asyncio.sleep(0)
        for each in tasks:
            each.cancel()

    with ThreadPoolExecutor(4) as pool:
        gathering: Batcher[int] = Batcher(keep, pool)
        run(left_behind())
        gate.set()
        assert run(asyncio.wait_for(gathering.take({"number": 7}), 10)) == 7


def test_whoever_keeps_without_telling_keeps_nobody_waiting() -> None:
    def keep(events: list[Any], kept: Kept[int]) -> None:
        return

    assert [str(each) for each in taken(keep, 2)] == ["not told"] * 2


def test_at_most_two_groups_are_on_their_way() -> None:
    gate, running, most = threading.Event(), [], []

    def keep(events: list[Any], kept: Kept[int]) -> None:
        running.append(events)
        most.append(len(running))
        gate.wait(10)
        running.remove(events)
        kept(numbers(events))

    async def one_by_one() -> None:
        gathering: Batcher[int] = Batcher(keep, pool)
        tasks = []
        for number in range(6):
            tasks.append(asyncio.ensure_future(gathering.take({"number": number})))
            for _ in range(20):
                await asyncio.sleep(0)
        gate.set()
        assert await asyncio.gather(*tasks) == list(range(6))

    with ThreadPoolExecutor(6) as pool:
        run(asyncio.wait_for(one_by_one(), 10))
    assert max(most) == 2 and len(most) == 3, "what came while both were busy went together"


def test_work_goes_on_after_a_rest() -> None:
    async def twice() -> list[int]:
        gathering: Batcher[int] = Batcher(lambda events, kept: kept(numbers(events)), pool)
        return [await gathering.take({"number": number}) for number in range(5)]

    with ThreadPoolExecutor(1) as pool:
        assert run(asyncio.wait_for(twice(), 10)) == list(range(5))
