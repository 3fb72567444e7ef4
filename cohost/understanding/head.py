"""The kind of a line by a trained head: logistic regression on the vector the embedder makes and on what the
lists of words found in it. Pure but for `TrainedKinds`, the shell that asks the embedder.

The weights lie in `head.npz`, made from `languages/*/examples.toml` by `python -m evals.kinds_head`; it
holds for each embedder `mean` (dim), `weights` (dim + signs, kinds) and `bias` (kinds), and the hash of the
examples.
"""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cohost.common.lexicon import read
from cohost.languages import base
from cohost.ports import Embedder, Vector
from cohost.understanding.form import LINK, MARK, STRONG, WEAK, question_form, size

FILE = "head.npz"
LONGEST = 300  # characters of a line that are looked at
BEST = 6
WEIGHT = 0.3
"""How much a sign counts beside a vector of length one."""

LISTS = (
    *(f"line.{key}" for key in (
        "greeting", "praise", "filler", "purchase", "order", "complaint", "spam", "abuse", "demo", "personal",
        "off_topic", "guess", "grave", "weather", "afar", "me",
    )),
    *(f"hazard.{key}" for key in (
        "facts", "alone", "body", "harm", "goods", "fault", "not", "maybe", "real",
    )),
    *(f"injection.{key}" for key in (
        "verbs", "objects", "owners", "phrases", "ask", "secret", "role", "loose", "claim", "lift",
    )),
)  # fmt: skip
"""Lists of words whose presence is a sign."""

_BRACKETS = re.compile(r"[\[\]<>{}【】|/]")
_WORDS = 20
_FEW = 3
SHAPES = 13


def signs(text: str, lang: str, *, lists: bool = True) -> Vector:
    """(SHAPES + len(LISTS),) float32: the shape of a line and the lists it has words of. `lists` False: its
    shape alone."""
    reading = read(text)
    langs = (base(lang), "en")
    form = question_form(reading, langs)
    letters = max(1, len(reading.line.dense))
    digits = sum(c.isdigit() for c in text)
    words = size(reading)
    shape = (
        form >= MARK, form == STRONG, form == WEAK, text.lstrip().startswith("@"),
        digits / letters, digits > 0,
        LINK.search(text) is not None, _BRACKETS.search(text) is not None, "!" in text,
        ":" in text or "：" in text, "," in text or "，" in text, min(words, _WORDS) / _WORDS, words <= _FEW,
    )  # fmt: skip
    found = [lists and reading.has(name, langs) for name in LISTS]
    return np.array([*shape, *found], np.float32) * np.float32(WEIGHT)


def inputs(vectors: Vector, mean: Vector, rows: Vector) -> Vector:
    """(n, dim) vectors and (n, signs) rows as the head reads them."""
    apart = vectors - mean
    lengths = np.linalg.norm(apart, axis=-1, keepdims=True)
    return np.concatenate([apart / np.maximum(lengths, 1e-9), rows], axis=-1)


class Head(NamedTuple):
    """The weights for one embedder."""

    kinds: tuple[str, ...]
    mean: Vector
    weights: Vector
    bias: Vector

    def score(self, vector: Vector, row: Vector) -> list[tuple[str, float]]:
        """(kind, probability) best first, at most `BEST`."""
        logits = inputs(vector[np.newaxis], self.mean, row[np.newaxis])[0] @ self.weights + self.bias
        odds = np.exp(logits - logits.max())
        shares = odds / odds.sum()
        order = np.argsort(-shares, kind="stable")[:BEST]
        return [(self.kinds[i], round(float(shares[i]), 3)) for i in order]


class Heads(NamedTuple):
    """Every head that ships; `made_from` is `examples.fingerprint()` of its making."""

    made_from: str
    heads: dict[str, Head]


@functools.cache
def load() -> Heads:
    """The heads of `head.npz`; none where the file is not there."""
    file = importlib.resources.files(__package__) / FILE
    if not file.is_file():
        return Heads("", {})
    with importlib.resources.as_file(file) as path, np.load(path) as data:
        kinds = tuple(str(kind) for kind in data["kinds"])
        heads = {
            str(name): Head(
                kinds,
                *(data[f"{name}.{part}"].astype(np.float32) for part in ("mean", "weights", "bias")),
            )
            for name in data["embedders"]
        }
        return Heads(str(data["made_from"]), heads)


class TrainedKinds:
    """Kinds of lines by meaning, as `semantic.Meanings`. `embedders` in order of preference: the first that
    knows the language and has a head serves it."""

    def __init__(self, embedders: Sequence[Embedder]) -> None:
        heads = load().heads
        self._served = [(embedder, heads[embedder.name]) for embedder in embedders if embedder.name in heads]

    async def score(self, text: str, lang: str) -> list[tuple[str, float]]:
        """(kind, probability) best first; [] without an embedder. Raises ProviderError. Safe to cancel."""
        served = next((pair for pair in self._served if pair[0].knows(lang)), None)
        if served is None:
            return []
        embedder, head = served
        cut = text[:LONGEST]
        vector = (await embedder.embed([cut], query=True))[0]
        return head.score(vector, signs(cut, lang))

    async def warm(self, langs: Sequence[str]) -> None:
        """Nothing to make: the weights are read when it is built."""
