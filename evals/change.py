"""Shows in which something changes while people ask, and what each of them is owed. Pure: a case and what
each asker was told in, 0..1 out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from cohost.languages import base
from evals.case import Action, Case
from evals.wording import denied, stands, stands_apart

Does = Literal["ask", "pin", "set", "hold", "release", "level", "approve", "retract", "date"]


class Happening(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that happens at `at_ms`.

    ask: `who` writes `text` on `platform` from `market` (about `product`, where they say so). pin: `product`.
    set: a fact, as `fact.set`. hold, release: every item of `document` (a path). level: autonomy `text`.
    approve, retract: the newest reply to `who`; `text` is the correction. date: the day turns to `on`.
    """

    at_ms: int
    does: Does
    who: str = ""
    text: str = ""
    platform: str = "room"
    market: str | None = None
    product: str | None = None
    document: str = ""
    attribute: str = ""
    value: float | str | bool | None = None
    unit: str | None = None
    valid_until: dt.date | None = None
    on: dt.date | None = None


class Owed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `who` is owed in the end: the last word they got. `never`: in no word they got after the change;
    "a|b" in `values` means either. `corrected`: the first word is taken back, to all who got it."""

    who: str
    lang: str
    action: tuple[Action, ...] = ("answer",)
    values: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    affirm_never: tuple[str, ...] = ()
    corrected: bool = False
    product: str | None = None
    valid: dict[str, bool] = {}  # cited document → whether the citation counts


class ChangeCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`changes_at_ms`: from when on the old word is stale. `guesses`: what nobody may be told at all, because
    no document says it of what was asked. `on`: the show's date where it is not the suite's."""

    does: tuple[Happening, ...]
    owes: tuple[Owed, ...]
    changes_at_ms: int = 0
    guesses: tuple[str, ...] = ()
    on: dt.date | None = None
    level: Literal["suggest", "post", "full"] = "full"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A word that an asker got. `to`: everybody it went to; `corrects`: the reply it takes back; `points`:
    the reply it points to, which is then what they were told."""

    at_ms: int
    reply_id: str
    text: str
    lang: str
    action: str
    product: str | None = None
    to: tuple[str, ...] = ()
    corrects: str | None = None
    points: str | None = None
    citations: tuple[Mapping[str, Any], ...] = ()


def change_scores(case: ChangeCase, told: Sequence[Told]) -> dict[str, float]:
    """Every scorer that applies, the least of what the askers got. `told`: all that was posted, in order."""
    found: dict[str, float] = {"never_guessed": float(not guessed(case, told))}
    for owed in case.owes:
        for name, value in _owed_scores(case, owed, told).items():
            found[name] = min(found.get(name, 1.0), value)
    return found


def guessed(case: ChangeCase, told: Sequence[Told]) -> list[str]:
    """The words that were told although nothing says them of what was asked."""
    return [g for g in case.guesses if any(stands_apart(g, t.text, t.lang) for t in told)]


def stale(case: ChangeCase, owed: Owed, told: Sequence[Told]) -> list[str]:
    """What an asker was told after it had ceased to be so."""
    late = [t for t in told if owed.who in t.to and t.at_ms >= case.changes_at_ms]
    found = [word for word in owed.never if any(stands_apart(word, t.text, t.lang) for t in late)]
    for word in owed.affirm_never:
        holding = [t for t in late if stands_apart(word, t.text, t.lang)]
        if any(not denied(word, t.text, t.lang) for t in holding):
            found.append(word)
    return found


def _owed_scores(case: ChangeCase, owed: Owed, told: Sequence[Told]) -> dict[str, float]:
    mine = [t for t in told if owed.who in t.to]
    scores = {"reached": float(bool(mine))}
    if owed.never or owed.affirm_never:
        scores["never_stale"] = float(not stale(case, owed, told))
    if owed.corrected:
        scores["corrected"] = corrected(owed, told)
    if not mine:
        return scores | {"action": 0.0}
    last = mine[-1]
    scores["action"] = float(last.action in owed.action)
    scores["reply_lang"] = float(base(last.lang) == base(owed.lang))
    if owed.values:
        entries = [any(stands(part, last.text, owed.lang) for part in e.split("|")) for e in owed.values]
        scores["value"] = float(all(entries))
    if owed.product is not None:
        scores["product"] = float(last.product == owed.product)
    for document, valid in owed.valid.items():
        cited = [c for c in last.citations if c["document"] == document]
        scores["validity"] = float(bool(cited) and all(bool(c["valid"]) == valid for c in cited))
    return scores


def corrected(owed: Owed, told: Sequence[Told]) -> float:
    """The share of those who got the wrong word, or were pointed to it, that got its correction in their
    language; 0 where the correction went to somebody else as well, or none came."""
    first = next((t for t in told if owed.who in t.to and t.corrects is None), None)
    if first is None:
        return 0.0
    wrong = first.points or first.reply_id
    misled = {who for t in told if wrong in (t.reply_id, t.points) for who in t.to}
    right = [t for t in told if t.corrects == wrong and base(t.lang) == base(first.lang)]
    reached = {who for t in right for who in t.to}
    return 0.0 if reached - misled else len(reached) / len(misled)
