"""Features: what viewers ask for by name ("NFC", "dishwasher", "retinol"). Pure.

An answer has to speak of the feature asked for; a fact of the same attribute that does not mention it
answers another question. Rows stand in `features.toml`, words in `languages/*/features.toml`.
"""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from collections.abc import Sequence

import msgspec

from cohost.common import lexicon
from cohost.languages import base


class Feature(msgspec.Struct, frozen=True):
    """One row: `of` the attributes whose questions it may be the subject of, first the one it points
    at with strength `hint` (0..1); `under` wider features; `always` who it is for, kept with any question;
    `wide` beside a narrower feature it is not what is asked for; `silent` it has no name to show."""

    id: str
    of: tuple[str, ...]
    hint: float = 0.0
    under: tuple[str, ...] = ()
    always: bool = False
    wide: bool = False
    silent: bool = False

    def concerns(self, attributes: Sequence[str]) -> bool:
        """True when a question about these attributes may be about the feature."""
        return self.always or self.silent or not attributes or any(a in attributes for a in self.of)


@functools.cache
def features() -> dict[str, Feature]:
    """Every row by id."""
    file = importlib.resources.files(__package__) / "features.toml"
    sections = tomllib.loads(file.read_text(encoding="utf-8"))
    rows = {name: row for section in sections.values() for name, row in section.items()}
    return {name: msgspec.convert({"id": name, **row}, Feature) for name, row in rows.items()}


def feature_name(feature: str, lang: str) -> str:
    """What a feature is called in a language, as shown; "" where the language has no word."""
    row = features().get(feature)
    words = lexicon.entries(base(lang), lexicon.FEATURES, feature) if row and not row.silent else []
    return words[0].lstrip("=").rstrip("*~") if words else ""
