"""The Bolt app behind webhook and Socket Mode: a listener stores what arrives, and only then is it acknowledged."""

import logging
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltRequest, BoltResponse, Respond
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient

from bot.messaging.batching import Kept
from bot.platforms.slack.events import Events
from bot.platforms.slack.interactions import Interactions
from bot.platforms.slack.markup import Json
from bot.platforms.slack.setup import ATTACH
from bot.settings.chats import SlackSettings

log = logging.getLogger(__name__)

ANYTHING = re.compile(".*", re.DOTALL)
UNAVAILABLE = 503
SHARING = ("channel_shared", "channel_unshared")
BACK = ("channel_unarchive", "group_unarchive")


class Receiver:
    """Receives payloads that were verified and parsed already, and answers them."""

    def __init__(self, settings: SlackSettings, events: Events, interactions: Interactions) -> None:
        self.events, self.interactions = events, interactions
        self.inbox, self.directory, self.texts = events.inbox, events.directory, interactions.texts
        self.app = _app(settings)
        self._listen()

    def take(self, payload: Json) -> BoltResponse:
        """Pass a payload to its listener and return the answer for Slack. A status other than 200 says that it was
        not stored, so that Slack sends it again."""
        if payload.get("type") == "event_callback":
            return self._event(payload)
        if payload.get("type") == "block_actions" and not _actions(payload):
            return BoltResponse(status=200, body="")
        return self.app.dispatch(BoltRequest(body=payload, mode="socket_mode"))

    def keep(self, payloads: list[Json], kept: Kept[BoltResponse]) -> None:
        """Store the events of many payloads at once; `kept` gets the answer to each."""
        taken = [self.events.gathered(partial(self.take, payload)) for payload in payloads]
        owners = [number for number, (_, events) in enumerate(taken) for _ in events]

        def told(faults: Sequence[BaseException | None]) -> None:
            answers = [answer for answer, _ in taken]
            for number, fault in zip(owners, faults, strict=True):
                answers[number] = _refused(fault) if fault else answers[number]
            kept(answers)

        self.inbox.accept_all([event for _, events in taken for event in events], told)

    def _event(self, payload: Json) -> BoltResponse:
        """Handle an event without Bolt, whose dispatch costs as much time as storing the event."""
        try:
            if keep := self._takers.get(str((payload.get("event") or {}).get("type"))):
                keep(payload)
        except Exception as error:
            return _refused(error)
        return BoltResponse(status=200, body="")

    def _listen(self) -> None:
        app = self.app
        app.error(_refused)
        self._takers: dict[str, Callable[[Json], object]] = {
            "message": self._message,
            # The same message again, or all there is of it where the other is not subscribed to.
            "app_mention": self.events.message,
            "member_joined_channel": self._joined,
            **dict.fromkeys(SHARING, self._shared),
            **dict.fromkeys(BACK, self._back),
            "app_home_opened": self.interactions.home,
            "app_uninstalled": _thrown_out,
            "tokens_revoked": _thrown_out,
        }
        app.command(ANYTHING)(self._command)
        app.action(ANYTHING)(self._pressed)
        app.view(ANYTHING)(self._submitted)
        app.message_shortcut(ATTACH)(self._shortcut)

    def _message(self, body: Json) -> None:
        if kept := self.events.message(body):
            self.interactions.tick(*kept)

    def _joined(self, body: Json) -> None:
        # Whoever comes in may be a guest.
        came = self.events.joined(body)
        if channel := came or self._bound(body):
            if came:
                self.directory.note_return(channel)
            self.interactions.background.soon(lambda: self.events.people.learn_channel(channel))

    def _shared(self, body: Json) -> None:
        if channel := self._bound(body):
            self.interactions.background.soon(lambda: self.events.people.learn_channel(channel))

    def _back(self, body: Json) -> None:
        if channel := self._bound(body):
            self.directory.note_return(channel)

    def _bound(self, body: Json) -> str:
        """The channel of the event, if a shop is bound to it."""
        channel = str((body.get("event") or {}).get("channel") or "")
        return channel if channel in self.directory.channels() else ""

    def _command(self, body: Json, ack: Ack) -> BoltResponse:
        channel = str(body.get("channel_id") or "")
        if not self.events.people.inside(channel):
            person = self.directory.person_id(str(body.get("user_id") or ""))
            text = self.texts.say("slack.not_member", self.directory.language(channel, person))
            return ack(text=text, response_type="ephemeral")
        self.events.command(body)
        return ack()

    def _pressed(self, body: Json, ack: Ack) -> BoltResponse:
        self.interactions.pressed(body)
        return ack()

    def _submitted(self, body: Json, ack: Ack) -> BoltResponse:
        wrong = self.interactions.submitted(body)
        return ack(response_action="errors", errors=wrong) if wrong else ack()

    def _shortcut(self, body: Json, ack: Ack, respond: Respond) -> BoltResponse:
        self.interactions.shortcut(body, respond)
        return ack()


def _app(settings: SlackSettings) -> App:
    """The Bolt app for one workspace. It acknowledges after its listener (`process_before_response`). Signatures,
    sizes and forms are checked before it, and the bot's own messages are recognised by events.py."""
    token = settings.bot_token.get_secret_value()

    def me(**context: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=context.get("team_id"), bot_token=token)

    return App(
        name="odr-bot",
        client=WebClient(base_url=settings.base_url),
        authorize=me,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


def _refused(error: BaseException) -> BoltResponse:
    """The answer after an error: what no listener handles is acknowledged, because Slack would repeat it; what
    could not be stored is not."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200, body="")
    log.error("an event of Slack was not kept, Slack brings it again: %s: %s", type(error).__name__, error)
    log.debug("the cause", exc_info=error)
    return BoltResponse(status=UNAVAILABLE, body="")


def _actions(payload: Json) -> list[Json]:
    """What was pressed, as far as it can be read; Bolt itself breaks on a press of nothing."""
    given = payload.get("actions")
    listed = given if isinstance(given, list) else []
    return [each for each in listed if isinstance(each, dict) and isinstance(each.get("action_id"), str)]


def _thrown_out(body: Json) -> None:
    log.critical("Slack: %s: the app must be installed again, nothing can be sent", body["event"].get("type"))
