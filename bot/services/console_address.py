"""Where people open the console: the address that links name."""

from urllib.parse import quote


class ConsoleAddress:
    """The console's address, through its proxy where it has one, else on this machine."""

    def __init__(self, public_url: str, port: int) -> None:
        """`public_url` is the settings', "" for none; `port` where the console listens, 0 until it is known."""
        self.public_url, self.port = public_url, port

    def listens(self, port: int) -> None:
        """Note on which port the console listens."""
        self.port = port

    @property
    def only_here(self) -> bool:
        """Whether the address opens at this machine only."""
        return not self.public_url

    @property
    def origin(self) -> str:
        """The address without a path."""
        return self.public_url or f"http://127.0.0.1:{self.port}"

    def link(self, token: str) -> str:
        """The link of a token that signs in."""
        return f"{self.origin}/sign-in?link={quote(token, safe='')}"
