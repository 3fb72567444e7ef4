"""A quote stands or falls by a second reader of the file."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohost.knowledge.verify import quote_stands
from cohost.trust.evidence import Source
from tests.pure.knowledge.papers import docx_bytes, lines, pdf, read, show, xlsx_bytes


def stands(folder: Path, name: str, quote: str, page: int | None = None) -> bool | None:
    return quote_stands(folder, Source(document=name, quote=quote, page=page))


def made(folder: Path) -> None:
    paper = docx.Document()
    table = paper.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Weight", "300 g"
    (folder / "a.docx").write_bytes(docx_bytes(paper))
    book = openpyxl.Workbook()
    book.active.append(["Battery", "24 h", 0.5])
    book.active["C1"].number_format = "0%"
    (folder / "a.xlsx").write_bytes(xlsx_bytes(book))
    (folder / "a.md").write_text("# Lamp\n\n| Weight | **25** g |\n|---|---|\n| a | b |\n")
    (folder / "a.csv").write_text('market,delivery\nGermany,"5,5 days"\n')
    (folder / "a.html").write_text("<p>Wipe <b>dry</b>ly &amp; only</p><script>var secret = 1</script>")
    (folder / "a.txt").write_bytes("续航二十四小时，防水等级 IPX7。".encode("gb18030"))
    (folder / "a.pdf").write_bytes(
        pdf(show("Weight", 60, 700) + show("620 g", 200, 700), show("Page two", 60, 700))
    )


@pytest.mark.parametrize(
    ("name", "quote", "page"),
    [
        ("a.docx", "Weight 300 g", None),
        ("a.xlsx", "Battery 24 h 50%", None),
        ("a.md", "Weight 25 g", None),
        ("a.csv", "Germany 5,5 days", None),
        ("a.html", "Wipe dryly & only", None),
        ("a.txt", "防水等级 IPX7", None),
        ("a.pdf", "Weight 620 g", 1),
    ],
)
def test_a_quote_of_the_document_stands(tmp_path: Path, name: str, quote: str, page: int | None) -> None:
    made(tmp_path)
    assert stands(tmp_path, name, quote, page) is True
    assert stands(tmp_path, name, quote + " waterproof", page) is False


def test_a_quote_stands_on_its_own_page_only(tmp_path: Path) -> None:
    made(tmp_path)
    assert stands(tmp_path, "a.pdf", "Page two", 2) is True
    assert stands(tmp_path, "a.pdf", "Page two", 1) is False


def test_another_figure_does_not_stand(tmp_path: Path) -> None:
    made(tmp_path)
    assert stands(tmp_path, "a.docx", "Weight 30 g") is False
    assert stands(tmp_path, "a.csv", "Germany 55 days") is False
    assert stands(tmp_path, "a.xlsx", "Battery 24 h 0.5") is False


def test_scans_cannot_be_verified_and_missing_files_fail(tmp_path: Path) -> None:
    assert quote_stands(tmp_path, Source(document="a.jpg", quote="x")) is None
    assert quote_stands(tmp_path, Source(document="a.pdf", quote="x", page=1, ocr=True)) is None
    assert quote_stands(tmp_path, Source(document="gone.txt", quote="x")) is False
    assert quote_stands(tmp_path, Source(document="../etc/hosts", quote="x")) is False


CELL = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    table=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5), form=st.sampled_from(["md", "csv", "html"])
)
def test_every_row_a_reader_gives_stands_for_the_second(
    tmp_path: Path, table: list[tuple[str, str]], form: str
) -> None:
    text = {
        "md": "| Item | Value |\n|---|---|\n" + "".join(f"| {a} | {b} |\n" for a, b in table),
        "csv": "item,value\n" + "".join(f"{a},{b}\n" for a, b in table),
        "html": "<table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in table) + "</table>",
    }[form]
    for line in lines(read(tmp_path, f"t.{form}", text)):
        assert stands(tmp_path, f"t.{form}", line) is True


def test_a_merged_cell_stands_in_each_of_its_rows_for_both_readers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Item", "", "LM-1", "LM-2"], ["Looks", "Weight (kg)", 3.6, 3.9], [None, "Colour", "white", "red"],
        ["Other", "Origin", "China", None],
    ):  # fmt: skip
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.active.merge_cells("C4:D4")
    data = xlsx_bytes(book)
    (tmp_path / "m.xlsx").write_bytes(data)
    got = read(tmp_path, "m.xlsx", data)
    assert "Looks Colour white red" in lines(got)
    assert all(stands(tmp_path, "m.xlsx", line) for line in lines(got))
    assert got.pages[0].blocks[-1].spans == ((2, 2),)
    assert stands(tmp_path, "m.xlsx", "Looks Weight (kg) 3.6 9.3") is False
