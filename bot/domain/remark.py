"""What the reader remarks on a file, as it is stored with the file's facts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning of the reader, or a trace of editing: the `key` of its words, and the `value` that they name ("" for
    none), as "zone_ambiguous:CST". The key contains no colon. `str` encodes it, `read` decodes it."""

    key: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.key}:{self.value}" if self.value else self.key

    @classmethod
    def read(cls, text: str) -> "Remark":
        """The parts of a remark; any text is one."""
        key, _, value = text.partition(":")
        return cls(key, value)
