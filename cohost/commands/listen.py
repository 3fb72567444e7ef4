"""`cohost listen`: questions asked aloud in audio files, answered aloud, and spoken over."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import Any

from cohost import settings as settings_
from cohost import talking
from cohost.app import knowledge_folder, make_room, open_knowledge, warm
from cohost.clock import Clock, SkippingClock, WallClock
from cohost.commands.questions import writer_from
from cohost.commands.terminal import add_common, bars, emit, say, settings_of, words
from cohost.ears.audio import Pcm, read_file
from cohost.errors import UsageError
from cohost.listening import Caller, Listening, Over
from cohost.log import MemoryLog


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "listen", help="questions asked aloud in audio files",
        description="Play audio files to a room as callers, one after another: transcript, answer, first "
        "audio; --over lets another voice speak while cohost does.",
    )  # fmt: skip
    parser.add_argument("file", nargs="+", metavar="FILE", help="audio: wav, flac, ogg, mp3, m4a or webm")
    parser.add_argument(
        "--product", type=words, default=None, metavar="ID", help="product in view (default: the pinned one)"
    )
    parser.add_argument("--market", type=words, default=None, metavar="CC", help="the callers' market")
    parser.add_argument(
        "--over", default="", metavar="FILE[@MS]",
        help="a second voice that starts MS (default 1000) after cohost's own, on a lane of its own",
    )  # fmt: skip
    parser.add_argument(
        "--over-role", choices=("viewer", "host"), default="viewer", help="whose voice it is (default viewer)"
    )
    parser.add_argument("--realtime", action="store_true", help="pace like a microphone, waits included")
    parser.add_argument("--json", action="store_true", help="print JSON Lines, one an event")
    add_common(parser, config=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if args.market is not None and not (len(args.market) == 2 and args.market.isalpha()):
        raise UsageError(f"got --market {args.market}, expected a two-letter country code such as DE")
    sounds = [(file, read_file(Path(file))) for file in args.file]
    over = over_from(args.over, args.over_role) if args.over else None
    return asyncio.run(_listen(args, sounds, over))


def over_from(given: str, role: Any = "viewer") -> Over:
    """FILE or FILE@MS. Raises UsageError, AudioError."""
    file, at, ms = given.rpartition("@")
    if not at or not ms.isdigit():
        file, ms = given, "1000"
    return Over(read_file(Path(file)), int(ms), role)


async def _listen(args: argparse.Namespace, sounds: list[tuple[str, Pcm]], over: Over | None) -> int:
    loaded = settings_of(args)
    loaded = settings_.replace(
        loaded, chat__posts_per_second=100.0, chat__posts_burst=1000, chat__autonomy="full",
        voice__hear=True, voice__chat=False,
    )  # fmt: skip
    skipping = None if args.realtime else SkippingClock(args.on)
    clock: Clock = skipping or WallClock(on=args.on)
    with bars() as progress:
        knowledge = await open_knowledge(knowledge_folder(args.kb), clock, progress=progress)
    models = talking.load(loaded)
    log = MemoryLog(clock)
    room = make_room(loaded, knowledge, clock, log, writer=writer_from(loaded, clock), models=models)
    try:
        await asyncio.gather(warm(knowledge, clock), models.warm())
        room.start()
        listening = Listening(room, emit if args.json else _show)
        async with room.running(live=False) as tasks:
            task = tasks.create_task(_play_all(listening, args, sounds, over))
            if skipping is not None:
                await skipping.drive(task)
            else:
                await task
    finally:
        await models.close()
    return 0


async def _play_all(
    listening: Listening, args: argparse.Namespace, sounds: list[tuple[str, Pcm]], over: Over | None
) -> None:
    for file, samples in sounds:
        market = args.market.upper() if args.market else None
        await listening.play(file, samples, Caller(market=market, product=args.product), over=over)


def _show(line: dict[str, Any]) -> None:
    """An event for a person."""
    at = f"{line['at_ms'] / 1000:7.2f} s  "
    kind = line["type"]
    if kind == "transcript.final":
        note = "" if line["meaning"] == "speech" else f" ({line['meaning']})"
        say(f"{at}heard [{line['lang']}] {line['text'] or '(no words)'}{note}")
    elif kind == "reply":
        say(f"{at}{line['action']} · {line['intent']}  {line['text']}")
        for item in line["citations"]:
            page = f", p. {item['page']}" if item["page"] else ""
            say(f"{'':11}[{item['id']}] {item['document']}{page} “{item['quote'][:100]}”")
    elif kind == "speech.first_audio":
        since = line["since_end_of_speech_ms"]
        say(f"{at}first audio" + (f", {since} ms after the end of speech" if since is not None else ""))
    elif kind == "speech.cut":
        say(f"{at}cut ({line['reason']}): heard “{line['heard']}” ({line['heard_ms']} ms, {line['timing']})")
    elif kind == "reply.posted":
        say(f"{at}posted: {line['text']}")
    elif kind == "speech.skipped":
        say(f"{at}not spoken: {line['reason']}")
    elif kind == "fault":
        say(f"{at}fault in {line['where']}: {line['message']}")
    elif kind != "transcript.partial":
        since = line.get("since_onset_ms")
        say(f"{at}{kind}" + (f" {since} ms after the voice began" if since is not None else ""))
