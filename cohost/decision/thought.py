"""What a reasoning model writes before its answer is no answer: `<think>…</think>` at the start. Pure."""

from __future__ import annotations

import re

NAMES = ("think", "thinking", "thought", "reasoning", "reflection", "analysis")
"""Marks in use by open models; told apart by name, whatever their case."""
MAX_THOUGHT = 20_000
"""Characters after which a model is no longer waited for."""

_OPENS = re.compile(rf"\s*<({'|'.join(NAMES)})>", re.IGNORECASE)
_LONGEST = max(map(len, NAMES)) + len("</>")


class Thoughts:
    """Feed text as it comes; get what stands outside the thoughts at the start of the answer."""

    def __init__(self) -> None:
        self._held = ""  # may still become a mark
        self._closes: re.Pattern[str] | None = None  # inside a thought
        self._answers = False  # the answer has begun: nothing is looked for any more
        self.characters = 0  # of thought

    def feed(self, text: str) -> str:
        """What of `text`, and of what was held back, belongs to the answer."""
        if self._answers:
            return text
        self._held += text
        while True:
            if self._closes is None:
                if not self._enter():
                    return self._told()
            elif not self._leave(self._closes):
                return ""

    def flush(self) -> str:
        """What was held back, at the end of the stream: no mark any more."""
        if self._closes is not None:
            return ""
        rest, self._held = self._held, ""
        return rest

    @property
    def inside(self) -> bool:
        """True while a thought has no end: an answer that stops here holds none."""
        return self._closes is not None

    def _enter(self) -> bool:
        found = _OPENS.match(self._held)
        if found is None:
            return False
        self._closes = re.compile(rf"</{found.group(1)}>", re.IGNORECASE)
        self._held = self._held[found.end() :]
        return True

    def _leave(self, closes: re.Pattern[str]) -> bool:
        found = closes.search(self._held)
        if found is not None:
            self.characters += found.start()
            self._closes, self._held = None, self._held[found.end() :]
            return True
        keep = self._held[-_LONGEST:]  # the end of a mark may follow
        self.characters += len(self._held) - len(keep)
        self._held = keep
        return False

    def _told(self) -> str:
        begin = self._held.lstrip().casefold()
        if not begin or any(f"<{name}>".startswith(begin) for name in NAMES):
            return ""
        self._answers = True
        rest, self._held = self._held, ""
        return rest
