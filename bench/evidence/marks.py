"""What was measured, as marks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bench.evidence.lookup import LookUp
from bench.evidence.quotes import Quoted
from bench.evidence.reading import CHARACTERS, Reading
from bench.marks import Mark, quantile

PAGES_S, LOOK_UP_MS, STANDING = 8.0, 15.0, 1.0
PLAIN = "pdfplumber text + tables"
CHROMA = "Chroma, where product, market, language"
PAGE = f"a page: of a pdf, a sheet, {CHARACTERS:,} characters of docx or html; no OCR, no embedding"
BEST = "after embedding; each question's best of three"


def _mark(
    mark: str, value: float | None, n: int, *, unit: str, target: float | None = None, about: str = "",
    better: Literal["lower", "higher"] = "lower", peer: str = "", peer_value: float | None = None,
) -> Mark:  # fmt: skip
    return Mark(
        bench="evidence", mark=mark, value=value, unit=unit, n=n, target=target, better=better, peer=peer,
        peer_value=peer_value, about=about,
    )  # fmt: skip


def reading(found: Reading) -> list[Mark]:
    """Pages a second of all files by the clock and by the processor; of pdfs beside pdfplumber."""
    files = found.files
    pdfs = [f for f in files if f.peer_s is not None]
    pages, of_pdf = sum(f.pages for f in files), sum(f.pages for f in pdfs)
    about = f"{PAGE}; {len(files)} files, {found.left_out} need OCR or cannot be read"
    return [
        _mark(
            "parse_extract", _rate(pages, sum(f.took_s for f in files)), pages, unit="pages/s",
            better="higher", target=PAGES_S, about=about,
        ),
        _mark(
            "parse_extract, cpu", _rate(pages, sum(f.cpu_s for f in files)), pages, unit="pages/s",
            better="higher", about="pages a second of processor",
        ),
        _mark(
            "parse_extract, pdf", _rate(of_pdf, sum(f.took_s for f in pdfs)), of_pdf, unit="pages/s",
            better="higher", peer=PLAIN, peer_value=_rate(of_pdf, sum(f.peer_s or 0.0 for f in pdfs)),
            about="made evidence by ours alone",
        ),
    ]  # fmt: skip


def looking_up(found: Sequence[LookUp], passages: int) -> list[Mark]:
    """How long a look-up takes, filters included; and without a product, over everything."""
    ours, peer = [f.ours for f in found], [f.peer for f in found]
    n = len(found)
    return [
        _mark(
            "retrieval p95", quantile(ours, 0.95), n, unit="ms", target=LOOK_UP_MS, peer=CHROMA,
            peer_value=quantile(peer, 0.95), about=f"{passages:,} passages; {BEST}",
        ),
        _mark(
            "retrieval p50", quantile(ours, 0.5), n, unit="ms", peer=CHROMA, peer_value=quantile(peer, 0.5)
        ),
        _mark(
            "retrieval p95, all", quantile([f.unfiltered for f in found], 0.95), n, unit="ms",
            about="no product in view: every passage",
        ),
    ]  # fmt: skip


def quoting(read: Quoted, scanned: Quoted | None) -> list[Mark]:
    """Quotes that stand on their page; of scans on the text they were printed from."""
    scans = scanned or Quoted(0, 0)
    return [
        _mark(
            "quotes", _rate(read.stand, read.told), read.told, unit="share", better="higher",
            target=STANDING, about="on that page, by a second reader of the file",
        ),
        _mark(
            "quotes, scans", _rate(scans.stand, scans.told), scans.told, unit="share", better="higher",
            about="read by OCR, on the text they were printed from" if scanned
            else "needs the texts that the scans were printed from",
        ),
        _mark(
            "quotes, undecided", read.undecided + scans.undecided,
            read.told + read.undecided + scans.told + scans.undecided, unit="quotes",
            about="neither reader can tell",
        ),
    ]  # fmt: skip


def judging(checks_ms: Sequence[float], answers_s: Sequence[float]) -> list[Mark]:
    """A sentence's check; questions a second from their evidence to a checked reply."""
    n = len(checks_ms)
    return [
        _mark(
            "guard mean", _rate(sum(checks_ms), n), n, unit="ms", about="a sentence and what it cites"
        ),
        _mark("guard p95", quantile(checks_ms, 0.95), n, unit="ms"),
        _mark(
            "ask", _rate(len(answers_s), sum(answers_s)), len(answers_s), unit="1/s", better="higher",
            about="plan, compose and guard, no models",
        ),
    ]  # fmt: skip


def _rate(many: float, whole: float) -> float | None:
    """None of nothing."""
    return many / whole if whole else None
