"""`cohost forget`: remove a viewer's words and name from the recorded shows."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from cohost import resources
from cohost.commands.terminal import existing_file, say, warn
from cohost.errors import BusyError, LogError
from cohost.log import forget


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "forget", help="remove a viewer's data",
        description="Remove a viewer's words and name from recorded shows; the logs still verify.",
    )  # fmt: skip
    parser.add_argument("viewer", metavar="VIEWER", help="the viewer's id, as a log or the console shows it")
    parser.add_argument(
        "--log", default="", metavar="FILE", help="one log (default: all of the state folder)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    shows = resources.state_dir() / "shows"
    logs: list[Path] = (
        [existing_file(args.log, "a show log that `cohost serve` or `demo` wrote")]
        if args.log
        else sorted(shows.glob("*.log"))
    )
    total, left = 0, 0
    for path in logs:
        try:
            count = forget(path, args.viewer)
        except (BusyError, LogError) as error:  # the other shows must be done all the same
            left += 1
            warn(str(error))
            continue
        total += count
        if count:
            say(f"{path}: {count} records lost their text")
    not_done = f"; NOT done: {left}" if left else ""
    say(f"{args.viewer}: {total} records lost their text; logs done: {len(logs) - left}{not_done}")
    return 2 if left else 0
