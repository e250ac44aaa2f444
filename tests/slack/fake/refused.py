"""An answer of the Web API that is not ok."""


class Refused(Exception):
    """`error` is Slack's code, `details` what it says about it, `retry_after` turns it into a 429."""

    def __init__(self, error: str, *details: str, retry_after: int = 0, **more: object) -> None:
        super().__init__(error, *details)
        self.error, self.details, self.retry_after, self.more = error, details, retry_after, more
