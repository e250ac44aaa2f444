"""The fake answers slack_sdk and bolt as Slack does."""

import json
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from tests.slack.fake.doors import SECRET, signed
from tests.slack.fake.files import dropped
from tests.slack.fake.server import SlackServer

OPS, LI = "C0OPS0001", "U0LI00001"


@pytest.fixture
def client(slack: SlackServer) -> WebClient:
    slack.world.user(LI, "li")
    return WebClient("xoxb-good", base_url=slack.base_url, retry_handlers=[])


def refused(error: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(error.value.response["error"])


def test_a_message_is_shown_changed_found_and_taken_away(slack: SlackServer, client: WebClient) -> None:
    metadata = {"event_type": "odr", "event_payload": {"key": "k1"}}
    ts = client.chat_postMessage(channel=OPS, text="hello", metadata=metadata)["ts"]
    client.chat_postMessage(channel=OPS, text="below", thread_ts=ts)
    client.chat_update(channel=OPS, ts=ts, text="hello again")
    [message] = client.conversations_history(channel=OPS, include_all_metadata=True)["messages"]
    assert (message["text"], message["metadata"]) == ("hello again", metadata)
    assert "metadata" not in client.conversations_history(channel=OPS)["messages"][0]
    assert [item["text"] for item in client.conversations_replies(channel=OPS, ts=ts)["messages"]] == [
        "hello again",
        "below",
    ]
    client.chat_delete(channel=OPS, ts=ts)
    with pytest.raises(SlackApiError) as error:
        client.chat_update(channel=OPS, ts=ts, text="too late")
    assert refused(error) == "message_not_found"


def test_an_update_that_names_no_blocks_keeps_them(slack: SlackServer, client: WebClient) -> None:
    ts = client.chat_postMessage(channel=OPS, text="x", blocks=[{"type": "divider"}])["ts"]
    client.chat_update(channel=OPS, ts=ts, text="y")
    assert slack.world.message(OPS, ts).blocks
    client.chat_update(channel=OPS, ts=ts, text="y", blocks=[])
    assert not slack.world.message(OPS, ts).blocks


def test_pages_of_a_long_history(client: WebClient) -> None:
    for number in range(7):
        client.chat_postMessage(channel=OPS, text=str(number))
    pages = [
        [item["text"] for item in page["messages"]] for page in client.conversations_history(channel=OPS, limit=3)
    ]
    assert pages == [["6", "5", "4"], ["3", "2", "1"], ["0"]]


@pytest.mark.parametrize(
    ("token", "error"),
    [("xoxb-wrong", "invalid_auth"), ("xoxb-poor", "missing_scope"), ("xapp-good", "not_allowed_token_type")],
)
def test_tokens_and_scopes(slack: SlackServer, token: str, error: str) -> None:
    slack.world.tokens["xoxb-poor"] = "users:read"
    with pytest.raises(SlackApiError) as caught:
        WebClient(token, base_url=slack.base_url).chat_postMessage(channel=OPS, text="x")
    assert refused(caught) == error
    assert WebClient("xoxb-poor", base_url=slack.base_url).auth_test().headers["x-oauth-scopes"] == "users:read"


@pytest.mark.parametrize(
    ("state", "error"), [("archived", "is_archived"), ("left", "not_in_channel"), ("unknown", "channel_not_found")]
)
def test_places_where_nothing_can_be_said(slack: SlackServer, client: WebClient, state: str, error: str) -> None:
    slack.world.channel(
        "C0OLD0001", "old", archived=state == "archived", members=set() if state == "left" else {"U0BOT0001"}
    )
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="C0NONE001" if state == "unknown" else "C0OLD0001", text="x")
    assert refused(caught) == error


def test_the_pace_of_a_channel_is_enforced_and_refusals_can_be_asked_for(
    slack: SlackServer, client: WebClient
) -> None:
    slack.rates.strict, slack.rates.clock = True, lambda: 100.0
    for _ in range(5):
        client.chat_postMessage(channel=OPS, text="x")
    for _ in range(2):
        with pytest.raises(SlackApiError) as error:
            client.chat_postMessage(channel=OPS, text="x")
        assert (error.value.response.status_code, error.value.response.headers["Retry-After"]) == (429, "1")
    client.chat_postMessage(channel="C0UK00001", text="another channel")
    slack.rates.refuse("users.info", 7)
    with pytest.raises(SlackApiError) as error:
        client.users_info(user=LI)
    assert refused(error) == "ratelimited" and client.users_info(user=LI)["user"]["name"] == "li"


def test_three_steps_of_an_upload_and_who_may_download(slack: SlackServer, client: WebClient) -> None:
    client.files_upload_v2(channel=OPS, filename="trend.png", content=b"picture", title="trend")
    [message] = client.conversations_history(channel=OPS)["messages"]
    link = message["files"][0]["url_private_download"]
    allowed = {"authorization": "Bearer xoxb-good"}
    assert httpx.get(link, headers=allowed).content == b"picture"
    stranger = httpx.get(link)
    assert stranger.status_code == 200 and stranger.headers["content-type"].startswith("text/html")
    file = dropped(slack.world, LI, "x.txt", b"words", serve="redirect")
    link = f"{slack.home}/files-pri/T0-{file.id}/download/x.txt"
    assert "localhost" in httpx.get(link, headers=allowed).headers["location"]


def test_a_modal_needs_a_fresh_trigger(slack: SlackServer, client: WebClient) -> None:
    text = {"type": "plain_text", "text": "words"}
    view = {"type": "modal", "title": text, "blocks": [{"type": "section", "text": text}]}
    trigger = slack.world.trigger(LI)
    opened = client.views_open(trigger_id=trigger, view=view)["view"]
    with pytest.raises(SlackApiError) as error:
        client.views_open(trigger_id=trigger, view=view)
    assert refused(error) == "invalid_trigger_id"
    with pytest.raises(SlackApiError) as error:
        client.views_update(view_id=opened["id"], hash="stale", view=view)
    assert refused(error) == "hash_conflict"
    assert client.views_publish(user_id=LI, view={"type": "home", "blocks": view["blocks"]})["ok"]


def test_its_signature_is_slacks() -> None:
    body = json.dumps({"type": "event_callback"}).encode()
    headers = signed(body)
    assert SignatureVerifier(SECRET).is_valid_request(body, headers)
    assert not SignatureVerifier(SECRET).is_valid_request(body, signed(body, at=1_700_000_000.0))


@pytest.fixture
def connected(slack: SlackServer, client: WebClient) -> Iterator[list[SocketModeRequest]]:
    heard: list[SocketModeRequest] = []

    def listen(socket: SocketModeClient, request: SocketModeRequest) -> None:
        heard.append(request)
        socket.send_socket_mode_response(SocketModeResponse(request.envelope_id, {"text": "thanks"}))

    sockets = [SocketModeClient("xapp-good", web_client=client) for _ in range(2)]
    for socket in sockets:
        socket.socket_mode_request_listeners.append(listen)
        socket.connect()
    slack.sockets.wait(2)
    yield heard
    for socket in [*sockets, *sockets]:
        # Two threads of the SDK may close the same connection, and the second finds it gone halfway: it closes again.
        with suppress(AttributeError):
            socket.close()
    slack.sockets.wait(0)


def test_socket_mode_gives_each_payload_to_one_connection_and_refreshes(
    slack: SlackServer, connected: list[SocketModeRequest]
) -> None:
    slack.sockets.choose = lambda turn: turn
    for number in range(4):
        answer = slack.sockets.deliver("slash_commands", {"number": number})
        assert answer["payload"] == {"text": "thanks"}
    assert [request.payload["number"] for request in connected] == [0, 1, 2, 3]
    assert slack.sockets.used == [0, 1, 0, 1]
    slack.sockets.refresh()
    slack.sockets.wait(2)
    slack.sockets.deliver("events_api", {"number": 4}, retry=1)
    assert (connected[-1].retry_attempt, connected[-1].retry_reason) == (1, "timeout")
