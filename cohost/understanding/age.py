"""A viewer's own age, where it tells that a child is typing. Pure.

"I'm 12 years old", "12 yaşındayım", "umurku 11": `[line]` of the lexicons holds `me` and `years` (a number
between them), `aged` (a number before it, the word itself says "I") and `my_age` (a number behind it).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cohost.common.lexicon import Reading

YOUNGEST, OLDEST = 6, 17
"""Years of those who type and may not buy."""

_NUMBER = re.compile(r"(?<!\d)(?<!\d[.,:/'])(\d{1,2})(?![\d:/'%]|[.,]\d)")
_BETWEEN = " :=-"


def minor(reading: Reading, langs: Sequence[str]) -> int | None:
    """The age a viewer names as their own, where it is a child's."""
    if not any(name in reading.by_name for name in ("line.years", "line.aged", "line.my_age")):
        return None
    folded = reading.line.folded

    def ends(name: str, at: int) -> bool:
        return any(h.end <= at and not folded[h.end : at].strip(_BETWEEN) for h in reading.of(name, langs))

    def begins(name: str, at: int) -> bool:
        return any(
            h.start >= at and not folded[at : h.start].strip(_BETWEEN) for h in reading.of(name, langs)
        )

    for match in _NUMBER.finditer(folded):
        start, end = match.span()
        told = (ends("line.me", start) and begins("line.years", end)) or begins("line.aged", end)
        if (told or ends("line.my_age", start)) and YOUNGEST <= int(match.group(1)) <= OLDEST:
            return int(match.group(1))
    return None
