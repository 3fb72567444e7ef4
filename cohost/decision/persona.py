"""How a market likes to be spoken to: `prompts/markets/<CC>.md`, one persona a market. Pure but for reading.

A persona is style for an LLM: address, politeness, humour, what not to say, units, examples. It adds no
fact and no rule gives way to it; what is drafted under it passes the same guard.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from cohost.decision.prompt import PLACE, split
from cohost.errors import SettingsError

KEYS = frozenset({"id", "version", "variables"})
PARTS = ("address", "politeness", "humour", "what not to say", "units", "examples")
KNOWN = frozenset({"brand", "language"})
"""Variables a persona may use."""
LONGEST = 4000
NONE = "Nothing particular is known: be friendly, plain and polite."
_PART = re.compile(r"^# (.+?)\s*$", re.MULTILINE)
_CITES = re.compile(r"\[E\d")


class Persona(msgspec.Struct, frozen=True):
    """One market's file. `sha256` is of the whole file and goes into the log beside the prompt's."""

    id: str  # the market's code
    version: int
    variables: tuple[str, ...]
    text: str
    sha256: str

    @property
    def key(self) -> str:
        """Its name among the hashes of a decision."""
        return f"markets/{self.id}"


def load_personas(folder: Path) -> dict[str, Persona]:
    """Market code → persona; {} where the folder is missing. Raises SettingsError: file and what was
    expected."""
    found = {}
    for path in sorted(folder.glob("*.md")):
        persona = parse(path.read_text(encoding="utf-8"), str(path))
        if persona.id != path.stem:
            raise SettingsError(f"{path}: got id = {persona.id!r}, expected the file's name {path.stem!r}")
        found[persona.id] = persona
    return found


def parse(text: str, name: str) -> Persona:
    """Raises SettingsError on a wrong head, a missing part, a variable that is odd, or an evidence id."""
    head, body = split(text, name)
    odd = sorted(set(head) ^ KEYS)
    if odd:
        what = f"unknown key {odd[0]}" if odd[0] in head else f"no key {odd[0]}"
        raise SettingsError(f"{name}: got {what}, expected: {', '.join(sorted(KEYS))}")
    pieces = _PART.split(body)
    parts = tuple(title.lower() for title in pieces[1::2])
    if parts != PARTS or not all(piece.strip() for piece in pieces[2::2]):
        raise SettingsError(f"{name}: got parts {list(parts)}, expected {list(PARTS)}, each with text")
    variables = tuple(str(v) for v in head["variables"])
    used = set(PLACE.findall(body))
    wrong = sorted((used ^ set(variables)) | (used - KNOWN))
    if wrong:
        raise SettingsError(
            f"{name}: got variable {wrong[0]}, expected those used, declared and among {sorted(KNOWN)}"
        )
    if _CITES.search(body) or len(body) > LONGEST:
        raise SettingsError(f"{name}: expected at most {LONGEST} characters and no evidence id such as [E3]")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Persona(str(head["id"]), int(head["version"]), variables, body.strip(), digest)


def style(persona: Persona | None, values: Mapping[str, str]) -> str:
    """The persona's text for the prompt, its headings as plain lines; a neutral line where there is none."""
    if persona is None:
        return NONE
    filled = PLACE.sub(lambda m: values[m.group(1)], persona.text)
    return _PART.sub(lambda m: f"{m.group(1).capitalize()}:", filled)
