"""A language model as a translator, through the writer that drafts answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cohost.common.sentences import joined
from cohost.ports import Writer, WriterSentence

Render = Callable[[str, str, str], Sequence[dict[str, str]]]
"""Text, source and target tag → the prompt's messages."""


class WrittenTranslator:
    """Implements `ports.Translator` over a `ports.Writer`: any pair of languages."""

    name = "llm"

    def __init__(self, writer: Writer, render: Render) -> None:
        self._writer = writer
        self._render = render

    def offers(self, source: str, target: str) -> bool:
        return True

    async def translate(self, text: str, source: str, target: str) -> str:
        """Raises ProviderError."""
        stream = self._writer.write(self._render(text, source, target), lang=target)
        return joined([piece.text async for piece in stream if isinstance(piece, WriterSentence)])
