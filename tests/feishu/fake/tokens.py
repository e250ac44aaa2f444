"""Tokens of the app: given for two hours, refused when unknown, expired or taken back."""

from tests.feishu.fake.refusal import Refused
from tests.feishu.fake.world import Json, World

LIFE = 7200
RENEWED_BEFORE = 1800


class Tokens:
    """Gives and checks them. As with Feishu, asking again within a token's life gives the same one."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._ends: dict[str, float] = {}
        self._number = 0

    def give(self, app_id: str, app_secret: str) -> Json:
        """A token for the right app."""
        if app_id != self.world.app_id:
            return {"code": 10003, "msg": "invalid param"}
        if app_secret != self.world.app_secret:
            return {"code": 10014, "msg": "app secret invalid"}
        now = self.world.clock.seconds()
        token = next((each for each, end in self._ends.items() if end - now > RENEWED_BEFORE), "")
        if not token:
            self._number += 1
            token = f"t-{app_id}-{self._number}"
            self._ends[token] = now + LIFE
        left = int(self._ends[token] - now)
        return {"code": 0, "msg": "ok", "tenant_access_token": token, "app_access_token": token, "expire": left}

    def take_back(self) -> None:
        """All tokens so far are worth nothing."""
        self._ends.clear()

    def check(self, authorization: str) -> None:
        """Raises Refused for a call without a valid token."""
        token = authorization.removeprefix("Bearer ")
        if not token:
            raise Refused(99991661, "Missing access token for authorization.")
        if self._ends.get(token, -1.0) <= self.world.clock.seconds():
            raise Refused(99991663, "Invalid access token for authorization. Please make a test attempt.")

    def need(self, *scopes: str) -> None:
        """Raises Refused when the app has none of the scopes."""
        if not self.world.scopes & set(scopes):
            listed = ", ".join(scopes)
            words = f"Access denied. One of the following scopes is required: [{listed}]"
            raise Refused(99991672, words)
