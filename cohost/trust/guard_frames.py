"""What the composer itself puts around evidence: an attribute's name as a label, reviewed warnings. Pure.

A label ("Water resistance:", "Pflege:") claims nothing; a reviewed safety sentence is no assurance.
Only composed sentences are read so: their frames are closed.
"""

from __future__ import annotations

import functools
import re

from cohost.languages import base, table
from cohost.trust.attributes import display_name, ontology
from cohost.trust.guard_words import fold


def without_label(sentence: str, lang: str) -> str:
    """The sentence less the attribute's name it begins with; the scope in brackets stays."""
    match = _labels(base(lang)).match(sentence)
    return sentence[match.end("name") :].lstrip(" :：") if match else sentence


@functools.cache
def _labels(lang: str) -> re.Pattern[str]:
    names = sorted({display_name(a, lang) for a in ontology()}, key=len, reverse=True)
    forms = "|".join(re.escape(n) for n in names)
    return re.compile(rf"\s*(?P<name>{forms})(?=\s*[:：(（])", re.IGNORECASE)


def is_reviewed(sentence: str, lang: str) -> bool:
    """True when the sentence is a reviewed warning of that language, alone or with the original behind
    it in quotation marks."""
    low = fold(sentence, lang).low
    return any(form.match(low) for form in _warnings(base(lang)))


@functools.cache
def _warnings(lang: str) -> tuple[re.Pattern[str], ...]:
    rows = table(lang, "warnings") or table("en", "warnings")
    forms = []
    for row in rows.values():
        text = fold(str(row["text"]), lang).low.rstrip(" .。।")
        parts = [re.escape(p) for p in text.split("{n}")]
        forms.append(re.compile(r"\d{1,4}(?:[.,]\d+)?".join(parts) + _ORIGINAL))
    return tuple(forms)


_ORIGINAL = r"[ .。।]*(?:[-—(（].{0,40}[:：].{0,200})?$"


@functools.cache
def framed(lang: str, section: str, key: str) -> re.Pattern[str] | None:
    """A frame of the composer ("{scheme}: … covers {models}") as a pattern over folded text; its slots
    match anything. None where the language has no such frame."""
    text = table(lang, "frames").get(section, {}).get(key)
    if not isinstance(text, str):
        return None
    parts = [re.escape(fold(part, lang).low.strip()) for part in re.split(r"\{\w+\}", text)]
    return re.compile(r"\s*.{0,160}?\s*".join(parts)) if any(len(p) > 3 for p in parts) else None


def says_frame(low: str, lang: str, section: str, *keys: str) -> bool:
    """True when the sentence holds one of these frames."""
    return any((form := framed(base(lang), section, key)) is not None and form.search(low) for key in keys)
