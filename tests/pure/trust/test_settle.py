"""Settling: of several pieces of evidence, the one to tell; of several papers, their state."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.trust.evidence import Certificate, Fact, MarketFact, Source, TestReport
from cohost.trust.settle import paper_state, settle

ON = dt.date(2026, 11, 20)
SOURCE = Source(document="a.pdf", quote="x", lang="en")


def fact(i: str, value: object, cls: str = "B", condition: str = "at 50 % volume", **more: object) -> Fact:
    row = {"attribute": "battery", "unit": "h", "product": "reef", "models": ("RX2",), **more}
    return Fact(id=i, source=SOURCE, source_class=cls, value=value, condition=condition, **row)


def chosen(
    *items: Fact | MarketFact,
    attribute: str = "battery",
    model: str | None = "RX2",
    market: str | None = "DE",
):
    return settle(items, attribute=attribute, model=model, market=market, on=ON)


def test_the_measured_figure_of_the_exact_variant_beats_label_and_brochure():
    found = chosen(
        fact("E1", 24.0),
        fact("E2", 22.4, "A", "50 % 音量"),
        fact("E3", 30.0, "D", ""),
        fact("E4", 11.2, "A", "at 80 % volume"),
    )
    assert found.chosen is not None
    assert found.chosen.id == "E2"
    assert {i.id for i in found.conflicts} == {"E1", "E3"}
    assert {i.id for i in found.others} == {"E4"}


def test_of_one_class_the_figure_less_favourable_to_the_seller_is_told():
    heavy = chosen(
        fact("E1", 620.0, attribute="weight", unit="g", condition=""),
        fact("E2", 640.0, attribute="weight", unit="g", condition=""),
        attribute="weight",
    )
    short = chosen(fact("E1", 24.0), fact("E2", 20.0))
    assert heavy.chosen is not None
    assert heavy.chosen.value == 640.0
    assert short.chosen is not None
    assert short.chosen.value == 20.0


def test_the_exact_variant_comes_before_the_family():
    found = chosen(fact("E1", 30.0, "A", models=()), fact("E2", 24.0, "B"))
    assert found.chosen is not None
    assert found.chosen.id == "E2"
    assert found.reason == "exact_variant"


def test_a_brochure_never_proves_water():
    assert chosen(fact("E1", "IPX8", "D", attribute="water", unit=None), attribute="water").chosen is None


@pytest.mark.parametrize(
    "item",
    [
        fact("E1", 24.0, release="held"),
        fact("E1", 24.0, valid_until=dt.date(2026, 10, 1)),
        fact("E1", 24.0, markets=("US",)),
        fact("E1", 24.0, models=("RX2-PRO",)),
    ],
)
def test_what_is_held_expired_or_of_another_variant_is_not_told(item):
    assert chosen(item).chosen is None


def test_units_do_not_make_a_conflict():
    found = chosen(fact("E1", 24.0), fact("E2", 1440.0, unit="min"))
    assert not found.conflicts
    assert len(found.agreeing) == 1


def test_the_newest_market_fact_counts():
    def price(i: str, value: float, day: int) -> MarketFact:
        return MarketFact(
            id=i,
            source=SOURCE,
            source_class="C",
            product="reef",
            markets=("DE",),
            attribute="price",
            value=value,
            unit="EUR",
            as_of=dt.date(2026, 11, day),
        )

    found = chosen(price("E1", 79.9, 1), price("E2", 89.9, 15), attribute="price")
    assert found.chosen is not None
    assert found.chosen.id == "E2"


_FACTS = st.builds(
    fact,
    st.sampled_from(["E1", "E2", "E3", "E4", "E5"]),
    st.sampled_from([11.2, 22.4, 24.0, 30.0, (20.0, 24.0), "24 h", True, False]),
    st.sampled_from("ABCD"),
    st.sampled_from(["", "at 50 % volume", "50 % 音量", "at 80 % volume", "without light"]),
    models=st.sampled_from([(), ("RX2",), ("RX2-PRO",)]),
    polarity=st.booleans(),
)


@given(st.lists(_FACTS, max_size=5, unique_by=lambda f: f.id), st.randoms(), st.sampled_from(["RX2", None]))
def test_the_order_of_the_items_never_matters(items, random, model):
    mixed = list(items)
    random.shuffle(mixed)
    one = settle(items, attribute="battery", model=model, market="DE", on=ON)
    two = settle(mixed, attribute="battery", model=model, market="DE", on=ON)
    assert one.chosen == two.chosen
    assert one.reason == two.reason
    for name in ("agreeing", "conflicts", "others"):
        assert set(getattr(one, name)) == set(getattr(two, name))


# ---------------------------------------------------------------- papers


def paper(i: str = "E1", scheme: str = "TISI", **more: object) -> Certificate:
    row = {"certificate_kind": "third_party", "models": ("RX2",), "issued": dt.date(2026, 1, 1), **more}
    return Certificate(id=i, source=SOURCE, source_class="A", product="reef", scheme=scheme, **row)


def state(
    *items: Certificate | TestReport,
    scheme: str = "TISI",
    market: str | None = "TH",
    since: dt.date | None = None,
):
    return paper_state(
        scheme, product="reef", model="RX2", market=market, items=items, on=ON, since=since
    ).state


@pytest.mark.parametrize(
    ("item", "wanted"),
    [
        (paper(), "held"),
        (paper(valid_until=dt.date(2026, 10, 18)), "expired"),
        (paper(issued=dt.date(2026, 12, 1)), "not_yet_valid"),
        (paper(models=("RX2-PRO",)), "other_model"),
        (paper(models=(), families=("RX2*",)), "held"),
        (paper(component="cell"), "component"),
        (paper(status="on_file_not_held"), "on_file_not_held"),
        (paper(release="draft"), "none"),
        (msgspec.structs.replace(paper(), product="tide"), "none"),
    ],
)
def test_a_paper_is_told_as_what_it_is(item, wanted):
    assert state(item) == wanted


def test_no_paper_is_a_state_of_its_own():
    assert state() == "none"


def test_a_paper_older_than_the_revision_does_not_cover_it():
    assert state(paper(), since=dt.date(2026, 3, 1)) == "older_than_revision"


def test_ce_is_no_answer_in_the_united_states_and_one_for_ukca_in_britain():
    ce = paper(scheme="CE", certificate_kind="self_declaration")
    assert state(ce, scheme="CE", market="US") == "not_for_market"
    assert state(ce, scheme="UKCA", market="GB") == "held"
    assert state(ce, scheme="UKCA", market="DE") == "none"


def test_a_laboratorys_ce_certificate_is_not_held_and_the_declaration_beside_it_is():
    lab = paper("E1", "CE", number="ICO-1-CE")
    doc = paper("E2", "CE", certificate_kind="self_declaration")
    assert state(lab, scheme="CE", market="DE") == "on_file_not_held"
    assert state(lab, doc, scheme="CE", market="DE") == "held"


def test_a_test_report_stands_for_a_scheme_that_is_a_test():
    report = TestReport(
        id="E1",
        source=Source(document="u.pdf", quote="UN 38.3 test summary"),
        source_class="A",
        product="reef",
        models=("RX2",),
    )
    assert state(report, scheme="UN38.3", market="BR") == "held"


_PAPERS = st.builds(
    paper,
    st.sampled_from(["E1", "E2", "E3", "E4"]),
    models=st.sampled_from([(), ("RX2",), ("RX2-PRO",)]),
    valid_until=st.sampled_from([None, dt.date(2026, 10, 1), dt.date(2027, 1, 1)]),
    issued=st.sampled_from([None, dt.date(2026, 1, 1), dt.date(2027, 1, 1)]),
    component=st.sampled_from([None, "cell"]),
)


@given(st.lists(_PAPERS, max_size=4, unique_by=lambda p: p.id), st.randoms())
def test_the_order_of_the_papers_never_matters(items, random):
    mixed = list(items)
    random.shuffle(mixed)
    wanted = paper_state("TISI", product="reef", model="RX2", market="TH", items=items, on=ON)
    assert paper_state("TISI", product="reef", model="RX2", market="TH", items=mixed, on=ON) == wanted
    if any(state(p) == "held" for p in items):
        assert wanted.state == "held"
