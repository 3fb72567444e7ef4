"""An event as the show log keeps it: public JSON, and apart from it the words and names of a viewer."""

from __future__ import annotations

from typing import Any

import msgspec

from cohost import events as ev

FORGOTTEN = "[forgotten]"


def split(event: ev.Event) -> tuple[str, str, str | None]:
    """Public JSON, private JSON ('' when none), the viewer it belongs to."""
    if not event.PERSONAL:
        return ev.encode(event).decode(), "", None
    data: dict[str, Any] = msgspec.to_builtins(event)
    private = {path: _take(data, path) for path in event.PERSONAL}
    private = {path: value for path, value in private.items() if value}
    viewer = data.get("viewer") or (data.get("asker") or {}).get("viewer")
    public = msgspec.json.encode(data, order="deterministic").decode()
    if not private:
        return public, "", None
    return public, msgspec.json.encode(private, order="deterministic").decode(), viewer


def join(public: str, private: str | None, *, forgotten: bool) -> ev.AnyEvent:
    if private is None and not forgotten:
        return ev.decode(public)
    data: dict[str, Any] = msgspec.json.decode(public)
    if private is not None:
        for path, value in msgspec.json.decode(private).items():
            _put(data, path, value)
    else:
        _put(data, "question.text" if data["kind"] == "question.asked" else "text", FORGOTTEN)
    event: ev.AnyEvent = msgspec.convert(data, ev.AnyEvent)
    return event


def _take(data: dict[str, Any], path: str) -> Any:
    """Blank one field and return what stood there; `askers[].name` takes a list's fields."""
    *parents, last = path.split(".")
    for parent in parents:
        if parent.endswith("[]"):
            entries: list[dict[str, Any]] = data.get(parent[:-2]) or []
            taken = [_take(entry, last) for entry in entries]
            return taken if any(taken) else None
        data = data.get(parent) or {}
    value = data.get(last)
    if value:
        data[last] = ""
    return value


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        if parent.endswith("[]"):
            for entry, one in zip(data.get(parent[:-2]) or [], value, strict=False):
                _put(entry, last, one or "")
            return
        data = data.setdefault(parent, {})
    data[last] = value
