"""The report on the show so far: for staff alone, as a page and as files, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from cohost.serving import report_so_far
from tests.wire.page_access import assert_open_to_all, play
from tests.wire.web_room import Room, served

pytestmark = pytest.mark.wire


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def address(room: Room) -> Iterator[str]:
    with served(room, report=report_so_far) as place:
        yield f"http://{place}"


def test_it_opens_with_the_operators_token_alone_and_then_its_files_by_the_cookie(
    room: Room, address: str
) -> None:
    play(room)
    for token, status in (("", 401), ("?token=host-secret", 403), ("?token=wrong", 401)):
        assert httpx.get(f"{address}/report{token}").status_code == status
    with httpx.Client(base_url=address) as client:
        assert client.get("/report/questions.csv").status_code == 401
        shown = client.get("/report", params={"token": "operator-secret"})
        assert shown.status_code == 200
        assert "operator-secret" not in shown.text
        rows = client.get("/report/questions.csv")
        assert rows.headers["content-type"] == "text/csv; charset=utf-8"
        assert rows.text.startswith("\ufeffid,asked_at")
        assert client.get("/report/show.json").json()["questions"] >= 1


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_open_to_all_and_fits_and_the_console_leads_to_it(
    room: Room, address: str, browser: Browser, width: int
) -> None:
    play(room)
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(f"{address}/console?token=operator-secret")
    expect(page.locator("#report")).to_have_attribute("href", re.compile("token="))
    where = page.locator("#report").get_attribute("href")
    page.goto(f"{address}{where}")
    expect(page.locator("h2").first).to_have_text("Questions over time")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    with page.expect_download() as got:
        page.get_by_role("link", name="CSV").click()
    assert got.value.suggested_filename == "questions.csv"
    assert_open_to_all(page)
    page.close()
