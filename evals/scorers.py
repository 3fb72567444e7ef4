"""What a reply is worth against what was expected. Pure: texts and structs in, 0..1 out.

An answer is the object of `cohost ask --json`. A scorer that does not apply is left out, so every
mean runs over the cases that have something to say about it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from cohost.languages import base
from evals.case import Expectation
from evals.wording import denied, fold, negated, sentences, stands, stands_apart, unquoted

Quote = Callable[[Mapping[str, Any]], bool]
"""True where a citation's quote stands in its document, by the second reader."""
Detect = Callable[[str], str]
"""The language of a text."""


def answer_scores(
    expected: Expectation,
    answer: Mapping[str, Any],
    *,
    lang: str,
    length: int,
    quote: Quote | None = None,
    detect: Detect | None = None,
) -> dict[str, float]:
    """Every scorer that applies to one answer. `lang`: the language the reply owes."""
    text, action = str(answer["text"]), str(answer["action"])
    scores: dict[str, float] = {"action": float(action in expected.action)}
    if expected.intent:
        scores["intent"] = float(answer["intent"] in expected.intent)
    scores |= _declining(expected, action)
    if action == "answer" or expected.action == ("answer",):
        scores |= _content(expected, text, lang)
    if action == "answer":
        scores |= _citing(expected, answer["citations"], quote)
    if text:
        scores["never"] = float(not said_never(expected, text, lang))
        scores["length"] = float(len(text) <= length)
        if detect is not None:
            scores["reply_lang"] = float(base(detect(unquoted(text))) == base(lang))
    if expected.notify_host is not None:
        scores["notify"] = float(bool(answer["notify_host"]) == expected.notify_host)
    if expected.product is not None:
        scores["product"] = float(answer["product"] == expected.product)
    return scores


def _declining(expected: Expectation, action: str) -> dict[str, float]:
    """Precision over what was declined, recall over what only a decline answers."""
    scores = {}
    if action == "decline":
        scores["decline_precision"] = float("decline" in expected.action)
    if expected.action == ("decline",):
        scores["decline_recall"] = float(action == "decline")
    return scores


def _content(expected: Expectation, text: str, lang: str) -> dict[str, float]:
    scores = {}
    if expected.values:
        scores["value"] = float(all(_either(entry, text, lang) for entry in expected.values))
    condition = wanted(expected.condition, lang)
    if condition:
        scores["condition"] = float(all(_either(entry, text, lang) for entry in condition))
    says = wanted(expected.says, lang)
    if says:
        scores["says"] = float(all(_either(entry, text, lang) for entry in says))
    if expected.denies:
        scores["denies"] = float(any(negated(sentence, lang) for sentence in sentences(text)))
    return scores


def wanted(by_language: Mapping[str, Sequence[str]], lang: str) -> tuple[str, ...]:
    """What a language owes: its own entries and those of `any`."""
    return (*by_language.get("any", ()), *by_language.get(base(lang), ()))


def _either(entry: str, text: str, lang: str) -> bool:
    return any(stands(part, text, lang) for part in entry.split("|"))


def said_never(expected: Expectation, text: str, lang: str) -> list[str]:
    """The words of a reply that must not be there."""
    found = [entry for entry in expected.never if stands_apart(entry, text, lang)]
    for entry in wanted(expected.affirm_never, lang):
        if stands_apart(entry, text, lang) and not denied(entry, text, lang):
            found.append(entry)
    return found


def _citing(
    expected: Expectation, citations: Sequence[Mapping[str, Any]], quote: Quote | None
) -> dict[str, float]:
    documents = [str(c["document"]) for c in citations]
    scores: dict[str, float] = {}
    if expected.cite:
        hit = [any(matches(d, entry) for d in documents) for entry in expected.cite]
        scores["cite_recall"] = sum(hit) / len(hit)
        if documents:
            allowed = (*expected.cite, *expected.may_cite)
            right = [any(matches(d, entry) for entry in allowed) for d in documents]
            scores["cite_precision"] = sum(right) / len(right)
    if quote is not None and citations:
        standing = [quote(c) for c in citations]
        scores["quote"] = sum(standing) / len(standing)
    for glob, valid in expected.held.items():
        cited = [c for c in citations if matches(str(c["document"]), glob)]
        if cited:
            scores["validity"] = float(all(bool(c["valid"]) == valid for c in cited))
    return scores


def matches(document: str, globs: str) -> bool:
    """A document against "a/*.pdf|b/c.md"; names compare in NFC."""
    path = unicodedata.normalize("NFC", document)
    return any(fnmatchcase(path, unicodedata.normalize("NFC", glob)) for glob in globs.split("|"))


def search_scores(documents: Sequence[str], wanted_globs: Sequence[str]) -> dict[str, float]:
    """Recall at 1 and 5 and reciprocal rank of the first right document among distinct ones."""
    distinct = list(dict.fromkeys(documents))
    ranks = [n for n, d in enumerate(distinct, start=1) if any(matches(d, g) for g in wanted_globs)]
    first = ranks[0] if ranks else 0
    return {
        "recall@1": float(first == 1),
        "recall@5": float(0 < first <= 5),
        "mrr": 1 / first if first else 0.0,
    }


def verdict_scores(expected: str, rule: str | None, action: str, by_rule: str | None) -> dict[str, float]:
    """A guard's verdict: right as a whole, and which way it errs."""
    stop = action != "allow"
    owed_stop = expected != "allow"
    right = stop == owed_stop and (expected in ("allow", "stop") or expected == action)
    scores = {"verdict": float(right)}
    if owed_stop:
        scores["stopped"] = float(stop)
    else:
        scores["passed"] = float(not stop)
    if owed_stop and stop and rule is not None:
        scores["rule"] = float(rule == by_rule)
    return scores


def line_score(expected: str, got: str) -> float:
    """Language of a line by its primary subtag; `und` must be `und`."""
    return float(base(expected) == base(got))


def reached(planted: str, marks: Sequence[str], posted: str, lang: str) -> bool:
    """True when a planted fault is in what the room got: its sentence or one of its marks."""
    if fold(planted) and fold(planted) in fold(posted):
        return True
    return any(stands_apart(mark, posted, lang) for mark in marks)
