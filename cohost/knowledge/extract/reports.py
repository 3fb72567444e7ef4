"""Test reports and studies: head, conditions, every result row; results are facts, too. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from cohost.knowledge.extract import binding, labels, standards, values
from cohost.knowledge.extract.certificates import stating
from cohost.knowledge.extract.facts import absurd, facts_of, make
from cohost.knowledge.extract.papers import Paper, date_of, entries, split, without_remark
from cohost.knowledge.extract.scope import Scope, shorten
from cohost.knowledge.extract.stream import Part
from cohost.knowledge.extract.tables import Layout, Line, cell, layout
from cohost.knowledge.extract.vocabulary import section
from cohost.trust import words
from cohost.trust.attributes import ontology
from cohost.trust.evidence import Body, Evidence, Fact, Result, Standard, TestReport
from cohost.trust.quantities import amounts
from cohost.trust.schemes import table_schemes, schemes

_BY_STANDARD = {"60529": "water", "811": "water_column", "20811": "water_column", "11092": "breathability",
                "3744": "noise", "11201": "noise", "60704": "noise"}  # fmt: skip
_IP = re.compile(r"\bIP[X\d][X\d]K?\b")
_NOT_DONE = re.compile(
    r"not tested|not requested|not examined|未检测|未测|nicht geprüft|no ensayado|non testé|não ensaiado",
    re.IGNORECASE,
)
_FAILED = re.compile(r"fail|nicht bestanden|不合格|不符合|no cumple|non conforme|reprovad", re.IGNORECASE)
_SURE = 0.68
_NUMBER_OF = re.compile(r"(?:n\s*=\s*)?(\d{1,5})")
_ACCREDITED = re.compile(
    r"17025|accredit|akkredit|acredit|CNAS|DAkkS|UKAS|A2LA|认可|認定|аккредит", re.IGNORECASE
)


def from_document(parts: Sequence[Part], scope: Scope) -> Iterator[Evidence]:
    """The report item first, then a fact for each result, then what its head declares."""
    papers = split(parts)
    whole = papers[0] if len(papers) == 1 else _whole(parts)
    models = _models(whole, scope)
    bound = scope.bound(models=models or scope.models)
    report = _report(whole, bound)
    results: list[Result] = []
    facts: list[Evidence] = []
    for part in parts:
        if part.kind == "table":
            rows, told = _results(part, bound, report)
            results += rows
            facts += told
    yield _with(report, results)
    yield from facts
    yield from _declared(whole, parts, bound)


def _whole(parts: Sequence[Part]) -> Paper:
    titles = tuple(p.text for p in parts[:6] if p.kind != "table" and len(p.text) <= 160)
    return Paper(tuple(parts), titles, tuple(entries(parts)))


def _with(report: TestReport, results: Sequence[Result]) -> TestReport:
    return msgspec.structs.replace(report, results=tuple(results))


# ---------------------------------------------------------------- the head


def _report(paper: Paper, scope: Scope) -> TestReport:
    number = _report_number(paper)
    issued, tested = date_of(paper, scope, "issued"), date_of(paper, scope, "tested")
    first = paper.all("report", "number", "lab")
    accredited = _accredited(paper)
    entry = first[0] if first else None
    page = entry.page if entry else paper.parts[0].page
    quote = entry.quote if entry else (paper.titles[0] if paper.titles else paper.text)
    source = scope.source(page, quote, number or (paper.titles[0] if paper.titles else None))
    common = scope.common(source) | {"source_class": source_class(paper, scope, accredited)}
    if scope.on is not None and issued and issued.latest > scope.on:
        scope.problem(
            "issued_in_future", f"report {number}: issued {issued.latest}, after {scope.on}", page.number
        )
    return TestReport(
        **common, number=number, lab=_lab(paper), accredited=accredited,
        client=paper.value("client", "holder"), sample_model=(scope.models or (None,))[0],
        sample_quantity=_quantity(paper), sample_condition=paper.value("condition"), method=_method(paper),
        conditions=_conditions(paper), tested=tested.latest if tested else None,
        issued=issued.latest if issued else None, statement=_statement(paper),
    )  # fmt: skip


def source_class(paper: Paper, scope: Scope, accredited: bool | None) -> str:
    """A for an independent laboratory; B where the maker tested, or outside the accreditation."""
    lab = paper.value("lab") or ""
    brand = words.plain(scope.catalogue.brand.legal_name or scope.catalogue.brand.name)
    own = bool(brand) and brand[:20] in words.plain(lab)
    if own or accredited is False or scope.kind == "study" or not lab:
        return "B"
    return "A"


def _report_number(paper: Paper) -> str | None:
    for entry in paper.all("report", "number"):
        match = re.match(r"(?=\S*\d)[A-Z0-9][\w\-./]*", without_remark(entry.value))
        if match:
            return match.group().rstrip(".,")
    return None


def _lab(paper: Paper) -> Body | None:
    name = paper.value("lab", "body")
    if not name:
        return None
    told = " ".join(e.value for e in paper.all("accreditation", "lab"))
    number = re.search(
        r"\b(?:No\.?|Nr\.?)?\s*((?:[A-Z]{2,}[-\s]?)?[A-Z]*\s?[A-Z\d]*\d{3,}[-\d]*)",
        re.sub(r"ISO/IEC \d+:?\d*|ISO \d+", "", told),
    )
    clean = re.split(r",\s*(?:accredit|akkredit|acredit|\d)", name, maxsplit=1, flags=re.IGNORECASE)[0]
    return Body(
        without_remark(clean), number.group(1).strip() if number and paper.all("accreditation") else None
    )


def _accredited(paper: Paper) -> bool | None:
    if section("word").says(paper.text, "not_accredited"):
        return False
    told = " ".join(e.value for e in paper.all("accreditation", "lab"))
    return True if _ACCREDITED.search(told) else None


def _quantity(paper: Paper) -> int | None:
    for entry in paper.all("quantity"):
        match = _NUMBER_OF.match(entry.value.strip())
        if match:
            return int(match.group(1))
    participants = re.search(r"\bn\s*=\s*(\d{1,5})\b", paper.text)
    return int(participants.group(1)) if participants else None


def _method(paper: Paper) -> Standard | None:
    for entry in paper.all("method", "standard"):
        found = standards.find(entry.value)
        if found:
            return found[0]
    title = " ".join(paper.titles)
    tests = [s for s in table_schemes(title) if schemes()[s].proves in ("test", "standard")]
    found = standards.find(title)
    if found and not (tests and found[0].edition is None):
        return found[0]
    if tests:
        edition = re.search(r"Rev(?:ision|\.)?\s?\d+(?:,?\s?Amend\.?\s?\d+)?", paper.text)
        return Standard(schemes()[tests[0]].title, edition.group() if edition else None)
    told = paper.value("method")
    return Standard(told[:80]) if told else None


def _conditions(paper: Paper) -> str | None:
    told = [r.text for p in paper.parts if p.kind == "table" and _of_conditions(p) for r in p.rows]
    told += [p.text for p in paper.parts if p.kind in ("paragraph", "list_item") and _of_conditions(p)]
    if not told:
        told = [e.value for e in paper.all("conditions")]
    return shorten("; ".join(told)) if told else None


def _of_conditions(part: Part) -> bool:
    hit = section("field").label(part.heading) if part.heading else None
    return hit is not None and hit.key == "conditions"


def _statement(paper: Paper) -> str | None:
    return paper.value("conclusion") or next(
        (shorten(p.text) for p in paper.parts if p.kind == "paragraph" and _headed(p, "conclusion")), None
    )


def _headed(part: Part, key: str) -> bool:
    hit = section("field").label(part.heading) if part.heading else None
    return hit is not None and hit.key == key


def _models(paper: Paper, scope: Scope) -> tuple[str, ...]:
    for entry in stating(paper, scope):
        found = binding.stated_models(entry.value, scope.catalogue)
        if found:
            return found
    for entry in paper.all("product"):
        worded = binding.worded_models(entry.value, scope.catalogue)
        found = binding.models_in(entry.value, scope.catalogue) or worded
        if found:
            return found
    return binding.models_in(" ".join(paper.titles), scope.catalogue)


# ---------------------------------------------------------------- results


def _results(part: Part, scope: Scope, report: TestReport) -> tuple[list[Result], list[Evidence]]:
    """Rows of a table that has a measured or verdict column."""
    table = layout(part, scope.catalogue)
    if table.across and not table.first("market"):
        return _results_across(part, table, scope, report)
    label, measured = table.first("label"), table.first("measured", "value")
    verdict = table.first("verdict") or table.first("condition")
    told = table.first("measured") or table.first("verdict") or scope.kind == "study"
    if not table.headed or label is None or not told:
        return [], []
    limit = table.first("limit")
    rows: list[Result] = []
    facts: list[Evidence] = []
    for line in table.lines:
        name = cell(line.row, label.index)
        value = cell(line.row, measured.index) if measured else ""
        limits = cell(line.row, limit.index) if limit else None
        said = cell(line.row, verdict.index) if verdict else None
        rows.append(Result(name, value, _unit(value), limits or None, said or None))
        facts += _facts(line, part, scope, report, Result(name, value, None, limits, said), table)
    return rows, facts


def _results_across(
    part: Part, table: Layout, scope: Scope, report: TestReport
) -> tuple[list[Result], list[Evidence]]:
    """Quantities in the head, specimens down: "Specimen | Water column | Pressure | Limit | Result"."""
    rows: list[Result] = []
    facts: list[Evidence] = []
    for line in table.lines:
        specimen = cell(line.row, 0)
        source = scope.row_source(part, line.row)
        bound = scope.bound(source_class=report.source_class)
        for column in table.columns[1:]:
            if column.attribute is None:
                continue
            value = cell(line.row, column.index)
            rows.append(Result(f"{column.head}: {specimen}", value, _unit(value)))
            facts += facts_of(
                column.attribute, value, bound, source, condition=specimen, basis="measured", report=report.id
            )
    return rows, facts


def _unit(value: str) -> str | None:
    return next((a.unit for a in amounts(value) if a.unit), None)


def _facts(
    line: Line, part: Part, scope: Scope, report: TestReport, row: Result, table: Layout
) -> Iterator[Evidence]:
    """The fact of one result row: by its IP code, by the quantity its label names, else as a test."""
    limit, verdict = row.limit or "", row.verdict or ""
    if _NOT_DONE.search(f"{row.value} {limit}") or not (row.value or verdict):
        return
    bound = scope.bound(source_class=report.source_class)
    source = scope.row_source(part, line.row)
    code = _IP.search(row.quantity) or _IP.search(row.value)
    if code:
        condition = limit if limit and not _IP.search(limit) else row.quantity
        reading = values.Reading("water", code.group(), None, condition, "", not _FAILED.search(verdict))
        yield from make(reading, bound, source, "", "measured", report.id)
        return
    label = labels.read(row.quantity.rstrip(" *"))
    attribute = (label.attribute if label.score >= _SURE else None) or _by_heading(part)
    readings = values.read(attribute, row.value, lang=source.lang) if attribute else []
    figures = [r for r in readings if _measures(r) and not absurd(r)]
    told = _joined(label.condition if label.attribute else row.quantity, *_others(line, table))
    for reading in figures:
        yield from make(reading, bound, source, told, "measured", report.id)
    if not figures:
        words_of = " ".join(t for t in (row.value, *_others(line, table), verdict) if t)
        yield Fact(
            **bound.common(source), attribute="tests", value=words_of, condition=row.quantity,
            basis="measured", report=report.id,
        )  # fmt: skip


def _measures(reading: values.Reading) -> bool:
    """A figure, or words with one for what has a good and a bad direction ("Ret 18.6 m²·Pa/W")."""
    if isinstance(reading.value, float | tuple):
        return not isinstance(reading.value, tuple) or not isinstance(reading.value[0], str)
    directed = ontology()[reading.attribute].favourable != "none"
    return directed and bool(re.search(r"\d", str(reading.value)))


def _others(line: Line, table: Layout) -> list[str]:
    """What stands in columns nobody named: "after 28 days", "81 %"."""
    verdict = table.first("verdict") or table.first("condition")
    free = [c for c in table.all("other", "condition") if c is not verdict]
    return [t for c in free if (t := cell(line.row, c.index))]


def _joined(*texts: str) -> str:
    return "; ".join(dict.fromkeys(t for t in texts if t))


def _by_heading(part: Part) -> str | None:
    """A table under "Water penetration (ISO 811)" measures what the standard measures."""
    for standard in standards.find(part.heading):
        digits = re.search(r"\d+", standard.id)
        if digits and digits.group() in _BY_STANDARD:
            return _BY_STANDARD[digits.group()]
    return None


# ---------------------------------------------------------------- what the head declares


def _declared(paper: Paper, parts: Sequence[Part], scope: Scope) -> Iterator[Evidence]:
    """Ratings in the table that identifies the sample ("Watt-hour rating | 74 Wh"): declared, B."""
    bound = scope.bound(source_class="B")
    for part in parts:
        if part.kind != "table" or not _identifies(part):
            continue
        for row in part.rows:
            hit = section("field").label(row.cells[0])
            label = labels.read(row.cells[0])
            if (
                (hit and hit.score >= 0.95)
                or label.attribute is None
                or label.score < 0.7
                or len(row.filled) < 2
            ):
                continue
            for item in facts_of(
                label.attribute, row.filled[1], bound, bound.row_source(part, row), unit=label.unit,
                condition=label.condition, label=row.cells[0],
            ):  # fmt: skip
                if isinstance(item, Fact) and isinstance(item.value, float | tuple):
                    yield item


def _identifies(part: Part) -> bool:
    keys = {h.key for r in part.rows if r.cells and (h := section("field").label(r.cells[0]))}
    return "report" in keys or ("lab" in keys and "model" in keys)
