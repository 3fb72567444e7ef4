"""`cohost transcribe`: what is said in audio files, and in which language."""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path
from typing import Any

from cohost import models
from cohost.clock import WallClock
from cohost.commands.terminal import bars, emit, say
from cohost.ears.audio import RATE, Pcm, read_file
from cohost.ears.recognizer import Transcript, WhisperRecognizer
from cohost.ears.segments import stretches
from cohost.ears.vad import Vad
from cohost.errors import UsageError
from cohost.languages import base


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "transcribe",
        help="audio files to text",
        description="What is said in audio files, and in which language.",
    )
    parser.add_argument("file", nargs="+", metavar="FILE", help="audio: wav, flac, ogg, mp3, m4a or webm")
    parser.add_argument("--lang", default=None, metavar="TAG", help="the language, where it is known")
    parser.add_argument("--json", action="store_true", help="print JSON Lines")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    lang = base(args.lang) if args.lang else None
    if lang is not None and not (2 <= len(lang) <= 3 and lang.isalpha()):
        raise UsageError(f"got --lang {args.lang}, expected a language tag such as es")
    sounds = [(file, read_file(Path(file))) for file in args.file]
    with bars() as progress:
        folder = models.resolve("whisper-base", progress=progress)
    recognizer, clock = WhisperRecognizer(folder), WallClock()
    for file, samples in sounds:
        started = clock.perf()
        parts = transcribe(recognizer, samples, [lang] if lang else [])
        chosen, sure = main_language(parts)
        line = {
            "file": file, "lang": chosen, "lang_confidence": round(sure, 3),
            "text": " ".join(p.text for p in parts if p.text), "audio_ms": round(len(samples) * 1000 / RATE),
            "compute_ms": round((clock.perf() - started) * 1000),
        }  # fmt: skip
        if args.json:
            emit(line)
        else:
            say(f"{file} [{line['lang']} {line['lang_confidence']:.2f}] {line['text']}")
    return 0


def transcribe(recognizer: WhisperRecognizer, samples: Pcm, languages: list[str]) -> list[Transcript]:
    """Every stretch of speech, in order; [] for silence."""
    probabilities = Vad().feed(samples)
    return [recognizer.recognize(samples[a:b], languages=languages) for a, b in stretches(probabilities)]


def main_language(parts: list[Transcript]) -> tuple[str, float]:
    """The language most of the audio is in, and how sure; "und" for no speech."""
    heard: dict[str, float] = defaultdict(float)
    for part in parts:
        heard[part.lang] += part.audio_ms * part.lang_confidence
    if not heard:
        return "und", 0.0
    best = max(heard, key=lambda lang: heard[lang])
    return best, heard[best] / sum(p.audio_ms for p in parts)
