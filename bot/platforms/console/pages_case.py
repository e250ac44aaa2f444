"""The page of a case: its evidence as a gallery, what its orders need, its drafts and its timeline, as tabs; and the
pictures of the gallery."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from bot.platforms.console import pages_context, people
from bot.platforms.console.files import RequestRefused
from bot.platforms.console.pages_views import SHA256, here

TABS = ("evidence", "work", "drafts", "timeline")
SIGNS = {b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
"""How pictures begin that are shown in the page; anything else is only ever saved."""


def show_case(request: Request) -> Response:
    """A tab of a case's page. A case that the reader does not see is answered as one that does not exist."""
    console = pages_context.of(request)
    pages, case_id = console.pages(request), request.path_params["case"]
    tab = request.query_params.get("tab", TABS[0])
    row = pages.overview.case(case_id, pages.reader.language)
    view = console.boards.cases_seen_by(pages.reader.id)
    if row is None or tab not in TABS:
        raise RequestRefused(404, "console.error_no_page")
    galleries = view.gallery(case_id, pages.reader.language) if tab == "evidence" else ()
    found = view.cards(case_id, tab, pages.reader.language) if tab != "evidence" else ()
    cards = [pages.card(card) for card in found or ()]
    shown = {"case": row, "tab": tab, "tabs": TABS, "galleries": galleries or (), "cards": cards}
    return HTMLResponse(pages.page("case.html", here(request), **shown))


def show_overview(request: Request) -> Response:
    """The overview of shops."""
    pages = pages_context.of(request).pages(request)
    return HTMLResponse(pages.page("overview.html", here(request), shops=pages.overview.shops(pages.reader.language)))


def show_picture(request: Request) -> Response:
    """An original that is a picture, for an element of the gallery. What does not begin as one is not shown: nothing
    that somebody sent is ever run or laid out within the console's own origin."""
    console, sha256 = pages_context.of(request), request.path_params["sha256"]
    try:
        path = console.host.files.original(sha256, people.reader_id(request)) if SHA256.fullmatch(sha256) else None
    except KeyError:
        path = None
    kind = path and media_type(path)
    if not path or not kind:
        raise RequestRefused(404, "console.error_no_file")
    # Named by its content, it never changes; what a person may see is asked again for every other page.
    headers = {"content-security-policy": "sandbox; default-src 'none'", "content-disposition": "inline"}
    return FileResponse(path, media_type=kind, headers=headers)


def media_type(path: Path) -> str:
    """The type of a picture by its first bytes; "" for anything else."""
    with path.open("rb") as file:
        head = file.read(16)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for sign, kind in SIGNS.items() if head.startswith(sign)), "")
