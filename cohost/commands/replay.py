"""`cohost replay`: a recorded show through today's code."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import Any

import msgspec

from cohost import events as ev
from cohost.app import knowledge_folder, open_knowledge
from cohost.clock import VirtualClock
from cohost.commands.terminal import FOLDER, bars, emit, say
from cohost.errors import LogError
from cohost.log import read_log, verify
from cohost.replay import Difference, replay


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "replay", help="re-run a recorded show",
        description="Re-run a recorded show with today's code and print what differs. Exit 1 on differences.",
    )  # fmt: skip
    parser.add_argument("log", metavar="LOG", help="a show log that serve or demo wrote")
    parser.add_argument("--kb", default="", metavar="DIR", help=FOLDER)
    parser.add_argument("--models", action="store_true", help="run the models again instead of their records")
    parser.add_argument("--json", action="store_true", help="print JSON Lines")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    path = Path(args.log)
    records = read_log(path)
    checked = verify(path)
    if not checked.ok:
        raise LogError(f"{path}: the log does not verify: {checked.problem}")
    changed = asyncio.run(_replay(args, records))
    for one in changed:
        if args.json:
            emit({"type": "difference"} | msgspec.to_builtins(one))
        else:
            say(f"{one.at_ms / 1000:8.1f} s  {one.what}\n    then: {one.recorded}\n    now:  {one.now}")
    messages = sum(ev.line_of(r.event) is not None for r in records)
    if args.json:
        emit({"type": "summary", "records": len(records), "messages": messages, "differences": len(changed)})
    else:
        say(f"{messages} messages, {len(records)} records, {len(changed)} differences")
    return 1 if changed else 0


async def _replay(args: argparse.Namespace, records: list[ev.Record]) -> list[Difference]:
    clock = VirtualClock()
    with bars() as progress:
        knowledge = await open_knowledge(knowledge_folder(args.kb), clock, progress=progress)
    try:
        _, changed = await replay(records, knowledge, models=args.models)
    finally:
        knowledge.close()
    return changed
