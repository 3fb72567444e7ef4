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
    """Ids of the reviewed warnings that a document's text holds, in the order of the text. Phrases are
    parts joined by `+`: all of them must stand in one sentence."""
    return tuple(dict.fromkeys(name for name, _ in _found(text, lang)))


def sentence_of(name: str, text: str, lang: str) -> str:
    """The document's own sentence that is this warning; the whole text where none is."""
    return next((sentence for found, sentence in _found(text, lang) if found == name), text)


@functools.lru_cache(maxsize=2048)
def _found(text: str, lang: str) -> tuple[tuple[str, str], ...]:
    langs = (base(lang),) if base(lang) in LANGUAGES else LANGUAGES
    found = []
    for sentence in _SENTENCE.split(text):
        plain = fold(sentence)
        for tag in dict.fromkeys((*langs, "en")):
            found += [
                (name, sentence.strip())
                for name, row in warnings(tag).items()
                if any(_holds(phrase, plain) for phrase in row.match)
            ]
    return tuple(found)


_SENTENCE = re.compile(r"(?<=[.!?。!?;;।])\s*")


def _holds(phrase: str, plain: str) -> bool:
    return all(fold(part.strip()) in plain for part in phrase.split("+"))
