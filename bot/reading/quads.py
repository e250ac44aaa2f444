"""The places of lines in a picture: four corners, clockwise from where the line begins."""

from typing import Any

import numpy as np

# An array of four corners of two floats.
Quad = Any

ALONG, STRIP_ABOVE = 1.5, 0.12
"""Heights of the writing: a crop is so much longer than its line at each end, a strip so much higher at each side."""


def floats(points: Any) -> Quad:
    """As an array of floats."""
    return np.asarray(points, np.float32)


def length(step: Any) -> float:
    """How long a step is."""
    return float(np.linalg.norm(step))


def width_of(quad: Quad) -> float:
    """How long a line is."""
    return length(quad[1] - quad[0])


def height_of(quad: Quad) -> float:
    """How high the writing of a line is."""
    return length(quad[3] - quad[0])


def part(quad: Quad, left: float, right: float) -> Quad:
    """The stretch of a line between two shares of its length."""
    a, b, c, d = quad
    return np.stack([a + (b - a) * left, a + (b - a) * right, d + (c - d) * right, d + (c - d) * left])


def turned_back(quad: Quad, width: int) -> Quad:
    """The corners, found in the picture turned by a quarter to the left, in the picture as it is."""
    return np.stack([width - quad[:, 1], quad[:, 0]], axis=1)


def upside_down(quad: Quad) -> Quad:
    """The corners of a line that stands on its head."""
    return np.roll(quad, 2, axis=0)


def padded(quad: Quad, room_along: float = ALONG, room_across: float = 0.2) -> Quad:
    """Some space around, as a detector needs; along the line so much that the rest of a number shows whose end the
    detector has missed. The room is in heights of the writing."""
    along, across = quad[1] - quad[0], quad[3] - quad[0]
    high = length(across) or 1.0
    right = along / (length(along) or 1.0) * high * room_along
    down = across * room_across
    return floats(quad + np.stack([-right - down, right - down, right + down, -right + down]))
