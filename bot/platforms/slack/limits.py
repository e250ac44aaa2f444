"""The limits to which Slack's adapter keeps."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Times in seconds. A `call` of the Web API ends within its time, an `upload` of a file too, and a `prompt` call
    while a person waits. A dialog waits `reading` for what the database says, then opens empty. `pace` lies between
    two messages to a channel, which takes one a second, with short bursts. `burst` is how many calls of one method
    may be made at once, before its calls a minute count."""

    call: int = 10
    upload: int = 30
    prompt: int = 2
    reading: float = 1.0
    pace: float = 1.0
    burst: int = 20
