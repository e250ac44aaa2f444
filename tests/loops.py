"""Asynchronous work from a test, whether or not a loop runs in its thread: a browser leaves one there."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: "Coroutine[Any, Any, T]") -> T:
    """The result, from a loop in a thread of its own."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, work).result()
