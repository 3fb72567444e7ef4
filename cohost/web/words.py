"""The pages' own words, from `languages/<tag>/ui.toml`; English where a language lacks one."""

from __future__ import annotations

import contextlib
import functools
from typing import Any

from cohost.languages import LANGUAGES, base, table
from cohost.web.shapes import Language

MOST_NAMED = 20
"""Languages of a request's header that are looked at."""


def known(tag: str | None) -> str:
    """The page language for a tag as a browser or a profile says it: "pt-BR" → "pt"; else "en"."""
    lang = base(tag or "")
    return lang if lang in LANGUAGES else "en"


def preferred(accept_language: str) -> str:
    """The page language that a browser likes best of those there are; "en" where it names none of them."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept_language.split(",")[:MOST_NAMED]):
        tag, _, weight = part.strip().partition(";")
        with contextlib.suppress(ValueError):
            quality = float(weight.strip().removeprefix("q=") or 1)
            if base(tag) in LANGUAGES and quality > 0:
                wanted.append((-quality, place, base(tag)))
    return min(wanted)[2] if wanted else "en"


@functools.cache
def page_words(lang: str) -> dict[str, Any]:
    """`{tag, name, dir, viewer: {…}, console: {…}}`, complete."""
    own, english = table(lang, "ui"), table("en", "ui")
    merged = {part: {**english.get(part, {}), **own.get(part, {})} for part in ("viewer", "console")}
    about = own.get("language", {})
    return {"tag": lang, "name": about.get("name", lang), "dir": about.get("dir", "ltr"), **merged}


@functools.cache
def languages() -> tuple[Language, ...]:
    """Every page language under its own name."""
    found = (page_words(lang) for lang in LANGUAGES)
    return tuple(Language(tag=w["tag"], name=w["name"], dir=w["dir"]) for w in found)


def disclosure(lang: str, brand: str, own: str = "") -> str:
    """That an AI answers, in the viewer's language. `own` is the brand's sentence of kb.toml, used
    where the language is its own (English) and the tables name nobody."""
    words = page_words(known(lang))["viewer"]
    frame = words["disclosure"] if brand else words["disclosure_nameless"]
    return str(frame).replace("{brand}", brand) if brand or not own else own
