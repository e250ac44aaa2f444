"""Coroutines in tests: in a thread of their own, for the browser's library leaves its loop running in the tests'."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """What the coroutine returns or raises."""
    with ThreadPoolExecutor(1, "loop") as thread:
        return thread.submit(asyncio.run, work).result()
