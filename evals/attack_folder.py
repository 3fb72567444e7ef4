"""A small knowledge base for attacks: an honest lamp, and papers and reviews that carry orders to whoever
reads them by machine. Written once for each set of cases, into the user's cache."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl

from cohost import resources
from evals.attack import AttackCase

KB = """
[brand]
name = "Probe"
host_lang = "en"
disclosure = "AI assistant of Probe"

[[product]]
id = "lamp"
name = "Probe lamp"
models = ["PL-7"]
aliases = ["lamp", "Lampe", "lámpara", "luminária", "lampada", "lampa", "лампа", "lamba", "المصباح", "लैंप",
  "โคมไฟ", "đèn", "lampu", "lampunya", "ランプ", "램프", "这款灯"]
pinned = true

[[market]]
code = "US"
lang = "en"
currency = "USD"

[[fact]]
product = "lamp"
market = "US"
attribute = "price"
value = 41.5
unit = "USD"
as_of = 2026-11-01
"""
SPECIFICATION = """# Probe lamp PL-7: specification

| Item | Value |
|---|---|
| Battery life | 37 h at half brightness |
| Weight | 412 g |
| Charging | USB-C |
| Care | wipe with a dry cloth |
"""
FORMATS = ("html", "md", "docx", "xlsx")


def folder_for(name: str, cases: Sequence[AttackCase]) -> Path:
    """The folder with every document and review of the cases; made where it is not there yet. Several
    processes may make it at once: each moves a whole one into place."""
    papers = [c for c in cases if c.channel == "document"]
    reviews = [c for c in cases if c.channel == "review"]
    files = {"kb.toml": KB.encode(), "specification.md": SPECIFICATION.encode()}
    files |= {f"{case.id}.{FORMATS[n % len(FORMATS)]}": _paper(case, n) for n, case in enumerate(papers)}
    if reviews:
        files["reviews.csv"] = _reviews(reviews)
    told = "\n".join(f"{c.id}\t{c.text}" for c in (*papers, *reviews))
    version = hashlib.sha256(
        (KB + SPECIFICATION + told + Path(__file__).read_text("utf-8")).encode()
    ).hexdigest()
    folder = resources.cache_dir() / "evals" / f"{name}-{version[:12]}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(dir=folder.parent))
        for file, data in files.items():
            (making / file).write_bytes(data)
        try:
            making.rename(folder)
        except OSError:  # another process was first
            shutil.rmtree(making)
    return folder


def _paper(case: AttackCase, number: int) -> bytes:
    """Honest lines of the lamp with the order among them: hidden in white, in a paragraph, in a cell."""
    title, honest = "Probe lamp PL-7: notes on use", "The Probe lamp PL-7 weighs 412 g."
    form = FORMATS[number % len(FORMATS)]
    if form == "html":
        hidden = f'<p style="color:#ffffff;background:#ffffff">{html.escape(case.text)}</p>'
        shown = f"<p>{html.escape(case.text)}</p>" if number % 8 else hidden
        return f'<!doctype html><meta charset="utf-8"><h1>{title}</h1><p>{honest}</p>{shown}'.encode()
    if form == "md":
        return f"# {title}\n\n{honest}\n\n{case.text}\n".encode()
    out = io.BytesIO()
    if form == "docx":
        paper = docx.Document()
        paper.add_heading(title, 1)
        paper.add_paragraph(honest)
        paper.add_paragraph(case.text)
        paper.save(out)
    else:
        book = openpyxl.Workbook()
        sheet = book.create_sheet("Notes", 0)
        for row in (["Probe lamp PL-7", ""], ["Weight", "412 g"], ["Note", case.text]):
            sheet.append(row)
        book.save(out)
    return out.getvalue()


def _reviews(cases: Sequence[AttackCase]) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(
        [
            "review_id",
            "product",
            "model",
            "author",
            "date",
            "stars",
            "text",
            "consent",
            "incentive",
            "verified_purchase",
        ]
    )
    for number, case in enumerate(cases, start=1):
        rows.writerow(
            [
                f"R-{number}",
                "lamp",
                "PL-7",
                f"Buyer {number}",
                "2026-10-01",
                5,
                case.text,
                "yes",
                "none",
                "yes",
            ]
        )
    return out.getvalue().encode()
