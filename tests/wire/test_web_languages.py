"""Every page in its eighteen languages on a phone, with a show in it: nothing runs out of the screen, nothing
is cut off without a way to read it; the overlay's boxes at the sizes of broadcasts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cohost.languages import LANGUAGES
from tests.wire.page_access import play, say
from tests.wire.web_room import Room, served

pytestmark = [pytest.mark.wire, pytest.mark.timeout(240)]

PHONE = {"width": 390, "height": 844}
STAFF = "token=operator-secret"
PAGES = {
    "viewer": ("/?market=ES", ".answer"), "console": (f"/console?{STAFF}", "#posted .card"),
    "prompter": (f"/prompter?{STAFF}", ".asked"), "overlay": ("/overlay?market=ES", "#notice:not([hidden])"),
}  # fmt: skip
CUT = """() => {
  const width = document.documentElement.clientWidth, found = [];
  for (const one of document.querySelectorAll("body *")) {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const away = one.closest("[hidden], .hush, dialog:not([open])");
    if (!box.width || !box.height || style.visibility === "hidden" || away) continue;
    const out = box.left < -1 || box.right > width + 1;
    if (out && ![...ancestors(one)].some(scrolling)) found.push(`out: ${name(one)}`);
    const text = [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    const clips = style.overflow !== "visible" && style.overflowX !== "auto";
    if (text && clips && style.webkitLineClamp === "none" && one.scrollWidth > one.clientWidth + 1)
      found.push(`cut: ${name(one)}`);
  }
  return found.slice(0, 12);
  function* ancestors(one) { for (let up = one.parentElement; up; up = up.parentElement) yield up; }
  function scrolling(one) {
    const how = getComputedStyle(one).overflowX;
    return ["auto", "scroll"].includes(how) && one.scrollWidth > one.clientWidth;
  }
  function name(one) { return `${one.tagName}#${one.id}.${one.className} ${one.textContent.slice(0, 40)}`; }
}"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    room = Room(voice=True)
    say(room, play(room))
    with served(room) as place:
        yield f"http://{place}"


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def screen(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone_in_every_language(screen: Page, address: str, name: str, lang: str) -> None:
    path, ready = PAGES[name]
    screen.goto(f"{address}{path}&lang={lang}")
    expect(screen.locator(ready).first).to_be_visible()
    expect(screen.locator("html")).to_have_attribute("dir", "rtl" if lang == "ar" else "ltr")
    assert screen.evaluate(CUT) == []
    assert screen.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


BOXES = """() => ["said", "reply", "notice", "product"].map((id) => document.getElementById(id))
  .filter((one) => !one.hidden).map((one) => [one.id, one.getBoundingClientRect().toJSON()])"""


@pytest.mark.parametrize("size", [(390, 844), (1080, 1920), (1920, 1080)], ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("lang", ["en", "de", "ar"])
def test_nothing_of_the_overlay_covers_another_part(
    browser: Browser, lang: str, size: tuple[int, int]
) -> None:
    room = Room(voice=True)
    spoken = play(room)
    with served(room) as place:
        page = browser.new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        page.goto(f"http://{place}/overlay?lang={lang}&market=ES")
        expect(page.locator("#notice")).to_be_visible()
        reply = room.drafts(room.asks("¿cuánto dura?"), "Batería: 24,3 horas al 50 % del volumen, medido.")
        room.posts(reply)
        say(room, spoken)
        expect(page.locator("#reply")).to_be_visible()
        expect(page.locator("#said")).to_be_visible()
        boxes = page.evaluate(BOXES)
        page.close()
    assert {name for name, _ in boxes} == {"said", "reply", "notice", "product"}
    for n, (one, a) in enumerate(boxes):
        assert a["left"] >= 0, one
        assert a["right"] <= size[0], one
        assert a["bottom"] <= size[1], one
        for other, b in boxes[n + 1 :]:
            apart = a["right"] <= b["left"] or b["right"] <= a["left"]
            assert apart or a["bottom"] <= b["top"] or b["bottom"] <= a["top"], (one, other)
