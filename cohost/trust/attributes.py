"""The ontology: what can be asked of a product, and its names in every language. Pure.

`attributes.toml` beside this module holds the ids; `languages/<tag>/attributes.toml` their names,
row labels, asking phrases and telling words. A language without a table falls back to English.
"""

from __future__ import annotations

import difflib
import functools
import importlib.resources
import tomllib
from typing import Literal

import msgspec

from cohost.languages import LANGUAGES, base, has, table
from cohost.trust.labels import LabelIndex
from cohost.trust.phrases import PhraseIndex
from cohost.trust.words import has_accents

NOTHING = "none"
"""The table's section for phrases that look like an attribute and are none ("power bank")."""

CERTAIN = 0.8
"""From this score on a match is certain."""

_SHOWN = 6
_YIELDING = 0.9  # to the narrower attribute a question names as well ("what does shipping cost")
_ABROAD = 0.95  # a phrase of another language than the question's counts a little less …
_BESIDE = 0.85  # … and less still where the question's own language already says something


class Attribute(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing viewers ask of a product. The fields are explained in attributes.toml."""

    id: str
    form: Literal["quantity", "text", "bool", "list", "money", "duration", "paper", "policy"]
    dimension: str | None = None
    units: tuple[str, ...] = ()
    us: tuple[str, ...] = ()
    favourable: Literal["higher", "lower", "none"] = "none"
    proof: str = "ABCD"
    market: bool = False
    near: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one language calls an attribute: display name, row labels, asking phrases, telling words."""

    name: str = ""
    labels: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


@functools.cache
def ontology() -> dict[str, Attribute]:
    """Every attribute by id, in the file's order."""
    file = importlib.resources.files(__package__) / "attributes.toml"
    rows = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: msgspec.convert({"id": name, **row}, Attribute) for name, row in rows.items()}


@functools.cache
def names(lang: str) -> dict[str, Names]:
    """A language's names by attribute id (`none` included); {} where it has no table yet."""
    return {name: msgspec.convert(row, Names) for name, row in table(lang, "attributes").items()}


def display_name(attribute: str, lang: str) -> str:
    """The name used in "Battery life: 24 h" frames; English where that language has none."""
    for tag in (base(lang), "en"):
        found = names(tag).get(attribute)
        if found is not None and found.name:
            return found.name
    return attribute.replace("_", " ")


def phrases(lang: str) -> list[tuple[str, str]]:
    """(attribute id, asking phrase) of one language, for an embedder."""
    return [(name, ask) for name, row in names(lang).items() if name != NOTHING for ask in row.ask]


@functools.cache
def _labels() -> LabelIndex:
    rows = [
        (lang, attribute, label)
        for lang in LANGUAGES
        for attribute, row in names(lang).items()
        for label in (row.name, *row.labels)
    ]
    return LabelIndex(rows, nothing=NOTHING)


@functools.cache
def _asking(lang: str, *, toned: bool = False, strict: bool = False) -> PhraseIndex:
    rows = names(lang)
    keys = [(name, key) for name, row in rows.items() for key in row.keys]
    return PhraseIndex(lang, phrases(lang), keys, nothing=NOTHING, toned=toned, strict=strict)


def match_label(label: str, lang: str | None = None) -> tuple[str, float] | None:
    """A specification's row label in any language → (attribute id, score 0..1); None when unsure.

    `lang` settles words that mean different things in two languages. From .8 on it is certain.
    """
    return _labels().match(label, base(lang) if lang else None)


@functools.lru_cache(maxsize=4096)
def _matched(text: str, lang: str) -> tuple[tuple[str, float], ...]:
    own = base(lang)
    tags = list(dict.fromkeys((own, "en")))
    if not has(own, "attributes"):
        tags = list(LANGUAGES)
    best: dict[str, float] = {}
    for tag in tags:
        factor = 1.0 if tag == own else _BESIDE if own in tags and best else _ABROAD
        toned = tag == "vi" and has_accents(text)
        for attribute, score in _asking(tag, toned=toned, strict=tag != own).match(text):
            best[attribute] = max(best.get(attribute, 0.0), round(score * factor, 3))
    for attribute, score in list(best.items()):
        rivals = [best.get(other, 0.0) for other in ontology()[attribute].unless]
        if max(rivals, default=0.0) >= CERTAIN:
            best[attribute] = round(score * _YIELDING, 3)
    return tuple(sorted(best.items(), key=lambda pair: -pair[1])[:_SHOWN])


def match_phrases(text: str, lang: str) -> list[tuple[str, float]]:
    """A viewer's question as typed → attributes, best first, with scores 0..1 (from .8 on certain).

    Reads the question's language and English; every language when it is unknown ("und").
    """
    return list(_matched(text[:600], lang))


def near_ids(name: str) -> list[str]:
    """Attribute ids that look like this one, for error messages."""
    return difflib.get_close_matches(name, list(ontology()), n=3, cutoff=0.5)
