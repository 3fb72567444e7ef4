"""`cohost bench`: speed and size, measured on this machine; a line a mark."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.marks import Mark
from bench.setup import SHOW_DAY, Bench, Setup
from cohost.errors import UsageError

BENCHES: dict[str, str] = {
    "text": "a typed question to its posted reply, without an LLM",
    "ingest": "a folder read from nothing; a second start",
    "memory": "resident memory of a room that has worked",
    "log": "appends to the show log, and how soon they are durable",
    "chat": "a minute of 1,000 comments a second; merging, languages, kinds of lines; platforms' rules",
    "chat_small": "2,000 chat lines understood, beside the usual way",
    "language": "language of short lines from outside (--data), beside langdetect",
    "voice": "heard and answered aloud: latency, yielding, false stops, lanes, words (most need --data)",
    "evidence": "documents read, 20,000 passages searched, quotes found again, sentences guarded",
}
PEERED = frozenset({"chat", "chat_small", "language", "voice", "evidence"})
"""Benches that measure the usual way in the same run."""


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "bench",
        help="measure speed and size here",
        description="Measures on this machine. Exit 1 where a target is missed. Benches: "
        + "; ".join(f"{name}: {about}" for name, about in BENCHES.items()),
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(BENCHES)} (default all)")
    parser.add_argument(
        "--peers",
        action="store_true",
        help="voice: cohost, livekit-agents and pipecat-ai on the same audio in real time (about 20 minutes; "
        "goes on where it was stopped; needs --data, installs them once into the cache) instead of its own "
        "marks; else say also what has nothing to compare with",
    )
    parser.add_argument("--quick", action="store_true", help="with --peers: few trials, about 5 minutes")
    parser.add_argument("--out", metavar="DIR", help="with --peers: write table, plots and trials there")
    parser.add_argument(
        "--data",
        default=os.environ.get("COHOST_DATA", ""),
        metavar="DIR",
        help="recordings and texts from outside (default: COHOST_DATA)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON Lines")
    from cohost.commands.terminal import add_common

    add_common(parser)
    parser.set_defaults(run=run)


def chosen(names: Sequence[str]) -> list[str]:
    """The benches asked for, in order. Raises UsageError."""
    for name in names:
        if name not in BENCHES:
            near = difflib.get_close_matches(name, BENCHES, 1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise UsageError(f"got bench {name!r}{hint}, expected one of: {', '.join(BENCHES)}")
    return list(dict.fromkeys(names)) or list(BENCHES)


def run(args: argparse.Namespace) -> int:
    from cohost.app import knowledge_folder
    from cohost.commands.terminal import bars, emit, say

    names = chosen(args.names)
    if args.data and not Path(args.data).is_dir():
        raise UsageError(f"got --data {args.data}, which is no folder; expected one with recordings or texts")
    if (args.quick or args.out) and not args.peers:
        raise UsageError("got --quick or --out, which go with --peers: add it, or leave them out")
    if args.out and Path(args.out).is_file():
        raise UsageError(f"got --out {args.out}, which is a file; expected a folder, there or not")
    folder = knowledge_folder(args.kb)
    missed = False
    for name in names:
        with bars() as progress:
            setup = Setup(
                folder, args.on or SHOW_DAY, Path(args.data) if args.data else None, progress,
                peers=args.peers, quick=args.quick, out=Path(args.out) if args.out else None,
                note=lambda line: progress.note(line),
            )  # fmt: skip
            marks = bench_of(name).run(setup)
        if args.peers and name not in PEERED:
            marks.append(Mark(bench=name, mark="peer", value=None, unit="", n=0))
        for mark in marks:
            missed |= mark.holds is False
            emit(mark.line()) if args.json else say(row(mark))
        if args.peers and name not in PEERED:
            sys.stderr.write(f"{name}: nothing to compare with yet\n")
    return 1 if missed else 0


def bench_of(name: str) -> Bench:
    """Loaded when it runs: the benches need every model, `--help` none."""
    return Bench(name, BENCHES[name], import_module(f"bench.benches.{name}").run)


def row(mark: Mark) -> str:
    """One line for a person."""
    data = mark.line()
    value = "not measured" if data["value"] is None else f"{data['value']:g} {mark.unit}"
    target = ""
    if mark.target is not None:
        state = {True: "holds", False: "MISSED", None: "no data"}[mark.holds]
        target = f"  {'≤' if mark.better == 'lower' else '≥'} {mark.target:g}: {state}"
    ratio = f", ×{data['ratio']}" if mark.ratio is not None else ""
    peer = f"  {mark.peer}: {data['peer_value']:g}{ratio}" if mark.peer else ""
    about = f"  · {mark.about}" if mark.about else ""
    return f"{mark.bench:11} {mark.mark:20} {value:>16}  n {mark.n}{target}{peer}{about}"
