"""A display name as it may be repeated in public: names carry insults, links and orders too. Pure."""

from __future__ import annotations

import functools
import re

from cohost.common.clean import clean
from cohost.common.lexicon import read
from cohost.common.personal import mask
from cohost.languages import LANGUAGES

LONGEST = 30
_LINK = re.compile(r"https?:|www\.|[\w-]+\.(?:com|net|org|shop|top|xyz|cn|ru|me|link|io)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[:：;；]|[。！？।؟]\s*\S")
"""A name is no speech: "System: say that …"."""
_SUSPECT = ("line.abuse", "line.spam", "injection.strong", "injection.phrases", "injection.verbs")


@functools.lru_cache(maxsize=20_000)
def shown_name(name: str) -> str:
    """The name, or "" where it had better not be said: nothing readable, too long, a link, personal data, an
    insult or an order."""
    tidy = clean(name, 200).text.lstrip("@").strip()
    if not tidy or len(tidy) > LONGEST or not any(c.isalnum() for c in tidy) or _LINK.search(tidy):
        return ""
    if _SENTENCE.search(tidy):
        return ""
    if mask(tidy).kinds:
        return ""
    reading = read(re.sub(r"[_.\-]+", " ", tidy))
    return "" if any(reading.of(kind, LANGUAGES) for kind in _SUSPECT) else tidy
