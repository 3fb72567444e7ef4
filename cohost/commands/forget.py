"""`cohost forget`: remove a viewer's words and name from the recorded shows, or everybody's from old ones."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cohost import resources
from cohost.clock import Clock, WallClock
from cohost.commands.terminal import existing_file, say, warn
from cohost.errors import BusyError, LogError, UsageError
from cohost.log import forget, forget_everybody

DAY_S = 86_400


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "forget", help="remove a viewer's data",
        description="Remove a viewer's words and name from recorded shows, or everybody's from shows that "
        "are older than some days; the logs still verify.",
    )  # fmt: skip
    parser.add_argument(
        "viewer", metavar="VIEWER", nargs="?", default="",
        help="the viewer's id, as a log or the console shows it",
    )  # fmt: skip
    parser.add_argument(
        "--older", type=int, default=None, metavar="DAYS", help="everybody, in shows that ended before that"
    )
    parser.add_argument(
        "--log", default="", metavar="FILE", help="one log (default: all of the state folder)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if bool(args.viewer) == (args.older is not None):
        raise UsageError("got both or neither, expected a VIEWER or --older DAYS")
    if args.older is not None and args.older < 0:
        raise UsageError(f"got --older {args.older}, expected 0 or more days")
    if args.log:
        logs = [existing_file(args.log, "a show log that `cohost serve` or `demo` wrote")]
    else:
        logs = sorted((resources.state_dir() / "shows").glob("*.log"))
    if args.older is not None:
        return forget_old(logs, args.older, WallClock())
    return _tell(args.viewer, logs, lambda path: forget(path, args.viewer))


def forget_old(logs: list[Path], days: int, clock: Clock, *, quiet: bool = False) -> int:
    """Everybody's words and names out of logs that were last written before `days` days. The exit code."""
    latest = clock.unix() - days * DAY_S
    old = [path for path in logs if path.stat().st_mtime <= latest]
    return _tell(f"older than {days} days", old, forget_everybody, quiet=quiet)


def _tell(what: str, logs: list[Path], act: Callable[[Path], int], *, quiet: bool = False) -> int:
    total, left = 0, 0
    for path in logs:
        try:
            count = act(path)
        except (BusyError, LogError) as error:  # the other shows must be done all the same
            left += 1
            warn(str(error))
            continue
        total += count
        if count:
            say(f"{path}: {count} records lost their text")
    not_done = f"; NOT done: {left}" if left else ""
    if not quiet:
        say(f"{what}: {total} records lost their text; logs done: {len(logs) - left}{not_done}")
    return 2 if left else 0
