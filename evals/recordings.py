"""Recordings: cohost's own demo clips, and real ones from outside with their manifest."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from cohost import resources
from cohost.ears.audio import RATE, Pcm, read_file
from cohost.errors import OperatorError

VOICES = frozenset({
    "speech", "codeswitch", "turn_complete", "turn_incomplete", "turn_wait", "meeting", "far_field",
    "disfluent", "filler_in_speech", "cutoff_in_speech", "whispered",
})  # fmt: skip
"""Kinds in which a person takes the floor."""
NODS = frozenset({"turn_backchannel", "filler"})
"""Kinds in which a person makes a sound and wants no floor."""
NOISES = frozenset({"babble", "breath", "laughter", "cough", "applause", "music", "beep", "nonspeech"})


class Clip(msgspec.Struct, frozen=True):
    """A demo clip; its voice begins at `onset_ms`, ends at `end_ms` and says `text`."""

    id: str
    role: str
    lang: str
    file: str
    onset_ms: int
    end_ms: int
    market: str | None = None
    viewer: str = ""
    text: str = ""


class Recording(msgspec.Struct, frozen=True):
    """A line of the manifest."""

    file: str
    kind: str
    lang: str = "-"
    transcript: str = ""
    transcript_by: str = ""
    note: str = ""
    seconds: float = 0.0


def clips(role: str = "viewer") -> list[Clip]:
    """The demo clips of one role."""
    manifest = tomllib.loads((_show() / "manifest.toml").read_text(encoding="utf-8"))
    return [c for c in msgspec.convert(manifest["clip"], list[Clip]) if c.role == role]


def sound_of(clip: Clip) -> Pcm:
    return read_file(_show() / clip.file)


def _show() -> Path:
    return resources.find("knowledge_base") / "_show" / "speech"


def folder(data: Path | None) -> Path | None:
    """Where `--data` holds recordings; None where it does not."""
    audio = data / "audio" if data is not None else None
    return audio if audio is not None and (audio / "manifest.jsonl").is_file() else None


def recordings(audio: Path) -> list[Recording]:
    """Raises OperatorError for a manifest that is none."""
    lines = (audio / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    try:
        return [msgspec.json.decode(line, type=Recording) for line in lines if line.strip()]
    except msgspec.DecodeError as error:
        raise OperatorError(f"{audio}/manifest.jsonl: got {error}, expected a recording a line") from error


def seconds(samples: Pcm) -> float:
    return len(samples) / RATE
