"""Thousands of small pictures of one labelled number each, most of them blurred, shaken or hidden."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from PIL import Image
from playwright.sync_api import Browser

from tests.accuracy.carriers import CARRIERS, Carrier
from tests.accuracy.damage import DAMAGES, Scene
from tests.accuracy.page import FONTS, choose_look, number, shell
from tests.accuracy.studio import studio
from tests.accuracy.truth import Box

DAMAGED = (
    "none",
    "jpeg40",
    "half",
    "blur_light",
    "blur_more",
    "blur_hard",
    "motion_light",
    "motion_more",
    "noise",
    "mosaic",
)
"""Each number meets one of them in turn; `_more` is where a person begins to guess, `_hard` where nobody reads."""
_A_PAGE = 40
_FIND = """() => [...document.querySelectorAll('.crop')].map(node => {
    const box = node.getBoundingClientRect(), own = node.querySelector('.n').getBoundingClientRect();
    return [[box.left, box.top, box.right, box.bottom], [own.left, own.top, own.right, own.bottom]];
})"""


@dataclass(frozen=True)
class Crop:
    """One picture of the number `value`."""

    path: Path
    value: str
    carrier: str
    damage: str


def make_crops(folder: Path, seed: int, count: int) -> list[Crop]:
    """At least `count` crops, the same for the same seed."""
    folder.mkdir(parents=True, exist_ok=True)
    random, crops = Random(f"crops {seed}"), []
    with studio() as browser:
        while len(crops) < count:
            crops += _page(browser, folder, random, len(crops))
    return crops[:count]


def _page(browser: Browser, folder: Path, random: Random, first: int) -> Iterator[Crop]:
    family = random.choice(list(FONTS))
    look = choose_look(random, family)
    carriers = [random.choice(CARRIERS) for _ in range(_A_PAGE)]
    values = [carrier.make(random) for carrier in carriers]
    rows = "".join(_row(carrier, value, random) for carrier, value in zip(carriers, values, strict=True))
    file = folder.resolve() / "page.html"
    file.write_text(shell(look, f"<main>{rows}</main>"), encoding="utf-8")
    page = browser.new_page(viewport={"width": 560, "height": 800}, device_scale_factor=look.scale)
    page.goto(file.as_uri())
    places = page.evaluate(_FIND)
    image = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    page.close()
    for place, (outer, inner) in enumerate(places):
        crop = image.crop(_box(outer, look.scale))
        own = tuple(a - b for a, b in zip(_box(inner, look.scale), _box(outer, look.scale)[:2] * 2, strict=True))
        damage = DAMAGED[(first + place) % len(DAMAGED)]
        path = folder / f"{first + place:05d}.{'png' if damage in ('none', 'half', 'mosaic') else 'jpg'}"
        path.write_bytes(_damaged(crop, damage, Scene((own,), look.scale), random))  # type: ignore[arg-type]
        yield Crop(path, values[place], carriers[place].name, damage)


def _row(carrier: Carrier, value: str, random: Random) -> str:
    shown = number(value, carrier.printed(value, random.random() < 0.3))
    return f'<div class="crop" style="padding:10px;width:fit-content">{carrier.name} Tracking Number: {shown}</div>'


def _damaged(image: Image.Image, damage: str, scene: Scene, random: Random) -> bytes:
    name = damage.replace("_more", "_light").replace("_hard", "_light")
    times = 3 if damage.endswith("_hard") else 2 if damage.endswith("_more") else 1
    return DAMAGES[name](image, Scene(scene.boxes, scene.scale * times), random)


def _box(edges: list[float], scale: float) -> Box:
    left, top, right, bottom = (round(edge * scale) for edge in edges)
    return left, top, right, bottom
