"""The composer's sentences in each language (`languages/*/frames.toml`). Pure.

A frame is a sentence with `{slots}`. Where a market is addressed formally, `[formal]` overrides.
A language without frames speaks English ones.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from babel import Locale

from cohost.languages import LANGUAGES, base, has, table

DEFAULT = "en"
_EMPTY_BRACKETS = re.compile(r"\s*[(（]\s*[)）]")
_OPEN_COMMA = re.compile(r"([(（])\s*[,，、،]\s*")
_COMMA_CLOSE = re.compile(r"\s*[,，、،]\s*([)）])")
_SPACES = re.compile(r"[ \t]{2,}")
_BEFORE_STOP = re.compile(r" +([,.;:!?])")
FRENCH_SPACED = frozenset({"fr"})


def spoken(lang: str) -> str:
    """The language whose frames serve `lang`: its own, else English."""
    tag = base(lang)
    return tag if has(tag, "frames") else DEFAULT


@functools.cache
def _frames(lang: str) -> dict[str, Any]:
    return table(lang, "frames")


def frame(lang: str, key: str, *, formal: bool = False, **slots: str) -> str:
    """The frame `section.key` filled in. An empty slot leaves no brackets and no double space.

    Raises KeyError on a frame that no language has."""
    text = _look_up(lang, key, formal)
    filled = text.format_map(slots)
    if all(slots.values()):
        return filled
    filled = _COMMA_CLOSE.sub(r"\1", _OPEN_COMMA.sub(r"\1", filled))
    filled = _SPACES.sub(" ", _EMPTY_BRACKETS.sub("", filled)).strip()
    return filled if lang in FRENCH_SPACED else _BEFORE_STOP.sub(r"\1", filled)


def _look_up(lang: str, key: str, formal: bool) -> str:
    section, _, name = key.partition(".")
    for tag in (spoken(lang), DEFAULT):
        rows = _frames(tag)
        if formal and name in rows.get("formal", {}):
            return str(rows["formal"][name])
        if name in rows.get(section, {}):
            return str(rows[section][name])
    raise KeyError(key)


def has_frame(key: str) -> bool:
    """True when English, the reference, has the frame."""
    section, _, name = key.partition(".")
    return name in _frames(DEFAULT).get(section, {})


def plural(lang: str, key: str, count: float) -> str:
    """A plural table's form for a number, by CLDR: `[plural.workday] one = … other = …`."""
    section = _frames(spoken(lang)).get("plural", {}).get(key) or _frames(DEFAULT)["plural"][key]
    number: float = int(count) if float(count).is_integer() else count
    form = Locale.parse(spoken(lang)).plural_form(number)
    return str(section.get(form) or section["other"])


def has_plural(lang: str, key: str) -> bool:
    """True when the language has a plural table of its own for that word."""
    return key in _frames(spoken(lang)).get("plural", {})


def is_workdays(condition: str) -> bool:
    """True when a condition says no more than "working days", in any of the languages."""
    return " ".join(condition.casefold().split()).strip(" .()") in _workdays()


@functools.cache
def _workdays() -> frozenset[str]:
    rows = [_frames(lang).get("plural", {}).get("workday", {}) for lang in LANGUAGES]
    words = [w for row in rows for text in row.values() for w in str(text).replace("{n}", "").split(",")]
    return frozenset(w.strip().casefold() for w in words if w.strip())
