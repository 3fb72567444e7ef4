"""Cells and labels that say one thing in two scripts ("充电时间 Charging time"): their two halves. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_OWN = (
    "\u0370-\u052f\u0590-\u06ff\u0900-\u097f\u0e00-\u0e7f\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
)
_OWN_SIGN = re.compile(f"[{_OWN}]")
_LATIN_WORD = re.compile(r"(?<![A-Za-zÀ-ɏ\d])[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’]*")
_UNITS = frozenset({
    "mm", "cm", "km", "kg", "mg", "mah", "wh", "hz", "khz", "mhz", "ghz", "ml", "db", "min", "mw", "kw", "ph",
    "vac", "vdc", "lux", "rpm", "bar", "kpa", "lm", "pa", "nm", "x",
})  # fmt: skip
TWICE = "\ue000"
"""Stands between two texts known to say the same thing: cells under "中文 | English"."""
_EDGES = " ,;:/|、，；：／·-–—"


def halves(text: str) -> tuple[str, str] | None:
    """(own script, Latin) where the text is one half in each, in either order; else None. Halves known
    as such (`TWICE`) come in their order.

    A figure between the halves goes to the half that lacks it: "2 台设备 2 devices".
    """
    if TWICE in text:
        one, _, other = text.partition(TWICE)
        return (one.strip(), other.strip()) if one.strip() and other.strip() else None
    own = [m.start() for m in _OWN_SIGN.finditer(text)]
    latin = [m for m in _LATIN_WORD.finditer(text) if _is_word(m.group())]
    if not own or not latin:
        return None
    after = [m for m in latin if m.start() > own[-1]]
    if after:
        begin = after[1] if len(after) > 1 and _leans_left(after[0], after[1:], text[: own[-1]]) else after[0]
        cut = _cut(text, own[-1] + 1 if begin is after[0] else after[0].end(), begin.start())
        return _parts(text[:cut], text[cut:])
    before = [m for m in latin if m.end() <= own[0]]
    if before and all(m in before for m in latin):
        cut = _cut(text, before[-1].end(), own[0])
        return _parts(text[cut:], text[:cut])
    return None


def _leans_left(first: re.Match[str], rest: list[re.Match[str]], left: str) -> bool:
    """ "支持 Qi Yes, Qi": a name said in both halves, here still in the first."""
    name = first.group()
    return name[0].isupper() and name not in left and any(m.group() == name for m in rest)


def _parts(own: str, latin: str) -> tuple[str, str] | None:
    """The halves, unless the first holds words of its own that the second does not say again."""
    own, latin = own.strip(_EDGES), latin.strip(_EDGES)
    said = {w.casefold() for w in _words(latin)}
    strange = [w for w in _words(own) if not w.isupper() and w.casefold() not in said]
    return None if not said or strange or not (_closed(own) and _closed(latin)) else (own, latin)


def _closed(text: str) -> bool:
    return bool(text) and all(text.count(a) == text.count(b) for a, b in ("()", "（）", "[]"))


def _is_word(word: str) -> bool:
    return len(word) > 1 and word.casefold() not in _UNITS


def _words(text: str) -> list[str]:
    return [m.group() for m in _LATIN_WORD.finditer(text) if _is_word(m.group())]


def _cut(text: str, low: int, high: int) -> int:
    """Where between `low` and `high` the second half begins."""
    between = text[low:high]
    figures = re.search(r"[\d≤≥<>±]", between)
    closed = re.match(r"\s*[)）\]】」]+", between)
    if closed and not figures:
        return low + closed.end()
    if figures is None:
        opened = re.search(r"[(（\[]\s*$", between)
        return low + opened.start() if opened else high
    told, here, later = (_figures(t) for t in (text[:low], between, text[high:]))
    return low + figures.start() if here & told and not here & later else high


def _figures(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.,]\d+)?", text))


def beside(*texts: str) -> str:
    """Texts that say the same, as one that `halves` parts again."""
    return TWICE.join(t for t in dict.fromkeys(texts) if t.strip())


def twofold(one: str, other: str) -> str:
    """Both halves as one text; a half is kept once where they are the same."""
    if not one or not other or one.casefold() == other.casefold():
        return one or other
    joined = f"{one} {other}"
    return joined if halves(joined) is not None else f"{one} / {other}"


def plain(text: str) -> str:
    """The text without the mark between its halves."""
    two = halves(text) if TWICE in text else None
    return twofold(two[0], plain(two[1])) if two else text.replace(TWICE, " ").strip()


def members(text: str, split: Callable[[str], Sequence[str]]) -> tuple[str, ...] | None:
    """A list said twice, member beside member: "白色、黑色 White, black" → "白色 White", "黑色 black".
    None where it is not said twice; the first half's members where the halves do not match."""
    two = halves(text)
    if two is None:
        return None
    one, other = (split(half) for half in two)
    if len(one) == len(other):
        return tuple(twofold(a, b) for a, b in zip(one, other, strict=True))
    return tuple(one) if len(one) > 1 else None
