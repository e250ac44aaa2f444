import pytest
from starlette.testclient import TestClient

from bot.platforms.console.security import PASS, SESSION, UnsafeBinding, check_binding, pass_of
from bot.platforms.console.security_client import Surroundings
from bot.platforms.console.server import ConsoleServer
from tests.console.conftest import SAME_ORIGIN
from tests.signing import session_cookie

FORM = {"text": (None, "help"), "channel": (None, "ops")}


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.9.1"])
def test_this_machine_needs_no_token(host):
    check_binding(host, "")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "console.example", "", "localhost.evil.example"])
def test_other_addresses_need_a_token(host):
    with pytest.raises(UnsafeBinding, match=r"console\.token"):
        check_binding(host, " ")
    check_binding(host, "a long secret")
    check_binding(host, "", ["10.0.0.1/32"])


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.9", "", "[::bad", "a@evil.example"]
)
def test_foreign_hosts_are_refused(client, host):
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8765", "127.0.0.1:1", "[::1]:8765"])
def test_loopback_hosts_are_served(client, host):
    assert client.get("/login", headers={"host": host}).status_code in (200, 303)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "http://evil.example", "sec-fetch-site": "same-origin"},
        {"origin": "http://127.0.0.1:9999", "sec-fetch-site": "same-site"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "none"},
        {},
    ],
)
@pytest.mark.parametrize(
    "path", ["/say", "/press", "/submit", "/person", "/login", "/sign-in", "/sign-out", "/sessions"]
)
def test_other_sites_cannot_act(make_app, core, headers, path):
    web = make_app()
    stranger = TestClient(web, base_url="http://127.0.0.1", headers=headers, cookies=session_cookie(web))
    assert stranger.post(path, files=FORM).status_code == 403
    assert core.events == [] and core.people == {}


def test_the_own_page_can_act(client, core):
    assert client.post("/say", files=FORM).status_code == 204
    assert len(core.events) == 1


def test_every_answer_carries_the_protecting_headers(client):
    for path in ("/", "/cases", "/static/main.js", "/nothing", "/files/x/y"):
        headers = client.get(path).headers
        assert (
            "script-src 'self'" in headers["content-security-policy"]
            or "sandbox" in headers["content-security-policy"]
        )
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_pages_have_no_inline_script_or_style(client):
    page = client.get("/").text
    assert " style=" not in page and "<style" not in page and "onclick" not in page
    assert page.count("<script") == page.count("src=") + page.count('type="application/json"')


TOKEN = "correct horse battery"
NETWORK = "http://10.0.0.5:8765"


@pytest.fixture
def locked(make_app):
    """A browser of another machine, before it knows the token."""
    app = make_app(token=TOKEN, surroundings=Surroundings(by_address=True))
    return TestClient(app, base_url=NETWORK, headers={"origin": NETWORK}, follow_redirects=False)


def test_with_a_token_strangers_are_asked_for_it_first(locked, core):
    answer = locked.get("/", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    page = locked.get("/login").text
    assert 'name="token"' in page and "odr-bot sign-in" not in page
    for path in ("/stream", "/files/" + "0" * 64 + "/a", "/cases"):
        assert locked.get(path).status_code == 401
    assert locked.post("/say", files=FORM).status_code == 401
    assert core.events == []


def test_a_wrong_token_stays_outside(locked):
    assert locked.post("/login", files={"token": (None, TOKEN[:-1])}).status_code == 403
    assert 'name="token"' in locked.get("/login").text


def test_the_token_tells_how_to_sign_in_and_opens_nothing_else(locked, core):
    answer = locked.post("/login", files={"token": (None, TOKEN)})
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 303 and "HttpOnly" in cookie and "SameSite=lax" in cookie
    assert TOKEN not in cookie
    page = locked.get("/login").text
    assert 'name="token"' not in page and "后台" in page
    assert locked.get("/").status_code == 401
    assert locked.post("/say", files=FORM).status_code == 401 and core.events == []


def test_a_session_needs_no_token(locked):
    locked.cookies.update(session_cookie(locked.app, NETWORK))
    assert locked.get("/").status_code == 200


def test_a_cookie_of_another_token_is_refused(locked):
    for name in (f"{PASS.name}_8765", f"{SESSION.name}_8765", PASS.name, SESSION.name):
        locked.cookies.set(name, pass_of("another"))
    assert locked.get("/").status_code == 401 and 'name="token"' in locked.get("/login").text


def test_a_named_host_must_be_configured(make_app):
    def status(**options: object) -> int:
        app = make_app(surroundings=Surroundings(**options))
        return TestClient(app, base_url="http://core.example", headers=SAME_ORIGIN).get("/login").status_code

    assert status() == status(by_address=True) == 421
    assert status(hosts=("core.example",)) == 200


def test_the_server_itself_refuses_an_open_address_without_a_token(make_app):
    with pytest.raises(UnsafeBinding):
        ConsoleServer(make_app(), "0.0.0.0")
    ConsoleServer(make_app(token=TOKEN), "0.0.0.0")
