"""Trouble on demand: the next calls of an API are refused, get a page of HTML, or no answer at all."""

import threading
from dataclasses import dataclass, field

from tests.feishu.fake.refusal import Refused


@dataclass
class Fault:
    """One arranged trouble for `times` calls whose path ends so. `code` refuses within an answer of HTTP `status`;
    `page` answers with a page of a gateway; `hang` answers only when the event is set; `after` does what was asked
    for, then breaks the connection."""

    path: str
    method: str = ""
    times: int = 1
    code: int = 0
    status: int = 400
    page: bool = False
    hang: threading.Event | None = None
    after: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    def fits(self, method: str, path: str) -> bool:
        """Whether it concerns a call."""
        return self.times > 0 and path.endswith(self.path) and self.method in ("", method)

    def refusal(self) -> Refused:
        """As an answer of the API."""
        return Refused(self.code, "arranged", self.status, self.headers)


class Faults:
    """The arranged troubles, in order."""

    def __init__(self) -> None:
        self._arranged: list[Fault] = []

    def arrange(self, fault: Fault) -> Fault:
        """Wait for calls to trouble."""
        self._arranged.append(fault)
        return fault

    def next(self, method: str, path: str) -> Fault | None:
        """The trouble of this call."""
        fault = next((each for each in self._arranged if each.fits(method, path)), None)
        if fault:
            fault.times -= 1
        return fault
