"""Something a person asked for that cannot be done."""

from typing import Any


class Refusal(Exception):
    """`key` names the wording (templates/<lang>/refusals.toml), `params` fill it in."""

    def __init__(self, key: str, **params: Any) -> None:
        super().__init__(key)
        self.key, self.params = key, params
