"""Reading lists that change while they are read, page by page."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.ports.tiktok import ApiFault
from bot.sources.tiktok.answers import next_page, number, rows, text
from bot.sources.tiktok.client import TikTokClient
from bot.sources.tiktok.operations import Operation

PAGES_A_PORTION = 10
Row = dict[str, Any]


@dataclass(frozen=True)
class SearchList:
    """A list that can be sorted by time: the operation, the key of its rows in an answer, the name of a row's id, and
    the size of its pages."""

    operation: Operation
    key: str
    id: str
    size: int


@dataclass(frozen=True)
class PageRun:
    """The rows of pages, and the epoch second from which the list goes on after them; 0 when that is not known."""

    rows: list[Row]
    position: int


def newest(client: TikTokClient, listed: SearchList) -> int:
    """The newest update time in the list (epoch seconds), 0 for an empty list. Raises ApiFault."""
    params = {"page_size": str(_least(listed)), "sort_field": "update_time", "sort_order": "DESC"}
    found = rows(client.call(listed.operation, params, {}), listed.key)
    return max((number(row.get("update_time")) for row in found), default=0)


def _least(listed: SearchList) -> int:
    return 1 if listed.size > 50 else 10


def walk(client: TikTokClient, listed: SearchList, by: str, since: int, restart: int) -> Iterator[PageRun]:
    """All rows whose time `by` (create_time or update_time) is `since` or later, oldest first.

    A row that is changed while the list is read goes to its end, and with a token the next page would leave one row
    out. So after `restart` pages the list is begun anew at the time of the last row; a token is used where all rows
    of a page have one time, and where a server does not sort. Rows may come more than once. Raises ApiFault."""
    start, token, known, gathered, pages = since, "", frozenset[str](), list[Row](), 0
    while True:
        params = {"page_size": str(listed.size), "sort_field": by, "sort_order": "ASC"}
        if token:
            params["page_token"] = token
        data = client.call(listed.operation, params, {f"{by}_ge": start})
        found, following = rows(data, listed.key), next_page(data)
        new = [row for row in found if text(row.get(listed.id)) not in known]
        if following and following == token and not new:
            raise ApiFault("other", message=f"{listed.operation.name}: the list does not go on")
        gathered += new
        pages += 1
        if not following:
            yield PageRun(gathered, 0)
            return
        times = [number(row.get(by)) for row in found]
        last = times[-1] if times else start
        if pages % restart == 0 and last > start and times == sorted(times):
            start, token = last, ""
            known = frozenset(text(row.get(listed.id)) for row in found if number(row.get(by)) == last)
        else:
            token, known = following, known | {text(row.get(listed.id)) for row in found}
        if pages % PAGES_A_PORTION == 0:
            yield PageRun(gathered, start if not token else 0)
            gathered = []


def by_token(
    client: TikTokClient, operation: Operation, keys: tuple[str, ...], size: int, body: Row
) -> Iterator[Row]:
    """All rows of a list that is read with tokens alone. Raises ApiFault."""
    yield from _tokens(lambda params: client.call(operation, params, body), keys, size)


def _tokens(ask: Callable[[Mapping[str, str]], Row], keys: tuple[str, ...], size: int) -> Iterator[Row]:
    token, passed = "", set[str]()
    while True:
        params = {"page_size": str(size), **({"page_token": token} if token else {})}
        data = ask(params)
        yield from rows(data, *keys)
        passed.add(token)
        token = next_page(data)
        if not token or token in passed:
            return
