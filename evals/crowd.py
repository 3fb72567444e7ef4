"""Chat storms whose every line is known, and what a room made of them. Pure: seeded, no clock.

Small talk comes from the labelled chat lines (`storm.py`); between it people ask what `topics.toml` lists:
one topic in one market (one model, where the answer is the model's) is one question, in any language.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from evals.case import Case, ChatCase
from evals.stats import mean
from evals.storm import storm, varied

Topics = Mapping[str, Mapping[str, Sequence[str]]]
"""Topic → language → ways to ask it."""

BY_MODEL = frozenset({"battery", "water", "weight", "charging_time"})
"""Topics whose answer is the model's: countries with the same model ask one question."""
SMALL_TALK = frozenset({"greeting", "praise", "emoji", "to_viewer", "off_topic", "spam", "abuse"})
VARIED = 0.3
"""Of the questions, those typed with drawn-out letters, capitals or emoji."""


class StormCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`lines` at `per_second`; `asked`: the share that are questions; `flood`: so many of them by one viewer;
    `spam`: lines of a bot in the middle. Empty lists: all there are."""

    seed: int
    lines: int
    per_second: float
    asked: float = 0.125
    topics: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    markets: tuple[str, ...] = ("DE", "FR", "ES", "GB", "US", "JP", "BR", "TH")
    platforms: tuple[str, ...] = ("room",)
    viewers: int = 200
    flood: int = 0
    spam: int = 0


class Line(msgspec.Struct, frozen=True):
    """A line as it is sent. `same`: equal for lines that are one question; "" for what asks nothing."""

    at_ms: int
    text: str
    viewer: str
    lang: str
    platform: str
    market: str | None
    same: str = ""


class Fate(msgspec.Struct, frozen=True):
    """What became of a question's line. `question`: the id it opened or joined, None where it was taken for
    something else; `decided`: a decision or an expiry was told; `answered`: a reply to that question in its
    language stands on its platform."""

    question: str | None = None
    decided: bool = False
    answered: bool = False


def lines_of(
    case: StormCase, topics: Topics, talk: Sequence[ChatCase], models: Mapping[str, str]
) -> Iterator[Line]:
    """In order of time. `models`: market → the model sold there."""
    draw = random.Random(case.seed)
    chosen = {k: v for k, v in topics.items() if not case.topics or k in case.topics}
    quiet = [c for c in talk if c.intent.partition("|")[0] in SMALL_TALK]
    small = storm(quiet, 10 * case.lines, seed=case.seed, viewers=case.viewers, markets=case.markets)
    said = (line for line in small if line.kind in SMALL_TALK and not line.viewer.startswith("bot"))
    flood = case.flood
    for number in range(case.lines):
        at = round(number * 1000 / case.per_second)
        if case.spam and case.lines // 2 <= number < case.lines // 2 + case.spam:
            yield Line(at, f"free gifts at www.win-now{number % 9}.top 🎁", f"bot{number % 5}", "en",
                       case.platforms[0], None)  # fmt: skip
        elif draw.random() < case.asked:
            flooding = flood > 0 and draw.random() < 0.5
            flood -= flooding
            yield _question(case, chosen, models, at, draw, "flood" if flooding else "")
        else:
            line = next(said)
            where = case.platforms[int(line.viewer.lstrip("v") or 0) % len(case.platforms)]
            yield Line(at, line.text, line.viewer, line.lang, where, line.market)


def _question(
    case: StormCase, topics: Topics, models: Mapping[str, str], at: int, draw: random.Random, viewer: str
) -> Line:
    """A viewer keeps language, market and platform."""
    who = draw.randrange(case.viewers)
    topic = draw.choice(sorted(topics))
    langs = sorted(lang for lang in topics[topic] if not case.langs or lang in case.langs)
    if viewer:
        who = 0
    lang = langs[who % len(langs)]
    market = case.markets[who % len(case.markets)]
    text = draw.choice(sorted(topics[topic][lang]))
    if draw.random() < VARIED:
        text = varied(text, draw)
    same = f"{topic} {models.get(market, market) if topic in BY_MODEL else market}"
    where = case.platforms[who % len(case.platforms)]
    return Line(at, text, viewer or f"q{who}-{lang}", lang, where, market, same)


def crowd_scores(lines: Sequence[Line], fates: Sequence[Fate]) -> dict[str, dict[str, float]]:
    """Language → scores over its questions, and "" → the room's: each in 0..1.

    kept: a line is a question and was decided (or told as expired). recall: of the lines whose question
    had been asked before, those that joined an earlier one of the same. precision: of those that joined
    one, those whose question it was. answered: the share that has a reply.
    """
    asked = [(line, fate) for line, fate in zip(lines, fates, strict=True) if line.same]
    opened: dict[str, str] = {}  # question → what its first line asked
    joined: dict[str, set[str]] = {}  # what is asked → questions that hold it
    rows: dict[str, dict[str, list[float]]] = {}
    for line, fate in asked:
        scores: dict[str, float] = {
            "kept": float(fate.question is not None and fate.decided),
            "answered": float(fate.answered),
        }
        before = joined.setdefault(line.same, set())
        if before and fate.question is not None:
            scores["recall"] = float(fate.question in before)
        if fate.question is not None:
            if fate.question in opened:
                scores["precision"] = float(opened[fate.question] == line.same)
            opened.setdefault(fate.question, line.same)
            before.add(fate.question)
        for name, value in scores.items():
            rows.setdefault(line.lang, {}).setdefault(name, []).append(value)
    found = {lang: {k: mean(v) or 0.0 for k, v in by.items()} for lang, by in sorted(rows.items())}
    served: dict[str, list[float]] = {}
    for line, fate in asked:
        served.setdefault(line.viewer, []).append(float(fate.answered))
    found[""] = {
        "fair_languages": fairness([s["answered"] for lang, s in found.items() if lang]),
        "fair_viewers": fairness([mean(v) or 0.0 for v in served.values()]),
    }
    return found


def fairness(shares: Sequence[float]) -> float:
    """Jain's index: 1 where all get the same, 1/n where one gets everything; 1 of nothing."""
    squares = sum(s * s for s in shares)
    return sum(shares) ** 2 / (len(shares) * squares) if squares else 1.0
