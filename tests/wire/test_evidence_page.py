"""The evidence check in a real browser: read and decided on from a disk, approved and held in the room."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from cohost import events as ev
from cohost.check.file import view_of, write
from cohost.check.findings import find
from cohost.check.live import LiveCheck
from cohost.check.pictures import draw
from cohost.check.problems import problems
from cohost.clock import WallClock
from cohost.errors import DocumentError
from cohost.knowledge import kbtoml
from cohost.knowledge.build import Built, build
from cohost.knowledge.library import KnowledgeLibrary, Models
from tests.wire.page_access import assert_open_to_all
from tests.wire.web_room import AUTH, Room, served

pytestmark = [pytest.mark.wire, pytest.mark.timeout(240)]

ON = dt.date(2026, 1, 5)
DESK, PHONE = {"width": 1360, "height": 900}, {"width": 390, "height": 844}
REPORT = Path(__file__).parents[2] / "knowledge_base" / "reef" / "RX2_battery_life_test_report.pdf"


@pytest.fixture(scope="module")
def folder(probe_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lamp's folder, with a document that nobody approved and a report that can be drawn."""
    folder = tmp_path_factory.mktemp("evidence")
    for file in probe_folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "report.pdf").write_bytes(REPORT.read_bytes())
    (folder / "draft.md").write_text("# Probe lamp PL-7\n\n| Item | Value |\n|---|---|\n| Weight | 9 g |\n")
    approved = "".join(
        f'\n[[document]]\npath = "{name}"\napproved_by = "A. Example"\n'
        for name in ("spec.md", "shipping.csv", "oeko.md", "report.pdf")
    )
    kb = folder / "kb.toml"
    kb.write_text(kb.read_text("utf-8") + approved, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    def no_ocr() -> object:
        raise AssertionError("no picture is read here")

    return build(folder, tmp_path_factory.mktemp("cache"), ocr=no_ocr)


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address; afterwards no script may have failed and nothing but the page was asked for."""
    contexts, faults = [], []

    def open_page(url: str, viewport: dict[str, int] = DESK) -> Page:
        context = browser.new_context(viewport=viewport, locale="en")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


# ── from a disk ──────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def file(folder: Path, built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = find(built, ON)
    pictures, left_out = draw(folder, built.documents, built.items)
    path = tmp_path_factory.mktemp("page") / "check.html"
    write(str(path), view_of(built, found, problems(built, found), pictures=pictures, left_out=left_out))
    return path


def shown(page: Page) -> int:
    return page.locator("#documents .item:not([hidden])").count()


def test_the_file_filters_by_words_kind_state_document_and_market(
    file: Path, built: Built, opened: Callable[..., Page]
) -> None:
    requests: list[str] = []
    page = opened("about:blank")
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri())
    expect(page.locator("h1")).to_have_text("Probe")
    assert shown(page) == len(built.items)
    page.fill("#find", "412 g")
    expect(page.locator("#matches")).to_have_text("1 found")
    item = page.locator(".item:not([hidden])")
    expect(item).to_be_visible()  # its document opened by itself
    expect(item).to_contain_text("Weight")
    page.fill("#find", "nobody says this")
    expect(page.locator("#no-match")).to_be_visible()
    page.fill("#find", "")
    expect(page.locator("#no-match")).to_be_hidden()
    page.select_option("#by-kind", "certificate")
    expect(page.locator(".item:not([hidden])")).to_have_count(1)
    page.select_option("#by-release", "ended")
    expect(page.locator(".item:not([hidden])")).to_contain_text("expired 2025-03-31")
    page.select_option("#by-kind", "")
    page.select_option("#by-release", "draft")
    expect(page.locator(".doc:not([hidden])")).to_have_count(1)
    page.select_option("#by-release", "")
    page.select_option("#by-document", "shipping.csv")
    expect(page.locator(".doc:not([hidden])")).to_have_count(1)
    page.select_option("#by-document", "")
    page.select_option("#by-market", "US")
    expect(page.locator(".matrix td:not([hidden])")).to_have_count(1)
    assert not page.locator('.item[data-markets="DE"]:not([hidden])').count()
    assert requests == [file.as_uri()]


def test_a_link_to_an_item_opens_its_document_and_lifts_the_filters(
    file: Path, opened: Callable[..., Page]
) -> None:
    page = opened(file.as_uri())
    page.fill("#find", "nobody says this")
    expect(page.locator("#no-match")).to_be_visible()
    page.locator("#soon a.paper").first.click()
    expect(page.locator("#find")).to_have_value("")
    expect(page.locator(".doc[open]")).to_have_count(1)


def test_decisions_become_lines_for_kb_toml(file: Path, folder: Path, opened: Callable[..., Page]) -> None:
    page = opened(file.as_uri(), PHONE)
    expect(page.locator("#decisions")).to_be_hidden()
    draft = page.locator('.doc[data-document="draft.md"]')
    draft.locator("summary").click()
    draft.get_by_role("button", name="Approve document").click()
    spec = page.locator('.doc[data-document="spec.md"]')
    spec.locator("summary").click()
    spec.locator(".item").first.get_by_role("button", name="Hold").click()
    page.fill("#approver", 'C. "Li"')
    expect(page.locator("#decided")).to_have_text("2")
    lines = page.locator("#lines").input_value()
    (block,) = tomllib.loads(lines)["document"]
    assert block == {"path": "draft.md", "approved_by": 'C. "Li"', "approved_on": ON}
    assert "# hold E" in lines
    assert (
        kbtoml.parse(((folder / "kb.toml").read_text("utf-8") + lines).encode()).documents[-1].path
        == "draft.md"
    )
    draft.get_by_role("button", name="Hold document").click()
    assert "approved_by" not in page.locator("#lines").input_value()
    page.click("#clear")
    expect(page.locator("#decisions")).to_be_hidden()


def test_the_file_shows_the_quote_on_its_page_and_fits_a_phone(
    file: Path, opened: Callable[..., Page]
) -> None:
    page = opened(file.as_uri(), PHONE)
    report = page.locator('.doc[data-document="report.pdf"]')
    report.locator("summary").click()
    picture = report.locator(".crop img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 300")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert file.stat().st_size < 4_500_000


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_the_file_shuts_nobody_out(file: Path, opened: Callable[..., Page], screen: dict[str, int]) -> None:
    page = opened(file.as_uri(), screen)
    assert_open_to_all(page)
    for name in ("spec.md", "report.pdf"):
        page.locator(f'.doc[data-document="{name}"] > summary').click()
    page.get_by_role("button", name="Approve document").first.click()
    page.get_by_role("button", name="Hold", exact=True).first.click()
    expect(page.locator("#decisions")).to_be_visible()
    assert_open_to_all(page)


# ── in the room ──────────────────────────────────────────────────────────────────────────────────
class Live(Room):
    """A room over the real library of the folder."""

    def __init__(self, built: Built, folder: Path) -> None:
        super().__init__(root=folder, library=KnowledgeLibrary(built, Models(None, None), WallClock(on=ON)))  # type: ignore[arg-type]


@pytest.fixture
def room(built: Built, folder: Path) -> Room:
    return Live(built, folder)


@pytest.fixture
def address(room: Room, built: Built) -> Iterator[str]:
    with served(room, check=LiveCheck(built).fragment) as address:
        yield address


def evidence(
    opened: Callable[..., Page], address: str, token: str = AUTH.operator_token, screen: dict[str, int] = DESK
) -> Page:
    page = opened(f"http://{address}/evidence?token={token}", screen)
    expect(page.locator("#check")).to_be_attached(timeout=60_000)
    expect(page.locator("#connection")).to_have_text("Room main")
    return page


def test_an_item_is_held_and_approved_and_the_room_says_so(
    room: Room, address: str, opened: Callable[..., Page]
) -> None:
    page = evidence(opened, address)
    assert "token" not in page.url
    console = opened(f"http://{address}/console?token={AUTH.operator_token}&lang=en")
    spec = page.locator('.doc[data-document="spec.md"]')
    spec.locator("summary").click()
    item = spec.locator(".item").first
    name = item.get_attribute("id")
    expect(item.locator("[data-state]")).to_have_text("On air")
    item.get_by_role("button", name="Hold").click()
    expect(item.locator("[data-state]")).to_have_text("Held")
    expect(spec.locator(".counts")).to_have_text("Held 1")
    expect(console.locator("#n-held")).to_have_text("1")
    item.get_by_role("button", name="Approve").click()
    expect(item.locator("[data-state]")).to_have_text("On air")
    expect(console.locator("#held-box")).to_be_hidden()
    assert [(e.evidence_id, e.state) for e in room.events(ev.EvidenceReleased)] == [
        (name, "held"), (name, "approved"),
    ]  # fmt: skip


def test_another_operators_decision_shows_at_once(
    room: Room, address: str, opened: Callable[..., Page]
) -> None:
    page = evidence(opened, address)
    item = page.locator('.doc[data-document="spec.md"] .item').first
    name = item.get_attribute("id") or ""
    room.append(ev.EvidenceReleased(evidence_id=name, state="held", by="operator:Tom"))
    expect(item).to_have_attribute("data-release", "held")
    later = evidence(opened, address)
    expect(later.locator(f"#{name}")).to_have_attribute("data-release", "held")


def test_a_whole_document_goes_on_air_item_by_item_and_its_lines_are_shown(
    room: Room, address: str, built: Built, opened: Callable[..., Page]
) -> None:
    page = evidence(opened, address)
    draft = page.locator('.doc[data-document="draft.md"]')
    draft.locator("summary").click()
    waiting = draft.locator('.item[data-release="draft"]').count()
    assert waiting == sum(i.source.document == "draft.md" for i in built.items)
    draft.get_by_role("button", name="Approve document").click()
    expect(draft.locator('.item[data-release="approved"]')).to_have_count(waiting)
    assert len(room.events(ev.EvidenceReleased)) == waiting
    expect(page.locator("#decisions")).to_contain_text("lasts for this show")
    assert tomllib.loads(page.locator("#lines").input_value())["document"][0]["path"] == "draft.md"


def test_the_quote_is_shown_on_its_page_when_asked_for(address: str, opened: Callable[..., Page]) -> None:
    page = evidence(opened, address)
    report = page.locator('.doc[data-document="report.pdf"]')
    report.locator("summary").click()
    report.get_by_role("button", name="Show it on its page").first.click()
    expect(report.locator(".crop img")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_the_rooms_page_shuts_nobody_out(
    room: Room, address: str, opened: Callable[..., Page], screen: dict[str, int]
) -> None:
    page = evidence(opened, address, screen=screen)
    item = page.locator('.doc[data-document="spec.md"] .item').first
    room.append(ev.EvidenceReleased(evidence_id=item.get_attribute("id") or "", state="held", by="operator"))
    expect(item).to_have_attribute("data-release", "held")
    page.locator('.doc[data-document="spec.md"] > summary').click()
    assert_open_to_all(page)


def test_the_console_leads_there(address: str, opened: Callable[..., Page]) -> None:
    console = opened(f"http://{address}/console?token={AUTH.operator_token}&lang=en")
    expect(console.locator("#brand")).to_have_text("Probe")
    expect(console.locator("#evidence")).to_have_text("Evidence")
    with console.context.expect_page() as popup:
        console.click("#evidence")
    expect(popup.value.locator("#connection")).to_have_text("Room main", timeout=60_000)
    assert "token" not in popup.value.url
    popup.value.reload()
    expect(popup.value.locator("#connection")).to_have_text("Room main")


def test_without_the_operators_token_there_is_no_evidence(
    address: str, built: Built, opened: Callable[..., Page]
) -> None:
    page = opened(f"http://{address}/evidence?token=guess")
    expect(page.locator(".banner:visible")).to_contain_text("does not accept this token")
    expect(page.locator("#check")).to_have_count(0)
    item = next(i for i in built.items if i.source.document == "report.pdf")
    with httpx.Client(base_url=f"http://{address}", timeout=60) as web:
        for query, status in (("", 401), ("?token=guess", 401), (f"?token={AUTH.host_token}", 403)):
            answer = web.get(f"/evidence{query}")
            assert answer.status_code == status
            assert "Probe" not in answer.text
            assert not answer.cookies
        assert web.get(f"/evidence/{item.id}/strip.jpg").status_code == 401
        web.cookies.set("cohost-evidence", "0" * 48)
        assert web.get("/evidence").status_code == 401


def test_the_page_opens_again_by_its_cookie_which_tells_nobody_the_token(address: str, built: Built) -> None:
    item = next(i for i in built.items if i.source.document == "report.pdf")
    with httpx.Client(base_url=f"http://{address}", timeout=60) as web:
        first = web.get("/evidence", params={"token": AUTH.operator_token})
        assert first.headers["cache-control"] == "no-store"
        given = first.headers["set-cookie"]
        assert AUTH.operator_token not in given
        for word in ("HttpOnly", "Path=/evidence", "SameSite=strict"):
            assert word in given
        assert web.get("/evidence").text == first.text
        strip = web.get(f"/evidence/{item.id}/strip.jpg")
        assert (strip.status_code, strip.content[:2]) == (200, b"\xff\xd8")
        assert web.get("/evidence/E1/strip.jpg").status_code == 404
        assert web.get("/evidence", params={"token": "guess"}).status_code == 401


def test_a_check_that_fails_says_why(room: Room) -> None:
    async def check(items: object, on: dt.date) -> str:
        raise DocumentError("slow", "got no check in 60 s")

    with served(room, check=check) as address, httpx.Client(base_url=f"http://{address}") as web:
        answer = web.get("/evidence", params={"token": AUTH.operator_token})
        assert '<p class="banner" role="alert">got no check in 60 s</p>' in answer.text
        assert answer.text.rstrip().endswith("</html>")
    with served(room) as address, httpx.Client(base_url=f"http://{address}") as web:
        answer = web.get("/evidence", params={"token": AUTH.operator_token})
        assert "has no check of its evidence" in answer.text
