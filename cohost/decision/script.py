"""Show lines for the human host: scenes, benefits, proof and honest answers, each with its evidence. Pure.

Every line is made from what `answer` would say about an attribute, put into a frame of
`languages/*/script.toml`: a scene that claims nothing, the value, what it means, who says so. The guard
reads the whole line in the language in which it will be said; a frame it does not allow falls back to the
composer's sentence, which has passed before. What is expired, of another model or of another market is
never told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.common.question import Citation, Claim, Question
from cohost.decision.answer import answer_verbose, context_for
from cohost.decision.citations import citations, holds
from cohost.decision.compose import ENDED
from cohost.decision.context import Ask, resolve
from cohost.decision.format import Tongue, country, isolate, tongue
from cohost.decision.frames import frame
from cohost.decision.gloss import host_words
from cohost.decision.markets import gate_reason
from cohost.decision.papers import HELD
from cohost.decision.script_frames import before_value, script_frame
from cohost.decision.script_pick import (
    BENEFITS,
    SALE,
    Told,
    benefits,
    spoken_value,
    stands_for,
    with_declared,
)
from cohost.decision.sources import told_by
from cohost.decision.wording import Wording
from cohost.trust.evidence import Evidence, Fact
from cohost.trust.guard import check

Section = Literal["opening", "benefits", "proof", "objections", "sale", "closing"]
SECTIONS: tuple[Section, ...] = ("opening", "benefits", "proof", "objections", "sale", "closing")
MOST = 6
"""Benefit lines at most; fewer where the documents hold fewer."""
ROOM = 2_000
"""Characters of a spoken answer: nothing is left out for a post's sake."""
OBJECTIONS = {
    "wet": "water", "children": "age", "careful": "safety", "plane": "air_travel", "buyers": "reviews",
    "papers": "certificates",
}  # fmt: skip
"""What viewers object → the attribute that answers."""
NOTED = frozenset({"conflict", "missing_paper", "paper_state", "stale", "sale_gate"})
"""What the host hears beside the lines; that no document speaks of an attribute is no news here."""


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the host says. `scene` begins `text` and claims nothing; `ask`: what a viewer may have said
    before it. Without claims a line states nothing about the product."""

    section: Section
    text: str
    attribute: str | None = None
    scene: str = ""
    ask: str = ""
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    may_show: tuple[str, ...] = ()  # evidence whose page may be held into the camera
    by: Literal["composer", "llm"] = "composer"
    rule: str | None = None  # the guard's rule that refused other words for it


class Made(msgspec.Struct, frozen=True):
    """A line and, where it answers an attribute, what it was made from."""

    line: Line
    told: Told | None = None


class Script(msgspec.Struct, frozen=True):
    """A show for one product in one market. `notes` are for the host alone, in the host's language."""

    product: str
    variant: str | None
    market: str
    lang: str
    on: dt.date
    made: tuple[Made, ...]
    notes: tuple[str, ...] = ()
    prompts: Mapping[str, str] = MappingProxyType({})  # id → hash, where an LLM was asked

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(m.line for m in self.made)


class Writing:
    """Asks the composer about one product in one market, and puts its answers into lines."""

    def __init__(
        self,
        items: Sequence[Evidence],
        catalogue: Catalogue,
        on: dt.date,
        *,
        product: str,
        market: str,
        lang: str,
    ) -> None:
        self.catalogue, self.on, self.product, self.market = catalogue, on, product, market
        self.items = tuple(i for i in items if i.product in (product, None))
        self.at: Tongue = tongue(lang, catalogue.market(market))
        self.free_ask = self._resolved(self._question())
        self._told: dict[str, Told] = {}
        self._spoken_of = {getattr(i, "attribute", None) for i in self.free_ask.items}

    def ask(self, attribute: str) -> Told:
        """What the composer answers about an attribute."""
        if attribute not in self._told:
            question = self._question(attribute)
            answered = answer_verbose(
                question, self.items, lang=self.at.lang, catalogue=self.catalogue, on=self.on, limit=ROOM
            )
            self._told[attribute] = Told(attribute, self._resolved(question), answered)
        return self._told[attribute]

    def valued(self, attributes: Sequence[str]) -> Iterator[Told]:
        """The answers about those attributes that a document gives a value for."""
        return (self.ask(a) for a in attributes if a in self._spoken_of)

    def _question(self, attribute: str = "") -> Question:
        return Question(
            id="script", text="", lang=self.at.lang,
            intent=f"question.{attribute}" if attribute else "question.other",
            attributes=(attribute,) if attribute else (), products=(self.product,), product_named=True,
            market=self.market, market_named=True,
        )  # fmt: skip

    def _resolved(self, question: Question) -> Ask:
        return resolve(question, self.items, self.catalogue, self.on, self.at.lang)

    def say(self, key: str, **slots: str) -> str:
        return script_frame(self.at.lang, key, **slots)

    def notes(self, attributes: Sequence[str | None]) -> tuple[str, ...]:
        """Why a person should look at what was asked about these attributes, each reason once."""
        found = [self._told[a].answered.plan.host_note for a in attributes if a in self._told]
        told = [host_words(n, self.catalogue) for n in found if n is not None and n.kind in NOTED]
        return tuple(dict.fromkeys(told))

    # ------------------------------------------------------------ lines

    def framed(self, section: Section, told: Told, key: str) -> Made | None:
        """The value in its frame; where the guard refuses that, the composer's sentence."""
        words = Wording(at=self.at, catalogue=self.catalogue, items=told.ask.items)
        items = told.items
        scene = before_value(self.at.lang, key, country=country(self.market, self.at))
        value = spoken_value(told, self.at)
        if scene[-1:] in ENDED:
            value = value[:1].upper() + value[1:] if value.split(maxsplit=1)[0].isalpha() else value
        source = told_by(items[0], told.ask.items, self.at, short=True)
        text = self.say(key, value=value, source=source, country=country(self.market, self.at))
        text = with_declared(text, told, words)
        verdict = check(text, items, context_for(told.ask, self.at.lang))
        if verdict.action != "allow":
            return self.plain(section, told, rule=verdict.rule)
        claim = Claim(text[len(scene) :].strip(), tuple(i.id for i in items))
        return Made(
            Line(section, text, told.attribute, scene=scene, claims=(claim,), citations=told.citations,
                 may_show=shown(items)),
            told,
        )  # fmt: skip

    def plain(self, section: Section, told: Told, *, ask: str = "", rule: str | None = None) -> Made | None:
        """The composer's answer as it is; None where it has nothing that holds here."""
        draft = told.answered.draft
        if draft.action != "answer" or not draft.claims or not all(c.valid for c in draft.citations):
            return None
        line = Line(
            section, draft.text, told.attribute, ask=ask, claims=draft.claims, citations=draft.citations,
            may_show=shown(told.cited), rule=rule or draft.rule,
        )  # fmt: skip
        return Made(line, told)

    def led(self, section: Section, told: Told, key: str, text: str, items: Sequence[Evidence]) -> Made:
        """A composed sentence behind its lead; alone where the guard refuses the two together."""
        whole = self.say(key, text=text)
        if check(whole, items, context_for(told.ask, self.at.lang)).action != "allow":
            whole = text
        line = Line(
            section, whole, told.attribute, scene=whole.removesuffix(text).strip(),
            claims=(Claim(text, tuple(i.id for i in items)),), citations=citations(items, told.ask),
            may_show=shown(items),
        )  # fmt: skip
        return Made(line)

    def free(self, section: Section, key: str, **slots: str) -> Iterator[Made]:
        """A line that claims nothing."""
        text = self.say(key, **slots)
        if check(text, (), context_for(self.free_ask, self.at.lang)).action == "allow":
            yield Made(Line(section, text))


def compose_script(
    items: Sequence[Evidence], catalogue: Catalogue, on: dt.date, *, product: str, market: str, lang: str
) -> Script:
    """A whole show. The product and the market are those of the catalogue; `lang` has tables. Where the
    product is not sold there, only what says so."""
    desk = Writing(items, catalogue, on, product=product, market=market, lang=lang)
    entry = catalogue.product(product)
    sold = is_sold(catalogue, product, market)
    if sold:
        name = isolate(entry.name if entry else product, desk.at)
        first = list(_benefits(desk))
        made = [
            *desk.free("opening", "open.hello", product=name), *desk.free("opening", "open.papers"), *first,
            *_proof(desk), *_objections(desk, first), *_sale(desk),
            *desk.free("closing", "close.shut" if gate_reason(desk.free_ask, market) else "close.open"),
        ]  # fmt: skip
    else:
        made = list(_sale(desk))
    noted = ("price", "certificates", *(m.line.attribute for m in made))
    variant = desk.free_ask.model if sold else None
    return Script(product, variant, market, desk.at.lang, on, tuple(_once(made)), desk.notes(noted))


def is_sold(catalogue: Catalogue, product: str, market: str) -> bool:
    """False where kb.toml says which model is sold where, and none is sold there."""
    placed = [v for v in catalogue.variants_of(product) if v.markets]
    return not placed or any(market in v.markets for v in placed)


def shown(items: Sequence[Evidence]) -> tuple[str, ...]:
    """Evidence whose page may be shown, not only quoted."""
    return tuple(i.id for i in items if i.visibility == "page")


def _once(made: Sequence[Made]) -> Iterator[Made]:
    """The same words in the same section are said once."""
    said: set[tuple[str, str]] = set()
    for one in made:
        if (one.line.section, one.line.text) not in said:
            said.add((one.line.section, one.line.text))
            yield one


def _benefits(desk: Writing) -> Iterator[Made]:
    for told in benefits(desk.valued(BENEFITS), desk.at)[:MOST]:
        made = desk.framed("benefits", told, f"benefit.{told.attribute}")
        if made is not None:
            yield made


def _proof(desk: Writing) -> Iterator[Made]:
    """Papers in force that count in this market for this model, then laboratories' reports."""
    for attribute, kind, key in (
        ("certificates", "paper", "proof.paper"), ("tests", "report", "proof.report")
    ):  # fmt: skip
        told = desk.ask(attribute)
        for sentence in told.sentences:
            fit = all(p.kind == kind and (kind == "report" or p.state in HELD) for p in sentence.points)
            if fit and sentence.items and all(holds(i, told.ask) for i in sentence.items):
                yield desk.led("proof", told, key, sentence.text, sentence.items)


def _objections(desk: Writing, first: Sequence[Made]) -> Iterator[Made]:
    """ "Says who?" of the strongest line; two figures; then what viewers ask again and again, where a
    document answers it and no line has said it yet."""
    told = [m.told for m in first if m.told is not None]
    strongest = next((t for t in told if _measured(t)), next(iter(told), None))
    for one in told:
        two = len(one.answered.plan.points) > 1 and one.answered.plan.points[1].kind == "declared"
        if one is strongest or two:
            name = "says_who" if one is strongest else "two_figures"
            made = desk.plain("objections", one, ask=desk.say(f"ask.{name}"))
            yield from [made] if made else []
    said = {i.id for t in told for i in t.items}
    for name, attribute in OBJECTIONS.items():
        answer = desk.ask(attribute)
        if name == "papers":
            yield from _no_paper(desk, answer)
        elif stands_for(answer) and not {i.id for i in answer.cited} <= said:
            made = desk.plain("objections", answer, ask=desk.say(f"ask.{name}"))
            yield from [made] if made else []
            said |= {i.id for i in answer.cited}


def _measured(told: Told) -> bool:
    return any(isinstance(i, Fact) and i.basis == "measured" for i in told.items[:1])


def _no_paper(desk: Writing, told: Told) -> Iterator[Made]:
    """None on file is said as that: it states nothing about the product."""
    if told.answered.draft.action == "decline":
        kept = [s.text for s in told.sentences if s.points[0].text != "passed_on"]
        gap = frame(desk.at.lang, "value.gap")
        text = ("" if gap == "none" else gap).join(kept)
        yield from (
            [Made(Line("objections", text, told.attribute, ask=desk.say("ask.papers")))] if text else []
        )


def _sale(desk: Writing) -> Iterator[Made]:
    """Price, delivery, returns and warranty of this market; where nothing may be sold, only what says so."""
    if desk.ask("price").answered.plan.reason == "ships_no":
        made = desk.plain("sale", desk.ask("price"))
        yield from [made] if made else []
    elif gate_reason(desk.free_ask, desk.market) is None:
        for told in desk.valued(SALE):
            frames = told.speaks
            made = desk.framed("sale", told, f"sale.{told.attribute}") if frames else desk.plain("sale", told)
            yield from [made] if made else []
