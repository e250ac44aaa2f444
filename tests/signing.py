"""Signing in at the console in tests: one place knows how."""

import re

import httpx
from playwright.sync_api import BrowserContext
from starlette.applications import Starlette

from bot.domain.teams import LOCAL
from bot.platforms.console.security import SESSION
from bot.platforms.console.security_client import Client

LINE = re.compile(r"sign in\b.*, once, .*: (http://\S+/sign-in\?link=(\S+))")


def session_cookie(web: Starlette, origin: str = "http://127.0.0.1", person: str = LOCAL) -> dict[str, str]:
    """The cookie of a new session of the person, for a browser that reaches the console at `origin`."""
    door = web.state.console.door
    secret = door.links.redeem(door.links.link(person, "tests"), "127.0.0.1", "tests")
    return {SESSION.called(Client("127.0.0.1", origin, True)): secret}


def admit(context: BrowserContext, web: Starlette, url: str, person: str = LOCAL) -> None:
    """Sign a browser in."""
    for name, value in session_cookie(web, url, person).items():
        context.add_cookies([{"name": name, "value": value, "url": url}])


def printed_link(said: str) -> str:
    """The token of the last link that the program has printed."""
    return LINE.findall(said)[-1][1]


def sign_in(url: str, token: str, **options: object) -> httpx.Response:
    """Use a link as a browser does."""
    headers = {"origin": url, "sec-fetch-site": "same-origin"}
    return httpx.post(f"{url}/sign-in", files={"link": (None, token)}, headers=headers, timeout=30, **options)
