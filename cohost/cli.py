"""The commands. Parse, call, turn errors into one clear line: exit 0 done, 1 check failed, 2 bad input."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import importlib.metadata
import os
import sys
from collections.abc import Sequence

import cohost
from cohost import telemetry
from cohost.errors import CohostError, OperatorError

COMMANDS = ("serve", "demo", "ask", "transcribe", "detect", "kb", "replay", "report", "forget", "doctor")


def make_parser(only: str | None = None) -> argparse.ArgumentParser:
    """Every command with its options; `evals` and `bench` add theirs through entry points.

    With `only`, just that command is imported: `cohost detect` need not load a web server.
    """
    parser = argparse.ArgumentParser(
        prog="cohost",
        description="An AI co-host for cross-border live selling: answers viewers only from evidence.",
    )
    parser.add_argument("--version", action="version", version=f"cohost {cohost.__version__}")
    parser.add_argument("--verbose", action="store_true", help="more about what happens, on stderr")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in (only,) if only in COMMANDS else COMMANDS:
        importlib.import_module(f"cohost.commands.{name}").add(commands)
    if only in COMMANDS:
        return parser
    for entry in sorted(importlib.metadata.entry_points(group="cohost.commands"), key=lambda e: e.name):
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
    args = make_parser(words[0] if words else None).parse_args(words)
    telemetry.setup_logging(args.verbose)
    try:
        return int(args.run(args))
    except OperatorError as error:
        return _fail(error, 2)
    except CohostError as error:
        return _fail(error, 2)
    except BaseExceptionGroup as group:
        known = group.subgroup(CohostError)
        if known is None or args.verbose:
            raise
        return _fail(_first(known), 2)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _fail(error: BaseException, code: int) -> int:
    sys.stderr.write(f"cohost: {' '.join(str(error).split())}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
