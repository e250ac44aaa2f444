"""The Web API: who one is, messages, channels, people."""

from typing import Any

from tests.slack.fake.blocks import check_message, unescaped
from tests.slack.fake.calls import method, need, structured, true
from tests.slack.fake.refused import Refused
from tests.slack.fake.world import APP, BOT, BOT_ID, TEAM, Channel, Json, Message, World

MAX_TEXT = 40_000


@method("auth.test")
def auth_test(world: World, params: Json) -> Json:
    """Whose token it is."""
    about = {"team": "team", "user": "odr-bot", "team_id": TEAM, "user_id": BOT, "bot_id": BOT_ID}
    return {"url": "https://team.slack.test/", "is_enterprise_install": False, **about}


@method("chat.postMessage", "chat:write")
def post(world: World, params: Json) -> Json:
    """Show a message."""
    channel = _postable(world, params)
    content = content_of(world, params)
    thread = str(params.get("thread_ts") or "")
    if thread and (channel.id, thread) not in world.messages:
        world.complain(f"reply to a message that is not there: {thread}")
        thread = ""
    metadata = _metadata(params)
    message = world.add(Message(channel.id, world.ts(), BOT, **content, thread_ts=thread, metadata=metadata))
    return {"channel": channel.id, "ts": message.ts, "message": told(world, message, metadata=True)}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(world: World, params: Json) -> Json:
    """Show a message to one person, for now."""
    need(params, "channel", "user")
    channel, user = _postable(world, params), str(params["user"])
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    content = content_of(world, params)
    message = Message(channel.id, world.ts(), BOT, **content, thread_ts=str(params.get("thread_ts") or ""), to=user)
    world.ephemerals.append(message)
    return {"message_ts": message.ts}


@method("chat.update", "chat:write")
def update(world: World, params: Json) -> Json:
    """Show something else instead."""
    need(params, "channel", "ts")
    message = world.message(_channel(world, params).id, str(params["ts"]))
    if message.user != BOT:
        raise Refused("cant_update_message")
    # Slack keeps the blocks of an update that names none.
    content = content_of(world, params if "blocks" in params else {**params, "blocks": message.blocks})
    message.versions.append(message.blocks)
    message.text, message.blocks = content["text"], content["blocks"]
    message.metadata = _metadata(params) or message.metadata
    # Slack marks changed texts, but not changed blocks, as edited.
    message.edited = message.edited or not message.blocks
    told_now = told(world, message, metadata=True)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": told_now}


@method("chat.delete", "chat:write")
def delete(world: World, params: Json) -> Json:
    """Take a message away."""
    need(params, "channel", "ts")
    message = world.message(_channel(world, params).id, str(params["ts"]))
    if message.user != BOT:
        raise Refused("cant_delete_message")
    message.deleted = True
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink")
def permalink(world: World, params: Json) -> Json:
    """The link to a message."""
    message = world.message(str(params["channel"]), str(params["message_ts"]))
    return {"channel": message.channel, "permalink": f"https://team.slack.test/{message.channel}/p{message.ts}"}


@method("conversations.history", "channels:history|groups:history|im:history")
def history(world: World, params: Json) -> Json:
    """What stands in a channel outside threads, newest first."""
    channel = _readable(world, params)
    found = [item for item in world.messages.values() if item.channel == channel.id and not item.thread_ts]
    return _page(world, sorted(_within(found, params), key=lambda item: item.ts, reverse=True), params)


@method("conversations.replies", "channels:history|groups:history|im:history")
def replies(world: World, params: Json) -> Json:
    """A thread with its first message, oldest first."""
    need(params, "channel", "ts")
    channel, ts = _readable(world, params), str(params["ts"])
    if (channel.id, ts) not in world.messages:
        raise Refused("thread_not_found")
    found = [
        item for item in world.messages.values() if item.channel == channel.id and ts in (item.thread_ts, item.ts)
    ]
    return _page(world, sorted(_within(found, params, keep=ts), key=lambda item: item.ts), params)


@method("conversations.info", "channels:read|groups:read|im:read")
def info(world: World, params: Json) -> Json:
    """A channel."""
    return {"channel": _about(_channel(world, params))}


@method("conversations.list", "channels:read|groups:read|im:read")
def listed(world: World, params: Json) -> Json:
    """All channels."""
    channels = [_about(channel) for channel in world.channels.values() if not channel.im]
    return {"channels": channels, "response_metadata": {"next_cursor": ""}}


@method("users.conversations", "channels:read|groups:read|im:read")
def of_user(world: World, params: Json) -> Json:
    """The channels the bot is in."""
    mine = [channel for channel in world.channels.values() if BOT in channel.members and not channel.im]
    return {"channels": [_about(channel) for channel in mine], "response_metadata": {"next_cursor": ""}}


@method("conversations.members", "channels:read|groups:read|im:read")
def members(world: World, params: Json) -> Json:
    """Who is in a channel."""
    return {"members": sorted(_channel(world, params).members), "response_metadata": {"next_cursor": ""}}


@method("conversations.open", "im:write")
def open_dm(world: World, params: Json) -> Json:
    """The direct channel of a person."""
    need(params, "users")
    channel = world.dm(str(params["users"]))
    return {"channel": _about(channel), "no_op": True, "already_open": True}


@method("conversations.join", "channels:join")
def join(world: World, params: Json) -> Json:
    """Go into a public channel."""
    channel = _channel(world, params)
    channel.members.add(BOT)
    return {"channel": _about(channel)}


@method("users.info", "users:read")
def user(world: World, params: Json) -> Json:
    """A person; the locale only when asked for."""
    need(params, "user")
    found = world.users.get(str(params["user"]))
    if found is None:
        raise Refused("user_not_found")
    known = dict(found) if true(params.get("include_locale")) else {k: v for k, v in found.items() if k != "locale"}
    return {"user": known}


@method("users.list", "users:read")
def everybody(world: World, params: Json) -> Json:
    """All people of the workspace, two on a page, so that whoever asks has to turn it."""
    start, names = int(params.get("cursor") or 0), sorted(world.users)
    following = str(start + 2) if start + 2 < len(names) else ""
    shown = [{key: value for key, value in world.users[name].items() if key != "locale"} for name in names]
    return {"members": shown[start : start + 2], "response_metadata": {"next_cursor": following}}


@method("usergroups.list", "usergroups:read")
def groups(world: World, params: Json) -> Json:
    """The groups of people."""
    return {"usergroups": [{"id": "S0OPS0001", "handle": "ops", "users": sorted(world.users)}]}


@method("usergroups.users.list", "usergroups:read")
def group(world: World, params: Json) -> Json:
    """Who is in a group."""
    need(params, "usergroup")
    return {"users": sorted(world.users)}


@method("pins.add", "pins:write")
def pin(world: World, params: Json) -> Json:
    """Keep a message at hand."""
    need(params, "channel", "timestamp")
    message = world.message(_channel(world, params).id, str(params["timestamp"]))
    if message.pinned:
        raise Refused("already_pinned")
    message.pinned = True
    return {}


@method("pins.remove", "pins:write")
def unpin(world: World, params: Json) -> Json:
    """Keep it at hand no more."""
    need(params, "channel", "timestamp")
    message = world.message(_channel(world, params).id, str(params["timestamp"]))
    if not message.pinned:
        raise Refused("no_pin")
    message.pinned = False
    return {}


@method("reactions.add", "reactions:write")
def react(world: World, params: Json) -> Json:
    """A small sign under a message."""
    need(params, "channel", "timestamp", "name")
    message = world.message(_channel(world, params).id, str(params["timestamp"]))
    if params["name"] in message.reactions:
        raise Refused("already_reacted")
    message.reactions.append(str(params["name"]))
    return {}


def _channel(world: World, params: Json) -> Channel:
    need(params, "channel")
    found = world.channels.get(str(params["channel"]))
    if found is None or (found.private and BOT not in found.members):
        raise Refused("channel_not_found")
    return found


def _readable(world: World, params: Json) -> Channel:
    channel = _channel(world, params)
    if BOT not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _postable(world: World, params: Json) -> Channel:
    name = str(params.get("channel", ""))
    channel = world.dm(name) if name[:1] in ("U", "W") and name in world.users else _channel(world, params)
    if channel.archived:
        raise Refused("is_archived")
    if BOT not in channel.members:
        raise Refused("not_in_channel")
    return channel


def content_of(world: World, params: Json) -> dict[str, Any]:
    text, blocks = str(params.get("text") or ""), structured(params.get("blocks") or [])
    if not text and not blocks:
        raise Refused("no_text")
    if not text:
        world.complain("a message without text: nobody hears of it")
    if len(text) > MAX_TEXT:
        world.complain("a text over 40,000 characters: Slack cuts it")
    if len(text) > MAX_TEXT // 10:
        world.complain("a text over 4,000 characters")
    if blocks:
        check_message(blocks, set(world.files))
    for words in unescaped([*blocks, {"type": "mrkdwn", "text": text}]):
        world.complain(f"not escaped: {words[:200]}")
    return {"text": text, "blocks": blocks}


def _metadata(params: Json) -> Json | None:
    if not params.get("metadata"):
        return None
    metadata = structured(params["metadata"])
    if set(metadata) != {"event_type", "event_payload"} or not isinstance(metadata["event_payload"], dict):
        raise Refused("invalid_metadata_format")
    return dict(metadata)


def _within(messages: list[Message], params: Json, keep: str = "") -> list[Message]:
    """Between oldest and latest; the first message of a thread is always told."""
    inclusive = true(params.get("inclusive"))
    first, last = str(params.get("oldest") or "0"), str(params.get("latest") or "9999999999.999999")

    def inside(ts: str) -> bool:
        return first < ts < last or (inclusive and ts in (first, last)) or ts == keep

    return [item for item in messages if not item.deleted and inside(item.ts)]


def _page(world: World, messages: list[Message], params: Json) -> Json:
    start, limit = int(params.get("cursor") or 0), min(int(params.get("limit") or 100), 999)
    more = len(messages) > start + limit
    with_metadata = true(params.get("include_all_metadata"))
    page = [told(world, item, with_metadata) for item in messages[start : start + limit]]
    cursor = str(start + limit) if more else ""
    return {"messages": page, "has_more": more, "response_metadata": {"next_cursor": cursor}}


def told(world: World, message: Message, metadata: bool = False) -> Json:
    """A message as the API tells it; its metadata only to who asks."""
    data: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    if message.blocks:
        data["blocks"] = [{"block_id": f"b{number}", **block} for number, block in enumerate(message.blocks)]
    if message.user == BOT:
        data |= {"bot_id": BOT_ID, "app_id": APP}
    if message.thread_ts:
        root = world.messages.get((message.channel, message.thread_ts))
        data |= {"thread_ts": message.thread_ts, "parent_user_id": root.user if root else BOT}
    if message.files:
        from tests.slack.fake.files import about

        data["files"] = [about(world, world.files[name]) for name in message.files]
    if metadata and message.metadata:
        data["metadata"] = message.metadata
    return data


def _about(channel: Channel) -> Json:
    kind = {"is_channel": not channel.im, "is_im": channel.im, "is_private": channel.private or channel.im}
    state = {"is_archived": channel.archived, "is_member": BOT in channel.members}
    sharing = {
        "is_shared": channel.shared in ("ext", "org"),
        "is_ext_shared": channel.shared == "ext",
        "is_org_shared": channel.shared == "org",
        "is_pending_ext_shared": channel.shared == "pending",
    }
    return {"id": channel.id, "name": channel.name, **kind, **state, **sharing}
