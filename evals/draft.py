"""Cases drafted from a folder's evidence, for a person to accept. Pure.

What is expected comes from the evidence items, never from a reply: an answer is owed where items of the
attribute say one thing for that product and market, a decline where nothing speaks of it, and a trap is a
figure of another model or market, a paper that has run out, a scheme that nobody holds. The questions are
the language tables' own asking phrases.
"""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from cohost.check.gaps import asked_of
from cohost.check.places import about
from cohost.check.readiness import Readiness, readiness
from cohost.common.catalogue import Catalogue
from cohost.common.lexicon import FEATURES, entries, fold, read
from cohost.languages import base
from cohost.trust.attributes import names, ontology
from cohost.trust.evidence import (
    Certificate,
    Evidence,
    Fact,
    MarketFact,
    Passage,
    Policy,
    Review,
    TestReport,
    airable,
    covers_market,
    covers_model,
    in_force,
)
from cohost.trust.features import feature_name, features
from cohost.trust.quantities import amounts
from cohost.trust.schemes import counts_in
from cohost.trust.states import is_voluntary
from cohost.understanding.features import features_in
from cohost.understanding.places import find as find_place
from evals.case import Action, Expectation, OwnCase
from evals.wording import stands_apart

_SCHEME = re.compile(r"(?<![a-z])(?:ce|fda|fcc)(?![a-z])", re.IGNORECASE)
Told = Fact | MarketFact | Policy
STRANGE_SCHEMES = ("FDA", "CE", "UL", "PSE", "KC", "INMETRO")
"""Papers that viewers ask about whatever the goods."""
UNSAID = 2
"""Features nobody's documents speak of, asked of each product and market."""
PER_PLACE = 12
"""Questions of one product and market."""
OF_THE_SALE = frozenset({"price", "stock", "shipping_cost"})
"""What is not told where the product may not be sold yet."""
OF_PEOPLE = frozenset({"how_to_buy"})
"""What a person answers, whatever the documents say."""
WARNED_OF = frozenset({"age", "safety", "pregnancy", "allergens", "temperature", "water"})
"""What a warning may answer."""


class Place:
    """One product in one market: what may be said there."""

    def __init__(self, catalogue: Catalogue, items: Sequence[Evidence], row: Readiness, on: dt.date) -> None:
        self.catalogue, self.product, self.market, self.on = catalogue, row.product, row.market, on
        self.shut = row.verdict == "shut"
        product, market = row.product, row.market
        self.every = about(items, product)
        sold = catalogue.variant_in(product, market)
        self.model = sold.model if sold else None
        place = catalogue.market(market)
        self.lang = place.lang if place else "en"

    def applies(self, item: Evidence) -> bool:
        return (
            airable(item) and covers_market(item, self.market) and covers_model(item, self.model)
            and in_force(item, self.on)
        )  # fmt: skip

    def told(self, attribute: str) -> list[Told]:
        """What is said of an attribute here."""
        return [i for i in self.of(attribute) if self.applies(i)]

    def of(self, attribute: str) -> list[Told]:
        """What is said of it anywhere."""
        return [
            i for i in self.every if isinstance(i, Fact | MarketFact | Policy) and i.attribute == attribute
        ]


def drafts(
    catalogue: Catalogue,
    items: Sequence[Evidence],
    on: dt.date,
    *,
    langs: Sequence[str] = (),
    markets: Sequence[str] = (),
    products: Sequence[str] = (),
    limit: int = 0,
) -> list[OwnCase]:
    """Drafted cases in a fixed order: product, market, language, most asked first. `langs`: instead of each
    market's own; `limit`: as many at most, all places in turn."""
    shelves: list[list[OwnCase]] = []
    for row in readiness(catalogue, items, on):
        if (products and row.product not in products) or (markets and row.market not in markets):
            continue
        if row.verdict == "away":
            continue
        place = Place(catalogue, items, row, on)
        for lang in dict.fromkeys(base(tag) for tag in langs) or (place.lang,):
            shelves.append(_apart(list(_of_place(place, lang)))[:PER_PLACE])
    return _in_turn(shelves, limit)


def _in_turn(shelves: Sequence[list[OwnCase]], limit: int) -> list[OwnCase]:
    """All, or the first of each place, then the second of each … in the places' order."""
    if limit <= 0:
        return [case for shelf in shelves for case in shelf]
    taken: set[str] = set()
    for rank in range(max((len(s) for s in shelves), default=0)):
        taken |= {s[rank].id for s in shelves if rank < len(s) and len(taken) < limit}
        if len(taken) >= limit:
            break
    order = [case for shelf in shelves for case in shelf]
    return [case for case in order if case.id in taken][:limit]


def _apart(cases: Sequence[OwnCase]) -> list[OwnCase]:
    """An id of its own for each: two papers of one scheme are two questions, the same question is one."""
    seen: dict[str, int] = {}
    texts: set[tuple[str, str | None, str | None, str]] = set()
    found = []
    for case in cases:
        text = (case.question, case.market, case.product, case.note)
        if text in texts:
            continue
        texts.add(text)
        seen[case.id] = seen.get(case.id, 0) + 1
        number = seen[case.id]
        found.append(msgspec.structs.replace(case, id=f"{case.id}-{number}") if number > 1 else case)
    return found


def _of_place(place: Place, lang: str) -> Iterator[OwnCase]:
    """Answerable, then what nothing says, then traps, in turn so that a short list holds all three."""
    said, unsaid = [], []
    for attribute in asked_of(place.catalogue, place.every, place.product):
        if ontology()[attribute].form == "paper" or attribute in OF_PEOPLE:
            continue
        told = place.told(attribute)
        if told and place.shut and attribute in OF_THE_SALE:
            said += [case for case in (_shut(place, lang, attribute),) if case]
        elif told:
            said += [case for case in (_answerable(place, lang, attribute, told),) if case]
        elif not _spoken_of(place, attribute) and _ask(place, lang, attribute):
            unsaid.append(unanswerable(place, lang, attribute))
    start = zlib.crc32(f"{place.product}{place.market}{lang}".encode()) % max(1, len(said))
    said = said[start:] + said[:start]  # a short list does not ask everybody the same
    papers = [*_papers(place, lang), *_strange(place, lang)]
    unsaid += list(_features(place, lang))
    for rank in range(max(len(said), 1)):
        for shelf, each in ((said, 2), (papers, 1), (unsaid, 1)):
            yield from shelf[rank * each : (rank + 1) * each]


# ── kinds ──
def _answerable(place: Place, lang: str, attribute: str, told: Sequence[Told]) -> OwnCase | None:
    """The value with the numbers of its condition; what the same attribute says elsewhere must not come."""
    question = _ask(place, lang, attribute)
    values = list(dict.fromkeys(v for i in told for v in (_value(i),) if v))
    if not question or not values:
        return None
    conditions = {_numbers(i) for i in told}
    doubt = ""
    if len(values) > 1 and len(conditions) == 1:
        doubt = "the documents disagree: " + " / ".join(values[:3])
    elif any(i.source.ocr for i in told):
        doubt = "read from a picture: compare it with the page"
    right = "; ".join([*values, *(i.condition for i in told)])
    elsewhere = {v for i in place.of(attribute) if not place.applies(i) and (v := _value(i))}
    # 2 years are 24 months: what also stands in what must be said is no trap
    never = tuple(sorted(v for v in elsewhere if amounts(v, "en") and not stands_apart(v, right, "en")))
    first = told[0]
    expect = Expectation(
        intent=(f"question.{attribute}",), values=("|".join(values),),
        condition={"any": tuple(conditions)} if len(conditions) == 1 and all(conditions) else {},
        cite=("|".join(dict.fromkeys(i.source.document for i in told)),), never=never, product=place.product,
    )  # fmt: skip
    kind = "trap" if never else "answerable"
    note = f"“{first.source.quote[:120]}”, {_where(first)}"
    if never:
        note += f"; {', '.join(never)} is of another model or market"
    return _case(place, lang, attribute, question, expect, kind, note, doubt)


def _shut(place: Place, lang: str, attribute: str) -> OwnCase | None:
    """A price is on file, and the product may not be sold there yet."""
    question = _ask(place, lang, attribute)
    expect = Expectation(action=("decline",), notify_host=True)
    note = f"{_name(place)} may not be sold in {place.market} yet: see kb check"
    return _case(place, lang, attribute, question, expect, "trap", note) if question else None


def unanswerable(place: Place, lang: str, attribute: str) -> OwnCase:
    """A decline is owed; with a doubt where the question names something that a document mentions."""
    note = f"no document says anything about {attribute.replace('_', ' ')} here"
    question = _ask(place, lang, attribute)
    words = " ".join(fold(_text(i)) for i in place.every)
    spoken = [name for name in features_in(read(question), lang) if _mentioned(name, words, place)]
    doubt = f"a document mentions {', '.join(spoken).replace('_', ' ')}" if spoken else ""
    expect = Expectation(action=("decline",))
    return _case(place, lang, attribute, question, expect, "unanswerable", note, doubt)


def _features(place: Place, lang: str) -> Iterator[OwnCase]:
    """Things asked for by name that no item mentions, in any language of the tables."""
    wanted = set(asked_of(place.catalogue, place.every, place.product))
    words = " ".join(fold(_text(i)) for i in place.every)
    fits = [
        f for f in features().values()
        if not f.silent and not f.always and not f.wide and f.of and f.of[0] in wanted and f.hint >= 0.5
        and ontology()[f.of[0]].form in ("quantity", "text", "bool", "list")
        and not place.told(f.of[0]) and not _spoken_of(place, f.of[0])
    ]  # fmt: skip
    start = zlib.crc32(f"{place.product}{place.market}".encode()) % max(1, len(fits))
    found = 0
    for feature in (*fits[start:], *fits[:start]):
        name = feature_name(feature.id, lang)
        if found == UNSAID:
            return
        if not name or _mentioned(feature.id, words, place):
            continue
        found += 1
        yield _case(
            place, lang, feature.id, f"{name}?", Expectation(action=("decline",)),
            "unanswerable", f"no document mentions {feature.id.replace('_', ' ')}",
        )  # fmt: skip


def _mentioned(feature: str, words: str, place: Place) -> bool:
    langs = {base(i.source.lang) for i in place.every if i.source.lang != "und"} | {"en", base(place.lang)}
    return any(
        fold(entry.strip("=*~")) in words for lang in langs for entry in entries(lang, FEATURES, feature)
    )


def _papers(place: Place, lang: str) -> Iterator[OwnCase]:
    """Certificates that hold here are cited; those that have run out are cited as such or not at all."""
    for item in place.every:
        if not isinstance(item, Certificate) or not airable(item) or item.component or item.status != "held":
            continue
        if not covers_model(item, place.model) or not covers_market(item, place.market):
            continue
        document = item.source.document
        alone = sum(isinstance(i, Certificate) and i.source.document == document for i in place.every) == 1
        told: tuple[Action, ...] = ("answer", "decline", "escalate")
        if not in_force(item, place.on):
            expect = Expectation(action=told, held={document: False} if alone else {})
            kind, note = "trap", f"{item.scheme} ran out on {item.valid_until}: {_where(item)}"
        elif not (counts_in(item.scheme, place.market) and not is_voluntary(item)):
            expect = Expectation(action=told, held={document: False} if alone else {})
            kind, note = "trap", f"{item.scheme} does not count in {place.market}: {_where(item)}"
        else:
            held = {document: True} if alone else {}
            expect = Expectation(intent=("question.certificates",), cite=(document,), held=held)
            kind, note = "answerable", f"{item.scheme} {item.number or ''} in {_where(item)}"
        doubt = "read from a picture: compare it with the page" if item.source.ocr else ""
        question = _ask_for(lang, item.scheme)
        yield _case(place, lang, f"paper-{item.scheme}", question, expect, kind, note, doubt)


def _strange(place: Place, lang: str) -> Iterator[OwnCase]:
    """A scheme of which no paper and no text of the product speaks."""
    words = " ".join(fold(_text(i)) for i in place.every).split()
    start = zlib.crc32(f"{place.product}{place.market}{lang}".encode()) % len(STRANGE_SCHEMES)
    for scheme in (*STRANGE_SCHEMES[start:], *STRANGE_SCHEMES[:start]):
        if fold(scheme) not in words and not _has_paper(place.every, scheme):
            owed = Expectation(action=("decline", "answer", "escalate"), affirm_never={"any": (scheme,)})
            question = _ask_for(lang, scheme)
            yield _case(
                place, lang, f"no-{scheme}", question, owed, "trap", f"no paper on file names {scheme}"
            )
            return


# ── words ──
def _has_paper(items: Iterable[Evidence], scheme: str) -> bool:
    return any(isinstance(i, Certificate) and i.scheme == scheme for i in items)


def _spoken_of(place: Place, attribute: str) -> bool:
    """Some text or a near attribute speaks of it: whether that answers is for a person to say."""
    near = {attribute, *ontology()[attribute].near}
    if attribute == "reviews" and any(isinstance(i, Review) for i in place.every):
        return True
    if attribute in WARNED_OF and any(isinstance(i, Passage) and i.warning for i in place.every):
        return True
    return bool(
        any(isinstance(i, Passage) and near & set(i.attributes) for i in place.every)
        or any(place.of(n) for n in near)
    )


def _ask(place: Place, lang: str, attribute: str) -> str:
    """One of the language's own phrases, another for another product."""
    row = names(base(lang)).get(attribute)
    asks = [a for a in (row.ask if row else ()) if len(a) >= 4 and not any(c.isdigit() for c in a)]
    asks = [a for a in asks if find_place(read(a), lang, ()) is None]
    if not asks:
        return ""
    return asks[zlib.crc32(f"{place.product}{place.market}".encode()) % min(3, len(asks))]


def _ask_for(lang: str, scheme: str) -> str:
    """ "does it have a CE certificate" in the language's own words, of the scheme."""
    row = names(base(lang)).get("certificates")
    asks = row.ask if row else ()
    named = next((a for a in asks if _SCHEME.search(a)), "")
    if named:
        return _SCHEME.sub(scheme, named, count=1)
    return f"{asks[0].rstrip('?？ ')}, {scheme}?" if asks else f"{scheme}?"


def _name(place: Place) -> str:
    product = place.catalogue.product(place.product)
    return product.name if product else place.product


def _value(item: Told) -> str:
    """An item's value as an expectation writes it; '' where it is words that a reply may turn."""
    value, unit = item.value, (item.unit or "").replace("degC", "°C")
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, tuple):
        if len(value) == 2 and all(isinstance(v, float | int) for v in value):
            return f"{value[0]:g}-{value[1]:g} {unit}".strip()
        return ""
    if isinstance(value, float | int):
        return f"{value:g} {unit}" if unit else ""
    return value if len(value.split()) == 1 and any(c.isdigit() for c in value) else ""


def _numbers(item: Told) -> str:
    """The first figure of a condition: it must stand beside the value in any language."""
    found = amounts(item.condition, "en") if item.condition else []
    return found[0].text.strip() if found else ""


def _text(item: Evidence) -> str:
    parts = [item.source.quote, getattr(item, "text", ""), getattr(item, "condition", "")]
    if isinstance(item, Certificate):
        parts += [item.scheme, *(s.id for s in item.standards)]
    if isinstance(item, TestReport):
        parts += [r.quantity for r in item.results]
    return " ".join(str(p) for p in parts if p and not isinstance(item, Review))


def _where(item: Evidence) -> str:
    page = f" p. {item.source.page}" if item.source.page else ""
    return f"{item.source.document}{page}"


def _case(
    place: Place,
    lang: str,
    what: str,
    question: str,
    expect: Expectation,
    kind: str,
    note: str,
    doubt: str = "",
) -> OwnCase:
    slug = "".join(c if c.isalnum() or c in "-_" else "-" for c in what)
    return OwnCase(
        id=f"{place.product}-{place.market}-{base(lang)}-{slug}", lang=lang, question=question,
        market=place.market, product=place.product, expect=expect, tags=(kind,), note=note, doubt=doubt,
    )  # fmt: skip
