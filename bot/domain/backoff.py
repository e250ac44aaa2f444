"""How long to wait before something that failed is tried again."""


def pause(failures: int, longest: float, first: float = 1.0) -> float:
    """Seconds to wait after that many failures in a row, counted from 1: `first`, then twice as long each time, and
    never more than `longest`."""
    return float(min(longest, first * 2.0 ** min(failures - 1, 60)))
