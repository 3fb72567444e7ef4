"""A typed line becomes a question: product, model, market, attributes, schemes, quantities. Pure.

What the line does not say comes from the viewer's last question when the line leans on it ("and in
the US?"), else from the product in view. A market is never guessed.
"""

from __future__ import annotations

import functools
import re

import msgspec

from cohost.common.catalogue import Catalogue, Slot
from cohost.common.lexicon import Reading, fold, read, stop_words, undrawn
from cohost.common.question import Quantity, Question
from cohost.languages import base
from cohost.trust.attributes import match_phrases
from cohost.trust.quantities import amounts
from cohost.trust.schemes import find_schemes
from cohost.understanding import places
from cohost.understanding.attributes import (
    BEHIND,
    ENOUGH,
    SECOND,
    Scores,
    amount_of,
    not_the_price,
    of_time,
    settle_attributes,
)
from cohost.understanding.features import concerned, features_in, langs_of, people, tells_age
from cohost.understanding.form import question_form
from cohost.understanding.names import SUFFIXES, Named, names_of
from cohost.understanding.sizes import about_sizes, sizing
from cohost.understanding.slots import slots_in
from cohost.understanding.triage import Triage, triage

CERTAIN = 0.9
"""Lexical score from which no embedding is asked for."""

READ_LINES = 4096
"""Lines whose scores and kind are kept: a live chat repeats every third line within a minute."""

NAMED_LINES = 512
"""Lines whose names are kept: a line is asked about by its words, its kind and its question."""
_AGE = 0.92
_FOLLOW_WORDS = 7  # a follow-up is short
_FOLLOW_LETTERS = 40
_MAY_LEAN = frozenset({"question", "off_topic", "greeting", "praise", "to_viewer", "guess"})


class Asked(msgspec.Struct, frozen=True):
    """What a line comes with: all of it known to the room, nothing guessed."""

    text: str
    lang: str
    market: str | None = None  # of the message, or the viewer's known one
    product: str | None = None  # named by the caller (`cohost ask --product`)
    pinned: str | None = None  # the product in view
    rundown: tuple[Slot, ...] | None = None  # link numbers in force; None: those of kb.toml
    last: Question | None = None  # the viewer's last question, when recent
    masked: tuple[str, ...] = ()
    wide: bool = False  # `lang` is a mere guess


class Understood(msgspec.Struct, frozen=True):
    """The triage of a line and, whatever the intent, the question it makes."""

    triage: Triage
    question: Question


class Turns:
    """Understands lines for one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.names = names_of(catalogue)
        self._named = functools.lru_cache(maxsize=NAMED_LINES)(self._find)
        self._scores = functools.lru_cache(maxsize=READ_LINES)(self._lexical)
        self._kinds = functools.lru_cache(maxsize=READ_LINES)(self._triage)
        self._markets = tuple(m.code for m in catalogue.markets)
        self._addressees = frozenset(
            fold(name).strip()
            for name in ("host", "cohost", "shop", "seller", "admin", "all", catalogue.brand.name)
            if name
        )

    def lexical(self, text: str, lang: str) -> list[tuple[str, float]]:
        """Attributes by words alone, best first."""
        return list(self._scores(text, lang))

    def _lexical(self, text: str, lang: str) -> list[tuple[str, float]]:
        bare = self.bare(text, lang)
        scores = not_the_price(match_phrases(undrawn(bare), lang), bare, lang)
        scores = about_sizes(scores, sizing(bare, lang))
        if not scores or scores[0][0] != "ships":
            return scores
        placeless = match_phrases(self._without_place(bare, lang), lang)
        # "shipping cost to Austria": a place alone does not make it a question whether we ship there
        if placeless and placeless[0][1] >= SECOND and placeless[0][0] != "ships":
            said = {a for a, _ in placeless}
            return [*placeless, *((a, s - BEHIND) for a, s in scores if a not in said)]
        return scores

    def also(self, text: str, lang: str, first: str) -> tuple[str, ...]:
        """Further attributes asked in the same breath: "price, and how long does the battery last?"."""
        line = read(text)
        joints = [hit for hit in line.of("question.joint", langs_of(lang)) if hit.start]
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
        found = [scores[0][0] for p in parts if (scores := self.lexical(p, lang)) and scores[0][1] >= SECOND]
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
        named = self._named(text, lang, None)
        return _without(text, named, " it " if base(lang) == "en" else " ")

    def _find(self, text: str, lang: str, in_view: str | None) -> Named:
        """What a line names; each line is looked through once for all who ask."""
        reading = read(text)
        parts = [(h.start, h.end) for _, h in reading.section("feature", langs_of(lang))]
        named = self.names.find(
            reading.line, lang=lang, in_view=in_view, doubtful=people(reading, lang), parts=parts
        )
        slots = [
            s
            for s in slots_in(reading, lang)
            if not any(start < s.end and s.start < end for start, end in named.spans)
        ]
        sure = [s for s in slots if s.sure]
        return msgspec.structs.replace(
            named,
            slots=tuple(s.number for s in sure),
            loose=tuple(s.number for s in slots if not s.sure),
            spans=(*named.spans, *((s.start, s.end) for s in sure)),
        )

    def triage(self, asked: Asked, lexical: Scores) -> Triage:
        """What kind of line it is; the same words again are not read again: chats repeat themselves."""
        return self._kinds(asked.text, asked.lang, tuple(lexical), asked.masked, asked.wide)

    def _triage(
        self,
        text: str,
        lang: str,
        lexical: tuple[tuple[str, float], ...],
        masked: tuple[str, ...],
        wide: bool,
    ) -> Triage:
        reading = read(text)
        named = self._named(text, lang, None)
        about = bool(
            named.products
            or named.model
            or named.slots
            or find_schemes(text, base(lang))
            or features_in(reading, lang, named.spans)
        )
        return triage(
            text, lang, attributes=lexical, masked=masked, names=self._addressees, about=about,
            taken=named.spans, wide=wide,
        )  # fmt: skip

    def may_lean(self, asked: Asked, kind: Triage, lexical: Scores) -> bool:
        """Could the line be the sequel of the viewer's last question ("and in the US?")? Cheaply told."""
        if asked.last is None or kind.intent not in _MAY_LEAN or (lexical and lexical[0][1] >= SECOND):
            return False
        named = self._named(asked.text, asked.lang, None)
        reading = read(asked.text)
        if named.products or named.model or named.slots or places.find(reading, asked.lang, self._markets):
            return True
        kin = reading.of("variant.basic", langs_of(asked.lang)) or any(
            w.text in SUFFIXES for w in reading.line.words
        )
        return bool(kin) or sizing(asked.text, asked.lang) is not None

    def understand(
        self,
        asked: Asked,
        *,
        id: str,
        lexical: Scores | None = None,
        semantic: Scores = (),
        kind: Triage | None = None,
    ) -> Understood:
        """`semantic` are scores of meaning (PhraseIndex), 0..1; () where none were computed. `kind`: the
        line's triage where it is known already."""
        scores = self.lexical(asked.text, asked.lang) if lexical is None else lexical
        if amount_of(self.bare(asked.text, asked.lang), asked.lang):
            semantic = [(a, s) for a, s in semantic if a != "price"]
        kind = kind or self.triage(asked, scores)
        reading = read(asked.text)
        last = asked.last
        in_view = asked.product or (last.product if last else None) or asked.pinned
        named = self._named(asked.text, asked.lang, in_view)
        place = places.find(reading, asked.lang, self._markets)
        named = self._on_sale(self._kin(named, reading, asked, in_view), asked)
        leans = None
        if (
            last is not None
            and kind.intent in _MAY_LEAN
            and _leans(reading, asked.lang, scores, named, place)
        ):
            leans, kind = last, Triage("question", "follow-up")
        question = self._question(asked, id, kind, (scores, semantic), (reading, named, place), leans)
        return Understood(kind, question)

    def _on_sale(self, named: Named, asked: Asked) -> Named:
        """The products behind the link numbers, where no name says more."""
        if named.products or not (named.slots or named.loose):
            return named
        rundown = self.catalogue.rundown if asked.rundown is None else asked.rundown
        on_sale = {slot.number: slot.product for slot in rundown}
        wanted = (*named.slots, *named.loose)
        products = tuple(dict.fromkeys(on_sale[n] for n in wanted if n in on_sale))
        return msgspec.structs.replace(named, products=products)

    def _kin(self, named: Named, reading: Reading, asked: Asked, in_view: str | None) -> Named:
        """ "And the pro?", "the basic one": the sibling of the product spoken of."""
        if named.products or named.model or named.slots or in_view is None:
            return named
        basic = reading.of("variant.basic", langs_of(asked.lang))
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
        features = features_in(reading, asked.lang, named.spans)
        schemes = find_schemes(asked.text, base(asked.lang))
        if leans is not None:
            attributes, confidence = leans.attributes, leans.confidence
            schemes, features = schemes or leans.schemes, features or leans.features
        else:
            timed = reading.has("question.duration", langs_of(asked.lang))
            words, meaning = (of_time(found, asks=timed) for found in scores)
            if tells_age(features, asked.text, asked.lang):
                words = [*((a, s) for a, s in words if a != "age"), ("age", _AGE)]
            attributes, confidence = settle_attributes(words, meaning, schemes, features)
            features = concerned(features, attributes)
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
        named_twice = sum(score >= ENOUGH for _, score in scores[0]) > 1  # else no part can name another
        single = not attributes or leans is not None or not named_twice
        also = () if single else self.also(asked.text, asked.lang, attributes[0])
        return msgspec.structs.replace(question, intent=_intent(question, kind), also=also)

    def _products(self, asked: Asked, named: Named, leans: Question | None) -> tuple[str, ...]:
        if named.products or named.slots:  # a number nobody knows never means the product in view
            return named.products
        if asked.product is not None:
            return (asked.product,)
        if leans is not None and leans.products:
            return leans.products
        if asked.pinned is None and asked.last is not None:  # nothing is in view: what was spoken of last
            return asked.last.products
        return (asked.pinned,) if asked.pinned else ()


def _intent(question: Question, kind: Triage) -> str:
    if kind.intent != "question":
        return kind.intent
    if kind.human_check or not question.attributes:
        return "question.other"
    return f"question.{question.attributes[0]}"


def _leans(reading: Reading, lang: str, lexical: Scores, named: Named, place: places.Place | None) -> bool:
    """True when the line only makes sense after another: it opens like one, or names nothing but a
    product, a model or a country."""
    if len(reading.line.words) > _FOLLOW_WORDS or len(reading.line.dense) > _FOLLOW_LETTERS:
        return False
    size = sizing(reading.line.raw, lang)
    sized = size is not None and bool(size.named)
    if (lexical and lexical[0][1] >= SECOND) or not (named.products or named.model or place or sized):
        return False
    langs = langs_of(lang)
    end = len(reading.line.folded.rstrip(" ?!。.؟！？"))
    if any(hit.start <= 2 or hit.end >= end for hit in reading.of("question.follow", langs)):
        return True
    return question_form(reading, langs) > 0 and not _rest(reading, lang, named, place)


def _spoken_of(asked: Asked, reading: Reading) -> Question | None:
    """The viewer's last question where the line opens like its sequel ("and the warranty?")."""
    opens = any(hit.start <= 2 for hit in reading.of("question.follow", langs_of(asked.lang)))
    short = len(reading.line.words) <= _FOLLOW_WORDS and len(reading.line.dense) <= _FOLLOW_LETTERS
    return asked.last if opens and short else None


_JOINT = re.compile(r"[,;?+&/、，；？؟،]")


def _rest(reading: Reading, lang: str, named: Named, place: places.Place | None) -> list[str]:
    """Words that are neither names nor function words."""
    taken = [*named.spans, *([(place.start, place.end)] if place else [])]
    stops = stop_words(base(lang)) | stop_words("en")
    return [
        word.text
        for word in reading.line.words
        if word.text not in stops and not any(s < word.end and word.start < e for s, e in taken)
    ]


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
