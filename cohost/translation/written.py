"""A language model as a translator, through the writer that drafts answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from cohost.clock import Clock
from cohost.common.sentences import joined
from cohost.errors import ProviderError, WriterError, WriterFault
from cohost.ports import Writer, WriterSentence, WriterUsage

Render = Callable[[str, str, str], Sequence[dict[str, str]]]
"""Text, source and target tag → the prompt's messages."""


class Spent(msgspec.Struct, frozen=True):
    """One call: what was asked and said, what the server counts of it, how it failed (None: it did not)."""

    endpoint: str
    asked: tuple[str, ...]
    said: str = ""
    usage: WriterUsage | None = None
    took_ms: int = 0
    fault: WriterFault | None = None
    message: str = ""


class Meter(Protocol):
    """What a show's language models take: translations count like answers."""

    def may(self) -> bool:
        """False once the show has taken what it may."""
        ...

    def called(self, spent: Spent) -> None: ...


class WrittenTranslator:
    """Implements `ports.Translator` over a `ports.Writer`: any pair of languages. The room sets `meter`."""

    def __init__(self, writer: Writer, render: Render, clock: Clock, *, endpoint: str = "") -> None:
        self._writer = writer
        self._render = render
        self._clock = clock
        self.endpoint = endpoint or writer.name
        self.meter: Meter | None = None

    @property
    def name(self) -> str:
        return f"llm {self.endpoint}"

    def offers(self, source: str, target: str) -> bool:
        return self.meter is None or self.meter.may()

    async def translate(self, text: str, source: str, target: str) -> str:
        """Raises ProviderError. A call that is cancelled is counted by what was asked."""
        prompt = self._render(text, source, target)
        began = self._clock.now_ms()
        spent = Spent(self.endpoint, tuple(message["content"] for message in prompt), fault="hangs")
        usage: WriterUsage | None = None
        sentences: list[str] = []
        try:
            async for piece in self._writer.write(prompt, lang=target):
                if isinstance(piece, WriterSentence):
                    sentences.append(piece.text)
                else:
                    usage = piece
            told = joined(sentences)
            spent = msgspec.structs.replace(spent, said=told, fault=None if told else "empty")
        except ProviderError as error:
            kind = error.kind if isinstance(error, WriterError) else "hangs"
            spent = msgspec.structs.replace(spent, fault=kind, message=str(error)[:200])
            raise
        finally:
            if self.meter is not None:
                took = self._clock.now_ms() - began
                self.meter.called(msgspec.structs.replace(spent, usage=usage, took_ms=took))
        return told

    async def close(self) -> None:
        close = getattr(self._writer, "close", None)
        if close is not None:
            await close()
