"""A report's outcomes as facts: measured, under the quantity's own words, linked to the report. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cohost.knowledge.extract import labels, results, standards, values
from cohost.knowledge.extract.items import absurd, make
from cohost.knowledge.extract.papers import Paper
from cohost.knowledge.extract.results import FAILED, PASSED, Outcome
from cohost.knowledge.extract.scope import Scope
from cohost.knowledge.extract.stream import Part
from cohost.trust.attributes import match_label, ontology
from cohost.trust.evidence import Evidence, Fact, Passage, Source, TestReport
from cohost.trust.quantities import amounts, same_dimension

_BY_STANDARD = {
    "60529": "water", "811": "water_column", "20811": "water_column", "11092": "breathability",
    "3744": "noise", "3741": "noise", "3743": "noise", "11201": "noise", "11203": "noise", "60704": "noise",
    "7779": "noise", "23537": "temperature", "13537": "temperature",
}  # fmt: skip
"""What a standard's test measures, by its number."""
_OF_SUBJECT = frozenset({
    "noise", "battery", "temperature", "water_column", "breathability", "weight", "range", "light",
})  # fmt: skip
"""What a row without a telling name may be taken for, from the heading, the subject or the method."""
_IP = re.compile(r"\bIP[X\d][X\d]K?\b")
_NOT_DONE = re.compile(
    r"not tested|not requested|not examined|未检测|未测|nicht geprüft|nicht beauftragt|no ensayado|non testé|"
    r"não ensaiado|non provato|niet getest|nie badano|не испыт|test edilmedi|未試験|시험하지",
    re.IGNORECASE,
)
_SURE = 0.68
_CERTAIN = 0.9
_EXACT = 0.95
_BRACKETED = re.compile(r"[(（]([^()（）]{4,80})[)）]")
_LONGEST = 5


def unit_of(value: str) -> str | None:
    return next((a.unit for a in amounts(value) if a.unit), None)


def facts(paper: Paper, scope: Scope, report: TestReport, subject: Sequence[str]) -> Iterator[Evidence]:
    """A fact for each outcome; then the rating that the report is about, where its tests were passed."""
    bound = scope.bound(source_class=report.source_class)
    rated, passed, last = False, False, None
    for part, outcome in results.of_paper(paper.parts, study=scope.kind == "study"):
        for item in _facts(outcome, part, bound, report, subject):
            rated = rated or (isinstance(item, Fact) and item.attribute == "water")
            yield item
        if PASSED.match(outcome.verdict) and not FAILED.search(outcome.verdict):
            passed, last = True, outcome
    if passed and not rated and last is not None:
        yield from _rating(paper, bound, report, subject, last)


def _facts(
    outcome: Outcome, part: Part, scope: Scope, report: TestReport, subject: Sequence[str]
) -> Iterator[Evidence]:
    """The fact of one outcome: by its IP code, by the quantity it names, else as a test."""
    if _NOT_DONE.search(f"{outcome.value} {outcome.limit}"):
        return
    source = scope.row_source(part, outcome.row)
    code = _IP.search(outcome.quantity) or _IP.search(outcome.value)
    if code:
        condition = outcome.limit if outcome.limit and not _IP.search(outcome.limit) else outcome.quantity
        good = not FAILED.search(outcome.verdict)
        reading = values.Reading("water", code.group(), None, condition, "", good)
        yield from make(reading, scope, source, "", "measured", report.id)
        return
    attribute, condition = _attribute(outcome, part, report, subject)
    readings = values.read(attribute, outcome.value, lang=source.lang) if attribute else []
    figures = [r for r in readings if _measures(r) and not absurd(r)]
    told = _joined(condition, *(b for b in outcome.beside if not results.PASSED.match(b)))
    for reading in figures:
        yield from make(reading, scope, source, told, "measured", report.id)
    if not figures:
        words = " ".join(t for t in (outcome.value, *outcome.beside, outcome.verdict) if t)
        tested = _joined(outcome.head, outcome.quantity)
        yield Fact(
            **scope.common(source), attribute="tests", value=words, condition=tested,
            basis="measured", report=report.id,
        )  # fmt: skip
        yield _in_words(outcome, part, scope, source)


def _in_words(outcome: Outcome, part: Part, scope: Scope, source: Source) -> Passage:
    """The row as it stands, to be quoted where someone asks about what no attribute covers ("lead")."""
    return Passage(
        **scope.common(source), text=outcome.row.text, heading=part.heading, attributes=("tests",)
    )  # fmt: skip


def _attribute(
    outcome: Outcome, part: Part, report: TestReport, subject: Sequence[str]
) -> tuple[str | None, str]:
    """What was measured and under which words: the label as a whole, words in it that name a quantity of
    the value's dimension, the heading, then the report's own subject and method."""
    named = f"{outcome.head} {outcome.quantity}" if outcome.head else outcome.quantity
    unit = unit_of(outcome.value)
    label = labels.read(outcome.head or outcome.quantity.rstrip(" *"))
    sure = label.score >= _CERTAIN or (label.attribute is not None and _fits(label.attribute, unit))
    if label.attribute is not None and label.score >= _SURE and sure:
        return label.attribute, _condition(outcome, label)
    inner = _words_in(named, unit)
    if inner is None:
        texts = (part.heading, *subject, report.method.id if report.method else "") if unit else ()
        found = (a for t in texts if (a := _by_standard(t, unit) or _named(t, unit)))
        inner = next((a for a in found if a in _OF_SUBJECT), None)
    inner = inner or _by_standard(part.heading, None)
    return inner, _joined(outcome.quantity, outcome.head)


def _condition(outcome: Outcome, label: labels.Label) -> str:
    """The circumstance in the label; the whole label where more than the attribute's name is in it."""
    if outcome.head:
        return _joined(outcome.quantity, label.condition)
    rest = outcome.quantity
    if label.condition and label.condition in rest:
        rest = rest.replace(label.condition, " ")
    match = match_label(rest.strip(" ,;:()（）"))
    exact = match is not None and match[0] == label.attribute and match[1] >= _EXACT
    return label.condition if exact else outcome.quantity


def _fits(attribute: str, unit: str | None) -> bool:
    """True where the value's unit, if it has one, is of the attribute's dimension."""
    return unit is None or any(same_dimension(unit, u) for u in ontology()[attribute].units)


def _words_in(text: str, unit: str | None) -> str | None:
    """The attribute that words of the text name, of the value's dimension: "Comfort temperature Tcomf"."""
    if unit is None:
        return None
    pieces = re.findall(r"[^\s,;:()（）/]+", text)
    for count in range(min(_LONGEST, len(pieces)), 0, -1):
        for start in range(len(pieces) - count + 1):
            label = labels.read(" ".join(pieces[start : start + count]))
            found = label.attribute if label.score >= _EXACT else None
            if found is not None and ontology()[found].units and _fits(found, unit):
                return found
    return None


def _named(text: str, unit: str | None) -> str | None:
    label = labels.read(re.sub(r"^[\d.\s]+", "", text)) if text and len(text) < 120 else None
    sure = label is not None and label.attribute is not None and label.score >= _SURE
    if (
        label is not None
        and sure
        and ontology()[label.attribute or ""].units
        and _fits(label.attribute or "", unit)
    ):
        return label.attribute
    return _words_in(text, unit)


def _by_standard(text: str, unit: str | None) -> str | None:
    """A table under "Water penetration (ISO 811)" measures what the standard measures."""
    for standard in standards.find(text or ""):
        digits = re.search(r"\d+", standard.id)
        attribute = _BY_STANDARD.get(digits.group()) if digits else None
        if attribute and (unit is None or (ontology()[attribute].units and _fits(attribute, unit))):
            return attribute
    return None


def _measures(reading: values.Reading) -> bool:
    """A figure, or words with one for what has a good and a bad direction ("Ret 18.6 m²·Pa/W")."""
    if isinstance(reading.value, float | tuple):
        return not isinstance(reading.value, tuple) or not isinstance(reading.value[0], str)
    directed = ontology()[reading.attribute].favourable != "none"
    return directed and bool(re.search(r"\d", str(reading.value)))


def _rating(
    paper: Paper, scope: Scope, report: TestReport, subject: Sequence[str], outcome: Outcome
) -> Iterator[Evidence]:
    """The IP code of a report whose rows only tell how it was tested; with what of the sample was tested."""
    told = [p for p in paper.parts if p.kind != "table" and _IP.search(p.text)]
    rows = [(p, r) for p in paper.parts if p.kind == "table" for r in p.rows if _IP.search(r.text)]
    texts = " ".join((*subject, *(p.text for p in told)))
    codes = dict.fromkeys(_IP.findall(texts))
    if len(codes) != 1 or not (told or rows):
        return
    source = scope.row_source(*rows[0]) if rows else scope.source(told[0].page, told[0].text, report.number)
    samples = [b for e in paper.all("product", "quantity") for b in _BRACKETED.findall(e.value)]
    only = [s for e in paper.all("product", "quantity") for s in _only(e.value)]
    reading = values.Reading("water", next(iter(codes)), None, outcome.quantity, "", True)
    yield from make(reading, scope, source, _joined(*(only or samples)), "measured", report.id)


def _only(text: str) -> list[str]:
    """ "…, earbuds only (charging case not tested), 3 pcs": the limit of what was tested."""
    pieces = re.split(r",\s*(?![^()]*\))", text)
    return [
        p.strip()
        for p in pieces
        if re.search(r"\bonly\b|\bnur\b|uniquement|sólo|solo\b|apenas|仅|のみ|만\b", p)
    ]


def _joined(*texts: str) -> str:
    return "; ".join(dict.fromkeys(t for t in texts if t))
