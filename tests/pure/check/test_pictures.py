"""The pictures of the page: a quote's lines, marked, once, within a size."""

import io
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from cohost.check import pictures
from cohost.knowledge.build import Read
from cohost.trust.evidence import Evidence
from cohost.web.picture import MARK, strips
from tests.pure.check.made import fact, source, text

DEMO = Path(__file__).parents[3] / "knowledge_base"
REPORT = "reef/RX2_battery_life_test_report.pdf"
ROW = "Playing time at 80 % volume 11.2 h none declared For information"
SCAN = "pelican/PC-1_PSE_certificate.jpg"


def read(name: str, kind: str = "test_report") -> Read:
    return Read(name, "", kind, "box", "en", (), ())  # type: ignore[arg-type]


def quoted(quote: str, page: int, document: str = REPORT) -> Evidence:
    return msgspec.structs.replace(fact("battery", 1.0), source=source(document, quote, page=page))


def test_a_strip_shows_the_quotes_line_marked() -> None:
    whole, strip = strips(DEMO / REPORT, [(1, "nowhere on this page"), (2, ROW)])
    assert (whole.marked, strip.marked) == (False, True)
    assert strip.height < 200 < whole.height
    with Image.open(io.BytesIO(strip.jpeg)) as picture:
        assert picture.size == (strip.width, strip.height)
        colours = picture.convert("RGB").getcolors(picture.width * picture.height) or []
    near = sum(count for count, c in colours if all(abs(x - y) < 12 for x, y in zip(c, MARK, strict=True)))
    assert near > 200


def test_a_quote_is_drawn_once_and_passages_not_at_all() -> None:
    a, b = quoted(ROW, 2), quoted(ROW, 2)
    passage = msgspec.structs.replace(text("words"), source=source(REPORT, ROW, page=2))
    found, left = pictures.draw(DEMO, [read(REPORT)], [a, b, passage])
    assert (set(found), left) == ({a.id}, 0)


def test_a_page_whose_quote_is_not_found_is_shown_whole_once() -> None:
    items = [quoted("not there", 1), quoted("nor this", 1), quoted(ROW, 2)]
    found, _ = pictures.draw(DEMO, [read(REPORT)], items)
    assert sorted(p.marked for p in found.values()) == [False, True]


def test_a_scan_stands_under_its_documents_name() -> None:
    found, _ = pictures.draw(DEMO, [read(SCAN, "certificate")], [quoted("x", 1, SCAN)])
    assert list(found) == [SCAN]
    assert not found[SCAN].marked


def test_papers_come_first_and_the_size_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_BYTES", 60_000)
    other = quoted("Weight", 1, "reef/Reef_brochure_2026.pdf")
    scan = quoted("x", 1, SCAN)
    found, left = pictures.draw(
        DEMO, [read("reef/Reef_brochure_2026.pdf", "brochure"), read(SCAN, "certificate")], [other, scan]
    )
    assert next(iter(found)) == SCAN
    assert sum(len(p.jpeg) for p in found.values()) <= 60_000
    assert left == 2 - len(found)


def test_what_cannot_be_drawn_and_what_is_internal_goes_without(tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 no more")
    (tmp_path / "notes.md").write_text("x")
    secret = msgspec.structs.replace(quoted("x", 1, SCAN), release="internal")
    names = ["broken.pdf", "gone.pdf", "notes.md"]
    documents = [*(read(n) for n in names), read(SCAN, "internal")]
    items = [*(quoted("x", 1, n) for n in names), secret]
    assert pictures.draw(tmp_path, documents, items) == ({}, 0)
    assert pictures.draw(DEMO, [read(SCAN)], [secret]) == ({}, 0)
