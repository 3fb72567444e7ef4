"""The Protocols at the edge: models, platforms, the log, the library of evidence.

Each has a real adapter in its room and a scripted one in `cohost/scripted.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Literal, Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from cohost.common.catalogue import Catalogue
from cohost.common.people import Signature
from cohost.common.question import Question
from cohost.common.spoken import Spoken
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


class WriterUsage(msgspec.Struct, frozen=True):
    """What a call took, as the server counts it. `cached`: those of `prompt` that it had kept."""

    prompt: int
    completion: int
    cached: int = 0


class Writer(Protocol):
    """An LLM that drafts an answer sentence by sentence. Raises ProviderError, WriterError where it can say
    how the server failed."""

    @property
    def name(self) -> str: ...
    def write(
        self, prompt: Sequence[dict[str, str]], *, lang: str = "en"
    ) -> AsyncIterator[WriterSentence | WriterUsage]:
        """`lang`: of the sentences to come, for cutting them. Last, where the server says it, the usage."""
        ...


class Translated(msgspec.Struct, frozen=True):
    """A line in another language. `state` "original": it is shown as it was said, and `reason` says why
    ("no_route", "number", "unit", "name", "claim", "denial", "late", "failed", "busy"); "unchecked": the way
    back did not say the same, or there is none for a claim."""

    text: str
    lang: str
    state: Literal["checked", "unchecked", "original"] = "checked"
    reason: str = ""
    words: str = ""  # what was lost, or broke a rule of the guard
    by: str = ""


class Translator(Protocol):
    """One way to translate. Raises ProviderError; cancelling drops the work."""

    @property
    def name(self) -> str: ...
    def offers(self, source: str, target: str) -> bool:
        """Primary tags. False: it has no model for the pair."""
        ...

    async def translate(self, text: str, source: str, target: str) -> str: ...


class Interpreter(Protocol):
    """Translators in order, with everything that is checked on the way. Never raises for a failed one."""

    def offers(self, source: str, target: str) -> bool: ...
    async def interpret(
        self, text: str, source: str, target: str, *, ours: bool = False, product: str | None = None
    ) -> Translated:
        """`ours`: the house says it, so the guard reads the target too, beside the papers of `product`."""
        ...


class Post(msgspec.Struct, frozen=True):
    """What goes out to a platform: a whole reply, or one part of a long one."""

    reply_id: str
    text: str
    lang: str
    in_reply_to: tuple[int, ...] = ()  # sequence numbers of the lines it answers
    part: int = 1
    parts: int = 1


class SendPolicy(msgspec.Struct, frozen=True):
    """What a platform takes. Lengths as it counts them, times in show milliseconds; 0 = no limit."""

    longest: int = 0
    counts: Literal["characters", "utf16", "bytes"] = "characters"
    posts: int = 0  # at most so many in any `per_ms`
    per_ms: int = 0
    apart_ms: int = 0  # between two posts
    same_text_ms: int = 0  # before the same words may be posted again
    label: str = ""  # in front of every post: that a machine writes
    mention: str = ""  # how an asker is named, "@{name}"; "" = not at all
    may_link: bool = True
    may_speak: bool = True
    tries: int = 3  # of a post that was certainly not taken


class ChatSink(Protocol):
    """Where posts go. `post` returns the platform's id of the post. It raises NotTaken where it may be tried
    again, ProviderTimeout where nobody knows whether it went out, any other ProviderError where it is
    refused for good."""

    @property
    def platform(self) -> str: ...
    @property
    def policy(self) -> SendPolicy: ...
    async def post(self, post: Post) -> str: ...
    async def find_posted(self, reply_id: str) -> str | None:
        """Look a post up after a crash: its ref, None when it is certainly absent;
        raises ProviderError where the platform cannot tell."""
        ...


class ChatSource(Protocol):
    """Where a platform's lines come from. `run` reads until cancelled and reconnects by itself."""

    @property
    def platform(self) -> str: ...
    async def run(self) -> None: ...


class HookAnswer(msgspec.Struct, frozen=True):
    """What a request to a hook gets: an HTTP status and a JSON object."""

    status: int
    body: dict[str, object]


class Hook(Protocol):
    """Requests of a platform at a path of the room's own server."""

    @property
    def path(self) -> str: ...
    async def take(self, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        """`headers` with small letters."""
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


# ── voice ───────────────────────────────────────────────────────────────────────────────────────
class Voice(Protocol):
    """Text to sound. One worker process each; never blocks the loop."""

    @property
    def name(self) -> str: ...
    def languages(self) -> frozenset[str]:
        """Primary tags it can speak at all; whether it should is the fitness table's matter."""
        ...

    async def speak(self, text: str, lang: str) -> Spoken:
        """One sentence. Raises ProviderError; cancelling drops the sound, nothing else."""
        ...

    async def close(self) -> None: ...


class Speaker(msgspec.Struct, frozen=True):
    """Who speaks on a lane: from the connection, never from the sound. `viewer` is the pseudonym."""

    viewer: str
    name: str = ""
    role: Literal["viewer", "host", "operator"] = "viewer"
    lang: str | None = None
    market: str | None = None
    product: str | None = None  # asked about explicitly (`cohost listen --product`)
    page: str = ""  # which of the viewer's pages: the newest one that speaks is heard


class Mic(msgspec.Struct, frozen=True):
    """How a speaker stands: heard on `lane`, waiting at `position` (from 1), or not to be heard."""

    state: Literal["open", "queued", "denied"]
    lane: str = ""
    position: int | None = None
    message: str = ""


class Microphones(Protocol):
    """The lanes of speakers: one each, bounded. Everything returns at once."""

    def open(self, speaker: Speaker, changed: Callable[[Mic], None]) -> Mic:
        """A lane, a place in the queue, or a refusal with its reason. `changed` hears of every later
        change (taken from the queue, moved up, closed by the room: state "denied")."""
        ...

    def raise_hand(self, speaker: Speaker, changed: Callable[[Mic], None]) -> Mic:
        """Wait to be taken by a person of the staff."""
        ...

    def feed(self, lane: str, pcm: bytes) -> None:
        """Sound as it comes: s16le, 16 kHz, mono. Unknown or closed lanes are ignored."""
        ...

    def close(self, speaker: Speaker, reason: str = "") -> None:
        """The speaker stops or leaves, from a lane or from the queue; unknown ones are ignored."""
        ...

    def give(self, viewer: str | None, by: str, signed: Signature | None = None) -> bool:
        """Take a waiting viewer (or one who speaks) on the air; None gives the floor to cohost.
        False where nobody of that name waits or speaks."""
        ...

    def on_air(self, take: Callable[[bytes], None]) -> Callable[[], None]:
        """Hear the taken caller (for the broadcast): PCM as it comes. Returns the way to leave."""
        ...


class Sound(Protocol):
    """cohost's voice to whoever listens."""

    def join(self, take: Callable[[str, bytes], None], viewer: str) -> Callable[[], None]:
        """`take(speech_id, pcm)` gets 20-100 ms at a time: s16le, 16 kHz, mono. Returns the way to leave."""
        ...

    def played(self, speech_id: str, viewer: str, played_ms: float) -> None:
        """A page reports how much of a speech it has played."""
        ...
