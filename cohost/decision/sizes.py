"""Points from size charts: the row of a size, where an amount lies, what to take between two. Pure.

Sizes of one system are turned into another's by the chart's own columns only. No size is recommended:
the rows are told, and the document's own rule where it has one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from cohost.common.question import NamedSize, Quantity, Sizing
from cohost.decision.context import Ask
from cohost.decision.points import Plan, Point, decline
from cohost.decision.subject import subject_features
from cohost.trust.evidence import Fact, SizeRow, covers_market, covers_model, in_force
from cohost.trust.fits import Placed, labelled, meant, measure_of, place
from cohost.trust.sizes import GENERAL, fits_measure, says

ATTRIBUTE = "size_chart"
MEASURED = {"weight": "weight", "size": "", "length": "length", None: ""}
"""Attributes that a size named turns into a question about its row → the measure asked."""
KIN = {"length": ("foot", "insole", "inseam", "sleeve"), "foot": ("length", "insole"), "width": ("chest",)}
"""How long is a 42? Where the chart has no such measure, these are what is meant."""
LOOSE = frozenset({"length", "width"})
"""Measures whose words ("long") say little of what was measured."""
WHOM = ("men", "women", "kids")
MAX_ROWS = 2
MAX_CHARTS = 2


def plan_sizes(ask: Ask) -> Plan | None:
    """What the size charts say of the sizes and amounts in the question; None where that is not asked, or
    no chart answers."""
    said = ask.question.sizing or Sizing()
    rows = _rows(ask)
    if not rows or not _asked(ask, said):
        return None
    points = _by_amount(rows, said) or _by_label(rows, said, MEASURED.get(ask.attribute, ""))
    if points is None:
        return decline("no_evidence", "no_evidence_on", "passed_on", attribute=ATTRIBUTE)
    if not points and ask.attribute == ATTRIBUTE:
        points = _overview(rows, said)
    points += _rule(ask, rows, said, points)
    return Plan("answer", "size_chart", tuple(points), model=ask.model, market=ask.market) if points else None


def _asked(ask: Ask, said: Sizing) -> bool:
    if ask.attribute == ATTRIBUTE:
        told = said.named or said.amounts or said.measures
        return bool(told or ({"size", "choose", "between"} & set(said.says) and not _subject(ask, said)))
    return ask.attribute in MEASURED and bool(said.named)


def _subject(ask: Ask, said: Sizing) -> bool:
    """True when something else is asked for by name: "kids sizes" of a chart for nobody in particular."""
    whom = [w for w in WHOM if w in said.says]
    told = any(says(_row(f).group, w) for f in _rows(ask) for w in whom if _row(f).group)
    return bool((whom and not told) or subject_features(ask, ATTRIBUTE))


def _rows(ask: Ask) -> list[Fact]:
    """Rows in force for the model and market, charts before lists of goods, in the chart's order."""
    found = [
        f for f in ask.of(Fact)
        if f.size is not None and in_force(f, ask.on) and covers_market(f, ask.market)
        and (covers_model(f, ask.model) if ask.model else True)
    ]  # fmt: skip
    size = {k: len(group) for k, group in _charts(found).items()}
    found.sort(key=lambda f: (f.source_class, -size[_key(f)], _key(f), _row(f).place))
    return found


def _row(fact: Fact) -> SizeRow:
    assert fact.size is not None
    return fact.size


def _key(fact: Fact) -> tuple[str, str, str]:
    return fact.source.document, _row(fact).chart, _row(fact).group


def _charts(rows: Sequence[Fact]) -> dict[tuple[str, str, str], list[Fact]]:
    groups: dict[tuple[str, str, str], list[Fact]] = {}
    for fact in rows:
        groups.setdefault(_key(fact), []).append(fact)
    return groups


# ---------------------------------------------------------------- an amount


def _by_amount(rows: Sequence[Fact], said: Sizing) -> list[Point]:
    """Where each amount lies, in the charts that state its measure."""
    points: list[Point] = []
    used: set[str] = set()
    for amount in said.amounts:
        told = 0
        for chart in _of_whom(_charts(rows), said):
            for measure in _measures(chart, said, amount, used):
                placed = place([_row(f) for f in chart], measure, amount.value, amount.unit or None)
                if placed is not None and told < MAX_CHARTS:
                    points.append(_placed(placed, chart, measure))
                    used.add(measure)
                    told += 1
    return points


def _of_whom(charts: dict[tuple[str, str, str], list[Fact]], said: Sizing) -> Iterator[list[Fact]]:
    """The charts for whom the viewer asks, where charts are told apart by it."""
    whom = [w for w in WHOM if w in said.says]
    mine = [c for (_, _, group), c in charts.items() if group and any(says(group, w) for w in whom)]
    yield from mine or charts.values()


def _measures(chart: Sequence[Fact], said: Sizing, amount: Quantity, used: set[str]) -> tuple[str, ...]:
    unit = amount.unit or None
    rows = [_row(f) for f in chart]
    stated = {m.id for row in rows for m in row.measures if m.of != "garment"}
    named = [
        m for m in said.measures if m in stated and fits_measure(m, unit or _plain(rows, m)) and m not in used
    ]
    if named:
        return tuple(named[:1])
    kin = [k for m in said.measures for k in KIN.get(m, ()) if k in stated and fits_measure(k, unit)]
    if kin or any(fits_measure(m, unit) for m in said.measures if m not in LOOSE):
        return tuple(kin[:1])
    return tuple(m for m in meant(rows, amount.value, unit) if m not in used)[:MAX_ROWS]


def _plain(rows: Sequence[SizeRow], measure: str) -> str | None:
    return next((m.unit for row in rows if (m := measure_of(row, measure)) is not None), None)


def _placed(placed: Placed, chart: Sequence[Fact], measure: str) -> Point:
    items = tuple(chart[n] for n in placed.rows[:MAX_ROWS])
    if placed.verdict == "within" and len(items) == 1:
        return Point(kind="size", items=items, attribute=ATTRIBUTE, names=(measure,), state=placed.verdict)
    return Point(
        kind="size_place", items=items, attribute=ATTRIBUTE, state=placed.verdict, feature=measure,
        number=placed.value, text=placed.unit or "",
    )  # fmt: skip


# ---------------------------------------------------------------- a size by name


def _by_label(rows: Sequence[Fact], said: Sizing, measure: str) -> list[Point] | None:
    """The rows of the sizes named, with the measures asked; None where a row stands but what is asked of
    it does not."""
    points: list[Point] = []
    asked = said.measures or ((measure,) if measure else ())
    silent = False
    for size in said.named[:MAX_ROWS]:
        found = [f for chart in _of_whom(_charts(rows), said) for f in _called(chart, size)]
        telling = [(f, told) for f in found if (told := _told(_row(f), asked))]
        if found and asked and not telling:
            silent = True
        elif found:
            points += _of_size(telling or [(f, ()) for f in found], said, size)
        elif max(len(c) for c in _charts(rows).values()) > 1 and not measure:
            points.append(_unknown(rows, size))
    return None if silent and not points else points


def _called(chart: Sequence[Fact], size: NamedSize) -> list[Fact]:
    return [chart[n] for n in labelled([_row(f) for f in chart], size.value, size.system or None)]


def _told(row: SizeRow, asked: Sequence[str]) -> tuple[str, ...]:
    """Of the measures asked, those the row states; next of kin where it states none."""
    stated = {m.id for m in row.measures}
    exact = tuple(m for m in asked if m in stated)
    exact = tuple(m for m in exact if m not in GENERAL) or exact
    return exact or tuple(k for m in asked for k in KIN.get(m, ()) if k in stated)[:1]


def _of_size(found: Sequence[tuple[Fact, tuple[str, ...]]], said: Sizing, size: NamedSize) -> list[Point]:
    best = [pair for pair in found if _key(pair[0]) == _key(found[0][0])] if not found[0][0].models else found
    points = [
        Point(
            kind="size", items=(f,), attribute=ATTRIBUTE, names=told, scheme=size.system or None,
            text=",".join(said.asked), optional=n > 0,
        )
        for n, (f, told) in enumerate(best[:MAX_ROWS])
    ]  # fmt: skip
    missing = [s for s in said.asked if not any(x.system == s for f, _ in best for x in _row(f).labels)]
    return [*points, Point(kind="beyond")] if missing and len(missing) == len(said.asked) else points


def _unknown(rows: Sequence[Fact], size: NamedSize) -> Point:
    chart = max(_charts(rows).values(), key=len)
    return Point(
        kind="size_unknown",
        items=tuple(chart),
        attribute=ATTRIBUTE,
        text=size.value,
        scheme=size.system or None,
    )


# ---------------------------------------------------------------- all of it


def _overview(rows: Sequence[Fact], said: Sizing) -> list[Point]:
    """The sizes there are, with the measure asked or the one they are chosen by."""
    points = []
    for chart in _of_whom(_charts(rows), said):
        if len(chart) < 2 or len(points) == MAX_CHARTS:
            continue
        asked = [m for m in said.measures if any(_told(_row(f), (m,)) for f in chart)]
        body = [m.id for m in _row(chart[0]).measures if m.id and m.of != "garment"]
        chosen = tuple(asked[:1] or (body[:1] if "choose" in said.says else ()))
        points.append(Point(kind="sizes", items=tuple(chart), attribute=ATTRIBUTE, names=chosen))
        if not _row(chart[0]).group:
            break
    return points


def _rule(ask: Ask, rows: Sequence[Fact], said: Sizing, points: Sequence[Point]) -> list[Point]:
    """What the document says to take, where the amount lies between two sizes or that is asked."""
    two = next((p for p in points if p.kind == "size_place" and len(p.items) == MAX_ROWS), None)
    if two is None and "between" not in said.says:
        return []
    rules = [f for f in ask.of(Fact) if f.between_sizes and in_force(f, ask.on)]
    if not rules:
        return []
    home = (two.items[0] if two else rows[0]).source.document
    rule = min(rules, key=lambda f: (f.source.document != home, f.source_class, f.id))
    taken: tuple[Fact, ...] = ()
    if two is not None:
        pair = [f for f in two.items if isinstance(f, Fact)]
        taken = (pair[-1] if rule.between_sizes == "larger" else pair[0],)
    point = Point(kind="size_rule", items=(rule, *taken), attribute=ATTRIBUTE, state=rule.between_sizes)
    return [msgspec.structs.replace(point, optional=two is not None and two.state == "within")]
