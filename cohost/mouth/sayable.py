"""What of a sentence a voice should try: the rest becomes spaces, so that places keep their numbers. Pure."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 2_000
"""Characters of one sentence; what comes after is not spoken."""

_LINK = re.compile(r"(?:https?://|www\.)[!-~]*[A-Za-z0-9/=&_~-]", re.IGNORECASE)
_PICTURES = ((0x2190, 0x21FF), (0x2300, 0x23FF), (0x2500, 0x27BF), (0x2900, 0x2BFF), (0x1F000, 0x1FAFF),
             (0xFE00, 0xFE0F), (0x20D0, 0x20FF), (0xE0000, 0xE0FFF))  # fmt: skip
"""Arrows, dingbats, emoji and what modifies them: engines read out their names, or stumble."""
_JOINERS = frozenset("\u200c\u200d\u00ad")
_UNSPOKEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def sayable(text: str) -> str:
    """`text` of the same length (at most LONGEST) without links, emoji, controls; "" for no words."""
    text = _LINK.sub(lambda found: " " * len(found[0]), text[:LONGEST])
    kept = [char if _spoken(char) else " " for char in text]
    for i, char in enumerate(kept):
        if char in _JOINERS and not (0 < i < len(kept) - 1 and _letter(kept[i - 1]) and _letter(kept[i + 1])):
            kept[i] = " "
    return "".join(kept) if any(char.isalnum() for char in kept) else ""


def _spoken(char: str) -> bool:
    if char in _JOINERS:
        return True
    if unicodedata.category(char) in _UNSPOKEN or char.isspace():
        return False
    point = ord(char)
    return not any(first <= point <= last for first, last in _PICTURES)


def _letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LM"
