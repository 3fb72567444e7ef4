"""Passages as a large brand has them: the folder's own, and further ones with other figures and words.

Nothing is drawn: the same folder gives the same passages and vectors every time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from cohost.ports import Vector
from cohost.trust.evidence import Evidence, Passage

FIRST_ID = 2_000_000
EVERY = 4
"""Every so many words one comes from another passage of the language."""
SPREAD = 0.5
"""Length of what is added to a unit vector: a passage and its variants lie .8 to .9 apart by cosine."""
SEED = 20
_DIGIT = re.compile(r"\d")


def passages(items: Sequence[Evidence], markets: Sequence[str], count: int) -> list[Passage]:
    """`count` passages: those on file first, then variants of them in turn; a third of the variants is for
    one market. [] where the folder has none."""
    own = [_whole(i) for i in items if isinstance(i, Passage) and i.release == "approved"]
    words = _words(own)
    made = own[:count]
    while own and len(made) < count:
        step, row = divmod(len(made), len(own))
        origin, told = own[row], own[row].markets
        if markets and not told and (row + step) % 3 == 0:
            told = (markets[(row + step // 3) % len(markets)],)
        text = varied(origin.text, step, words[origin.source.lang])
        made.append(msgspec.structs.replace(origin, id=f"E{FIRST_ID + len(made)}", text=text, markets=told))
    return made


def varied(text: str, step: int, words: Sequence[str]) -> str:
    """Other digits, none of them 0, and every fourth word another of `words`."""
    parts = text.split(" ")
    for place in range(step % EVERY, len(parts), EVERY):
        if not _DIGIT.search(parts[place]) and words:
            parts[place] = words[(31 * step + 7 * place) % len(words)]
    return _DIGIT.sub(lambda m: str((int(m[0]) + step + m.start()) % 9 + 1), " ".join(parts))


def vectors(own: Vector, count: int) -> Vector:
    """`count` unit vectors: those on file first, then variants of them in turn, near their origin."""
    rng = np.random.default_rng(SEED)
    noise = rng.standard_normal((count, own.shape[1])).astype(np.float32)
    noise *= SPREAD / np.linalg.norm(noise, axis=1, keepdims=True)
    noise[: len(own)] = 0.0
    made = own[np.arange(count) % len(own)] + noise
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


def _whole(passage: Passage) -> Passage:
    """Its heading within its text, so that the text alone is what is searched."""
    if not passage.heading:
        return passage
    return msgspec.structs.replace(passage, text=f"{passage.heading}: {passage.text}", heading="")


def _words(own: Sequence[Passage]) -> Mapping[str, list[str]]:
    """Words by language, each as often as it is written."""
    found: dict[str, list[str]] = {}
    for passage in own:
        found.setdefault(passage.source.lang, []).extend(
            w for w in passage.text.split() if not _DIGIT.search(w)
        )
    return found
