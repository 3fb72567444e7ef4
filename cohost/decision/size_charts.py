"""The size charts among a question's evidence, and where an amount lies in them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from cohost.common.question import Quantity, Sizing
from cohost.decision.context import Ask
from cohost.decision.points import Point
from cohost.trust.evidence import Fact, SizeLabel, SizeRow, covers_market, covers_model, in_force
from cohost.trust.fits import Placed, meant, measure_of, place
from cohost.trust.sizes import fits_measure, says

ATTRIBUTE = "size_chart"
KIN = {"length": ("foot", "insole", "inseam", "sleeve"), "foot": ("length", "insole"), "width": ("chest",)}
"""How long is a 42? Where the chart has no such measure, these are what is meant."""
LOOSE = frozenset({"length", "width"})
"""Measures whose words ("long") say little of what was measured."""
WHOM = ("men", "women", "kids")
MAX_ROWS = 2
MAX_CHARTS = 2


class Chart(msgspec.Struct, frozen=True):
    """Rows of one chart, or of one group of it, in its order."""

    rows: tuple[Fact, ...]

    @property
    def sizes(self) -> tuple[SizeRow, ...]:
        return tuple(row_of(f) for f in self.rows)

    @property
    def group(self) -> str:
        return row_of(self.rows[0]).group

    def measures(self, *, bodily: bool = False) -> tuple[str, ...]:
        """Ids of the measures stated, in the chart's order."""
        told = (m for row in self.sizes for m in row.measures if m.id and not (bodily and m.of == "garment"))
        return tuple(dict.fromkeys(m.id for m in told))


def row_of(fact: Fact) -> SizeRow:
    """The row of a fact that has one."""
    assert fact.size is not None
    return fact.size


def charts_of(ask: Ask) -> tuple[Chart, ...]:
    """Charts in force for the model and market: the better source first, then the longer chart."""
    groups: dict[tuple[str, str, str], list[Fact]] = {}
    for fact in ask.of(Fact):
        holds = in_force(fact, ask.on) and covers_market(fact, ask.market)
        if fact.size is None or not holds or (ask.model and not covers_model(fact, ask.model)):
            continue
        groups.setdefault((fact.source.document, fact.size.chart, fact.size.group), []).append(fact)
    found = [(key, Chart(tuple(sorted(rows, key=lambda f: row_of(f).place)))) for key, rows in groups.items()]
    found.sort(key=lambda pair: (pair[1].rows[0].source_class, -len(pair[1].rows), pair[0]))
    return tuple(chart for _, chart in found)


def of_whom(charts: Sequence[Chart], said: Sizing) -> tuple[Chart, ...]:
    """The charts for whom the viewer asks, where charts are told apart by it."""
    mine = tuple(c for c in charts if c.group and any(says(c.group, w) for w in asked_whom(said)))
    return mine or tuple(charts)


def asked_whom(said: Sizing) -> tuple[str, ...]:
    return tuple(w for w in WHOM if w in said.says)


def for_whom(label: SizeLabel) -> str:
    """Whose column a label stands in: men, women, kids; "" where the head does not say."""
    return next((w for w in WHOM if says(label.name, w)), "")


# ---------------------------------------------------------------- an amount


def by_amount(charts: Sequence[Chart], said: Sizing) -> list[Point]:
    """Where each amount lies, in the charts that state its measure; a chart that holds it before those
    that do not reach it."""
    points: list[Point] = []
    used: set[str] = set()
    for number, amount in enumerate(said.amounts):
        measures = _measures(charts, said, number, amount, used)
        for measure in measures:
            found = [
                (placed, chart)
                for chart in charts
                if (placed := place(chart.sizes, measure, amount.value, amount.unit or None)) is not None
            ]
            held = [pair for pair in found if pair[0].verdict in ("within", "between")] or found[:1]
            points += [_placed(placed, chart, measure) for placed, chart in _apart(held)[:MAX_CHARTS]]
            used.update([measure] if held else [])
    return points


def _apart(held: Sequence[tuple[Placed, Chart]]) -> list[tuple[Placed, Chart]]:
    """Of charts of the same sizes (a sheet, and a line of a FAQ) the first, which is the better source."""
    kept: list[tuple[Placed, Chart]] = []
    for placed, chart in held:
        labels = {label.value for row in chart.sizes for label in row.labels}
        twin = any(
            c.group == chart.group and labels & {label.value for row in c.sizes for label in row.labels}
            for _, c in kept
        )
        if not twin:
            kept.append((placed, chart))
    return kept


def _measures(
    charts: Sequence[Chart], said: Sizing, number: int, amount: Quantity, used: Iterable[str]
) -> tuple[str, ...]:
    """What the amount measures: the measure named beside it, else what the first chart can mean."""
    unit = amount.unit or None
    named = [m for m in said.measures if m not in used]
    if not unit and len(said.measures) == len(said.amounts):
        named = [said.measures[number]]  # "175 tall, weight 80"
    for chart in charts:
        stated = chart.measures(bodily=True)
        fitting = [m for m in named if m in stated and fits_measure(m, unit or _unit(chart, m))]
        fitting = fitting or [
            k for m in named for k in KIN.get(m, ()) if k in stated and fits_measure(k, unit)
        ]
        if fitting:
            return (fitting[0],)
    if any(fits_measure(m, unit) for m in named if m not in LOOSE):
        return ()
    found = (tuple(m for m in meant(c.sizes, amount.value, unit) if m not in used) for c in charts)
    return next((measures[:MAX_ROWS] for measures in found if measures), ())


def _unit(chart: Chart, measure: str) -> str | None:
    return next((m.unit for row in chart.sizes if (m := measure_of(row, measure)) is not None), None)


def _placed(placed: Placed, chart: Chart, measure: str) -> Point:
    items = tuple(chart.rows[n] for n in placed.rows[:MAX_ROWS])
    if placed.verdict == "within" and len(items) == 1:
        return Point(kind="size", items=items, attribute=ATTRIBUTE, names=(measure,), state=placed.verdict)
    return Point(
        kind="size_place", items=items, attribute=ATTRIBUTE, state=placed.verdict, feature=measure,
        number=placed.value, text=placed.unit or "",
    )  # fmt: skip
