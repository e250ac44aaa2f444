"""Finds the Chromium that browser tests drive."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
    "--disable-component-update",
    "--disable-quic",
]


def find_chromium(playwright: Playwright) -> str | None:
    """The browser's path: ODR_BOT_CHROMIUM, then a system browser, then the one Playwright installed."""
    if chosen := os.environ.get("ODR_BOT_CHROMIUM"):
        return chosen
    if found := next(filter(None, map(shutil.which, NAMES)), None):
        return found
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


if __name__ == "__main__":
    with sync_playwright() as started:
        sys.exit(find_chromium(started) is None)
