"""Words of specifications from one language to another: all of a phrase, or nothing. Pure.

`languages/<tag>/values.toml` holds the words; amounts keep their figures and take the target's
digits and unit names (CLDR). A phrase with one unknown content word is not translated at all.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from typing import Literal

import msgspec

from cohost.languages import base, has, table
from cohost.trust.figures import format_amount
from cohost.trust.quantities import Amount, amounts, with_qualifier
from cohost.trust.words import plain

__all__ = ["translate", "translate_condition"]

Kind = Literal["phrases", "adjectives", "nouns", "conditions", "name", "amount"]


class _Part(msgspec.Struct):
    kind: Kind
    text: str  # in the target language


_DENSE = frozenset({"zh", "ja", "th"})
_MARK = "\ue000"  # stands for an amount while words are matched
_BRACKETS = re.compile(r"^(.*?)\s*[(（\[]([^()（）\[\]]+)[)）\]]\s*$")
_LABELLED = re.compile(r"^([^:：]{2,40})[:：]\s+(?=\S)|^([^:：]{2,20})：")
_COMMAS = re.compile(r"\s*(?:[,;](?!\d)|[、，；،]|\s[/·|+]\s|\n)\s*")
_NAME = re.compile(
    r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+|[A-Z]{2,}[0-9]*|[A-Za-z]*\d[\w.-]*|[A-Z][a-z]+[A-Z]\w*|Bluetooth|Alexa|Wi-Fi"
)
_TIMES = re.compile(r"[x×*]")
_SKIPPED: dict[str, frozenset[str]] = {
    "en": frozenset({"the", "a", "an"}), "de": frozenset({"der", "die", "das", "ein", "eine", "den", "dem"}),
    "fr": frozenset({"le", "la", "les", "un", "une", "l'"}),
    "es": frozenset({"el", "la", "los", "las", "un", "una"}),
    "it": frozenset({"il", "lo", "la", "i", "gli", "le", "un", "una"}),
    "pt": frozenset({"o", "a", "os", "as", "um", "uma"}), "nl": frozenset({"de", "het", "een"}),
}  # fmt: skip
_COMMA = {"zh": "、", "ja": "、", "ar": "، ", "th": ", "}


class _Words:
    """One language's forms, compiled for reading (plain form → kind, id) and for writing."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.dense = lang in _DENSE
        self.written: dict[tuple[str, str], str] = {}
        self.read: dict[str, list[tuple[str, tuple[Kind, str]]]] = defaultdict(list)
        kinds: tuple[Kind, ...] = ("phrases", "conditions", "nouns", "adjectives")
        rows = table(lang, "values")
        for kind in kinds:
            for name, forms in rows.get(kind, {}).items():
                self.written[kind, name] = forms[0]
                for form in forms:
                    self._learn(form, kind, name)
        for listed in self.read.values():
            listed.sort(key=lambda pair: -len(pair[0]))
        self.joins: dict[str, list[str]] = rows.get("joins", {})
        self.splitter = _splitter(self.joins, dense=self.dense)

    def _learn(self, form: str, kind: Kind, name: str) -> None:
        read = _key(form.replace("{q}", _MARK), dense=self.dense)
        if read and all(known != read for known, _ in self.read[read[0]]):
            self.read[read[0]].append((read, (kind, name)))

    def entry(self, text: str) -> tuple[Kind, str] | None:
        """The entry that a whole text is, amounts marked; None when it is none."""
        read = _key(text, dense=self.dense)
        return next((e for form, e in self.read.get(read[:1], ()) if form == read), None)


def _key(text: str, *, dense: bool) -> str:
    return plain(text).replace(" ", "") if dense else plain(text)


def _splitter(joins: dict[str, list[str]], *, dense: bool) -> re.Pattern[str]:
    """Finds "and"/"or" between two list items; group `or` is set for "or"."""
    edge = r"\s*" if dense else r"\s+"
    groups = []
    for name in ("or", "and"):
        forms = "|".join(re.escape(f) for f in sorted(joins.get(name, []), key=len, reverse=True)) or "(?!)"
        groups.append(f"(?P<{name}>{forms})")
    return re.compile(f"{edge}(?:{'|'.join(groups)}){edge}", re.IGNORECASE)


@functools.cache
def _words(lang: str) -> _Words:
    return _Words(lang)


def translate(text: str, source: str, target: str) -> str | None:
    """A phrase of a specification in the target language; None unless every content word is known.

    Lists keep their order; numbers and units pass through in the target's form.
    """
    origin, goal = base(source), base(target)
    stripped = text.strip().rstrip("。")
    if origin == goal:
        return text.strip()
    if not stripped or len(stripped) > 300 or not (has(origin, "values") and has(goal, "values")):
        return None
    return _cached(stripped, origin, goal) or _cached(stripped.rstrip(". "), origin, goal)


translate_condition = translate
"""A condition is a phrase like any other: "at 50 % volume", "from dispatch"."""


@functools.lru_cache(maxsize=4096)
def _cached(text: str, origin: str, goal: str) -> str | None:
    whole = _segment(text, origin, goal) if text else None
    if whole is not None:
        return whole
    labelled = _LABELLED.match(text)
    if labelled:
        head = _cached(labelled[1] or labelled[2], origin, goal)
        rest = _cached(text[labelled.end() :].strip(), origin, goal)
        colon = "：" if goal in ("zh", "ja") else ": "
        return f"{head}{colon}{rest}" if head and rest else None
    bracketed = _BRACKETS.match(text)
    if bracketed and not _COMMAS.search(bracketed[1]):
        head, inner = _cached(bracketed[1], origin, goal), _cached(bracketed[2], origin, goal)
        return _bracketed(head, inner, goal) if head and inner else None
    return _listed(text, origin, goal)


def _listed(text: str, origin: str, goal: str) -> str | None:
    """Items between commas, "and" and "or", each translated; "or" stays "or"."""
    items = [item for item in _COMMAS.split(text) if item.strip()]
    if len(items) > 1:
        done = [_cached(item.strip(), origin, goal) for item in items]
        return _COMMA.get(goal, ", ").join(d for d in done if d) if all(done) else None
    found = _words(origin).splitter.search(text)
    if found is None or not found.start() or found.end() >= len(text):
        return None
    left, right = (_cached(text[: found.start()], origin, goal), _cached(text[found.end() :], origin, goal))
    if not left or not right:
        return None
    if found.group("or"):
        return _spaced((left, _words(goal).joins["or"][0], right), goal)
    return f"{left}{_COMMA.get(goal, ', ')}{right}"


def _segment(text: str, origin: str, goal: str) -> str | None:
    """One item: words, amounts and names in a row, composed so that nothing has to agree."""
    whole = _words(origin).entry(text)
    if whole is not None and whole in _words(goal).written:
        return _words(goal).written[whole]
    found = [a for a in amounts(text, origin) if not _is_name_part(text, a)]
    marked, last = "", 0
    for amount in found:
        start, end = with_qualifier(text, amount, origin)
        marked += text[last:start] + _MARK
        last = max(last, end)
    marked += text[last:]
    parts = _parts(marked, [format_amount(a, goal, source=origin) for a in found], origin, goal)
    return _composed(parts, goal) if parts else None


def _is_name_part(text: str, amount: Amount) -> bool:
    return amount.unit is None and amount.start > 0 and text[amount.start - 1] in "-_"


def _parts(marked: str, figures: list[str], origin: str, goal: str) -> list[_Part] | None:
    known = _words(origin)
    pieces: list[_Part] = []
    rest = marked.strip()
    while rest:
        taken = _take(rest, known, figures, goal)
        if taken is None:
            return None
        part, rest = taken
        if part is not None:
            pieces.append(part)
    return pieces


def _take(rest: str, known: _Words, figures: list[str], goal: str) -> tuple[_Part | None, str] | None:
    """The longest known form at the start of the text, else a name or an amount, and what is left."""
    aim = _words(goal)
    for size in _lengths(rest, known.dense):
        head = rest[:size]
        entry = known.entry(head)
        if entry is not None and entry in aim.written:
            written = aim.written[entry]
            while _MARK in head and "{q}" in written and figures:
                written = written.replace("{q}", figures.pop(0), 1)
                head = head.replace(_MARK, "", 1)
            return _Part(entry[0], written), rest[size:].lstrip()
    return _take_other(rest, known, figures)


def _take_other(rest: str, known: _Words, figures: list[str]) -> tuple[_Part | None, str] | None:
    if rest.startswith(_MARK):
        return _Part("amount", figures.pop(0)), rest[1:].lstrip()
    name = _NAME.match(rest)
    if name and not rest[name.end() : name.end() + 1].isalpha():
        return _Part("name", name.group()), rest[name.end() :].lstrip()
    times = _TIMES.match(rest)
    if times and rest[1:2] in (" ", _MARK):
        return _Part("name", "×"), rest[1:].lstrip()
    word = re.match(r"[\w']+", rest)
    if word and plain(word.group()) in _SKIPPED.get(known.lang, frozenset()):
        return None, rest[word.end() :].lstrip()
    return None


def _lengths(rest: str, dense: bool) -> list[int]:
    """Ends at which a form may stop, longest first."""
    if dense:
        return list(range(min(len(rest), 40), 0, -1))
    ends = [m.end() for m in re.finditer(rf"[^\s{_MARK}]+|{_MARK}", rest)][:9]
    return ends[::-1]


def _composed(parts: list[_Part], goal: str) -> str | None:
    kinds = [p.kind for p in parts]
    if len(parts) == 1:
        return parts[0].text
    if set(kinds) <= {"amount", "name"}:
        return _spaced(tuple(p.text for p in parts), goal, names=True)
    nouns = [p.text for p in parts if p.kind == "nouns"]
    if nouns and set(kinds) <= {"nouns", "adjectives", "name"} and "amount" not in kinds:
        marks = [p.text for p in parts if p.kind != "nouns"]
        return _bracketed(nouns[0], _COMMA.get(goal, ", ").join(marks), goal) if len(nouns) == 1 else None
    if kinds[0] == "amount" and len(nouns) == 1 and set(kinds[1:]) <= {"nouns", "adjectives", "name"}:
        times = [p.text for p in parts[1:] if p.text == "×"]
        marks = [p.text for p in parts[1:] if p.kind != "nouns" and p.text != "×"]
        noun = _bracketed(nouns[0], _COMMA.get(goal, ", ").join(marks), goal) if marks else nouns[0]
        return " ".join([parts[0].text, *times, noun])
    head = next((i for i, k in enumerate(kinds) if k == "conditions"), len(kinds))
    if set(kinds[head:]) == {"conditions"} and head <= 1:
        tail = _COMMA.get(goal, ", ").join(p.text for p in parts[head:])
        return _bracketed(parts[0].text, tail, goal) if head else tail
    return None


def _bracketed(head: str, inner: str, goal: str) -> str:
    return f"{head}（{inner}）" if goal in ("zh", "ja") else f"{head} ({inner})"


def _spaced(texts: tuple[str, ...], goal: str, *, names: bool = False) -> str:
    return ("" if goal in ("zh", "ja") and not names else " ").join(texts)
