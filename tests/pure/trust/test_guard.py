"""The guard: what a person expects of each sentence; what holds for any text."""

from __future__ import annotations

import datetime as dt
import json
import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohost.common.question import Question
from cohost.languages import LANGUAGES, has, table
from cohost.trust.evidence import Certificate
from cohost.trust.guard import GuardContext, check
from cohost.trust.guard_words import fold, words
from tests.pure.trust.guard_cases import CATALOGUE, FOLDER, ON, evidence, judge, load

CASES = load()
PLANTED = [
    json.loads(line) for line in (FOLDER.parent / "planted.jsonl").read_text("utf-8").splitlines() if line
]
MAIN = ("en", "es", "zh", "de", "fr", "pt", "ja", "ar")


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_the_verdict_is_the_one_a_person_expects(case):
    verdict = judge(case)
    assert (verdict.action, verdict.rule) == (case["expect"], case.get("rule")), verdict.message


def test_nearly_half_of_the_cases_pass_and_a_quarter_are_denials():
    passing = [c for c in CASES if c["expect"] == "allow"]
    assert len(passing) >= 0.45 * len(CASES)
    assert sum(c.get("denial", False) for c in CASES) >= 0.25 * len(CASES)
    assert {c["lang"] for c in CASES} == set(LANGUAGES)
    assert all(sum(c["lang"] == lang for c in CASES) >= 30 for lang in MAIN)


@pytest.mark.parametrize("case", PLANTED, ids=lambda c: c["id"])
def test_a_truthful_drafted_sentence_passes(case):
    verdict = judge(case, "llm")
    assert verdict.action == "allow", verdict.message


@pytest.mark.parametrize(
    ("case", "fault"),
    [(c, f) for c in PLANTED for f in c["faults"]],
    ids=lambda x: x if isinstance(x, str) else x["id"],
)
def test_one_planted_fault_never_passes_as_drafted(case, fault):
    verdict = judge({**case, "sentence": case["faults"][fault]}, "llm")
    assert verdict.action != "allow"
    assert verdict.rule
    assert verdict.message


@pytest.mark.parametrize("case", [c for c in CASES if c["expect"] != "allow"], ids=lambda c: c["id"])
def test_what_the_composer_may_not_say_a_draft_may_not_either(case):
    assert judge(case, "llm").action != "allow"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_the_guards_words(lang):
    assert has(lang, "guard")
    english, own = table("en", "guard"), table(lang, "guard")
    for section in ("water", "verb", "say", "health", "risk"):
        optional = {"recognised", "qualified"} if section == "verb" else set()
        assert set(own[section]) >= set(english[section]) - optional, section
    for side in ("before", "after"):
        assert words(lang, "scope", side)


@pytest.mark.parametrize("lang", [*LANGUAGES, "xx", "und", "hi-Latn"])
@settings(max_examples=20, deadline=None)
@given(text=st.text(max_size=200))
def test_no_text_makes_the_guard_raise(lang, text):
    context = GuardContext(
        lang=lang,
        market="DE",
        product="reef",
        model="RX2",
        on=ON,
        catalogue=CATALOGUE,
        items=(),
        origin="llm",
    )
    check(text, (), context)


_PIECES = [
    "not",
    "IPX7",
    "24 h",
    "at 50 %",
    "FDA",
    "CE",
    "approved",
    "€79.90",
    "防水",
    "“",
    "”",
    "RX2-PRO",
    "(",
    ",",
    "EN 62368-1",
    "wasserdicht",
    "510(k)",
    "%50",
    "E1",
    "\n",
    "…",
    "ไม่",
    "ليس",
    "2026-10-18",
]


@settings(max_examples=150, deadline=None)
@given(parts=st.lists(st.sampled_from(_PIECES), max_size=12), case=st.sampled_from(CASES))
def test_no_mixture_of_its_own_words_makes_the_guard_raise(parts, case):
    for origin in ("composer", "llm", "operator"):
        judge({**case, "sentence": " ".join(parts)}, origin)


@given(text=st.text(max_size=80))
def test_both_forms_of_a_text_have_the_same_length(text):
    for lang in ("en", "ar", "vi"):
        folded = fold(text, lang)
        assert len(folded.shown) == len(folded.low)


def test_a_language_without_tables_speaks_only_through_the_composer():
    case = next(c for c in CASES if c["id"] == "en-bat")
    assert judge({**case, "lang": "sw"}, "llm").rule == "R0"


def test_evidence_that_is_held_proves_nothing():
    case = next(c for c in CASES if c["id"] == "en-bat")
    held = {**case, "evidence": [{**case["evidence"][0], "release": "held"}]}
    assert judge(held).action != "allow"


def test_a_price_without_a_known_market_names_its_market():
    case = next(c for c in CASES if c["id"] == "en-pr")
    unknown = {**case, "market": None}
    assert judge(unknown).action == "allow"
    assert judge({**unknown, "sentence": "It costs €79.90."}).rule == "R9"


def test_a_registration_is_told_only_when_asked_and_with_its_disclaimer():
    paper = Certificate(
        id="E1",
        source=evidence({"kind": "fact", "id": "x", "attribute": "tests", "value": "y"}).source,
        source_class="A",
        product="dew",
        scheme="FDA",
        number="3001234567",
        certificate_kind="registration",
    )
    said = "The facility is FDA registered."
    for question, text, wanted in (
        (None, said, "R4"),
        (
            Question(id="q", text="FDA?", lang="en", intent="question.certificates", schemes=("FDA",)),
            said,
            "R4",
        ),
        (None, f"{said[:-1]}; that is not an approval.", None),
    ):
        context = GuardContext(
            lang="en",
            market="US",
            product="dew",
            model=None,
            on=ON,
            catalogue=CATALOGUE,
            items=(paper,),
            origin="operator",
            question=question,
        )
        assert check(text, (paper,), context).rule == wanted


def test_a_warning_on_file_is_never_answered_with_a_decline():
    warning = evidence(
        {
            "kind": "passage",
            "id": "E1",
            "text": "Keep away from children under 3 years: small parts.",
            "warning": True,
            "source_class": "B",
        }
    )
    question = Question(id="q", text="Is it ok for kids?", lang="en", intent="question.safety")
    context = GuardContext(
        lang="en",
        market="DE",
        product="reef",
        model="RX2",
        on=ON,
        catalogue=CATALOGUE,
        items=(warning,),
        question=question,
    )
    assert check("I have no document that answers this.", (), context).rule == "R16"


def test_an_expired_price_is_no_price():
    case = next(c for c in CASES if c["id"] == "en-pr")
    old = {**case["evidence"][0], "valid_until": "2026-11-01"}
    assert judge({**case, "evidence": [old]}).rule == "R9"


def test_support_of_the_brand_may_be_told_and_no_other_address():
    case = {"lang": "en", "evidence": [], "sentence": "Write to help@lanternfish.example."}
    assert judge(case).action == "allow"
    assert judge({**case, "sentence": "Write to deals@elsewhere.example."}).rule == "R19"


def test_a_sentence_is_read_in_a_few_milliseconds():
    prepared = [c for c in CASES if c["lang"] in MAIN]
    for case in prepared:
        judge(case)
    started = time.perf_counter()
    for case in prepared:
        judge(case)
    assert (time.perf_counter() - started) / len(prepared) < 0.02  # 1 ms typical; shared machines get slack


def test_dates_of_a_paper_may_be_written_as_the_language_writes_them():
    case = next(c for c in CASES if c["id"] == "de-xtisi")
    assert judge(case).action == "allow"
    wrong = case["sentence"].replace("18. Oktober", "28. Oktober")
    assert judge({**case, "sentence": wrong}).rule == "R7"
    assert dt.date(2026, 10, 18).isoformat() == case["evidence"][0]["valid_until"]


def test_verdicts_are_data():
    verdict = judge(CASES[0])
    assert msgspec.json.decode(msgspec.json.encode(verdict))["action"] in ("allow", "rewrite", "block")
