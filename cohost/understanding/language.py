"""Which language a viewer's line is written in; made for lines of ten characters. Pure.

What says nothing (emoji, links, numbers, brand words) is taken out; the script decides where it can;
Latin script is scored by each language's own words and letters (`lexicon.toml`) together with
py3langid restricted to the languages cohost knows. Long lines get langdetect as a further voter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import NamedTuple

from cohost.common.lexicon import fold
from cohost.languages import LANGUAGES, base
from cohost.understanding import language_words as tables
from cohost.understanding.language_words import LATIN, WORD, load
from cohost.understanding.letters import ARABIZI, CHINESE_WORDS, KANJI_ONLY_JAPANESE, SIMPLIFIED

__all__ = ["Detected", "detect", "load"]

SURE = 0.6  # below this the viewer's last language or the hint decides

_MODEL_WEIGHT = 2.0  # of py3langid's probability against one word known to a single language
_LETTER_WEIGHT = 0.9
_LOAN_WEIGHT = 0.35  # an English word that every language's shoppers use
_MOST_LOANS = 2  # further ones tell nothing new
_PRIOR = {"history": 0.9, "hint": 0.5, "room": 0.25}
_NEAR = 0.6  # of the best score: from here a hint may decide
_SUBJECT_WEIGHT = 0.8
_FEW = 3  # words
_LONG = 60  # letters from which langdetect votes

_NOISE = re.compile(
    r"https?://[!-~]+|www\.[!-~]+|[!-~]+@[!-~]+\.[a-z]+|\[[a-z ]+\]|[@#]\w+"
    r"|[a-z0-9]+\.(?:com|net|org|io|shop)\b|[a-z]*[0-9][a-z0-9]*",
    re.IGNORECASE | re.ASCII,
)
_ACRONYM = re.compile(r"[A-Z]{2,5}")  # CE, FDA, USB: words of no language
_REPEATED = re.compile(r"(.)\1{2,}")


class Detected(NamedTuple):
    """A BCP 47 tag ("es", "hi-Latn", "und") and how sure, 0..1."""

    lang: str
    confidence: float


def detect(
    text: str,
    *,
    hint: str | None = None,
    history: str | None = None,
    room: Sequence[str] = (),
    ignore: Collection[str] = (),
) -> Detected:
    """The language of one line.

    `hint` is the page's or profile's language, `history` the viewer's last one, `room` the room's;
    they decide only where the line itself does not. `ignore` holds folded names of products.
    """
    words = _words(text, ignore)
    if not words:
        return Detected("und", 0.0)
    joined = " ".join(words)
    if len(joined) < 2 and joined.isascii():
        return Detected("und", 0.0)
    by_script = _script(joined, hint=hint, history=history, room=room)
    if by_script is not None:
        return by_script
    if all(fold(w) in tables.neutral() or _is_laughter(w) for w in words):
        return Detected("und", 0.0)
    if "¿" in text or "¡" in text:
        return Detected("es", 0.95)  # no other language writes them
    return _latin(joined, words, hint=hint, history=history, room=room)


def _words(text: str, ignore: Collection[str]) -> list[str]:
    plain = _NOISE.sub(_kept, unicodedata.normalize("NFKC", text[:1000]))
    words = WORD.findall(_with_marks(_REPEATED.sub(r"\1", plain)))
    words = [w for w in words if not ignore or fold(w) not in ignore]
    spoken = [w for w in words if not _ACRONYM.fullmatch(w)]
    return spoken or words


def _kept(noise: re.Match[str]) -> str:
    """Digits stand for letters in Arabic chat ("se3r", "3la"): such words stay, digits as x."""
    word = noise.group()
    if "ar-Latn" in tables.vocabulary()[1].get(fold(word), frozenset()):
        return word.translate(ARABIZI)
    return " "


def _with_marks(text: str) -> str:
    """Vowel signs of Indic and Thai script count as letters here: drop what is no letter or mark."""
    if text.isascii():
        return text
    return "".join(
        c if c.isalpha() or c in "'’" else "" if unicodedata.category(c)[0] == "M" else " " for c in text
    )


def _is_laughter(word: str) -> bool:
    return len(word) > 2 and len(set(word.casefold())) <= 2 and not word.isupper()


_SCRIPTS: tuple[tuple[str, str, int], ...] = (
    ("kana", "[\u3041-\u30fa\uff66-\uff9f]", 3),
    ("ko", "[\uac00-\ud7a3\u3131-\u3163\u3165-\u318e\u1100-\u11ff]", 3),
    ("han", "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]", 3),
    ("th", "[\u0e01-\u0e4f]", 1),
    ("hi", "[\u0904-\u0939\u0958-\u0961]", 2),
    ("ar", "[\u0620-\u06d3\ufb50-\ufdff\ufe70-\ufefc]", 1),
    ("ru", "[\u0400-\u04ff]", 1),
    ("el", "[\u0370-\u03ff]", 1),
    ("he", "[\u05d0-\u05ea]", 1),
    ("bn", "[\u0985-\u09b9]", 2),
    ("ta", "[\u0b85-\u0bb9]", 2),
    ("te", "[\u0c05-\u0c39]", 2),
    ("lo", "[\u0e81-\u0ede]", 1),
    ("km", "[\u1780-\u17b3]", 1),
    ("my", "[\u1000-\u102a]", 1),
    ("ka", "[\u10a0-\u10ff]", 1),
    ("hy", "[\u0531-\u0586]", 1),
)
_SCRIPT_PATTERNS = [(name, re.compile(pattern), weight) for name, pattern, weight in _SCRIPTS]
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


def _script(text: str, *, hint: str | None, history: str | None, room: Sequence[str]) -> Detected | None:
    """Decide by script; None for Latin."""
    if text.isascii():
        return None
    counts = {name: weight * len(p.findall(text)) for name, p, weight in _SCRIPT_PATTERNS}
    latin = len(_LATIN_LETTER.findall(text))
    name, count = max(counts.items(), key=lambda pair: pair[1])
    if count == 0 or count * 2 < latin:
        return None
    if name in ("kana", "han"):
        return _han_or_kana(text, counts, hint=hint, history=history, room=room)
    if name == "ar":
        return Detected(_arabic_script(text), 0.98)
    if name == "ru":
        return Detected("uk" if re.search("[іїєґІЇЄҐ]", text) else "ru", 0.98)
    return Detected(name, 0.99)


def _arabic_script(text: str) -> str:
    if re.search("[ٹڈڑےںھہ]", text):
        return "ur"
    if re.search("[پچژگ]", text) and not re.search("[ةىأإ]", text):
        return "fa" if len(re.findall("[پچژگیک]", text)) * 5 >= len(text.split()) else "ar"
    return "ar"


def _han_or_kana(
    text: str, counts: dict[str, int], *, hint: str | None, history: str | None, room: Sequence[str]
) -> Detected:
    kana, han = counts["kana"], counts["han"]
    if kana >= 6 or (kana and kana * 4 >= han):
        return Detected("ja", 0.99)
    if SIMPLIFIED.search(text):
        return Detected("zh", 0.99)
    if not kana and CHINESE_WORDS.search(text):
        return Detected("zh", 0.95)
    japanese = bool(KANJI_ONLY_JAPANESE.search(text))
    for known, sure in ((history, 0.8), (hint, 0.7)):
        if known is not None and base(known) in ("ja", "zh"):
            return Detected(base(known), sure)
    if japanese and (not room or "ja" in {base(r) for r in room}):
        return Detected("ja", 0.7)
    return Detected("zh", 0.9 if han >= 12 else 0.75)


# ── Latin script ──
class _Evidence(NamedTuple):
    scores: dict[str, float]
    known: dict[str, int]  # words of the line known to each language, loan words aside
    not_english: dict[str, int]  # of these, the ones English has not
    native: list[str]  # the line without loan words


def _lexical(words: Sequence[str]) -> _Evidence:
    written, folded = tables.vocabulary()
    scores: dict[str, float] = {}
    known: dict[str, int] = {}
    not_english: dict[str, int] = {}
    native: list[str] = []
    loans, borrowed = tables.loans(), 0
    for word in words:
        lower = word.casefold().replace("’", "'")
        if lower in loans:
            borrowed += 1
            if borrowed <= _MOST_LOANS:
                scores["en"] = scores.get("en", 0.0) + _LOAN_WEIGHT
            continue
        native.append(lower)
        langs = written.get(lower)
        strength = 1.0
        if langs is None:
            langs, strength = folded.get(fold(lower), frozenset()), 0.8
        if not langs and "'" in lower:
            langs, strength = _elided(lower)
        if not langs:
            langs, strength = tables.subjects().get(fold(lower), frozenset()), _SUBJECT_WEIGHT
        for lang in langs:
            scores[lang] = scores.get(lang, 0.0) + strength / len(langs)
            known[lang] = known.get(lang, 0) + 1
            if "en" not in langs:
                not_english[lang] = not_english.get(lang, 0) + 1
    return _Evidence(scores, known, not_english, native)


def _elided(word: str) -> tuple[frozenset[str], float]:
    """French and Italian run words together at an apostrophe ("l'eau", "dell'acqua")."""
    written, folded = tables.vocabulary()
    found: set[str] = set()
    for part in word.split("'"):
        found |= written.get(part, frozenset()) or folded.get(fold(part), frozenset())
    return frozenset(found & {"fr", "it", "en"}), 0.8


def _latin(
    text: str, words: Sequence[str], *, hint: str | None, history: str | None, room: Sequence[str]
) -> Detected:
    evidence = _lexical(words)
    romanised = _romanised(words, evidence, {base(tag) for tag in (hint, history) if tag})
    if romanised is not None:
        return romanised
    scores = dict.fromkeys(LATIN, 0.0)
    for lang, value in evidence.scores.items():
        if lang in scores:
            scores[lang] += value
    letters = tables.letters()
    for char in {c for c in text.casefold() if not c.isascii()}:
        for lang in letters.get(char, ()):
            scores[lang] += _LETTER_WEIGHT / len(letters[char])
    model = dict(tables.identifier(LATIN).rank(" ".join(evidence.native) or text.casefold()))
    for lang, probability in model.items():
        scores[lang] += _MODEL_WEIGHT * probability
    if len(text) >= _LONG:
        outside = _outside(text, evidence)
        if outside is not None:
            return outside
    return _choose(scores, hint=hint, history=history, room=room, evidence=evidence)


def _romanised(words: Sequence[str], evidence: _Evidence, likely: Collection[str]) -> Detected | None:
    """Hindi or Arabic in Latin letters, often mixed with English nouns. Where the viewer is `likely` to write
    it, and in a line of a few words, one word that no other language here has is enough."""
    known = evidence.known
    other = max((evidence.not_english.get(lang, 0) for lang in LATIN), default=0)
    english = known.get("en", 0)
    tag = max(("hi-Latn", "ar-Latn"), key=lambda t: known.get(t, 0))
    count, apart = known.get(tag, 0), evidence.not_english.get(tag, 0)
    share = count / len(words)
    if apart >= 2 and share >= 0.17 and apart > other and apart * 2 >= english:
        return Detected(tag, round(min(0.95, 0.6 + share / 2), 3))
    if count and count == len(words) and not other and not english:
        return Detected(tag, 0.7)
    if apart > other and (base(tag) in likely or (len(words) <= _FEW and english < len(words))):
        return Detected(tag, 0.7)
    return None


def _choose(
    scores: dict[str, float],
    *,
    hint: str | None,
    history: str | None,
    room: Sequence[str],
    evidence: _Evidence | None = None,
) -> Detected:
    plain = _confidence(scores)
    if plain.confidence >= 0.9 or not (hint or history or room):
        return plain
    weighted = dict(scores)
    in_room = {base(tag) for tag in room}
    for lang in scores:
        if history and base(history) == lang:
            weighted[lang] += _PRIOR["history"]
        if hint and base(hint) == lang:
            weighted[lang] += _PRIOR["hint"]
        if lang in in_room:
            weighted[lang] += _PRIOR["room"]
    result = _confidence(weighted)
    if result.confidence < SURE:
        for known in (history, hint):
            if known and base(known) in LANGUAGES and _may_be(base(known), scores, evidence):
                return Detected(known, 0.5)
    return result


def _may_be(lang: str, scores: dict[str, float], evidence: _Evidence | None) -> bool:
    """A hint decides between languages that are near each other. One of another script never claims a line
    with words of this one ("shipping time?" from a market where Arabic is spoken), and none claims a line
    whose only words, borrowed ones aside, are another language's ("power bank bisa charging?")."""
    if lang not in scores:
        return evidence is None or not evidence.scores
    if evidence is not None and evidence.known and not evidence.known.get(lang):
        return False
    return scores[lang] > 0.05 and scores[lang] >= _NEAR * max(scores.values())


def _confidence(scores: dict[str, float]) -> Detected:
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    (best, first), (_, second) = ranked[0], ranked[1]
    if first <= 0.0:
        return Detected("und", 0.0)
    margin = (first - second) / (first + 0.5)
    return Detected(best, round(max(0.05, min(0.99, 0.25 + margin)), 3))


def _outside(text: str, evidence: _Evidence) -> Detected | None:
    """A long line in a Latin-script language cohost has no tables for: two models must agree."""
    if sum(evidence.known.values()) * 2 > len(text.split()):
        return None
    full, probability = tables.identifier(()).classify(text.casefold())
    if full in LANGUAGES or probability < SURE:
        return None
    voted = _langdetect(text)
    return Detected(str(full), 0.8) if voted == full else None


def _langdetect(text: str) -> str | None:
    from langdetect import DetectorFactory, LangDetectException
    from langdetect import detect as vote

    DetectorFactory.seed = 0
    try:
        return str(vote(text))
    except LangDetectException:
        return None
