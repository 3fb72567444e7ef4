"""What viewers say of each kind: lines in eighteen languages (`languages/*/examples.toml`). Pure.

The trained head learns from them; nothing matches them word for word. A key that ends in `_alike` holds lines
of its kind that only look like a danger or an order.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from cohost.languages import LANGUAGES, table

ALIKE = "_alike"


class Example(NamedTuple):
    """`number`: its place in the list of its kind; translations of one scene mostly share it."""

    lang: str
    kind: str
    alike: bool
    number: int
    text: str


def examples() -> list[Example]:
    """Every line, in the order of the files; romanised Hindi and Arabic as such."""
    found: list[Example] = []
    for lang in LANGUAGES:
        for key, lines in table(lang, "examples").get("lines", {}).items():
            kept = [line.strip() for line in lines.splitlines() if line.strip()]
            for number, text in enumerate(kept):
                tag = f"{lang}-Latn" if lang in ("hi", "ar") and text.isascii() else lang
                found.append(Example(tag, key.removesuffix(ALIKE), key.endswith(ALIKE), number, text))
    return found


def fingerprint() -> str:
    """The hash of all examples, by which weights know whether they were made from these."""
    rows = "\n".join(f"{e.lang}|{e.kind}|{e.alike}|{e.text}" for e in examples())
    return hashlib.sha256(rows.encode()).hexdigest()
