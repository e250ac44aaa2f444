"""The frames of the long connection: a protobuf message (proto2), read and written by hand."""

from dataclasses import dataclass, field


@dataclass
class Frame:
    """SeqID, LogID, service, method (0 control, 1 data), headers and payload."""

    seq: int = 0
    log: int = 0
    service: int = 0
    method: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    payload: bytes = b""

    def encode(self) -> bytes:
        """As it goes over the wire."""
        out = b"".join(
            _varint(number << 3) + _varint(value)
            for number, value in enumerate((self.seq, self.log, self.service, self.method), 1)
        )
        for key, value in self.headers.items():
            out += _bytes(5, _bytes(1, key.encode()) + _bytes(2, value.encode()))
        return out + (_bytes(8, self.payload) if self.payload else b"")

    @classmethod
    def decode(cls, data: bytes) -> "Frame":
        """What came over the wire; raises ValueError for a field that is missing or of the wrong kind."""
        fields = list(_fields(data))
        numbers = {number: value for number, value in fields if isinstance(value, int)}
        if not {1, 2, 3, 4} <= numbers.keys():
            raise ValueError("a frame without its required fields")
        headers = {}
        for number, value in fields:
            if number == 5 and isinstance(value, bytes):
                pair = dict(_fields(value))
                headers[_text(pair[1])] = _text(pair[2])
        payload = next((value for number, value in fields if number == 8 and isinstance(value, bytes)), b"")
        return cls(*(numbers[number] for number in (1, 2, 3, 4)), headers, payload)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _bytes(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _text(value: int | bytes) -> str:
    if isinstance(value, int):
        raise ValueError("a number for a text")
    return value.decode()


def _fields(data: bytes) -> list[tuple[int, int | bytes]]:
    found: list[tuple[int, int | bytes]] = []
    at = 0
    while at < len(data):
        key, at = _read(data, at)
        value, at = _read(data, at)
        if key & 7 == 2:
            found.append((key >> 3, data[at : at + value]))
            at += value
        elif key & 7 == 0:
            found.append((key >> 3, value))
        else:
            raise ValueError(f"wire type {key & 7}")
    return found


def _read(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not data[at - 1] & 0x80:
            return value, at
