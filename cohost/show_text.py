"""A show as lines of JSON that people can read and keep as a case: what came in, what models found, what
was decided. Pure.

Names are left out (of the staff roles stay), viewers are numbered, evidence of documents stands by its id:
ids come from content, so a document that reads differently today shows as evidence that is gone. What
was set on air stands whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from cohost import events as ev
from cohost.common.people import unnamed
from cohost.errors import LogError
from cohost.trust.evidence import LIVE_DOCUMENT, Evidence

KEPT = (
    ev.ShowStarted, ev.ChatMessage, ev.TranscriptFinal, ev.ProductPinned, ev.RundownSet, ev.AutonomySet,
    ev.FactChanged, ev.EvidenceReleased, ev.ReplyApproved, ev.ReplyRejected, ev.ReplyRetracted,
    ev.OperatorStopped, ev.OperatorAnswered, ev.QuestionClosed, ev.HostCorrected, ev.MessageTriaged,
    ev.QuestionAsked, ev.QuestionMerged, ev.EvidenceFound, ev.DecisionMade,
)  # fmt: skip
_SPOKEN = frozenset({"text", "question.text", "correction"})
"""Personal fields that a replay needs; all others are left empty."""


def write_show(records: Iterable[ev.Record]) -> str:
    """JSON Lines, one a record that a replay reads."""
    viewers: dict[str, str] = {}
    lines = []
    for record in records:
        if not isinstance(record.event, KEPT):
            continue
        event = msgspec.to_builtins(record.event)
        for path in record.event.PERSONAL:
            if path not in _SPOKEN:
                _blank(event, path.split("."))
        event.pop("signed", None)
        if event.get("by"):
            event["by"] = unnamed(event["by"])
        if isinstance(record.event, ev.EvidenceFound):
            event["items"] = [_by_id(item) for item in record.event.items]
        line = {"seq": record.seq, "at_ms": record.at_ms, "turn": record.turn_id, "cause": record.cause_seq}
        lines.append(msgspec.json.encode(line | {"event": _numbered(event, viewers)}).decode())
    return "\n".join(lines) + "\n"


def read_show(
    text: str, name: str, get: Callable[[str], Evidence | None]
) -> tuple[list[ev.Record], tuple[str, ...]]:
    """The records, and the ids of evidence that `get` no longer knows; what was found with such an item is
    left out, so that it is looked up again. Raises LogError with file and line."""
    records: list[ev.Record] = []
    gone: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            data = msgspec.json.decode(line)
            event = data["event"]
            if event.get("kind") == "evidence.found":
                missing = [i for i in event["items"] if isinstance(i, str) and get(i) is None]
                gone |= dict.fromkeys(missing)
                if missing:
                    continue
                event["items"] = [
                    msgspec.to_builtins(get(i)) if isinstance(i, str) else i for i in event["items"]
                ]
            records.append(
                ev.Record(
                    seq=data["seq"], at_ms=data["at_ms"], turn_id=data["turn"], cause_seq=data["cause"],
                    event=msgspec.convert(event, ev.AnyEvent),
                )
            )  # fmt: skip
        except (msgspec.DecodeError, msgspec.ValidationError, KeyError, TypeError, AttributeError) as error:
            raise LogError(f"{name}:{number}: got a line that is no record of a show ({error})") from error
    return records, tuple(gone)


def _by_id(item: Evidence) -> Any:
    return msgspec.to_builtins(item) if item.source.document == LIVE_DOCUMENT else item.id


def _blank(data: Any, path: Sequence[str]) -> None:
    head, rest = path[0], path[1:]
    if head.endswith("[]"):
        for entry in data.get(head[:-2]) or ():
            _blank(entry, rest)
    elif rest:
        _blank(data.get(head) or {}, rest)
    elif data.get(head):
        data[head] = ""


def _numbered(data: Any, viewers: dict[str, str]) -> Any:
    """The same with every viewer's id a number."""
    if isinstance(data, dict):
        found = {k: _numbered(v, viewers) for k, v in data.items()}
        if found.get("viewer"):
            found["viewer"] = viewers.setdefault(found["viewer"], f"v{len(viewers) + 1}")
        return found
    if isinstance(data, list):
        return [_numbered(v, viewers) for v in data]
    return data
