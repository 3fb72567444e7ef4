"""The guard's cases as shipped: enough of them, half true, in every language, on evidence that exists."""

from __future__ import annotations

from collections import Counter

from cohost.languages import LANGUAGES, base
from evals.case import SentenceCase, read_cases
from evals.mutants import PREFIX
from evals.runners.guard import evidence_of
from evals.suite import HOME, load_suites

FILES = [HOME / "cases" / f"{name}.jsonl" for name in ("guard", "guard_kept")]
"""Read as one, so that an id used in both is refused."""
CASES = read_cases(FILES, SentenceCase)
KEPT = read_cases(FILES[1:], SentenceCase)


def test_half_of_more_than_six_hundred_sentences_must_pass() -> None:
    passing = sum(c.verdict == "allow" for c in CASES)
    assert len(CASES) >= 640
    assert 0.48 <= passing / len(CASES) <= 0.55


def test_every_language_has_thirty_sentences_and_ten_of_either_kind() -> None:
    counts = Counter(base(c.lang) for c in CASES)
    assert set(counts) == set(LANGUAGES)
    assert len(counts) == 18
    assert min(counts.values()) >= 30
    kinds = Counter((base(c.lang), c.verdict == "allow") for c in CASES)
    assert len(kinds) == 36
    assert min(kinds.values()) >= 10


def test_every_sentence_to_be_stopped_names_its_rule_and_no_other_does() -> None:
    assert [c.id for c in CASES if c.verdict == "allow" and c.rule] == []
    nameless = [c.id for c in CASES if c.verdict != "allow" and not c.rule]
    assert nameless == ["es-returns-less", "en-volts-worldwide"]  # more than one rule may stop them


def test_a_third_of_the_true_sentences_are_denials() -> None:
    true = [c for c in CASES if c.verdict == "allow" and base(c.lang) not in ("en", "es", "de", "fr")]
    assert sum(c.polarity == "deny" for c in true) >= len(true) / 3


def test_every_evidence_is_on_file_and_the_two_suites_use_the_same() -> None:
    suites = load_suites()
    _, known = evidence_of(suites["guard"])
    assert suites["guard_kept"].evidence == suites["guard"].evidence
    assert suites["guard_kept"].files() == FILES[1:]
    assert {name for c in CASES for name in (*c.cites, *c.found)} <= set(known)


def test_about_a_third_of_every_kind_is_kept_back() -> None:
    assert 0.28 <= len(KEPT) / len(CASES) <= 0.38
    assert {base(c.lang) for c in KEPT} == set(LANGUAGES)


def test_a_mutant_differs_from_the_sentence_it_was_made_from() -> None:
    by_id = {c.id: c for c in CASES}
    made = [c for c in CASES if c.id.startswith(PREFIX)]
    assert len(made) >= 80
    for case in made:
        source = by_id[case.id.removeprefix(PREFIX).removesuffix(f"-{case.tags[0]}")]
        assert source.verdict == "allow"
        told = (source.sentence, source.market, source.cites)
        assert (case.sentence, case.market, case.cites) != told
        assert (case in KEPT) == (source in KEPT)


def test_hardly_a_sentence_is_there_twice_with_the_same_evidence() -> None:
    told = Counter((c.lang, c.sentence, c.cites, c.found, c.market) for c in CASES)
    twice = [told_ for told_, times in told.items() if times > 1]
    assert len(twice) <= 3, twice
