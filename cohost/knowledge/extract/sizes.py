"""Size charts, weights told by size, and what to take between two sizes → facts with their row. Pure.

A table known as a chart is taken out of the document's parts, so that nothing else reads it again; a
list of goods with a column of sizes gives its rows and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from cohost.knowledge.extract import binding, labels
from cohost.knowledge.extract.scope import Scope
from cohost.knowledge.extract.size_cells import UNITS, first_unit
from cohost.knowledge.extract.size_rows import Chart, Size
from cohost.knowledge.extract.size_table import read
from cohost.knowledge.extract.stream import Part, Row, sentences
from cohost.languages import base
from cohost.trust.evidence import Evidence, Fact, SizeLabel, SizeMeasure, SizeRow
from cohost.trust.quantities import amounts
from cohost.trust.sizes import is_letter, measure_of, says, system_of, tidy_label, words_in

ATTRIBUTE = "size_chart"
SILENT = frozenset({"review", "script", "glossary"})
_BACK = 3  # parts above a table that may say whose it is, and its unit
_LINE = 1500
_AFTER = 2  # parts below a chart that may still speak of it
_MEASURES = {"weight": "weight", "length": "length"}
"""Attributes told size by size in one cell → the measure."""
_LISTED = re.compile(
    r"(?P<word>[^\W\d_]{1,14}\.?\s+)?(?<![\w.,/-])(?P<label>"
    r"(?:[2-5]?X{0,4}[SL]|M)(?!\w)(?=\s?[:：=(–—-]?\s?(?:[^\W\d_]{1,10}\s)?[\d≤<~])"
    r"|\d{2}(?:/\d{2})?(?=\s?[:：=]\s?\d))\s?[:：=(–—-]?"
)


class Taken(msgspec.Struct, frozen=True):
    """What was read of sizes, and the parts that are left for everything else."""

    items: tuple[Evidence, ...]
    parts: tuple[Part, ...]


def taken(read_parts: Sequence[Part], scope: Scope) -> Taken:
    """Never fails; a document without sizes is handed back as it is."""
    if scope.kind in SILENT:
        return Taken((), tuple(read_parts))
    items: list[Evidence] = []
    kept: list[Part] = []
    bound, since = scope, _AFTER + 1
    for number, part in enumerate(read_parts):
        since += 1
        if part.kind == "table":
            place = _bound(part, read_parts[max(0, number - _BACK) : number], scope)
            chart = _chart(part, read_parts[max(0, number - _BACK) : number], place)
            if chart is not None:
                items += _rows(chart, part, place, f"{number}")
                bound, since = place, 0
                if not _of_goods(chart, part, scope):
                    continue
            told, part = _told_by_size(part, place, f"{number}")
            items += told
            if told and not part.rows:
                continue
        elif part.kind != "table":
            near = bound if since <= _AFTER else _bound(part, (), scope)
            items += _rules(part, near)
            for line in sentences(part.text) if len(part.text) < _LINE else ():
                items += _listed("", line, Row((), line), part, _named(near, [line]), f"{number}")
        kept.append(part)
    return Taken(tuple(items), tuple(kept))


# ---------------------------------------------------------------- whose chart


def _bound(part: Part, above: Sequence[Part], scope: Scope) -> Scope:
    """Bound to the product that the nearest words name: headings from the innermost, then what stands
    above, then the sheet's name."""
    texts = [*reversed(part.headings), *(p.text for p in reversed(above) if p.kind != "table")]
    return _named(scope, [*texts, part.locator or ""])


def _named(scope: Scope, texts: Sequence[str]) -> Scope:
    for text in texts:
        products = dict.fromkeys(m.product for m in binding.mentions(text, scope.catalogue))
        if len(products) == 1:
            product = next(iter(products))
            models = binding.models_in(text, scope.catalogue, product)
            every = binding.all_models(scope.catalogue, product)
            if len(models) == len(every) > 1:
                models = ()
            same = product == scope.product
            return scope.bound(product=product, models=models or (scope.models if same else ()))
    return scope


def _chart(part: Part, above: Sequence[Part], scope: Scope) -> Chart | None:
    captions = [*(p.text for p in reversed(above) if p.kind != "table"), *reversed(part.headings)]
    captions += [part.locator or "", *(r.text for r in part.rows if len(set(r.filled)) == 1)]
    lang = base(scope.lang)
    return read([row.cells for row in part.rows], lang, first_unit(captions, lang))


def _of_goods(chart: Chart, part: Part, scope: Scope) -> bool:
    """True for a list of products that has a column of sizes, or of other things asked for."""
    if any(labels.attribute_of(head) not in (None, "size", ATTRIBUTE) for head in chart.beside):
        return True
    named = {m.product for row in part.rows for m in binding.mentions(row.text, scope.catalogue)}
    return bool(chart.beside) and bool(named)


# ---------------------------------------------------------------- rows


def _rows(chart: Chart, part: Part, scope: Scope, name: str) -> Iterator[Fact]:
    for place, size in enumerate(chart.sizes):
        row = part.rows[size.lines[0]]
        near = _named(scope, [row.text, size.group]) if chart.beside or size.group else scope
        yield _fact(size, place, row, part, near, name)


def _fact(size: Size, place: int, row: Row, part: Part, scope: Scope, name: str) -> Fact:
    first = size.labels[0]
    told = SizeRow(name, place, size.labels, size.measures, size.group)
    return Fact(
        **scope.common(scope.row_source(part, row)), attribute=ATTRIBUTE, value=first.value,
        condition=" / ".join(" ".join(x for x in (label.system, label.value) if x) for label in size.labels),
        size=told,
    )  # fmt: skip


def _told_by_size(part: Part, scope: Scope, name: str) -> tuple[list[Fact], Part]:
    """ "Weight | Size S: 310 g Size M: 340 g": a fact a size; the row is not read again."""
    found: list[Fact] = []
    rest: list[Row] = []
    for row in part.rows:
        made: list[Fact] = []
        if len(row.filled) == 2:
            made = list(_listed(row.filled[0], row.filled[1], row, part, scope, name))
        found += made
        if not made:
            rest.append(row)
    if not found:
        return [], part
    return found, Part(part.kind, part.page, part.headings, part.text, tuple(rest), part.locator)


def _listed(head: str, text: str, row: Row, part: Part, scope: Scope, name: str) -> Iterator[Fact]:
    """Sizes in a line, each with its figure: "S 51–54 cm, M 55–58 cm"."""
    marks = list(_LISTED.finditer(text))
    if len(marks) < 2:
        return
    lang = base(scope.lang)
    attribute = labels.attribute_of(head) if head else None
    measure = _MEASURES.get(attribute or "") or measure_of(head, lang) or measure_of(text, lang)
    own = attribute if attribute in _MEASURES else "weight" if measure == "weight" else ATTRIBUTE
    if head and attribute not in (None, "size", *_MEASURES, ATTRIBUTE):
        return
    found: list[tuple[SizeLabel, SizeMeasure, str]] = []
    for place, match in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(text)
        told = [a for a in amounts(text[match.end() : end], lang) if a.unit in UNITS]
        word = (match["word"] or "").strip()
        system = system_of(word) if word else None
        if told and (is_letter(match["label"]) or system is not None):
            low = None if told[0].qualifier == "up_to" else told[0].low
            label = SizeLabel(tidy_label(match["label"]), system or "")
            whose: Literal["", "garment"] = "garment" if own == "weight" else ""
            called = head or text[: marks[0].start()]
            size = SizeMeasure(measure or "", called, low, told[0].high, told[0].unit, whose)
            found.append((label, size, f"{word if system is not None else ''} {match['label']}".strip()))
    if len({label.value for label, _, _ in found}) < 2 or len({size.unit for _, size, _ in found}) != 1:
        return
    for place, (label, size, condition) in enumerate(found):
        assert size.high is not None
        plain = size.high if size.low in (None, size.high) else (size.low or 0.0, size.high)
        yield Fact(
            **scope.common(scope.row_source(part, row)), attribute=own,
            value=label.value if own == ATTRIBUTE else plain,
            unit=None if own == ATTRIBUTE else size.unit, condition=condition,
            size=SizeRow(name, place, (label,), (size,)),
        )  # fmt: skip


# ---------------------------------------------------------------- between two sizes


def _rules(part: Part, scope: Scope) -> Iterator[Fact]:
    """ "Between two sizes take the larger one", in any language."""
    if not says(part.text, "between"):
        return
    for sentence in sentences(part.text):
        heard = {w.key for w in words_in(sentence) if w.kind == "word" and w.lang == base(scope.lang)}
        heard |= {w.key for w in words_in(sentence) if w.kind == "word"} if "between" not in heard else set()
        if "between" not in heard or ("larger" in heard) == ("smaller" in heard):
            continue
        source = scope.source(part.page, sentence, part.locator or part.heading)
        yield Fact(
            **scope.common(source), attribute=ATTRIBUTE, value=sentence,
            between_sizes="larger" if "larger" in heard else "smaller",
        )  # fmt: skip
