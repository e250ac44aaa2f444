"""Exports that people drop: a preview first, and nothing is imported before somebody confirms it."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.cli.importing import undo_import
from bot.domain.odr import day_number
from bot.domain.previews import PreviewState
from bot.messaging.card import Card
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from bot.settings.sections import DataSettings
from tests.conversations.conftest import NOW, ORDERS, Talk, buttons, fed, forms
from tests.conversations.exports import ERP_LOG, TRACKING_TABLE, my_orders, returns, unwalled, us_orders


def orders_of(talk: Talk, shop: str = "us-1") -> int:
    """How many orders of the shop are stored that begin as those of the exports do."""
    with talk.app.store.unit(read_only=True) as unit:
        ids = [str(576500000000000017 + 7 * number) for number in range(50)]
        return len(unit.orders.by_ids(shop, ids))


def press(talk: Talk, card: Card, label: str) -> list[Card]:
    return talk.press(buttons(card)[label])


def drop(talk: Talk, name: str, content: str | bytes, text: str = "", thread: str = "") -> Card:
    return talk.send((name, content), text=text, thread=thread)[0]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    settings.language = "en"
    return settings


@pytest.fixture
def app(settings: Settings) -> Iterator[App]:
    app = fed(settings, alerted=True, exports=unwalled())
    yield app
    app.engine.dispose()


@pytest.fixture
def en(talk: Talk) -> Talk:
    return talk


def test_a_dropped_export_is_previewed_and_imported_by_the_word(en: Talk) -> None:
    card = drop(en, "orders.csv", us_orders())
    assert "orders.csv" in card.title
    assert "40 new, 0 changed, 0 unchanged" in card.plain() and "Bright Home" in card.plain()
    assert "2026-11-16 to 2026-11-20" in card.plain()
    assert list(buttons(card)) == ["Import", "Other shop", "It is evidence", "Cancel"]
    assert orders_of(en) == 0
    done = en.say("import")
    assert "is imported" in done.title and orders_of(en) == 40
    [known] = en.app.importing.listed(["us-1"])
    assert (known.by, known.rows, known.kind, known.file, known.state) == ("li", 40, "orders", "orders.csv", "taken")


def test_the_chinese_word_confirms_too(talk: Talk) -> None:
    drop(talk, "订单.csv", us_orders())
    assert "is imported" in talk.say("导入").title and orders_of(talk) == 40


def test_the_card_is_one_message_that_changes(en: Talk) -> None:
    card = drop(en, "orders.csv", us_orders())
    press(en, card, "Import")
    [shown] = [each for each in en.shown() if each.slot == card.slot]
    assert "is imported" in shown.read_in("en").title


def test_a_second_export_says_what_is_new_and_what_changes(en: Talk) -> None:
    drop(en, "orders.csv", us_orders())
    en.say("import")
    again = us_orders(45).replace(",Shipped,", ",Canceled,", 1)
    card = drop(en, "later.csv", again)
    assert "5 new, 1 changed, 39 unchanged" in card.plain()
    assert "known order numbers" in card.plain()


def test_of_two_people_who_confirm_one_does(en: Talk) -> None:
    card = drop(en, "orders.csv", us_orders())
    other = replace(en, person="wang")
    press(en, card, "Import")
    late = press(other, card, "Import")[0]
    assert late.private_to == "wang" and "li" in late.plain()
    assert len(en.app.importing.listed(["us-1"])) == 1
    # Who presses twice sees how it stands, and nothing happens twice.
    assert "is imported" in press(en, card, "Import")[0].title
    assert len(en.app.importing.listed(["us-1"])) == 1


def test_nothing_is_imported_after_cancel(en: Talk) -> None:
    card = drop(en, "orders.csv", us_orders())
    press(en, card, "Cancel")
    assert "cancelled" in press(replace(en, person="wang"), card, "Import")[0].plain() or orders_of(en) == 0
    assert orders_of(en) == 0
    assert "No export waits" in en.say("import").title


def test_in_a_thread_two_buttons_ask_first(en: Talk) -> None:
    card = drop(en, "returns.csv", returns(ORDERS, "11/19/2026 10:00:00 PM"), thread="C1")
    assert set(buttons(card)) >= {"Import it", "It is evidence"} and "Import" not in buttons(card)
    preview = en.press(buttons(card)["Import it"], thread="C1")[0]
    assert "3 defects" in preview.plain() and "Import" in buttons(preview)


def test_a_table_in_a_thread_may_be_evidence(en: Talk) -> None:
    card = drop(en, "orders.csv", us_orders(2), thread="C1")
    en.press(buttons(card)["It is evidence"], thread="C1")
    [item] = en.app.judge.judge("C1").context.evidence
    assert item.file_name == "orders.csv" and orders_of(en) == 0
    with en.app.store.unit(read_only=True) as unit:
        assert [each.state for each in unit.previews.of_group(item_group(en))] == [PreviewState.EVIDENCE]


def item_group(talk: Talk) -> str:
    with talk.app.store.unit(read_only=True) as unit:
        [only] = unit.previews.listed(list(PreviewState))
        return only.group


@pytest.mark.parametrize("content", [ERP_LOG, TRACKING_TABLE, "time,from,message\n2026-11-18,buyer,hello\n"])
def test_a_table_of_another_kind_is_evidence(en: Talk, content: str) -> None:
    drop(en, "table.csv", content)
    with en.app.store.unit(read_only=True) as unit:
        assert unit.previews.listed(list(PreviewState)) == []
    assert "is no export that I know" in drop(en, "table.csv", content, text="import").title


def test_words_about_a_case_make_a_table_a_question(en: Talk) -> None:
    assert "It is evidence" in buttons(drop(en, "orders.csv", us_orders(2), text="C1 order details"))


def test_dates_with_two_readings_are_asked_with_both(en: Talk) -> None:
    uk = replace(en, channel="console:uk")
    card = drop(uk, "orders.csv", my_orders(["11/10/2026 10:00:00"] * 4))
    labels = [label for label in buttons(card) if label.startswith("Import as")]
    assert len(labels) == 2 and "Import" not in buttons(card)
    assert "question" in uk.say("import").plain()
    press(uk, card, "Import as day/month/year")
    [known] = uk.app.importing.listed(["uk-1"])
    assert known.dates == "dmy" and known.rows == 4


def test_an_export_in_the_wrong_channel_is_asked_about(en: Talk) -> None:
    drop(en, "orders.csv", us_orders())
    en.say("import")
    uk = replace(en, channel="console:uk")
    card = drop(uk, "orders.csv", us_orders())
    assert "not with Bright UK" in card.plain() and "Bright Home" not in card.plain()
    assert "Import" not in buttons(card) and not [label for label in buttons(card) if "move" in label]
    uk.say("import")
    assert uk.app.importing.listed(["uk-1"]) == [] and orders_of(en) == 40


def test_an_import_is_undone_by_the_word_and_by_the_button(en: Talk) -> None:
    drop(en, "orders.csv", us_orders())
    en.say("import")
    assert "import" in en.say("undo").title and orders_of(en) == 0
    drop(en, "orders.csv", us_orders())
    done = en.say("import")
    refused = press(replace(en, person="wang"), done, "Undo")[0]
    assert "li" in refused.plain() and orders_of(en) == 40
    press(replace(en, person="boss"), done, "Undo")
    assert orders_of(en) == 0
    assert [each.state for each in en.app.importing.listed(["us-1"])] == ["undone", "undone"]


def test_several_files_are_one_card(en: Talk) -> None:
    files = ("returns.csv", returns(["576500000000000017"])), ("orders.csv", us_orders())
    [card] = en.send(*files)
    assert "2 exports" in card.title
    press(en, card, "Import 2 files")
    assert orders_of(en) == 40 and len(en.app.importing.listed(["us-1"])) == 2


def test_a_preview_survives_a_restart(settings: Settings, en: Talk) -> None:
    drop(en, "orders.csv", us_orders())
    again = App(settings, FrozenClock(NOW)).open()
    other = replace(en, app=again)
    assert "is imported" in other.say("import").title and orders_of(other) == 40
    again.engine.dispose()


def test_a_preview_expires(en: Talk) -> None:
    drop(en, "orders.csv", us_orders())
    en.app.clock.at = NOW + timedelta(hours=25)  # type: ignore[attr-defined]
    en.app.preview_expiry.tick()
    assert "No export waits" in en.say("import").title and orders_of(en) == 0


def test_rows_of_decided_exports_are_deleted_a_message_at_a_time_and_undo_still_works(en: Talk) -> None:
    card = en.send(("one.csv", us_orders(2)), ("two.csv", us_orders(2, first=576900000000000017)))[0]
    press(en, card, "Import 2 files")
    press(en, drop(en, "three.csv", us_orders(3)), "Cancel")
    en.app.clock.at = NOW + timedelta(days=10)  # type: ignore[attr-defined]
    drop(en, "four.csv", us_orders(4))
    en.app.clock.at = NOW + timedelta(days=15)  # type: ignore[attr-defined]
    en.app.preview_expiry.tick()
    with en.app.store.unit(read_only=True) as unit:
        left = unit.previews.listed(list(PreviewState))
    assert [(each.file, each.state) for each in left] == [("four.csv", PreviewState.EXPIRED)]
    assert en.app.importing.undo("2", "li").id == "2"
    assert "old" in press(en, card, "Import 2 files")[0].plain()


def test_only_a_lead_imports_where_the_settings_say_so(settings: Settings, en: Talk) -> None:
    led = settings.model_copy(update={"data": DataSettings(import_role="lead")})
    here = replace(en, app=App(led, FrozenClock(NOW)).open())
    card = drop(here, "orders.csv", us_orders())
    refused = press(replace(here, person="wang"), card, "Import")[0]
    assert "role" in refused.plain() and orders_of(here) == 0
    press(replace(here, person="boss"), card, "Import")
    assert orders_of(here) == 40
    here.app.engine.dispose()


def test_an_import_goes_on_where_it_was_interrupted(settings: Settings, en: Talk) -> None:
    card = drop(en, "orders.csv", us_orders())
    work = en.app.import_work
    work.ending.set()
    press(en, card, "Import")
    [begun] = en.app.importing.listed(["us-1"])
    assert begun.state == "running"
    with pytest.raises(Exception, match="import_running"):
        en.app.importing.undo(begun.id, "boss")
    again = fed_again(settings)
    again.import_work.sweep()
    assert orders_of(replace(en, app=again)) == 40
    assert [each.state for each in again.importing.listed(["us-1"])] == ["taken"]
    again.engine.dispose()


def test_an_import_gives_way_to_conversations_and_is_done_all_the_same(en: Talk) -> None:
    card = drop(en, "orders.csv", us_orders())
    with en.app.turns.one():
        en.app.import_runner.start()
        press(en, card, "Import")
        end = time.monotonic() + 30
        while [each.state for each in en.app.importing.listed(["us-1"])] != ["taken"]:
            assert time.monotonic() < end, "who speaks all the time keeps an import from being done"
            time.sleep(0.02)
    en.app.import_runner.stop()
    assert orders_of(en) == 40


def fed_again(settings: Settings) -> App:
    return App(settings, FrozenClock(NOW)).open()


def test_a_damaged_export_is_told_and_can_be_kept(en: Talk) -> None:
    rounded = re.sub(r"(\d{15})\d{3}\t", r"\g<1>000\t", us_orders(6))
    card = drop(en, "orders.csv", rounded)
    assert "rounded" in card.plain() and orders_of(en) == 0
    assert list(buttons(card)) == ["Other shop", "It is evidence", "Cancel"]


def known_until(talk: Talk, source: str, shop: str = "us-1") -> int:
    """The newest UTC day number up to which the source is known of the shop."""
    with talk.app.store.unit(read_only=True) as unit:
        return max(reach.last for reach in unit.orders.reaches([shop])[shop] if reach.source == source)


def test_an_export_without_newer_rows_reaches_as_far_as_it_is_said_to(en: Talk) -> None:
    drop(en, "orders.csv", us_orders())
    en.say("import")
    few = returns(["576500000000000017"], "11/16/2026 10:00:00 AM")
    press(en, drop(en, "returns.csv", few), "Import")
    assert known_until(en, "returns") == day_number(date(2026, 11, 16))
    card = drop(en, "returns.csv", few)
    assert "newest row" in card.plain()
    done = press(en, card, "Import, exported just now")[0]
    assert "li says that it was exported 2026-11-20 08:00 UTC" in done.plain()
    assert known_until(en, "returns") == day_number(NOW.date())
    press(en, done, "Undo")
    assert known_until(en, "returns") == day_number(date(2026, 11, 16))


def test_a_file_of_yesterday_is_known_until_the_time_that_somebody_types(en: Talk) -> None:
    card = drop(en, "orders.csv", us_orders(5, **{"Created Time": "11/18/2026 10:00:00 AM"}))
    asked = press(en, card, "Exported at …")[0]
    for wrong in ("2026-11-20T18:00", "2026-11-18T23:00"):
        assert "cannot have been exported" in en.submit(forms(asked)[0], exported=wrong)[0].plain()
    assert en.app.importing.listed(["us-1"]) == []
    en.submit(forms(asked)[0], exported="2026-11-20T14:30")
    [data] = en.app.freshness.look(["us-1"])
    # Typed in the team's zone, Beijing; the newest row is of the 18th.
    assert data.orders_until == datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
    assert known_until(en, "orders") == day_number(date(2026, 11, 20))
    en.app.importing.undo("1", "li")
    assert en.app.freshness.look(["us-1"])[0].orders_until is None


def test_the_word_means_what_is_ready_and_not_what_waits_for_an_answer(en: Talk) -> None:
    rounded = re.sub(r"(\d{15})\d{3}\t", r"\g<1>000\t", us_orders(6))
    drop(en, "damaged.csv", rounded)
    drop(en, "orders.csv", us_orders())
    assert "orders.csv is imported" in en.say("import").title and orders_of(en) == 40


def test_an_undo_at_the_command_line_shows_on_the_card(en: Talk) -> None:
    card = drop(en, "orders.csv", us_orders())
    press(en, card, "Import")
    undo_import(en.app, "1", lambda line: None)
    [shown] = [each for each in en.shown() if each.slot == card.slot]
    assert "taken back" in shown.read_in("en").title and not buttons(shown)


def test_the_message_of_missing_data_leads_to_the_upload(en: Talk) -> None:
    en.app.stale.tick()
    en.app.clock.at = NOW + timedelta(days=4)  # type: ignore[attr-defined]
    assert en.app.stale.tick()
    en.say("imports")
    [told] = [card for card in en.shown() if "did not come" in card.title]
    assert {"Upload export", "Connect shop"} <= set(buttons(told))
    # In the language of whoever pressed it, which the chat tells.
    assert press(en, told, "Upload export")[0].title in ("Drop the export here", "把导出文件发到这里")


def test_half_sentences_do_what_they_say(settings: Settings, talk: Talk) -> None:
    drop(talk, "退货.csv", returns(ORDERS, "11/19/2026 10:00:00 PM"))
    drop(talk, "订单.csv", us_orders(3))
    both = [card.title for card in talk.says("都导入吧")]
    assert len(both) == 2 and all("已导入" in title or "is imported" in title for title in both)
    assert "as it was" in talk.say("撤销刚才的导入").plain() and orders_of(talk) == 0
    assert "退货.csv" in talk.say("导错了").title, "the one before it"
    assert "newest first" in talk.say("导错了").title, "nothing of one's own is left to take back"
    drop(talk, "订单.csv", us_orders(3))
    assert "No other shop" in talk.say("不是这个店").title
    assert "not imported" in talk.say("不导入").title
    assert "No export waits" in talk.say("取消导入").title
    drop(talk, "订单.csv", us_orders(3))
    assert "is imported" in talk.say("导入吧").title
    assert "newest first" in replace(talk, person="wang").say("撤销导入").title and orders_of(talk) == 3
