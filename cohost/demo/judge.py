"""Does a reply hold what the script expects of it? Pure."""

from __future__ import annotations

import fnmatch
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from cohost.demo.script import Expect, Interrupt
from cohost.languages import base


def fold(text: str) -> str:
    """NFKC, case and spaces folded; bidi isolates dropped."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Cf")


def faults(
    expect: Expect,
    *,
    action: str,
    text: str,
    lang: str,
    citations: Sequence[Mapping[str, Any]],
    waited_ms: float,
) -> list[str]:
    """Everything that is not as expected, in words; [] when all holds."""
    found = []
    if action != expect.action:
        found.append(f"action {action}, expected {expect.action}")
    if expect.lang is not None and base(lang) != base(expect.lang):
        found.append(f"language {lang}, expected {expect.lang}")
    folded = fold(text)
    found += [f"text lacks “{want}”" for want in expect.has if fold(want) not in folded]
    found += [f"text holds “{bad}”" for bad in expect.never if fold(bad) in folded]
    documents = [str(c.get("document", "")) for c in citations]
    found += [
        f"no citation matches {glob}"
        for glob in expect.cites
        if not any(fnmatch.fnmatch(d, glob) for d in documents)
    ]
    if expect.action == "answer" and expect.cites and not citations:
        found.append("an answer without a citation")
    if expect.invalid and all(c.get("valid", True) for c in citations):
        found.append("every citation is valid, expected one that is not")
    if waited_ms > expect.within_ms:
        found.append(f"took {waited_ms:.0f} ms, expected at most {expect.within_ms}")
    return found


def lacks(what: str, text: str, words: Sequence[str]) -> list[str]:
    """Words that a text does not hold, case and spaces folded."""
    folded = fold(text)
    return [f"{what} lacks “{word}”" for word in words if fold(word) not in folded]


def interrupted(step: Interrupt, marks: Sequence[Mapping[str, Any]]) -> list[str]:
    """Whether an answer yielded to the host: held in time, then cut, with what was heard."""
    found = []
    cut = next((m for m in marks if m["type"] == "speech.cut"), None)
    if cut is None:
        return ["the answer was not cut"]
    held = next((m for m in marks if m["type"] == "speech.held"), cut)
    late = held.get("since_onset_ms")
    if late is not None and late > step.held_within_ms:
        found.append(f"held {late} ms after the host began, expected at most {step.held_within_ms}")
    if not cut.get("heard"):
        found.append("nothing is recorded as heard")
    return found
