"""CSV and TSV: which encoding, which delimiter; every line a row."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter

from cohost.errors import DocumentError
from cohost.knowledge.documents.encoding import decode
from cohost.knowledge.documents.model import Problem, Table
from cohost.knowledge.documents.reading import Reading, page_of, row_block, tidy

MAX_ROWS = 20_000
MAX_COLUMNS = 100
_DELIMITERS = ",;\t|"
_DECIMAL_COMMA = re.compile(r"\d,\d")


def read_csv(data: bytes, document: str) -> Reading:
    """One table. Raises DocumentError: encoding, empty, corrupt."""
    text = decode(data)
    try:
        lines = list(itertools.islice(csv.reader(io.StringIO(text), delimiter=delimiter(text)), MAX_ROWS + 1))
    except csv.Error as error:
        raise DocumentError("corrupt", f"not a table: {error}") from error
    rows = [tuple(tidy(cell) for cell in line[:MAX_COLUMNS]) for line in lines]
    rows = [row for row in rows if any(row)]
    if not rows:
        raise DocumentError("empty", "the table has no rows")
    problems: list[Problem] = []
    if len(lines) > MAX_ROWS or any(len(line) > MAX_COLUMNS for line in lines):
        rows = rows[:MAX_ROWS]
        message = f"only the first {MAX_ROWS} rows and {MAX_COLUMNS} columns are read"
        problems.append(Problem(code="too_large", severity="warning", document=document, message=message))
    page = page_of([row_block(row, table=0) for row in rows], [Table(rows=tuple(rows))])
    return Reading(pages=(page,), problems=tuple(problems))


def delimiter(text: str) -> str:
    """The character that divides most lines into the same number of cells."""
    sample = [line for line in text.split("\n") if line.strip()][:60]
    best = (0.0, ",")
    for mark in _DELIMITERS:
        usable = [_DECIMAL_COMMA.sub("", line) for line in sample] if mark == "," else sample
        try:
            counts = Counter(len(row) for row in csv.reader(usable, delimiter=mark) if row)
        except csv.Error:
            continue
        width, often = max(counts.items(), key=lambda pair: (pair[0] > 1, pair[1]), default=(1, 0))
        if width > 1:
            best = max(best, (often / len(sample) + 0.001 * width, mark))
    return best[1]
