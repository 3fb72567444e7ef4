"""Which product each part of a document speaks of: headings, sheets and titles of pages lead over. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cohost.common.catalogue import Catalogue
from cohost.knowledge.extract import binding
from cohost.knowledge.extract.labels import attribute_of
from cohost.knowledge.extract.rules import topics_of
from cohost.knowledge.extract.scope import Scope
from cohost.knowledge.extract.stream import Part
from cohost.trust.attributes import ontology

_MOST = 4  # products one heading may name for its section to be told of each
_TITLE = 120
_OF_THE_MAKER = frozenset({"seller", "reviews", "tests", "certificates", "how_to_buy", "sustainability"})


@dataclass
class _Lead:
    """The heading that holds: its products, its depth in the headings, and whether it only stays."""

    products: tuple[str, ...]
    text: str
    depth: int


def runs(read: Sequence[Part], scope: Scope) -> Iterator[tuple[tuple[Scope, ...], list[Part]]]:
    """Neighbouring parts of the same products, with a scope for each of them."""
    if len(scope.catalogue.products) < 2:
        yield (scope,), list(read)
        return
    held: list[Part] = []
    place: tuple[Scope, ...] = (scope,)
    for part, here in _placed(read, scope):
        if held and _same(here, place):
            held.append(part)
            continue
        if held:
            yield place, held
        held, place = [part], here
    if held:
        yield place, held


def _same(one: Sequence[Scope], other: Sequence[Scope]) -> bool:
    return [(s.product, s.models) for s in one] == [(s.product, s.models) for s in other]


def _placed(read: Sequence[Part], scope: Scope) -> Iterator[tuple[Part, tuple[Scope, ...]]]:
    lead: _Lead | None = None
    page: object = None
    for part in read:
        fresh = part.page is not page
        page = part.page
        if fresh and part.page.title:  # a sheet
            named = products(part.page.title, scope.catalogue)
            lead = _Lead(named, part.page.title, -1) if named else None
        if part.kind == "heading":
            lead = _led(part, lead, scope, fresh=fresh)
        elif lead is not None and len(part.headings) <= lead.depth:
            lead = None
        yield part, _scopes(lead, scope)


def _led(part: Part, lead: _Lead | None, scope: Scope, *, fresh: bool) -> _Lead | None:
    """What holds from this heading on."""
    named = products(part.text, scope.catalogue)
    depth = len(part.headings) - 1
    if named:
        return _Lead(named, part.text, depth)
    if lead is None or depth > lead.depth:
        return lead
    if depth < lead.depth or _of_the_shop(part.text):
        return None
    if fresh and not _of_a_product(part.text):
        return None  # a page with a title of its own
    flat = scope.document.format in ("pdf", "txt", "image")
    return lead if flat or _of_a_product(part.text) else None


def _of_the_shop(text: str) -> bool:
    return bool(topics_of(text))


def _of_a_product(text: str) -> bool:
    known = ontology().get(attribute_of(text) or "")
    return known is not None and not known.market and known.id not in _OF_THE_MAKER


def products(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The products a heading names; () for none, and for a heading that lists more than a few."""
    if len(text) > _TITLE:
        return ()
    found = binding.mentions(text, catalogue)
    named = tuple(dict.fromkeys(m.product for m in found))
    return named if len(named) <= _MOST else ()


def _scopes(lead: _Lead | None, scope: Scope) -> tuple[Scope, ...]:
    if lead is None or (len(lead.products) > 1 and scope.product in lead.products):
        return (scope,)
    return tuple(scope.of(product).narrow(lead.text) for product in lead.products)


# ---------------------------------------------------------------- the document's own product


def several(read: Sequence[Part], catalogue: Catalogue) -> bool:
    """True where headings or sheets lead to more than one product, none of them above the others: then
    the document is about no one of them."""
    if len(catalogue.products) < 2:
        return False
    led = [(len(p.headings), products(p.text, catalogue)) for p in read if p.kind == "heading"]
    sheets = {products(p.page.title, catalogue) for p in read if p.page.title} - {()}
    depths = [depth for depth, named in led if named]
    top = min(depths, default=0)
    return len({named for depth, named in led if named and depth == top} | sheets) > 1
