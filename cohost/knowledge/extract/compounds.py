"""Labels that hold an attribute's name and more: is the attribute their head, or part of another thing?

"Dock dimensions" are dimensions, of the dock; "Cleaning area" is no cleaning. Pure.
"""

from __future__ import annotations

import functools
import re
from typing import Literal

from cohost.knowledge.extract.vocabulary import section
from cohost.languages import LANGUAGES
from cohost.trust import words
from cohost.trust.attributes import NOTHING, match_label, names, ontology

Reading = Literal["same", "part", "other"]
"""same: the product's own · part: of one of its parts, which the label tells · other: another thing."""

_HEAD_LAST = frozenset({"en", "de", "nl", "tr", "hi", "zh", "ja", "ko"})
_OF = re.compile(
    r"^(?:of|per|for|in|by|de|du|des|da|do|dos|das|del|della|dello|dei|di|von|vom|der|für|pro|van|voor|par|por"
    r"|pour|d|w|z|na|dla|от|для|на|с|من|ال|the|a|an|le|la|les|el|los|las|il|lo|die|den|dem|das|het|at|on|with"
    r"|without|during|under|from|to|bei|mit|ohne|nach|aus|à|sans|avec|con|sin|senza|com|sem|met|zonder|przy|bez"
    r"|do|при|без|из)$"
)
_STRICT = frozenset({"effect", "care", "how_to_use", "safety", "light", "app", "fragrance", "models", "age"})
"""Attributes in words: a label that only holds their name is too often about something else."""
_MOST = 8


@functools.lru_cache(maxsize=4096)
def read(label: str, attribute: str) -> Reading:
    """How a label that matched `attribute` only in part relates to it."""
    plain = " ".join(re.sub(r"[()（）\[\],;:：]", " ", words.plain(label)).split())
    found = _dense(plain, attribute) if words.dense(plain) else _spaced(plain, attribute)
    if found is None:
        return "other" if attribute in _STRICT else "same"
    head, before, after = found
    lead, tail = (_telling(t, attribute) for t in (before, after))
    if not lead and not tail:
        return "same"
    if tail and not _complement(after, head):
        return "other"
    if lead and not tail and not _head_last(head):
        return "other"
    if attribute in _STRICT or (attribute == "size" and head in _entries("way")):
        return "other"
    return "part"


def _spaced(plain: str, attribute: str) -> tuple[str, str, str] | None:
    """(the words that name the attribute, those before, those after); the longest that are sure."""
    pieces = plain.split()
    if len(pieces) > _MOST:
        return None
    for length in range(len(pieces) - 1, 0, -1):
        for start in range(len(pieces) - length, -1, -1):
            if _OF.match(pieces[start]) or _OF.match(pieces[start + length - 1]):
                continue
            part = " ".join(pieces[start : start + length])
            hit = match_label(part)
            if hit and hit[0] == attribute and hit[1] >= 0.84:
                return part, " ".join(pieces[:start]), " ".join(pieces[start + length :])
    return None


def _dense(plain: str, attribute: str) -> tuple[str, str, str] | None:
    text = plain.replace(" ", "")
    for length in range(len(text) - 1, 0, -1):
        for start in range(len(text) - length, -1, -1):
            part = text[start : start + length]
            if attribute in _named().get(part, {}).values():
                return part, text[:start], text[start + length :]
    return None


@functools.cache
def _named() -> dict[str, dict[str, str]]:
    """plain label → language → attribute, all languages."""
    found: dict[str, dict[str, str]] = {}
    for lang in LANGUAGES:
        for attribute in ontology():
            row = names(lang).get(attribute)
            for label in (row.name, *row.labels) if row else ():
                found.setdefault(words.plain(label).replace(" ", ""), {})[lang] = attribute
    return found


def _head_last(head: str) -> bool:
    """True where one of the languages that know the head puts it last, or nobody knows it."""
    langs = set(_named().get(head.replace(" ", ""), ()))
    return not langs or bool(langs & _HEAD_LAST)


def _complement(after: str, head: str) -> bool:
    """ "of the case", and where a language that knows the head puts it first any word behind it."""
    first = after.split()[0] if after.split() else after
    return bool(_OF.match(first)) or bool(set(_named().get(head.replace(" ", ""), ())) - _HEAD_LAST)


@functools.cache
def _entries(key: str) -> frozenset[str]:
    """own: words that leave a label about the product itself · way: one direction of a size."""
    return frozenset(section("label").entries(key))


@functools.cache
def nothing() -> frozenset[str]:
    """Labels of the tables that look like an attribute and name none ("Cord")."""
    rows = [row for lang in LANGUAGES if (row := names(lang).get(NOTHING)) is not None]
    return frozenset(words.plain(label) for row in rows for label in row.labels)


def _telling(text: str, attribute: str) -> str:
    """What is left once little and harmless words, and other names of the attribute, are gone."""
    again = match_label(text.strip()) if text.strip() else None
    if again is not None and again[0] == attribute:
        return ""
    if words.dense(text):
        rest = text.replace(" ", "")
        for word in sorted(_entries("own"), key=len, reverse=True):
            if words.dense(word):
                rest = rest.removeprefix(word).removesuffix(word)
        return rest
    return " ".join(w for w in text.split() if w not in _entries("own") and not _OF.match(w) and len(w) > 1)
