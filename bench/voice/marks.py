"""What was measured, as marks. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.marks import Mark, quantile
from bench.voice.answering import Answer
from bench.voice.crowd import Crowd
from bench.voice.histogram import Lag
from bench.voice.reading import Row
from bench.voice.stops import Stopped, share
from bench.voice.yielding import Way
from evals import words
from evals.recordings import NODS, Recording

V2V_MS = 1200.0
DUCK_MS, HOLD_MS = {0.9: 130.0, 0.95: 160.0}, {0.5: 250.0, 0.9: 400.0}
LATE_MS = 30.0
MEMORY_MB = 1300.0
LAG_MS = 40.0
PEER = "faster-whisper transcribe"

NO_DATA = "needs recordings: --data"
WORK = "the clips' end of voice; idle waits skipped, work as long as it takes"
SOUND = "from the labelled onset, time of the sound and of the frame's work"
WALL = "time of the wall"


@dataclass(frozen=True)
class Yielded:
    """One recording: whether its onset could be labelled, and how cohost gave way."""

    recording: Recording
    labelled: bool
    way: Way


@dataclass(frozen=True)
class Source:
    """A recording that must not stop cohost, and how much sound was made of it."""

    recording: Recording
    audio_s: float


def _mark(
    mark: str, value: float | None, n: int, *, unit: str = "ms", target: float | None = None, about: str = ""
) -> Mark:
    return Mark(bench="voice", mark=mark, value=value, unit=unit, n=n, target=target, about=about)


# ── giving way ──
def yielding(found: Sequence[Yielded] | None) -> list[Mark]:
    """Duck and hold over recordings whose onset is labelled and where nothing was heard before it."""
    some = [f for f in found or () if f.labelled and not f.way.early]
    ducks = [f.way.duck_ms for f in some if f.way.duck_ms is not None]
    holds = [f.way.hold_ms for f in some if f.way.hold_ms is not None]
    langs = len({f.recording.lang for f in some})
    about = f"{SOUND}; {langs} languages" if found is not None else NO_DATA
    missed = sum(f.way.hold_ms is None and not f.way.early for f in found or ())
    return [
        *(
            _mark(f"duck p{q * 100:.0f}", quantile(ducks, q), len(ducks), target=target, about=about)
            for q, target in DUCK_MS.items()
        ),
        *(
            _mark(f"hold p{q * 100:.0f}", quantile(holds, q), len(holds), target=target, about=about)
            for q, target in HOLD_MS.items()
        ),
        _mark(
            "missed holds", None if found is None else missed, len(found or ()), unit="recordings",
            about="people who speak and are never given way" if found is not None else NO_DATA,
        ),
    ]  # fmt: skip


# ── answering ──
def answering(found: Sequence[Answer]) -> list[Mark]:
    """Spoken answers by language; posts where no voice is fit."""
    spoken = [a for a in found if a.audio_ms is not None]
    posted = [a for a in found if a.audio_ms is None and a.post_ms is not None]
    heard = [a.words_ms for a in found if a.words_ms is not None]
    audio, posts = _values(spoken, "audio_ms"), _values(posted, "post_ms")
    marks = [
        _mark("v2v p50", quantile(audio, 0.5), len(audio), target=V2V_MS, about=f"first sample, from {WORK}"),
        _mark("v2v p95", quantile(audio, 0.95), len(audio)),
    ]  # fmt: skip
    for lang in dict.fromkeys(a.clip.lang for a in spoken):
        mine = _values([a for a in spoken if a.clip.lang == lang], "audio_ms")
        marks.append(_mark(f"v2v p50 {lang}", quantile(mine, 0.5), len(mine)))
    about = f"where no voice is fit, from {WORK}"
    marks.append(_mark("end of speech to post p50", quantile(posts, 0.5), len(posts), about=about))
    for lang in dict.fromkeys(a.clip.lang for a in posted):
        mine = _values([a for a in posted if a.clip.lang == lang], "post_ms")
        marks.append(_mark(f"end of speech to post p50 {lang}", quantile(mine, 0.5), len(mine)))
    lost = sum(a.audio_ms is None and a.post_ms is None for a in found)
    return [
        *marks,
        _mark("end of speech to words p50", quantile(heard, 0.5), len(heard), about=f"from {WORK}"),
        _mark("unanswered", lost, len(found), unit="questions", target=0),
    ]


def _values(some: Sequence[Answer], name: str) -> list[float]:
    return [getattr(a, name) for a in some]


# ── false stops ──
def stops(found: Sequence[tuple[Source, list[Stopped]]] | None) -> list[Mark]:
    """Shares by source; nods apart from noises."""
    names = ("false holds", "false holds, nods", "false cuts", "dead air p95", "dead air p50")
    if found is None:
        return [_mark(n, None, 0, unit="ms" if n in names[3:] else "share", about=NO_DATA) for n in names]
    every = {s.recording.file: stopped for s, stopped in found}
    nods = {s.recording.file: stopped for s, stopped in found if s.recording.kind in NODS}
    noises = {file: stopped for file, stopped in every.items() if file not in nods}
    silent = [ms for stopped in every.values() for s in stopped if not s.cut for ms in s.silent_ms]
    count = sum(len(stopped) for stopped in every.values())
    about = f"by source recording; {count} sounds, five gains and a café at two levels"
    return [
        _mark(names[0], share(noises, "held"), len(noises), unit="share", about=about),
        _mark(names[1], share(nods, "held"), len(nods), unit="share", about="held, then taken up again"),
        _mark(names[2], share(every, "cut"), len(every), unit="share", about=about),
        _mark(
            names[3], quantile(silent, 0.95), len(silent),
            about="of each hold that resumed; idle waits skipped, decoding as long as it takes",
        ),
        _mark(names[4], quantile(silent, 0.5), len(silent)),
    ]  # fmt: skip


# ── lanes ──
def lanes(two: Crowd, eight: Crowd) -> list[Mark]:
    """The loop while two speak, and eight at once."""
    late, final = two.decoding_late_ms, eight.final_ms
    voices = len(eight.spoken)
    return [
        _mark(
            "loop lateness p99", quantile(late, 0.99), len(late), target=LATE_MS,
            about=f"of a 5 ms sleeper while words are decoded, two lanes; {WALL}",
        ),
        _mark("lanes 8, dropped frames", eight.holes, eight.frames, unit="frames", target=0,
              about=f"that come so late that the ears see a hole; {WALL}"),
        _mark("lanes 8, unread", eight.lost, voices, unit="utterances", target=0),
        _mark("lanes 8, final p95", quantile(final, 0.95), len(final),
              about=f"from the end of each voice to its words; {WALL}"),
        _mark("lanes 8, final p50", quantile(final, 0.5), len(final)),
    ]  # fmt: skip


# ── words ──
def reading(rows: Sequence[Row] | None) -> list[Mark]:
    """Error and time of both ways; the difference in points of a hundred."""
    marks = []
    groups = {
        "WER": [r for r in rows or () if not (r.by_character or r.disturbed)],
        "CER zh ja th ko": [r for r in rows or () if r.by_character and not r.disturbed],
        "WER, disturbed": [r for r in rows or () if r.disturbed],
    }
    for name, mine in groups.items():
        ours, theirs = words.rate([r.ours for r in mine]), words.rate([r.theirs for r in mine])
        apart = (ours - theirs) * 100 if ours is not None and theirs is not None else None
        about = "edits by units said" if rows is not None else NO_DATA
        if name == "WER, disturbed" and rows is not None:
            about = "coughs, laughter, breaths and fillers between the words, or a whisper"
        marks += [
            _peered(name, ours, len(mine), "share", theirs, about),
            _mark(f"{name}, difference", apart, len(mine), unit="% absolute"),
        ]
    ours_ms, theirs_ms = [r.our_ms for r in rows or ()], [r.their_ms for r in rows or ()]
    sound_ms = sum(r.audio_s for r in rows or ()) * 1000
    about = f"{WALL}, both in the same minute on the same threads" if rows is not None else NO_DATA
    return [
        *marks,
        _peered(
            "reading a recording p50", median(ours_ms) if ours_ms else None, len(ours_ms), "ms",
            median(theirs_ms) if theirs_ms else None, about,
        ),
        _peered(
            "real-time factor", sum(ours_ms) / sound_ms if ours_ms else None, len(ours_ms), "",
            sum(theirs_ms) / sound_ms if theirs_ms else None, "seconds of work a second of sound",
        ),
    ]  # fmt: skip


def _peered(mark: str, value: float | None, n: int, unit: str, peer: float | None, about: str) -> Mark:
    return Mark(
        bench="voice", mark=mark, value=value, unit=unit, n=n, peer=PEER if peer is not None else "",
        peer_value=peer, about=about,
    )  # fmt: skip


# ── process and page ──
def memory(said: Mapping[str, Any]) -> Mark:
    """Of the process itself; the voice's worker is another."""
    about = f"a room that heard {said['asked']} questions and spoke {said['spoken']} answers, no neural voice"
    return _mark(
        "resident memory", float(said["resident_mb"]), said["asked"], unit="MB", target=MEMORY_MB, about=about
    )


def page(lag: Lag | None, why: str) -> Mark:
    """From held or cut to the page's report; `why` it was not measured."""
    value, n = (lag.quantile(0.95), lag.n) if lag is not None else (None, 0)
    about = why or f"held or cut → the page's report, from the room's own histogram; {WALL}"
    return _mark("page lag p95", value, n, target=LAG_MS, about=about)


def without_models(why: str) -> list[Mark]:
    """What cannot be measured where cohost hears nothing."""
    targets: dict[str, float | None] = {
        "v2v p50": V2V_MS, "v2v p95": None, "loop lateness p99": LATE_MS, "resident memory": MEMORY_MB,
        "page lag p95": LAG_MS,
    }  # fmt: skip
    return [_mark(name, None, 0, target=target, about=why) for name, target in targets.items()]
