"""Reviewed safety sentences (`languages/*/warnings.toml`), and the documents' own recognised as them.

Pure.
"""

from __future__ import annotations

import functools
import re

import msgspec

from cohost.common.lexicon import fold
from cohost.languages import LANGUAGES, base
from cohost.languages import table as language_table


class Caution(msgspec.Struct, frozen=True):
    """One reviewed sentence of one language; `match` are the ways documents in it put the same."""

    text: str
    match: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()


@functools.cache
def warnings(lang: str) -> dict[str, Caution]:
    """The reviewed sentences of a language by id; the triggers stand in the English table."""
    rows = language_table(lang, "warnings") or language_table("en", "warnings")
    triggers = language_table("en", "warnings")
    return {
        name: Caution(
            row["text"], tuple(row.get("match", ())), tuple(triggers.get(name, {}).get("attributes", ()))
        )
        for name, row in rows.items()
    }


@functools.lru_cache(maxsize=2048)
def recognise(text: str, lang: str) -> tuple[str, ...]:
    """Ids of the reviewed warnings that a document's text holds. Phrases are parts joined by `+`:
    all of them must stand in one sentence."""
    langs = (base(lang),) if base(lang) in LANGUAGES else LANGUAGES
    found: dict[str, None] = {}
    for sentence in re.split(r"(?<=[.!?。!?;;।])\s*", text):
        plain = fold(sentence)
        for tag in dict.fromkeys((*langs, "en")):
            for name, row in warnings(tag).items():
                if name not in found and any(_holds(phrase, plain) for phrase in row.match):
                    found[name] = None
    return tuple(found)


def _holds(phrase: str, plain: str) -> bool:
    return all(fold(part.strip()) in plain for part in phrase.split("+"))
