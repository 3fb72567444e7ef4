"""A glance at a line when the room is too fast to read every one: small talk is let go, whatever may ask or
need a person is read. Pure.

It errs one way only: a line with any word of a question, of the goods, of an order, a complaint, a danger or
an order to cohost is read, in any language.
"""

from __future__ import annotations

import functools
import re

from cohost.common.lexicon import fold, is_dense, read, stop_words, words_of
from cohost.languages import LANGUAGES
from cohost.trust.attributes import names, phrases
from cohost.understanding.attack import ENOUGH, weigh
from cohost.understanding.hazard import harm
from cohost.understanding.triage import Triage

SHED = "shed"
"""How the reason of a line begins that was let go."""

QUIET = ("greeting", "praise", "spam", "abuse")
LONGEST, DENSE_LONGEST = 60, 12
_READ = ("question.words", "question.starts", "question.ends", "question.follow")
_PARTS = frozenset(
    [f"hazard.{part}" for part in ("body", "harm", "goods", "fault", "not", "real", "meant")]
    + [f"injection.{part}" for part in ("ask", "secret", "role", "loose", "lift", "run", "tag")]
    + [f"line.{part}" for part in ("afar", "me", "years", "kin")]
)
"""Parts of a danger, an order or an age: ordinary words each, looked at together."""

_MARKS = re.compile(r"[?？؟¿\d@]")


@functools.lru_cache(maxsize=4096)
def glance(text: str) -> Triage | None:
    """What a line is that needs no reading; None where it must be read."""
    if not any(c.isalpha() for c in text):
        return Triage("praise", f"{SHED}: no words", asks=False)
    if len(text) > LONGEST or _MARKS.search(text):
        return None
    reading = read(text)
    lists = reading.by_name
    quiet = next((kind for kind in QUIET if f"line.{kind}" in lists), None)
    known = {name for name in lists if name.partition(".")[0] in ("line", "hazard", "injection", "question")}
    if (
        known
        - {f"line.{kind}" for kind in (*QUIET, "filler", "grave", "afar", "me", "years", "aged", "my_age")}
        - _PARTS
    ):
        return None
    if harm(reading, LANGUAGES) is not None or weigh(reading)[0] >= ENOUGH:
        return None
    if is_dense(text):
        if quiet is None or len(reading.line.dense) > DENSE_LONGEST:
            return None  # its words are not told apart: only what is known as small talk is let go
    elif any(w.text in _goods() for w in reading.line.words):
        return None
    return Triage(quiet or "off_topic", f"{SHED}: {quiet or 'small talk'}", asks=False)


@functools.cache
def _goods() -> frozenset[str]:
    """Words that stand in ways to ask about a product and in the names of what can be asked, in any language,
    function words aside."""
    found: set[str] = set()
    for lang in LANGUAGES:
        asked = {w for _, phrase in phrases(lang) for w in _words(phrase)}
        found |= asked - stop_words(lang)
        for row in names(lang).values():
            found |= {w for key in row.keys if len(key.split()) == 1 for w in _words(key)}
    return frozenset(w for w in found if len(w) > 2)


def _words(text: str) -> list[str]:
    return [w.text for w in words_of(fold(text.replace("*", " ").replace("~", " ")))]
