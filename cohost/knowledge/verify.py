"""Does a quote stand in its document? Asked of a second reader, never of the one that extracted it."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from cohost.errors import DocumentError
from cohost.knowledge.documents.folder import inside
from cohost.knowledge.documents.model import bare, fold
from cohost.knowledge.raw_text import raw_texts
from cohost.trust.evidence import Source

_PICTURES = (".png", ".jpg", ".jpeg")
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[^\w\s()\[\]]")
_CJK = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff])")
# Scripts whose glyphs PDF text layers tell differently from reader to reader: vowels and tone marks
# of Thai, Lao, Khmer, Burmese and the scripts of India move, double or vanish.
_SHAPED = re.compile(r"[\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")


def quote_stands(root: Path, source: Source) -> bool | None:
    """True when found: as it is after NFKC and folding, without spaces and separators, or as the
    cells of one row close together. None where a second reader cannot tell (scans)."""
    if source.ocr or source.document.lower().endswith(_PICTURES):
        return None
    try:
        file = inside(root, source.document)
    except DocumentError:
        return False
    texts = raw_texts(file, source.page)
    if not fold(source.quote):
        return False
    if any(_stands(source.quote, text) for text in texts):
        return True
    if file.suffix.lower() != ".pdf" or not _SHAPED.search(source.quote):
        return False
    rest = _SHAPED.sub(" ", fold(source.quote))
    if len(bare(rest)) < 4:
        return None
    return any(_stands(rest, _SHAPED.sub(" ", fold(text))) for text in texts)


def _stands(quote: str, text: str) -> bool:
    page, tight, words = _forms(text)
    return fold(quote) in page or bare(quote) in tight or _row_stands(_tokens(quote), words)


@functools.lru_cache(maxsize=64)
def _forms(text: str) -> tuple[str, str, tuple[str, ...]]:
    """A text folded, without spaces and separators, and as words."""
    return fold(text), bare(text), _tokens(text)


def _tokens(text: str) -> tuple[str, ...]:
    """Words, figures and signs; CJK by the character, Arabic and Hebrew in either direction, since
    text layers hold them in both."""
    found = _TOKEN.findall(_CJK.sub(r" \1 ", fold(text)))
    return tuple(min(t, t[::-1]) if "\u0590" <= t[0] <= "\u08ff" else t for t in found)


def _row_stands(wanted: Sequence[str], page: Sequence[str]) -> bool:
    """Every word and figure of the quote within one stretch hardly longer than the quote: the raw
    text layer writes cells of several lines, or a merged cell, in another order."""
    if len(wanted) < 2:
        return False
    span = len(wanted) + max(14, len(wanted))
    need = Counter(wanted)
    missing = len(wanted)
    for i, token in enumerate(page):
        if need[token] > 0:
            missing -= 1
        need[token] -= 1
        if i >= span:
            left = page[i - span]
            need[left] += 1
            if need[left] > 0:
                missing += 1
        if missing == 0:
            return True
    return False
