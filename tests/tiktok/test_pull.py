"""From the link to the rate: connecting a shop and reading it, against a platform that behaves like one."""

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta

import pytest

from tests.cli.conftest import Cli
from tests.tiktok.conftest import SHOP
from tests.tiktok.fake.world import FakeShop, Fault, World
from tests.tiktok.story import DAY, NOW, Story, day, epoch

MONDAY = epoch("2026-11-16T10:00:00+00:00")


@pytest.fixture
def connected(cli: Cli) -> Cli:
    cli.json("tiktok", "connect", "--code", "code")
    return cli


def checked(cli: Cli, when: str) -> dict[str, object]:
    [found] = cli.json("check", "--date", when)["shops"]
    return found


def counts(cli: Cli, when: str) -> tuple[int, int]:
    daily = checked(cli, when)["daily"]
    return daily["orders"], daily["defects"]


def pulled(cli: Cli, exit_code: int = 0, **env: str) -> dict[str, object]:
    [report] = cli.json("tiktok", "pull", exit_code=exit_code, **env)["shops"]
    return report


def test_from_the_link_to_the_rate(cli: Cli, shop: FakeShop) -> None:
    story = Story(shop)
    assert "app_key=" in cli.json("tiktok", "connect")["link"]
    found = cli.json("tiktok", "connect", "--code", "https://example.com/back?code=code&state=1")
    assert found["authorisation"]["seller"] == "aurora" and found["shops"][0]["shop"] == "us-1"
    report = pulled(cli)
    assert report["faults"] == {} and report["new"]["orders"] >= 20 * 60
    for back in range(0, 59):
        when = f"{(NOW - timedelta(days=back)).date()}"
        assert counts(cli, when) == (story.orders[when], 0), when
    assert checked(cli, "2026-11-19")["state"] == "measured"
    assert checked(cli, "2026-11-20")["state"] == "provisional"


def test_a_quiet_increment_takes_few_calls_and_is_data(connected: Cli, shop: FakeShop, world: World) -> None:
    Story(shop)
    pulled(connected)
    before = world.answered
    report = pulled(connected)
    assert report["calls"] <= 6 and world.answered - before <= 6 and not any(report["new"].values())
    assert len(connected.json("imports")["imports"]) == 1, "what changes nothing is no import"


def test_an_empty_shop_is_measured(connected: Cli) -> None:
    pulled(connected)
    assert checked(connected, "2026-11-19")["state"] == "measured"


def test_what_counts_and_what_does_not(connected: Cli, shop: FakeShop) -> None:
    story = Story(shop, each=0)
    orders = [story.add(MONDAY + number, "COMPLETED") for number in range(10)]
    for kind in ("sample", "replacement", "exchange"):
        story.add(MONDAY, "COMPLETED", **{f"is_{kind}_order": True})
    story.add(MONDAY, "CANCELLED")
    story.add(MONDAY, "UNPAID")
    story.returned(orders[0], MONDAY + 60, "RETURN_OR_REFUND_REQUEST_COMPLETE")
    story.returned(orders[0], MONDAY + 90, "RETURN_OR_REFUND_REQUEST_CANCEL")
    story.returned(orders[1], MONDAY + 60, "REFUND_OR_RETURN_REQUEST_REJECT")
    story.returned(orders[2], MONDAY + 60, "AWAITING_BUYER_SHIP", arbitration_status="SUPPORT_SELLER")
    story.returned(orders[3], MONDAY + 60, "A_NEW_STATUS")
    shop.reviews["r1"] = {"review_id": "r1", "rating": 1, "order_id": orders[0]["id"], "create_time": MONDAY + 99}
    shop.reviews["r2"] = {"review_id": "r2", "rating": 5, "order_id": orders[4]["id"], "create_time": MONDAY + 99}
    pulled(connected)
    assert counts(connected, "2026-11-16") == (10, 3)
    [status] = connected.json("tiktok", "status")["shops"]
    assert status["feeds"]["returns"]["unknown"] == ["A_NEW_STATUS"]


def test_what_changes_comes_with_the_next_reading(connected: Cli, shop: FakeShop) -> None:
    story = Story(shop, each=5)
    rows = [story.add(MONDAY + number, "AWAITING_SHIPMENT") for number in range(10)]
    returned = story.returned(rows[0], MONDAY + 60, "RETURN_OR_REFUND_REQUEST_PENDING")
    pulled(connected)
    before = counts(connected, "2026-11-16")
    rows[1] |= {"status": "CANCELLED", "update_time": int(NOW.timestamp())}
    returned |= {"return_status": "RETURN_OR_REFUND_REQUEST_CANCEL", "update_time": int(NOW.timestamp())}
    report = pulled(connected)
    assert counts(connected, "2026-11-16") == (before[0] - 1, before[1] - 1)
    assert (report["new"]["orders"], report["new"]["returns"]) == (1, 1)


def test_an_unknown_status_is_kept_counted_both_ways_and_told(connected: Cli, shop: FakeShop) -> None:
    story = Story(shop, each=0)
    story.add(MONDAY, "COMPLETED")
    story.add(MONDAY + 1, "PARTLY_THERE")
    pulled(connected)
    found = checked(connected, "2026-11-16")
    assert found["daily"]["orders"] == 2 and found["without_unknown"]["unknown_orders"] == 1
    [word] = connected.json("statuses")["statuses"]
    assert (word["word"], word["orders"]) == ("partly_there", 1)
    connected.json("statuses", "--shop", "us-1", "--not-valid", "partly_there")
    assert counts(connected, "2026-11-16") == (1, 0)


def test_a_session_is_found_by_its_buyer_where_it_is_certain(connected: Cli, shop: FakeShop) -> None:
    story = Story(shop, each=0)
    one = story.add(MONDAY, "COMPLETED", user_id="ann")
    two = [story.add(MONDAY + number, "COMPLETED", user_id="bob") for number in (1, 2)]
    story.add(MONDAY + 3, "COMPLETED", user_id="cat")
    story.add(MONDAY + 4, "COMPLETED", user_id="cat")
    for number, buyer in enumerate(("ann", "bob", "cat")):
        begin = MONDAY + DAY
        shop.conversations[f"c{number}"] = {"id": f"c{number}", "participants": [{"role": "BUYER", "user_id": buyer}]}
        shop.sessions[f"s{number}"] = {
            "id": f"s{number}",
            "conversation_id": f"c{number}",
            "begin_time": begin,
            "end_time": begin + 600,
            "satisfaction_score": 1,
            "buyer_nickname": buyer,
        }
    content = f'{{"order_id":"{two[1]["id"]}"}}'
    card = {"id": "m1", "type": "ORDER_CARD", "is_visible": True, "content": content, "create_time": begin + 60}
    shop.messages["c1"] = [card]
    [report] = connected.json("tiktok", "pull")["shops"]
    assert counts(connected, "2026-11-17") == (0, 2)
    assert [item["id"] for item in report["not_attributable"]] == ["s2"]
    assert one["id"] and pulled(connected)["calls"] <= 6, "nobody is asked for twice"


def test_a_missing_permission_is_named_and_the_rest_goes_on(connected: Cli, shop: FakeShop, world: World) -> None:
    story = Story(shop, each=2)
    world.sellers["aurora"].scopes -= {"seller.return_refund.basic", "seller.customer_service"}
    report = pulled(connected, exit_code=1)
    assert report["faults"]["returns"]["scope"] == "seller.return_refund.basic"
    assert report["faults"]["ratings"]["scope"] == "seller.customer_service"
    found = checked(connected, "2026-11-18")
    assert found["daily"]["orders"] == story.orders["2026-11-18"]
    assert (found["state"], found["missing"]) == ("partial", ["returns"])
    told = connected("tiktok", "status")
    assert "seller.return_refund.basic" in told.stdout and "missing in the rate" in told.stdout
    world.sellers["aurora"].scopes.add("seller.return_refund.basic")
    pulled(connected, exit_code=1)
    assert checked(connected, "2026-11-18")["state"] == "measured"


def test_faults_in_the_middle_lose_nothing(connected: Cli, shop: FakeShop, world: World) -> None:
    story = Story(shop, each=40)
    world.faults += [Fault("orders/search", "html", 2), Fault("returns", "36009007"), Fault("reviews", "cut")]
    world.texts = world.nested = world.empty_token = True
    world.missing |= {f"/return_refund/202602/{kind}/search" for kind in ("returns", "cancellations")}
    world.before_page = lambda path, start: world.expire() if start == 300 and not world.refreshes else None
    pulled(connected)
    assert world.refreshes == 1
    for when in ("2026-09-25", "2026-10-30", "2026-11-19"):
        assert counts(connected, when) == (story.orders[when], 0)


def test_a_reading_that_is_cut_off_goes_on_where_it_was(connected: Cli, shop: FakeShop, world: World) -> None:
    story = Story(shop, each=60)

    def fail(path: str, start: int) -> None:
        if world.answered == 25:
            world.faults.append(Fault("orders", "105004", times=1))

    world.before_page = fail
    report = pulled(connected, exit_code=1)
    assert report["faults"]["orders"]["fault"] == "region"
    world.before_page = None
    before = world.answered
    pulled(connected)
    assert world.answered - before < 35, "what was stored is not read again"
    assert sum(counts(connected, day(epoch(f"2026-{when}T00:00:00+00:00")))[0] for when in ("10-01", "11-19")) == (
        story.orders["2026-10-01"] + story.orders["2026-11-19"]
    )


def test_an_api_import_is_taken_back_as_a_whole_and_reading_stops(connected: Cli, shop: FakeShop) -> None:
    story = Story(shop, each=3)
    pulled(connected)
    [taken] = connected.json("imports")["imports"]
    assert (taken["kind"], taken["file"], taken["by"]) == ("orders", "TikTok Shop API", "odr-bot")
    connected.json("import", "--undo", taken["id"])
    assert counts(connected, "2026-11-19") == (0, 0)
    assert checked(connected, "2026-11-19")["state"] == "no_data"
    [found] = connected.json("tiktok", "shops")["shops"]
    assert found["paused"] == "undone"
    connected.json("tiktok", "pull", "--shop", "us-1")
    assert counts(connected, "2026-11-19") == (story.orders["2026-11-19"], 0)
    assert connected.json("tiktok", "shops")["shops"][0]["paused"] is None


def test_reading_anew_from_a_day_changes_nothing(connected: Cli, shop: FakeShop) -> None:
    story = Story(shop, each=3)
    pulled(connected)
    again = connected.json("tiktok", "pull", "--shop", "us-1", "--since", "2026-09-19")["shops"][0]
    assert again["rows"]["orders"] > 100 and sum(again["new"].values()) == sum(
        1 for row in shop.orders.values() if "2026-09-19" <= day(row["create_time"]) < "2026-09-21"
    )
    assert counts(connected, "2026-09-19")[0] == story.orders["2026-09-19"]


def test_tokens_are_nowhere_in_clear(connected: Cli, shop: FakeShop, world: World) -> None:
    world.expire()
    pulled(connected)
    connected("backup", "copy.zip")
    secrets = [*world.access, *world.refresh, world.secret]
    with closing(sqlite3.connect(connected.folder / "data" / "odr-bot.sqlite3")) as database:
        text = "\n".join(database.iterdump())
    outputs = connected("tiktok", "status", "--json").stdout + connected("tiktok", "shops").stdout
    assert not [secret for secret in secrets if secret in text + outputs]
    assert (connected.folder / "data" / "tiktok.key").stat().st_mode & 0o777 == 0o600
    assert "tiktok.key" not in connected("backup", "two.zip").stderr


def test_bad_beginnings_are_told(cli: Cli, world: World, shop: FakeShop) -> None:
    def told(*words: str, **env: str) -> str:
        result = cli("tiktok", *words, "--json", **env)
        assert (result.exit_code, result.stdout) == (1, "")
        return result.stderr

    assert "is not read" in told("pull", "--shop", "us-1")
    assert "refused access" in told("connect", "--code", "https://example.com/?error=auth_denied")
    assert "no code" in told("connect", "--code", "https://example.com/")
    assert "key or secret" in told("connect", "--code", "code", ODR_BOT_TIKTOK__APP_SECRET="wrong")
    cli.json("tiktok", "connect", "--code", "code")
    assert "used already" in told("connect", "--code", "code")
    code = world.seller("empty")
    assert "no shop" in cli("tiktok", "connect", "--code", code).stderr
    assert "Which seller" in told("disconnect")
    cli.json("tiktok", "disconnect", "--shop", "empty")
    cli.json("tiktok", "disconnect")
    assert "not set up" in told("pull", ODR_BOT_TIKTOK__APP_KEY="")
    assert cli.json("tiktok", "status") == {"authorisations": [], "shops": []}


def test_found_shops_are_offered_also_those_of_other_sites(cli: Cli, world: World) -> None:
    code = world.seller("many", FakeShop("11", region="GB"), FakeShop("12", region="ID"))
    told = cli("tiktok", "connect", "--code", code).stderr
    assert 'site = "UK"' in told and 'timezone = "Europe/London"' in told and 'tiktok = "11"' in told
    assert "ID" in told and 'tiktok = "12"' not in told
    found = {item["id"]: item for item in cli.json("tiktok", "shops")["shops"]}
    assert (found["11"]["supported"], found["12"]["supported"]) == (True, False)


def test_a_deactivated_shop_is_an_alarm_once(connected: Cli, shop: FakeShop) -> None:
    shop.status = 3
    for _ in range(2):
        pulled(connected)
    with closing(sqlite3.connect(connected.folder / "data" / "odr-bot.sqlite3")) as database:
        keys = [key for (key,) in database.execute("SELECT key FROM message")]
    assert len([key for key in keys if key.startswith("deactivated:")]) == 1
    assert connected.json("tiktok", "shops")["shops"][0]["active"] is False
    assert "deactivated" in connected("tiktok", "pull").output


def test_a_file_and_the_api_are_one_order_and_the_newer_is_believed(connected: Cli, shop: FakeShop) -> None:
    story = Story(shop, each=0)
    row = story.add(MONDAY, "CANCELLED")
    pulled(connected)
    text = "order_id,created_at,valid\n"
    text += f"{row['id']},2026-11-16T10:00:00Z,true\n577000000000000001,2026-11-19T23:00:00Z,true\n"
    connected("import", connected.file("orders.csv", text), "--shop", "us-1", "--kind", "orders")
    assert counts(connected, "2026-11-16") == (1, 0)
    [difference] = pulled(connected)["differences"]
    assert (difference["order_id"], difference["kept"]) == (row["id"], "file")
    row["update_time"] = int(NOW.timestamp()) - 1
    [difference] = pulled(connected)["differences"]
    assert difference["kept"] == "api" and counts(connected, "2026-11-16") == (0, 0)


def test_counted_orders_of_a_us_shop_are_compared(connected: Cli, shop: FakeShop) -> None:
    story = Story(shop, each=0)
    rows = [story.add(MONDAY + number, "COMPLETED") for number in range(3)]
    story.returned(rows[0], MONDAY + 60, "RETURN_OR_REFUND_REQUEST_COMPLETE")
    story.returned(rows[1], MONDAY + 60, "RETURN_OR_REFUND_REQUEST_COMPLETE")
    shop.problems["NBFR"] = [{"order_id": rows[1]["id"]}, {"order_id": rows[2]["id"]}]
    pulled(connected)
    [status] = connected.json("tiktok", "status")["shops"]
    assert status["counted"]["return_refund"] == {"platform_only": [rows[2]["id"]], "ours_only": [rows[0]["id"]]}
    assert status["id"] == SHOP


def test_doctor_says_what_hinders_the_reading(cli: Cli, shop: FakeShop, world: World) -> None:
    def line() -> tuple[bool, str]:
        found = json.loads(cli("doctor", "--json").stdout)["checks"]
        [part] = [item for item in found if item["name"] == "TikTok Shop API"]
        return part["ok"], part["detail"]

    cli("tiktok", "shops")
    assert line() == (False, "us-1 is covered by no authorisation: see odr-bot tiktok status")
    cli.json("tiktok", "connect", "--code", "code")
    pulled(cli)
    assert line() == (True, "1 shops are read, by the authorisations of 1 sellers")
    world.sellers["aurora"].scopes.discard("seller.customer_service")
    pulled(cli, exit_code=1)
    assert line()[0] is False and "no ratings (permission seller.customer_service)" in line()[1]


def test_two_shops_cannot_be_the_same_one(cli: Cli) -> None:
    path = cli.folder / "odr-bot.toml"
    path.write_text(path.read_text() + f'[[shops]]\nid = "uk-1"\nsite = "UK"\ntiktok = "{SHOP}"\n')
    told = cli("tiktok", "shops")
    assert told.exit_code == 1 and SHOP in told.stderr and "twice" in told.stderr


def test_killed_again_and_again_loses_nothing_and_counts_nothing_twice(
    connected: Cli, shop: FakeShop, world: World
) -> None:
    story = Story(shop, each=100)
    command = [sys.executable, "-m", "bot", "tiktok", "pull"]
    for number in range(3):
        before = world.answered
        process = subprocess.Popen(command, cwd=connected.folder, stderr=subprocess.DEVNULL)
        while world.answered < before + 12 + number and process.poll() is None:
            time.sleep(0.01)
        process.kill()
        process.wait()
    pulled(connected)
    for back in (0, 1, 20, 40, 60):
        when = f"{(NOW - timedelta(days=back)).date()}"
        assert counts(connected, when) == (story.orders[when], 0), when
