"""What happens to screenshots before they arrive: saved small, photographed, blurred, hidden, turned."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from tests.accuracy.truth import Box


@dataclass(frozen=True)
class Scene:
    """What a damage may want to know: where the numbers are, and how many pixels one CSS pixel has."""

    boxes: tuple[Box, ...]
    scale: float


pillow_heif.register_heif_opener()


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, kind, **options)
    return out.getvalue()


def none(image: Image.Image, scene: Scene, random: Random) -> bytes:
    return _saved(image, "PNG")


def jpeg40(image: Image.Image, scene: Scene, random: Random) -> bytes:
    return _saved(image, "JPEG", quality=40)


def half(image: Image.Image, scene: Scene, random: Random) -> bytes:
    """Half as wide; what has no pixels to spare loses less, for nobody reads letters six pixels high."""
    part = 0.5 if scene.scale >= 1.5 else 0.75
    return _saved(image.resize((int(image.width * part), int(image.height * part)), Image.Resampling.LANCZOS), "PNG")


def webp(image: Image.Image, scene: Scene, random: Random) -> bytes:
    return _saved(image, "WEBP", quality=70)


def heic(image: Image.Image, scene: Scene, random: Random) -> bytes:
    return _saved(image, "HEIF", quality=60)


def turned(image: Image.Image, scene: Scene, random: Random) -> bytes:
    """Stored on its side, with the EXIF note that turns it upright."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return _saved(image.convert("RGB").rotate(90, expand=True), "JPEG", quality=88, exif=exif)


def noise(image: Image.Image, scene: Scene, random: Random) -> bytes:
    pixels = np.asarray(image.convert("RGB"), np.float32)
    grain = np.random.default_rng(random.randrange(2**32)).normal(0, 9, pixels.shape)
    return _saved(_image(pixels + grain), "JPEG", quality=75)


def blur_light(image: Image.Image, scene: Scene, random: Random) -> bytes:
    """Out of focus, but a person still reads it."""
    return _saved(image.filter(ImageFilter.GaussianBlur(scene.scale * random.uniform(0.35, 0.6))), "JPEG", quality=85)


def motion_light(image: Image.Image, scene: Scene, random: Random) -> bytes:
    size = max(3, round(scene.scale * random.uniform(1.2, 2.0)))
    return _saved(_image(_shaken(np.asarray(image.convert("RGB")), size, random.uniform(0, 180))), "JPEG", quality=85)


def screen_photo(image: Image.Image, scene: Scene, random: Random) -> bytes:
    """A phone's photo of a screen: perspective, moiré, uneven light, a soft lens."""
    pixels = np.asarray(image.convert("RGB"))
    high, wide = pixels.shape[:2]
    rows, columns = np.mgrid[0:high, 0:wide].astype(np.float32)
    moire = 1 + 0.045 * np.sin((rows + columns * random.uniform(0.2, 0.6)) * random.uniform(0.9, 1.7))
    light = 0.85 + 0.25 * (columns / wide) * random.uniform(0.3, 1)
    lit = np.clip(pixels * moire[..., None] * light[..., None], 0, 255).astype(np.uint8)
    drift = lambda side: side * random.uniform(0.005, 0.035)  # noqa: E731
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    moved = np.array(
        [
            [drift(wide), drift(min(high, 1500))],
            [wide - drift(wide), drift(min(high, 1500))],
            [wide - drift(wide), high - drift(min(high, 1500))],
            [drift(wide), high - drift(min(high, 1500))],
        ],
        np.float32,
    )
    change = cv2.getPerspectiveTransform(corners, moved)
    warped = cv2.warpPerspective(lit, change, (wide, high), borderValue=(28, 27, 26), flags=cv2.INTER_CUBIC)
    return _saved(_image(warped).filter(ImageFilter.GaussianBlur(0.6)), "JPEG", quality=80)


def mosaic(image: Image.Image, scene: Scene, random: Random) -> bytes:
    """The numbers hidden under coarse squares."""
    hidden = image.convert("RGB")
    for box in scene.boxes:
        part = hidden.crop(box)
        squares = max(6, part.height // 3)
        small = part.resize((max(1, part.width // squares), max(1, part.height // squares)), Image.Resampling.BOX)
        hidden.paste(small.resize(part.size, Image.Resampling.NEAREST), box[:2])
    return _saved(hidden, "PNG")


def blur_strong(image: Image.Image, scene: Scene, random: Random) -> bytes:
    """The numbers blurred until nobody can read them."""
    hidden = image.convert("RGB")
    for left, top, right, bottom in scene.boxes:
        box = (max(0, left - 8), max(0, top - 8), min(hidden.width, right + 8), min(hidden.height, bottom + 8))
        part = hidden.crop(box).filter(ImageFilter.GaussianBlur((bottom - top) * 0.35))
        hidden.paste(part, box[:2])
    return _saved(hidden, "JPEG", quality=80)


def _shaken(pixels: NDArray[np.uint8], size: int, angle: float) -> NDArray[np.uint8]:
    kernel = np.zeros((size, size), np.float32)
    kernel[size // 2] = 1
    turn = cv2.getRotationMatrix2D(((size - 1) / 2, (size - 1) / 2), angle, 1)
    kernel = cv2.warpAffine(kernel, turn, (size, size))
    return np.asarray(cv2.filter2D(pixels, -1, kernel / kernel.sum()), np.uint8)


def _image(pixels: NDArray[np.generic]) -> Image.Image:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


Damage = Callable[[Image.Image, Scene, Random], bytes]
DAMAGES: dict[str, Damage] = {
    item.__name__: item
    for item in (
        none,
        jpeg40,
        half,
        webp,
        heic,
        turned,
        noise,
        blur_light,
        motion_light,
        screen_photo,
        mosaic,
        blur_strong,
    )
}
HIDING = frozenset({"mosaic", "blur_strong"})
"""Damages after which nobody can read the numbers."""
ENDINGS = {"none": "png", "half": "png", "mosaic": "png", "webp": "webp", "heic": "heic"}
