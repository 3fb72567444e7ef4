"""How sizes are worded: "Size M: head circumference 55–58 cm — size chart". Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from cohost.decision.format import isolate, quantity, span, us_beside
from cohost.decision.points import Point
from cohost.decision.size_charts import for_whom
from cohost.decision.sources import told_by
from cohost.decision.values import spoken_text
from cohost.decision.wording import Wording
from cohost.trust.attributes import ontology
from cohost.trust.evidence import Fact, SizeLabel, SizeMeasure, SizeRow
from cohost.trust.sizes import measure_name, whom_name

MAX_MEASURES = 4
MAX_LISTED = 8
_BRACKETS = re.compile(r"\s*[(（\[][^)）\]]*[)）\]]\s*")


def size(point: Point, w: Wording) -> str:
    """The row of one size: its other labels, its measures."""
    fact = _facts(point)[0]
    row = _row(fact)
    asked = [s for s in point.text.split(",") if s]
    own = _named(row, point)
    others = [x for x in row.labels if x is not own and (x.system in asked if asked else True)]
    parts = [isolate(_label(x, row, w), w.at) for x in others] if asked or not point.names else []
    if point.state != "labels" and not (asked and parts):
        told = [m for m in _measures(row, point.names, w) if point.state is None or m.of != "garment"]
        parts += [_worded(m, row, w) for m in told]
    line = w.say("size.row", size=_shown(fact, own, w), measures=w.say("value.comma").join(parts))
    return _sourced(line, fact, w)


def fit(point: Point, w: Wording) -> str:
    """ "80 kg is within this", behind the figure it speaks of."""
    return w.say(f"fit.{point.state}", amount=quantity(point.number or 0.0, point.text, w.at, short=True))


def size_place(point: Point, w: Wording) -> str:
    """Where an amount lies: between two sizes, in both, below the smallest, above the largest."""
    facts = _facts(point)
    measure = point.feature or ""
    rows = [_shown(f, _row(f).labels[0], w, _of(f, measure, w)) for f in facts]
    key = "both" if point.state == "within" else point.state
    line = w.say(
        f"size.{key}",
        measure=measure_name(measure, w.at.tables),
        amount=quantity(point.number or 0.0, point.text or None, w.at, short=True),
        size=rows[0],
        lower=rows[0],
        upper=rows[-1],
    )
    return _sourced(line, facts[0], w)


def size_rule(point: Point, w: Wording) -> str:
    """The document's own rule for who lies between two sizes."""
    rule, *taken = _facts(point)
    chosen = _shown(taken[0], _row(taken[0]).labels[0], w) if taken else ""
    line = w.say(f"size.{point.state}", size=chosen)
    return _sourced(line, rule, w) if not taken else line


def size_unknown(point: Point, w: Wording) -> str:
    """A size that the chart does not list, and those it lists."""
    facts = _facts(point)
    labels = [_label(_named(_row(f), point), _row(f), w) for f in facts]
    line = w.say("size.unknown", size=isolate(point.text, w.at), sizes=_listed(labels, w))
    return _sourced(line, facts[0], w)


def sizes(point: Point, w: Wording) -> str:
    """All sizes of a chart, with one measure where that is asked."""
    facts = _facts(point)
    group = _row(facts[0]).group
    labels = [_label(_row(f).labels[0], _row(f), w) for f in facts]
    if point.names and len(facts) <= MAX_LISTED:
        values = [_of(f, point.names[0], w) for f in facts]
        names = [isolate(x, w.at) for x in labels]
        told = [f"{n} ({v})" if v else n for n, v in zip(names, values, strict=True)]
        label = measure_name(point.names[0], w.at.tables)
        text = w.say("value.comma").join(told)
        line = w.say("size.list_by", measure=label, sizes=text)
    else:
        line = w.say("size.list", sizes=_listed(labels, w))
    if group:
        line = f"{spoken_text(group, facts[0].source.lang, w.at)} · {line}"
    return _sourced(line, facts[0], w)


# ---------------------------------------------------------------- parts


def _facts(point: Point) -> list[Fact]:
    return [i for i in point.items if isinstance(i, Fact)]


def _row(fact: Fact) -> SizeRow:
    assert fact.size is not None
    return fact.size


def _sourced(line: str, fact: Fact, w: Wording) -> str:
    return w.say("line.sourced", line=line, source=told_by(fact, w.items, w.at, short=w.short))


def _named(row: SizeRow, point: Point) -> SizeLabel:
    """The label asked by, else one of the system asked about, else the chart's first."""
    mine = [x for x in row.labels if point.scheme is not None and x.system == point.scheme]
    exact = [x for x in mine if x.value == point.feature and for_whom(x) == (point.product or "")]
    return next(iter(exact or mine or row.labels))


def _label(label: SizeLabel, row: SizeRow, w: Wording) -> str:
    """ "US 7.5", and for whom where the chart has a column for each."""
    name = " ".join(x for x in (label.system, label.value) if x)
    several = sum(x.system == label.system for x in row.labels) > 1
    whom = for_whom(label) if several else ""
    return f"{name} ({whom_name(whom, w.at.tables)})" if whom else name


def _shown(fact: Fact, label: SizeLabel, w: Wording, *more: str) -> str:
    """The label; in brackets the group of the chart or the model where that tells rows apart, and more."""
    row = _row(fact)
    beside = [spoken_text(row.group, fact.source.lang, w.at)] if row.group else []
    beside += [isolate(m, w.at) for m in fact.models[:1]] if _among_models(fact, w) else []
    beside += [m for m in more if m]
    name = isolate(_label(label, row, w), w.at)
    return f"{name} ({w.say('value.comma').join(beside)})" if beside else name


def _among_models(fact: Fact, w: Wording) -> bool:
    """True when the row speaks of one of several models."""
    product = w.catalogue.product(fact.product)
    return bool(fact.models) and product is not None and len(product.models) > len(fact.models)


def _listed(labels: Sequence[str], w: Wording) -> str:
    """All of them, or the first and the last of many."""
    shown = [isolate(x, w.at) for x in dict.fromkeys(labels)]
    if len(shown) > MAX_LISTED and all(any(c.isdigit() for c in x) for x in shown):
        first, last = labels[0], labels[-1].rsplit(" ", 1)[-1]
        return isolate(f"{first}–{last}", w.at)
    return w.say("value.comma").join(shown)


def _measures(row: SizeRow, names: Sequence[str], w: Wording) -> list[SizeMeasure]:
    """The measures asked, else those known by name, a body's first."""
    if names:
        return [m for m in row.measures if m.id in names]
    known = sorted((m for m in row.measures if m.id), key=lambda m: m.of == "garment")
    return (known or list(row.measures))[:MAX_MEASURES]


def _worded(measure: SizeMeasure, row: SizeRow, w: Wording) -> str:
    """ "chest (garment) 108 cm"; whose it is only where the row has both."""
    name = measure_name(measure.id, w.at.tables) if measure.id else _own_name(measure, w)
    twice = sum(m.id == measure.id and m.unit == measure.unit for m in row.measures) > 1
    if twice and measure.of:
        name = f"{name} ({w.say(f'size.{measure.of}')})"
    return w.say("size.measure", name=name, value=_value(measure, w))


def _own_name(measure: SizeMeasure, w: Wording) -> str:
    return spoken_text(_BRACKETS.sub(" ", measure.name).strip(), "und", w.at)


def _of(fact: Fact, measure: str, w: Wording) -> str:
    told = [m for m in _row(fact).measures if m.id == measure]
    told.sort(key=lambda m: m.of == "garment")
    return _value(told[0], w) if told else ""


def _value(measure: SizeMeasure, w: Wording) -> str:
    low, high = measure.low, measure.high
    if low is None or high is None:
        end = high if low is None else low
        text = quantity(end or 0.0, measure.unit, w.at, short=True)
        return w.say("value.up_to" if low is None else "value.at_least", value=text)
    text = span(low, high, measure.unit, w.at)
    beside = us_beside(low, high, measure.unit, ontology()["size_chart"], w.at)
    return f"{text} / {beside}" if beside else text


RENDER: dict[str, Callable[[Point, Wording], str]] = {
    "size": size, "size_place": size_place, "size_rule": size_rule, "size_unknown": size_unknown,
    "sizes": sizes, "fit": fit,
}  # fmt: skip
