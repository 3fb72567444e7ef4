"""One folder per language, tables only: adding a language is adding a folder of TOML files.

`attributes.toml` names and asking phrases · `features.toml` what is asked for by name ·
`examples.toml` lines of each kind that the trained head learns from · `frames.toml` the composer's
sentences · `lexicon.toml` triage and floor words · `guard.toml` the guard's words · `values.toml`
words of specifications · `warnings.toml` reviewed safety sentences · `documents.toml` words of
papers and tables · `quantities.toml` numbers and units · `sizes.toml` size charts · `ui.toml` the
pages' own words · `script.toml` show lines for the host.
"""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from typing import Any

LANGUAGES: tuple[str, ...] = (
    "en", "es", "pt", "fr", "de", "it", "nl", "pl", "ru",
    "tr", "ar", "hi", "th", "vi", "id", "ja", "ko", "zh",
)  # fmt: skip


def base(tag: str) -> str:
    """The primary language of a BCP 47 tag: "pt-BR" → "pt", "hi-Latn" → "hi"."""
    return tag.split("-", 1)[0].lower()


@functools.cache
def table(lang: str, name: str) -> dict[str, Any]:
    """One language's table as parsed TOML; {} where that language has none yet."""
    file = importlib.resources.files(__package__) / base(lang) / f"{name}.toml"
    if not file.is_file():
        return {}
    return tomllib.loads(file.read_text(encoding="utf-8"))


def has(lang: str, name: str) -> bool:
    """True where that language has that table."""
    return bool(table(lang, name))
