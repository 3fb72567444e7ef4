"""What a paper covers: exact models, declared families, the product they belong to, or only a part. Pure."""

from __future__ import annotations

import re

from cohost.common.catalogue import Catalogue
from cohost.knowledge.extract import binding
from cohost.knowledge.extract.labelled import Entry
from cohost.knowledge.extract.papers import Paper, doubt, without_remark
from cohost.knowledge.extract.scope import Scope
from cohost.knowledge.extract.vocabulary import section
from cohost.trust.evidence import family_covers, normal_model


def models(paper: Paper, scope: Scope) -> tuple[tuple[str, ...], str | None]:
    """Exact models of the paper, and the part it covers when it covers a part only."""
    stated: list[str] = []
    for entry in stating(paper, scope):
        stated += binding.stated_models(entry.value, scope.catalogue)
        doubt(entry.quote, entry.value.split(" ")[0], entry.page, scope)
    if not stated:
        for entry in paper.all("product", "component", "quantity"):
            worded = binding.worded_models(entry.value, scope.catalogue)
            stated += [*worded, *binding.models_in(entry.value, scope.catalogue)]
    if not stated:
        stated += binding.worded_models(" ".join(paper.titles), scope.catalogue)
        stated += binding.models_in(paper.text, scope.catalogue, scope.product)
    known = {normal_model(m) for p in scope.catalogue.products for m in p.models}
    found = tuple(dict.fromkeys(stated))
    own = [m for m in found if normal_model(m) in known]
    parts = [without_remark(e.value) for e in paper.all("component")]
    component = next((p for p in parts if section("word").says(p, "adapter", "cell")), None)
    component = component or next(iter(parts), None)
    if component is None and found and not own and known:
        component = _part_named(paper)
    if own:
        return found, None
    return found, _part_word(component) if component else None


def stating(paper: Paper, scope: Scope) -> list[Entry]:
    """The labelled items that state models: those with the catalogue's own, else those labelled so, else
    "type" lines."""
    found = paper.all("model")
    own = [e for e in found if binding.models_in(e.value, scope.catalogue)]
    plain = [e for e in found if not e.label.casefold().startswith("typ")]
    return own or plain or found


def families(paper: Paper) -> tuple[str, ...]:
    """Families declared in the items that state models or name the product."""
    told = paper.all("model", "product")
    return tuple(dict.fromkeys(f for e in told for f in binding.families(e.value)))


def products(paper: Paper, scope: Scope) -> tuple[str | None, ...]:
    """The products the paper is about, one item each: by its models and families, else by its words, else
    what the document is about; a model nobody sells belongs to the product whose models look like it."""
    catalogue = scope.catalogue
    if len(catalogue.products) == 1:
        return (scope.product,)
    stated, component = models(paper, scope.bound(problems=[]))
    wanted = {normal_model(m) for m in stated}
    declared = families(paper)
    owners = [
        p.id
        for p in catalogue.products
        if any(normal_model(m) in wanted or any(family_covers(f, m) for f in declared) for m in p.models)
    ]
    if owners:
        return tuple(owners)
    told = [e.value for e in paper.all("product", "model")]
    named = binding.product_of([*told, *paper.titles, paper.text], catalogue)
    if named is not None:
        return (named,)
    if stated and component is None:
        return (_alike(stated, catalogue),)
    return (scope.product,)


def _alike(stated: tuple[str, ...], catalogue: Catalogue) -> str | None:
    """The one product with a model of the same letters: LM-R5 speaks of the LM-R6's line."""
    shapes = {_shape(m) for m in stated}
    near = [p.id for p in catalogue.products if shapes & {_shape(m) for m in p.models}]
    return near[0] if len(near) == 1 else None


def _shape(model: str) -> str:
    return re.sub(r"\d", "#", normal_model(model))


def _part_named(paper: Paper) -> str | None:
    told = " ".join([*(e.value for e in paper.all("product")), *paper.titles])
    return told if section("word").says(told, "adapter", "cell") else None


def _part_word(text: str) -> str:
    for key in ("adapter", "cell"):
        if section("word").says(text, key):
            return key
    return text[:60]
