"""What the room plays, as pages are shown it: one function a view. Reads, never changes.

No view for viewers holds an answer before its game is over.
"""

from __future__ import annotations

import datetime as dt
import re

import msgspec

from cohost.common.engage import Engaged
from cohost.common.games import Game
from cohost.common.polls import Poll
from cohost.common.show import Show
from cohost.common.written_in import own_language
from cohost.languages import LANGUAGES
from cohost.ports import Library
from cohost.trust.evidence import Evidence, Fact, Review, airable, in_force
from cohost.trust.guard import GuardContext, check
from cohost.trust.guesses import asked_of, guessable
from cohost.trust.settle import settle
from cohost.web.play_shapes import (
    CollectionView,
    FactChoice,
    GameView,
    PlayView,
    PollView,
    ShownReview,
    WinnerView,
)

_SENTENCE = re.compile(r"(?<=[.!?؟।])\s+|(?<=[。！？])|\n+")
TOLD_BESIDE = frozenset({"R13"})
"""What the page says beside a review: that something was given for it."""


def play(show: Show, library: Library, *, staff: bool) -> PlayView | None:
    """All that stands; None where nothing does."""
    engaged = show.engaged
    found = PlayView(
        game=game(engaged.game, library, staff=staff) if engaged.game else None,
        poll=poll(engaged.poll) if engaged.poll else None,
        collection=collection(engaged, staff=staff),
        review=shown_review(show, library),
    )
    return found if found != PlayView() else None


def game(entry: Game, library: Library, *, staff: bool) -> GameView:
    product = library.catalogue.product(entry.product)
    ended, told = entry.ended, entry.told
    winners = ended.winners if ended else entry.winners() if staff else ()
    return GameView(
        game_id=entry.id, product=product.name if product else entry.product,
        asked={lang: asked_of(entry.fact, lang) for lang in LANGUAGES}, wanted=entry.wanted,
        guesses=len(entry.guesses), state="ended" if ended else "running", ends_at_ms=entry.ends_at_ms,
        winners=tuple(WinnerView(w.name, w.platform) for w in winners),
        told=told.told if told else {}, citations=told.citations if told else (),
        answer=answer(entry.fact) if staff else None, right=entry.right() if staff else None,
    )  # fmt: skip


def answer(fact: Fact) -> str:
    """The value as the document has it, for the staff: "22.4 h · at 50 % volume"."""
    value = fact.value
    parts = value if isinstance(value, tuple) else (value,)
    words = ", " if any(isinstance(p, str) for p in parts) else "–"
    text = words.join(f"{p:g}" if isinstance(p, float) else str(p) for p in parts)
    return " · ".join(filter(None, (f"{text} {fact.unit or ''}".strip(), fact.condition)))


def choices(library: Library, held: set[str], product: str, on: dt.date, lang: str) -> tuple[FactChoice, ...]:
    """What viewers could guess of a product: the fact that an answer would rest on, one an attribute."""
    items = _on_air(library, held, product)
    found = []
    for attribute in dict.fromkeys(i.attribute for i in items if isinstance(i, Fact)):
        chosen = settle(items, attribute=attribute, model=None, market=None, on=on).chosen
        if isinstance(chosen, Fact) and chosen.product == product and guessable(chosen):
            found.append(
                FactChoice(
                    evidence_id=chosen.id, attribute=attribute, name=asked_of(chosen, lang),
                    answer=answer(chosen), document=chosen.source.document, page=chosen.source.page,
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.name))


def _on_air(library: Library, held: set[str], product: str | None) -> list[Evidence]:
    return [
        item
        for item in library.all()
        if item.product in (None, product) and airable(item) and item.id not in held
    ]


def poll(entry: Poll) -> PollView:
    return PollView(
        poll_id=entry.id, question=entry.question, options=entry.options, lang=entry.lang,
        counts=tuple(entry.tally), state="closed" if entry.closed else "open",
    )  # fmt: skip


def collection(engaged: Engaged, *, staff: bool) -> CollectionView | None:
    entry = engaged.collection
    if entry is None:
        return None
    held = sum(until == entry.id for until in engaged.held.values())
    return CollectionView(collection_id=entry.id, product=entry.product, held=held if staff else None)


# ── reviews ─────────────────────────────────────────────────────────────────────────────────────
def shown_review(show: Show, library: Library) -> ShownReview | None:
    """Never one without consent, or one that a person holds."""
    wanted = show.engaged.review
    item = library.get(wanted) if wanted and wanted not in show.held else None
    return review(item) if isinstance(item, Review) and item.consent else None


def review(item: Review) -> ShownReview:
    return ShownReview(
        evidence_id=item.id, text=item.text, lang=_lang(item), author=item.author,
        document=item.source.document, product=item.product, rating=item.rating, written=item.written,
        incentive=item.incentive, verified=item.verified,
    )  # fmt: skip


def reviews(library: Library, held: set[str], product: str | None, on: dt.date) -> tuple[ShownReview, ...]:
    """Consented, on air, and nothing in them that the house may not say, verified ones first."""
    found = [i for i in _on_air(library, held, product) if isinstance(i, Review) and i.product == product]
    fit = [i for i in found if not refused(i, library, on)]
    return tuple(review(i) for i in sorted(fit, key=lambda i: (not i.verified, i.id)))


def refused(item: Review, library: Library, on: dt.date) -> str:
    """Why a review may not be shown, in one line; "" where it may. A customer's cure is a cure that the
    house would be telling of: beside nothing but itself it passes the guard as the house's own words do."""
    if not item.consent:
        return f"got {item.id}, a review without consent; expected one whose author agreed to be quoted"
    if not airable(item) or not in_force(item, on):
        return f"got {item.id}, which is not on air"
    lang = _lang(item)
    own = msgspec.structs.replace(item, source=msgspec.structs.replace(item.source, lang=lang))
    for sentence in filter(None, (part.strip() for part in _SENTENCE.split(item.text))):
        context = GuardContext(
            lang=lang, market=None, product=item.product, model=None, on=on,
            catalogue=library.catalogue, items=(own,),
            origin="composer",
        )  # fmt: skip
        verdict = check(sentence, (own,), context)
        if verdict.action != "allow" and verdict.rule not in TOLD_BESIDE:
            return f"got {item.id}, of which the guard says: {verdict.message or verdict.rule}"
    return ""


def _lang(item: Review) -> str:
    return own_language(item.text, item.source.lang)
