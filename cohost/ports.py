"""The Protocols at the edge: models, platforms, the log, the library of evidence.

Each has a real adapter in its room and a scripted one in `cohost/scripted.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from cohost.common.catalogue import Catalogue
from cohost.common.question import Question
from cohost.events import Event, EvidenceReleased, FactChanged, Record
from cohost.trust.evidence import Evidence

Vector = npt.NDArray[np.float32]


class Log(Protocol):
    """The show log. `append` returns at once with the sequence number; durability follows."""

    @property
    def last_seq(self) -> int: ...
    def append(self, event: Event, *, turn_id: str | None = None, cause_seq: int | None = None) -> Record: ...
    async def durable(self, seq: int) -> None:
        """Return once `seq` is on disk. Safe to cancel."""
        ...

    def records(self, after: int = 0) -> Sequence[Record]:
        """A snapshot of what is known so far, in order."""
        ...

    def cursor(self, after: int = 0) -> AsyncIterator[Record]:
        """Every record after `after`, then each new one as it comes. Never ends by itself."""
        ...


class Embedder(Protocol):
    """Text → unit vectors. Lists in, an array (n, dim) float32 out, rows of length one."""

    @property
    def name(self) -> str: ...
    @property
    def dim(self) -> int: ...
    def knows(self, lang: str) -> bool: ...
    async def embed(self, texts: Sequence[str], *, query: bool) -> Vector: ...


class Found(msgspec.Struct, frozen=True):
    """Evidence for one question, best first, with retrieval scores 0..1 and compute time."""

    items: tuple[Evidence, ...] = ()
    scores: tuple[float, ...] = ()
    took_ms: float = 0.0


class Library(Protocol):
    """The evidence of one knowledge base, as it stands now (operator's changes included)."""

    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def version(self) -> str: ...
    async def find(self, question: Question, limit: int = 24) -> Found: ...
    def get(self, evidence_id: str) -> Evidence | None: ...
    def all(self) -> Sequence[Evidence]: ...
    def apply(self, event: FactChanged | EvidenceReleased) -> None: ...


class WriterSentence(msgspec.Struct, frozen=True):
    """One sentence from a writer with the evidence ids it cites."""

    text: str
    evidence: tuple[str, ...]


class Writer(Protocol):
    """An LLM that drafts an answer sentence by sentence. Raises ProviderError."""

    @property
    def name(self) -> str: ...
    def write(self, prompt: Sequence[dict[str, str]], *, lang: str = "en") -> AsyncIterator[WriterSentence]:
        """`lang`: of the sentences to come, for cutting them."""
        ...


class Post(msgspec.Struct, frozen=True):
    """What goes out to a platform."""

    reply_id: str
    text: str
    lang: str
    in_reply_to: tuple[int, ...] = ()


class ChatSink(Protocol):
    """Where posts go. `post` returns the platform's id of the post; raises ProviderError."""

    @property
    def platform(self) -> str: ...
    async def post(self, post: Post) -> str: ...
    async def find_posted(self, reply_id: str) -> str | None:
        """Look a post up after a crash: its ref, None when it is certainly absent;
        raises ProviderError where the platform cannot tell."""
        ...


class Inlet(Protocol):
    """The one inbound lane for typed lines, bounded. Returns the record of the message."""

    def submit(
        self,
        text: str,
        *,
        viewer: str,
        name: str = "",
        role: str = "viewer",
        platform: str = "room",
        lang_hint: str | None = None,
        market: str | None = None,
        product: str | None = None,
        client_id: str | None = None,
    ) -> Record: ...
