"""Renders pages in Chromium and writes a set of samples."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.accuracy import chats, others, seller, tracking
from tests.accuracy.carriers import CARRIERS
from tests.accuracy.damage import DAMAGES, ENDINGS, HIDING, Scene
from tests.accuracy.tracking import Drawn
from tests.accuracy.truth import Box, Sample, Truth, read_labels, write_labels
from tests.browser import ARGUMENTS, find_chromium

_FIND = """() => [...document.querySelectorAll('.n')].map(node => {
    const box = node.getBoundingClientRect();
    return [node.dataset.n, box.left, box.top + scrollY, box.right, box.bottom + scrollY];
})"""


class NoChromium(RuntimeError):
    """There is no browser to draw with."""


@contextmanager
def studio() -> Iterator[Browser]:
    """A browser to draw with. Raises NoChromium."""
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None:
            raise NoChromium("set ODR_BOT_CHROMIUM, or install chromium")
        browser = playwright.chromium.launch(
            executable_path=path, args=[*ARGUMENTS, "--allow-file-access-from-files"]
        )
        yield browser
        browser.close()


def photograph(browser: Browser, folder: Path, drawn: Drawn) -> tuple[Image.Image, Truth]:
    """The page as a picture, its truth completed by where the numbers are."""
    page_file = folder.resolve() / "page.html"
    page_file.write_text(drawn.html, encoding="utf-8")
    look = drawn.look
    page = browser.new_page(viewport={"width": look.width, "height": 780}, device_scale_factor=look.scale)
    try:
        page.goto(page_file.as_uri())
        boxes = [(name, _scaled(edges, look.scale)) for name, *edges in page.evaluate(_FIND)]
        image = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    finally:
        page.close()
        page_file.unlink()
    return image, replace(drawn.truth, boxes=tuple(boxes))


def _scaled(edges: Sequence[float], scale: float) -> Box:
    left, top, right, bottom = (round(edge * scale) for edge in edges)
    return left - 2, top - 1, right + 2, bottom + 1


def draw(random: Random, family: str, number: int) -> Drawn:
    """The page of that number in a set: every carrier in turn, with chats, order pages and ERP screens between;
    family "d" has pages of its own."""
    if family == "d":
        return others.draw(random, number)
    match number % 5:
        case 1:
            return chats.draw(random, family, long=number % 40 == 21)
        case 3:
            return (seller.draw_order if number % 2 else seller.draw_erp)(random, family)
        case _:
            place = number // 5 * 3 + (number % 5 + 1) // 2
            return tracking.draw(random, family, CARRIERS[place % len(CARRIERS)], long=number % 40 == 24)


def make_set(folder: Path, family: str, seed: int, count: int) -> list[Sample]:
    """`count` pictures in `folder` with `labels.jsonl`; the same arguments give the same set, and make it once."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "labels.jsonl").exists():
        return read_labels(folder)
    damages = list(DAMAGES)
    samples = []
    with studio() as browser:
        for number in range(count):
            random = Random(f"{family} {seed} {number}")
            drawn = draw(random, family, number)
            image, truth = photograph(browser, folder, drawn)
            scene = Scene(tuple(box for _, box in truth.boxes), drawn.look.scale)
            # Seven and twelve share no factor: every damage meets every kind of page.
            damage = damages[(number * 7 + number // 12) % len(damages)]
            path = folder / f"{number:04d}.{ENDINGS.get(damage, 'jpg')}"
            path.write_bytes(DAMAGES[damage](image, scene, random))
            samples.append(Sample(path, truth.damaged(damage, damage in HIDING)))
    write_labels(folder, samples)
    return samples
