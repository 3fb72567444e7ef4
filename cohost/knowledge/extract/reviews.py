"""Customer reviews from a table with one review a row. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cohost.knowledge.extract import dates
from cohost.knowledge.extract.scope import Scope
from cohost.knowledge.extract.stream import Part
from cohost.knowledge.extract.tables import cell
from cohost.knowledge.extract.vocabulary import section, yes_or_no
from cohost.trust.evidence import Review

_FRACTION = re.compile(r"(\d+(?:[.,]\d+)?)")


def is_reviews(part: Part) -> bool:
    heads = _columns(part)
    return part.kind == "table" and "text" in heads and bool({"author", "rating"} & heads.keys())


def from_table(part: Part, scope: Scope) -> Iterator[Review]:
    heads = _columns(part)
    for row in part.rows[1:]:
        told = {key: cell(row, index) for key, index in heads.items()}
        if not told["text"]:
            continue
        bound = scope.narrow(f"{told.get('product', '')} {told.get('model', '')}")
        source = scope.source(part.page, told["text"], row.locator or part.locator)
        written = dates.first(told.get("date", ""), scope.lang)
        common = bound.common(source) | {"source_class": "D"}
        yield Review(
            **common, author=told.get("author", ""), text=told["text"], rating=_stars(told.get("rating", "")),
            written=written.earliest if written else None, consent=_agreed(told.get("consent", "")),
            incentive=_incentive(told.get("incentive", "")), verified=_agreed(told.get("verified", "")),
        )  # fmt: skip


def _agreed(text: str) -> bool:
    return yes_or_no(text) is True


def _columns(part: Part) -> dict[str, int]:
    """Which column holds what; a column named exactly wins."""
    found: dict[str, int] = {}
    for index, head in enumerate(part.rows[0].cells if part.rows else ()):
        for key in section("review").keys_of(head)[:1]:
            found.setdefault(key, index)
    return found


def _stars(text: str) -> float | None:
    filled = text.count("★") or text.count("⭐")
    if filled:
        return float(filled)
    match = _FRACTION.search(text)
    return float(match.group(1).replace(",", ".")) if match else None


def _incentive(text: str) -> str | None:
    return None if not text.strip() or yes_or_no(text) is False else text.strip()
