"""Points of a plan → short sentences in the viewer's language, from tables and CLDR alone. Pure.

Each point is one sentence with the evidence it rests on. Where a reply would grow past a chat post,
dates and pages go first, then what is optional; a correction, a warning or a condition never does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.decision import size_words, wording
from cohost.decision.format import Tongue
from cohost.decision.frames import frame
from cohost.decision.points import Plan, Point
from cohost.decision.wording import Wording
from cohost.trust.evidence import Evidence

POST_LIMIT = 200
"""Characters of a reply that every platform takes in one post."""


class Sentence(msgspec.Struct, frozen=True):
    """One finished sentence and the points it words: one, or a figure and the maker's own beside it."""

    text: str
    points: tuple[Point, ...]

    @property
    def items(self) -> tuple[Evidence, ...]:
        """The evidence that carries the sentence, each item once."""
        return tuple({item.id: item for point in self.points for item in point.items}.values())

    @property
    def evidence(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.items)


ENDED = frozenset(".!?。！？।؟…")
CLOSED = frozenset('”“»」"')

RENDER: dict[str, Callable[[Point, Wording], str]] = {
    "fact": wording.fact, "declared": wording.declared, "market_list": wording.market_list,
    "ships_no": wording.ships_no, "denied": wording.denied, "beyond": wording.beyond,
    "paper": wording.paper, "report": wording.report, "policy": wording.quoted,
    "passage": wording.quoted, "warning": wording.warning, "computed_energy": wording.computed_energy,
    "limit": wording.limit, "review": wording.review, "ai": wording.ai, "talk": wording.talk,
    **size_words.RENDER,
}  # fmt: skip


ADDED = frozenset({"declared", "fit"})
"""Points that need the sentence before them: a declared figure is never told without the measured."""


def compose(
    plan: Plan, at: Tongue, *, catalogue: Catalogue, items: Sequence[Evidence], limit: int = POST_LIMIT
) -> tuple[Sentence, ...]:
    """The plan's sentences, together at most `limit` characters where leaving out what may be left
    out gets there."""
    spare = [p for p in plan.points if p.optional]
    best: tuple[Sentence, ...] = ()
    for left_out in range(len(spare) + 1):
        gone = spare[len(spare) - left_out :]
        points = [p for p in plan.points if not any(p is g for g in gone)]
        for short in (False, True):
            best = _sentences(points, Wording(at=at, catalogue=catalogue, items=tuple(items), short=short))
            if len(join(best, at)) <= limit:
                return best
    return best


def _sentences(points: Sequence[Point], words: Wording) -> tuple[Sentence, ...]:
    """A sentence a point; a point that only adds to the one before goes behind a semicolon."""
    made: list[tuple[str, list[Point]]] = []
    for point in points:
        text = RENDER[point.kind](point, words)
        if point.kind in ADDED and made:
            before, told = made[-1]
            made[-1] = (f"{before}{words.say('value.semicolon')}{text}", [*told, point])
        elif text:
            made.append((text, [point]))
    return tuple(Sentence(finish(text, words.at), tuple(told)) for text, told in made)


def finish(text: str, at: Tongue) -> str:
    """Capital letter and full stop as the language wants them."""
    text = text.strip()
    stop = frame(at.lang, "value.stop")
    if stop and text and text[-1] not in ENDED and not (text[-1] in CLOSED and text[-2:-1] in ENDED):
        text += stop
    return text[:1].upper() + text[1:] if text[:1].islower() and _plain_word(text) else text


def _plain_word(text: str) -> bool:
    """ "iPhone 15" keeps its small letter."""
    first = text.split(maxsplit=1)[0]
    first = first.rstrip(",:;")
    return first == first.lower() and first.isalpha()


def join(sentences: Sequence[Sentence], at: Tongue) -> str:
    """The reply as posted."""
    gap = frame(at.lang, "value.gap") or " "
    return gap.join(s.text for s in sentences) if gap != "none" else "".join(s.text for s in sentences)
