"""Documents that disagree: what counts, why, and what is no contradiction at all."""

from cohost.check.contradictions import REASONS, Contradiction, contradictions
from cohost.trust.evidence import Evidence, Fact
from tests.pure.check.made import CATALOGUE, ON, fact, term


def found(*items: Evidence) -> list[Contradiction]:
    return list(contradictions(CATALOGUE, items, ON))


def report(attribute: str, value: object, unit: str | None = None, **more: object) -> Fact:
    more = {"document": "report.pdf", "source_class": "A", "basis": "measured", "models": ("B1",)} | more
    return fact(attribute, value, unit, **more)  # type: ignore[arg-type]


def declared(attribute: str, value: object, unit: str | None = None, **more: object) -> Fact:
    return fact(attribute, value, unit, **({"models": ("B1",)} | more))  # type: ignore[arg-type]


def test_an_independent_measurement_counts_before_the_makers_word() -> None:
    measured = report("battery", 22.4, "h", condition="at 50 % volume")
    (one,) = found(measured, declared("battery", 24.0, "h", condition="at 50 % volume"))
    assert (one.product, one.models, one.markets) == ("box", ("B1",), ("DE", "GB"))
    assert one.told == measured
    (conflict,) = one.conflicts
    assert (conflict.item.value, conflict.against, conflict.reason) == (24.0, measured, "source_class")
    assert conflict.flatters
    assert "22.4 hours" in one.heard
    assert "24 hours" in one.heard


def test_a_lower_promise_is_told_as_a_contradiction_that_flatters_nobody() -> None:
    (one,) = found(report("weight", 631.0, "g"), declared("weight", 640.0, "g"))
    assert [c.flatters for c in one.conflicts] == [False]


def test_of_equal_sources_the_less_favourable_figure_counts() -> None:
    (one,) = found(declared("weight", 620.0, "g"), declared("weight", 640.0, "g", document="manual.docx"))
    assert (one.told.value, one.conflicts[0].reason, one.conflicts[0].flatters) == (
        640.0, "less_favourable", True,
    )  # fmt: skip


def test_the_exact_model_counts_before_the_family() -> None:
    family = fact("noise", 59.0, "dB", document="brochure.pdf", source_class="B")
    (one,) = found(declared("noise", 72.0, "dB"), family)
    assert (one.told.value, one.conflicts[0].reason) == (72.0, "exact_variant")


def test_one_models_figure_is_not_held_against_anothers() -> None:
    assert found(
        declared("weight", 620.0, "g"), fact("weight", 780.0, "g", document="pro.pdf", models=("B1-PRO",))
    ) == []  # fmt: skip


def test_statements_of_one_document_and_other_conditions_are_no_contradiction() -> None:
    assert found(declared("weight", 620.0, "g"), declared("weight", 640.0, "g")) == []
    quiet = report("battery", 22.4, "h", condition="at 50 % volume")
    assert found(quiet, declared("battery", 11.0, "h", condition="at 80 % volume")) == []


def test_a_seam_is_not_the_fabric() -> None:
    """The plain figure is compared with the row of the report whose condition its own words name."""
    rows = [
        report("water_column", mm, "mm", condition=where, product="coat", models=("C1",))
        for mm, where in ((9100.0, "Seam, as received"), (10400.0, "Fabric, as received"))
    ]
    spec = fact(
        "water_column", 10000.0, "mm", quote="Water column of the fabric 10 000 mm", product="coat",
        models=("C1",),
    )  # fmt: skip
    (one,) = found(*rows, spec)
    assert one.told.value == 9100.0
    assert [(c.item.value, c.against.value) for c in one.conflicts] == [(10000.0, 10400.0)]
    plain = fact(
        "water_column", 10000.0, "mm", quote="Water column 10 000 mm", product="coat", models=("C1",)
    )
    assert found(*rows, plain) == []  # nobody can say which of the rows it means


def test_a_bound_that_holds_and_a_narrower_range_are_no_contradiction() -> None:
    loud = declared("noise", 35.0, "dB", qualifier="up_to", condition="at 1 m")
    assert found(loud, report("noise", 33.1, "dB", condition="at 1 m")) == []
    assert len(found(loud, report("noise", 36.0, "dB", condition="at 1 m"))) == 1
    works = declared("temperature", (0.0, 40.0), "degC")
    store = declared("temperature", (10.0, 30.0), "degC", document="manual.html", condition="Store between")
    assert found(works, store) == []


def test_what_proves_nothing_is_told_apart() -> None:
    """A brochure never proves water resistance; its claim is shown beside what is told."""
    claim = declared("water", "IPX8", document="brochure.pdf", source_class="D")
    (one,) = found(report("water", "IPX7"), claim)
    assert (one.told.value, one.conflicts[0].item, one.conflicts[0].reason) == ("IPX7", claim, "no_proof")
    assert one.flatters


def test_a_yes_against_a_no() -> None:
    (one,) = found(declared("dishwasher", True), declared("dishwasher", False, document="manual.docx"))
    assert one.told.value is False
    assert one.flatters


def test_what_is_not_on_air_contradicts_nobody() -> None:
    assert (
        found(declared("weight", 620.0, "g"), declared("weight", 640.0, "g", document="b", release="draft"))
        == []
    )


def test_each_markets_own_figure() -> None:
    a = term("returns", 14.0, "DE", "day", product=None, document="eu.html")
    b = term("returns", 7.0, "DE", "day", product=None, document="old.txt")
    ones = found(a, b)
    assert {(o.product, o.told.value, o.markets) for o in ones} == {
        (p, 7.0, ("DE",)) for p in ("box", "dew", "coat")
    }  # fmt: skip


def test_every_reason_has_words() -> None:
    assert all(REASONS.values())
