"""Documents that disagree, the rule that settles it, and what viewers are told. Pure.

Which figure is told is `trust.settle`'s choice; what it leaves aside is compared with it, or with the
figure of the same condition beside it. Statements of one document and figures under other conditions are no
contradiction. A claim by a document that may prove nothing here (a brochure's water column) is told apart.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence

import msgspec

from cohost.check.gaps import question
from cohost.check.places import Place, about, in_order, places
from cohost.common.catalogue import Catalogue
from cohost.decision.answer import answer
from cohost.knowledge.retrieve import typed
from cohost.trust.attributes import display_name, ontology
from cohost.trust.evidence import Evidence, Fact, Policy, airable, covers_market, covers_model, in_force
from cohost.trust.settle import Settleable, figures, proof_classes, same_condition, settle

REASONS = {
    "exact_variant": "what names this exact model counts before what speaks of all models",
    "market": "what is said for this market counts before what is said for all",
    "newer": "the newer of two figures of the shop counts",
    "source_class": "the better source counts: an independent test before the maker's word, that before the "
    "shop's, that before a brochure",
    "less_favourable": "of two equally good sources the figure less favourable to the seller counts",
    "no_proof": "a document of this kind proves nothing here: it is never told",
}
"""The rule that settled it, by `Conflict.reason`."""

_MIN_WORD = 4


class Conflict(msgspec.Struct, frozen=True):
    """A statement that is not told, the one it disagrees with, and why that one counts."""

    item: Settleable
    against: Settleable
    reason: str
    flatters: bool  # it promises more than the one that counts


class Contradiction(msgspec.Struct, frozen=True):
    """What documents disagree on about one attribute of one product; `told` is what counts."""

    product: str
    attribute: str
    models: tuple[str, ...]
    markets: tuple[str, ...]
    told: Settleable
    conflicts: tuple[Conflict, ...]
    heard: str = ""  # the composed English answer

    @property
    def name(self) -> str:
        return display_name(self.attribute, "en")

    @property
    def flatters(self) -> bool:
        return any(c.flatters for c in self.conflicts)


def contradictions(
    catalogue: Catalogue, items: Sequence[Evidence], on: dt.date, market: str | None = None
) -> tuple[Contradiction, ...]:
    """One for each product, attribute and set of statements, the markets joined."""
    found: dict[tuple[object, ...], Contradiction] = {}
    for place in places(catalogue, market):
        if not place.offered:
            continue
        mine = about(items, place.product)
        said = [i for i in mine if isinstance(i, Settleable) and _may_count(i, place, on)]
        for attribute in dict.fromkeys(i.attribute for i in said):
            group = [i for i in said if i.attribute == attribute]
            for model in place.models or (None,):
                one = _found(group, place, model, on)
                if one is not None:
                    _join(found, one, catalogue)
    return tuple(_heard(one, catalogue, items, on) for one in found.values())


def _may_count(item: Settleable, place: Place, on: dt.date) -> bool:
    prose = item.value is None  # a rule in words: nothing to compare
    return airable(item) and in_force(item, on) and covers_market(item, place.market) and not prose


def _found(group: Sequence[Settleable], place: Place, model: str | None, on: dt.date) -> Contradiction | None:
    speaking = [i for i in group if covers_model(i, model)]
    if len({i.source.document for i in speaking}) < 2:
        return None
    attribute = speaking[0].attribute
    told = settle(speaking, attribute=attribute, model=model, market=place.market, on=on).chosen
    if told is None:
        return None
    ranked = sorted(speaking, key=lambda i: (i is not told, i.source_class, i.id))
    good = [i for i in ranked if i.source_class in proof_classes(attribute)]
    conflicts = []
    seen = {_statement(told)}
    for item in ranked[1:]:
        against = next((g for g in good if _comparable(g, item, speaking)), None)
        if against is None or _statement(item) in seen or not _before(against, item, good):
            continue
        if _differ(against, item, on):
            seen.add(_statement(item))
            reason = _reason(against, item, model, place.market, on)
            conflicts.append(Conflict(item, against, reason, _flatters(item, against)))
    if not conflicts:
        return None
    models = (model,) if model else ()
    return Contradiction(place.product, attribute, models, (place.market,), told, tuple(conflicts))


def _before(against: Settleable, item: Settleable, good: Sequence[Settleable]) -> bool:
    """Each pair once: the one that counts more against the other."""
    return item not in good or good.index(against) < good.index(item)


def _statement(item: Settleable) -> tuple[object, ...]:
    """The same words in the same document, in two languages or rows, are one statement."""
    return (item.source.document, str(figures(item) or item.value), item.condition)


def _comparable(a: Settleable, b: Settleable, group: Iterable[Settleable]) -> bool:
    """True where the two speak of the same thing: other documents, and conditions that do not differ."""
    if a is b or a.source.document == b.source.document or not same_condition(a, b):
        return False
    if bool(a.condition) == bool(b.condition):
        return True
    stated, plain = (a, b) if a.condition else (b, a)
    if _words(stated.condition) & _words(plain.source.quote):
        return True
    others = {i.condition for i in group if i.source.document == stated.source.document}
    return len(others) == 1 and not _within(stated, plain)


def _words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return frozenset(w for w in re.findall(r"[^\W\d_]+", plain) if len(w) >= _MIN_WORD)


def _within(stated: Settleable, plain: Settleable) -> bool:
    """A narrower range for a stated case: to store at 10 to 30 °C what works from 0 to 40."""
    x, y = figures(stated), figures(plain)
    return x is not None and y is not None and y[0] < y[1] and y[0] <= x[0] <= x[1] <= y[1]


def _differ(a: Settleable, b: Settleable, on: dt.date) -> bool:
    """`settle`'s own comparison, model, market and source aside; a bound that holds is no contradiction."""
    if _bound_holds(a, b) or _bound_holds(b, a):
        return False
    two = [
        msgspec.structs.replace(i, id=name, source_class="A", models=(), markets=())
        for name, i in (("a", a), ("b", b))
    ]
    return bool(settle(two, attribute=a.attribute, model=None, market=None, on=on).conflicts)


def _bound_holds(bound: Settleable, other: Settleable) -> bool:
    qualifier = "" if isinstance(bound, Policy) else bound.qualifier
    x, y = figures(bound), figures(other)
    if x is None or y is None:
        return False
    return (qualifier == "up_to" and y[1] <= x[1]) or (qualifier == "at_least" and y[0] >= x[0])


def _reason(a: Settleable, b: Settleable, model: str | None, market: str, on: dt.date) -> str:
    if b.source_class not in proof_classes(b.attribute):
        return "no_proof"
    plain = [msgspec.structs.replace(i, condition="") for i in (a, b)]
    found = settle(plain, attribute=a.attribute, model=model, market=market, on=on)
    return found.reason if found.reason in REASONS else "less_favourable"


def _flatters(item: Settleable, counts: Settleable) -> bool:
    """True where the figure left aside sounds better than the one that counts."""
    spec, x, y = ontology().get(item.attribute), figures(item), figures(counts)
    if spec is None or x is None or y is None:
        return isinstance(item, Fact) and item.polarity and item.value is not False
    return (spec.favourable == "higher" and x[0] > y[0]) or (spec.favourable == "lower" and x[1] < y[1])


def _join(found: dict[tuple[object, ...], Contradiction], one: Contradiction, catalogue: Catalogue) -> None:
    key = (one.product, one.attribute, one.told.id, tuple(c.item.id for c in one.conflicts))
    known = found.get(key)
    if known is None:
        found[key] = one
        return
    found[key] = msgspec.structs.replace(
        known, models=tuple(dict.fromkeys((*known.models, *one.models))),
        markets=in_order((*known.markets, *one.markets), catalogue),
    )  # fmt: skip


def _heard(one: Contradiction, catalogue: Catalogue, items: Sequence[Evidence], on: dt.date) -> Contradiction:
    """With the answer that a viewer in the first of the markets would get, in English."""
    asked = question(one.product, one.markets[0], one.attribute)
    found = [i for _, i in typed(about(items, one.product), asked) if airable(i)]
    draft = answer(asked, found, lang="en", catalogue=catalogue, on=on)
    return msgspec.structs.replace(one, heard=draft.text)
