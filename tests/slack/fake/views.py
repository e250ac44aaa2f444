"""The Web API: modals and the Home tab."""

import secrets
from typing import Any

from tests.slack.fake.blocks import check_view, unescaped
from tests.slack.fake.calls import method, need, structured
from tests.slack.fake.refused import Refused
from tests.slack.fake.world import APP, BOT_ID, TEAM, Json, View, World


@method("views.open")
def open_view(world: World, params: Json) -> Json:
    """Open a modal, at once after somebody did something."""
    user = _trigger(world, params)
    return {"view": told(_shown(world, user, _content(world, params, "modal")))}


@method("views.push")
def push(world: World, params: Json) -> Json:
    """Open a modal over another."""
    user = _trigger(world, params)
    open_now = [view for view in world.views.values() if view.user == user]
    if not open_now:
        raise Refused("not_found")
    return {"view": told(_shown(world, user, _content(world, params, "modal"), root=open_now[-1].id))}


@method("views.update")
def update(world: World, params: Json) -> Json:
    """Show something else in a modal that is open."""
    content = _content(world, params, "modal")
    name = str(params.get("view_id") or "")
    external = [view.id for view in world.views.values() if view.view.get("external_id") == params.get("external_id")]
    view = world.views.get(name or (external[0] if params.get("external_id") and external else ""))
    if view is None:
        raise Refused("not_found")
    if params.get("hash") and params["hash"] != view.hash:
        raise Refused("hash_conflict")
    change(view, content)
    return {"view": told(view)}


@method("views.publish")
def publish(world: World, params: Json) -> Json:
    """Show somebody's Home tab."""
    need(params, "user_id")
    user = str(params["user_id"])
    if user not in world.users:
        raise Refused("user_not_found")
    content = _content(world, params, "home")
    if view := world.homes.get(user):
        change(view, content)
    else:
        world.homes[user] = View(f"V{world.number():09d}", user, content, secrets.token_hex(8))
    return {"view": told(world.homes[user])}


def change(view: View, content: Json) -> None:
    """Show other content in an open view."""
    view.updates.append(view.view)
    view.view, view.hash = content, secrets.token_hex(8)


def show(world: World, user: str, content: Any, root: str = "") -> View:
    """Open a view that came as an answer."""
    return _shown(world, user, checked(world, content), root)


def checked(world: World, content: Any) -> Json:
    """A view that came as an answer, checked like any; raises Refused."""
    return _content(world, {"view": content}, "modal")


def _shown(world: World, user: str, content: Json, root: str = "") -> View:
    external = content.get("external_id")
    if external and any(view.view.get("external_id") == external for view in world.views.values()):
        raise Refused("duplicate_external_id")
    name = f"V{world.number():09d}"
    world.views[name] = View(name, user, content, secrets.token_hex(8), root or name)
    return world.views[name]


def _trigger(world: World, params: Json) -> str:
    need(params, "view")
    user = world.triggers.pop(str(params.get("trigger_id") or ""), None)
    if user is None:
        raise Refused("invalid_trigger_id")
    if user == "expired":
        raise Refused("expired_trigger_id")
    return user


def _content(world: World, params: Json, kind: str) -> Json:
    view = structured(params.get("view"))
    if not isinstance(view, dict) or view.get("type") != kind:
        raise Refused("invalid_arguments", f"[ERROR] view must be of type {kind}")
    check_view(view, set(world.files))
    for words in unescaped(view["blocks"]):
        world.complain(f"not escaped: {words[:200]}")
    numbered = [{"block_id": f"b{number}", **block} for number, block in enumerate(view["blocks"])]
    return {**view, "blocks": numbered}


def told(view: View, values: Json | None = None) -> Json:
    """A view as payloads carry it."""
    place = {"id": view.id, "team_id": TEAM, "app_id": APP, "bot_id": BOT_ID, "hash": view.hash}
    shape = {"private_metadata": "", "callback_id": "", "external_id": "", "root_view_id": view.root}
    return {**shape, **view.view, **place, "state": {"values": values or {}}}
