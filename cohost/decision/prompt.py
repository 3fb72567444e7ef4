"""Prompts as data: Markdown with front matter, variables named, unknown keys refused, hash recorded.

A prompt file starts with TOML between two lines of `+++` (id, version, variables); its body has
`# system` and `# user` parts with `{{variable}}` places.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from cohost.decision.format import Tongue, country
from cohost.decision.sources import told_by
from cohost.decision.values import value_words
from cohost.errors import SettingsError
from cohost.trust.attributes import display_name
from cohost.trust.evidence import Certificate, Evidence, Fact, MarketFact, Policy, TestReport

MAX_VIEWER = 500
MAX_EVIDENCE = 8
KEYS = frozenset({"id", "version", "variables"})
ROLES = ("system", "user")
PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_PART = re.compile(r"^# (system|user)\s*$", re.MULTILINE)


class Prompt(msgspec.Struct, frozen=True):
    """A prompt file. `sha256` is of the whole file and goes into the log with each use."""

    id: str
    version: int
    variables: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]  # (role, text)
    sha256: str


def load(path: Path) -> Prompt:
    """Raises SettingsError: file and what was expected."""
    try:
        return parse(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError:
        raise SettingsError(f"{path}: got no file, expected a prompt with front matter") from None


def parse(text: str, name: str) -> Prompt:
    """Raises SettingsError on a wrong head, an unknown key, or a variable used and not declared."""
    head, body = split(text, name)
    unknown = sorted(set(head) - KEYS)
    missing = sorted(KEYS - set(head))
    if unknown or missing:
        what = f"unknown key {unknown[0]}" if unknown else f"no key {missing[0]}"
        raise SettingsError(f"{name}: got {what}, expected: {', '.join(sorted(KEYS))}")
    pieces = _PART.split(body)
    parts = tuple((role, part.strip()) for role, part in zip(pieces[1::2], pieces[2::2], strict=True))
    if [role for role, _ in parts] != list(ROLES):
        raise SettingsError(f"{name}: got parts {[r for r, _ in parts]}, expected # system and then # user")
    variables = tuple(str(v) for v in head["variables"])
    used = {v for _, part in parts for v in PLACE.findall(part)}
    if used != set(variables):
        odd = sorted(used ^ set(variables))
        raise SettingsError(f"{name}: variable {odd[0]} is {'used' if odd[0] in used else 'declared'} only")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Prompt(str(head["id"]), int(head["version"]), variables, parts, digest)


def split(text: str, name: str) -> tuple[dict[str, Any], str]:
    """Front matter and body. Raises SettingsError where there is no TOML between two lines of +++."""
    pieces = re.split(r"^\+\+\+\s*$", text, maxsplit=2, flags=re.MULTILINE)
    if len(pieces) != 3 or pieces[0].strip():
        raise SettingsError(f"{name}: got no front matter, expected TOML between two lines of +++")
    try:
        return tomllib.loads(pieces[1]), pieces[2]
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{name}: got front matter that is no TOML ({error})") from error


def render(prompt: Prompt, values: Mapping[str, str]) -> list[dict[str, str]]:
    """Messages for a chat model. Raises SettingsError naming what is missing or unknown. A value is
    put in as it is: braces in it are no places."""
    odd = sorted(set(prompt.variables) ^ set(values))
    if odd:
        kind = "missing" if odd[0] in prompt.variables else "unknown"
        raise SettingsError(f"prompt {prompt.id}: {kind} variable {odd[0]}")
    return [
        {"role": role, "content": PLACE.sub(lambda m: values[m.group(1)], text)}
        for role, text in prompt.parts
    ]


# ---------------------------------------------------------------- what goes into it


def viewer_words(text: str) -> str:
    """A viewer's line as data: one line, no control characters, no marks that could close the fence,
    capped."""
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Cf") else c for c in text)
    plain = plain.replace("<", "‹").replace(">", "›").replace("[", "(").replace("]", ")").replace("`", "'")
    plain = " ".join(plain.split())
    return plain if len(plain) <= MAX_VIEWER else plain[: MAX_VIEWER - 1] + "…"


def evidence_lines(items: Sequence[Evidence], at: Tongue) -> str:
    """Numbered evidence: "[E3] Battery life: 22.4 hours (at 50 % volume) | measured, … | words: …"."""
    return "\n".join(f"[{i.id}] {_line(i, items, at)}" for i in items[:MAX_EVIDENCE])


def _line(item: Evidence, items: Sequence[Evidence], at: Tongue) -> str:
    parts = [_told(item, at)]
    if item.models:
        parts.append("models: " + ", ".join(item.models[:4]))
    if item.markets:
        parts.append("markets: " + ", ".join(country(m, at) for m in item.markets[:6]))
    if not isinstance(item, Certificate | TestReport):
        parts.append(told_by(item, items, at))
    parts.append("words: " + viewer_words(getattr(item, "text", "") or item.source.quote))
    return " | ".join(p for p in parts if p)


def _told(item: Evidence, at: Tongue) -> str:
    if isinstance(item, Fact | MarketFact | Policy):
        return f"{display_name(item.attribute, at.tables)}: {value_words(item, at)}"
    if isinstance(item, Certificate):
        return f"{item.scheme} {item.certificate_kind} {item.number or ''}".strip()
    if isinstance(item, TestReport):
        return f"test report {item.number or ''}".strip()
    return ""
