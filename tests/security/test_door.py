"""Attacks on the console's door, as an attacker's browser makes them."""

from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.domain.people import Role
from bot.domain.sign_in import ATTEMPTS
from bot.messaging.card import Card
from bot.platforms.console.pages_menu import ConsolePage
from bot.platforms.console.platform import PAGES
from bot.platforms.console.security_client import Surroundings
from bot.services.sign_in import LIFETIME
from tests.browsing import Served
from tests.console.conftest import core, door, entries, make_app, phrases, roles
from tests.console.test_pages import fields
from tests.console.test_pages_stream import listen
from tests.signing import session_cookie

__all__ = ["core", "door", "entries", "make_app", "phrases", "roles"]

PROXY, PUBLIC = "10.9.9.9", "https://odr.example.com"
ADDRESSES = sorted({page.path.replace("{sha256:str}", "0" * 64).replace("{name:path}", "a.pdf") for page in PAGES})
CLOSED = [path for path in ADDRESSES if not any(page.path == path and page.role is None for page in PAGES)]


def browser(web: Starlette, address: str = "127.0.0.1", base: str = "http://127.0.0.1", **headers: str) -> TestClient:
    """A browser at an address that is not signed in."""
    own = {"origin": base, "sec-fetch-site": "same-origin", **headers}
    return TestClient(web, base_url=base, headers=own, follow_redirects=False, client=(address, 50_000))


@pytest.fixture
def web(make_app) -> Starlette:
    return make_app()


def link(web: Starlette, person: str = "li") -> str:
    return str(web.state.console.door.links.link(person, "tests"))


def test_a_page_of_a_link_uses_nothing_up_and_names_whom_it_signs_in(web, core) -> None:
    token = link(web)
    for _ in range(5):
        page = browser(web, **{"accept-language": "en"}).get(f"/sign-in?link={token}")
        assert page.status_code == 200 and "Sign in as li" in page.text and "set-cookie" not in page.headers
    assert browser(web).head(f"/sign-in?link={token}").status_code in (200, 404)
    assert browser(web).post("/sign-in", files=fields(link=token)).status_code == 303


def test_session_fixation(web) -> None:
    """Whatever a browser brings, it gets a secret that nobody knew before, and what it brought is worth nothing."""
    victim = browser(web)
    for name in ("odr_session_80", "odr_session", "__Host-odr_session"):
        victim.cookies.set(name, "chosen-by-the-attacker")
    answer = victim.post("/sign-in", files=fields(link=link(web)))
    assert answer.status_code == 303 and "chosen" not in answer.headers["set-cookie"]
    attacker = browser(web)
    attacker.cookies.set("odr_session_80", "chosen-by-the-attacker")
    assert attacker.get("/cases").status_code == 401


def test_a_browser_that_signs_in_again_leaves_no_session_behind(web) -> None:
    client = browser(web)
    client.post("/sign-in", files=fields(link=link(web)))
    before = dict(client.cookies)
    client.post("/sign-in", files=fields(link=link(web, "wang")))
    sessions = web.state.console.door.sessions
    assert dict(client.cookies) != before and [each.person for each in sessions.listed()] == ["wang"]


def test_a_stolen_link_is_refused_the_second_time_and_its_owner_reads_of_it(web) -> None:
    token = link(web)
    thief, owner = browser(web, "203.0.113.7", **{"accept-language": "en"}), browser(web, **{"accept-language": "en"})
    assert thief.post("/sign-in", files=fields(link=token)).status_code == 303
    assert owner.get(f"/sign-in?link={token}").status_code == 200, "the page alone tells nobody anything"
    refused = owner.post("/sign-in", files=fields(link=token))
    assert refused.status_code == 410 and "used already" in refused.text and "203.0.113.7" not in refused.text
    assert "set-cookie" not in refused.headers
    owner.post("/sign-in", files=fields(link=link(web)))
    page = owner.get("/sessions").text
    assert "203.0.113.7" in page and 'role="alert"' in page
    owner.post("/sessions", files=fields(all="1"))
    assert thief.get("/cases").status_code == 401 and owner.get("/cases").status_code == 200


def test_a_link_after_its_expiry(web, core) -> None:
    token = link(web)
    core.instant += LIFETIME
    refused = browser(web).post("/sign-in", files=fields(link=token))
    assert refused.status_code == 410 and "set-cookie" not in refused.headers


@pytest.mark.parametrize("headers", [{"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_nobody_is_signed_in_or_out_by_another_site(web, headers) -> None:
    token = link(web)
    assert browser(web, **headers).post("/sign-in", files=fields(link=token)).status_code == 403
    client = browser(web)
    client.post("/sign-in", files=fields(link=token))
    for path in ("/sign-out", "/sessions", "/person"):
        assert client.post(path, files=fields(all="1"), headers=headers).status_code == 403
    assert client.get("/cases").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.9", "127.0.0.1@evil.example", ""])
def test_rebinding(web, host) -> None:
    client = browser(web)
    client.cookies.update(session_cookie(web))
    assert client.get("/cases", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_without_a_session_every_address_answers_alike(web, core, path, accept) -> None:
    stranger, headers = browser(web), {"accept": accept}
    absent = stranger.get("/there-is-nothing", headers=headers)
    asked = stranger.get(path, headers=headers)
    assert (asked.status_code, asked.content, asked.headers) == (absent.status_code, absent.content, absent.headers)
    posted, nowhere = (stranger.post(each, files=fields(text="x")) for each in (path, "/there-is-nothing"))
    assert posted.status_code == nowhere.status_code == 401 and posted.content == nowhere.content
    assert core.events == [] and core.people == {}


def test_every_page_names_its_least_role_and_only_signing_in_is_open() -> None:
    assert {page.path for page in PAGES if page.role is None} == {"/login", "/sign-in"}


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_page_above_ones_role_is_as_one_that_does_not_exist(make_app, roles, method) -> None:
    def secret(request):
        raise AssertionError("it was opened")

    page = ConsolePage("/secret", secret, Role.LEAD, menu="board")
    web = make_app(pages=(*PAGES, page))
    client = browser(web, accept="text/html")
    client.cookies.update(session_cookie(web, person="li"))
    asked, absent = (client.request(method, path) for path in ("/secret", "/there-is-nothing"))
    assert asked.status_code == absent.status_code == 404 and asked.text == absent.text
    assert "/secret" not in client.get("/cases").text
    roles["li"] = "lead"
    assert "/secret" in client.get("/cases").text
    with pytest.raises(AssertionError, match="it was opened"):
        client.get("/secret")


def test_nobody_raises_their_role_by_what_they_send(web, core) -> None:
    client = browser(web)
    client.cookies.update(session_cookie(web, person="li"))
    client.cookies.set("odr_person", "wang")
    client.cookies.set("odr_role", "admin")
    client.post("/say", files=fields(text="help", person="wang", role="admin", author="wang"))
    client.post("/press", files=fields(action="claim", payload='{"person": "wang"}', person="wang"))
    client.post("/person", files=fields(name="Li", id="wang", role="admin", person="wang"))
    assert {event.person for event in core.events} == {"li"} and set(core.people) == {"li"}


def test_nobody_ends_the_session_of_another(web) -> None:
    other = session_cookie(web, person="wang")
    client = browser(web)
    client.cookies.update(session_cookie(web, person="li"))
    [theirs] = web.state.console.door.sessions.listed("wang")
    for number in (theirs.id, "-1", "9" * 30, "x", ""):
        client.post("/sessions", files=fields(session=str(number)))
    theirs_client = browser(web)
    theirs_client.cookies.update(other)
    assert theirs_client.get("/cases").status_code == 200


@pytest.mark.parametrize("path", ["/sign-in", "/login"])
def test_brute_force_from_one_address(make_app, core, path) -> None:
    web = make_app(token="a token of many letters", surroundings=Surroundings(by_address=True))
    base = "http://10.0.0.5"
    attacker = browser(web, "203.0.113.7", base)
    for number in range(ATTEMPTS):
        assert attacker.post(path, files=fields(link=f"guess{number}.x", token=f"{number}")).status_code == 403
    right = fields(link=link(web), token="a token of many letters")
    assert attacker.post(path, files=right).status_code == 429
    assert browser(web, "198.51.100.4", base).post(path, files=right).status_code == 303
    core.instant += timedelta(minutes=10)
    again = fields(link=link(web), token="a token of many letters")
    assert attacker.post(path, files=again).status_code == 303


def test_brute_force_of_one_account_from_everywhere(web, core) -> None:
    inside = browser(web)
    inside.post("/sign-in", files=fields(link=link(web)))
    name = link(web).partition(".")[0]
    for number in range(ATTEMPTS):
        guess = fields(link=f"{name}.{number}")
        assert browser(web, f"198.51.100.{number}").post("/sign-in", files=guess).status_code == 403
    assert browser(web, "198.51.100.99").post("/sign-in", files=fields(link=f"{name}.x")).status_code == 429
    assert inside.get("/cases").status_code == 200, "who is in stays in"
    core.instant += timedelta(minutes=10)
    assert browser(web).post("/sign-in", files=fields(link=link(web))).status_code == 303


@pytest.fixture
def proxied(make_app) -> Starlette:
    return make_app(surroundings=Surroundings(PUBLIC, [f"{PROXY}/32"]))


@pytest.mark.parametrize(
    ("peer", "forwarded", "counts"),
    [
        (PROXY, "198.51.100.1", "198.51.100.1"),
        (PROXY, "127.0.0.1, 198.51.100.1", "198.51.100.1"),
        (PROXY, f"127.0.0.1, 198.51.100.1, {PROXY}", "198.51.100.1"),
        (PROXY, "made-up, 198.51.100.1", "198.51.100.1"),
        (PROXY, "198.51.100.1, made-up", PROXY),
        (PROXY, "", PROXY),
        (PROXY, "2001:db8::1", "2001:db8::1"),
        ("127.0.0.1", "198.51.100.1", "127.0.0.1"),
    ],
)
def test_forged_proxy_headers(proxied, peer, forwarded, counts) -> None:
    """What stands before the last address that no proxy of ours has came from outside; from others all of it did."""
    client = browser(proxied, peer, PUBLIC, **{"x-forwarded-for": forwarded})
    client.post("/sign-in", files=fields(link=link(proxied)))
    [session] = proxied.state.console.door.sessions.listed("li")
    assert session.address == counts


def test_behind_a_proxy_nobody_else_is_answered(proxied) -> None:
    assert browser(proxied, "10.9.9.8", PUBLIC).get("/login").status_code == 403
    assert browser(proxied, "127.0.0.1").get("/login").status_code == 200
    assert browser(proxied, PROXY, PUBLIC).get("/login").status_code == 200


@pytest.mark.parametrize("header", ["x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded"])
def test_through_a_proxy_nobody_is_at_this_machine(make_app, header) -> None:
    web = make_app(surroundings=Surroundings(PUBLIC, ["127.0.0.1/32"]))
    assert browser(web, **{header: "127.0.0.1"}).get("/login").status_code == 421
    page = browser(web, "127.0.0.1", PUBLIC, **{header: "127.0.0.1"}).get("/login")
    assert page.status_code == 200 and "odr-bot sign-in" not in page.text


def test_a_cookie_of_the_plain_address_is_none_behind_tls(proxied) -> None:
    client = browser(proxied, PROXY, PUBLIC)
    for name, value in session_cookie(proxied, "http://127.0.0.1:8765").items():
        client.cookies.set(name, value)
    assert client.get("/cases").status_code == 401


def test_the_live_stream_ends_with_its_session_and_tells_nothing_more(make_app, core) -> None:
    served = Served(make_app())
    try:
        events = listen(served, "channel=ops&since=0")
        assert next(events)[1] == "clock"
        served.app.state.console.door.sessions.end_all("local")
        core.post("after", Card("nobody sees this"))
        assert [name for _, name, _ in events] == ["ended"]
    finally:
        served.stop()


def test_who_is_removed_is_out_at_the_next_request_and_in_the_stream(make_app, core, roles) -> None:
    served = Served(make_app())
    try:
        events = listen(served, "channel=ops&since=0")
        next(events)
        del roles["local"]
        core.post("after", Card("nobody sees this"))
        assert [name for _, name, _ in events] == ["ended"]
    finally:
        served.stop()


def test_another_role_gives_the_browser_another_secret(web, roles) -> None:
    client = browser(web)
    client.cookies.update(session_cookie(web, person="li"))
    before = dict(client.cookies)
    roles["li"] = "lead"
    answer = client.get("/cases")
    assert answer.status_code == 200 and "HttpOnly" in answer.headers["set-cookie"]
    after = {cookie.name: cookie.value for cookie in client.cookies.jar}
    assert set(after) == set(before) and after != before
    assert client.get("/cases").status_code == 200 and "set-cookie" not in client.get("/cases").headers


def test_signing_out_ends_the_session_not_only_the_cookie(web) -> None:
    cookies = session_cookie(web, person="li")
    client = browser(web)
    client.cookies.update(cookies)
    assert client.post("/sign-out").headers["location"] == "/login"
    thief = browser(web)
    thief.cookies.update(cookies)
    assert thief.get("/cases").status_code == 401


@pytest.mark.parametrize("path", ["/sign-in", "/login"])
def test_who_is_not_signed_in_fills_no_disk(web, core, path) -> None:
    token = link(web)
    stranger = browser(web, accept="application/json")
    for files in ([("file", ("a.bin", b"x" * 100_000))], [("link", (None, "x" * 50_000))]):
        assert stranger.post(path, files=files).status_code == 413
    assert list(core.upload_dir.iterdir()) == []
    assert stranger.post("/sign-in", files=fields(link=token)).status_code == 303


def test_what_is_wrong_with_the_database_is_told_in_detail_at_the_machine_alone(make_app, core) -> None:
    def fail(event):
        raise ConnectionError("db.internal:5432")

    core.answer = fail
    web = make_app(surroundings=Surroundings(PUBLIC, [f"{PROXY}/32"]))
    for base, peer, told in (("http://127.0.0.1", "127.0.0.1", True), (PUBLIC, PROXY, False)):
        client = TestClient(web, base_url=base, client=(peer, 1), raise_server_exceptions=False)
        client.cookies.update(session_cookie(web, base))
        answer = client.post("/say", files=fields(text="help", channel="ops"), headers={"origin": base})
        assert answer.status_code == 503 and ("the store is away" in answer.text) is told
