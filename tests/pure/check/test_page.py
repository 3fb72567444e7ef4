"""The page: every section is there, every text from documents is text, every link leads somewhere."""

import base64
import datetime as dt
import re
from html.parser import HTMLParser

from cohost.check.file import script, style, view_of
from cohost.check.findings import find
from cohost.check.page.markup import Html, joined, tag, text
from cohost.check.page.render import SECTIONS, fragment, page
from cohost.check.page.summary import overall
from cohost.check.page.todo import advice
from cohost.check.page.view import Picture, View
from cohost.check.problems import problems
from cohost.common.catalogue import Brand, Catalogue, Market, Product
from cohost.knowledge.documents import Problem
from cohost.knowledge.kbtoml import DocumentNote
from cohost.trust.evidence import Evidence, Standard
from tests.pure.check.made import CATALOGUE, ON, built, fact, offered, paper, term

HOSTILE = "\"><img src=x onerror=alert(1)></title></style><script>alert(2)</script>'{brand}"


class Reader(HTMLParser):
    """Ids, links, tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.sources: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and tag == "a":
                self.links.append(value or "")
            if name in ("src", "href") and tag != "a":
                self.sources.append(value or "")
            if name.startswith("on") or name == "style":
                self.handlers.append(name)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def view(*items: Evidence, catalogue: Catalogue = CATALOGUE, live: bool = False, **more: object) -> View:
    base = built(*items, catalogue=catalogue, **more)  # type: ignore[arg-type]
    found = find(base, ON)
    return view_of(base, found, problems(base, found), live=live)


def everything() -> list[Evidence]:
    """Something for each section."""
    return [
        *offered("box", "DE", "US"), paper("CE", "B1", number="7", valid_until=dt.date(2026, 12, 1)),
        paper("FCC", "B1-PRO", status="on_file_not_held", document="register.xlsx"),
        paper("UKCA", "B1", standards=(Standard("EN 50581", "2012"),)),
        fact("weight", 620.0, "g", models=("B1",)),
        fact("weight", 640.0, "g", models=("B1",), document="manual.docx"),
        fact("weight", 1.0, "g", document="draft.md", release="draft"),
        fact("price", 9.75, "EUR", quote="unit cost 9.75", document="cost.xlsx", release="internal"),
        term("returns", 7.0, "DE", "day", document="old.txt"),
    ]  # fmt: skip


def test_every_section_is_there_and_every_link_leads_somewhere() -> None:
    for live in (False, True):
        reader = read(fragment(view(*everything(), live=live)))
        assert {name for name, _ in SECTIONS} <= set(reader.ids)
        assert len(reader.ids) == len(set(reader.ids))
        assert {link.removeprefix("#") for link in reader.links} <= set(reader.ids)


def test_an_empty_folder_makes_a_page_too() -> None:
    html = fragment(view(catalogue=Catalogue()))
    assert {name for name, _ in SECTIONS} <= set(read(html).ids)
    assert "No document was read." in html
    assert "Nothing stands in the way of a show" in html


def test_text_from_documents_stays_text() -> None:
    catalogue = Catalogue(
        brand=Brand(name=HOSTILE), products=(Product(id="box", name=HOSTILE, models=(HOSTILE,)),),
        markets=(Market(code="DE", scheme=(HOSTILE,)),),
    )  # fmt: skip
    items = [
        fact("weight", 620.0, "g", quote=HOSTILE, document=HOSTILE, condition=HOSTILE, models=(HOSTILE,)),
        fact("weight", 640.0, "g", quote=HOSTILE, document=f"{HOSTILE}2", condition=HOSTILE),
        fact("material", HOSTILE), paper(HOSTILE, HOSTILE, number=HOSTILE, document=HOSTILE),
        term("price", 1.0, "DE", HOSTILE),
    ]  # fmt: skip
    notes = (DocumentNote(HOSTILE, approved_by=HOSTILE),)
    faults = (Problem(HOSTILE, "warning", HOSTILE, HOSTILE), Problem("corrupt", "error", HOSTILE, HOSTILE))
    clean = read(page(view(*everything()), "", ""))
    for live in (False, True):
        shown = view(*items, catalogue=catalogue, notes=notes, problems=faults, live=live)
        reader = read(page(shown, "", ""))
        assert set(reader.tags) <= set(clean.tags)
        assert reader.tags.count("script") == 1  # the page's own
        assert reader.handlers == []
        assert not any(source.startswith("x") for source in reader.sources)


def test_the_file_asks_nobody_for_anything() -> None:
    html = page(view(*everything()), style(), script())
    reader = read(html)
    assert all(source.startswith("data:") for source in reader.sources)
    assert not re.search(r"(?:src|href)=.?(?:https?:)?//|@import|url\(|fetch\(|import .*from", html)
    assert "default-src &#x27;none&#x27;" in html
    assert html.count("</script>") == 1
    assert html.count("</style>") == 1


def test_an_internal_paper_is_counted_and_not_shown() -> None:
    html = fragment(view(*everything()))
    assert "9.75" not in html
    assert "1 internal items: never on air, not shown here." in html


def test_an_item_says_what_it_is_where_it_stands_and_how_it_is() -> None:
    item = fact(
        "battery", 22.4, "h", quote="Playing time 22.4 h", condition="at 50 % volume", basis="measured",
        source_class="A", models=("B1",), valid_until=dt.date(2027, 1, 31), qualifier="about",
    )  # fmt: skip
    html = fragment(view(item))
    block = html[html.index(f'id="{item.id}"') - 4 :].split("</li>")[0]
    for words in (
        "Battery life", "about 22.4 h (at 50 % volume)", "Playing time 22.4 h", "measured", "B1",
        "Independent test or certificate", "valid until 2027-01-31", "On air", 'data-release="approved"',
    ):  # fmt: skip
        assert words in block, words


def test_both_sides_of_a_contradiction_stand_beside_what_viewers_are_told() -> None:
    html = fragment(view(*everything()))
    part = html[html.index('id="disputes"') : html.index('id="evidence"')]
    for words in (
        "Counts",
        "Left aside",
        "promises more",
        "640 g",
        "620 g",
        "Viewers are told",
        "manual.docx",
    ):
        assert words in part, words


def test_a_picture_stands_with_its_item_and_only_in_the_file() -> None:
    item = paper("CE", "B1")
    base = built(item)
    found = find(base, ON)
    jpeg = Picture(b"\xff\xd8jpeg", 900, 150, True)
    shown = fragment(view_of(base, found, (), pictures={item.id: jpeg}, left_out=3))
    assert base64.b64encode(jpeg.jpeg).decode() in shown
    assert "3 pictures were left out" in shown
    live = fragment(view_of(base, found, (), live=True))
    assert "data:image" not in live
    assert f'data-crop="{item.id}"' in live


def test_the_light_is_red_amber_or_green() -> None:
    ready = [*offered("box", "DE", "GB", "US"), paper("CE", "B1"), paper("FCC", "B1-PRO")]
    ready += [*offered("dew", "DE", "GB", "US"), *offered("coat", "DE", "GB", "US")]
    assert overall(view(*ready)) == "good"
    assert overall(view(*ready, problems=(Problem("hidden_text", "warning", "a", "b"),))) == "warm"
    assert overall(view(*ready, problems=(Problem("quote_not_found", "error", "a", "b"),))) == "bad"
    assert overall(view(*ready, term("returns", 7.0, "DE", "day"))) == "bad"
    assert overall(view(*everything())) == "bad"


def test_every_code_of_the_check_is_explained() -> None:
    html = fragment(view(*everything(), problems=(Problem("odd_code", "info", "a.md", "words"),)))
    assert "Odd code" in html  # a code without advice still has a title
    assert all(row.title for row in advice().values())


def test_markup_escapes_all_that_it_did_not_make() -> None:
    assert tag("p", "<b>", tag("b", "x"), None, class_='a"b', hidden=True, data_id=3, title=None) == (
        '<p class="a&quot;b" hidden data-id="3">&lt;b&gt;<b>x</b></p>'
    )
    assert tag("img", src="a") == '<img src="a">'
    assert text(["a", ("b", 1)]) == "ab1"
    assert joined(["a", "", None, Html("<i>")]) == "a · <i>"
