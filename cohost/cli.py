"""The commands. Parse, call, turn errors into one clear line: exit 0 done, 1 check failed, 2 bad input."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import importlib.metadata
import os
import signal
import sqlite3
import sys
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn

import cohost
from cohost import telemetry
from cohost.errors import CohostError

COMMANDS = (
    "serve", "demo", "ask", "listen", "transcribe", "voices", "detect", "kb", "replay", "report",
    "forget", "script", "preflight", "people", "doctor",
)  # fmt: skip


EXITS = "Exit 0: done; 1: a check failed; 2: bad input."


class Parser(argparse.ArgumentParser):
    """argparse whose complaint is one line: what came, and where to read what was expected."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**({"epilog": EXITS} | told))

    def parse(self, words: Sequence[str]) -> argparse.Namespace:
        """Words left over are told with the help of the command that does not know them."""
        args, left = self.parse_known_args(words)
        if left:
            self.prog = f"{self.prog} {args.command}"
            self.error(f"got {' '.join(left)}, which it does not take")
        return args

    def error(self, message: str) -> NoReturn:
        line = " ".join(message.split())
        self.exit(2, f"cohost: {line} (see {self.prog} --help)\n")


def make_parser(only: str | None = None) -> Parser:
    """Every command with its options; `evals` and `bench` add theirs through entry points.

    With `only`, just that command is imported: `cohost detect` need not load a web server.
    """
    parser = Parser(
        prog="cohost",
        description="An AI co-host for cross-border live selling: answers viewers only from evidence.",
        epilog=f"cohost COMMAND --help explains each. {EXITS}",
    )
    parser.add_argument("--version", action="version", version=f"cohost {cohost.__version__}")
    parser.add_argument("--verbose", action="store_true", help="more about what happens, on stderr")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    if only in COMMANDS:
        importlib.import_module(f"cohost.commands.{only}").add(commands)
        return parser
    entries = importlib.metadata.entry_points(group="cohost.commands")
    if only not in entries.names:
        for name in COMMANDS:
            importlib.import_module(f"cohost.commands.{name}").add(commands)
    for entry in sorted(entries, key=lambda e: e.name):
        if entry.name == only or only not in entries.names:
            entry.load()(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of the `cohost` command."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        args = make_parser(words[0] if words else None).parse(words)
        telemetry.setup_logging(args.verbose)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return _run(args)
    except KeyboardInterrupt:
        return 130


def _run(args: argparse.Namespace) -> int:
    """The command; what a person can put right becomes one line on stderr."""
    try:
        return int(args.run(args))
    except (CohostError, OSError, sqlite3.Error) as error:
        return _told(error, args.verbose)
    except BaseExceptionGroup as group:
        known = group.subgroup((CohostError, OSError, sqlite3.Error))
        if known is None:
            raise
        return _told(_first(known), args.verbose)


def _told(error: BaseException, verbose: bool) -> int:
    if isinstance(error, BrokenPipeError):  # whoever read our lines has gone: nobody to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    if verbose:
        traceback.print_exception(error)
    if isinstance(error, OSError):
        file = f" {error.filename}" if error.filename else ""
        return _fail(f"got “{error.strerror or error}” from the system{file}", 2)
    return _fail(f"got “{error}” from SQLite" if isinstance(error, sqlite3.Error) else str(error), 2)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _fail(message: str, code: int) -> int:
    sys.stderr.write(f"cohost: {' '.join(message.split())}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
