"""`cohost voices`: which voice speaks which language, and how well it is understood."""

from __future__ import annotations

import argparse
import asyncio
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from cohost import models, settings
from cohost.clock import WallClock
from cohost.commands.readback import Readback, compare
from cohost.commands.terminal import Bars, bars, emit, say, warn
from cohost.commands.voice_lines import lines
from cohost.ears.audio import RATE, Pcm
from cohost.ears.recognizer import WhisperRecognizer
from cohost.errors import ProviderError, UsageError
from cohost.languages import LANGUAGES, base
from cohost.mouth import choose, espeak_worker, fitness, kokoro
from cohost.mouth.fitness import Fitness, Row
from cohost.ports import Voice

ENGINES = ("kokoro", "pyttsx3")
AROUND_MS = 200
ABOUT = """
Which voice is fit to speak which language: made by cohost voices --measure --out FILE, read by cohost.

Each voice spoke the same {replies} replies in each language, as cohost's composer words them: names,
numbers, units, money, spans (cohost/commands/voice_lines.py), with {around_ms} ms of silence around.
Whisper base (8 bit, greedy, the language given) wrote down what it heard. cer, wer: medians over the
sentences of character and word error, without case, accents, punctuation and numbers; figures: the
share of the numbers that came back. Where words have no spaces wer is cer.
Fit: cer <= {max_cer:g}, figures >= {least_figures:g}, sentences >= {least_sentences}.
Other languages are posted, not spoken. A machine's ear is stricter than a person's about an accent, takes
fifteen for fifty as people do, and is deaf to how pleasant a voice is.
"""


def about() -> str:
    """The head of the table."""
    return ABOUT.format(
        replies=len(lines("en")), around_ms=AROUND_MS, max_cer=fitness.MAX_CER,
        least_figures=fitness.LEAST_FIGURES, least_sentences=fitness.LEAST_SENTENCES,
    )  # fmt: skip


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "voices", help="which voice speaks which language",
        description="Which voice speaks which language, how well it is understood, and what is only posted.",
    )  # fmt: skip
    parser.add_argument(
        "--measure", action="store_true", help="let the installed voices speak and measure them"
    )
    parser.add_argument("--lang", nargs="+", default=[], metavar="TAG", help="only these languages")
    parser.add_argument("--engine", choices=ENGINES, default=None, help="only this engine")
    parser.add_argument("--out", default="", metavar="FILE", help="write the table with what was measured")
    parser.add_argument("--json", action="store_true", help="print JSON Lines")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    langs = [base(tag) for tag in args.lang] or list(LANGUAGES)
    unknown = sorted(set(langs) - set(LANGUAGES))
    if unknown:
        raise UsageError(f"got --lang {' '.join(unknown)}, expected some of: {' '.join(LANGUAGES)}")
    if args.out and not args.measure:
        raise UsageError(
            "got --out without --measure, expected both: the table is written when it is measured"
        )
    table = _kept(Path(args.out)) if args.out else fitness.load()
    installed = [v for v in choose.installed_voices(settings.Voice()) if args.engine in (None, v.name)]
    if args.measure:
        if not installed:
            raise UsageError(f"got --measure for an engine that is not installed: {choose.NEURAL}")
        rows = asyncio.run(_measure(installed, langs, as_json=args.json))
        table = table.merged(rows)
        if args.out:
            Path(args.out).write_text(fitness.dump(table, about()), encoding="utf-8")
    _show(table, installed, langs, args)
    return 0


def _kept(out: Path) -> Fitness:
    """What stands in the file stays, but for what is measured anew."""
    return fitness.parse(out.read_text(encoding="utf-8"), str(out)) if out.is_file() else Fitness(())


async def _measure(voices: Sequence[Voice], langs: Sequence[str], *, as_json: bool) -> list[Row]:
    with bars() as progress:
        recognizer = WhisperRecognizer(models.resolve("whisper-base", progress=progress))
        rows: list[Row] = []
        for voice in voices:
            try:
                for lang in langs:
                    if lang in voice.languages():
                        rows += await _language(voice, lang, recognizer, progress, as_json=as_json)
            finally:
                await voice.close()
    return rows


async def _language(
    voice: Voice, lang: str, recognizer: WhisperRecognizer, progress: Bars, *, as_json: bool
) -> list[Row]:
    """The row of one voice and language; none where the voice fails."""
    texts = lines(lang)
    read: list[Readback] = []
    for number, text in enumerate(texts):
        progress(f"{voice.name} {lang}", number, len(texts), text)
        try:
            spoken = await voice.speak(text, lang)
        except ProviderError as error:
            warn(f"{lang}: not measured: {error}")
            return []
        heard = recognizer.recognize(_padded(spoken.pcm), languages=[lang]).text if spoken.pcm else ""
        read.append(compare(text, heard, lang))
        if as_json:
            emit({"engine": voice.name, "lang": lang} | msgspec.to_builtins(read[-1]))
    progress(f"{voice.name} {lang}", len(texts), len(texts))
    return [_row(voice.name, lang, read)]


def _padded(pcm: bytes) -> Pcm:
    """float32 with the silence that a room has before and after."""
    silence = np.zeros(RATE * AROUND_MS // 1000, np.float32)
    return np.concatenate(
        [silence, np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768), silence]
    )


def _row(engine: str, lang: str, read: Sequence[Readback]) -> Row:
    cer = round(statistics.median(r.cer for r in read), 3)
    wer = round(statistics.median(r.wer for r in read), 3)
    said, heard = (sum(r.figures[n] for r in read) for n in (0, 1))
    figures = round(heard / said, 3) if said else 0.0
    day = WallClock().today().isoformat()
    fit = fitness.fit(cer, figures, len(read))
    return Row(engine, lang, _name(engine, lang), cer, wer, figures, len(read), day, fit)


def _name(engine: str, lang: str) -> str:
    return kokoro.VOICES[lang][0] if engine == "kokoro" else espeak_worker.VOICES.get(lang, lang)


def _show(table: Fitness, installed: Sequence[Voice], langs: Sequence[str], args: argparse.Namespace) -> None:
    here = {voice.name for voice in installed}
    voices = choose.Voices(installed, settings.Voice(), table)
    rows = [r for r in table.rows if r.lang in langs and args.engine in (None, r.engine)]
    rows.sort(key=lambda r: (LANGUAGES.index(r.lang), ENGINES.index(r.engine)))
    spoken = {lang: voice.name for lang in langs if (voice := voices.for_(lang)) is not None}
    if args.json:
        for row in rows:
            told = {"installed": row.engine in here, "spoken": spoken.get(row.lang) == row.engine}
            emit(msgspec.to_builtins(row) | told)
        return
    say(f"{'lang':5} {'engine':8} {'voice':9} {'cer':>6} {'wer':>6} {'figures':>8}  fit")
    for row in rows:
        state = "" if row.engine in here else "  (not installed)"
        say(f"{row.lang:5} {row.engine:8} {row.voice:9} {row.cer:6.3f} {row.wer:6.3f} {row.figures:8.2f}  "
            f"{'yes' if row.fit else 'no '}{state}")  # fmt: skip
    posted = [lang for lang in langs if lang not in spoken]
    aloud = ", ".join(f"{lang} ({engine})" for lang, engine in spoken.items())
    say(f"spoken here: {aloud or 'nothing'}")
    say(f"only posted: {', '.join(posted) or 'nothing'}")
    more = table.languages("kokoro").intersection(posted)
    if more and not kokoro.installed():
        say(f"for {', '.join(sorted(more, key=LANGUAGES.index))} too: {choose.NEURAL}")
