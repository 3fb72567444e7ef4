"""Events of sound: microphones and utterances (a person's voice), speech (cohost's)."""

from __future__ import annotations

from typing import ClassVar, Literal

from cohost.common.people import Signature
from cohost.events.base import Event


# ── ears ────────────────────────────────────────────────────────────────────────────────────────
class MicOpened(Event, frozen=True, tag="mic.opened"):
    """A speaker's lane is open: cohost hears it."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("name",)
    lane: str
    viewer: str
    name: str = ""
    role: Literal["viewer", "host", "operator"] = "viewer"
    lang_hint: str | None = None
    market: str | None = None


class MicQueued(Event, frozen=True, tag="mic.queued"):
    """Somebody waits to speak: a hand is raised, or every lane is taken."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("name",)
    viewer: str
    name: str = ""
    lang_hint: str | None = None
    market: str | None = None


class MicClosed(Event, frozen=True, tag="mic.closed"):
    """The lane is shut, or (lane "") the waiting viewer left the queue."""

    lane: str
    viewer: str
    reason: str = ""


class FloorGiven(Event, frozen=True, tag="floor.given"):
    """A person of the staff gave the floor: to a waiting viewer, or (None) to cohost."""

    viewer: str | None = None
    by: str = "host"
    signed: Signature | None = None


class UtteranceOnset(Event, frozen=True, tag="utterance.onset"):
    """A person's voice began on a lane. `sound_ms` is show time of the sound, not of the decision."""

    lane: str
    viewer: str
    sound_ms: int
    role: Literal["viewer", "host", "operator"] = "viewer"


class UtteranceConfirmed(Event, frozen=True, tag="utterance.confirmed"):
    """It is speech (`strong`: beyond doubt, cohost's voice holds). `sound_ms`: of its onset."""

    lane: str
    sound_ms: int
    strong: bool = False


class UtteranceEnded(Event, frozen=True, tag="utterance.ended"):
    """The voice stopped at `end_ms` of show time; `dropped`: it was a click, nothing follows."""

    lane: str
    utterance_id: str
    start_ms: int
    end_ms: int
    dropped: bool = False


class TranscriptPartial(Event, frozen=True, tag="transcript.partial"):
    """What was understood so far, at a pause of an utterance that may go on. Times in show ms."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("text",)
    lane: str
    viewer: str
    utterance_id: str
    text: str
    lang: str
    start_ms: int
    end_ms: int


class TranscriptFinal(Event, frozen=True, tag="transcript.final"):
    """What was said, personal data masked; "" where the recogniser heard no words. Times in show ms.
    `asks`: the question behind a word that stops ("wait, does it work in Japan?")."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("text", "asks", "name")
    lane: str
    viewer: str
    utterance_id: str
    text: str
    lang: str
    lang_confidence: float
    start_ms: int
    end_ms: int
    meaning: Literal["speech", "stop", "backchannel", "noise", "own_voice"] = "speech"
    avg_logprob: float = 0.0
    took_ms: float = 0.0
    name: str = ""
    role: Literal["viewer", "host", "operator"] = "viewer"
    market: str | None = None
    product: str | None = None  # asked about explicitly (`cohost listen --product`)
    masked: tuple[str, ...] = ()
    asks: str = ""


# ── mouth ───────────────────────────────────────────────────────────────────────────────────────
class SpeechQueued(Event, frozen=True, tag="speech.queued"):
    """An approved reply is to be spoken when the floor allows. `posted`: it stands in the room already."""

    speech_id: str
    reply_id: str
    text: str
    lang: str
    asker: str | None = None  # lane of the person it answers
    why: Literal["caller", "chat"] = "caller"
    protected: bool = False
    posted: bool = False


class SpeechStarted(Event, frozen=True, tag="speech.started"):
    """Durable before the first sample goes out: after a crash it is known what may have been heard."""

    speech_id: str
    reply_id: str
    text: str
    lang: str
    voice: str
    why: Literal["caller", "chat"] = "caller"


class SpeechSentence(Event, frozen=True, tag="speech.sentence"):
    """Sentence `n` of the speech begins `start_ms` into it and lasts `duration_ms`: a caption."""

    speech_id: str
    n: int
    text: str
    lang: str
    start_ms: int
    duration_ms: int


class SpeechDucked(Event, frozen=True, tag="speech.ducked"):
    """Softer: somebody's first voiced frame. `since_onset_ms`: from the onset of that sound."""

    speech_id: str
    lane: str
    since_onset_ms: int


class SpeechHeld(Event, frozen=True, tag="speech.held"):
    """Silent and ready to go on where it stopped, `at_speech_ms` into it."""

    speech_id: str
    lane: str
    since_onset_ms: int
    at_speech_ms: int


class SpeechResumed(Event, frozen=True, tag="speech.resumed"):
    speech_id: str
    at_speech_ms: int
    silent_ms: int = 0  # how long it was held
    since_onset_ms: int = 0


class SpeechCut(Event, frozen=True, tag="speech.cut"):
    """It ended before its end. `heard`: the words that had begun; `rest`: the sentences not heard whole."""

    speech_id: str
    reply_id: str
    reason: str  # "host", "operator", "caller", "stop word", "host goes on", "the process ended" …
    heard: str
    heard_ms: int
    timing: Literal["exact", "estimated"]
    rest: str = ""
    lane: str = ""
    since_onset_ms: int | None = None  # None: by key, not by voice
    posted: bool = False


class SpeechPlayed(Event, frozen=True, tag="speech.played"):
    speech_id: str
    reply_id: str
    duration_ms: int
    posted: bool = False


class SpeechSkipped(Event, frozen=True, tag="speech.skipped"):
    """Not spoken after all: no gap in time, no fit voice, nobody listens, stopped."""

    speech_id: str
    reply_id: str
    reason: str
    text: str = ""
    lang: str = ""
    posted: bool = False
