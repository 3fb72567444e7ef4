"""Points from size charts: the row of a size, where an amount lies, what to take between two. Pure.

Sizes of one system are turned into another's by the chart's own columns only. No size is recommended:
the rows are told, and the document's own rule where it has one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from cohost.common.question import NamedSize, Sizing
from cohost.decision.context import Ask
from cohost.decision.points import Plan, Point, decline
from cohost.decision.size_charts import (
    ATTRIBUTE,
    KIN,
    MAX_CHARTS,
    MAX_ROWS,
    Chart,
    asked_whom,
    by_amount,
    charts_of,
    for_whom,
    of_whom,
    row_of,
)
from cohost.decision.subject import subject_features
from cohost.trust.evidence import Fact, SizeLabel, SizeRow, in_force
from cohost.trust.fits import labelled
from cohost.trust.sizes import GENERAL, says

MEASURED = {"weight": "weight", "size": "", None: ""}
"""Attributes that a size named turns into a question about its row → the measure asked."""


def plan_sizes(ask: Ask) -> Plan | None:
    """What the size charts say of the sizes and amounts in the question; None where that is not asked, or
    no chart answers."""
    said = ask.question.sizing or Sizing()
    charts = charts_of(ask)
    if not charts or not _asked(ask, said, charts):
        return None
    mine = of_whom(charts, said)
    points = by_amount(mine, said) or _by_label(mine, said, MEASURED.get(ask.attribute, ""))
    if points is None:
        return decline("no_evidence", "no_evidence_on", "passed_on", attribute=ATTRIBUTE)
    if not points and ask.attribute == ATTRIBUTE:
        points = _overview(mine, said)
    points = [*points, *_rule(ask, charts, said, points)]
    return Plan("answer", "size_chart", tuple(points), model=ask.model, market=ask.market) if points else None


def _asked(ask: Ask, said: Sizing, charts: Sequence[Chart]) -> bool:
    if ask.attribute != ATTRIBUTE:
        return ask.attribute in MEASURED and bool(said.named)
    return bool(said.named or said.amounts or said.measures) or not _subject(ask, said, charts)


def _subject(ask: Ask, said: Sizing, charts: Sequence[Chart]) -> bool:
    """True when something else is asked for by name: "kids sizes" of a chart for nobody in particular."""
    whom = asked_whom(said)
    told = any(says(c.group, w) for c in charts for w in whom if c.group)
    return bool((whom and not told) or subject_features(ask, ATTRIBUTE))


# ---------------------------------------------------------------- a size by name


class _Meant(msgspec.Struct, frozen=True):
    """A row, the label by which it was asked for, and the measures asked that it states."""

    fact: Fact
    label: SizeLabel
    told: tuple[str, ...]


def _by_label(charts: Sequence[Chart], said: Sizing, measure: str) -> list[Point] | None:
    """The rows of the sizes named, with the measures asked; None where a row stands but what is asked of
    it does not."""
    points: list[Point] = []
    asked = said.measures or ((measure,) if measure else ())
    silent = False
    for size in said.named[:MAX_ROWS]:
        found = [m for chart in charts for m in _called(chart, size, said, asked)]
        telling = [m for m in found if m.told] if asked else found
        if telling:
            points += _of_size(telling, said)
        elif found:
            silent = True
        elif not measure and any(len(c.rows) > 1 for c in charts):
            points.append(_unknown(charts, size))
    return None if silent and not points else points


def _called(chart: Chart, size: NamedSize, said: Sizing, asked: Sequence[str]) -> list[_Meant]:
    """Rows called that; of columns for men and for women, those the viewer means."""
    found = labelled(chart.sizes, size.value, size.system or None)
    whom = asked_whom(said)
    mine = [c for c in found if not whom or for_whom(c.label) in ("", *whom)]
    return [_Meant(chart.rows[c.row], c.label, _told(chart.sizes[c.row], asked)) for c in mine or found]


def _told(row: SizeRow, asked: Sequence[str]) -> tuple[str, ...]:
    """Of the measures asked, those the row states; next of kin where it states none."""
    stated = {m.id for m in row.measures}
    exact = tuple(m for m in asked if m in stated)
    exact = tuple(m for m in exact if m not in GENERAL) or exact
    return exact or tuple(k for m in asked for k in KIN.get(m, ()) if k in stated)[:1]


def _of_size(found: Sequence[_Meant], said: Sizing) -> list[Point]:
    """A point a row: those of one chart, or one for each model of a list of goods."""
    first = found[0].fact
    best = [m for m in found if _home(m.fact) == _home(first)] if not first.models else list(found)
    several = len({m.label.name for m in best}) > 1  # 8 for men and 8 for women
    points = [
        Point(
            kind="size", items=(m.fact,), attribute=ATTRIBUTE, names=m.told, scheme=m.label.system,
            feature=m.label.value, text=",".join(said.asked), optional=n > 0 and not several,
            product=for_whom(m.label), state="labels" if several and not m.told else None,
        )
        for n, m in enumerate(best[:MAX_ROWS])
    ]  # fmt: skip
    systems = {x.system for m in best for x in row_of(m.fact).labels}
    return [*points, Point(kind="beyond")] if said.asked and not systems & set(said.asked) else points


def _home(fact: Fact) -> tuple[str, str, str]:
    return fact.source.document, row_of(fact).chart, row_of(fact).group


def _unknown(charts: Sequence[Chart], size: NamedSize) -> Point:
    """The chart has no such size: those of the column that may be meant."""
    chart = max(charts, key=lambda c: len(c.rows))
    asked = _figure(size.value)
    columns = list(dict.fromkeys(x.system for row in chart.sizes for x in row.labels))

    def far(system: str) -> float:
        told = [_figure(x.value) for row in chart.sizes for x in row.labels if x.system == system]
        near = [abs(f - asked) for f in told if f is not None and asked is not None]
        return min(near, default=0.0 if asked is None else float("inf"))

    column = size.system if size.system in columns else min(columns, key=lambda s: (far(s), columns.index(s)))
    return Point(
        kind="size_unknown", items=chart.rows, attribute=ATTRIBUTE, scheme=column,
        text=" ".join(x for x in (size.system, size.value) if x),
    )  # fmt: skip


def _figure(label: str) -> float | None:
    match = re.match(r"\d+(?:\.\d+)?", label)
    return float(match[0]) if match else None


# ---------------------------------------------------------------- all of it


def _overview(charts: Sequence[Chart], said: Sizing) -> list[Point]:
    """The sizes there are, with the measure asked or the one they are chosen by."""
    points: list[Point] = []
    for chart in charts:
        if len(chart.rows) < 2 or len(points) == MAX_CHARTS:
            continue
        asked = [m for m in said.measures if any(_told(row, (m,)) for row in chart.sizes)]
        chosen = asked[:1] or (list(chart.measures(bodily=True)[:1]) if "choose" in said.says else [])
        points.append(Point(kind="sizes", items=chart.rows, attribute=ATTRIBUTE, names=tuple(chosen)))
        if not chart.group:
            break
    return points


def _rule(ask: Ask, charts: Sequence[Chart], said: Sizing, points: Sequence[Point]) -> list[Point]:
    """What the document says to take, where the amount lies between two sizes or that is asked."""
    two = next((p for p in points if p.kind == "size_place" and len(p.items) == MAX_ROWS), None)
    if two is None and "between" not in said.says:
        return []
    rules = [f for f in ask.of(Fact) if f.between_sizes and in_force(f, ask.on)]
    if not rules:
        return []
    home = (two.items[0] if two else charts[0].rows[0]).source.document
    rule = min(rules, key=lambda f: (f.source.document != home, f.source_class, f.id))
    taken: tuple[Fact, ...] = ()
    if two is not None:
        pair = [f for f in two.items if isinstance(f, Fact)]
        taken = (pair[-1] if rule.between_sizes == "larger" else pair[0],)
    point = Point(kind="size_rule", items=(rule, *taken), attribute=ATTRIBUTE, state=rule.between_sizes)
    return [msgspec.structs.replace(point, optional=two is not None and two.state == "within")]
