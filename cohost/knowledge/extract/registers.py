"""Registers of certificates: lists of papers, no papers themselves. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cohost.knowledge.extract import places
from cohost.knowledge.extract.scope import Scope
from cohost.knowledge.extract.stream import Part
from cohost.knowledge.extract.tables import cell
from cohost.knowledge.extract.vocabulary import section
from cohost.trust import words
from cohost.trust.evidence import Certificate
from cohost.trust.schemes import schemes, table_schemes


def is_register(part: Part) -> bool:
    """A table with a scheme and a status column: a list of papers, no paper itself."""
    if part.kind != "table" or len(part.rows) < 3:
        return False
    heads = [section("field").keys_of(h) for h in part.rows[0].cells]
    plain = [words.plain(h) for h in part.rows[0].cells]
    return any("scheme" in h for h in heads) and any(
        "status" in p or "状态" in p or p == "stand" for p in plain
    )


def from_table(part: Part, scope: Scope) -> Iterator[Certificate]:
    """Rows that say "not held": on file as not held. What is held is proven by its own paper."""
    heads = [section("field").keys_of(h) for h in part.rows[0].cells]
    status = next(
        i for i, h in enumerate(part.rows[0].cells) if re.search(r"status|状态|stand", words.plain(h))
    )
    scheme_at = next(i for i, h in enumerate(heads) if "scheme" in h)
    for row in part.rows[1:]:
        told = words.plain(cell(row, status))
        if not re.search(r"\bnot held\b|未取得|未持有|no vigente|nicht vorhanden|pending|applied", told):
            continue
        bound = scope.narrow(row.text)
        markets = places.find(" ".join(c for i, c in enumerate(row.cells) if i != scheme_at), scope.catalogue)
        for scheme in table_schemes(cell(row, scheme_at), "en"):
            kinds = schemes()[scheme].kinds
            yield Certificate(
                **(bound.common(scope.row_source(part, row)) | {"markets": markets}), scheme=scheme,
                certificate_kind=next(iter(kinds), "third_party"), status="on_file_not_held",
            )  # fmt: skip
