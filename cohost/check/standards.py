"""Papers that name an edition of a standard which a later one has superseded (`standards.toml`). Pure."""

from __future__ import annotations

import datetime as dt
import functools
import importlib.resources
import re
import tomllib
from collections.abc import Sequence

import msgspec

from cohost.trust.evidence import Certificate, Evidence, Standard, TestReport

_NATIONAL = re.compile(r"^(?:BS|DIN|NF|UNE|ETSI|SIST|UNI|NEN|PN|ÖNORM|I\.S\.|TS)[ -](?=EN\b)")


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"but": "except"}):
    """One row of the table; its head explains the fields."""

    id: str
    now: str
    source: str
    checked: dt.date
    editions: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    since: dt.date | None = None
    note: str = ""


class Superseded(msgspec.Struct, frozen=True):
    """A document that names an old edition. `since`: None where that may still be in its transition."""

    document: str
    page: int | None
    product: str | None
    standard: str  # as the paper names it
    now: str
    since: dt.date | None
    note: str
    source: str
    checked: dt.date
    evidence: tuple[str, ...]


@functools.cache
def table() -> tuple[Row, ...]:
    text = (importlib.resources.files(__package__) / "standards.toml").read_text(encoding="utf-8")
    return tuple(msgspec.convert(row, Row) for row in tomllib.loads(text)["standard"])


def superseded(items: Sequence[Evidence], on: dt.date) -> tuple[Superseded, ...]:
    """Once for each document and standard, those out of force first."""
    found: dict[tuple[str, str], Superseded] = {}
    for item in items:
        if item.release == "internal":
            continue
        for standard in _named(item):
            row = _row(standard)
            if row is None:
                continue
            name = f"{standard.id}:{standard.edition}" if standard.edition else standard.id
            since = row.since if row.since is not None and row.since <= on else None
            key = (item.source.document, name)
            known = found.get(key)
            ids = (*known.evidence, item.id) if known else (item.id,)
            found[key] = Superseded(
                item.source.document, item.source.page, item.product, name, row.now, since, row.note,
                row.source, row.checked, ids,
            )  # fmt: skip
    return tuple(sorted(found.values(), key=lambda s: (s.since is None, s.document, s.standard)))


def _named(item: Evidence) -> tuple[Standard, ...]:
    if isinstance(item, Certificate):
        return item.standards
    if isinstance(item, TestReport) and item.method is not None:
        return (item.method,)
    return ()


def _row(standard: Standard) -> Row | None:
    plain = _NATIONAL.sub("", standard.id)
    for row in table():
        if row.id == plain and _old(standard.edition, row):
            return row
    return None


def _old(edition: str | None, row: Row) -> bool:
    """A paper that names no edition is taken for the newest, unless every edition is superseded."""
    if not row.editions:
        return True
    if edition is None:
        return False
    plain = edition.upper().replace("/", "+").replace(" ", "")
    return any(plain.startswith(e.upper()) for e in row.editions) and not any(
        plain.startswith(e.upper()) for e in row.but
    )
