"""How methods of the Web API are named, guarded and answered."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.slack.fake.rates import Rates
from tests.slack.fake.refused import Refused
from tests.slack.fake.world import Call, World

Json = dict[str, Any]
Method = Callable[[World, Json], Json]

METHODS: dict[str, Method] = {}
NEEDED: dict[str, str] = {}


def method(name: str, scope: str = "") -> Callable[[Method], Method]:
    """Register a method of the Web API with the scope it needs; "a|b" is met by either."""

    def register(function: Method) -> Method:
        METHODS[name], NEEDED[name] = function, scope
        return function

    return register


def need(params: Json, *names: str) -> None:
    """Raises Refused when an argument is missing."""
    if missing := [name for name in names if not params.get(name)]:
        raise Refused("invalid_arguments", f"[ERROR] missing required field: {missing[0]}")


@dataclass
class Answer:
    """Status, body and headers of an HTTP answer."""

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def answer(world: World, rates: Rates, name: str, token: str, params: Json) -> Answer:
    """Run one call as Slack does: token, scope, rate, then the method. Whoever sees what it did sees it noted."""
    with world.changed:
        return _answered(world, rates, name, token, params)


def _answered(world: World, rates: Rates, name: str, token: str, params: Json) -> Answer:
    began = time.monotonic()
    granted = world.tokens.get(token, "")
    headers = {"x-oauth-scopes": granted, "x-slack-req-id": str(world.number())}
    try:
        body = {"ok": True, **_run(world, rates, name, token, params)}
        _note(world, name, params, "", began)
        return Answer(body, 200, headers)
    except Refused as refused:
        _note(world, name, params, refused.error, began)
        body = {"ok": False, "error": refused.error, **refused.more}
        if refused.details:
            body |= {"errors": list(refused.details), "response_metadata": {"messages": list(refused.details)}}
        if refused.retry_after:
            return Answer(body, 429, headers | {"Retry-After": str(refused.retry_after)})
        return Answer(body, 200, headers)


def _note(world: World, name: str, params: Json, error: str, began: float) -> None:
    world.calls.append(Call(name, params, error, began))
    world.changed.notify_all()


def _run(world: World, rates: Rates, name: str, token: str, params: Json) -> Json:
    if name not in METHODS:
        world.complain(f"unknown method {name}")
        raise Refused("unknown_method", req_method=name)
    _authorise(world, name, token)
    if faults := world.faults[name]:
        raise faults.pop(0)
    rates.take(name, str(params.get("channel", "")))
    return METHODS[name](world, params)


def _authorise(world: World, name: str, token: str) -> None:
    if not token:
        raise Refused("not_authed")
    if token not in world.tokens:
        raise Refused("invalid_auth")
    if (name == "apps.connections.open") != token.startswith("xapp-"):
        raise Refused("not_allowed_token_type")
    granted, needed = set(world.tokens[token].split(",")), NEEDED[name]
    if needed and not granted & set(needed.split("|")):
        raise Refused("missing_scope", needed=needed.replace("|", ","), provided=",".join(sorted(granted)))


def structured(value: Any) -> Any:
    """An argument that may come as JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise Refused("invalid_json") from error


def true(value: Any) -> bool:
    """Whether a flag is set, in a form or in JSON."""
    return value in (True, "true", "1", 1)


@method("apps.connections.open", "connections:write")
def open_connection(world: World, params: Json) -> Json:
    """The server adds the address."""
    return {}
