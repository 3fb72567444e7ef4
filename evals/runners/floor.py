"""Who has the floor: voices laid over cohost's speech, through the ears' reading of the words and the
real keeper on the virtual clock. No sound: where a voice begins and ends is the case's."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.common.heard import meaning
from cohost.common.spoken import RATE, Spoken, Word
from cohost.log import MemoryLog
from cohost.mouth.heard import Part, Script
from cohost.mouth.keeper import FloorKeeper, Speech
from cohost.mouth.playback import Playback
from cohost.mouth.playout import Playout
from evals.case import Beat, FloorCase, read_cases
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.suite import Suite
from evals.world import World

TEXT = "The battery lasts twenty two hours at half volume and charges in two and a half hours"
WORD_MS = 400
AFTER_MS = 3_000
DUCK_MS = 50
SOUND = len(TEXT.split()) * WORD_MS


def load(suite: Suite, world: World) -> Sequence[FloorCase]:
    return read_cases(suite.files(), FloorCase)


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    async def run(case: FloorCase) -> list[Outcome]:
        records = await play(case)
        return [
            Outcome(
                case=case.id, lang=case.lang, asked=" / ".join(b.text for b in case.beats if b.text),
                scores=scores(case, records), groups={"kind": case.tags[0] if case.tags else ""},
                expected={"does": case.expect, "within_ms": case.within_ms, "heard_words": case.heard_words},
                got={"did": [f"{r.at_ms} {r.event.__struct_config__.tag}" for r in records]},
            )
        ]  # fmt: skip

    yield run


async def play(case: FloorCase) -> list[ev.Record]:
    """What the keeper did with cohost's speech, in show time; the speech starts at 0."""
    clock = VirtualClock()
    log = MemoryLog(clock)
    keeper = FloorKeeper(log, clock, Playback(clock))
    queued = ev.SpeechQueued(
        speech_id="s", reply_id="r", text=TEXT, lang="en", asker=case.asker or None, protected=case.protected
    )
    start = clock.now_ms()
    script = Script([Part(TEXT)])
    script.made(0, _sound(), 0)
    speech = Speech(queued, log.append(queued).seq, None, script, Playout(start))

    async def feed() -> None:
        keeper.begin(speech, protected=case.protected)
        for beat in case.beats:
            await clock.sleep(start + beat.at_ms - clock.now_ms())
            log.append(_event(case, beat, start))
        await clock.sleep(AFTER_MS)

    async with asyncio.TaskGroup() as tasks:
        following = tasks.create_task(keeper.run())
        feeding = tasks.create_task(feed())
        await clock.drive(feeding)
        following.cancel()
    did = (ev.SpeechDucked, ev.SpeechHeld, ev.SpeechResumed, ev.SpeechCut)
    return [r for r in log.records() if isinstance(r.event, did)]


def _sound() -> Spoken:
    words, at = [], 0
    for n, word in enumerate(TEXT.split()):
        start = TEXT.index(word, at)
        at = start + len(word)
        words.append(Word(start, at, n * WORD_MS))
    return Spoken(bytes(SOUND * RATE // 1000 * 2), tuple(words), True)


def _event(case: FloorCase, beat: Beat, start: int) -> ev.Event:
    now = start + beat.at_ms
    if beat.does == "voice":
        return ev.UtteranceOnset(lane=beat.lane, viewer=beat.lane, sound_ms=now, role=beat.role)
    if beat.does == "strong":
        return ev.UtteranceConfirmed(lane=beat.lane, sound_ms=now, strong=True)
    if beat.does in ("quiet", "click"):
        return ev.UtteranceEnded(
            lane=beat.lane, utterance_id=beat.lane, start_ms=now, end_ms=now, dropped=beat.does == "click"
        )
    if beat.does == "leave":
        return ev.MicClosed(lane=beat.lane, viewer=beat.lane)
    if beat.does == "stop key":
        return ev.OperatorStopped(by="operator")
    lang = beat.lang or case.lang
    means = meaning(beat.text, lang, langs=case.room, voiced_ms=beat.voiced_ms, said=[TEXT])
    return ev.TranscriptFinal(
        lane=beat.lane, viewer=beat.lane, utterance_id=beat.lane, text=beat.text, lang=lang,
        lang_confidence=1.0, start_ms=now, end_ms=now, meaning=means,
    )  # fmt: skip


def scores(case: FloorCase, records: Sequence[ev.Record]) -> dict[str, float]:
    """`within_ms` counts from the first beat; a speech that has to stop and one that must not are apart."""
    first = case.beats[0].at_ms
    took = {type(r.event): r.at_ms - first for r in reversed(records)}
    cut = next((r.event for r in records if isinstance(r.event, ev.SpeechCut)), None)
    found: dict[str, float] = {}
    if case.beats[0].does == "voice":
        found["duck"] = float(took.get(ev.SpeechDucked, DUCK_MS + 1) <= DUCK_MS)
    if case.expect == "cut":
        found["missed_stop"] = float(cut is not None and case.reason in ("", cut.reason))
        found["halt"] = float(took.get(ev.SpeechCut, case.within_ms + 1) <= case.within_ms)
        if cut is not None and case.heard_words is not None:
            found["heard_text"] = float(abs(len(cut.heard.split()) - case.heard_words) <= 1)
    else:
        found["false_stop"] = float(cut is None)
    if case.expect == "resume":
        found["resume"] = float(took.get(ev.SpeechResumed, case.within_ms + 1) <= case.within_ms)
    if case.expect in ("hold", "duck"):
        held = ev.SpeechHeld in took
        found["halt"] = float(held == (case.expect == "hold") and ev.SpeechResumed not in took)
    return found
