"""Where and for what a rule of the shop holds: limits to countries, exceptions, refunds, addresses. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cohost.knowledge.extract import binding, places
from cohost.knowledge.extract.rules import TIME, topics_of
from cohost.knowledge.extract.scope import Scope
from cohost.knowledge.extract.stream import Part, sentences
from cohost.knowledge.extract.vocabulary import plain_of, says, section
from cohost.trust.quantities import Amount, amounts

_LEGAL = re.compile(
    r"\bSp\. ?z ?o\. ?o|\b(?:GmbH|AG|S\.?A\.?R\.?L|S\.?r\.?l|S\.?L|S\.?A|B\.?V|Ltd|Inc|LLC|Corp|Co)\b\.?"
    r"|有限公司|株式会社|주식회사|ООО|A\.Ş",
)
_PLACE = re.compile(
    r"\b\d{2}-\d{3}\b|\b\d{4,6}\b|@|\bul\.|stra(?:ß|ss)e|\bstr\.|\b(?:street|road|avenue|rue|calle|via|floor)\b|路|号|街|丁目",
    re.IGNORECASE,
)
FREE = re.compile(
    r"free|kostenlos|gratis|frei|gratuit|guarante|garant|track|promise|免费|無料|무료|مجان|бесплат|ücretsiz"
    r"|miễn phí|ฟรี|grátis",
    re.IGNORECASE,
)


OTHERS = re.compile(
    r"other|else|rest|übrig|ander|otr[oa]s|autres|outr[oa]s|altri|overig|他|其余|기타|나머지|أخرى|باقي|остальн|друг"
    r"|pozosta|inn[ey]|diğer|khác|อื่น|lain|अन्य|all|alle|tod[oa]s|tous|tutt|所有|全",
    re.IGNORECASE,
)


_ELSEWHERE = re.compile(
    r"\b(?:other|rest of|übrigen|anderen|andere) |otros|otras|outros|outras|autres|altri|altre"
    r"|overige|其他|其余|その他|他の国|기타|나머지|أخرى|остальн|других|pozosta|innych|diğer|khác|อื่น|lainnya|अन्य",
    re.IGNORECASE,
)
"""Other countries than the ones just named."""


def address(text: str) -> bool:
    """A line of a letter's foot: the maker's name and where it lives. It limits nothing."""
    return len(text) < 240 and bool(_LEGAL.search(text)) and bool(_PLACE.search(text))


def written_for(scope: Scope) -> tuple[str, ...]:
    """The one market a document is written for: a country in its title or in a line that signs it
    ("Exempel Japan support"), or a market's code in its file's name ("faq_jp"); () for any other."""
    document = scope.document
    blocks = [b.text for p in document.pages for b in p.blocks]
    signed = [t for t in (*blocks[:2], *blocks[-2:]) if len(t) < 60]
    found = places.find(" · ".join((document.title, *signed)), scope.catalogue, codes=False)
    if not found:
        codes = {m.code for m in scope.catalogue.markets}
        stem = document.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        found = tuple(c for c in codes if re.search(rf"(?<![A-Za-z]){c}(?![A-Za-z])", stem, re.IGNORECASE))
    return found if len(found) == 1 else ()


def limiting(sentence: str, scope: Scope) -> tuple[str, ...]:
    """Markets a sentence limits the rule to ("US customers only", "nur für in Polen gekaufte Geräte");
    () where it speaks of an exchange, a refund, a price or a time."""
    if not says(sentence, "scope") or amounts(sentence) or address(sentence):
        return ()
    if FREE.search(sentence.replace("Garantie", "")) or says(sentence, "refund") or exchanges(sentence):
        return ()
    return places.find(sentence, scope.catalogue, codes=False)


def whole(parts: Sequence[Part], topic: str | None, scope: Scope) -> tuple[str, ...]:
    """Markets that one sentence limits the document's only rule to."""
    if topic is None:
        return ()
    for part in parts:
        for sentence in sentences(part.text) if part.kind != "heading" else ():
            found = limiting(sentence, scope)
            if found and topic in topics_of(sentence):
                return found
    return ()


def covered(parts: Sequence[Part], scope: Scope) -> list[Scope]:
    """The products a row "Products | Reef, Tide TD-20" says the document is for; [] where none does."""
    for part in parts:
        for row in part.rows:
            if len(row.filled) != 2 or not _names_products(row.filled[0]):
                continue
            named = dict.fromkeys(m.product for m in binding.mentions(row.filled[1], scope.catalogue))
            if 0 < len(named) < len(scope.catalogue.products):
                return [scope.of(product).narrow(row.filled[1]) for product in named]
    return []


def _names_products(label: str) -> bool:
    hit = section("field").label(label, ("product", "model"))
    return says(label, "products") or (hit is not None and hit.score >= 0.9)


def exchanges(sentence: str) -> bool:
    """True where a sentence is about swapping goods and not about giving them back."""
    if not says(sentence, "exchange"):
        return False
    swaps = set(section("word").entries("exchange"))
    plain = plain_of(sentence)
    return not any(entry in plain for entry in section("topic").entries("returns") if entry not in swaps)


def told_elsewhere(sentence: str) -> bool:
    """A time of a refund or an exchange: none of a return."""
    return says(sentence, "refund") or exchanges(sentence)


def refuses_all(sentence: str, *, timed: bool) -> bool:
    """ "No returns." — not "Opened earbuds cannot be returned", and not beside a time for returns."""
    return (
        not timed
        and says(sentence, "no_returns")
        and not says(sentence, "excluded")
        and not durations(sentence)
    )


def times_of(parts: Sequence[Part], topic: str) -> bool:
    """True where the document tells a time for this topic somewhere."""
    return any(
        durations(s) and topic in topics_of(s) and not told_elsewhere(s)
        for p in parts
        for s in (*sentences(p.text), *(r.text for r in p.rows))
    )


def durations(text: str, lang: str = "en") -> list[Amount]:
    units = {u for allowed in TIME.values() for u in allowed} - {"h"}
    return [a for a in amounts(text, lang) if a.unit in units]


def markets_of(chunk: str, scope: Scope) -> tuple[str, ...]:
    """The markets of a chunk: its sentences', where each names some. What says where a rule holds and
    where it does not is for everybody to read."""
    parts = sentences(chunk)
    found = [places.find(s, scope.catalogue, codes=False) for s in parts]
    if any(limiting(s, scope) for s in parts) and _ELSEWHERE.search(chunk):
        return ()
    if all(found):
        return tuple(dict.fromkeys(c for codes in found for c in codes))
    return scope.markets
