"""Does it fit: where an amount lies among a chart's rows, which row a label names, ranges, energy."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.trust.evidence import SizeLabel, SizeMeasure, SizeRow
from cohost.trust.fits import labelled, meant, place, side, takes_mains, watt_hours
from cohost.trust.units import convert


def row(number: int, label: str, low: float | None, high: float | None, **more: str) -> SizeRow:
    measure = SizeMeasure(more.get("id", "head"), "", low, high, more.get("unit", "cm"), more.get("of", ""))  # type: ignore[arg-type]
    return SizeRow("1", number, (SizeLabel(label, more.get("system", "")),), (measure,))


HELMET = [row(0, "S", 51.0, 54.0), row(1, "M", 55.0, 58.0), row(2, "L", 59.0, 62.0)]
SHOE = [
    SizeRow(
        "1",
        n,
        (SizeLabel(eu, "EU"), SizeLabel(uk, "UK"), SizeLabel(us, "US")),
        (SizeMeasure("foot", "", cm, cm, "cm"),),
    )
    for n, (eu, uk, us, cm) in enumerate(
        [("41", "7.5", "8", 26.0), ("42", "8", "8.5", 26.7), ("43", "9", "9.5", 27.4)]
    )
]


@pytest.mark.parametrize(
    ("value", "unit", "verdict", "rows"),
    [
        (57.0, "cm", "within", (1,)),
        (58.0, "cm", "within", (1,)),
        (58.5, "cm", "between", (1, 2)),
        (64.0, "cm", "above", (2,)),
        (50.0, "cm", "below", (0,)),
        (570.0, "mm", "within", (1,)),
        (22.5, "inch", "within", (1,)),
        (57.0, None, "within", (1,)),
    ],
)
def test_an_amount_lies_in_a_row_between_two_or_beyond(
    value: float, unit: str | None, verdict: str, rows: tuple[int, ...]
) -> None:
    found = place(HELMET, "head", value, unit)
    assert found is not None
    assert (found.verdict, found.rows) == (verdict, rows)


def test_touching_ranges_both_hold_what_lies_on_their_edge() -> None:
    chart = [row(0, "S", 90.0, 96.0), row(1, "M", 96.0, 102.0)]
    found = place(chart, "head", 96.0, "cm")
    assert found is not None
    assert found.rows == (0, 1)


def test_exact_figures_have_a_between_too() -> None:
    found = place(SHOE, "foot", 26.2, "cm")
    assert found is not None
    assert (found.verdict, found.rows) == ("between", (0, 1))


def test_inches_said_to_a_tenth_meet_the_centimetre_they_round() -> None:
    found = place(SHOE, "foot", 10.2, "inch")  # 25.9 cm
    assert found is not None
    assert (found.verdict, found.rows) == ("within", (0,))


def test_an_open_end_reaches_everything() -> None:
    chart = [row(0, "R", None, 185.0, id="height"), row(1, "L", 186.0, None, id="height")]
    found = [place(chart, "height", v, u) for v, u in ((1.2, "m"), (1.9, None), (250.0, "cm"))]
    assert [p.rows for p in found if p] == [(0,), (1,), (1,)]


def test_a_garments_own_measure_chooses_no_size() -> None:
    assert place([row(0, "M", 108.0, 108.0, of="garment")], "head", 108.0, "cm") is None


def test_a_weight_is_no_length() -> None:
    assert place(HELMET, "head", 57.0, "kg") is None
    assert place(HELMET, "chest", 57.0, "cm") is None


@given(st.floats(1, 300), st.lists(st.tuples(st.floats(1, 300), st.floats(0, 40)), min_size=1, max_size=8))
def test_every_amount_has_exactly_one_true_place(value: float, spans: list[tuple[float, float]]) -> None:
    chart = [row(n, str(n), low, low + wide) for n, (low, wide) in enumerate(spans)]
    found = place(chart, "head", value, "cm")
    assert found is not None
    ends = [(r.measures[0].low or 0.0, r.measures[0].high or 0.0) for r in chart]
    slack = 1e-5 * max(1.0, value)
    if found.verdict == "within":
        assert all(ends[n][0] - slack <= value <= ends[n][1] + slack for n in found.rows)
        return
    assert not any(low <= value <= high for low, high in ends)
    if found.verdict == "between":
        lower, upper = found.rows
        assert ends[lower][1] < value < ends[upper][0]
        assert not any(ends[lower][1] < high < value for _, high in ends)
        assert not any(value < low < ends[upper][0] for low, _ in ends)
    elif found.verdict == "below":
        assert value < min(low for low, _ in ends) == ends[found.rows[0]][0]
    else:
        assert value > max(high for _, high in ends) == ends[found.rows[0]][1]


@given(st.floats(40, 80))
def test_the_unit_does_not_change_the_place(value: float) -> None:
    metric, millis = place(HELMET, "head", value, "cm"), place(HELMET, "head", value * 10, "mm")
    assert metric is not None
    assert millis is not None
    assert (metric.verdict, metric.rows) == (millis.verdict, millis.rows)


def test_nonsense_has_no_place() -> None:
    assert place(HELMET, "head", math.nan, "cm") is None
    assert place([], "head", 57.0, "cm") is None


def test_a_size_is_turned_into_another_system_by_the_charts_own_columns() -> None:
    assert [c.row for c in labelled(SHOE, "8", "UK")] == [1]
    assert [c.row for c in labelled(SHOE, "8", "US")] == [0]
    assert [c.row for c in labelled(SHOE, "42")] == [1]
    assert labelled(SHOE, "8", "JP") == ()
    assert {c.row for c in labelled(SHOE, "8")} == {0, 1}  # no EU 8: both columns are told


@pytest.mark.parametrize(
    ("printed", "asked", "same"),
    [("XXL", "2xl", True), ("8 1/2", "8.5", True), ("8,5", "8.5", True), ("39–42", "40", True),
     ("S/M", "m", True), ("98/104", "104", True), ("L", "XL", False), ("42", "4", False)],
)  # fmt: skip
def test_labels_compare_as_people_write_them(printed: str, asked: str, same: bool) -> None:
    assert bool(labelled([row(0, printed, 1.0, 2.0)], asked)) is same


def test_what_an_amount_may_be_about_is_near_the_chart() -> None:
    measures = (SizeMeasure("chest", "", 90.0, 96.0, "cm"), SizeMeasure("height", "", 160.0, 170.0, "cm"))
    chart = [SizeRow("1", 0, (SizeLabel("S"),), measures)]
    assert meant(chart, 1.68, "m") == ("height",)
    assert meant(chart, 92.0, "cm") == ("chest",)
    assert meant(chart, 4.0, "cm") == ()
    assert meant(chart, 70.0, "kg") == ()


@pytest.mark.parametrize(
    ("value", "unit", "found"),
    [(110.0, "V", "inside"), (240.0, "V", "inside"), (90.0, "V", "below"), (400.0, "V", "above"),
     (50.0, "Hz", None)],
)  # fmt: skip
def test_an_amount_lies_inside_a_range_or_beyond(value: float, unit: str, found: str | None) -> None:
    assert side(value, unit, 100.0, 240.0, "V") == found


def test_a_limit_has_one_end() -> None:
    assert side(80.0, "kg", None, 100.0, "kg") == "inside"
    assert side(250.0, "lb", None, 100.0, "kg") == "above"


def test_mains_are_taken_within_ten_per_cent() -> None:
    assert takes_mains(220.0, 240.0, 230.0)
    assert takes_mains(220.0, 240.0, 200.0)
    assert not takes_mains(220.0, 240.0, 120.0)


@given(st.floats(1, 100_000), st.floats(1, 48))
def test_charge_times_voltage_is_energy(charge: float, volts: float) -> None:
    assert watt_hours(charge, volts) == pytest.approx(charge * volts / 1000)
    assert convert(watt_hours(charge, volts), "Wh", "kWh") == pytest.approx(charge * volts / 1e6)
