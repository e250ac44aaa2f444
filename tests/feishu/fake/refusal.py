"""How Feishu says no."""


class Refused(Exception):
    """An error of the API: its code, and the status of the HTTP answer around it."""

    def __init__(self, code: int, msg: str, status: int = 400, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{code} {msg}")
        self.code, self.msg, self.status, self.headers = code, msg, status, headers or {}


def invalid(what: str) -> Refused:
    """A parameter that is wrong."""
    return Refused(230001, f"Your request contains an invalid request parameter, ext={what}")
