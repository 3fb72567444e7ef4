"""What no translator may touch, taken out before and put back after: links, codes, names, glossary. Pure.

A term becomes a mark such as XQ1, which translators of every kind carry through as a name. A mark that is
lost on the way shows: then the line is translated bare and checked afterwards (`carried`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.languages import base
from cohost.trust.carried import CODE, LINK, STANDARD

MOST = 9
"""Marks in one line: XQ1 to XQ9."""
_MARK = re.compile(r"[XХ][QԚ][ -]?([1-9])(?!\d)", re.IGNORECASE)

Glossary = Sequence[Mapping[str, str]]
"""One term a row: language tag → how it is said there."""


class Masked(msgspec.Struct, frozen=True):
    """A text with marks, and what stands behind each, in order."""

    text: str
    terms: tuple[str, ...] = ()


def names_of(catalogue: Catalogue) -> tuple[str, ...]:
    """Names that are the same in every language, longest first: of the brand, the products with the short
    name each begins with ("Reef" of "Reef portable speaker"), the models."""
    found = [catalogue.brand.name, catalogue.brand.legal_name]
    for product in catalogue.products:
        found += [product.name, *product.models]
        found += [a for a in product.aliases if a[:1].isupper() and product.name.startswith(f"{a} ")]
    found += [variant.model for variant in catalogue.variants]
    return tuple(sorted(dict.fromkeys(n for n in found if n), key=lambda n: (-len(n), n)))


def terms_between(glossary: Glossary, source: str, target: str) -> dict[str, str]:
    """The glossary for one direction: the source's term → the target's."""
    one, other = base(source), base(target)
    return {row[one]: row[other] for row in glossary if row.get(one) and row.get(other)}


def mask(text: str, names: Sequence[str] = (), terms: Mapping[str, str] | None = None) -> Masked:
    """Put marks where the text has links, standards, codes, names or terms of the glossary."""
    spans: list[tuple[int, int, str]] = []

    def take(start: int, end: int, becomes: str) -> None:
        if len(spans) < MOST and not any(s < end and start < e for s, e, _ in spans):
            spans.append((start, end, becomes))

    for pattern in (LINK, STANDARD):
        for match in pattern.finditer(text):
            take(*match.span(), match.group())
    for said, becomes in sorted((terms or {}).items(), key=lambda pair: -len(pair[0])):
        for match in _whole(said).finditer(text):
            take(*match.span(), becomes)
    for name in names:
        for match in _whole(name).finditer(text):
            take(*match.span(), match.group())
    for match in CODE.finditer(text):
        if not match.group()[0].isdigit():
            word = match.group().rstrip("./-")
            take(match.start(), match.start() + len(word), word)
    spans.sort()
    parts, last = [], 0
    for number, (start, end, _) in enumerate(spans, start=1):
        parts += [text[last:start], f"XQ{number}"]
        last = end
    return Masked("".join([*parts, text[last:]]), tuple(becomes for _, _, becomes in spans))


def unmask(text: str, masked: Masked) -> str | None:
    """The target with its terms; None where a mark is missing or stands more often than it did."""
    found = [int(m[1]) for m in _MARK.finditer(text)]
    if sorted(found) != list(range(1, len(masked.terms) + 1)):
        return None
    return _MARK.sub(lambda m: masked.terms[int(m[1]) - 1], text)


def _whole(word: str) -> re.Pattern[str]:
    """The word where no letter of a spaced script touches it."""
    body = re.escape(word).replace(r"\ ", r"\s+")
    front = (
        r"(?<![A-Za-z0-9])" if word[0].isascii() else r"(?<![^\W\d_\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af])"
    )
    back = (
        r"(?![A-Za-z0-9])" if word[-1].isascii() else r"(?![^\W\d_\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af])"
    )
    return re.compile(front + body + back, re.IGNORECASE)
