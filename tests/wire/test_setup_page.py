"""The first run in a real browser: an empty folder, files dropped in, what was understood, the brand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from cohost.clock import WallClock
from cohost.knowledge.kbtoml import load
from cohost.setup.folder import SetupFolder
from tests.wire.page_access import assert_open_to_all
from tests.wire.web_room import Room, served

pytestmark = [pytest.mark.wire, pytest.mark.timeout(240)]
SHEET = (
    "# Aurora Lamp 2 data sheet\n\nModel: AL-200\n\n| Weight | 320 g |\n|---|---|\n| Battery life | 8 h |\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "my-brand"
    place.mkdir()
    return place


@pytest.fixture
def address(folder: Path, tmp_path: Path) -> Iterator[str]:
    setup = SetupFolder(folder, tmp_path / "cache", WallClock())
    with served(Room(), setup=setup) as place:
        yield f"http://{place}"


def test_only_the_operator_may_look_and_put_in(address: str, folder: Path) -> None:
    for token, status in (("", 401), ("?token=host-secret", 403), ("?token=wrong", 401)):
        assert httpx.get(f"{address}/setup{token}").status_code == status
    assert httpx.get(f"{address}/setup/state").status_code == 401
    assert httpx.put(f"{address}/setup/files/a.txt", content=b"x").status_code == 401
    assert httpx.post(f"{address}/setup/brand", content=b"{}").status_code == 401
    with httpx.Client(base_url=address) as client:
        assert client.get("/setup", params={"token": "operator-secret"}).status_code == 200
        foreign = {"origin": "https://evil.example"}
        assert client.put("/setup/files/a.txt", content=b"x", headers=foreign).status_code == 403
        for name in ("..%2Fa.txt", "%2e%2e%2f%2e%2e%2fa.txt", ".a.txt", "a.exe"):
            assert client.put(f"/setup/files/{name}", content=b"x").status_code == 422
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("width", "locale"), [(390, "ar"), (1280, "en")])
def test_from_an_empty_folder_to_a_brand(
    address: str, folder: Path, browser: Browser, width: int, locale: str, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale=locale)
    page = context.new_page()
    page.goto(f"{address}/setup?token=operator-secret")
    expect(page.locator("#status")).not_to_be_empty(timeout=30_000)
    assert "operator-secret" not in page.url
    sheet = tmp_path / "lamp sheet.md"
    sheet.write_text(SHEET)
    page.set_input_files("#files", [str(sheet)])
    card = page.locator("[data-paper='lamp sheet.md']")
    expect(card).to_contain_text("320 g", timeout=30_000)
    (folder / "terms.md").write_text("# Returns\n\nYou may return goods within 30 days.\n")  # from outside
    expect(page.locator("[data-paper='terms.md']")).to_contain_text("30 days", timeout=30_000)
    page.locator("#brand [name=name]").fill("Aurora Probe")
    page.locator("#brand button").press("Enter")
    expect(page.locator("#said")).not_to_be_empty()
    page.locator("#product [name=name]").fill("Aurora Lamp 2")
    page.locator("#product [name=models]").fill("AL-200")
    page.locator("#product [name=pinned]").check()
    page.locator("#product > button").click()
    expect(page.locator("#products li")).to_have_text("Aurora Lamp 2 · AL-200", timeout=30_000)
    page.locator("#market [name=price]").fill("49.9")
    page.locator("#market [name=currency]").fill("EUR")
    page.locator("#market button").click()
    expect(page.locator("#markets li")).to_have_count(1, timeout=30_000)
    kb = load(folder)
    assert kb.catalogue.brand.name == "Aurora Probe"
    assert getattr(kb.facts[0], "value", None) == 49.9
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_open_to_all(page)
    page.screenshot(path=str(tmp_path / "setup.png"), full_page=True)
    context.close()
