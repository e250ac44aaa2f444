"""Reading lists that change while they are read, page by page."""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from bot.ports.tiktok import ApiFault
from bot.sources.ahead import ahead
from bot.sources.tiktok.answers import next_page, number, rows, text
from bot.sources.tiktok.client import TikTokClient
from bot.sources.tiktok.operations import Operation

PAGES_A_PORTION = 10
PAGES_AHEAD = 10
"""How many pages wait at most while others are being stored: what a crash has read for nothing, and its memory."""
Row = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class SearchList:
    """A list that can be sorted by time: the operation, the key of its rows in an answer, the name of a row's id, and
    the size of its pages."""

    operation: Operation
    key: str
    id: str
    size: int


@dataclass(frozen=True)
class ListPage:
    """The rows of a page that the pages before it did not have, and the epoch second from which the list goes on
    after it; 0 when that is not known."""

    rows: list[Row]
    position: int


@dataclass
class PageRun(Generic[T]):
    """The records of some pages, and the position of the last of them."""

    records: list[T] = field(default_factory=list)
    position: int = 0


def newest(client: TikTokClient, listed: SearchList) -> int:
    """The newest update time in the list (epoch seconds), 0 for an empty list. Raises ApiFault."""
    params = {"page_size": str(_least(listed)), "sort_field": "update_time", "sort_order": "DESC"}
    found = rows(client.call(listed.operation, params, {}), listed.key)
    return max((number(row.get("update_time")) for row in found), default=0)


def _least(listed: SearchList) -> int:
    return 1 if listed.size > 50 else 10


def walk(client: TikTokClient, listed: SearchList, by: str, since: int, restart: int) -> Iterator[ListPage]:
    """All rows whose time `by` (create_time or update_time) is `since` or later, oldest first.

    A row that is changed while the list is read goes to its end, and with a token the next page would leave one row
    out. So after `restart` pages the list is begun anew at the time of the last row; a token is used where all rows
    of a page have one time, and where a server does not sort. Rows may come more than once. Raises ApiFault."""
    start, token, known, pages = since, "", frozenset[str](), 0
    while True:
        params = {"page_size": str(listed.size), "sort_field": by, "sort_order": "ASC"}
        if token:
            params["page_token"] = token
        data = client.call(listed.operation, params, {f"{by}_ge": start})
        found, following = rows(data, listed.key), next_page(data)
        new = [row for row in found if text(row.get(listed.id)) not in known]
        if following and following == token and not new:
            raise ApiFault("other", message=f"{listed.operation.name}: the list does not go on")
        pages += 1
        if not following:
            yield ListPage(new, 0)
            return
        times = [number(row.get(by)) for row in found]
        last = times[-1] if times else start
        if pages % restart == 0 and last > start and times == sorted(times):
            start, token = last, ""
            known = frozenset(text(row.get(listed.id)) for row in found if number(row.get(by)) == last)
        else:
            token, known = following, known | {text(row.get(listed.id)) for row in found}
        yield ListPage(new, start if not token else 0)


def gathered(pages: Iterator[ListPage], read: Callable[[Row], T]) -> Generator[PageRun[T], None, None]:
    """The pages by tens, each row read as a record. Pages are fetched ahead while those before them are being
    stored: storing and waiting for the server's pace then cost no time twice. Only their records are kept."""
    run, count = PageRun[T](), 0
    records = (([read(row) for row in page.rows], page.position) for page in pages)
    with closing(ahead(records, PAGES_AHEAD)) as coming:
        for found, position in coming:
            run.records += found
            run.position = position
            count += 1
            if count % PAGES_A_PORTION == 0:
                yield run
                run = PageRun()
    if count % PAGES_A_PORTION:
        yield run


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
