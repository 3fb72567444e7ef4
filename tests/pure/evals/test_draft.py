"""What is drafted comes from the evidence: an answer, a decline or a trap, and why."""

from __future__ import annotations

import datetime as dt

from cohost.check.readiness import readiness
from cohost.common.catalogue import Brand, Catalogue, Market, Product, Variant
from cohost.common.question import Asker, Draft, Question
from cohost.events import DecisionMade, Event, QuestionAsked, QuestionExpired, Record, ReplyRetracted
from cohost.trust.evidence import Certificate, Evidence, Fact, Source
from evals.case import OwnCase
from evals.draft import Place, drafts, unanswerable
from evals.draft_show import drafts_of_show

ASKER = Asker(viewer="v", message_seq=1, lang="de")
ON = dt.date(2026, 11, 20)
CATALOGUE = Catalogue(
    brand=Brand(name="Probe"),
    products=(Product(id="lamp", name="Probe lamp", models=("PL-7", "PL-9")),),
    markets=(Market(code="DE", lang="de", currency="EUR"), Market(code="US", lang="en", currency="USD")),
    variants=(Variant(product="lamp", model="PL-7", markets=("DE",)),
              Variant(product="lamp", model="PL-9", markets=("US",))),
)  # fmt: skip


def source(quote: str, **more: object) -> Source:
    return Source(document="spec.md", quote=quote, lang="en", **more)  # type: ignore[arg-type]


def fact(number: int, attribute: str, value: float | str, unit: str | None = None, **more: object) -> Fact:
    fields: dict[str, object] = {"source_class": "B", "product": "lamp"} | more
    return Fact(
        id=f"E{number}", source=source(f"{attribute} {value} {unit or ''}"), attribute=attribute, value=value,
        unit=unit, **fields,
    )  # type: ignore[arg-type]  # fmt: skip


ITEMS = (
    fact(1, "weight", 412.0, "g", models=("PL-7",)),
    fact(2, "weight", 520.0, "g", models=("PL-9",)),
    fact(3, "battery", 37.0, "h", condition="at 50 % brightness"),
    fact(4, "warranty", 24.0, "month", markets=("DE",)),
    fact(5, "warranty", 2.0, "year", markets=("US",)),
    fact(6, "power", 9.0, "W"),
    fact(7, "power", 12.0, "W"),
    Certificate(
        id="E8", source=source("Certificate RX-1"), source_class="A", product="lamp", scheme="OEKO-TEX",
        number="RX-1", valid_until=dt.date(2025, 3, 31),
    ),
)  # fmt: skip


def by_id(cases: list[OwnCase]) -> dict[str, OwnCase]:
    return {c.id: c for c in cases}


FOUND = by_id(drafts(CATALOGUE, ITEMS, ON))


def test_an_answer_is_owed_where_the_documents_say_one_thing() -> None:
    case = FOUND["lamp-DE-de-battery"]
    assert case.expect is not None
    assert case.expect.values == ("37 h",)
    assert case.expect.condition == {"any": ("50 %",)}
    assert case.expect.cite == ("spec.md",)
    assert (case.lang, case.accepted_by, case.doubt) == ("de", "", "")
    assert "battery 37.0 h" in case.note


def test_a_figure_of_another_model_is_a_trap() -> None:
    case = FOUND["lamp-DE-de-weight"]
    assert case.expect is not None
    assert (case.expect.values, case.expect.never, case.tags) == (("412 g",), ("520 g",), ("trap",))
    other = FOUND["lamp-US-en-weight"].expect
    assert other is not None
    assert (other.values, other.never) == (("520 g",), ("412 g",))


def test_two_years_are_no_trap_beside_twenty_four_months() -> None:
    case = FOUND["lamp-DE-de-warranty"]
    assert case.expect is not None
    assert (case.expect.values, case.expect.never) == (("24 month",), ())


def test_documents_that_disagree_are_drafted_with_a_doubt() -> None:
    assert "disagree" in FOUND["lamp-DE-de-power"].doubt


def test_a_decline_is_owed_where_nothing_speaks_of_it() -> None:
    case = FOUND["lamp-DE-de-price"]
    assert case.expect is not None
    assert (case.expect.action, case.tags) == (("decline",), ("unanswerable",))


def test_a_question_that_names_what_a_document_mentions_waits_for_a_person() -> None:
    """Charging is asked about with "kann das schnellladen" in Germany."""
    plug = fact(9, "in_the_box", "lamp, fast charging plug")

    def asked(*items: Evidence) -> OwnCase:
        row = next(r for r in readiness(CATALOGUE, items, ON) if r.market == "DE")
        return unanswerable(Place(CATALOGUE, items, row, ON), "de", "charging")

    assert asked(*ITEMS, plug).doubt == "a document mentions fast charge"
    assert asked(*ITEMS).doubt == ""


def test_a_paper_that_ran_out_is_a_trap() -> None:
    case = FOUND["lamp-DE-de-paper-OEKO-TEX"]
    assert case.expect is not None
    assert case.expect.held == {"spec.md": False}
    assert "ran out" in case.note


def test_the_list_is_the_same_every_time_and_a_limit_serves_all_places() -> None:
    assert drafts(CATALOGUE, ITEMS, ON) == list(FOUND.values())
    some = drafts(CATALOGUE, ITEMS, ON, limit=4)
    assert {c.market for c in some} == {"DE", "US"}
    assert len(some) == 4
    assert {c.lang for c in drafts(CATALOGUE, ITEMS, ON, langs=("th",))} == {"th"}
    assert {c.market for c in drafts(CATALOGUE, ITEMS, ON, markets=("US",))} == {"US"}


def test_questions_name_no_figure_and_no_country() -> None:
    texts = [c.question for c in FOUND.values()]
    assert all(texts)
    assert not any(ch.isdigit() for t in texts for ch in t)


def record(seq: int, event: Event) -> Record:
    return Record(seq=seq, at_ms=seq, turn_id=None, cause_seq=None, event=event)


def test_a_show_gives_what_was_declined_expired_or_taken_back() -> None:
    def asked(seq: int, text: str) -> Record:
        question = Question(id=f"q{seq}", text=text, lang="de", intent="question.weight", market="DE")
        return record(seq, QuestionAsked(question=question, asker=ASKER))

    def decided(seq: int, question: str, action: str) -> Record:
        draft = Draft(action=action, reason="no_evidence", lang="de", text="…")  # type: ignore[arg-type]
        return record(seq, DecisionMade(reply_id=f"r{seq}", question_id=question, draft=draft))

    records = [
        asked(1, "wie schwer"), decided(2, "q1", "decline"), asked(3, "wie laut"), decided(4, "q3", "answer"),
        asked(5, "wie alt"), record(6, QuestionExpired(question_id="q5")),
        record(7, ReplyRetracted(reply_id="r4", reason="wrong")),
        asked(8, "wie warm"), decided(9, "q8", "answer"),
    ]  # fmt: skip
    found = drafts_of_show(records)
    assert [(c.question, c.expect) for c in found] == [
        ("wie schwer", None),
        ("wie laut", None),
        ("wie alt", None),
    ]
    assert "no_evidence" in found[0].note
    assert "taken back" in found[1].note
    assert "expired" in found[2].note
