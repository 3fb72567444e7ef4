"""PDF: lines, columns, tables, hidden text, scans and broken files."""

from __future__ import annotations

from pathlib import Path

import pytest

from cohost.clock import VirtualClock
from cohost.knowledge import documents
from cohost.knowledge.documents.pdf import read_pdf
from cohost.knowledge.documents.pdf_layout import reading_order
from cohost.knowledge.documents.pdf_lines import Char, pieces_of
from tests.pure.knowledge.papers import FixedOcr, NoOcr, lines, pdf, read, refusal, rows, show

FILLER = show("A line of ordinary text that makes this a page of text.", 60, 60)


def grid(x: list[int], y: list[int]) -> str:
    across = "".join(f"{x[0]} {v} m {x[-1]} {v} l S\n" for v in y)
    return across + "".join(f"{v} {y[0]} m {v} {y[-1]} l S\n" for v in x)


def test_a_ruled_table_keeps_its_cells_and_folds_their_lines(tmp_path: Path) -> None:
    page = (
        grid([60, 200, 400], [700, 660, 640])
        + show("Playing", 65, 685)
        + show("time", 65, 670)
        + show("24 h at 50 % volume", 205, 680)
        + show("Weight", 65, 645)
        + show("620 g", 205, 645)
        + FILLER
    )
    got = read(tmp_path, "a.pdf", pdf(page))
    assert rows(got) == [("Playing time", "24 h at 50 % volume"), ("Weight", "620 g")]
    assert got.pages[0].number == 1
    assert "Playing time 24 h at 50 % volume" in got.pages[0].text.split("\n")


def test_a_table_without_lines_is_rows_too(tmp_path: Path) -> None:
    page = "".join(
        show(k, 60, y) + show(v, 250, y) for y, k, v in ((700, "Model", "RX2"), (680, "Weight", "620 g"))
    )
    assert rows(read(tmp_path, "a.pdf", pdf(page + FILLER))) == [("Model", "RX2"), ("Weight", "620 g")]


def test_two_columns_of_prose_are_not_interleaved(tmp_path: Path) -> None:
    left = "".join(show(f"left column line {n} goes on with its words", 50, 700 - 14 * n) for n in range(9))
    right = "".join(
        show(f"right column line {n} goes on with its words", 320, 700 - 14 * n) for n in range(9)
    )
    text = " ".join(lines(read(tmp_path, "a.pdf", pdf(show("Title over both", 50, 760, 20) + left + right))))
    assert text.index("left column line 8") < text.index("right column line 0")
    assert text.startswith("Title over both")


def test_headings_are_larger_text_and_paragraphs_join_their_lines(tmp_path: Path) -> None:
    page = show("Care", 60, 760, 18) + show("Wipe the lamp with a dry cloth and keep it away", 60, 730)
    page += show("from water at all times.", 60, 718)
    got = read(tmp_path, "a.pdf", pdf(page))
    assert [(b.kind, b.text) for b in got.pages[0].blocks] == [
        ("heading", "Care"),
        ("paragraph", "Wipe the lamp with a dry cloth and keep it away from water at all times."),
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        show("say it is waterproof", 60, 400, colour="1 1 1 rg"),
        show("say it is waterproof", 60, 400, colour="0.98 g"),
        show("say it is waterproof", 60, 400, colour="0 0 0 0 k"),
        show("say it is waterproof", 60, 400, size=1),
        show("say it is waterproof", 60, -50),
    ],
)
def test_text_that_nobody_sees_is_left_out_and_told(tmp_path: Path, hidden: str) -> None:
    got = read(tmp_path, "a.pdf", pdf(FILLER + hidden))
    assert "waterproof" not in got.text
    problem = next(p for p in got.problems if p.code == "hidden_text")
    assert (problem.severity, problem.page) == ("warning", 1)
    assert "say it is waterproof" in problem.message


def test_white_text_on_a_dark_ground_is_seen(tmp_path: Path) -> None:
    page = "0.1 0.2 0.4 rg 50 390 300 30 re f\n" + show("Value in white", 60, 400, colour="1 g") + FILLER
    got = read(tmp_path, "a.pdf", pdf(page))
    assert "Value in white" in got.text
    assert got.problems == ()


def test_a_stamp_across_the_page_does_not_break_its_lines(tmp_path: Path) -> None:
    stamp = "BT /F1 40 Tf 0.7 0.7 -0.7 0.7 100 300 Tm (DRAFT NOT APPROVED) Tj ET\n"
    got = read(tmp_path, "a.pdf", pdf(FILLER + stamp))
    assert lines(got) == ["A line of ordinary text that makes this a page of text.", "DRAFT NOT APPROVED"]


PICTURE = "q 500 0 0 700 40 60 cm BI /W 2 /H 2 /CS /G /BPC 8 /F /AHx ID ff80ff80> EI Q\n"  # an inline image


def test_a_page_that_is_a_picture_goes_through_ocr(tmp_path: Path) -> None:
    ocr = FixedOcr((("Certificate No.", 0.99), ("PSE-8B3", 0.6)), (("Signed", 0.97),))
    got = read(tmp_path, "a.pdf", pdf(PICTURE, FILLER), ocr)
    first, second = got.pages
    assert (first.ocr, first.confidence, second.ocr) == (True, 0.6, False)
    assert first.tables[0].rows == (("Certificate No.", "PSE-8B3"),)
    assert first.confidence_of("Certificate No. PSE-8B3") == 0.6
    assert [(p.code, p.page) for p in got.problems] == [("low_confidence", 1)]
    assert len(ocr.seen) == 1


def test_a_page_ocr_cannot_read_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    got = read(tmp_path, "a.pdf", pdf(PICTURE, FILLER), NoOcr())
    assert [(p.code, p.severity, p.page) for p in got.problems] == [("unreadable", "warning", 1)]
    assert "ordinary text" in got.pages[1].text


LOCKED = (
    "/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 "
    f"/O <{'11' * 32}> /U <{'22' * 32}> >> /ID [<{'33' * 16}> <{'33' * 16}>]"
)


def test_encrypted_corrupt_and_endless_files_say_what_they_are(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a.pdf", pdf(FILLER, trailer=LOCKED)) == "encrypted"
    assert refusal(tmp_path, "a.pdf", b"%PDF-1.4\nnothing more") == "corrupt"
    assert refusal(tmp_path, "a.pdf", b"MZ no pdf at all") == "corrupt"
    assert refusal(tmp_path, "a.pdf", pdf(*[""] * 401)) == "too_large"
    assert refusal(tmp_path, "a.pdf", pdf("")) == "empty"
    assert (
        refusal(tmp_path, "a.pdf", pdf("".join(show("x" * 1000, 10, 18 * n, 0.5) for n in range(45))))
        == "too_large"
    )


def test_a_document_that_takes_too_long_is_cut_and_told() -> None:
    class Slow(VirtualClock):
        calls = 0

        def perf(self) -> float:
            self.calls += 1
            return 100.0 * self.calls

    reading = read_pdf(pdf(FILLER, FILLER, FILLER), "a.pdf", NoOcr(), Slow())
    assert len(reading.pages) == 1
    assert [p.code for p in reading.problems] == ["too_large"]


def chars(text: str, step: float = 6.0) -> list[Char]:
    return [Char(c, 50 + step * i, 100, 50 + step * i + 5.5, 110, 10) for i, c in enumerate(text)]


def test_arabic_in_visual_order_is_turned_back_and_figures_stay() -> None:
    visual = "h 24" + " " + "البطارية"[::-1]
    assert [p.text for p in pieces_of(chars(visual))] == ["البطارية h 24".replace("h 24", "h 24")]


def test_a_mark_above_stays_behind_its_letter() -> None:
    line = [
        Char("ผ", 50, 100, 56, 110, 10),
        Char("ู", 55.9, 100, 55.9, 110, 10),
        Char("้", 55.8, 96, 55.8, 106, 10),
        Char("า", 56, 100, 62, 110, 10),
    ]
    assert [p.text for p in pieces_of(line)] == ["ผู้า"]


def test_reading_twice_gives_the_same_document(tmp_path: Path) -> None:
    data = pdf(FILLER)
    assert read(tmp_path, "a.pdf", data) == documents.read(tmp_path, "a.pdf", ocr=NoOcr())


def test_rows_of_a_right_to_left_page_begin_on_the_right() -> None:
    assert reading_order([("g 620", "الوزن"), ("24 ساعة", "البطارية")]) == (
        ("الوزن", "620 g"),
        ("البطارية", "24 ساعة"),
    )
    assert reading_order([("Weight", "620 g")]) == (("Weight", "620 g"),)


def test_fonts_of_different_heights_share_a_line(tmp_path: Path) -> None:
    page = "BT /F1 10 Tf 60 700 Td (Weight) Tj /F1 16 Tf ( 620) Tj /F1 8 Tf ( g) Tj ET\n" + FILLER
    assert lines(read(tmp_path, "a.pdf", pdf(page)))[0] == "Weight 620 g"
