"""The limits to which Feishu's adapter keeps."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Times in seconds. A `call` of the API ends within its time and an `upload` of a file too; a look at an older
    message while an event is received ends within `lookup`, and what is learnt in the background within `learning`.
    A press waits `answer` for its turn, because Feishu waits three seconds; sending waits `settle` to know whether
    an answer was shown as a toast. `pace` lies between two messages to a group, which takes five a second from all
    its bots together. Of the calls of one kind, `at_once` may be made at the same moment: Feishu takes fifty a
    second from an app. The pauses before reconnecting grow to `longest_pause`, and begin anew after a connection that
    held for `steady`. Received files have `file_bytes` at most."""

    call: float = 15.0
    upload: float = 35.0
    lookup: float = 2.0
    learning: float = 5.0
    answer: float = 1.8
    settle: float = 4.0
    pace: float = 0.25
    at_once: int = 40
    longest_pause: float = 120.0
    steady: float = 60.0
    file_bytes: int = 100_000_000
