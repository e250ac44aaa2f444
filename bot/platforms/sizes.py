"""Sizes of files for people, the same on every platform."""


def megabytes(size: int) -> str:
    """A size in bytes as MB (1,000,000 bytes) for people."""
    return f"{size / 1_000_000:.1f}".removesuffix(".0")


def readable_size(size: int) -> str:
    """A size in bytes as B, KB or MB (powers of 1000) for people."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} KB" if size < 1_000_000 else f"{megabytes(size)} MB"
