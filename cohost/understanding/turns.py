"""A typed line becomes a question: product, model, market, attributes, schemes, quantities. Pure.

What the line does not say comes from the viewer's last question when the line leans on it ("and in
the US?"), else from the product in view. A market is never guessed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.common.lexicon import Reading, fold, read, stop_words
from cohost.common.question import Quantity, Question
from cohost.languages import base
from cohost.trust.attributes import match_phrases, ontology, phrases
from cohost.trust.features import features as features_table
from cohost.trust.quantities import amounts, unit_id
from cohost.trust.schemes import find_schemes
from cohost.understanding import places
from cohost.understanding.names import SUFFIXES, Named, Names
from cohost.understanding.sizes import about_sizes, sizing
from cohost.understanding.triage import Triage, question_form, triage

CERTAIN = 0.9
"""Lexical score from which no embedding is asked for."""

ENOUGH = 0.5  # of the fused score: below, no attribute covers the question
_SECOND = 0.8  # a further attribute must be named by a telling word of its own
_BEHIND = 0.25  # … and not fall behind the first by more
_MOST = 4
_AGE = 0.92
_GROWN = {"year": 17, "month": 48}  # ages up to which it is a child's
_FOLLOW_WORDS = 7  # a follow-up is short
_FOLLOW_LETTERS = 40
_DOUBTFUL = 0.6  # factor of a weak word match that no meaning supports
_CLEAR = 0.2  # score of meaning from which it may stand alone
_MAY_LEAN = frozenset({"question", "off_topic", "greeting", "praise", "to_viewer", "guess"})

PAPER_AND_MONEY = frozenset({
    "certificates", "tests", "safety", "water", "price", "shipping", "ships", "shipping_cost", "customs",
    "returns", "age", "pregnancy", "allergens", "air_travel",
})  # fmt: skip
"""Attributes that stay the subject although a scheme is named beside them."""

Scores = Sequence[tuple[str, float]]


class Asked(msgspec.Struct, frozen=True):
    """What a line comes with: all of it known to the room, nothing guessed."""

    text: str
    lang: str
    market: str | None = None  # of the message, or the viewer's known one
    product: str | None = None  # named by the caller (`cohost ask --product`)
    pinned: str | None = None  # the product in view
    last: Question | None = None  # the viewer's last question, when recent
    masked: tuple[str, ...] = ()


class Understood(msgspec.Struct, frozen=True):
    """The triage of a line and, whatever the intent, the question it makes."""

    triage: Triage
    question: Question


class Turns:
    """Understands lines for one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.names = Names(catalogue)
        self._markets = tuple(m.code for m in catalogue.markets)
        self._addressees = frozenset(
            fold(name).strip()
            for name in ("host", "cohost", "shop", "seller", "admin", "all", catalogue.brand.name)
            if name
        )

    def lexical(self, text: str, lang: str) -> list[tuple[str, float]]:
        """Attributes by words alone, best first."""
        bare = self.bare(text, lang)
        scores = _not_the_price(match_phrases(bare, lang), bare, lang)
        scores = about_sizes(scores, sizing(bare, lang))
        if not scores or scores[0][0] != "ships":
            return scores
        placeless = match_phrases(self._without_place(bare, lang), lang)
        # "shipping cost to Austria": a place alone does not make it a question whether we ship there
        if placeless and placeless[0][1] >= _SECOND and placeless[0][0] != "ships":
            said = {a for a, _ in placeless}
            return [*placeless, *((a, s - _BEHIND) for a, s in scores if a not in said)]
        return scores

    def also(self, text: str, lang: str, first: str) -> tuple[str, ...]:
        """Further attributes asked in the same breath: "price, and how long does the battery last?"."""
        line = read(text)
        joints = [hit for hit in line.of("question.joint", _langs(lang)) if hit.start]
        cuts = sorted(
            {(h.start, h.end) for h in joints} | {m.span() for m in _JOINT.finditer(line.line.folded)}
        )
        if not cuts or len(line.line.folded) != len(text):
            return ()
        parts, at = [], 0
        for start, end in cuts:
            parts.append(text[at:start])
            at = max(at, end)
        parts.append(text[at:])
        found = [scores[0][0] for p in parts if (scores := self.lexical(p, lang)) and scores[0][1] >= _SECOND]
        told = tuple(dict.fromkeys(found))
        return tuple(a for a in told if a != first)[:2] if first in told else ()

    def _without_place(self, text: str, lang: str) -> str:
        """The line without the country it names and the little word before it."""
        line = read(text).line
        place = places.find(read(text), lang, self._markets)
        if place is None or len(fold(text)) != len(text):
            return text
        before = [w for w in line.words if w.end <= place.start]
        little = before and before[-1].text in (stop_words(base(lang)) | stop_words("en"))
        start = before[-1].start if little else place.start
        return f"{text[:start]} {text[place.end :]}"

    def bare(self, text: str, lang: str) -> str:
        """The line with names of products taken out ("it" in English), so that "RX2" is no quantity
        and "power bank" no battery."""
        named = self.names.find(read(text).line, lang=lang)
        return _without(text, named, " it " if base(lang) == "en" else " ")

    def triage(self, asked: Asked, lexical: Scores) -> Triage:
        reading = read(asked.text)
        named = self.names.find(reading.line, lang=asked.lang)
        about = bool(
            named.products
            or named.model
            or find_schemes(asked.text, base(asked.lang))
            or _features(reading, asked.lang, named.spans)
        )
        return triage(
            asked.text,
            asked.lang,
            attributes=lexical,
            masked=asked.masked,
            names=self._addressees,
            about=about,
        )

    def understand(
        self, asked: Asked, *, id: str, lexical: Scores | None = None, semantic: Scores = ()
    ) -> Understood:
        """`semantic` are scores of meaning (AttributeIndex), 0..1; () where none were computed."""
        scores = self.lexical(asked.text, asked.lang) if lexical is None else lexical
        if _amount_of(self.bare(asked.text, asked.lang), asked.lang):
            semantic = [(a, s) for a, s in semantic if a != "price"]
        kind = self.triage(asked, scores)
        reading = read(asked.text)
        last = asked.last
        in_view = asked.product or (last.product if last else None) or asked.pinned
        named = self.names.find(
            reading.line, lang=asked.lang, in_view=in_view, doubtful=_people(reading, asked.lang),
            parts=[(h.start, h.end) for _, h in reading.section("feature", _langs(asked.lang))],
        )  # fmt: skip
        place = places.find(reading, asked.lang, self._markets)
        named = self._kin(named, reading, asked, in_view)
        leans = None
        if (
            last is not None
            and kind.intent in _MAY_LEAN
            and _leans(reading, asked.lang, scores, named, place)
        ):
            leans, kind = last, Triage("question", "follow-up")
        question = self._question(asked, id, kind, (scores, semantic), (reading, named, place), leans)
        return Understood(kind, question)

    def _kin(self, named: Named, reading: Reading, asked: Asked, in_view: str | None) -> Named:
        """ "And the pro?", "the basic one": the sibling of the product spoken of."""
        if named.products or named.model or in_view is None:
            return named
        basic = reading.of("variant.basic", _langs(asked.lang))
        suffix = next((w for w in reading.line.words if w.text in SUFFIXES), None)
        if basic:
            kin = self.names.sibling(in_view, None)
            spans = [(hit.start, hit.end) for hit in basic]
        elif suffix is not None:
            kin = self.names.sibling(in_view, suffix.text)
            spans = [(suffix.start, suffix.end)]
        else:
            return named
        if kin is None:
            return named
        return msgspec.structs.replace(named, products=(kin,), spans=(*named.spans, *spans))

    def _question(
        self,
        asked: Asked,
        id: str,
        kind: Triage,
        scores: tuple[Scores, Scores],
        seen: tuple[Reading, Named, places.Place | None],
        leans: Question | None,
    ) -> Question:
        reading, named, place = seen
        features = _features(reading, asked.lang, named.spans)
        schemes = find_schemes(asked.text, base(asked.lang))
        if leans is not None:
            attributes, confidence = leans.attributes, leans.confidence
            schemes, features = schemes or leans.schemes, features or leans.features
        else:
            words, meaning = scores
            if _tells_age(features, asked.text, asked.lang):
                words = [*((a, s) for a, s in words if a != "age"), ("age", _AGE)]
            attributes, confidence = settle_attributes(words, meaning, schemes, features)
            features = _concerned(features, attributes)
        products = self._products(asked, named, leans or _spoken_of(asked, reading))
        market = place.code if place else asked.market or (leans.market if leans else None)
        question = Question(
            id=id,
            text=asked.text,
            lang=asked.lang,
            intent=kind.intent,
            attributes=attributes,
            products=products,
            product_named=bool(named.products)
            or asked.product is not None
            or bool(leans and leans.product_named),
            model=None
            if named.models
            else named.model or (leans.model if leans and not named.products else None),
            models=named.models,
            market=market,
            market_named=place is not None or bool(leans and leans.market_named and market == leans.market),
            schemes=schemes,
            quantities=_quantities(asked.text, asked.lang, named),
            sizing=sizing(asked.text, asked.lang),
            features=features,
            human_check=kind.human_check,
            confidence=round(confidence, 3),
        )
        also = self.also(asked.text, asked.lang, attributes[0]) if attributes and leans is None else ()
        return msgspec.structs.replace(question, intent=_intent(question, kind), also=also)

    def _products(self, asked: Asked, named: Named, leans: Question | None) -> tuple[str, ...]:
        if named.products:
            return named.products
        if asked.product is not None:
            return (asked.product,)
        if leans is not None and leans.products:
            return leans.products
        return (asked.pinned,) if asked.pinned else ()


def _intent(question: Question, kind: Triage) -> str:
    if kind.intent != "question":
        return kind.intent
    if kind.human_check or not question.attributes:
        return "question.other"
    return f"question.{question.attributes[0]}"


def settle_attributes(
    lexical: Scores, semantic: Scores, schemes: Sequence[str] = (), features: Sequence[str] = ()
) -> tuple[tuple[str, ...], float]:
    """(attributes best first, confidence): words and meaning together.

    Both agreeing lift each other; meaning alone must be clear; where meaning was asked and knows
    nothing of it, a doubtful word does not count. A scheme named without any attribute asks for the
    paper.
    """
    words, meaning = dict(lexical), {a: _weighed(score) for a, score in semantic}
    rows = features_table()
    for feature in features:
        row = rows.get(feature)
        if row is not None and row.hint:
            words[row.of[0]] = max(words.get(row.of[0], 0.0), row.hint)
    if semantic:
        words = {a: s if s >= _SECOND or a in meaning else s * _DOUBTFUL for a, s in words.items()}
    known = ontology()
    fused = {
        a: 1 - (1 - words.get(a, 0.0)) * (1 - meaning.get(a, 0.0))
        for a in words.keys() | meaning.keys()
        if a in known
    }
    ranked = sorted(fused.items(), key=lambda pair: (-pair[1], pair[0]))
    if not ranked or ranked[0][1] < ENOUGH:
        people = [rows[f].of[0] for f in features if f in rows and rows[f].always]
        if people and not schemes:  # "can my two-year-old play with it"
            return (people[0],), ENOUGH
        return (("certificates",), 0.8) if schemes else ((), ranked[0][1] if ranked else 0.0)
    first, best = ranked[0]
    if set(schemes) - {"IP"} and first not in PAPER_AND_MONEY:
        first, best = "certificates", max(best, 0.85)
    further = [a for a, s in ranked if a != first and words.get(a, 0.0) >= _SECOND and s >= best - _BEHIND]
    return (first, *further[: _MOST - 1]), best


_HOW_MUCH = {
    "en": ("how much",), "es": ("cuánto", "cuánta"), "pt": ("quanto de", "quanta"), "fr": ("combien de",),
    "de": ("wie viel", "wieviel"), "it": ("quanto", "quanta"), "nl": ("hoeveel",),
}  # fmt: skip


def _not_the_price(scores: list[tuple[str, float]], text: str, lang: str) -> list[tuple[str, float]]:
    if not scores or scores[0][0] != "price" or not _amount_of(text, lang):
        return scores
    return [*scores[1:], ("price", scores[0][1] * _DOUBTFUL * _DOUBTFUL)]


def _amount_of(text: str, lang: str) -> bool:
    """ "How much caffeine does it have" asks for a thing's amount: a word that no question about prices
    holds stands right behind the question word, and no word of money follows."""
    line = [w.text for w in read(text).line.words]
    for tag in dict.fromkeys((base(lang), "en")):
        for opening in _HOW_MUCH.get(tag, ()):
            head = fold(opening).split()
            if line[: len(head)] == head and len(line) > len(head) + 1:
                thing, *rest = line[len(head) :]
                known = _price_words(tag)
                money = unit_id(thing) or ""
                if thing.isalpha() and len(thing) > 3 and thing not in known and not money.isupper():
                    return not any(w in known and w not in stop_words(tag) for w in rest)
    return False


@functools.cache
def _price_words(lang: str) -> frozenset[str]:
    """Words of the asking phrases about money, and function words."""
    told = [phrase for a, phrase in phrases(lang) if a in _MONEY]
    named = frozenset(fold(w).strip("?!.,") for p in told for w in p.split())
    return (
        named | stop_words(lang) | {"money", "cash", "bucks", "dinero", "plata", "dinheiro", "geld", "argent"}
    )


_MONEY = frozenset({"price", "shipping_cost", "customs", "payment", "stock", "how_to_buy"})


def _weighed(score: float) -> float:
    """A score of meaning (0 = as near as any other question) beside scores of words."""
    return min(0.85, 0.4 + 0.5 * score) if score >= _CLEAR else score


def _leans(reading: Reading, lang: str, lexical: Scores, named: Named, place: places.Place | None) -> bool:
    """True when the line only makes sense after another: it opens like one, or names nothing but a
    product, a model or a country."""
    if len(reading.line.words) > _FOLLOW_WORDS or len(reading.line.dense) > _FOLLOW_LETTERS:
        return False
    sized = _SIZE.search(reading.line.raw) is not None
    if (lexical and lexical[0][1] >= _SECOND) or not (named.products or named.model or place or sized):
        return False
    langs = _langs(lang)
    end = len(reading.line.folded.rstrip(" ?!。.؟！？"))
    if any(hit.start <= 2 or hit.end >= end for hit in reading.of("question.follow", langs)):
        return True
    return question_form(reading, langs) > 0 and not _rest(reading, lang, named, place)


def _langs(lang: str) -> tuple[str, ...]:
    return (base(lang), "en") if lang != "und" else ("en",)


def _spoken_of(asked: Asked, reading: Reading) -> Question | None:
    """The viewer's last question where the line opens like its sequel ("and the warranty?")."""
    opens = any(hit.start <= 2 for hit in reading.of("question.follow", _langs(asked.lang)))
    short = len(reading.line.words) <= _FOLLOW_WORDS and len(reading.line.dense) <= _FOLLOW_LETTERS
    return asked.last if opens and short else None


_JOINT = re.compile(r"[,;?+&/、，；？؟،]")
_SIZE = re.compile(r"(?<![\w.])(?:X{0,3}[SL]|[SML]|[2-6]XL|\d{2}(?:[.,]5)?)(?![\w.])")


def _rest(reading: Reading, lang: str, named: Named, place: places.Place | None) -> list[str]:
    """Words that are neither names nor function words."""
    taken = [*named.spans, *([(place.start, place.end)] if place else [])]
    stops = stop_words(base(lang)) | stop_words("en")
    return [
        word.text
        for word in reading.line.words
        if word.text not in stops and not any(s < word.end and word.start < e for s, e in taken)
    ]


def _tells_age(features: Sequence[str], text: str, lang: str) -> bool:
    """ "My daughter is 2": a child and its years."""
    if not {"child", "baby"} & set(features):
        return False
    found = amounts(text, base(lang) if lang != "und" else "en")
    return any(a.unit in ("year", "month") and a.high <= _GROWN.get(a.unit or "", 0) for a in found)


def _people(reading: Reading, lang: str) -> list[tuple[int, int]]:
    """Where the line says whom it is for."""
    rows = features_table()
    found = reading.section("feature", _langs(lang))
    return [(hit.start, hit.end) for key, hit in found if key in rows and rows[key].always]


def _features(reading: Reading, lang: str, named: Sequence[tuple[int, int]] = ()) -> tuple[str, ...]:
    """Ids of features and IP codes named, in the order of the text; a product's name tells no feature."""
    langs = tuple(dict.fromkeys((base(lang), "en"))) if lang != "und" else ("en",)
    own = f"{langs[0]}:"
    hits = [
        (hit.start, key)
        for key, hit in reading.section("feature", langs)
        if (hit.label.startswith(own) or _lent(hit.entry, langs[0]))
        and not any(s <= hit.start and hit.end <= e for s, e in named)
    ]
    codes = [
        (m.start(), re.sub(r"[\s-]", "", m.group()).upper()) for m in _IP_CODE.finditer(reading.line.folded)
    ]
    return tuple(dict.fromkeys(key for _, key in sorted([*hits, *codes])))


def _concerned(features: Sequence[str], attributes: Sequence[str]) -> tuple[str, ...]:
    """Features that a question about these attributes may be about; IP codes always."""
    rows = features_table()
    return tuple(f for f in features if f not in rows or rows[f].concerns(attributes))


_OTHER_SCRIPTS = frozenset({"ru", "ar", "hi", "th", "ja", "ko", "zh"})


def _lent(entry: str, lang: str) -> bool:
    """An English word that tells a feature in a line of another language too: a name, a phrase, or any
    word where the language has letters of its own. "soy", "plane", "rug" are words of other languages."""
    return lang in _OTHER_SCRIPTS or " " in entry or any(c.isupper() or c.isdigit() for c in entry)


_IP_CODE = re.compile(r"\bip[\s-]?[x0-6][\s-]?[x0-9]k?\b|\b\d{1,2}\s?atm\b")


def _quantities(text: str, lang: str, named: Named) -> tuple[Quantity, ...]:
    found = [a for a in amounts(text, base(lang) if lang != "und" else "en") if a.unit is not None]
    return tuple(Quantity(a.high, a.unit or "") for a in found)


def _without(text: str, named: Named, stand_in: str) -> str:
    if not named.spans or len(fold(text)) != len(text):
        return text
    parts: list[str] = []
    at = 0
    for start, end in sorted(named.spans):
        parts += [text[at:start], stand_in]
        at = max(at, end)
    parts.append(text[at:])
    left = "".join(parts)
    return " ".join(left.split()) if any(c.isalpha() for c in left.replace(stand_in, "")) else text
