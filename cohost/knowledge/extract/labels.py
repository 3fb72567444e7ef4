"""A row's label: the attribute it names, its unit, and the circumstance it states. Pure."""

from __future__ import annotations

import functools
import re

import msgspec

from cohost.knowledge.extract import compounds
from cohost.knowledge.extract.halves import halves, twofold
from cohost.trust import words
from cohost.trust.attributes import match_label
from cohost.trust.quantities import unit_id

SURE = 0.6
_PARTLY = 0.8
"""Below this score only a part of the label is known."""
_UNIT = re.compile(r"[(（\[]\s*([^()（）\[\]]{1,12})\s*[)）\]]|,\s*([^\s,]{1,6})\s*$|\s/\s*([^\s/]{1,6})\s*$")
_BRACKET = re.compile(r"[(（]([^()（）]+)[)）]")
_NUMBERED = re.compile(r"^\d{1,2}(?:\.\d{1,2})*[.)、]?\s+(?=\D)")
_EDGES = " ,;:：，；()（）@-–—"


class Label(msgspec.Struct, frozen=True):
    """What a label says. `condition` in the label's own words: "at 50 % volume"."""

    attribute: str | None
    score: float = 0.0
    condition: str = ""
    unit: str | None = None


@functools.lru_cache(maxsize=8192)
def read(label: str, lang: str | None = None) -> Label:
    """Read a label, underscores as spaces. The attribute is None when unsure, and where the label only
    holds the attribute's name ("Cleaning area"); of a part ("Case battery") the label is the condition.
    """
    text = _NUMBERED.sub("", " ".join(label.replace("_", " ").split()))
    if not text or len(text) > 120:
        return Label(None)
    two = halves(text)
    if any(words.plain(t) in compounds.nothing() for t in (text, *(two or ()))):
        return Label(None, unit=_unit(text))
    if two is None:
        return _one(text, lang)
    found = [f for f in (_one(half, None) for half in two) if f.attribute is not None]
    if not found:
        return Label(None, unit=_unit(text))
    best = max(found, key=lambda f: f.score)
    conditions = dict.fromkeys(f.condition for f in found if f.attribute == best.attribute and f.condition)
    if any(f.condition in two for f in found):
        conditions = {text: None}
    return Label(best.attribute, best.score, functools.reduce(twofold, conditions, ""), _unit(text))


def _one(text: str, lang: str | None) -> Label:
    unit = _unit(text)
    whole = match_label(text, lang)
    head, tail = _parted(text, whole[0] if whole else None, lang)
    beginning = whole is None or whole[1] < SURE
    if whole is None or whole[1] < SURE:
        found = match_label(head, lang) if head else None
        if found is None or found[1] < 0.8 or not tail:
            return Label(None, unit=unit)
        whole = (found[0], found[1] * 0.9)
    condition = _condition(text, tail, unit)
    mixed = words.dense(text) and re.search("[A-Za-z]{2}", _UNIT.sub("", text)) is not None
    if whole[1] < _PARTLY or mixed or (beginning and not condition):
        told = compounds.read(_BRACKET.sub(" ", text).split(",")[0].strip() if condition else text, whole[0])
        if told == "other":
            return Label(None, unit=unit)
        if told == "part":
            condition = _without_unit(text)
    return Label(whole[0], whole[1], condition, unit)


def attribute_of(label: str, lang: str | None = None) -> str | None:
    return read(label, lang).attribute


def _without_unit(text: str) -> str:
    bare = _UNIT.sub(lambda m: "" if unit_id(next(g for g in m.groups() if g).strip()) else m.group(), text)
    return bare.strip(" ,;:：，；@-–—") or text


def _unit(text: str) -> str | None:
    for match in _UNIT.finditer(text):
        word = next(g for g in match.groups() if g)
        found = unit_id(word.strip())
        if found:
            return found
    return None


def _parted(text: str, attribute: str | None, lang: str | None) -> tuple[str, str]:
    """The beginning that names the attribute surely, and the words after it: the shortest that agrees
    with the whole label, else the longest that names anything."""
    pieces = text.split(" ")
    counts = range(1, len(pieces)) if attribute else range(len(pieces) - 1, 0, -1)
    for count in counts:
        head = " ".join(pieces[:count])
        found = match_label(head.strip(_EDGES), lang)
        if found and found[1] >= 0.9 and attribute in (None, found[0]):
            return head, " ".join(pieces[count:])
    return "", ""


def _condition(text: str, tail: str, unit: str | None) -> str:
    """A circumstance needs a figure, a comma or a bracket; else the tail is the label in another language."""
    found = []
    if tail and (re.search(r"\d", tail) or text[: len(text) - len(tail)].rstrip().endswith(",")):
        found.append(tail.strip(_EDGES))
    else:
        found += [b for b in _BRACKET.findall(text) if unit_id(b.strip()) is None or unit is None]
    return "; ".join(f for f in found if re.search(r"\w", f))
