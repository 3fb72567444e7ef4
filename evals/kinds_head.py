"""Trains the head that tells kinds of lines by meaning, and measures it. Shell.

    python -m evals.kinds_head            # measures, then writes cohost/understanding/head.npz
    python -m evals.kinds_head --dry      # measures only

Examples are `cohost/languages/*/examples.toml`; entries of the word lists and ways to ask about a product
are beside them with little weight. Measured is each third of the examples by a head that never saw it,
translations of one scene being kept back together, alone and behind the word rules. Deterministic: the same
examples, models and numpy give the same weights.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.resources
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cohost import resources
from cohost.common.lexicon import entries, is_dense
from cohost.knowledge import given
from cohost.knowledge.embed import CachedEmbedder, E5Embedder, UseEmbedder, VectorCache
from cohost.languages import LANGUAGES
from cohost.ports import Embedder, Vector
from cohost.trust.attributes import match_phrases, phrases
from cohost.understanding.examples import Example, examples, fingerprint
from cohost.understanding.head import FILE, Head, inputs, signs
from cohost.understanding.kinds import QUESTION, decide, undecided
from cohost.understanding.triage import Triage, triage

LISTS = {
    "greeting": ("line", "greeting"), "praise": ("line", "praise"), "purchase": ("line", "purchase"),
    "order": ("line", "order"), "complaint": ("line", "complaint"), "abuse": ("line", "abuse"),
    "spam": ("line", "spam"), "demo_request": ("line", "demo"), "off_topic": ("line", "off_topic"),
    "hazard": ("hazard", "facts"),
}  # fmt: skip
ALARMS = frozenset({"hazard", "injection", "sensitive"})

FOLDS = 3
STEPS = 300
PENALTY = 2e-5
LIGHT = 0.1
"""How much an entry of a list counts beside an example."""

BALANCE = 0.65
"""How far rare kinds are made up for: 0 not at all, 1 entirely."""

_LEAST, _LEAST_DENSE = 5, 2


class Rows(NamedTuple):
    """What one head learns from: n rows; `fold` is -1 for those that are never kept back."""

    examples: list[Example]
    vectors: Vector  # (n, dim)
    signs: Vector  # (n, signs)
    weight: Vector  # (n,)
    fold: np.ndarray  # (n,) int


def listed(lang: str) -> list[Example]:
    """Entries of one language's lists, and its ways to ask about a product."""
    found: list[tuple[str, str]] = []
    for kind, (section, key) in LISTS.items():
        for entry in entries(lang, section, key):
            text = entry.rstrip("*~").replace("..", " ").lstrip("=").strip()
            if len(text) >= (_LEAST_DENSE if is_dense(text) else _LEAST):
                found.append((kind, text))
    found += [(QUESTION, phrase) for _, phrase in phrases(lang)]
    return [Example(lang, kind, False, -1, text) for kind, text in found]


async def rows(embedder: Embedder, wide: bool) -> Rows:
    """`wide`: the embedder is there for every language; else its own examples alone."""
    own = [e for e in examples() if wide or embedder.knows(e.lang)]
    langs = [
        lang
        for lang in LANGUAGES
        if (not UseEmbedder().knows(lang) or lang == "en" if wide else embedder.knows(lang))
    ]
    light = [e for lang in langs for e in listed(lang)]
    every = [*own, *light]
    vectors = await embedder.embed([e.text for e in every], query=True)
    return Rows(
        every,
        vectors,
        np.stack([signs(e.text, e.lang, lists=e.number >= 0) for e in every]),
        np.array([1.0 if e.number >= 0 else LIGHT for e in every], np.float32),
        np.array([e.number % FOLDS if e.number >= 0 else -1 for e in every]),
    )


def train(data: Rows, kinds: Sequence[str], kept_back: int | None = None) -> Head:
    """Multinomial logistic regression with a quadratic penalty, by Nesterov's accelerated gradient."""
    used = np.ones(len(data.fold), bool) if kept_back is None else data.fold != kept_back
    number = {kind: i for i, kind in enumerate(kinds)}
    owner = np.array([number[e.kind] for e in data.examples])[used]
    weight = data.weight[used].astype(np.float64)
    share = np.bincount(owner, weight, minlength=len(kinds))
    weight *= (share.mean() / np.maximum(share[owner], 1e-9)) ** BALANCE
    weight /= weight.sum()
    mean = data.vectors[used].mean(axis=0)
    x = inputs(data.vectors[used], mean, data.signs[used]).astype(np.float32)
    target = np.eye(len(kinds), dtype=np.float32)[owner]
    scale = weight[:, np.newaxis].astype(np.float32)
    step = np.float32(1.0 / (1.0 + PENALTY))
    now = ahead = np.zeros((x.shape[1], len(kinds)), np.float32)
    bias = bias_ahead = np.zeros(len(kinds), np.float32)
    pace = 1.0
    for _ in range(STEPS):
        odds = x @ ahead + bias_ahead
        odds = np.exp(odds - odds.max(axis=1, keepdims=True))
        slope = (odds / odds.sum(axis=1, keepdims=True) - target) * scale
        new = ahead - step * (x.T @ slope + np.float32(PENALTY) * ahead)
        new_bias = bias_ahead - step * slope.sum(axis=0)
        faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        lead = np.float32((pace - 1) / faster)
        ahead, bias_ahead = new + lead * (new - now), new_bias + lead * (new_bias - bias)
        now, bias, pace = new, new_bias, faster
    return Head(tuple(kinds), mean, now, bias)


class Read(NamedTuple):
    """One kept-back example: what it is, and what it was taken for by words, by the head, by both."""

    example: Example
    words: str
    head: str
    both: str


def read(example: Example, head: Head, vector: Vector) -> Read:
    """One example as the room reads it."""
    attributes = match_phrases(example.text, example.lang)
    kind = triage(example.text, example.lang, attributes=attributes)
    scores = head.score(vector, signs(example.text, example.lang))
    both: Triage = kind
    if undecided(kind, attributes[0][1] if attributes else 0.0):
        both = decide(kind, scores)
    return Read(example, kind.intent, scores[0][0], both.intent)


def report(found: list[Read], kinds: Sequence[str]) -> list[str]:
    """Lines of figures: recall and precision of each kind, by words alone, by the head alone, by both."""
    lines = []
    for name in ("words", "head", "both"):
        scores = []
        for kind in kinds:
            right = sum(getattr(r, name) == kind == r.example.kind for r in found)
            owed = sum(r.example.kind == kind for r in found)
            said = sum(getattr(r, name) == kind for r in found)
            recall, precision = right / max(1, owed), right / max(1, said)
            scores.append(2 * recall * precision / max(1e-9, recall + precision))
            lines.append(f"{name:6} {kind:14} recall {recall:.2f} precision {precision:.2f} n {owed}")
        alike = [r for r in found if r.example.alike]
        passed = sum(getattr(r, name) not in ALARMS for r in alike)
        lines.append(
            f"{name:6} macro-F1 {np.mean(scores):.3f}, look-alikes passed {passed / max(1, len(alike)):.3f}"
        )
    return lines


async def make(dry: bool) -> list[str]:
    """Measure, write unless `dry`; the report."""
    cache = VectorCache(resources.cache_dir() / "vectors.sqlite", given.load())
    use, e5 = (CachedEmbedder(model, cache) for model in (UseEmbedder(), E5Embedder()))
    kinds = sorted({e.kind for e in examples()})
    found: list[Read] = []
    kept: dict[str, np.ndarray] = {
        "kinds": np.array(kinds), "embedders": np.array([use.name, e5.name]),
        "made_from": np.array(fingerprint()),
    }  # fmt: skip
    for embedder, wide in ((use, False), (e5, True)):
        data = await rows(embedder, wide)
        for fold in range(FOLDS):
            head = train(data, kinds, fold)
            found += [
                read(example, head, data.vectors[i])
                for i, example in enumerate(data.examples)
                if data.fold[i] == fold and (not wide or not use.knows(example.lang))
            ]
        whole = train(data, kinds)
        for part in ("mean", "weights", "bias"):
            kept[f"{embedder.name}.{part}"] = getattr(whole, part).astype(np.float16)
    cache.close()
    if not dry:
        path = Path(str(importlib.resources.files("cohost.understanding") / FILE))
        await asyncio.to_thread(lambda: np.savez_compressed(path, allow_pickle=False, **kept))
    return report(found, kinds)


def main() -> int:
    parser = argparse.ArgumentParser(description="Train and measure the head that tells kinds of lines.")
    parser.add_argument("--dry", action="store_true", help="measure only")
    told = asyncio.run(make(parser.parse_args().dry))
    sys.stdout.write("\n".join(told) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
