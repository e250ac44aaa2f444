"""Signing in and out: the page of a link, the page for everybody without a session, and one's own sessions."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.domain.sign_in import WINDOW, SignInLink, SignInRefused, Visitor
from bot.domain.teams import LOCAL
from bot.platforms.console import pages_context
from bot.platforms.console.files import RequestRefused
from bot.platforms.console.pages_context import ConsoleContext
from bot.platforms.console.people import browser_name
from bot.platforms.console.security import PASS, SESSION, client_of, pass_of, token_matches, visitor_of

STATUS = {"unknown": 403, "used": 410, "expired": 410, "too_many": 429}
LOGIN = "/login"


def show_link(request: Request) -> Response:
    """The page of a link, which says whom it signs in. It uses nothing up, because chats ask for it too, to show a
    preview."""
    console, token = pages_context.of(request), request.query_params.get("link", "")
    try:
        link = console.door.links.look(token, client_of(request).address)
    except SignInRefused as refusal:
        return _refused(request, refusal)
    pages = console.pages_for(request, link.person)
    return HTMLResponse(pages.draw("link.html", token=token, link=link, name=_name(console, link), here="/"))


def _name(console: ConsoleContext, link: SignInLink) -> str:
    """How the person is called whom the link signs in; "" for one without a name at this machine."""
    known = link.person and console.host.directory.profile(link.person).name
    return known or ("" if link.person == LOCAL else link.person)


def _refused(request: Request, refusal: SignInRefused) -> Response:
    """What is shown of a link that signs in nobody: why, and how to get another."""
    console = pages_context.of(request)
    pages = console.pages_for(request, refusal.link.person if refusal.link else "")
    used = refusal.link.used_at if refusal.link else None
    text = pages.draw("refused.html", reason=refusal.reason, used_at=used, client=client_of(request), here="/")
    headers = {"retry-after": str(int(WINDOW.total_seconds()))} if refusal.reason == "too_many" else {}
    return HTMLResponse(text, STATUS[refusal.reason], headers)


async def sign_in(request: Request) -> Response:
    """Use the link up: begin a session, with a secret that no browser has had before."""
    console, client = pages_context.of(request), client_of(request)
    words = await console.words(request)
    browser = request.headers.get("user-agent", "")
    try:
        secret = await run_in_threadpool(console.door.links.redeem, words.get("link", ""), client.address, browser)
    except SignInRefused as refusal:
        return await run_in_threadpool(_refused, request, refusal)
    if (before := visitor_of(request)) is not None:
        await run_in_threadpool(console.door.sessions.end, before.session.id)
    response = RedirectResponse("/", 303)
    SESSION.write(response, client, secret, int(console.door.sessions.longest.total_seconds()))
    return response


def show_login(request: Request) -> Response:
    """What everybody sees without a session: how to sign in, and before that, where a token is set, its question."""
    console = pages_context.of(request)
    if visitor_of(request):
        return RedirectResponse("/", 303)
    return _login(request, "" if _passed(console, request) else "token")


def _passed(console: ConsoleContext, request: Request) -> bool:
    return not console.token or token_matches(PASS.read(request), pass_of(console.token))


def _login(request: Request, asks: str, wrong: bool = False, status: int = 200) -> Response:
    pages = pages_context.of(request).pages_for(request)
    text = pages.draw("login.html", asks=asks, wrong=wrong, client=client_of(request), here="/")
    return HTMLResponse(text, status)


async def login(request: Request) -> Response:
    """Take the token, which opens the page that says how to sign in and nothing else."""
    console, client = pages_context.of(request), client_of(request)
    words = await console.words(request)
    if not console.token:
        return RedirectResponse(LOGIN, 303)
    if await run_in_threadpool(console.door.links.waits, client.address):
        return await run_in_threadpool(_refused, request, SignInRefused("too_many"))
    if not token_matches(words.get("token", "").strip(), console.token):
        await run_in_threadpool(console.door.links.wrong, client.address)
        return await run_in_threadpool(_login, request, "token", True, 403)
    response = RedirectResponse(LOGIN, 303)
    PASS.write(response, client, pass_of(console.token))
    return response


def show_sessions(request: Request) -> Response:
    """The reader's own sessions, and which of their links somebody tried a second time."""
    console, visitor = pages_context.of(request), _own(request)
    person = visitor.session.person
    return HTMLResponse(
        console.pages(request).page(
            "sessions.html",
            request.url.path,
            sessions=console.door.sessions.listed(person),
            this=visitor.session.id,
            tried=console.door.links.tried_again(person),
            browser_name=browser_name,
        )
    )


async def end_sessions(request: Request) -> Response:
    """End one of the reader's sessions, or with `all` every other one."""
    console, visitor = pages_context.of(request), _own(request)
    words = await console.words(request)
    sessions, person, number = console.door.sessions, visitor.session.person, words.get("session", "")
    if "all" in words:
        await run_in_threadpool(sessions.end_all, person, visitor.session.id)
    elif number.isascii() and number.isdecimal() and len(number) < 19:
        await run_in_threadpool(sessions.end, int(number), person)
    return RedirectResponse(request.url.path, 303)


async def sign_out(request: Request) -> Response:
    """End the session of this browser."""
    await run_in_threadpool(pages_context.of(request).door.sessions.end, _own(request).session.id)
    response = RedirectResponse(LOGIN, 303)
    SESSION.remove(response, client_of(request))
    return response


def _own(request: Request) -> Visitor:
    visitor = visitor_of(request)
    if visitor is None:
        raise RequestRefused(404, "console.error_no_page")
    return visitor
