"""Prints HTML with headless Chromium: PDF, or one image for each page."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from .source import ContentError


class Press:
    """One browser for all documents. Not safe to share between threads."""

    def __init__(self, browser: Browser) -> None:
        self._plain = browser.new_context(viewport={"width": 794, "height": 1123})
        self._sharp = browser.new_context(viewport={"width": 794, "height": 1123}, device_scale_factor=1.75)

    def pdf(self, html: str, name: str) -> bytes:
        """The pages as PDF; ContentError where a page's text does not fit."""
        page = self._plain.new_page()
        try:
            _load(page, html, name)
            return page.pdf(prefer_css_page_size=True, print_background=True)
        finally:
            page.close()

    def images(self, html: str, name: str) -> list[Image.Image]:
        """Each page as an RGB image at 168 dots per inch."""
        page = self._sharp.new_page()
        try:
            _load(page, html, name)
            shots = [section.screenshot() for section in page.query_selector_all("section")]
            return [Image.open(io.BytesIO(shot)).convert("RGB") for shot in shots]
        finally:
            page.close()


def _load(page: Page, html: str, name: str) -> None:
    page.set_content(html, wait_until="load")
    overflow = page.evaluate(
        "() => [...document.querySelectorAll('main')].map(m => m.scrollHeight - m.clientHeight)"
    )
    if too_long := {index: px for index, px in enumerate(overflow, 1) if px > 1}:
        raise ContentError(f"{name}: text overflows the page by pixels {too_long}: move some to a new page")


@contextmanager
def open_press() -> Iterator[Press]:
    """A press that closes its browser at the end."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield Press(browser)
        finally:
            browser.close()
