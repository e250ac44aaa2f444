"""A person's request that cannot be fulfilled."""

from typing import Any


class Refusal(Exception):
    """A request is refused. `key` names the text (templates/<lang>/refusals.toml), `params` fill it in."""

    def __init__(self, key: str, **params: Any) -> None:
        super().__init__(key)
        self.key, self.params = key, params
