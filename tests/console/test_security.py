import pytest
from starlette.testclient import TestClient

from bot.platforms.console.security import UnsafeBinding, check_binding, session_of
from bot.platforms.console.server import ConsoleServer
from tests.console.conftest import SAME_ORIGIN

FORM = {"text": (None, "help"), "channel": (None, "ops")}


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.9.1"])
def test_this_machine_needs_no_token(host):
    check_binding(host, "")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "console.example", "", "localhost.evil.example"])
def test_other_addresses_need_a_token(host):
    with pytest.raises(UnsafeBinding, match=r"console\.token"):
        check_binding(host, " ")
    check_binding(host, "a long secret")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.9", "", "[::bad", "a@evil.example"]
)
def test_foreign_hosts_are_refused(client, host):
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8765", "127.0.0.1:1", "[::1]:8765"])
def test_loopback_hosts_are_served(client, host):
    assert client.get("/", headers={"host": host}).status_code == 200


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
@pytest.mark.parametrize("path", ["/say", "/press", "/submit", "/person", "/login"])
def test_other_sites_cannot_act(make_app, core, headers, path):
    stranger = TestClient(make_app(), base_url="http://127.0.0.1", headers=headers)
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


@pytest.fixture
def locked(make_app):
    app = make_app(token="correct horse")
    return TestClient(
        app, base_url="http://10.0.0.5:8765", headers={"origin": "http://10.0.0.5:8765"}, follow_redirects=False
    )


def test_with_a_token_strangers_see_the_login_page_only(locked, core):
    answer = locked.get("/", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert locked.get("/stream").status_code == 401
    assert locked.get("/files/" + "0" * 64 + "/a").status_code == 401
    assert locked.post("/say", files=FORM).status_code == 401
    assert core.events == []


def test_a_wrong_token_stays_outside(locked):
    assert locked.post("/login", files={"token": (None, "correct hors")}).status_code == 403
    assert locked.get("/").status_code == 401


def test_the_right_token_opens(locked, core):
    answer = locked.post("/login", files={"token": (None, "correct horse")})
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 303 and "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert "correct horse" not in cookie
    assert locked.get("/").status_code == 200
    assert locked.post("/say", files=FORM).status_code == 204


def test_a_cookie_of_another_token_is_refused(locked):
    locked.cookies.set("odr_session", session_of("another"))
    assert locked.get("/").status_code == 401


def test_a_named_host_must_be_configured(make_app):
    def status(**options: object) -> int:
        client = TestClient(make_app(token="t", **options), base_url="http://core.example", headers=SAME_ORIGIN)
        return client.get("/login").status_code

    assert status() == 421
    assert status(hosts=("core.example",)) == 200


def test_the_server_itself_refuses_an_open_address_without_a_token(make_app):
    with pytest.raises(UnsafeBinding):
        ConsoleServer(make_app(), "0.0.0.0")
    ConsoleServer(make_app(token="t"), "0.0.0.0")
