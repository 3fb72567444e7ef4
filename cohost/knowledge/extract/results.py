"""Tables of results in a test report, any order of columns and any language: quantity, result, limit,
verdict. The result is the value, never the limit. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from cohost.knowledge.extract import standards
from cohost.knowledge.extract.heads import cell
from cohost.knowledge.extract.labels import read as read_label
from cohost.knowledge.extract.stream import Part, Row
from cohost.knowledge.extract.vocabulary import plain_label, section
from cohost.trust.quantities import amounts

_BOUND = re.compile(
    r"^\s*(?:[≤≥<>±⩽⩾]|max|min|up to|bis|höchst|mind|至少|不[大小超]|以[上下])", re.IGNORECASE
)
PASSED = re.compile(
    r"^\W*(?:pass(?:ed)?|p|ok|yes|ja|sí|oui|sim|tak|да|evet|是|"
    r"conform\w*|compl(?:y|ies|ied|iant)|bestanden|erfüllt|i\.? ?o\.?|cumple|"
    r"aprobad\w|conforme|aprovad\w|réussi|satisfaisant|superat\w|voldoet|geslaagd|spełnia|zgodn\w|"
    r"pozytywn\w|соответствует|выдержал\w*|geçti|uygun|مطابق|ناجح|पास|उत्तीर्ण|ผ่าน|đạt|lulus|memenuhi|"
    r"合格|符合|通过|適合|適|합격|적합)\b",
    re.IGNORECASE,
)
FAILED = re.compile(
    r"fail|not (?:pass|conform|compl)|non[- ]?(?:conform|compl)|nicht (?:bestanden|erfüllt|konform)|"
    r"durchgefallen|no cumple|no conforme|reprovad|rechazad|non conforme|échec|niet |nie spełnia|niezgodn|"
    r"negatywn|не соответ|не выдерж|uygun değil|kaldı|غير مطابق|असफल|ไม่ผ่าน|không đạt|tidak |gagal|不合格|"
    r"不符合|不适合|不適合|불합격|부적합",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\d{1,3}(?:\.\d{1,2}){0,5}\.?")
_KEYS = ("measured", "limit", "verdict", "test", "item", "clause", "unit", "condition", "index", "value")


class Outcome(msgspec.Struct, frozen=True):
    """One row: what was measured, what came out, against what. `head`: the column's own head where it
    names the quantity; `beside`: what stands in columns nobody named."""

    quantity: str
    value: str
    row: Row
    limit: str = ""
    verdict: str = ""
    head: str = ""
    beside: tuple[str, ...] = ()


def of_paper(parts: Sequence[Part], *, study: bool = False) -> Iterator[tuple[Part, Outcome]]:
    """Every outcome with the table it stands in. A table without a head goes on with the one before it,
    where a line or a page's end cut it in two."""
    open_: tuple[Row, list[tuple[Part, Row]]] | None = None
    for part in parts:
        if part.kind == "heading":
            yield from _read(open_)
            open_ = None
        if part.kind != "table":
            continue
        found = list(tables(part, study=study))
        if not found and open_ is not None and _continues(part, open_[0]):
            open_[1].extend((part, row) for row in part.rows)
            continue
        for head, body in found:
            yield from _read(open_)
            open_ = head, [(part, row) for row in body]
    yield from _read(open_)


def _read(table: tuple[Row, list[tuple[Part, Row]]] | None) -> Iterator[tuple[Part, Outcome]]:
    if table is None:
        return
    stands = {id(row): part for part, row in table[1]}
    for outcome in outcomes(table[0], [row for _, row in table[1]]):
        yield stands[id(outcome.row)], outcome


def _continues(part: Part, head: Row) -> bool:
    """Some rows end with a verdict, or have as many cells as the head."""
    return any(_verdict(r.cells[-1]) or len(r.filled) == len(head.cells) > 2 for r in part.rows if r.cells)


def tables(part: Part, *, study: bool = False) -> Iterator[tuple[Row, tuple[Row, ...]]]:
    """Each head of results in the table with the rows below it; a scan may run a form and its results
    together. A study's head may be any words over figures ("Statement | Agree | Share")."""
    starts: list[int] = []
    for n, row in enumerate(part.rows):
        if _is_head(row, part.rows[n + 1 : n + 3]) and (not starts or _exact(row) >= 2):
            starts.append(n)
    if study and not starts and _over_figures(part.rows):
        starts = [0]
    for start, end in zip(starts, [*starts[1:], len(part.rows)][: len(starts)], strict=True):
        body = part.rows[start + 1 : end]
        if body:
            yield part.rows[start], body


def _is_head(row: Row, below: Sequence[Row]) -> bool:
    """A row that names a result, a limit or a verdict beside a second column, and states no figure; or
    names a quantity over figures in its unit."""
    if len(row.filled) < 2 or not below or any(a.unit for c in row.filled[1:] for a in amounts(_bare(c))):
        return False
    keys = [_keys(c) for c in row.filled]
    telling = sum(bool({"measured", "limit", "verdict"} & set(k)) for k in keys)
    known = sum(bool(k) for k in keys)
    if telling and (known >= 2 or (telling == 1 and len(row.filled) == 2 and _figures(below, 1))):
        return _exact(row) >= 2 or not any(PASSED.match(c) for c in row.filled)
    named = [n for n, c in enumerate(row.cells) if n and c and _sure(c)]
    return bool(named) and all(_figures(below, n) for n in named) and not _sure(row.cells[0])


def _exact(row: Row) -> int:
    """Cells that are nothing but a column's name."""
    return sum(bool(set(section("column").keys_of(c)) & set(_KEYS)) for c in row.filled)


def _over_figures(rows: Sequence[Row]) -> bool:
    plain = len(rows) > 1 and len(rows[0].filled) > 1 and not re.search(r"\d", rows[0].text)
    return plain and all(re.search(r"\d", cell(r, 1)) for r in rows[1:])


def _bare(text: str) -> str:
    return re.sub(r"[(（\[].*?[)）\]]|\b(?:at|@|bei|à|a|en)\s+\d.*$", "", text)


def _keys(head: str) -> tuple[str, ...]:
    found = tuple(k for k in section("column").keys_of(head) if k in _KEYS)
    if found or len(head) > 40:
        return found
    hit = section("column").label(head, _KEYS)
    return (hit.key,) if hit and len(plain_label(head)) <= len(hit.entry) + 24 else ()


def _sure(head: str) -> bool:
    label = read_label(head)
    return label.attribute is not None and label.score >= 0.68


def _figures(rows: Sequence[Row], index: int) -> bool:
    return all(any(a.unit for a in amounts(cell(r, index))) for r in rows)


# ---------------------------------------------------------------- columns


class _Columns(msgspec.Struct, frozen=True):
    label: int
    values: tuple[int, ...]
    limit: int | None
    verdict: int | None
    unit: int | None
    beside: tuple[int, ...]


def outcomes(head: Row, body: Sequence[Row]) -> list[Outcome]:
    """The rows below a head, read column by column; a row with too few cells is set right by its verdict."""
    width = len(head.cells)
    cut = [
        r for r in body if len(r.filled) <= 2 < width - 1 and not _verdict(r.filled[-1] if r.filled else "")
    ]
    rows = [(row, _aligned(row, width)) for row in body if row.filled and row not in cut]
    columns = _columns(head.cells, [cells for _, cells in rows])
    found: list[Outcome] = []
    last = ""
    for row, cells in rows:
        label = cells[columns.label] or last
        last = label
        unit = cells[columns.unit] if columns.unit is not None else ""
        beside = tuple(cells[n] for n in columns.beside if cells[n] and not _another(cells[n]))
        limit = cells[columns.limit] if columns.limit is not None else ""
        verdict = cells[columns.verdict] if columns.verdict is not None else ""
        for index in columns.values or (None,):
            value = cells[index] if index is not None else ""
            if value and unit and not any(a.unit for a in amounts(value)):
                value = f"{value} {unit}"
            named = index is not None and not _keys(head.cells[index]) and _sure(head.cells[index])
            told = head.cells[index] if named and index is not None else ""
            found.append(Outcome(label, value, row, limit, verdict, told, beside))
    return [o for o in found if o.value or o.verdict]


def _aligned(row: Row, width: int) -> list[str]:
    cells = list(row.cells)
    if len(cells) < width and len(row.filled) == len(cells) > 1 and _verdict(cells[-1]):
        return [*cells[:-1], *[""] * (width - len(cells)), cells[-1]]
    return [*cells, *[""] * (width - len(cells))][:width] if width > 0 else cells


def _columns(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> _Columns:
    keys = [set(_keys(h)) for h in heads]
    columns = [[r[n] for r in rows if n < len(r) and r[n]] for n in range(len(heads))]
    verdict = _first(n for n in range(len(heads)) if columns[n] and _share(columns[n], _verdict) >= 0.6)
    verdict = verdict if verdict is not None else _first(
        n for n in range(1, len(heads)) if "verdict" in keys[n] and "measured" not in keys[n])  # fmt: skip
    unit = _first(n for n in range(1, len(heads)) if "unit" in keys[n])
    taken = {verdict, unit}
    measured = [n for n in range(1, len(heads)) if "measured" in keys[n] and n not in taken]
    limit = _first(n for n in range(len(heads)) if "limit" in keys[n] and n not in {*taken, *measured})
    limit = limit if limit is not None else _first(
        n for n in range(1, len(heads))
        if n not in {*taken, *measured} and columns[n] and _share(columns[n], _bounding) >= 0.6)  # fmt: skip
    named = [n for n in range(1, len(heads)) if n not in {*taken, limit, *measured} and _sure(heads[n])]
    figures = [n for n in named if _share(columns[n], _states) >= 0.6]
    valued = [n for n in range(1, len(heads)) if "value" in keys[n] and n not in {*taken, limit, *measured}]
    figures += [n for n in valued if n not in figures and _share(columns[n], _with_unit) >= 0.6]
    if figures and measured and _share([c for n in measured for c in columns[n]], _with_unit) < 0.5:
        verdict = measured[0] if verdict is None else verdict
        measured = []
    values = measured or figures or valued or _counted(columns, keys)
    remark = _first(
        n for n in range(1, len(heads)) if "condition" in keys[n] and n not in {*taken, limit, *values}
    )
    if verdict is None and remark is not None and not any(re.search(r"\d", c) for c in columns[remark]):
        verdict = remark
    free = [
        n for n in range(len(heads)) if n not in {verdict, unit, limit, *values} and "index" not in keys[n]
    ]
    label = _first(n for n in free if keys[n] & {"test", "item"} and "clause" not in keys[n])
    told = [n for n in free if _share(columns[n], _named_only) < 0.6]
    label = label if label is not None else _first(iter([*told, *free]))
    if label is None:
        label, limit = (limit, None) if limit is not None else (0, limit)
    beside = tuple(n for n in free if n != label and not keys[n] & {"clause", "limit"})
    return _Columns(label, tuple(values), limit, verdict, unit, beside)


def _first(found: Iterator[int]) -> int | None:
    return next(found, None)


def _share(cells: Sequence[str], test: object) -> float:
    assert callable(test)
    return sum(bool(test(c)) for c in cells) / len(cells) if cells else 0.0


def _verdict(text: str) -> bool:
    return len(text) <= 40 and bool(PASSED.match(text) or FAILED.search(text))


def _bounding(text: str) -> bool:
    return bool(_BOUND.match(text))


def _counted(columns: Sequence[Sequence[str]], keys: Sequence[set[str]]) -> list[int]:
    """The first column of plain counts ("26 of 32"), clauses aside."""
    found = (
        n
        for n in range(1, len(columns))
        if columns[n] and "clause" not in keys[n] and not all(_CLAUSE.fullmatch(c) for c in columns[n])
        and all(re.match(r"\d", c) for c in columns[n])
    )  # fmt: skip
    return [n for n in [_first(found)] if n is not None]


def _another(text: str) -> bool:
    """A clause's number, or the figure of another quantity: no circumstance of this one."""
    return bool(_CLAUSE.fullmatch(text)) or (text[:1] in "0123456789±≤≥<>+−-" and _with_unit(text))


def _named_only(text: str) -> bool:
    """A clause's or a standard's number, which names no quantity."""
    return bool(_CLAUSE.fullmatch(text) or any(s.id and text.startswith(s.id) for s in standards.find(text)))


def _with_unit(text: str) -> bool:
    return any(a.unit for a in amounts(text))


def _states(text: str) -> bool:
    return bool(re.search(r"\d", text)) and not _bounding(text)
