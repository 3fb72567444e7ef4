"""Scorers against values worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from evals.case import Expectation
from evals.scorers import (
    answer_scores,
    line_score,
    matches,
    reached,
    said_never,
    search_scores,
    verdict_scores,
)


def answer(text: str = "Battery: 22.4 h at 50 % volume.", **changes: Any) -> dict[str, Any]:
    citation = {"document": "reef/report.pdf", "quote": "22.4 h", "valid": True}
    return {
        "text": text, "action": "answer", "intent": "question.battery", "citations": [citation],
        "product": "reef", "notify_host": False,
    } | changes  # fmt: skip


OWED = Expectation(
    values=("22.4 h",), condition={"any": ("50 %",)}, cite=("reef/report.pdf",), never=("30 h",)
)


def score(expected: Expectation, given: dict[str, Any], lang: str = "en") -> dict[str, float]:
    return answer_scores(expected, given, lang=lang, length=60)


def test_a_right_answer_has_every_score() -> None:
    assert score(OWED, answer()) == {
        "action": 1, "value": 1, "condition": 1, "cite_recall": 1, "cite_precision": 1, "never": 1,
        "length": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Akkulaufzeit: 22,4 Std. bei 50 % Lautstärke"),
        ("ar", "البطارية: ٢٢٫٤ ساعة عند ٥٠٪ من مستوى الصوت"),
        ("zh", "续航:22.4 小时(50 % 音量)"),
        ("fr", "22,4 heures à 50 % du volume"),
    ],
)
def test_a_value_is_found_in_every_locales_writing(lang: str, text: str) -> None:
    scores = score(OWED, answer(text), lang)
    assert scores["value"] == 1
    assert scores["condition"] == 1


def test_a_figure_without_its_condition_or_with_another_unit_is_wrong() -> None:
    assert score(OWED, answer("The battery lasts 22.4 h."))["condition"] == 0
    assert score(OWED, answer("Battery: 22.4 days at 50 % volume"))["value"] == 0


def test_a_decline_where_an_answer_is_owed_scores_no_value_and_no_action() -> None:
    scores = score(OWED, answer("I have no evidence.", action="decline", citations=[]))
    assert scores["action"] == scores["value"] == scores["decline_precision"] == 0
    assert "decline_recall" not in scores


def test_declines_count_as_precision_over_declined_and_recall_over_owed() -> None:
    owed = Expectation(action=("decline",))
    declined = score(owed, answer("No evidence.", action="decline", citations=[]))
    answered = score(owed, answer())
    assert declined["decline_precision"] == declined["decline_recall"] == 1
    assert "decline_precision" not in answered
    assert answered["decline_recall"] == 0


def test_where_either_is_right_a_decline_owes_no_value() -> None:
    owed = Expectation(action=("answer", "decline"), values=("22.4 h",))
    scores = score(owed, answer("I do not know.", action="decline", citations=[]))
    assert "value" not in scores
    assert scores["action"] == scores["decline_precision"] == 1


def test_citations_count_by_document_glob() -> None:
    owed = Expectation(cite=("reef/*.pdf|reef/*.docx", "shop/x.csv"), may_cite=("kb.toml",))
    cited = [{"document": d, "valid": True} for d in ("reef/a.docx", "kb.toml", "reef/brochure.html")]
    scores = score(owed, answer(citations=cited))
    assert scores["cite_recall"] == 0.5
    assert scores["cite_precision"] == pytest.approx(2 / 3)


def test_an_expired_paper_cited_as_valid_is_wrong() -> None:
    owed = Expectation(held={"reef/*": False})
    assert score(owed, answer())["validity"] == 0
    old = [{"document": "reef/report.pdf", "valid": False}]
    assert score(owed, answer(citations=old))["validity"] == 1


def test_quotes_count_by_the_second_readers_word() -> None:
    given = answer(citations=[{"document": "a", "valid": True}, {"document": "b", "valid": True}])
    scores = answer_scores(Expectation(), given, lang="en", length=99, quote=lambda c: c["document"] == "a")
    assert scores["quote"] == 0.5


def test_what_must_never_be_said_is_found_by_amount_and_by_word() -> None:
    owed = Expectation(never=("30 h", "sea"))
    assert said_never(owed, "Hasta 30 horas de música", "es") == ["30 h"]
    assert said_never(owed, "Fully taped seams, 130 h", "en") == []
    assert said_never(owed, "Take it to the sea!", "en") == ["sea"]


def test_words_that_may_only_be_denied_pass_in_a_denial_alone() -> None:
    owed = Expectation(affirm_never={"any": ("FDA approved", "IPX8")})
    assert said_never(owed, "It is not FDA approved.", "en") == []
    assert said_never(owed, "Es ist nicht IPX8. Es hat IPX7.", "de") == []
    assert said_never(owed, "No problem. It is FDA approved.", "en") == ["FDA approved"]


def test_a_denial_is_read_in_its_language() -> None:
    owed = Expectation(denies=True)
    assert score(owed, answer("No tiene carga inalámbrica."), "es")["denies"] == 1
    assert score(owed, answer("ワイヤレス充電には対応していません。"), "ja")["denies"] == 1
    assert score(owed, answer("Sí, por supuesto."), "es")["denies"] == 0


def test_reply_language_compares_primary_tags_and_empty_texts_have_none() -> None:
    spanish = answer_scores(Expectation(), answer(), lang="es", length=99, detect=lambda t: "es-MX")
    silent = answer_scores(Expectation(), answer(""), lang="es", length=99, detect=lambda t: "en")
    assert spanish["reply_lang"] == 1
    assert "reply_lang" not in silent


def test_globs_match_whatever_the_unicode_form() -> None:
    assert matches("shop/Gewa\u0308hr.docx", "shop/Gew\u00e4hr*")
    assert not matches("reef/a.pdf", "shop/*|reef/b.pdf")


def test_search_ranks_count_distinct_documents() -> None:
    found = ["a.md", "a.md", "b.md", "c.pdf"]
    assert search_scores(found, ["c.*"]) == {"recall@1": 0, "recall@5": 1, "mrr": pytest.approx(1 / 3)}
    assert search_scores(found, ["d.*"]) == {"recall@1": 0, "recall@5": 0, "mrr": 0}
    assert search_scores(["a.md"], ["b.md", "a.md"]) == {"recall@1": 1, "recall@5": 1, "mrr": 1}


@pytest.mark.parametrize(
    ("owed", "got", "expected"),
    [
        ("allow", "allow", {"verdict": 1, "passed": 1}),
        ("allow", "rewrite", {"verdict": 0, "passed": 0}),
        ("stop", "block", {"verdict": 1, "stopped": 1, "rule": 1}),
        ("block", "rewrite", {"verdict": 0, "stopped": 1, "rule": 1}),
        ("stop", "allow", {"verdict": 0, "stopped": 0}),
    ],
)
def test_verdicts_tell_over_blocking_from_under_blocking(
    owed: str, got: str, expected: dict[str, float]
) -> None:
    assert verdict_scores(owed, "R7" if owed != "allow" else None, got, "R7") == expected


def test_romanised_hindi_counts_as_hindi_and_und_only_as_und() -> None:
    assert line_score("hi-Latn", "hi") == 1
    assert line_score("und", "en") == 0


def test_a_planted_fault_is_found_as_sentence_or_as_mark() -> None:
    assert reached("Battery: 33.6 h.", ("33.6 h",), "La batería dura 33,6 horas", "es")
    assert reached("It is the best.", (), "Good news. It is  the best.", "en")
    assert not reached("Battery: 22.4 h.", (), "Battery: 22.4 h at 50 % volume.", "en")
