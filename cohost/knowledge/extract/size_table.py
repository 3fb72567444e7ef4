"""A size chart known by its shape: sizes down or across, size systems, from/to columns, groups. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from cohost.knowledge.extract.size_cells import ends_in, label_in, unit_in
from cohost.knowledge.extract.size_rows import Chart, Size, of_garment, plausible
from cohost.languages import LANGUAGES, table
from cohost.trust.evidence import SizeLabel, SizeMeasure
from cohost.trust.sizes import BODY, TABLE, measure_of, says, system_of
from cohost.trust.words import plain

Grid = Sequence[Sequence[str]]
Whose = Literal["", "body", "garment"]
MAX_HEAD_ROWS = 3
_LONG = 80
_BRACKETED = re.compile(r"[(（\[][^)）\]]*[)）\]]?")


class _Column(msgspec.Struct, frozen=True):
    role: str  # label | measure | other
    head: str
    key: str = ""  # system or measure
    unit: str | None = None
    ends_at: int | None = None  # the column of the upper end


class _Head(msgspec.Struct, frozen=True):
    depth: int
    columns: tuple[_Column, ...]

    def all(self, role: str) -> list[tuple[int, _Column]]:
        return [(i, c) for i, c in enumerate(self.columns) if c.role == role]


def read(grid: Grid, lang: str, unit: str | None = None) -> Chart | None:
    """The chart a table holds; None for any other table. `unit`: what the text around says of all values."""
    rows = [tuple(" ".join(c.split()) for c in row) for row in grid]
    width = max((len(r) for r in rows), default=0)
    rows = [r + ("",) * (width - len(r)) for r in rows]
    if len(rows) < 2 or width < 2:
        return None
    return _read(rows, range(len(rows)), lang, unit) or _across(rows, lang, unit)


def _across(rows: list[tuple[str, ...]], lang: str, unit: str | None) -> Chart | None:
    """Sizes across the head: the same chart, turned."""
    turned = list(zip(*rows, strict=True))
    chart = _read(turned, range(len(turned)), lang, unit)
    if chart is None:
        return None
    lines = tuple(range(len(rows)))
    quoted = (*lines[1:], *lines[:1])
    sizes = tuple(msgspec.structs.replace(s, lines=quoted) for s in chart.sizes)
    return Chart(sizes, chart.beside)


def _read(rows: Sequence[tuple[str, ...]], lines: range, lang: str, unit: str | None) -> Chart | None:
    sizes: list[Size] = []
    beside: list[str] = []
    head: _Head | None = None
    above: list[tuple[str, ...]] = []  # a head whose rows stand under the first title
    for group, first, section in _sections(rows, lines):
        body = [*above, *section]
        if head is not None and _goes_on(body, head, lang):
            own: _Head | None = msgspec.structs.replace(head, depth=0)
        else:
            own = _head(body, lang, unit)
        if own is None:
            above = section if head is None and len(section) <= MAX_HEAD_ROWS else []
            continue
        head = own
        sizes += _sizes(body, own, lang, group, first - len(above))
        beside += [c.head for _, c in own.all("other") if c.head]
        above = []
    one = len(sizes) == 1 and says(sizes[0].labels[0].value, "one")
    if not one and (len(sizes) < 2 or not plausible(sizes)):
        return None
    return Chart(tuple(of_garment(sizes)), tuple(dict.fromkeys(beside)))


def _goes_on(body: Sequence[tuple[str, ...]], head: _Head, lang: str) -> bool:
    """True when the rows under a title need no head of their own: the first is a size already."""
    first = next(iter(_sizes(body[:1], msgspec.structs.replace(head, depth=0), lang, "", 0)), None)
    return first is not None and bool(first.measures or len(first.labels) > 1)


def _sections(
    rows: Sequence[tuple[str, ...]], lines: range
) -> Iterator[tuple[str, int, list[tuple[str, ...]]]]:
    """(title, number of its first row, rows) of the parts between rows that hold one text only."""
    title, start = "", 0
    held: list[tuple[str, ...]] = []
    for number in lines:
        filled = {c for c in rows[number] if c}
        first = rows[number][0] in filled
        if len(filled) == 1 and first and label_in(next(iter(filled)), headed=False) is None:
            if held:
                yield title, start, held
            text = next(iter(filled))
            title, start, held = (text if len(text) <= _LONG else ""), number + 1, []
        else:
            held.append(rows[number])
    if held:
        yield title, start, held


def _head(rows: Sequence[tuple[str, ...]], lang: str, unit: str | None) -> _Head | None:
    """The reading of the head that explains most columns; None where no reading makes a chart."""
    best: tuple[int, _Head] | None = None
    for depth in range(min(MAX_HEAD_ROWS, len(rows) - 1) + 1):
        columns = _columns(rows[:depth], rows[depth:], lang, unit)
        found = _Head(depth, columns)
        labels, measures = found.all("label"), found.all("measure")
        systems = {c.key for _, c in labels}
        if not labels or not (measures or len(systems) > 1):
            continue
        if any(label_in(row[i], headed=False) for row in rows[:depth] for i, _ in labels):
            continue  # a size already
        if depth and any(ends_in(rows[depth - 1][i], c.unit, lang) for i, c in measures):
            continue  # figures already
        score = 2 * (len(labels) + len(measures) + len(found.all("upper"))) - depth
        if best is None or score > best[0]:
            best = (score, found)
    return best[1] if best else None


def _columns(
    head: Sequence[tuple[str, ...]], body: Sequence[tuple[str, ...]], lang: str, unit: str | None
) -> tuple[_Column, ...]:
    spread = [_spread(row) for row in head[:-1]] + [list(row) for row in head[-1:]]
    if len(head) > 1:
        spread[-1] = [own or above for own, above in zip(spread[-1], spread[-2], strict=True)]
    elif head and _merged_ends(head[0], body, lang):
        spread = [_spread(head[0])]
    heads = [": ".join(dict.fromkeys(p for p in parts if p)) for parts in zip(*spread, strict=True)]
    heads = heads or [""] * len(body[0])
    found = [_column(heads[i], [row[i] for row in body], lang, unit) for i in range(len(heads))]
    numeric = sum(c.role == "label" and c.key != "" for c in found) > 1
    found = [_foot(c) if numeric and c.role == "measure" and not c.key else c for c in found]
    lasts = [head[-1][i] if head else "" for i in range(len(heads))]
    return tuple(_with_ends(found, lasts, body, lang))


def _foot(column: _Column) -> _Column:
    """Under "cm" alone beside EU, UK and US sizes stands the length of the foot."""
    bare = len("".join(c for c in column.head if c.isalpha())) <= len(column.unit or "") + 1
    return msgspec.structs.replace(column, key="foot") if bare else column


def _spread(cells: Sequence[str]) -> list[str]:
    """A merged head stands over the empty cells to its right."""
    found: list[str] = []
    for text in cells:
        found.append(text or (found[-1] if found else ""))
    return found


def _merged_ends(head: Sequence[str], body: Sequence[tuple[str, ...]], lang: str) -> bool:
    """One head over two columns of rising figures: from and to."""
    for i in range(1, len(head)):
        if head[i] or not head[i - 1] or measure_of(head[i - 1], lang) is None:
            continue
        pairs = [(ends_in(r[i - 1], None, lang), ends_in(r[i], None, lang)) for r in body]
        if all(a and b and (a[0] or 0) <= (b[1] or 0) for a, b in pairs):
            return True
    return False


def _column(head: str, cells: Sequence[str], lang: str, unit: str | None) -> _Column:
    filled = [c for c in cells if c and any(ch.isalnum() for ch in c)]
    system = system_of(head) if head else None
    measure = measure_of(head, lang) if head else None
    own = unit_in(head, lang) if head else None
    if len(filled) < max(1, len(cells) * 0.3):
        return _Column("other", head)
    labels = [found for c in filled if (found := label_in(c, headed=system is not None, named=system == ""))]
    distinct = len({label for _, label in labels}) >= len(labels) * 0.9
    figures = own is not None or (measure is not None and not _lettered(filled))
    if len(labels) >= len(filled) * 0.7 and distinct and not figures:
        return _Column("label", head, system or "")
    if measure is None and own is None:
        own = _unit_of_cells(filled, lang)
        measure = "age" if own in ("year", "month") else None
    if measure is None and own is None:
        return _Column("other", head)
    used = own or (unit if measure not in ("weight", "age") else None)
    spans = [span for c in filled if (span := ends_in(c, used, lang))]
    if len(spans) < len(filled) * 0.6:
        return _Column("other", head)
    return _Column("measure", head, measure or "", used)


def _unit_of_cells(cells: Sequence[str], lang: str) -> str | None:
    """The unit that the cells name themselves, where nearly all do."""
    units = [unit for c in cells if any(ch.isdigit() for ch in c) and (unit := unit_in(c, lang))]
    return units[0] if len(units) >= len(cells) * 0.7 and len(set(units)) == 1 else None


def _lettered(cells: Sequence[str]) -> bool:
    return sum(label_in(c, headed=False) is not None for c in cells) >= len(cells) * 0.7


def _with_ends(
    columns: Sequence[_Column], lasts: Sequence[str], body: Sequence[tuple[str, ...]], lang: str
) -> list[_Column]:
    """Columns "from" and "to" of one measure become one."""
    found = list(columns)
    for i in range(len(found) - 1):
        one, two = found[i], found[i + 1]
        if one.role != "measure" or two.role != "measure" or one.key != two.key:
            continue
        if _from_to(lasts[i], lasts[i + 1]) or (lasts[i + 1] in ("", lasts[i]) and one.head == two.head):
            name = one.head.removesuffix(f": {lasts[i]}") if lasts[i] else one.head
            found[i] = msgspec.structs.replace(one, ends_at=i + 1, head=name)
            found[i + 1] = _Column("upper", two.head)
    return found


@functools.cache
def _edges(lang: str, key: str) -> frozenset[str]:
    entries = str(table(lang, TABLE).get("word", {}).get(key, ""))
    return frozenset(plain(e.strip(" *~.")) for e in entries.split(",") if e.strip())


def _from_to(one: str, two: str) -> bool:
    """ "from" and "to" in one language, alone or as the last word: "Chest min", "Chest max"."""
    bare = [plain(_BRACKETED.sub(" ", t)).strip(" .") for t in (one, two)]
    first, second = ({t, t.rsplit(" ", 1)[-1]} for t in bare)
    return any(first & _edges(lang, "from") and second & _edges(lang, "to") for lang in LANGUAGES)


def _sizes(rows: Sequence[tuple[str, ...]], head: _Head, lang: str, group: str, first: int) -> Iterator[Size]:
    for number, row in enumerate(rows[head.depth :]):
        labels = tuple(
            SizeLabel(label, system or column.key, column.head)
            for i, column in head.all("label")
            for system, label in [label_in(row[i], headed=True, named=not column.key) or ("", "")]
            if label
        )
        measures = tuple(m for i, c in head.all("measure") if (m := _measure(row, i, c, lang)) is not None)
        if labels and (measures or len(labels) > 1):
            yield Size(labels, measures, (first + head.depth + number,), group)


def _measure(row: tuple[str, ...], index: int, column: _Column, lang: str) -> SizeMeasure | None:
    ends = ends_in(row[index], column.unit, lang)
    upper = ends_in(row[column.ends_at], column.unit, lang) if column.ends_at is not None else None
    if ends is None and upper is None:
        return None
    low = ends[0] if ends else None
    high = upper[1] if column.ends_at is not None and upper else (ends[1] if ends else None)
    unit = (ends or upper or (None, None, None))[2]
    exact = low is not None and low == high
    return SizeMeasure(column.key, column.head, low, high, unit, _whose(column, unit, exact))


def _whose(column: _Column, unit: str | None, exact: bool) -> Whose:
    """Whose measure it is: as the head says; a weight told exactly, or in grams, is the product's."""
    if says(column.head, "garment"):
        return "garment"
    if column.key == "weight" and (exact or unit == "g"):
        return "garment"
    if column.key not in BODY:
        return "garment" if column.key else ""
    return "body" if says(column.head, "body") else ""
