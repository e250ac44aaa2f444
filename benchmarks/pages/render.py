"""Renders the pages' sources with Chromium, without a network, into pictures with one truth.json."""

import json
import tempfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from PIL import ExifTags, Image
from playwright.sync_api import Browser, Playwright, ViewportSize, sync_playwright

from benchmarks.pages import effects
from benchmarks.pages.label import Label
from benchmarks.pages.marks import head, read_label
from tests.browser import ARGUMENTS, find_chromium

HERE = Path(__file__).parent
SOURCES = HERE / "sources"


def sources(half: str = "") -> list[Path]:
    """The pages' sources, of one set or of all."""
    return sorted(SOURCES.glob(f"{half or '*'}/*.html"))


def page_html(source: Path) -> str:
    """The page as HTML: its template, with the parts that several share (a phone's bar, a browser's, a desktop's)."""
    loader = FileSystemLoader([SOURCES, source.parent])
    shared = Environment(loader=loader, autoescape=False, trim_blocks=True, lstrip_blocks=True)
    return shared.from_string("{% import 'kit.j2' as k %}{{ k.fonts(fonts) }}" + source.read_text("utf-8")).render(
        fonts=(HERE / "fonts").as_uri()
    )


def open_browser(playwright: Playwright) -> Browser:
    """A Chromium that reaches nothing."""
    offline = [*ARGUMENTS, "--host-resolver-rules=MAP * ~NOTFOUND", "--font-render-hinting=none"]
    return playwright.chromium.launch(executable_path=find_chromium(playwright), args=offline)


def draw(browser: Browser, source: Path, folder: Path) -> Label:
    """Render one page into the folder and return its label."""
    told, html = head(source), page_html(source)
    label = read_label(source, html)
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "page.html").write_text(f"<!doctype html><meta charset=utf-8>{html}", encoding="utf-8")
        size = ViewportSize(width=told["width"], height=told.get("height", 100))
        page = browser.new_page(viewport=size, device_scale_factor=told.get("scale", 1))
        page.goto((Path(scratch) / "page.html").as_uri())
        page.evaluate("document.fonts.ready")
        shot = page.screenshot(full_page="height" not in told)
        page.close()
    picture = effects.apply(Image.open(BytesIO(shot)).convert("RGB"), told.get("effects", []))
    quality = next((int(effect[5:]) for effect in told.get("effects", []) if effect.startswith("jpeg:")), None)
    exif = Image.Exif()
    if "saved" in told:
        exif[ExifTags.Base.DateTime] = told["saved"]
    if "shot" in told:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = told["shot"]
    picture.save(folder / label.file, quality=quality or 90, exif=exif)
    return label


def render(folder: Path, half: str = "", only: Iterable[str] = ()) -> list[Label]:
    """Render a set, or all, or only the named pages, and write truth.json beside the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = set(only)
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        chosen = [source for source in sources(half) if not wanted or source.stem in wanted]
        labels = [draw(browser, source, folder) for source in chosen]
        browser.close()
    text = json.dumps({"items": [label.as_json() for label in labels]}, ensure_ascii=False, indent=1)
    (folder / "truth.json").write_text(text + "\n", encoding="utf-8")
    return labels
