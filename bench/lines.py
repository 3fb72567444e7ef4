"""What the benches type: the evals' own questions and chat lines, mixed the same way every time."""

from __future__ import annotations

from itertools import islice

from evals.case import LineCase, QuestionCase, read_cases, spread
from evals.suite import HOME

REPEATED = 0.37
"""Share of lines that repeat another within a minute, on a real stream of 28,000 messages."""


def questions(limit: int) -> list[QuestionCase]:
    """Questions in eight languages, languages in turn."""
    return spread(read_cases(sorted((HOME / "cases" / "answers").glob("*.jsonl")), QuestionCase), limit)


def chat(count: int) -> list[str]:
    """Short chat lines of 18 languages: lines, two of one language run together, and repeats."""
    lines = read_cases([HOME / "cases" / "language.jsonl"], LineCase)
    texts = [(c.lang, c.text) for c in lines] + [(c.lang, c.question) for c in questions(0)]
    single = [text for _, text in texts]
    pairs = (
        f"{texts[n][1]} {texts[m][1]}"
        for step in range(1, len(texts))
        for n in range(len(texts))
        if texts[n][0] == texts[m := (n + step) % len(texts)][0]
    )
    unique = list(islice((*single, *islice(pairs, count)), round(count * (1 - REPEATED))))
    mixed = [unique[(7 * n) % len(unique)] for n in range(len(unique))] if len(unique) % 7 else unique
    while len(mixed) < count:
        mixed.append(unique[(13 * len(mixed)) % len(unique)])
    return mixed
