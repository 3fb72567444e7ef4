"""The guard's words of one language: classes of claims, and whether a word is denied. Pure.

`languages/<tag>/guard.toml` holds them. Entries are separated by commas; `*` stands for any letters
at an end of a word ("zertifizier*"). In scripts written without spaces an entry matches anywhere.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

import msgspec

from cohost.languages import base, table

DENSE = frozenset({"zh", "ja", "th", "ko"})
"""Languages whose entries match inside a run of letters."""

_DROPPED = re.compile("[\u0300-\u036f\u0640\u064b-\u065f\u0670\u093c\u200b-\u200f\u2060-\u2069\ufe0f\u00ad]")
_FOLDED = str.maketrans("ıđłøىةیک\u0901’‘´`‑–—", "idloيهيك\u0902''''---")
_LONE = re.compile(r"(?<!\w)[éèêàáóôÉÈÊÀÁÓÔ](?!\w)")
_KEEPS_MARKS = frozenset({"vi"})
_LETTER = r"\w\u0900-\u0963\u0966-\u097f\u0e00-\u0e7f"
_ARABIC_HEAD = "(?:[وفبكل]?(?:ال)?|[وف]?لل)"
_CLAUSE = re.compile(r"[;!?。；！？()\[\]（）«»“”\"|\n؛؟।]|[,.](?!\d)|[，،、]| - ")
_Span = tuple[int, int]


class Folded(msgspec.Struct, frozen=True):
    """A text in two forms of equal length: `shown` keeps case, `low` is what words are looked up in."""

    shown: str
    low: str


@functools.lru_cache(maxsize=8192)
def fold(text: str, lang: str = "en") -> Folded:
    """NFKC without vowel signs and invisible characters; `low` also without case and accents."""
    composed = unicodedata.normalize("NFKC", text)
    kept = _DROPPED.sub("", unicodedata.normalize("NFD", composed)) if "ar" in lang else composed
    shown = " ".join(_DROPPED.sub("", unicodedata.normalize("NFC", kept)).split())
    marks = base(lang) in _KEEPS_MARKS
    low = "".join(_letter(c, marks) for c in shown)
    for match in _LONE.finditer(shown):  # "é" (is) and "e" (and) are two words in Portuguese
        low = low[: match.start()] + match.group().lower() + low[match.end() :]
    return Folded(shown, low)


@functools.lru_cache(maxsize=8192)
def _letter(char: str, marks: bool) -> str:
    if char.isascii():
        return char.lower()
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.digit(char))
    low = char.casefold()
    low = low if len(low) == 1 else char.lower()[:1]
    if not marks and ("\u00c0" <= low <= "\u1eff" or "\u0622" <= low <= "\u064a"):
        low = unicodedata.normalize("NFD", low)[0]
    return low.translate(_FOLDED)


def entries(raw: object) -> tuple[str, ...]:
    """A table's list, written with commas or as an array."""
    if isinstance(raw, str):
        return tuple(e for e in (" ".join(part.split()) for part in raw.split(",")) if e)
    return tuple(str(e) for e in raw) if isinstance(raw, list) else ()


@functools.cache
def words(lang: str, section: str, key: str) -> tuple[str, ...]:
    """Entries of one class, folded; () where the language has none."""
    raw = table(lang, "guard").get(section, {}).get(key, "")
    return tuple(fold(e, lang).low for e in entries(raw))


@functools.cache
def classes(lang: str, section: str) -> tuple[str, ...]:
    """The class names of a section: ("splash", "jet" …)."""
    return tuple(table(lang, "guard").get(section, {})) or tuple(table("en", "guard").get(section, {}))


def _pattern_of(entry: str, lang: str) -> str:
    if entry.startswith("="):  # a word of its own, even where words are not spaced
        return rf"(?<![{_LETTER}]){re.escape(entry[1:])}(?![{_LETTER}])"
    head, tail = entry.startswith("*"), entry.endswith("*")
    body = re.escape(entry.strip("*")).replace(r"\*", ".{0,20}?").replace(r"\ ", r"[\s\-]+")
    if base(lang) in DENSE and not entry.isascii():
        return body
    front = "" if head else f"(?<![{_LETTER}])"
    if base(lang) == "ar" and not head and not entry.isascii():
        front += _ARABIC_HEAD
    if entry.isascii() and base(lang) in DENSE:
        return f"(?<![a-z0-9]){body}(?![a-z0-9])"
    return front + body + (f"[{_LETTER}]*" if tail else f"(?![{_LETTER}])")


@functools.cache
def pattern(lang: str, section: str, key: str) -> re.Pattern[str] | None:
    """One class as a pattern over folded text: the language's own words, and English ones that other
    languages borrow (`[loan]` of the English table). None where there are no words."""
    tag = base(lang)
    own = [(e, tag) for e in words(tag, section, key)]
    if section != "scope":
        own += [(e, "en") for e in words("en", "loan", f"{section}_{key}")]
        if not table(tag, "guard"):
            own += [(e, "en") for e in words("en", section, key)]
    own.sort(key=lambda pair: -len(pair[0]))
    return re.compile("|".join(_pattern_of(e, t) for e, t in own)) if own else None


@functools.cache
def _cores(lang: str, section: str, key: str) -> tuple[str, ...]:
    """Letters of which one must stand in a text that names the class: looked for before the pattern is."""
    own = [*words(base(lang), section, key), *words("en", "loan", f"{section}_{key}")]
    own += words("en", section, key) if not table(lang, "guard") else ()
    parts = ((p for p in re.split(r"[*\s\-]+", e.strip("*=")) if p) for e in own)
    return tuple({max(list(p), key=len, default="") for p in parts})


def _may_stand(low: str, lang: str, section: str, key: str) -> bool:
    return any(core in low for core in _cores(lang, section, key))


def spans(low: str, lang: str, section: str, key: str) -> list[_Span]:
    """Where words of the class stand in a folded text."""
    if not _may_stand(low, lang, section, key):
        return []
    found = pattern(lang, section, key)
    return [m.span() for m in found.finditer(low)] if found else []


def has(low: str, lang: str, section: str, key: str) -> bool:
    """True when the class is named at all, denied or not."""
    if not _may_stand(low, lang, section, key):
        return False
    found = pattern(lang, section, key)
    return bool(found and found.search(low))


def affirmed(low: str, lang: str, section: str, key: str) -> list[_Span]:
    """Where the class is claimed: named and not denied."""
    return [s for s in spans(low, lang, section, key) if not negated(low, *s, lang)]


# ---------------------------------------------------------------- polarity


class _Scope(msgspec.Struct, frozen=True):
    """How a language denies: reaches count words (letters in unspaced scripts)."""

    reach_before: int
    reach_after: int
    comma_ends: bool


@functools.cache
def _scope(lang: str) -> _Scope:
    row = table(lang, "guard").get("scope") or table("en", "guard").get("scope", {})
    return _Scope(
        int(row.get("reach_before", 6)), int(row.get("reach_after", 5)), bool(row.get("comma_ends", True))
    )


@functools.lru_cache(maxsize=2048)
def _without_pseudo(low: str, lang: str) -> str:
    """ "not only", "non-stop", 无线: words that look like a denial and are none, blanked out."""
    for found in (pattern(lang, "scope", "pseudo"), _innocent(lang)):
        low = found.sub(lambda m: "_" * len(m.group()), low) if found else low
    return low


@functools.cache
def _innocent(lang: str) -> re.Pattern[str] | None:
    """Where words are not spaced: names of attributes and neutral words that hold the letters of a denial
    inside ("อุณหภูมิ" has "มิ")."""
    if lang not in DENSE:
        return None
    sides = [pattern(lang, "scope", side) for side in ("before", "after")]
    row = table(lang, "guard")
    listed = [e for key in row.get("about", {}).values() for e in entries(key)]
    listed += [str(r["name"]) for r in table(lang, "attributes").values() if r.get("name")]
    forms = {fold(e.strip("*-"), lang).low for e in listed}
    held = [f for f in forms if any(p and (m := p.search(f)) and m.group() != f for p in sides)]
    return re.compile("|".join(map(re.escape, sorted(held, key=len, reverse=True)))) if held else None


def _table_lang(lang: str) -> str:
    return base(lang) if table(lang, "guard") else "en"


def _left(text: str, start: int, lang: str, scope: _Scope) -> str:
    edge = max((m.end() for m in _CLAUSE.finditer(text, 0, start) if _ends(m, scope)), default=0)
    part = text[edge:start]
    broken = pattern(lang, "scope", "breaks")
    if broken:
        cut = max((m.end() for m in broken.finditer(part)), default=0)
        part = part[cut:]
    if lang in DENSE:
        return part[-scope.reach_before :]
    return " ".join(re.split(r"[\s\-]+", part.strip(" -"))[-scope.reach_before :])


def _right(text: str, end: int, lang: str, scope: _Scope, fronted: bool) -> str:
    edge = next((m.start() for m in _CLAUSE.finditer(text, end) if _ends(m, scope)), len(text))
    part = text[end:edge]
    broken = pattern(lang, "scope", "breaks")
    if broken and not fronted:
        cut = broken.search(part)
        part = part[: cut.start()] if cut else part
    if lang in DENSE:
        return part[: scope.reach_after]
    return " ".join(re.split(r"[\s\-]+", part.strip(" -:"))[: scope.reach_after])


def _ends(mark: re.Match[str], scope: _Scope) -> bool:
    return scope.comma_ends or mark.group() not in ("、", ",", "،", "，")


def negated(low: str, start: int, end: int, lang: str) -> bool:
    """True when the words at [start, end) of a folded text are denied in their clause: "not FDA
    approved", "ist nicht wasserdicht", 防水ではありません."""
    tag = _table_lang(lang)
    text, scope = _without_pseudo(low, tag), _scope(tag)
    before, after = pattern(tag, "scope", "before"), pattern(tag, "scope", "after")
    left = _left(text, start, tag, scope)
    if before and before.search(left):
        return True
    front = pattern(tag, "scope", "front")  # "For swimming and the sauna it is not made"
    fronted = bool(front and front.match(left))
    return bool(after and after.search(_right(text, end, tag, scope, fronted)))


_PART = re.compile(r"[;:!?。；：！？()\[\]（）«»“”\"|\n؛؟।—]|\.(?!\d)|,(?!\d)|[，،、]| - ")


def clause_denied(low: str, start: int, end: int, lang: str) -> bool:
    """True when the clause around [start, end) holds a word of denial, before or after."""
    left = max((m.end() for m in _PART.finditer(low, 0, start)), default=0)
    right = next((m.start() for m in _PART.finditer(low, end)), len(low))
    return denials(low[left:right], lang) > 0


@functools.lru_cache(maxsize=4096)
def denials(text: str, lang: str) -> int:
    """How many words of denial a text holds."""
    tag = _table_lang(lang)
    low = _without_pseudo(fold(text, tag).low, tag)
    found = [pattern(tag, "scope", side) for side in ("before", "after")]
    places = {m.span() for p in found if p for m in p.finditer(low)}
    return len(places)


# ---------------------------------------------------------------- tokens

_TOKEN = re.compile(rf"[{_LETTER}]+(?:['][{_LETTER}]+)*")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3005-\u3007\u3040-\u30ff\u3400-\u9fff]+")


def tokens(low: str) -> Iterator[tuple[str, int, int]]:
    """Words of a folded text with their spans; a run of unspaced script is one token."""
    for found in _TOKEN.finditer(low):
        at = found.start()
        for run in _UNSPACED.finditer(found.group()):
            if run.start() + found.start() > at:
                yield low[at : run.start() + found.start()], at, run.start() + found.start()
            yield run.group(), run.start() + found.start(), run.end() + found.start()
            at = run.end() + found.start()
        if at < found.end():
            yield low[at : found.end()], at, found.end()


def unspaced(token: str) -> bool:
    """True for a run of Han, Kana or Thai letters."""
    return _UNSPACED.match(token) is not None


@functools.cache
def function_words(lang: str) -> frozenset[str]:
    """The closed list: articles, pronouns, auxiliaries, polite and framing words, folded."""
    row = table(lang, "guard").get("function", {})
    return frozenset(fold(e, lang).low for key in row for e in entries(row[key]) if not e.startswith("-"))


@functools.cache
def suffixes(lang: str) -> tuple[str, ...]:
    """Particles and endings that glue to a known word ("-은"), longest first."""
    row = table(lang, "guard").get("function", {})
    found = [fold(e[1:], lang).low for key in row for e in entries(row[key]) if e.startswith("-")]
    return tuple(sorted(found, key=len, reverse=True))
