"""What a proxy leads to the port for webhooks: the chats' own paths, and nothing of the console."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.platforms.console.platform import PAGES
from tests.cli.conftest import Cli, cli

__all__ = ["cli"]

SLACK = {
    "ODR_BOT_SLACK__BOT_TOKEN": "xoxb-test",
    "ODR_BOT_SLACK__SIGNING_SECRET": "very-secret",
    "ODR_BOT_SLACK__MODE": "http",
    "ODR_BOT_SLACK__BASE_URL": "http://127.0.0.1:9/api/",
}
FEISHU = {
    "ODR_BOT_FEISHU__APP_ID": "cli_test",
    "ODR_BOT_FEISHU__APP_SECRET": "very-secret",
    "ODR_BOT_FEISHU__ENCRYPT_KEY": "key",
    "ODR_BOT_FEISHU__MODE": "webhook",
    "ODR_BOT_FEISHU__BASE_URL": "http://127.0.0.1:9",
}
PATHS = ("/slack/events", "/feishu/events")


@contextmanager
def serving(folder: Path, **env: str) -> Iterator[tuple[int, int, "subprocess.Popen[bytes]"]]:
    """The real program; its two ports."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve", "--port", "0"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "ODR_BOT_WEBHOOKS__PORT": "0"} | env,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    try:
        assert process.stderr
        [console] = re.findall(r"console on http://127\.0\.0\.1:(\d+)/ ", process.stderr.readline().decode())
        [webhooks] = re.findall(r"on http://127\.0\.0\.1:(\d+)", process.stderr.readline().decode())
        yield int(console), int(webhooks), process
    finally:
        process.terminate()
        process.communicate(timeout=60)


def ask(port: int, method: str, path: str, host: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    body = b"{}" if method == "POST" else None
    connection.request(method, path, body, {"host": host, "content-type": "application/json"})
    status = connection.getresponse().status
    connection.close()
    return status


def console_paths() -> list[str]:
    paths = sorted({page.path.partition("{")[0] for page in PAGES})
    return [*paths, "/static/app.js", "/metrics", "/metrics/", "/files/" + "0" * 64 + "/a.png"]


def test_the_webhook_port_has_no_console(cli: Cli) -> None:
    with serving(cli.folder, **SLACK, **FEISHU) as (console, webhooks, _):
        for host in ("odr.example.com", "127.0.0.1", f"localhost:{console}"):
            tried = [
                *((method, path) for path in console_paths() for method in ("GET", "POST")),
                *(("GET", f"{path}/..{more}") for path in PATHS for more in ("/../cases", "%2f..%2fcases")),
                *(("GET", f"{path}/{up}/{up}/cases") for path in PATHS for up in ("%2e%2e", "%2E.", ".%2e")),
                *(("POST", path + more) for path in PATHS for more in ("/", "//", ";/../cases", "%00", "%2f")),
                *(("GET", path) for path in ("//cases", "//127.0.0.1/cases", f"http://127.0.0.1:{console}/cases")),
                *(("POST", path) for path in ("//slack/events", "/SLACK/EVENTS", "/./cases")),
                ("POST", "/tiktok/events"),
            ]
            assert {each: status for each in tried if (status := ask(webhooks, *each, host)) != 404} == {}
        answers = {path: ask(webhooks, "POST", path, "odr.example.com") for path in PATHS}
        assert all(status in (400, 401, 403) for status in answers.values()), (
            "the doors themselves ask for a signature"
        )
        assert ask(console, "GET", "/login", "127.0.0.1") == 200
        assert {ask(console, "POST", path, "127.0.0.1") for path in PATHS} <= {403, 404}


def test_the_console_s_port_takes_webhooks_only_with_a_token(cli: Cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    env = {**SLACK, "ODR_BOT_WEBHOOKS__PORT": port}
    refused = cli("serve", "--port", port, **env)
    assert refused.exit_code == 1 and "webhooks.port" in refused.stderr and "console.token" in refused.stderr
    env |= {"ODR_BOT_CONSOLE__PORT": port}
    checks = {item["name"]: item for item in json.loads(cli("doctor", "--json", **env).stdout)["checks"]}
    assert not checks["webhooks"]["ok"] and "console.token" in checks["webhooks"]["detail"]
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve", "--port", port],
        cwd=cli.folder,
        env=os.environ
        | {"PYTHONPATH": str(Path(__file__).parents[2]), "ODR_BOT_CONSOLE__TOKEN": "a long token of its own"}
        | env,
        stderr=subprocess.PIPE,
    )
    assert process.stderr
    try:
        assert b"console on" in process.stderr.readline()
        assert ask(int(port), "GET", "/cases", "127.0.0.1") == 303
        assert ask(int(port), "POST", "/slack/events", "odr.example.com") in (400, 401, 403)
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.mark.parametrize("wrong", ["70000", "-1", "http"])
def test_a_wrong_port_is_said_in_words(cli: Cli, wrong: str) -> None:
    result = cli("cases", ODR_BOT_WEBHOOKS__PORT=wrong)
    assert result.exit_code != 0 and "webhooks.port" in result.stderr.lower().replace("__", ".")


def test_a_port_that_is_taken_is_said_in_words(cli: Cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = cli("serve", "--port", "0", **SLACK, ODR_BOT_WEBHOOKS__PORT=str(taken.getsockname()[1]))
    assert result.exit_code == 1 and "webhooks.port: cannot listen" in result.stderr


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the environment of a process is seen in /proc")
def test_no_secret_stays_in_the_environment(cli: Cli) -> None:
    with serving(cli.folder, **SLACK, **FEISHU) as (_, _, process):
        block = Path(f"/proc/{process.pid}/environ").read_bytes()
        assert b"PATH=" in block and b"very-secret" not in block and b"xoxb" not in block
