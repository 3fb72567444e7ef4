"""One question in, one answer object out (`cohost ask --json`), over a running room.

`cohost ask`, `POST /api/ask` and the evals all come through here, so they go through the same
stages as a live show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec

from cohost import events as ev
from cohost.common.question import Citation
from cohost.errors import UsageError
from cohost.languages import LANGUAGES, base
from cohost.ports import Inlet, Library, Log
from cohost.trust.attributes import phrases

FIELDS = ("id", "question", "product", "market", "lang", "viewer")
MAX_QUESTION = 10_000


def read_line(line: str | bytes) -> dict[str, Any]:
    """One JSON Line of `ask --stdin`. Raises UsageError (the caller keeps the order)."""
    try:
        data = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            f'got a line that is no JSON ({error}), expected an object with "question"'
        ) from error
    if not isinstance(data, dict):
        raise UsageError(f'got {type(data).__name__}, expected an object with "question"')
    return check(data)


def check(data: Mapping[str, Any]) -> dict[str, Any]:
    """Fields known, texts where texts belong. Raises UsageError."""
    unknown = [k for k in data if k not in FIELDS]
    if unknown:
        raise UsageError(f"got unknown field {unknown[0]!r}, expected: {', '.join(FIELDS)}")
    question = data.get("question")
    if not isinstance(question, str):
        raise UsageError(f"got question = {question!r}, expected a text")
    if len(question) > MAX_QUESTION:
        raise UsageError(f"got a question of {len(question)} characters, expected at most {MAX_QUESTION}")
    for name in FIELDS[2:]:
        if data.get(name) is not None and not isinstance(data[name], str):
            raise UsageError(f"got {name} = {data[name]!r}, expected a text")
    market = data.get("market")
    if market is not None and not (len(market) == 2 and market.isalpha()):
        raise UsageError(f"got market = {market!r}, expected a two-letter country code such as DE")
    lang = data.get("lang")
    if lang is not None and base(lang) not in LANGUAGES:
        raise UsageError(f"got lang = {lang!r}, expected one of: {', '.join(LANGUAGES)}")
    return dict(data)


class Room(Protocol):
    """What a question needs: a running room's log, inlet and library."""

    @property
    def log(self) -> Log: ...
    @property
    def inlet(self) -> Inlet: ...
    @property
    def library(self) -> Library: ...


async def ask(room: Room, line: Mapping[str, Any], *, number: int = 0) -> dict[str, Any]:
    """Submit one checked line and wait for its decision. Safe to cancel: the turn goes on alone."""
    market = line.get("market")
    record = room.inlet.submit(
        line["question"],
        viewer=line.get("viewer") or f"ask-{number}",
        platform="ask",
        lang_hint=line.get("lang"),
        market=market.upper() if market else None,
        product=line.get("product"),
    )
    return await answered(room, record, given_id=line.get("id"))


async def answered(room: Room, record: ev.Record, *, given_id: object = None) -> dict[str, Any]:
    """The answer object for a line that stands on the log. Safe to cancel: the turn goes on alone."""
    turn: list[ev.Record] = []
    async for later in room.log.cursor(after=record.seq):
        if later.turn_id != f"q{record.seq}" and later.cause_seq != record.seq:
            continue
        turn.append(later)
        if _done(later):
            break
    answer = answer_object(record, turn, given_id=given_id)
    if answer["variant"] is None:
        sold = room.library.catalogue.variant_in(answer["product"], answer["market"])
        answer["variant"] = sold.model if sold else None
    return answer


async def rehearse(
    room: Room, languages: Sequence[str], attributes: Sequence[str] = ("certificates",)
) -> None:
    """Ask a scratch room one question about each attribute in each language, so that tables, patterns and
    models are loaded before the first viewer comes."""
    for lang in languages:
        known: dict[str, str] = {}
        for attribute, phrase in phrases(lang):
            known.setdefault(attribute, phrase)
        for attribute in attributes:
            if attribute in known:
                await ask(room, {"question": known[attribute], "lang": lang})


def _done(record: ev.Record) -> bool:
    event = record.event
    if isinstance(event, ev.DecisionMade):
        return event.draft.action == "ignore"
    if isinstance(event, ev.MessageTriaged):
        return not event.question
    over = ev.ReplyPosted | ev.ReplyFailed | ev.FaultRaised | ev.ReplyRejected | ev.QuestionHeld
    return isinstance(event, over)


def answer_object(message: ev.Record, turn: Sequence[ev.Record], given_id: object = None) -> dict[str, Any]:
    """The contract's object from a turn's records."""
    told = ev.line_of(message.event)
    assert told is not None
    by_kind: dict[str, ev.Record] = {r.kind: r for r in turn}
    triaged, asked = by_kind.get("message.triaged"), by_kind.get("question.asked")
    decided, found = by_kind.get("decision.made"), by_kind.get("evidence.found")
    out: dict[str, Any] = {} if given_id is None else {"id": given_id}
    out |= {
        "question": told.text, "lang": "und", "intent": "question.other", "action": "ignore",
        "reason": "", "text": "", "claims": [], "citations": [], "product": None, "variant": None,
        "market": told.market, "notify_host": False,
    }  # fmt: skip
    if triaged is not None and isinstance(triaged.event, ev.MessageTriaged):
        out |= {"lang": triaged.event.lang, "intent": triaged.event.intent, "reason": triaged.event.reason}
    if asked is not None and isinstance(asked.event, ev.QuestionAsked):
        question = asked.event.question
        out |= {
            "lang": question.lang, "intent": question.intent, "product": question.product,
            "variant": question.model, "market": question.market,
        }  # fmt: skip
    if decided is not None and isinstance(decided.event, ev.DecisionMade):
        draft = decided.event.draft
        out |= {
            "action": draft.action, "reason": draft.reason, "text": draft.text,
            "claims": msgspec.to_builtins(draft.claims),
            "citations": [citation(c) for c in draft.citations], "notify_host": draft.notify_host,
        }  # fmt: skip
        if out["lang"] != "und" and base(draft.lang) == base(out["lang"]):
            out["lang"] = draft.lang
    if "question.held" in by_kind:
        out["reason"] = "held"  # viewers are guessing just that
    fault = by_kind.get("fault.raised")
    if fault is not None and isinstance(fault.event, ev.FaultRaised):
        out |= {"action": "escalate", "reason": f"fault: {fault.event.message}", "notify_host": True}
    out["timing_ms"] = _timing(message, triaged, found, decided, turn)
    return out


def citation(item: Citation) -> dict[str, Any]:
    """A citation as the contract prints it: page and locator always there, null when unknown."""
    data: dict[str, Any] = msgspec.to_builtins(item)
    return {"page": None, "locator": None} | data


def _timing(
    message: ev.Record,
    asked: ev.Record | None,
    found: ev.Record | None,
    decided: ev.Record | None,
    turn: Sequence[ev.Record],
) -> dict[str, float]:
    end = turn[-1] if turn else message
    timing: dict[str, float] = {
        "total": end.at_ms - message.at_ms,
        "language": 0,
        "retrieve": 0,
        "compose": 0,
    }
    if asked is not None:
        timing["language"] = asked.at_ms - message.at_ms
        if found is not None:
            timing["retrieve"] = max(0, found.at_ms - asked.at_ms)
    if found is not None and decided is not None:
        timing["compose"] = decided.at_ms - found.at_ms
    return timing
