"""Sounds with what is said in them, sounds in which nothing is said, and how well they were heard. Pure."""

from __future__ import annotations

import msgspec

from cohost.languages import base
from evals import words
from evals.case import Case
from evals.sounds import Sound


class HearingCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`said`: what is said, for a clip its own text; "" where nothing is said. `page`: the language of the
    speaker's page, where it is known."""

    sound: Sound
    said: str = ""
    page: str | None = None


class FloorSoundCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sound that begins `at_ms` into cohost's speech. `role`: whose microphone; `asked`: the viewer whom
    cohost answers. `expect` cut: cohost must fall silent and stay so; none: it must go on."""

    sound: Sound
    expect: str
    at_ms: int = 1500
    role: str = "host"
    asked: bool = False


class Heard(msgspec.Struct, frozen=True):
    """What the ears made of a sound: text and language by stretch; times in ms."""

    parts: tuple[tuple[str, str], ...]
    audio_ms: float
    compute_ms: float = 0.0

    @property
    def text(self) -> str:
        return " ".join(text for text, _ in self.parts if text)

    @property
    def lang(self) -> str:
        """Of most of the characters; "und" where nothing was heard."""
        count: dict[str, int] = {}
        for text, lang in self.parts:
            count[base(lang)] = count.get(base(lang), 0) + len(text)
        return max(count, key=lambda k: count[k]) if any(count.values()) else "und"


def hearing_scores(said: str, lang: str, heard: Heard, *, way: str = "") -> dict[str, float]:
    """words: 1 less the errors by words said (characters in zh ja th ko), at least 0. language: the right
    one. silent, where nothing was said: nothing was heard. `way` is put behind the names."""
    behind = f".{way}" if way else ""
    if not said:
        return {"silent": float(not words.plain(heard.text))}
    score = words.score(said, heard.text, lang)
    right = max(0.0, 1 - score.edits / max(1, score.said))
    return {f"words{behind}": right, f"language{behind}": float(heard.lang == base(lang))}


def speech_rate(heard: Heard) -> dict[str, float]:
    """Milliseconds of work for a second of sound: the real-time factor, times a thousand."""
    return {"per_second": 1000 * heard.compute_ms / heard.audio_ms} if heard.audio_ms else {}
