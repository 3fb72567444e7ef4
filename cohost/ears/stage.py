"""Ears along the log: cues of lanes become utterances, their sound becomes transcripts.

The words are read at each pause while the speaker may still go on, so that at the end of the
utterance they are already there; only where the recogniser was busy are they read afterwards.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cohost import events as ev
from cohost.clock import Clock
from cohost.common.catalogue import Catalogue
from cohost.common.clean import clean
from cohost.common.finished import finished
from cohost.common.heard import Meaning, meaning, question_behind
from cohost.common.personal import mask, mask_unfinished
from cohost.ears.audio import Pcm
from cohost.ears.lane import Cue, Lane
from cohost.ears.recognition import Recognition
from cohost.ears.recognizer import Transcript
from cohost.errors import ProviderError
from cohost.languages import LANGUAGES, base
from cohost.ports import Log, Speaker

LONGEST = 2000
WATCH_MS = 200
SILENT_MS = 700
"""An open utterance without any sound for this long has ended: its speaker's line is dead."""
ECHO_MS = 1500
HOTWORDS = 24
REMEMBERED = 1000
RECOGNITION_MS = 300
"""What reading an utterance costs on the virtual clock."""
ELSEWHERE_WEIGHT, HINT_WEIGHT, BEFORE_WEIGHT = 0.3, 2.0, 3.0
"""Of a language nobody in the room speaks, of the page's, of the speaker's last words; the room's: 1."""


@dataclass
class Utterance:
    """One stretch of a person's voice, from its onset until its transcript is on the log."""

    id: str
    lane_id: str
    speaker: Speaker
    lane: Lane
    onset_seq: int
    heard_ms: int  # show time of the newest sound
    sound: Pcm | None = None  # when ended
    reading: asyncio.Task[Transcript | None] | None = None  # of the words up to …
    read_until: int = -1  # … the voice that stopped then


@dataclass
class _Said:
    """A speech of cohost's, for telling its echo from a person."""

    text: str
    ended_ms: int | None = None


class EarsStage:
    """`utterance.ended` → `transcript.final`. `take` is called with each lane's cues as they come."""

    name = "ears"
    handles: tuple[type[ev.Event], ...] = (ev.UtteranceEnded,)
    closes: tuple[type[ev.Event], ...] = (ev.TranscriptFinal,)
    width = 32

    def __init__(self, log: Log, clock: Clock, catalogue: Catalogue, recognition: Recognition) -> None:
        self._log = log
        self._clock = clock
        self._room = catalogue.languages()
        self._hotwords = hotwords(catalogue)
        self._recognition = recognition
        self._open: dict[str, Utterance] = {}  # by lane
        self._ended: dict[str, Utterance] = {}  # by id, until read
        self._said: OrderedDict[str, _Said] = OrderedDict()  # by speech id
        self._spoken: OrderedDict[str, str] = OrderedDict()  # viewer → language of their last words
        self._tasks: asyncio.TaskGroup | None = None

    # ── along the log ──
    def observe(self, record: ev.Record) -> None:
        event = record.event
        if isinstance(event, ev.SpeechStarted):
            self._said[event.speech_id] = _Said(event.text)
        elif isinstance(event, ev.SpeechCut | ev.SpeechPlayed) and event.speech_id in self._said:
            self._said[event.speech_id].ended_ms = record.at_ms
        elif isinstance(event, ev.TranscriptFinal) and event.meaning == "speech":
            self._spoken[event.viewer] = event.lang
        while len(self._said) > REMEMBERED:
            self._said.popitem(last=False)
        while len(self._spoken) > REMEMBERED:
            self._spoken.popitem(last=False)

    async def handle(self, record: ev.Record) -> None:
        """Raises ProviderError where the sound is gone or cannot be read: the turn closes with it."""
        event = record.event
        assert isinstance(event, ev.UtteranceEnded)
        if event.dropped:
            return
        utterance = self._ended.pop(event.utterance_id, None)
        if utterance is None or utterance.sound is None:
            raise ProviderError("ears", "an utterance was lost when the process ended: it must be said again")
        before = self._clock.perf()
        transcript = await self._words(utterance, event.end_ms)
        self._log.append(
            self._final(utterance, event, transcript, (self._clock.perf() - before) * 1000),
            turn_id=record.turn_id, cause_seq=record.seq,
        )  # fmt: skip

    async def run(self) -> None:
        """Read words at pauses, and end utterances whose line went dead. Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            try:
                while True:
                    await self._clock.sleep(WATCH_MS)
                    self._end_dead_lines()
            finally:
                self._tasks = None

    # ── from the lanes ──
    def take(self, lane_id: str, speaker: Speaker, lane: Lane, cues: Iterable[Cue]) -> None:
        """Cues of one lane, in order: each becomes its event at once."""
        utterance = self._open.get(lane_id)
        if utterance is not None:
            utterance.heard_ms = self._clock.now_ms()
        for cue in cues:
            self._cue(lane_id, speaker, lane, cue)

    def _cue(self, lane_id: str, speaker: Speaker, lane: Lane, cue: Cue) -> None:
        if cue.mark == "onset":
            record = self._log.append(
                ev.UtteranceOnset(lane=lane_id, viewer=speaker.viewer, role=speaker.role, sound_ms=cue.at_ms)
            )
            self._open[lane_id] = Utterance(
                f"u{record.seq}", lane_id, speaker, lane, record.seq, self._clock.now_ms()
            )
            return
        utterance = self._open.get(lane_id)
        if utterance is None:
            return
        if cue.mark in ("confirmed", "strong"):
            event = ev.UtteranceConfirmed(lane=lane_id, sound_ms=cue.start_ms, strong=cue.mark == "strong")
            self._log.append(event, cause_seq=utterance.onset_seq)
        elif cue.mark == "pause":
            self._pause(utterance, cue)
        else:
            self._end(utterance, cue)

    def _pause(self, utterance: Utterance, cue: Cue) -> None:
        """Read the words so far, unless somebody's last words are being read."""
        if self._tasks is None or cue.sound is None or not self._recognition.idle:
            return
        utterance.read_until = cue.at_ms
        utterance.reading = self._tasks.create_task(self._partial(utterance, cue, cue.sound))

    def _end(self, utterance: Utterance, cue: Cue) -> None:
        del self._open[utterance.lane_id]
        dropped = cue.mark == "dropped"
        if not dropped:
            utterance.sound = cue.sound
            self._ended[utterance.id] = utterance
        self._log.append(
            ev.UtteranceEnded(
                lane=utterance.lane_id, utterance_id=utterance.id, start_ms=cue.start_ms, end_ms=cue.at_ms,
                dropped=dropped,
            ),
            cause_seq=utterance.onset_seq,
        )  # fmt: skip

    def _end_dead_lines(self) -> None:
        now = self._clock.now_ms()
        for utterance in list(self._open.values()):
            if now - utterance.heard_ms > SILENT_MS:
                for cue in utterance.lane.close(now):
                    self._cue(utterance.lane_id, utterance.speaker, utterance.lane, cue)

    # ── words ──
    async def _words(self, utterance: Utterance, end_ms: int) -> Transcript:
        assert utterance.sound is not None
        if utterance.reading is not None and utterance.read_until == end_ms:
            await asyncio.wait((utterance.reading,))  # given up where the ears start again: read below
            words = None if utterance.reading.cancelled() else utterance.reading.result()
            if words is not None:
                return words
        return await self._read(utterance, utterance.sound)

    async def _read(self, utterance: Utterance, sound: Pcm) -> Transcript:
        async with self._clock.busy(cost_ms=RECOGNITION_MS):
            return await self._recognition.recognize(
                sound, languages=LANGUAGES, prior=self._prior(utterance.speaker), hotwords=self._hotwords
            )

    async def _partial(self, utterance: Utterance, cue: Cue, sound: Pcm) -> Transcript | None:
        """The words up to a pause, told to the room while the utterance goes on; None: not to be had."""
        try:
            transcript = await self._read(utterance, sound)
        except ProviderError:
            return None
        going_on = self._open.get(utterance.lane_id) is utterance
        if not going_on or utterance.read_until != cue.at_ms or not transcript.text:
            return transcript
        nod = self._meaning(transcript, transcript.text, cue.at_ms - cue.start_ms) == "backchannel"
        # "mm-hm" hangs like a sentence begun, and nothing follows: the voice that waits for it goes on sooner
        utterance.lane.finished = nod or finished(transcript.text, transcript.lang)
        text = mask_unfinished(clean(transcript.text, LONGEST).text)
        self._log.append(
            ev.TranscriptPartial(
                lane=utterance.lane_id, viewer=utterance.speaker.viewer, utterance_id=utterance.id, text=text,
                lang=transcript.lang, start_ms=cue.start_ms, end_ms=cue.at_ms,
            ),
            cause_seq=utterance.onset_seq,
        )  # fmt: skip
        return transcript

    def _final(
        self, utterance: Utterance, event: ev.UtteranceEnded, transcript: Transcript, took_ms: float
    ) -> ev.TranscriptFinal:
        speaker = utterance.speaker
        masked = mask(clean(transcript.text, LONGEST).text)
        said = [
            s.text
            for s in self._said.values()
            if s.ended_ms is None or s.ended_ms >= event.start_ms - ECHO_MS
        ]
        means = self._meaning(transcript, masked.text, event.end_ms - event.start_ms, said)
        return ev.TranscriptFinal(
            lane=event.lane, viewer=speaker.viewer, utterance_id=event.utterance_id, text=masked.text,
            lang=transcript.lang, lang_confidence=round(transcript.lang_confidence, 3),
            start_ms=event.start_ms, end_ms=event.end_ms, meaning=means,
            avg_logprob=round(transcript.avg_logprob, 3), took_ms=round(took_ms, 1), name=speaker.name,
            role=speaker.role, market=speaker.market, product=speaker.product, masked=masked.kinds,
            asks=question_behind(masked.text, transcript.lang) if means == "stop" else "",
        )  # fmt: skip

    def _meaning(
        self, transcript: Transcript, text: str, voiced_ms: int, said: Sequence[str] = ()
    ) -> Meaning:
        """What words mean to the floor. `said`: what cohost is saying itself."""
        return meaning(
            text, transcript.lang, langs=self._room, avg_logprob=transcript.avg_logprob,
            compression=transcript.compression, voiced_ms=voiced_ms, hotwords=self._hotwords.split(", "),
            said=said,
        )  # fmt: skip

    def _prior(self, speaker: Speaker) -> dict[str, float]:
        """How likely each language is before a word is heard."""
        weights = {lang: 1.0 if lang in self._room else ELSEWHERE_WEIGHT for lang in LANGUAGES}
        if speaker.lang and base(speaker.lang) in weights:
            weights[base(speaker.lang)] *= HINT_WEIGHT
        before = self._spoken.get(speaker.viewer)
        if before in weights:
            weights[before] *= BEFORE_WEIGHT
        return weights


def hotwords(catalogue: Catalogue) -> str:
    """Names the recogniser would misspell: brand, products, models; separated by ", "."""
    names: Sequence[str] = [catalogue.brand.name]
    for product in catalogue.products:
        names = [*names, product.name, *product.models]
    return ", ".join(list(dict.fromkeys(n for n in names if n))[:HOTWORDS])
