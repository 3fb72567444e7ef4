"""What the bench and a driver say to each other: a line of JSON each. Standard library only.

Bench → driver: `{"batch": [trial, …]}`; driver → bench: `{"ready": "name version"}` once, then for each trial
of a batch one `{"trial": id, "spoke": [[from, to], …], "ducked": [at, …]}`, or `{"trial": id, "error": why}`.
Times are ms from the first sample of the trial's sound; they may be negative.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["over", "ask"]
"""A voice over the driver's own speech, or a question to a silent one."""


@dataclass(frozen=True)
class Words:
    """One stretch of voice and what the scripted recogniser reads in it ("": nothing)."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True)
class Trial:
    """`sound`: a file of 16 kHz mono s16le. The words of a stretch are there `stt_ms` after it ended, for
    whoever listens; `llm_ms` to an answer, `tts_ms` to its sound. `after_ms`: how long it goes on after the
    sound. `options`: the driver's own tuning. `whisper`: a folder with a model that reads instead of the
    script, and espeak speaks instead of a tone."""

    id: str
    kind: Kind
    sound: str
    words: tuple[Words, ...] = ()
    stt_ms: int = 300
    llm_ms: int = 50
    tts_ms: int = 50
    after_ms: int = 1500
    options: Mapping[str, float] = field(default_factory=dict)
    whisper: str = ""
    lang: str = "en"


@dataclass(frozen=True)
class Heard:
    """When the driver's own voice sounded, and when it was lowered. `error`: why there is nothing."""

    trial: str
    spoke: tuple[tuple[float, float], ...] = ()
    ducked: tuple[float, ...] = ()
    error: str = ""


def batch_line(trials: Sequence[Trial]) -> str:
    """Bench → driver."""
    return json.dumps({"batch": [asdict(t) for t in trials]}, ensure_ascii=False)


def read_batch(line: str) -> list[Trial]:
    """Raises ValueError for a line that is no batch."""
    try:
        said = json.loads(line)
        return [Trial(**{**t, "words": tuple(Words(**w) for w in t["words"])}) for t in said["batch"]]
    except (TypeError, KeyError) as error:
        raise ValueError(f"got {line[:80]!r}, expected a batch of trials: {error}") from error


def heard_line(heard: Heard) -> str:
    """Driver → bench."""
    if heard.error:
        return json.dumps({"trial": heard.trial, "error": heard.error}, ensure_ascii=False)
    return json.dumps({"trial": heard.trial, "spoke": heard.spoke, "ducked": heard.ducked})


def read_heard(line: str) -> Heard | str | None:
    """What a driver said; a string is its greeting, None a line that is not of the protocol (a library
    that prints)."""
    try:
        said = json.loads(line)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    if "ready" in said:
        return str(said["ready"])
    if not isinstance(said.get("trial"), str):
        return None
    if "error" in said:
        return Heard(said["trial"], error=str(said["error"]) or "it did not say why")
    try:
        spoke = tuple((float(a), float(b)) for a, b in said["spoke"])
        return Heard(said["trial"], spoke, tuple(float(at) for at in said["ducked"]))
    except (KeyError, TypeError, ValueError) as error:
        return Heard(said["trial"], error=f"got {line.strip()[:80]!r}, expected times: {error}")


async def serve(greeting: str, run: Callable[[list[Trial]], Awaitable[list[Heard]]]) -> None:
    """A driver's life: batches from stdin until it is closed. What libraries print goes to stderr."""
    out, sys.stdout = sys.stdout, sys.stderr

    def say(line: str) -> None:
        out.write(line + "\n")
        out.flush()

    say(json.dumps({"ready": greeting}))
    while line := await asyncio.to_thread(sys.stdin.readline):
        for heard in await run(read_batch(line)):
            say(heard_line(heard))


def told(trial: Trial, found: Heard | BaseException) -> Heard:
    """A trial that broke costs itself alone: any error of a foreign library is its result."""
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    if isinstance(found, BaseException):
        return Heard(trial.id, error=f"{type(found).__name__}: {found}")
    return found


def options(trial: Trial, *names: str) -> dict[str, Any]:
    """The trial's options of these names. Raises ValueError for any other."""
    unknown = set(trial.options) - set(names)
    if unknown:
        raise ValueError(f"got option {', '.join(sorted(unknown))}, expected {', '.join(names)}")
    return dict(trial.options)
