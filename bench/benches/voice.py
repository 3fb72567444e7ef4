"""Hearing and speaking: how soon cohost answers and gives way, what stops it, how many it hears, how well.

Times of sound are used where a mark allows it (each mark's `about` says what it is), so that a busy
machine changes little. Marks that need recordings are not measured without `--data`.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench.marks import Mark
from bench.process import child
from bench.setup import Setup
from bench.voice import answering, crowd, page, reading, stops, yielding
from bench.voice import marks as made
from bench.voice.onset import label
from bench.voice.rooms import Studio, settings, studio
from cohost.ears import vad
from cohost.ears.audio import Pcm, read_file
from cohost.errors import ModelMissing, ProviderError
from evals.recordings import NODS, NOISES, VOICES, clips, folder, recordings, seconds

ROUNDS = 3
"""Spoken answers are asked for this often: few languages have a fit voice in the box."""
TWO_LANES_S, EIGHT_LANES_S = 30.0, 15.0
CAFE = "cafe_noise.flac"


def run(setup: Setup) -> list[Mark]:
    """Every mark; those of models, recordings or a browser that are not here without a value. With `peers`
    the comparison alone: the own marks take eight minutes of their own."""
    if setup.peers:
        from bench.peers import compare

        return compare.run(setup)
    audio = folder(setup.data)
    marks = made.yielding(_yielding(setup, audio) if audio else None)
    try:
        marks += asyncio.run(_in_rooms(setup, audio))
    except ModelMissing as error:
        return [*marks, *made.without_models(str(error))]
    rows = None
    if audio is not None:
        some = reading.worth_reading(recordings(audio))
        threads = settings().threads
        rows = reading.read_both(audio, some, threads, lambda n, of: setup.tell("voice: words", n, of))
    marks += made.reading(rows)
    setup.tell("voice: memory", 0, 1)
    marks.append(made.memory(child("voice", setup).said))
    marks.append(_page(setup))
    return marks


def _yielding(setup: Setup, audio: Path) -> list[made.Yielded]:
    session = vad.load()
    some = [r for r in recordings(audio) if r.kind in VOICES]
    found = []
    for seed, recording in enumerate(some):
        setup.tell("voice: giving way", seed, len(some))
        samples = read_file(audio / recording.file)
        labelled = label(samples)
        heard, lead_ms = yielding.from_microphone(samples, seed)
        way = yielding.give_way(heard, lead_ms + (labelled.onset_ms or 0), vad.Vad(session).feed)
        found.append(made.Yielded(recording, labelled.onset_ms is not None, way))
    return found


async def _in_rooms(setup: Setup, audio: Path | None) -> list[Mark]:
    async with studio(setup) as loaded:
        marks = made.answering(await _answers(setup, loaded))
        marks += made.stops(await _stops(setup, loaded, audio) if audio else None)
        setup.tell("voice: lanes", 0, 2)
        two = await crowd.gather(loaded, 2, TWO_LANES_S, pause_s=(0.5, 1.5))
        setup.tell("voice: lanes", 1, 2)
        eight = await crowd.gather(loaded, 8, EIGHT_LANES_S, pause_s=(1.0, 6.0))
        return [*marks, *made.lanes(two, eight)]


async def _answers(setup: Setup, loaded: Studio) -> list[answering.Answer]:
    some = clips()
    order = [*some, *(c for _ in range(ROUNDS - 1) for c in some if loaded.spoken(c.lang))]
    found = []
    for n, clip in enumerate(order):
        setup.tell("voice: answers", n, len(order))
        found.append(await answering.ask_aloud(loaded, clip))
    return found


async def _stops(setup: Setup, loaded: Studio, audio: Path) -> list[tuple[made.Source, list[stops.Stopped]]]:
    """Each source recording with what its sounds did."""
    some = [r for r in recordings(audio) if r.kind in NODS | NOISES]
    cafe: Pcm | None = read_file(audio / CAFE) if (audio / CAFE).is_file() else None
    found = []
    for seed, recording in enumerate(some):
        setup.tell("voice: false stops", seed, len(some))
        beside = None if recording.kind == "babble" else cafe
        windows = stops.windows(read_file(audio / recording.file), seed)
        sounds = [v for window in windows for v in stops.variants(window, beside, seed)]
        found.append((made.Source(recording, sum(map(seconds, sounds))), await stops.try_all(loaded, sounds)))
    return found


def _page(setup: Setup) -> Mark:
    why = page.missing()
    if why:
        return made.page(None, why)
    try:
        return made.page(
            asyncio.run(page.page_lag(setup, lambda n, of: setup.tell("voice: page", n, of))), ""
        )
    except ProviderError as error:
        return made.page(None, str(error))
