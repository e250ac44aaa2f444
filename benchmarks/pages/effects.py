"""What happens to a screen on its way to the chat: re-saved, halved, cropped, photographed. Always the same way."""

import random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter


def half(picture: Image.Image, _: str) -> Image.Image:
    """Half as wide and high, as messengers send it."""
    return picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BILINEAR)


def scale(picture: Image.Image, factor: str) -> Image.Image:
    """Scaled by a factor."""
    size = round(picture.width * float(factor)), round(picture.height * float(factor))
    return picture.resize(size, Image.Resampling.BICUBIC)


def crop(picture: Image.Image, sides: str) -> Image.Image:
    """Cut at `left,top,right,bottom`, in parts of a thousand."""
    left, top, right, bottom = (int(side) / 1000 for side in sides.split(","))
    width, height = picture.size
    return picture.crop((int(left * width), int(top * height), int(right * width), int(bottom * height)))


def turn(picture: Image.Image, degrees: str) -> Image.Image:
    """Turned by a few degrees on a grey table."""
    return picture.rotate(float(degrees), Image.Resampling.BICUBIC, expand=True, fillcolor=(96, 92, 88))


def noise(picture: Image.Image, strength: str) -> Image.Image:
    """With a sensor's grain. The grain is a tile that repeats, so that it is the same everywhere."""
    grain = random.Random(7)
    tile = Image.new("L", (256, 256))
    tile.putdata([128 + int(grain.gauss(0, float(strength))) for _ in range(256 * 256)])
    plane = Image.new("L", picture.size)
    for left in range(0, picture.width, 256):
        for top in range(0, picture.height, 256):
            plane.paste(tile, (left, top))
    return ImageChops.add(picture, Image.merge("RGB", (plane,) * 3), 1, -128)


def blur(picture: Image.Image, radius: str) -> Image.Image:
    """Out of focus."""
    return picture.filter(ImageFilter.GaussianBlur(float(radius)))


def photo(picture: Image.Image, strength: str) -> Image.Image:
    """Photographed from a screen: seen from the side, with the grid of the pixels, a lamp's glare and grain."""
    width, height = picture.size
    lean = float(strength or "1") * 0.03
    x, y = width * lean, height * lean
    corners = (-x, -y * 1.4, -x * 0.4, height + y, width + x * 1.6, height + y * 0.3, width + x * 0.5, -y * 0.6)
    seen = picture.transform(
        (width, height), Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=(18, 18, 20)
    )
    grid = Image.new("L", (width, height), 255)
    lines = ImageDraw.Draw(grid)
    for row in range(0, height, 3):
        lines.line(((0, row), (width, row + width * 0.012)), fill=236)
    for column in range(0, width * 2, 7):
        lines.line(((column, 0), (column - height * 0.02, height)), fill=228)
    seen = ImageChops.multiply(seen, Image.merge("RGB", (grid.filter(ImageFilter.GaussianBlur(0.7)),) * 3))
    glare = Image.new("L", (width, height), 0)
    ImageDraw.Draw(glare).ellipse((width * 0.5, -height * 0.15, width * 1.15, height * 0.3), fill=70)
    glare = glare.filter(ImageFilter.GaussianBlur(max(width, height) / 12))
    seen = ImageChops.add(ImageEnhance.Contrast(seen).enhance(0.92), Image.merge("RGB", (glare,) * 3))
    return noise(seen.filter(ImageFilter.GaussianBlur(0.6)), "6")


EFFECTS = {function.__name__: function for function in (half, scale, crop, turn, noise, blur, photo)}


def apply(picture: Image.Image, effects: list[str]) -> Image.Image:
    """The picture after the named effects, in order: `name` or `name:argument`. Saving is not decided here."""
    for effect in effects:
        name, _, argument = effect.partition(":")
        if name != "jpeg":
            picture = EFFECTS[name](picture, argument)
    return picture
