"""Calls to the API: what is repeated, what is told, and what a fault means."""

import json
import logging
from collections.abc import Callable

import httpx
import pytest

from bot.ports.tiktok import ApiFault
from bot.settings.tiktok import TikTokSettings
from bot.sources.tiktok.authorisation import Authorisation, code_of
from bot.sources.tiktok.client import ApiApp, TikTokClient, Wire
from bot.sources.tiktok.listing import newest, walk
from bot.sources.tiktok.operations import ORDER, RETURNS, SHOPS
from bot.sources.tiktok.orders import LISTED
from bot.sources.tiktok.pace import Pace
from tests.tiktok.conftest import Tokens
from tests.tiktok.fake.world import FakeShop, Fault, World

SHOP = "7494726673780148744"


@pytest.fixture
def authorisation(connection: TikTokSettings) -> Authorisation:
    with httpx.Client() as http:
        secret = connection.app_secret.get_secret_value()
        yield Authorisation(connection.app_key, secret, connection.auth_url, http, sleep=lambda _: None)


@pytest.fixture
def client(world: World, connection: TikTokSettings, authorisation: Authorisation) -> TikTokClient:
    shop = FakeShop(SHOP)
    granted = authorisation.granted(world.seller("aurora", shop))
    wire = Wire(authorisation.http, Pace(lambda _: None))
    app = ApiApp(connection.app_key, connection.app_secret.get_secret_value(), connection.base_url)
    return TikTokClient(app, Tokens(granted.tokens, authorisation.renewed), wire, shop.cipher)


def with_orders(world: World, count: int, at: Callable[[int], int] = lambda number: 1_000 + number) -> FakeShop:
    shop = world.sellers["aurora"].shops[0]
    for number in range(count):
        key = f"5764{number:06d}"
        shop.orders[key] = {"id": key, "status": "COMPLETED", "create_time": at(number), "update_time": at(number)}
    return shop


def ids(client: TikTokClient, by: str = "create_time", since: int = 0, restart: int = 10) -> list[str]:
    return [row["id"] for pages in walk(client, LISTED, by, since, restart) for row in pages.rows]


def test_a_call_is_signed_so_that_a_strict_server_takes_it(client: TikTokClient) -> None:
    assert [shop["id"] for shop in client.call(SHOPS)["shops"]] == [SHOP]


@pytest.mark.parametrize("kind", ["html", "36009003", "36009007", "cut", "429", "36009002", "36009037"])
def test_what_passes_is_repeated(world: World, client: TikTokClient, kind: str) -> None:
    world.faults.append(Fault("/shops", kind, times=3))
    assert client.call(SHOPS)["shops"] and client.wire.calls == 4


def test_what_does_not_pass_ends(world: World, client: TikTokClient) -> None:
    world.faults.append(Fault("/shops", "html", times=1000))
    with pytest.raises(ApiFault, match="unreachable"):
        client.call(SHOPS)
    assert client.wire.calls < 10


def test_retry_after_is_honoured(world: World, client: TikTokClient) -> None:
    slept: list[float] = []
    client.wire.pace.sleep = slept.append
    world.faults.append(Fault("/shops", "429", seconds="7"))
    client.call(SHOPS)
    assert max(slept) == pytest.approx(7, abs=0.5)


def test_an_expired_token_is_renewed_once_in_the_middle_of_a_list(world: World, client: TikTokClient) -> None:
    with_orders(world, 250)
    world.before_page = lambda path, start: world.expire() if start == 100 and not world.refreshes else None
    assert len(set(ids(client))) == 250
    assert (world.refreshes, client.tokens.renewals) == (1, 1)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (105005, "scope"),
        (32002017, "scope"),
        (36009033, "address"),
        (36009004, "parameter"),
        (105004, "region"),
        (106013, "cipher"),
        (99999, "other"),
    ],
)
def test_errors_have_names(world: World, client: TikTokClient, code: int, kind: str) -> None:
    world.faults.append(Fault("/shops", str(code)))
    with pytest.raises(ApiFault) as raised:
        client.call(SHOPS)
    assert (raised.value.kind, raised.value.code) == (kind, code)


def test_a_missing_permission_is_named(world: World, client: TikTokClient) -> None:
    world.sellers["aurora"].scopes.discard("seller.return_refund.basic")
    with pytest.raises(ApiFault) as raised:
        client.call(RETURNS, {"page_size": "50"}, {})
    assert raised.value.scope == "seller.return_refund.basic"


def test_a_version_that_is_missing_is_found_once_and_remembered(world: World, client: TikTokClient) -> None:
    world.missing.add("/return_refund/202602/returns/search")
    for _ in range(3):
        client.call(RETURNS, {"page_size": "50"}, {})
    assert client.wire.calls == 4 and client.versions == {"returns": "/return_refund/202309/returns/search"}
    world.missing.add("/return_refund/202309/returns/search")
    with pytest.raises(ApiFault, match="path"):
        client.call(RETURNS, {"page_size": "50"}, {})


@pytest.mark.parametrize("ahead", [600.0, -600.0])
def test_a_clock_that_is_far_off_is_noticed_and_the_call_goes_through(
    world: World, client: TikTokClient, ahead: float
) -> None:
    world.ahead = ahead
    world.access = {token: (name, ends + 10_000) for token, (name, ends) in world.access.items()}
    assert client.call(SHOPS)["shops"]
    assert client.wire.skew == pytest.approx(ahead, abs=2)


def test_orders_are_read_by_ids_and_lists_to_their_end(world: World, client: TikTokClient) -> None:
    shop = with_orders(world, 450)
    assert ids(client) == list(shop.orders) and world.answered == 5
    assert newest(client, LISTED) == 1_449
    assert len(client.call(ORDER, {"ids": ",".join([*shop.orders][:50])})["orders"]) == 50
    shop.orders.clear()
    assert ids(client) == [] and newest(client, LISTED) == 0


def test_nothing_is_left_out_when_rows_move_while_they_are_listed(world: World, client: TikTokClient) -> None:
    """With every page some row that was read already is updated, and goes to the end of the list."""
    shop = with_orders(world, 600)
    moved = iter(range(0, 600, 7))

    def move(path: str, start: int) -> None:
        key = f"5764{next(moved):06d}"
        shop.orders[key]["update_time"] = max(row["update_time"] for row in shop.orders.values()) + 1

    world.before_page = move
    assert set(ids(client, "update_time", restart=1)) == set(shop.orders)


def test_many_rows_of_one_second_are_read_with_tokens(world: World, client: TikTokClient) -> None:
    shop = with_orders(world, 700, lambda number: 1_000 + number // 350)
    assert set(ids(client, "update_time", restart=1)) == set(shop.orders) and world.answered <= 10


class Endless:
    """A client whose lists never end."""

    def call(self, *_: object) -> dict[str, object]:
        return {"orders": [{"id": "1", "create_time": 5}], "next_page_token": "same"}


def test_a_list_that_never_ends_ends() -> None:
    with pytest.raises(ApiFault, match="does not go on"):
        ids(Endless())


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        ("TTP_abc", "TTP_abc"),
        (" ROW_a+b/c== ", "ROW_a+b/c=="),
        ("https://example.com/back?code=TTP_x%3D%3D&state=1", "TTP_x=="),
        ("https://example.com/?auth_code=abc", "abc"),
    ],
)
def test_a_code_is_found_in_what_is_pasted(pasted: str, code: str) -> None:
    assert code_of(pasted) == code


@pytest.mark.parametrize(
    ("pasted", "kind"), [("https://example.com/?error=auth_denied", "denied"), ("https://example.com/", "no_code")]
)
def test_an_address_without_a_code_says_why(pasted: str, kind: str) -> None:
    with pytest.raises(ApiFault, match=kind):
        code_of(pasted)


def test_a_code_is_taken_once_and_secrets_are_never_repeated(
    world: World, authorisation: Authorisation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    code = world.seller("aurora")
    granted = authorisation.granted(code)
    assert granted.tokens.access_ends_at > granted.tokens.obtained_at and granted.open_id == "open-aurora"
    assert granted.tokens.access not in repr(granted) and granted.tokens.refresh not in repr(granted)
    with pytest.raises(ApiFault) as again:
        authorisation.granted(code)
    assert again.value.kind == "code"
    wrong = Authorisation(world.app_key, "wrong", authorisation.url, authorisation.http)
    with pytest.raises(ApiFault) as refused:
        wrong.granted(code)
    assert refused.value.kind == "secret"
    assert world.secret not in caplog.text and granted.tokens.refresh not in caplog.text


def test_ends_in_seconds_from_now_are_understood(connection: TikTokSettings) -> None:
    answer = {"code": 0, "data": {"access_token": "a", "refresh_token": "r", "access_token_expire_in": 604_800}}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=json.dumps(answer)))
    with httpx.Client(transport=transport) as http:
        tokens = Authorisation("k", "s", connection.auth_url, http).granted("c").tokens
    assert (tokens.access_ends_at - tokens.obtained_at).days == 7
