"""Recordings of people: what is said in them, and sounds in which nothing is said, through the room's ears
and over cohost's voice.

Looked for in the `--data` folder, each by itself:
`audio/manifest.jsonl` with its files: a line a recording, `file`, `kind`, `lang`, `transcript`,
`transcript_by`, `seconds`; each line says its source and licence. Transcripts that came with the recording
count (`transcript_by = "repo"`), of at most 20 s.
`fleurs/<locale>/test.tsv` and `fleurs/<locale>/audio/test/*.wav`: FLEURS as published (Conneau et al. 2022,
google/fleurs, CC-BY-4.0), its archives unpacked; any set in that shape is read. No header; the columns are
id, file, raw transcription, transcription, characters, samples, gender.
"""

from __future__ import annotations

import contextlib
import csv
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

from cohost.ears.audio import RATE, read_file
from cohost.errors import OperatorError
from cohost.languages import LANGUAGES, base
from evals.case import Case
from evals.external.files import evenly, missing
from evals.hearing import FloorSoundCase
from evals.outcome import Outcome
from evals.recordings import NODS, NOISES, Recording, recordings
from evals.runners import floor_sound, hearing
from evals.runners.base import RunCase
from evals.sounds import Sound
from evals.suite import Suite
from evals.world import World

AUDIO, MANIFEST, FLEURS = "audio", "audio/manifest.jsonl", "fleurs"
EACH = 20
"""Utterances of each locale of a FLEURS-shaped set."""
LONGEST_S, FLOOR_S = 20.0, 4.0
PARTIAL = ("first sentence only", "several repetitions")
"""Notes of recordings whose transcript is not all that is said."""
TAGS = {"cmn": "zh", "yue": "zh", "in": "id"}


class ClipCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`file` below the data folder; `said` "" where nothing is said."""

    file: str
    said: str = ""
    source: str = ""


def absent(world: World) -> str:
    """Why there is nothing to hear: no models, no folder, or neither set in it."""
    why = hearing.absent(world)
    if why or world.data is None:
        return why or missing(world, MANIFEST, FLEURS)
    both = [missing(world, MANIFEST), missing(world, FLEURS)]
    return "" if not all(both) else f"no data: neither {MANIFEST} nor {FLEURS} is in {world.data.name}"


def absent_sounds(world: World) -> str:
    return hearing.absent(world) or missing(world, MANIFEST)


def whole(recording: Recording) -> bool:
    """Speech in one of cohost's languages with its whole transcript from where it came."""
    return bool(
        recording.kind not in (*NOISES, *NODS)
        and base(recording.lang) in LANGUAGES
        and recording.transcript_by == "repo"
        and recording.transcript
        and recording.seconds <= LONGEST_S
        and not any(mark in recording.note for mark in PARTIAL)
    )


def load(suite: Suite, world: World) -> Sequence[ClipCase]:
    if world.data is None:
        return []
    return [*_manifest(world.data), *fleurs(world.data)]


def _manifest(data: Path) -> Iterator[ClipCase]:
    if not (data / MANIFEST).is_file():
        return
    for one in recordings(data / AUDIO):
        file, name = f"{AUDIO}/{one.file}", Path(one.file).stem
        if whole(one):
            yield ClipCase(id=name, lang=one.lang, file=file, said=one.transcript, source=one.kind)
        elif one.kind in NOISES and one.seconds <= LONGEST_S:
            yield ClipCase(id=name, lang="und", file=file, source=one.kind)


def fleurs(data: Path) -> Iterator[ClipCase]:
    """Raises OperatorError with the line of a table of another shape."""
    for table in sorted((data / FLEURS).glob("*/test.tsv")):
        locale = table.parent.name
        head = locale.split("_")[0]
        lang = TAGS.get(head, head)
        if lang not in LANGUAGES:
            continue
        for row in evenly(_rows(table), EACH):
            file = table.parent / "audio" / "test" / row[1]
            yield ClipCase(
                id=f"{locale}-{row[0]}-{Path(row[1]).stem[:8]}", lang=lang, said=row[2], source=FLEURS,
                file=str(file.relative_to(data)),
            )  # fmt: skip


def _rows(table: Path) -> list[list[str]]:
    with table.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.reader(opened, delimiter="\t", quoting=csv.QUOTE_NONE))
    for number, row in enumerate(rows, start=1):
        if len(row) < 4:
            raise OperatorError(
                f"{table.parent.name}/{table.name}:{number}: got {len(row)} columns, expected FLEURS' seven"
            )
    return rows


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    async with hearing.studio(world) as models:
        data = world.data or Path()

        async def run(case: ClipCase) -> list[Outcome]:
            heard = await hearing.hear(models, read_file(data / case.file)[: int(30 * RATE)])
            return [hearing.outcome(case.id, case.lang, case.said, heard, source=case.source)]

        yield run


def load_sounds(suite: Suite, world: World) -> Sequence[ClipCase]:
    """Nods and noises, which must not stop cohost, and speech, which must."""
    if world.data is None:
        return []
    return [
        ClipCase(id=Path(one.file).stem, lang=one.lang if base(one.lang) in LANGUAGES else "und",
                 file=f"{AUDIO}/{one.file}", source=one.kind)
        for one in recordings(world.data / AUDIO)
        if one.kind in (*NOISES, *NODS) or whole(one)
    ]  # fmt: skip


@contextlib.asynccontextmanager
async def running_sounds(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    """The first seconds of each, from a host's open microphone."""
    async with hearing.studio(world) as models:
        data, speech = world.data or Path(), floor_sound.made_speech()

        async def run(case: ClipCase) -> list[Outcome]:
            samples = read_file(data / case.file)[: int(FLOOR_S * RATE)]
            expect = "none" if case.source in (*NOISES, *NODS) else "cut"
            one = FloorSoundCase(
                id=case.id, lang=case.lang, sound=Sound(), expect=expect, tags=(case.source,)
            )
            trial = await floor_sound.over(models, samples, one, speech)
            return [floor_sound.outcome(one, trial, speech, case.source)]

        yield run
