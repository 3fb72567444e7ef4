"""OCR with the real models, in its worker process, on pages drawn here."""

from __future__ import annotations

import functools
import io
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from cohost.errors import DocumentError
from cohost.knowledge import documents
from cohost.knowledge.documents import OcrPage
from cohost.knowledge.documents.ocr import OcrWorker

pytestmark = pytest.mark.wire

WIDTH = 1000
LINES = (
    "EU DECLARATION OF CONFORMITY",
    "DOC No. LF-DOC-2026-118",
    "Product: Reef portable speaker, model RX2",
    "This declaration of conformity is issued under the sole responsibility of the maker",
    "Standards: EN 62368-1:2020+A11:2020",
    "Date of issue: 2026-06-25",
    "Signed: Li Wei, Quality",
)
FORM = (
    ("Certificate No.", "PSE-D-258813"),
    ("Model", "EXA-2415"),
    ("Rating", "Input 100 V, output 24 V"),
    ("Valid until", "2030-11-12"),
)


@pytest.fixture(scope="module")
def worker() -> Iterator[OcrWorker]:
    with OcrWorker(page_s=60) as worker:
        yield worker


@pytest.fixture(scope="module")
def read_letter(worker: OcrWorker) -> Callable[[float], OcrPage]:
    """The letter at a tilt, read once for all who look at it."""
    return functools.cache(lambda tilt: worker.read(png(letter(tilt))))


@pytest.fixture(scope="module")
def form_read(worker: OcrWorker) -> OcrPage:
    return worker.read(png(form()))


def font_for(text: str, width: int, largest: int = 28) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The default font at the largest size at which the text fits."""
    for size in range(largest, 8, -1):
        font = ImageFont.load_default(size)
        if font.getlength(text) <= width:
            return font
    raise AssertionError("no size fits")


def letter(tilt: float) -> Image.Image:
    """Seven lines, the widest from edge to edge, turned by `tilt` degrees."""
    page = Image.new("RGB", (WIDTH, 620), "white")
    draw = ImageDraw.Draw(page)
    font = font_for(max(LINES, key=len), WIDTH - 12)
    for i, line in enumerate(LINES):
        draw.text((6, 40 + 78 * i), line, font=font, fill="black")
    return page.rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor="white")


def form() -> Image.Image:
    page = Image.new("RGB", (WIDTH, 420), "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(26)
    for i, (key, value) in enumerate(FORM):
        draw.text((60, 50 + 80 * i), key, font=font, fill="black")
        draw.text((420, 50 + 80 * i), value, font=font, fill="black")
    return page


def row() -> Image.Image:
    """One line, for those who only ask whether anything is read."""
    return form().crop((0, 0, WIDTH, 110))


def png(page: Image.Image) -> bytes:
    out = io.BytesIO()
    page.save(out, format="PNG")
    return out.getvalue()


def texts(page: OcrPage) -> list[str]:
    return [" ".join(piece.text for piece in row) for row in page.rows]


def similar(a: str, b: str) -> bool:
    return a.replace(" ", "").casefold() == b.replace(" ", "").casefold()


@pytest.mark.parametrize("tilt", [0.0, 1.3, -1.3, 3.0])
def test_every_line_of_a_tilted_page_is_read_in_order(
    read_letter: Callable[[float], OcrPage], tilt: float
) -> None:
    page = read_letter(tilt)
    assert len(page.rows) == len(LINES)
    assert all(similar(seen, line) for seen, line in zip(texts(page), LINES, strict=True)), texts(page)
    assert abs(page.tilt_deg + tilt) < 0.4


def test_letters_and_digits_are_told_apart_and_words_are_spaced(
    read_letter: Callable[[float], OcrPage],
) -> None:
    seen = texts(read_letter(1.3))
    assert seen[1] == LINES[1]
    assert seen[3] == LINES[3]


def test_a_form_keeps_its_rows_and_cells(form_read: OcrPage) -> None:
    assert [tuple(piece.text for piece in row) for row in form_read.rows] == list(FORM)


def test_a_page_upside_down_or_on_its_side_is_turned(worker: OcrWorker) -> None:
    for turn in (Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270):
        seen = texts(worker.read(png(letter(0.0).transpose(turn))))
        assert sum(similar(a, b) for a, b in zip(seen, LINES, strict=False)) >= 6, (turn, seen)


def test_a_poor_copy_is_less_certain_than_a_clean_one(worker: OcrWorker, form_read: OcrPage) -> None:
    clean = form()
    small = clean.resize((WIDTH * 3 // 10, 126)).resize(clean.size).filter(ImageFilter.GaussianBlur(1.5))
    sure, unsure = form_read.confidence, worker.read(png(small)).confidence
    assert sure is not None
    assert unsure is not None
    assert sure > 0.8 > unsure


def test_an_empty_page_has_no_rows(worker: OcrWorker) -> None:
    page = worker.read(png(Image.new("RGB", (400, 300), "white")))
    assert page.rows == ()
    assert page.confidence is None


def test_a_picture_becomes_a_document(worker: OcrWorker, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    form().convert("L").save(tmp_path / "a.jpg", quality=70)
    got = documents.read(tmp_path, "a.jpg", ocr=worker)
    page = got.pages[0]
    assert (got.format, page.number, page.ocr) == ("image", 1, True)
    assert page.tables[0].rows == FORM
    assert page.confidence_of("Valid until 2030-11-12") is not None


def test_bytes_that_are_no_picture_are_named_and_the_worker_lives_on(worker: OcrWorker) -> None:
    with pytest.raises(DocumentError) as raised:
        worker.read(b"\x89PNG\r\n\x1a\nbroken")
    assert raised.value.code == "corrupt"
    assert worker.read(png(row())).rows


def test_several_threads_take_turns(worker: OcrWorker) -> None:
    seen: list[int] = []
    threads = [
        threading.Thread(target=lambda: seen.append(len(worker.read(png(row())).rows))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1, 1, 1]


def test_a_page_that_takes_too_long_is_given_up_and_the_next_starts_anew() -> None:
    with OcrWorker(page_s=0.01) as hasty:
        with pytest.raises(DocumentError, match=r"took more than") as raised:
            hasty.read(png(form()))
        assert raised.value.code == "unreadable"
        assert not hasty.running


def test_the_worker_leaves_when_idle() -> None:
    with OcrWorker(idle_s=0.2) as short:
        assert not short.running
        short.read(png(Image.new("RGB", (64, 64), "white")))
        assert short.running
        for _ in range(100):
            if not short.running:
                break
            time.sleep(0.05)
        assert not short.running
