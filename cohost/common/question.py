"""What a viewer asked, and what cohost answered: the nouns stages pass along the log. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

Action = Literal["answer", "decline", "escalate", "ignore"]

INTENTS = frozenset({
    "question.other", "purchase", "order", "complaint", "greeting", "praise", "spam", "abuse",
    "injection", "sensitive", "hazard", "demo_request", "personal_data", "off_topic", "to_viewer",
    "guess",
})  # fmt: skip
"""Besides `question.<attribute id>`."""


class Quantity(msgspec.Struct, frozen=True):
    """A number with a unit found in the viewer's words ("57 cm", "110 V")."""

    value: float
    unit: str  # Pint-readable


class NamedSize(msgspec.Struct, frozen=True, omit_defaults=True):
    """A size in the viewer's words: "L", "8" in UK."""

    value: str
    system: str = ""  # EU, UK, US … (trust/sizes.py); "" where none is named


class Sizing(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a line says of sizes: "im a uk 8 whats that in EU", "57 cm Kopfumfang"."""

    named: tuple[NamedSize, ...] = ()
    asked: tuple[str, ...] = ()  # systems asked for
    measures: tuple[str, ...] = ()  # ids of languages/*/sizes.toml: head, chest …
    amounts: tuple[Quantity, ...] = ()  # unit "" where the viewer said none
    says: tuple[str, ...] = ()  # between, choose, size, wear, men, women, kids, garment, body


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    """One question after understanding. `None` means unknown and stays unknown."""

    id: str  # "q17": the sequence number of the message that asked it
    text: str
    lang: str  # BCP 47, "und" when undecidable, "hi-Latn" when romanised
    intent: str
    attributes: tuple[str, ...] = ()  # ontology ids, best first
    also: tuple[str, ...] = ()  # of them those asked beside the first in the same line
    products: tuple[str, ...] = ()  # resolved product ids, best first; () = none in view
    product_named: bool = False  # the viewer named it (else it is the pinned one)
    model: str | None = None  # exact model the viewer named
    models: tuple[str, ...] = ()  # all of them, where the viewer named several
    market: str | None = None  # ISO 3166; None = unknown
    market_named: bool = False  # the viewer named the country in the text
    schemes: tuple[str, ...] = ()  # schemes.toml ids the viewer named: "CE", "FDA", "FCC"
    quantities: tuple[Quantity, ...] = ()
    sizing: Sizing | None = None  # None where the line says nothing of sizes
    features: tuple[str, ...] = ()  # strength or use words asked about: "swim", "IPX8", "wireless"
    human_check: bool = False  # "are you human?"
    confidence: float = 0.0  # of the attribute resolution, 0..1
    corrects_host: bool = False  # asked by nobody: what the host said on air is set right

    @property
    def product(self) -> str | None:
        return self.products[0] if self.products else None

    def product_of(self, told: Iterable[str | None]) -> str | None:
        """Which product a sentence is about whose evidence belongs to `told`: of several named the one
        that they agree on, else the first."""
        agreed = {p for p in told if p is not None}
        only = next(iter(agreed)) if len(agreed) == 1 else None
        return only if only in self.products else self.product


class Citation(msgspec.Struct, frozen=True, omit_defaults=True):
    """One piece of evidence as the viewer sees it (`cohost ask --json`)."""

    id: str
    kind: str
    document: str
    quote: str
    valid: bool
    page: int | None = None
    locator: str | None = None
    ocr: bool = False
    confidence: float | None = None
    lang: str = "und"


class Claim(msgspec.Struct, frozen=True):
    """One sentence (or clause) of a reply and the evidence ids that carry it."""

    text: str
    evidence: tuple[str, ...]


class Draft(msgspec.Struct, frozen=True, omit_defaults=True):
    """A decision about a question in one language: what would be said, and why."""

    action: Action
    reason: str  # short machine-readable: "fact", "no_evidence", "expired", "other_model" …
    lang: str  # of `text`
    text: str = ""
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    notify_host: bool = False
    host_note: str = ""  # in the host's language: why a person should look
    by: Literal["composer", "llm", "operator"] = "composer"
    protected: bool = False  # safety warnings and price corrections finish
    rule: str | None = None  # guard rule that shaped it


class Asker(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who asked, where: one per merged message."""

    message_seq: int
    viewer: str
    name: str = ""
    platform: str = "room"
    lang: str = "und"
    market: str | None = None
    lane: str | None = None  # asked aloud, on this lane
