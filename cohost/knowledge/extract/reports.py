"""Test reports and studies: the head of each report; its results are facts, too. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from cohost.knowledge.extract import bodies, coverage, labels, measured, results, standards
from cohost.knowledge.extract.items import facts_of
from cohost.knowledge.extract.labelled import Entry, entries
from cohost.knowledge.extract.papers import Paper, date_of, split, without_remark
from cohost.knowledge.extract.scope import Scope, shorten
from cohost.knowledge.extract.stream import Part
from cohost.knowledge.extract.vocabulary import section
from cohost.trust.evidence import Body, Evidence, Fact, Result, Standard, TestReport
from cohost.trust.schemes import schemes, table_schemes

_ACCREDITED = re.compile(
    r"17025|accredit|akkredit|acredit|CNAS|DAkkS|UKAS|A2LA|认可|認可|認定|аккредит|akredyt|인정",
    re.IGNORECASE,
)
_SAMPLES = re.compile(
    r"(\d{1,5})\s*(?:test\s+)?(?:samples?|specimens?|proben?|prüflinge?|prüfmuster|muster|échantillons?|éprouvettes?|"
    r"muestras?|probetas?|amostras?|campion[ei]|provini|monsters?|proefstukken|prób(?:ki|ek)|образц\w+|numune|"
    r"عينات|नमून\w+|ตัวอย่าง|mẫu|sampel|個の?試料|検体|样品|시료)(?!\w)|"
    r"(?:quantity|n|anzahl|quantité|cantidad|quantidade|quantità|aantal|ilość|количество|adet|数量|수량)\s*[=:：]\s*(\d{1,5})",
    re.IGNORECASE,
)
_PIECES = re.compile(
    r"(\d{1,5})\s*(?:pcs?|pieces?|units?|sets?|stück|stk|pièces?|piezas?|unidades|peças?|pezzi|stuks|sztuk\w*|szt|шт|"
    r"adet|قطع\w*|ชิ้น|เครื่อง|cái|chiếc|buah|台|個|件|只|个|点|개|대)(?![\w])",
    re.IGNORECASE,
)
_NUMBER_OF = re.compile(r"(?:n\s*=\s*)?(\d{1,5})(?=\s*(?:$|[^\W\d_]|[,;(（]))")
_SIGNED = re.compile(
    r"(?:tested|approved|checked|signed) by|geprüft von|testé par|ensayado por|作成|担当|审核|批准|检测人",
    re.IGNORECASE,
)
_SUBJECT = ("test", "item")


def from_document(parts: Sequence[Part], scope: Scope) -> Iterator[Evidence]:
    """For each report of the document: the report item first, then a fact for each result, then what its
    head declares."""
    for paper in _reports(parts):
        products = coverage.products(paper, scope)
        bound = scope.bound(product=products[0] if len(products) == 1 else scope.product)
        models = coverage.models(paper, bound)[0]
        bound = bound.bound(models=models or scope.models)
        report = _report(paper, bound)
        told = [
            o
            for p in paper.parts
            if p.kind == "table"
            for t in results.tables(p)
            for o in results.outcomes(*t)
        ]
        rows = tuple(
            Result(f"{o.head}: {o.quantity}" if o.head else o.quantity, o.value, measured.unit_of(o.value),
                   o.limit or None, o.verdict or None)
            for o in told
        )  # fmt: skip
        yield msgspec.structs.replace(report, results=rows)
        yield from measured.facts(paper, bound, report, subject(paper))
        yield from _declared(paper, bound)


def _reports(parts: Sequence[Part]) -> list[Paper]:
    """A document's reports: one for each number of its own, else the whole document."""
    papers = split(parts)
    numbers = [_report_number(p) for p in papers]
    if len(papers) < 2 or None in numbers or len(set(numbers)) < len(numbers):
        titles = tuple(p.text for p in parts[:6] if p.kind != "table" and len(p.text) <= 160)
        return papers if len(papers) == 1 else [Paper(tuple(parts), titles, tuple(entries(parts)))]
    return papers


def subject(paper: Paper) -> tuple[str, ...]:
    """What the report is about, in its own words: the test named, its title, lines that state a rating."""
    named = [
        row.filled[1]
        for part in paper.parts
        if part.kind == "table"
        for row in part.rows
        if len(row.filled) == 2
        and (hit := section("column").label(row.filled[0], _SUBJECT))
        and hit.score >= 0.95
    ]
    return tuple(dict.fromkeys((*named, *paper.titles)))


# ---------------------------------------------------------------- the head


def _report(paper: Paper, scope: Scope) -> TestReport:
    number = _report_number(paper)
    issued, tested = date_of(paper, scope, "issued"), date_of(paper, scope, "tested")
    lab, accredited = _lab(paper, scope), _accredited(paper)
    first = paper.all("report", "number", "lab")
    entry = next((e for e in first if number and number in e.value), first[0] if first else None)
    page = entry.page if entry else paper.parts[0].page
    quote = entry.quote if entry else (paper.titles[0] if paper.titles else paper.text)
    source = scope.source(page, quote, number or (paper.titles[0] if paper.titles else None))
    common = scope.common(source) | {"source_class": source_class(lab, scope, accredited)}
    if scope.on is not None and issued and issued.latest > scope.on:
        scope.problem(
            "issued_in_future", f"report {number}: issued {issued.latest}, after {scope.on}", page.number
        )
    return TestReport(
        **common, number=number, lab=lab, accredited=accredited,
        client=paper.value("client", "holder"), sample_model=(scope.models or (None,))[0],
        sample_quantity=_quantity(paper), sample_condition=paper.value("condition"), method=_method(paper),
        conditions=_conditions(paper), tested=tested.latest if tested else None,
        issued=issued.latest if issued else None, statement=_statement(paper),
    )  # fmt: skip


def source_class(lab: Body | None, scope: Scope, accredited: bool | None) -> str:
    """A for an independent laboratory; B where the maker tested, or outside the accreditation."""
    own = lab is not None and bodies.is_brands(lab.name, scope)
    return "B" if own or accredited is False or scope.kind == "study" or lab is None else "A"


def _report_number(paper: Paper) -> str | None:
    for entry in paper.all("report", "number"):
        told = re.sub(r"^(?:No|Nr|N[º°])\s*[.:]?\s*(?=\S*\d)", "", without_remark(entry.value))
        match = re.match(r"(?=\S*\d)[A-Z0-9][\w\-./]*", told)
        if match:
            return match.group().rstrip(".,")
    return None


def _lab(paper: Paper, scope: Scope) -> Body | None:
    """The laboratory labelled so; else the letterhead; a person who signed is none."""
    given = [e for e in paper.all("lab", "body") if not _person(e)]
    name = bodies.labelled(given[0]) if given else bodies.letterhead(paper, scope)
    if not name:
        return None
    told = " ".join(e.value for e in paper.all("accreditation", "lab"))
    told = told or next((p.text for p in paper.parts[:8] if p.text and _ACCREDITED.search(p.text)), "")
    number = re.search(
        r"\b(?:No\.?|Nr\.?)?\s*((?:[A-Z]{2,}[-\s]?)?[A-Z]*\s?[A-Z\d]*\d{3,}[-\d]*)",
        re.sub(r"ISO/IEC \d+:?\d*|ISO \d+", "", told),
    )
    clean = re.split(r",\s*(?:accredit|akkredit|acredit|akredyt|\d)", name, maxsplit=1, flags=re.IGNORECASE)[
        0
    ]
    accredited = bool(paper.all("accreditation")) or bool(_ACCREDITED.search(told))
    return Body(
        bodies.without_address(without_remark(clean)),
        number.group(1).strip() if number and accredited else None,
    )


def _person(entry: Entry) -> bool:
    """ "Tested by: M. Fantasi": a signature, no laboratory."""
    return bool(_SIGNED.search(entry.label)) and not bodies.organisation(without_remark(entry.value))


def _accredited(paper: Paper) -> bool | None:
    if section("word").says(paper.text, "not_accredited"):
        return False
    told = [e.value for e in paper.all("accreditation", "lab")]
    told += [p.text for p in paper.parts[:8] if p.kind != "table"]
    return True if _ACCREDITED.search(" ".join(told)) else None


def _quantity(paper: Paper) -> int | None:
    """How many samples: the labelled number, else "3 samples", else "5 pcs" of the sample's line."""
    for entry in paper.all("quantity"):
        match = _NUMBER_OF.match(entry.value.strip())
        if match:
            return int(match.group(1))
    lines = [e.value for e in paper.all("product", "quantity", "model")]
    for pattern in (_SAMPLES, _PIECES):
        for line in lines:
            match = pattern.search(line)
            if match:
                return int(next(g for g in match.groups() if g))
    participants = re.search(r"\bn\s*=\s*(\d{1,5})\b", paper.text)
    return int(participants.group(1)) if participants else None


def _method(paper: Paper) -> Standard | None:
    for entry in paper.all("method", "standard"):
        found = standards.of_products(entry.value)
        if found:
            return found[0]
    title = " ".join(paper.titles)
    tests = [s for s in table_schemes(title) if schemes()[s].proves in ("test", "standard")]
    found = standards.of_products(title)
    if found and not (tests and found[0].edition is None):
        return found[0]
    if tests:
        edition = re.search(r"Rev(?:ision|\.)?\s?\d+(?:,?\s?Amend\.?\s?\d+)?", paper.text)
        return Standard(schemes()[tests[0]].title, edition.group() if edition else None)
    told = paper.value("method")
    return Standard(told[:80]) if told else None


def _conditions(paper: Paper) -> str | None:
    told = [r.text for p in paper.parts if p.kind == "table" and _headed(p, "conditions") for r in p.rows]
    told += [p.text for p in paper.parts if p.kind in ("paragraph", "list_item") and _headed(p, "conditions")]
    if not told:
        told = [e.value for e in paper.all("conditions")]
    return shorten("; ".join(told)) if told else None


def _statement(paper: Paper) -> str | None:
    return paper.value("conclusion") or next(
        (shorten(p.text) for p in paper.parts if p.kind == "paragraph" and _headed(p, "conclusion")), None
    )


def _headed(part: Part, key: str) -> bool:
    hit = section("field").label(part.heading) if part.heading else None
    return hit is not None and hit.key == key


# ---------------------------------------------------------------- what the head declares


def _declared(paper: Paper, scope: Scope) -> Iterator[Evidence]:
    """Ratings in the table that identifies the sample ("Watt-hour rating | 74 Wh"): declared, B."""
    bound = scope.bound(source_class="B")
    for part in paper.parts:
        if part.kind != "table" or not _identifies(part):
            continue
        results_of = {id(r) for _, body in results.tables(part) for r in body}
        for row in (r for r in part.rows if id(r) not in results_of and r.cells):
            hit = section("field").label(row.cells[0])
            label = labels.read(row.cells[0])
            if (hit and hit.score >= 0.95) or label.attribute is None or label.score < 0.7:
                continue
            for item in facts_of(
                label.attribute, row.filled[1] if len(row.filled) > 1 else "", bound,
                bound.row_source(part, row), unit=label.unit, condition=label.condition, label=row.cells[0],
            ):  # fmt: skip
                if isinstance(item, Fact) and isinstance(item.value, float | tuple):
                    yield item


def _identifies(part: Part) -> bool:
    keys = {h.key for r in part.rows if r.cells and (h := section("field").label(r.cells[0]))}
    return "report" in keys or ("lab" in keys and "model" in keys)
