"""`cohost replay`: a recorded show through today's code."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from cohost import events as ev
from cohost.app import Knowledge, knowledge_folder, open_knowledge
from cohost.clock import VirtualClock
from cohost.commands.terminal import FOLDER, bars, emit, existing_file, say
from cohost.errors import LogError, UsageError
from cohost.log import read_log, verify
from cohost.replay import Difference, gone_from, replay
from cohost.replay_page import timeline
from cohost.show_text import read_show, write_show

CASE = ".jsonl"


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "replay", help="re-run a recorded show",
        description="Re-run a recorded show with today's code and print what differs. Exit 1 on differences.",
    )  # fmt: skip
    parser.add_argument(
        "log", metavar="LOG", help="a show log that serve or demo wrote, or a .jsonl that --accept wrote"
    )
    parser.add_argument("--kb", default="", metavar="DIR", help=FOLDER)
    parser.add_argument("--models", action="store_true", help="run the models again instead of their records")
    parser.add_argument("--out", default="", metavar="FILE", help="the differences as a page (.html)")
    parser.add_argument(
        "--accept", default="", metavar="FILE",
        help="keep the show as it is decided today, as lines (.jsonl) that replay reads again",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON Lines")
    parser.set_defaults(run=run)


@dataclass
class Replayed:
    """What a replay gave: then, now, and evidence that is no longer known by its id."""

    then: list[ev.Record]
    now: list[ev.Record]
    changed: list[Difference]
    gone: tuple[str, ...]


def run(args: argparse.Namespace) -> int:
    if args.accept and not args.accept.endswith(CASE):
        raise UsageError(f"got --accept {args.accept}, expected a file that ends in {CASE}")
    existing_file(args.log, "a show log")
    done = asyncio.run(_replay(args))
    for one in done.changed:
        if args.json:
            emit({"type": "difference"} | msgspec.to_builtins(one))
    messages = sum(ev.line_of(r.event) is not None for r in done.then)
    if args.json:
        told = {"records": len(done.then), "messages": messages, "differences": len(done.changed)}
        emit({"type": "summary"} | told | ({"evidence_gone": len(done.gone)} if done.gone else {}))
    else:
        _show(done, messages)
    if args.out:
        _write(Path(args.out), timeline(done.changed, messages, done.gone, Path(args.log).name))
    if args.accept:
        _write(Path(args.accept), write_show(done.now))
        sys.stderr.write(f"{args.accept}: {messages} messages, {len(done.changed)} changes accepted\n")
        return 0
    return 1 if done.changed else 0


def _show(done: Replayed, messages: int) -> None:
    """By message: when, what was written, then and now."""
    last = -1
    for one in done.changed:
        if one.seq != last:
            say(f"{one.at_ms / 1000:8.1f} s  {one.message}")
            last = one.seq
        say(f"    {one.what}\n      then: {one.recorded}\n      now:  {one.now}")
    if done.gone:
        say(f"{len(done.gone)} pieces of evidence are no longer there under their ids: looked up again")
    say(f"{messages} messages, {len(done.then)} records, {len(done.changed)} differences")


async def _replay(args: argparse.Namespace) -> Replayed:
    path = Path(args.log)
    records = [] if path.suffix == CASE else _of_log(path)
    clock = VirtualClock()
    with bars() as progress:
        knowledge = await open_knowledge(knowledge_folder(args.kb), clock, progress=progress)
    gone: tuple[str, ...] = ()
    try:
        if path.suffix == CASE:
            records, gone = _of_case(path, knowledge)
        else:
            gone = gone_from(knowledge.library, records)
        now, changed = await replay(records, knowledge, models=args.models, gone=gone)
    finally:
        knowledge.close()
    return Replayed(records, now, changed, gone)


def _of_log(path: Path) -> list[ev.Record]:
    records = read_log(path)
    checked = verify(path)
    if not checked.ok:
        raise LogError(f"{path}: the log does not verify: {checked.problem}")
    return records


def _of_case(path: Path, knowledge: Knowledge) -> tuple[list[ev.Record], tuple[str, ...]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LogError(f"{path}: got {error}, expected a show that --accept wrote") from error
    return read_show(text, path.name, knowledge.library.get)


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"got {file}, which cannot be written ({error.strerror}); name another file"
        ) from error
