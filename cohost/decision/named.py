"""Questions that name something by its capitals ("BPA", "CRI", "NFC"): the item that names it too. Pure."""

from __future__ import annotations

import functools
import re

from cohost.common.lexicon import entries, fold
from cohost.decision.context import Ask
from cohost.decision.passages import SILENT_KINDS
from cohost.decision.points import Plan, Point
from cohost.languages import base
from cohost.trust.evidence import Evidence, Fact, Passage, covers_market, covers_model, in_force
from cohost.trust.quantities import unit_id
from cohost.trust.schemes import find_schemes

_CAPITALS = re.compile(r"(?<![A-Za-z0-9-])[A-Z]{3,6}(?![A-Za-z0-9])")
_LATIN = re.compile(r"(?<![A-Za-z0-9-])[A-Za-z][A-Za-z0-9]{2,}(?![A-Za-z0-9])")
OTHER_SCRIPTS = frozenset({"ru", "ar", "hi", "th", "ja", "ko", "zh"})
OPEN_FORMS = frozenset({"text", "list", "bool"})
"""Forms of attributes under which all kinds of things are asked for by name."""
_PAPERS = frozenset({"certificate", "test_report"})
NEVER = frozenset({"price", "stock", "certificates", "tests", "reviews"})
"""Attributes that say what is wanted of the thing named, so that naming it is no answer."""


def plan_named(ask: Ask) -> Plan | None:
    """The fact or labelled line of a specification that holds the viewer's capitals. None for shouted
    lines, models and schemes, and where the attribute asked has evidence of its own."""
    if ask.attribute in NEVER or _has_own(ask):
        return None
    names = _names(ask)
    found = [i for i in ask.of((Fact, Passage)) if _tells(i, ask) and any(_holds(i, n) for n in names)]
    if not found:
        return None
    best = min(found, key=lambda i: (not isinstance(i, Fact), i.source_class, i.id))
    if isinstance(best, Fact):
        point = Point(kind="fact", items=(best,), attribute=best.attribute)
    else:
        point = Point(kind="passage", items=(best,), attribute=ask.attribute)
    return Plan("answer", "named", (point,), model=ask.model, market=ask.market)


def names_found(ask: Ask) -> bool:
    """False where the viewer asks for something by its capitals, or by a Latin name inside another script,
    and no document of the product holds that name: then a general fact is no answer."""
    spec = ask.spec
    if spec is None or spec.form not in OPEN_FORMS or ask.attribute in NEVER:
        return True
    names = (*_names(ask), *_latin_names(ask))
    return not names or any(_written(i, n) for i in ask.items for n in names)


def _written(item: Evidence, name: str) -> bool:
    words = " ".join((item.source.quote, getattr(item, "text", ""), getattr(item, "heading", "")))
    return re.search(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", words, re.IGNORECASE) is not None


def _latin_names(ask: Ask) -> tuple[str, ...]:
    """Latin words in a line of another script that are no chat words, units or names of the house."""
    lang = base(ask.question.lang)
    text = ask.question.text
    if lang not in OTHER_SCRIPTS or not any(c.isalpha() and not c.isascii() for c in text):
        return ()
    house = _house(ask)
    return tuple(
        w
        for w in dict.fromkeys(_LATIN.findall(text))
        if w.upper() not in house and fold(w) not in _chat_words(lang) and unit_id(w) is None
        and not find_schemes(w, "en")
    )  # fmt: skip


@functools.cache
def _chat_words(lang: str) -> frozenset[str]:
    """Latin words that viewers of any script type for ordinary things."""
    lists = [*entries("en", "language", "words"), *entries("en", "language", "loans")]
    lists += [*entries("en", "language", "neutral"), *entries(lang, "language", "loans")]
    return frozenset(fold(w) for entry in lists for w in entry.split())


def _has_own(ask: Ask) -> bool:
    return any(i.attribute == ask.attribute for i in ask.of(Fact)) if ask.attribute else False


def _names(ask: Ask) -> tuple[str, ...]:
    text = ask.question.text
    if text.isupper() and len(text.split()) > 2:
        return ()
    known = _house(ask)
    return tuple(
        n for n in dict.fromkeys(_CAPITALS.findall(text)) if n not in known and not find_schemes(n, "en")
    )


def _house(ask: Ask) -> set[str]:
    """Words of the names of the brand and of every product, in capitals."""
    named = [ask.catalogue.brand.name]
    for product in ask.catalogue.products:
        named += [product.name, product.id, *product.models, *product.aliases]
    return {w for n in named for w in re.split(r"[^A-Z0-9]+", n.upper())}


def _tells(item: Evidence, ask: Ask) -> bool:
    return (
        item.source_class in "AB"
        and item.source.kind not in SILENT_KINDS | _PAPERS
        and in_force(item, ask.on)
        and (covers_model(item, ask.model) if ask.model else not item.models)
        and covers_market(item, ask.market)
    )


def _holds(item: Evidence, name: str) -> bool:
    """In its own words, not in the rest of the row: another model may stand there."""
    if isinstance(item, Fact):
        words = f"{item.value if isinstance(item.value, str | tuple) else ''} {item.condition}"
    else:
        words = getattr(item, "text", "")
    return re.search(rf"(?<![A-Za-z]){name}(?![A-Z])", words) is not None
