"""What every extractor needs: the document, what it is about, and how an item is made. Pure."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from cohost.common.catalogue import Catalogue
from cohost.knowledge.documents import Document, Page, Problem, fold
from cohost.knowledge.extract import binding
from cohost.knowledge.extract.stream import Part, Row
from cohost.languages import LANGUAGES
from cohost.trust.evidence import DocumentKind, Release, Source, SourceClass, Visibility

QUOTE = 300
LOW = 0.80
"""Below this OCR confidence a number, date or model asks a person."""


@dataclass(frozen=True)
class Scope:
    """The document, its kind and what it is bound to; `narrow` binds a section or row closer."""

    document: Document
    catalogue: Catalogue
    kind: DocumentKind
    source_class: SourceClass
    lang: str
    product: str | None = None
    models: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    release: Release = "approved"
    visibility: Visibility = "excerpt"
    on: dt.date | None = None
    problems: list[Problem] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def narrow(self, text: str) -> Scope:
        """Bound to the product and models the text names, where it names any."""
        found = binding.mentions(text, self.catalogue)
        if not found:
            return self
        products = dict.fromkeys(m.product for m in found)
        if self.product is not None and self.product not in products:
            return self
        product = self.product or (next(iter(products)) if len(products) == 1 else None)
        if product is None:
            return self
        models = binding.models_in(text, self.catalogue, product)
        return replace(self, product=product, models=models or self.models)

    def about(self, text: str) -> Scope:
        """Like `narrow` for a title: it may lead to another product; several or none change nothing."""
        products = dict.fromkeys(m.product for m in binding.mentions(text, self.catalogue))
        if len(products) != 1:
            return self
        return self.of(next(iter(products))).narrow(text)

    def of(self, product: str) -> Scope:
        """Bound to this product; another one's models are left behind."""
        return self if product == self.product else replace(self, product=product, models=())

    def sold_in(self) -> tuple[str, ...]:
        """The markets a rule can hold in: those already bound, of the models' variants, else all."""
        if self.markets:
            return self.markets
        own = [v for v in self.catalogue.variants if v.model in self.models]
        if own and len({v.model for v in own}) == len(self.models):
            return tuple(dict.fromkeys(code for v in own for code in v.markets))
        return tuple(m.code for m in self.catalogue.markets)

    def bound(self, **changes: Any) -> Scope:
        return replace(self, **changes)

    def source(self, page: Page, quote: str, locator: str | None = None) -> Source:
        """Where an item stands; the quote is cut to 300 characters at a word's end."""
        text = shorten(quote)
        return Source(
            document=self.document.path, quote=text, page=page.number, locator=locator or None,
            lang=language(text, self.lang), kind=self.kind, ocr=page.ocr,
            confidence=page.confidence_of(text) if page.ocr else None, sha256=self.document.sha256,
        )  # fmt: skip

    def row_source(self, part: Part, row: Row) -> Source:
        return self.source(part.page, row.text, row.locator or part.locator or part.heading)

    def common(self, source: Source) -> dict[str, Any]:
        """The fields that every item of this scope shares, with the next local id."""
        return {
            "id": str(next(self.numbers)), "source": source, "source_class": self.source_class,
            "product": self.product, "models": self.models, "markets": self.markets,
            "release": self.release, "visibility": self.visibility,
        }  # fmt: skip

    def problem(self, code: str, message: str, page: int | None = None, severity: Any = "warning") -> None:
        found = Problem(code, severity, self.document.path, message, page)
        if found not in self.problems:
            self.problems.append(found)


def shorten(text: str, limit: int = QUOTE) -> str:
    """The text folded and cut at a word's end."""
    folded = fold(text)
    if len(folded) <= limit:
        return folded
    cut = folded[:limit]
    space = cut.rfind(" ")
    return cut[:space] if space > limit // 2 else cut


_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_OTHER_SCRIPTS = frozenset(tag for tag, _ in _SCRIPTS)
_DENSITY = {"ja": 2.5, "zh": 2.5, "ko": 2.0, "th": 1.2}
_ENOUGH = 24
_CERTAIN = 44


def language(text: str, default: str = "und", enough: int = _CERTAIN) -> str:
    """Language of a text by its script; Latin letters by their words when there are `enough`."""
    latin = len(_LATIN.findall(text))
    weights = {tag: len(rx.findall(text)) * _DENSITY.get(tag, 1.0) for tag, rx in _SCRIPTS}
    if weights["ja"]:
        weights["ja"] += weights.pop("zh")
    tag = max(weights, key=lambda t: weights[t])
    if tag == "zh" and default == "ja" and len(text) < 60:
        tag = "ja"  # a short Japanese line may hold Chinese characters only
        weights["ja"] = weights.get("zh", 0.0)
    if weights[tag] > latin * 0.5 and weights[tag] > 0:
        return tag
    foreign = default in _OTHER_SCRIPTS or default == "und"
    if latin >= (_ENOUGH if foreign else enough):
        return _latin(text)
    return default if not foreign or not latin else "en"


@functools.lru_cache(maxsize=4096)
def _latin(text: str) -> str:
    identifier = _identifier()
    return str(identifier.classify(text[:2000])[0])


@functools.cache
def _identifier() -> Any:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    latin = [tag for tag in LANGUAGES if tag not in _OTHER_SCRIPTS]
    identifier.set_languages(latin)
    return identifier
