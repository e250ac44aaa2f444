"""The page of imports: files are dropped there, previews confirmed, progress and history seen."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.platforms.console import pages_context


def show_imports(request: Request) -> Response:
    """The place for files, the exports that wait or are being imported, and the imports so far."""
    console = pages_context.of(request)
    pages = console.pages(request)
    imports, language = console.boards.imports_seen_by(pages.reader.id), pages.reader.language
    return HTMLResponse(
        pages.page(
            "imports.html",
            request.url.path,
            waiting=[(each, pages.card(each.card)) for each in imports.waiting(language)],
            history=pages.card(imports.history(language)),
            limits=console.limits,
        )
    )
