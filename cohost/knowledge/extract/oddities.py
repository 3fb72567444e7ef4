"""What is odd about a certificate: its number's form, its dates, its holder. Pure."""

from __future__ import annotations

import re

from cohost.knowledge.extract.labelled import Entry
from cohost.knowledge.extract.papers import doubt
from cohost.knowledge.extract.scope import Scope
from cohost.trust import words
from cohost.trust.evidence import Certificate
from cohost.trust.schemes import number_fits, schemes


def check(item: Certificate, scope: Scope, entry: Entry | None) -> None:
    """Report what is odd about a certificate: its number's form, its dates, its holder."""
    page = item.source.page
    if item.number and entry:
        doubt(entry.quote, item.number, entry.page, scope)
        if item.certificate_kind != "self_declaration" and not number_fits(item.scheme, item.number):
            scope.problem(
                "number_form",
                f"{item.scheme}: got number {item.number}, which is not of the scheme's form",
                page,
            )
    if item.issued and item.valid_until and item.valid_until < item.issued:
        scope.problem(
            "dates_reversed", f"{item.scheme}: valid until {item.valid_until}, issued {item.issued}", page
        )
    if scope.on is not None:
        if item.issued and item.issued > scope.on:
            scope.problem("issued_in_future", f"{item.scheme}: issued {item.issued}, after {scope.on}", page)
        if item.valid_until and item.valid_until < scope.on:
            scope.problem(
                "expired", f"{item.scheme} {item.number or ''}: valid until {item.valid_until}", page
            )
    if item.scheme not in schemes():
        scope.problem("unknown_scheme", "a certificate whose scheme is not in the table", page, "info")
    _check_holder(item, scope)


def _check_holder(item: Certificate, scope: Scope) -> None:
    """Neither holder nor maker is the brand: a letter should link them."""
    brand = scope.catalogue.brand
    own = _significant(f"{brand.name} {brand.legal_name}")
    told = " ".join(filter(None, (item.holder, item.manufacturer)))
    if own and told and not own & _significant(told):
        scope.problem(
            "holder_differs",
            f"{item.scheme}: held by {told[:80]}, expected {brand.legal_name or brand.name}",
            item.source.page,
            "info",
        )


_COMPANY = frozenset({
    "ltd", "limited", "inc", "llc", "gmbh", "srl", "corp", "company", "trading", "the", "and",
    "international", "group", "fictional", "technology",
})  # fmt: skip


def _significant(text: str) -> set[str]:
    plain = words.plain(text)
    return {w for w in re.findall(r"\w+", plain) if len(w) > 2 and w not in _COMPANY}
