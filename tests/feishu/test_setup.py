"""The checklist for the developer console, and loading no more of the kit than is used."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from click.testing import CliRunner

from bot.cli.main import main
from bot.platforms.feishu.api_scopes import GROUP_FILES, NEEDED
from bot.platforms.feishu.events import MESSAGE, Events
from bot.platforms.feishu.receiver import Receiver
from bot.platforms.feishu.setup import EVENTS, SCOPES, checklist, plain
from bot.settings.chats import FeishuSettings
from bot.wording.phrases import shared_phrases
from tests.domain.profile import ROOT

PHRASES = shared_phrases(ROOT / "templates", "Asia/Shanghai")


def listed(language: str = "zh", **settings: Any) -> dict[str, Any]:
    return checklist(FeishuSettings(**settings), partial(PHRASES.say, lang=language))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_names_every_scope_event_and_callback(language: str) -> None:
    text = plain(listed(language))
    for name in (*SCOPES, *EVENTS, "card.action.trigger"):
        assert text.count(f"[ ] {name}") == 1
    assert set(NEEDED) | {GROUP_FILES} <= set(SCOPES)


def test_every_event_of_the_list_is_taken() -> None:
    taken = Receiver(Events(Mock(), Mock(), Mock(), Mock()), Mock(), Mock()).takers
    # Messages come in bursts and are kept together.
    assert set(taken) == {*EVENTS, "card.action.trigger"} - {MESSAGE}


def test_the_webhook_s_list_names_the_path_and_lark_s_console() -> None:
    text = plain(listed("en", mode="webhook", brand="lark"))
    assert "https://your-domain/feishu/events" in text and "https://open.larksuite.com/app" in text
    assert "long connection" not in text


def test_the_command_prints_a_checklist(tmp_path: Path) -> None:
    config = tmp_path / "odr-bot.toml"
    config.write_text(f'data_dir = "{tmp_path / "data"}"\nlanguage = "en"\n')
    done = CliRunner().invoke(main, ["feishu", "setup", "--config", str(config)])
    assert done.exit_code == 0 and "im:message.group_msg" in done.output
    data = json.loads(CliRunner().invoke(main, ["feishu", "setup", "--json", "--lang", "zh"]).output)
    assert data["console"] == "https://open.feishu.cn/app"
    assert [item["name"] for item in data["steps"][4]["items"]] == list(EVENTS)
    assert not (tmp_path / "data" / "odr-bot.db").exists()


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_the_kit_is_not_loaded_before_it_is_used_and_then_hardly_any_of_it() -> None:
    out = run(
        "import sys\n"
        "from bot.platforms.feishu import platform as chat, api_sdk as sdk\n"
        "kit = lambda: sum(name.startswith('lark_oapi') for name in sys.modules)\n"
        "print(kit())\n"
        "for name in ('lark_oapi.core.http', 'lark_oapi.core.model', sdk.CONNECTION): sdk.load(name)\n"
        "print(kit())\n"
    )
    before, after = map(int, out.split())
    assert before == 0 and 0 < after < 150


def test_who_imports_the_whole_kit_gets_all_of_it_and_its_connections_run_where_they_are() -> None:
    """Loaded before by somebody else, loaded by us, and whole: one process, for the whole kit takes its time."""
    out = run(
        "import asyncio, sys\n"
        "from bot.platforms.feishu import api_sdk as sdk\n"
        "light = sdk.load(sdk.CONNECTION)\n"
        "import lark_oapi\n"
        "from lark_oapi.event.dispatcher_handler import EventDispatcherHandler\n"
        "print(lark_oapi.ws.Client is light.Client, lark_oapi.EventDispatcherHandler is EventDispatcherHandler)\n"
        "print(lark_oapi.Client.builder().app_id('a').app_secret('b').build().im.v1 is not None)\n"
        "print(sdk.load('lark_oapi.core.model').Config is lark_oapi.core.model.Config)\n"
        "del sys.modules[sdk.CONNECTION]\n"
        "import lark_oapi.ws.client as theirs\n"
        "async def task(): return 'ran'\n"
        "async def main(): return await sdk.load(sdk.CONNECTION).loop.create_task(task())\n"
        "print(asyncio.run(main()), theirs.loop.is_running())\n"
    )
    assert out.split() == ["True"] * 4 + ["ran", "False"]


def test_the_kit_s_log_shows_no_tickets() -> None:
    out = run(
        "import logging\n"
        "logging.basicConfig(level=logging.DEBUG)\n"
        "from bot.platforms.feishu import api_sdk as sdk\n"
        "log = sdk.load('lark_oapi.core.log').logger\n"
        "log.error('wss://x?ticket=secret')\n"
    )
    assert out == ""
