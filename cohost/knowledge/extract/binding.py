"""Which product and models a text speaks of: model strings first, then names, then aliases. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator

import msgspec

from cohost.common.catalogue import Catalogue, Product
from cohost.trust import words
from cohost.trust.evidence import normal_model

_DASHES = "[-‐‑‒–—−_ ]?"
_MODEL_WORD = re.compile(
    r"(?:\bmodels?|\bmodell?[oe]?s?|\bmodèles?|\btyp[eo]?|型号|型名|型式|型番|型號|모델명?|รุ่น|موديل|الطراز|модель|मॉडल)"
    r"(?:\s*(?:no|nr|number|nummer)\.?)?\s*[:：]?\s*(?P<model>(?=[\w\-./]*\d)[A-Z][A-Z0-9\-./]{1,24}[A-Z0-9])",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?<![\w\-./])(?=[A-Z0-9\-]*\d)(?=[A-Z0-9\-]*[A-Z])[A-Z0-9][A-Z0-9\-]{1,22}[A-Z0-9](?![\w\-/])"
)
_FAMILY = re.compile(
    r"(?<![\w\-])(?P<base>[A-Z][A-Z0-9\-]*\d[A-Z0-9\-]*?)(?:(?P<any>[-\s]?\*)|[-\s]?(?P<signs>[xX]{1,4}|[□#]{1,4})(?!\w)"
    r"|\s+(?P<word>(?i:series|serie|série|seria|серия|серии|serisi|ซีรีส์|سلسلة))|\s*(?:系列|シリーズ|시리즈))|"
    r"(?<!\w)(?i:series|serie|série|baureihe|modellreihe|gamme|gama|famille|familia|famiglia|family|seria|серия|"
    r"系列|シリーズ|시리즈)\s*[:：]?\s+(?P<named>[A-Z][A-Z0-9\-]*\d[A-Z0-9\-]*)(?![\w*-])"
)
_RATING = re.compile(
    r"[\d.,/-]+(?:V|W|A|HZ|KHZ|MHZ|GHZ|MAH|AH|WH|VA|KG|G|MM|CM|M|L|ML|DB|RPM|PCS|IN|OZ)(?:AC|DC|~)?",
    re.IGNORECASE,
)
_NOT = re.compile(r"[(（][^)）]*(?:\bnot\b|\bnicht\b|\bno\b|\bnon\b|不|非)[^)）]*[)）]", re.IGNORECASE)


class Mention(msgspec.Struct, frozen=True):
    """A model or a product named in a text, with its span."""

    product: str
    model: str | None
    start: int
    end: int


@functools.lru_cache(maxsize=16)
def _finder(catalogue: Catalogue) -> tuple[tuple[re.Pattern[str], str, str | None], ...]:
    """Patterns, longest first, with product and model they stand for."""
    rows: list[tuple[int, re.Pattern[str], str, str | None]] = []
    for product in catalogue.products:
        models = dict.fromkeys((*product.models, *(v.model for v in catalogue.variants_of(product.id))))
        for model in models:
            pieces = re.split(r"[-‐‑‒–—−_\s]+", model.strip())
            body = _DASHES.join(re.escape(p) for p in pieces if p)
            rows.append((len(model) + 100, _bounded(body), product.id, model))
        for name in (product.name, product.id, *product.aliases, *_short_names(product, catalogue)):
            if len(name) >= 2:
                rows.append((len(name), _named(name), product.id, None))
    rows.sort(key=lambda row: -row[0])
    return tuple((pattern, product, model) for _, pattern, product, model in rows)


def _short_names(product: Product, catalogue: Catalogue) -> Iterator[str]:
    """Beginnings of a name, two words or more, that are no other product's: "Brook E1 Pro" of "Brook E1 Pro
    earbuds". A beginning that two names share is the shorter name's."""
    pieces = product.name.split()
    for count in range(2, len(pieces)):
        start = pieces[:count]
        rivals = [p for p in catalogue.products if p.id != product.id and p.name.split()[:count] == start]
        if all(len(p.name.split()) > len(pieces) for p in rivals):
            yield " ".join(start)


def _bounded(body: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9]){body}(?![A-Za-z0-9])", re.IGNORECASE)


def _named(name: str) -> re.Pattern[str]:
    escaped = r"[\s-]+".join(re.escape(w) for w in name.split())
    if words.dense(name):
        return re.compile(escaped)
    return re.compile(rf"(?<!\w){escaped}(?:s|es|n|e)?(?!\w)", re.IGNORECASE)


def mentions(text: str, catalogue: Catalogue) -> list[Mention]:
    """Models and products named in the text, in order; the longest name wins at one place."""
    taken: list[Mention] = []
    for pattern, product, model in _finder(catalogue):
        for match in pattern.finditer(text):
            if not any(match.start() < t.end and t.start < match.end() for t in taken):
                taken.append(Mention(product, model, match.start(), match.end()))
    return sorted(taken, key=lambda m: m.start)


def models_in(text: str, catalogue: Catalogue, product: str | None = None) -> tuple[str, ...]:
    """Models of the catalogue named in the text, what is said not to be covered left out."""
    found = mentions(_NOT.sub(lambda m: " " * len(m.group()), text), catalogue)
    return tuple(dict.fromkeys(m.model for m in found if m.model and product in (None, m.product)))


def product_of(texts: Iterable[str], catalogue: Catalogue) -> str | None:
    """The product the first telling text names: a model counts before a name, a name that several
    products share counts for none. A folder with one product binds by default."""
    if len(catalogue.products) == 1:
        return catalogue.products[0].id
    for text in texts:
        found = mentions(text, catalogue)
        for only_models in (True, False):
            products = dict.fromkeys(m.product for m in found if not only_models or m.model)
            if len(products) == 1:
                return next(iter(products))
            if products:
                return None
    return None


def stated_models(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Model strings a paper's model field names, known to the catalogue or not, exact as written."""
    kept = _NOT.sub(" ", text)
    known = models_in(kept, catalogue)
    rest = kept
    for pattern, _, model in _finder(catalogue):
        if model:
            rest = pattern.sub(" ", rest)
    rest = re.sub(r"[(（][^)）]*[)）]", " ", rest)
    others = [m.group() for m in _CODE.finditer(rest)] or [m["model"] for m in _MODEL_WORD.finditer(rest)]
    return tuple(
        dict.fromkeys(
            (*known, *(o for o in others if not (re.fullmatch(r"\d+|[A-Z]+", o) or _RATING.fullmatch(o))))
        )
    )


def worded_models(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Models after the word "model" in running text."""
    known = {normal_model(m): m for p in catalogue.products for m in p.models}
    found = [m["model"].rstrip(".") for m in _MODEL_WORD.finditer(_NOT.sub(" ", text))]
    return tuple(dict.fromkeys(known.get(normal_model(m), m) for m in found))


def families(text: str) -> tuple[str, ...]:
    """Declared model families: "RX2 series", "RX2-*" → "RX2*"; "RX2-xx" (a sign each) → "RX2-??"."""
    found = []
    for match in _FAMILY.finditer(text):
        base = (match["base"] or match["named"]).rstrip("-")
        found.append(f"{base}-{'?' * len(match['signs'])}" if match["signs"] else f"{base}*")
    return tuple(dict.fromkeys(found))


def all_models(catalogue: Catalogue, product: str | None) -> frozenset[str]:
    """Every model of a product, as compared."""
    chosen = catalogue.product(product)
    return frozenset(normal_model(m) for m in chosen.models) if chosen else frozenset()
