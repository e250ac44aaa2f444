"""What people do in Slack: each deed changes the workspace and is brought to the app as Slack brings it."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.slack.fake import methods, views
from tests.slack.fake.doors import Door
from tests.slack.fake.world import APP, BOT, TEAM, File, Json, Message, View, World

_LINK = re.compile(r"https?://[^\s<>]+")


def typed(text: str) -> str:
    """Words as Slack hands them on: marks escaped, links in angle brackets, the bot's name as a mention."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _LINK.sub(lambda link: f"<{link.group()}>", escaped).replace("@odr-bot", f"<@{BOT}>")


@dataclass
class People:
    """The people of a workspace. With `echo` the bot hears its own messages, as it does on Slack."""

    world: World
    door: Door
    echo: bool = False
    last: list[Json] = field(default_factory=list)
    """The envelopes of the last deed."""

    def __post_init__(self) -> None:
        """Listen to the bot."""
        if self.echo:
            self.world.heard.append(self._echo)

    def say(self, user: str, channel: str, text: str, thread_ts: str = "") -> Message:
        """Write a message."""
        message = self.world.add(Message(channel, self.world.ts(), user, typed(text), thread_ts=thread_ts))
        self._told(message)
        return message

    def drop(self, user: str, channel: str, dropped: list[File], text: str = "", thread_ts: str = "") -> Message:
        """Drop files; Slack tells of the message and of each file."""
        ids = [file.id for file in dropped]
        message = self.world.add(Message(channel, self.world.ts(), user, typed(text), thread_ts=thread_ts, files=ids))
        self._told(message, subtype="file_share", upload=True)
        for file in dropped:
            about = {"file_id": file.id, "user_id": user, "file": {"id": file.id}, "channel_id": channel}
            self.event({"type": "file_shared", "event_ts": message.ts, **about})
        return message

    def _told(self, message: Message, **more: Any) -> None:
        kind = self._kind(message.channel)
        mark = {"client_msg_id": f"m-{message.ts}", "team": TEAM, "channel": message.channel, "event_ts": message.ts}
        data = methods.told(self.world, message) | mark | more
        self.event({**data, "channel_type": kind})
        if f"<@{BOT}>" in message.text and kind != "im":
            self.event({**data, "type": "app_mention"})

    def _kind(self, channel: str) -> str:
        place = self.world.channels[channel]
        return "im" if place.im else "group" if place.private else "channel"

    def _echo(self, message: Message) -> None:
        if message.user == BOT:
            self._told(message, subtype="bot_message")

    def event(self, event: Json, event_id: str = "", retry: int = 0) -> Json:
        """Bring an event of the Events API; returns its envelope, to bring it again."""
        body = {
            "type": "event_callback",
            "token": "old",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": event,
            "event_id": event_id or f"Ev{self.world.number():09d}",
            "event_time": int(self.world.now()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True, "enterprise_id": None}],
            "is_ext_shared_channel": self._is_shared(event),
        }
        self.last.append(body)
        self.door.event(body, retry)
        return body

    def _is_shared(self, event: Json) -> bool:
        channel = self.world.channels.get(str(event.get("channel")))
        return channel is not None and channel.shared == "ext"

    def repeat(self, envelopes: list[Json]) -> None:
        """What Slack does when it did not hear the answer: the same again."""
        for body in envelopes:
            self.door.event(body, retry=1)

    def edit(self, message: Message, text: str) -> None:
        """Change one's message."""
        before = methods.told(self.world, message)
        message.text, message.edited = typed(text), True
        now = methods.told(self.world, message) | {"edited": {"user": message.user, "ts": self.world.ts()}}
        self._changed("message_changed", message, message=now, previous_message=before)

    def delete(self, message: Message) -> None:
        """Take one's message away."""
        before = methods.told(self.world, message)
        message.deleted = True
        self._changed("message_deleted", message, deleted_ts=message.ts, previous_message=before)

    def _changed(self, subtype: str, old: Message, **more: Any) -> None:
        place = {"channel": old.channel, "channel_type": self._kind(old.channel)}
        ts = self.world.ts()
        self.event({"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts, **place, **more})

    def join(self, channel: str, user: str = BOT, inviter: str = "U0LI00001") -> None:
        """Somebody, as a rule the bot, comes into a channel."""
        self.world.channels[channel].members.add(user)
        about = {"user": user, "channel": channel, "channel_type": "C", "team": TEAM, "inviter": inviter}
        self.event({"type": "member_joined_channel", "event_ts": self.world.ts(), **about})

    def share(self, channel: str, how: str = "ext") -> None:
        """Share a channel with another organisation, or ("") no more; Slack tells of it, but not of an invitation
        that waits ("pending")."""
        before, self.world.channels[channel].shared = self.world.channels[channel].shared, how
        if how == "ext":
            self.event({"type": "channel_shared", "connected_team_id": "T0OTHER01", "channel": channel})
        elif before == "ext":
            told = {"previously_connected_team_id": "T0OTHER01", "channel": channel, "is_ext_shared": False}
            self.event({"type": "channel_unshared", **told})

    def open_home(self, user: str) -> View | None:
        """Look at the Home tab; what stands there."""
        place = {"user": user, "channel": self.world.dm(user).id, "tab": "home"}
        self.event({"type": "app_home_opened", "event_ts": self.world.ts(), **place})
        return self.world.homes.get(user)

    def slash(self, user: str, channel: str, text: str, command: str = "/odr") -> Json:
        """Type a slash command."""
        place = {"channel_id": channel, "channel_name": self.world.channels[channel].name or "directmessage"}
        who = {"user_id": user, "user_name": self.world.users[user]["name"], "trigger_id": self.world.trigger(user)}
        app = {"token": "old", "team_id": TEAM, "team_domain": "team", "api_app_id": APP}
        words = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        answer = {"response_url": self._answer(channel, user), "is_enterprise_install": "false"}
        return self.door.command({**app, **place, **who, **answer, "command": command, "text": words})

    def _answer(self, channel: str, user: str) -> str:
        name = f"{channel}-{user}-{self.world.number()}"
        self.world.answers[name] = 5
        return f"{self.world.home}/answer/{name}"

    def press(self, user: str, message: Message, element: Json, **chosen: Any) -> Json:
        """Press a button of a message, or choose in one of its menus."""
        block = next(block for block in methods.told(self.world, message)["blocks"] if element in _elements(block))
        container = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
        container |= {"is_ephemeral": bool(message.to)} | (
            {"thread_ts": message.thread_ts} if message.thread_ts else {}
        )
        place = {"channel": {"id": message.channel, "name": self.world.channels[message.channel].name}}
        shown = {} if message.to else {"message": methods.told(self.world, message)}
        about = {"container": container, **place, **shown, "response_url": self._answer(message.channel, user)}
        return self._act("block_actions", user, **about, actions=[self._action(block, element, chosen)])

    def press_in(self, view: View, element: Json, values: Json | None = None, **chosen: Any) -> Json:
        """Press or change something in a modal or on the Home tab."""
        block = next(block for block in view.view["blocks"] if element in _elements(block))
        container = {"type": "view", "view_id": view.id}
        actions = [self._action(block, element, chosen)]
        return self._act(
            "block_actions", view.user, container=container, view=views.told(view, values), actions=actions
        )

    def _action(self, block: Json, element: Json, chosen: Json) -> Json:
        kept = ("action_id", "type", "text", "value", "style")
        about = {key: element[key] for key in kept if key in element}
        return {**about, "block_id": block["block_id"], "action_ts": self.world.ts(), **chosen}

    def _act(self, kind: str, user: str, **more: Any) -> Json:
        who = {"id": user, "username": self.world.users[user]["name"], "name": self.world.users[user]["name"]}
        app = {"api_app_id": APP, "token": "old", "team": {"id": TEAM, "domain": "team"}, "enterprise": None}
        trigger = {"trigger_id": self.world.trigger(user), "is_enterprise_install": False}
        return self.door.interaction({"type": kind, "user": {**who, "team_id": TEAM}, **app, **trigger, **more})

    def shortcut(self, user: str, message: Message, callback_id: str) -> Json:
        """Use a shortcut on a message."""
        place = {"channel": {"id": message.channel, "name": self.world.channels[message.channel].name}}
        about = {"callback_id": callback_id, "message_ts": message.ts, "message": methods.told(self.world, message)}
        answer = {"response_url": self._answer(message.channel, user), "action_ts": self.world.ts()}
        return self._act("message_action", user, **place, **about, **answer)

    def submit(self, view: View, values: Json) -> Json:
        """Send a modal; what the app answered with is done to it. Returns the errors shown at its inputs."""
        if missing := unsendable(view, values):
            raise AssertionError(f"Slack does not send the form: {missing}")
        answer = self._act("view_submission", view.user, view=views.told(view, values), response_urls=[])
        match answer.get("response_action"):
            case "errors":
                return dict(answer["errors"])
            case "update":
                views.change(view, views.checked(self.world, answer["view"]))
            case "push":
                views.show(self.world, view.user, answer["view"], root=view.root)
            case "clear":
                self.world.views.clear()
            case _:
                self.world.views.pop(view.id, None)
        return {}


def _elements(block: Json) -> list[Json]:
    own = [block[key] for key in ("accessory", "element") if key in block]
    return [*own, *(block.get("elements") or [])] if block["type"] in ("actions", "section", "input") else own


def filled(view: View, given: dict[str, Any]) -> Json:
    """The state of a modal: what was typed or chosen by label, else what stood there."""
    values: Json = {}
    for block in view.view["blocks"]:
        if block["type"] == "input":
            element, label = block["element"], block["label"]["text"]
            state = _state(element, given[label]) if label in given else _initial(element)
            values[block["block_id"]] = {element["action_id"]: {"type": element["type"], **state}}
    return values


def unsendable(view: View, values: Json) -> list[str]:
    """What Slack itself asks for before it sends a modal: required inputs, lengths."""
    found = []
    for block in view.view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            [state] = [
                item for name, item in values[block["block_id"]][element["action_id"]].items() if name != "type"
            ]
            if not state and not block.get("optional"):
                found.append(f"{block['label']['text']}: required")
            if isinstance(state, str) and not element.get("min_length", 0) <= len(state) <= element.get(
                "max_length", 3000
            ):
                found.append(f"{block['label']['text']}: length {len(state)}")
    return found


def _initial(element: Json) -> Json:
    names = {
        "static_select": ("selected_option", "initial_option"),
        "datepicker": ("selected_date", "initial_date"),
        "timepicker": ("selected_time", "initial_time"),
        "datetimepicker": ("selected_date_time", "initial_date_time"),
        "file_input": ("files", "files"),
        "radio_buttons": ("selected_option", "initial_option"),
        "checkboxes": ("selected_options", "initial_options"),
        "multi_static_select": ("selected_options", "initial_options"),
    }
    state, initial = names.get(element["type"], ("value", "initial_value"))
    return {state: element.get(initial)}


def _state(element: Json, given: Any) -> Json:
    if element["type"] in ("static_select", "radio_buttons"):
        options = element.get("options") or [item for group in element["option_groups"] for item in group["options"]]
        return {"selected_option": next((item for item in options if given == item["text"]["text"]), None)}
    if element["type"] == "multi_static_select":
        return {"selected_options": [item for item in element["options"] if item["text"]["text"] in given]}
    name = next(iter(_initial(element)))
    return {name: given or None}
