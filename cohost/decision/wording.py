"""How each kind of point is worded. Pure; one function a kind, all with the same shape."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.decision.facts import SAME
from cohost.decision.format import Tongue, country, date, isolate, listed, quantity
from cohost.decision.frames import frame, has_frame
from cohost.decision.points import Point
from cohost.decision.sources import paper_name, source_name, told_by
from cohost.decision.subject import mentions
from cohost.decision.values import quote, spoken_text, value_words
from cohost.decision.warnings import sentence_of, warnings
from cohost.languages import base
from cohost.trust.attributes import display_name
from cohost.trust.evidence import Certificate, Evidence, Fact, MarketFact, Passage, Policy, Review, TestReport
from cohost.trust.features import feature_name
from cohost.trust.schemes import schemes, verbs

_SENTENCES = re.compile(r"(?<=[.!?।])\s+|(?<=[。！？])")
MAX_QUOTE = 120
MAX_PASSAGE = 160
BESIDE_ORIGINAL = frozenset({"safety", "age", "pregnancy", "allergens", "water", "voltage"})
"""What is safety-critical carries the document's own words beside the reviewed sentence."""


class Wording(msgspec.Struct, frozen=True):
    """What a point is worded with. `short` leaves out dates and pages."""

    at: Tongue
    catalogue: Catalogue
    items: tuple[Evidence, ...]
    short: bool = False

    def say(self, key: str, **slots: str) -> str:
        return frame(self.at.lang, key, formal=self.at.formal, **slots)

    def name(self, attribute: str | None) -> str:
        return display_name(attribute, self.at.tables) if attribute else ""


OTHER = "OTHER"
"""Scheme of a paper that the table does not hold."""


def fact(point: Point, w: Wording) -> str:
    """ "Battery life (RX2): 22.4 hours (at 50 % volume) — measured, test report EXL-1, p. 2"; further rows of
    the same paper under other conditions stand beside it."""
    item = point.items[0]
    assert isinstance(item, Fact | MarketFact | Policy)
    scope = [isolate(point.product, w.at)] if point.about and point.product else []
    scope += [isolate(point.model, w.at)] if point.model else []
    if point.market:
        scope.append(country(point.market, w.at))
    name = w.name(point.attribute or item.attribute)
    told = [i for i in point.items if isinstance(i, Fact | MarketFact | Policy)]
    value = w.say("value.semicolon").join(value_words(i, w.at) for i in told)
    line = _line(w, name, value, scope)
    return w.say("line.sourced", line=line, source=told_by(item, w.items, w.at, short=w.short))


def _line(w: Wording, name: str, value: str, scope: list[str]) -> str:
    if scope:
        return w.say("line.scoped", name=name, scope=w.say("value.comma").join(scope), value=value)
    return w.say("line.fact", name=name, value=value)


def declared(point: Point, w: Wording) -> str:
    item = point.items[0]
    assert isinstance(item, Fact)
    return w.say("line.declared", value=value_words(item, w.at, condition=point.text != SAME))


def market_list(point: Point, w: Wording) -> str:
    """ "Price: Germany 79,90 €; France 79,90 € — shop data"; equal figures share one entry."""
    groups: dict[str, list[str]] = {}
    for item, code in zip(point.items, point.names, strict=True):
        assert isinstance(item, Fact | MarketFact | Policy)
        groups.setdefault(value_words(item, w.at), []).append(country(code, w.at))
    comma = w.say("value.comma")
    parts = [
        w.say("line.market", countries=comma.join(where), value=value) for value, where in groups.items()
    ]
    line = w.say("line.fact", name=w.name(point.attribute), value=w.say("value.semicolon").join(parts))
    return w.say("line.sourced", line=line, source=source_name(point.items[0], w.items, w.at, short=True))


def ships_no(point: Point, w: Wording) -> str:
    line = w.say(
        "line.ships_no", product=isolate(point.product or "", w.at), country=country(point.market or "", w.at)
    )
    return w.say("line.sourced", line=line, source=told_by(point.items[0], w.items, w.at, short=w.short))


def denied(point: Point, w: Wording) -> str:
    feature = point.feature or ""
    named = feature_name(feature, w.at.tables)
    return w.say("line.denied", feature=named or isolate(feature, w.at))


def beyond(point: Point, w: Wording) -> str:
    return w.say("line.beyond")


def paper(point: Point, w: Wording) -> str:
    """A certificate in its state, worded by scheme, kind and issuer."""
    scheme = isolate(_scheme_title(point.scheme) if point.scheme != OTHER else _own_title(point), w.at)
    if not point.items:
        where = country(point.market, w.at) if point.market else ""
        return w.say("paper.none_in" if where else "paper.none", scheme=scheme, country=where)
    item = point.items[0]
    assert isinstance(item, Certificate | TestReport)
    if point.state in ("held", "part_held") and isinstance(item, Certificate):
        return _held(item, scheme, w, part=point.state == "part_held")
    if point.state == "standard":
        return _of_norm(item, scheme, w)
    number = isolate(item.number or PurePosixPath(item.source.document).stem, w.at)
    return w.say(
        f"paper.{point.state}",
        scheme=scheme,
        number=number,
        date=_state_date(item, point.state, w),
        models=listed([isolate(m, w.at) for m in item.models[:3]], w.at) if item.models else "",
        model=isolate(point.model or point.product or "", w.at),
        component=_component(item, w),
        country=country(point.market, w.at) if point.market else "",
        body=isolate(item.body.name, w.at) if isinstance(item, Certificate) and item.body else "",
    )


def _state_date(item: Certificate | TestReport, state: str | None, w: Wording) -> str:
    day = {"expired": item.valid_until, "not_yet_valid": item.valid_from or item.issued}.get(
        state or "", item.issued
    )
    return date(day, w.at) if day else ""


def _component(item: Certificate | TestReport, w: Wording) -> str:
    """The part a paper covers, with its own model: "adapter, EXA-2415"."""
    part = getattr(item, "component", None) or ""
    named = [spoken_text(part, item.source.lang, w.at), *(isolate(m, w.at) for m in item.models[:1])]
    return w.say("value.comma").join(named) if part else ""


def _of_norm(item: Certificate | TestReport, standard: str, w: Wording) -> str:
    """A standard that a paper names, under the paper's own verb: "CE, EN 1078:2012: type-examined — …"."""
    if isinstance(item, Certificate):
        mark = [isolate(_scheme_title(item.scheme), w.at)] if item.scheme in schemes() else []
        return _held(item, w.say("value.comma").join([*mark, standard]), w)
    line = w.say("verb.tested", scheme=standard)
    return w.say("line.sourced", line=line, source=paper_name(item, w.at, short=w.short))


def _held(item: Certificate, scheme: str, w: Wording, *, part: bool = False) -> str:
    verb = next(iter(verbs(item)), "certified")
    key = f"verb.{verb}"
    line = w.say(key if has_frame(key) else "verb.on_file", scheme=scheme)
    row = schemes().get(item.scheme)
    if row is not None and row.proves == "system" and verb != "system_certified":
        line = w.say("verb.system_certified", scheme=scheme)
    if part:
        named = spoken_text(item.component or "", item.source.lang, w.at)
        models = listed([isolate(m, w.at) for m in item.models[:3]], w.at) if item.models else ""
        line = w.say("paper.for_part", line=line, component=named, models=models) if models else line
    return w.say("line.sourced", line=line, source=paper_name(item, w.at, short=w.short))


def _own_title(point: Point) -> str:
    """What a paper of no scheme we know calls itself: its heading, else its file's name."""
    source = point.items[0].source if point.items else None
    if source is None:
        return ""
    return source.locator or PurePosixPath(source.document).stem


def _scheme_title(scheme: str | None) -> str:
    row = schemes().get(scheme or "")
    return row.title if row else scheme or ""


def report(point: Point, w: Wording) -> str:
    """ "Test report EXL-1, Example Lab: … ; 2 samples"."""
    item = point.items[0]
    assert isinstance(item, TestReport)
    said = (item.statement or "").rstrip(" .。") or "; ".join(
        " ".join(x for x in (r.quantity, r.value) if x) for r in item.results[:1]
    )
    method = (
        " ".join(x for x in (item.method.id, item.method.edition and f":{item.method.edition}") if x)
        if item.method
        else ""
    )
    value = (
        spoken_text(said, item.source.lang, w.at, limit=MAX_QUOTE)
        if said
        else isolate(method.replace(" :", ":"), w.at)
    )
    line = (
        w.say("line.fact", name=paper_name(item, w.at, short=w.short), value=value)
        if value
        else paper_name(item, w.at)
    )
    if item.sample_quantity and not w.short:
        line = w.say("line.samples", line=line, n=str(item.sample_quantity))
    return line


def quoted(point: Point, w: Wording) -> str:
    """A document's own words, in its language, inside a frame of the viewer's."""
    item = point.items[0]
    assert isinstance(item, Passage | Policy)
    told = _from_mention(item.text or item.source.quote, point.feature, item)
    text = quote(told, w.at, limit=MAX_QUOTE if w.short else MAX_PASSAGE)
    return w.say("line.says", source=source_name(item, w.items, w.at, short=w.short), quote=text)


def _from_mention(text: str, feature: str | None, item: Evidence) -> str:
    """The text from the sentence that names the feature on: what stands before it may fill the post."""
    if not feature:
        return text
    for words in (text, item.source.quote):
        for n, part in enumerate(_SENTENCES.split(words)):
            source = msgspec.structs.replace(item.source, quote="")
            if mentions(Passage(id="", source=source, source_class="D", text=part), feature):
                return words[words.index(part) :] if n else words
    return text


def warning(point: Point, w: Wording) -> str:
    """The reviewed sentence in the viewer's language; the document's words stay in the citation, and
    stand beside it where there is room."""
    row = warnings(w.at.tables).get(point.warning or "") or warnings("en")[point.warning or ""]
    number = "" if point.number is None else f"{point.number:g}"
    text = row.text.format(n=number)
    original = next((i for i in point.items if isinstance(i, Passage)), None)
    spoken_only = point.attribute not in BESIDE_ORIGINAL
    if original is None or spoken_only or w.short or base(original.source.lang) == w.at.tables:
        return text
    said = sentence_of(point.warning or "", original.text, original.source.lang)
    return w.say("line.with_original", text=text.rstrip(".。।"), quote=quote(said, w.at, limit=MAX_QUOTE))


def computed_energy(point: Point, w: Wording) -> str:
    item = point.items[0]
    assert isinstance(item, Fact | MarketFact | Policy)
    assert point.number is not None
    value = quantity(point.number, "Wh", w.at)
    made = f"{value_words(item, w.at, condition=False)} × {quantity(float(point.text), 'V', w.at)}"
    line = w.say("line.fact", name=w.name("energy"), value=f"{value} ({made})")
    return w.say("line.sourced", line=line, source=told_by(item, w.items, w.at, short=w.short))


def limit(point: Point, w: Wording) -> str:
    value = w.say("value.up_to", value=quantity(float(point.text), "Wh", w.at))
    line = w.say("line.limit", value=value)
    if w.short:
        return line
    return w.say("line.sourced", line=line, source=source_name(point.items[0], w.items, w.at, short=w.short))


def review(point: Point, w: Wording) -> str:
    """A customer's own words; a gift or a discount is said."""
    item = point.items[0]
    assert isinstance(item, Review)
    about = [isolate(item.author, w.at)]
    if item.written is not None and not w.short:
        about.append(date(item.written, w.at))
    if item.verified:
        about.append(w.say("line.verified"))
    if item.incentive:
        about.append(w.say("line.incentive", what=spoken_text(item.incentive, "en", w.at)))
    text = quote(item.text, w.at, limit=MAX_QUOTE)
    return w.say("line.review", quote=text, about=w.say("value.comma").join(about))


def ai(point: Point, w: Wording) -> str:
    brand = w.catalogue.brand.name
    return w.say("talk.ai_of" if brand else "talk.ai", brand=isolate(brand, w.at))


def talk(point: Point, w: Wording) -> str:
    """A sentence without a claim."""
    name = (feature_name(point.feature, w.at.tables) if point.feature else "") or w.name(point.attribute)
    if point.about and point.product and name:
        name = f"{name} ({isolate(point.product, w.at)})"
    return w.say(
        f"talk.{point.text}",
        name=name,
        country=country(point.market, w.at) if point.market else "",
        product=isolate(point.product or "", w.at),
        products=listed([isolate(n, w.at) for n in point.names], w.at, either=True) if point.names else "",
    )
