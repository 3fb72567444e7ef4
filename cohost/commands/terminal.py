"""What every command shares: options, progress bars on stderr, lines and JSON Lines on stdout."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from cohost import settings as settings_
from cohost.errors import UsageError
from cohost.settings import Settings

stderr = Console(stderr=True)
FOLDER = "knowledge base (default ./knowledge_base, else the demo brand's)"


def add_common(parser: argparse.ArgumentParser, *, log: bool = False, config: bool = False) -> None:
    """`--kb`, `--on`, `--log` where a show is written, and `--config` where settings are read."""
    parser.add_argument("--kb", default="", metavar="DIR", help=FOLDER)
    parser.add_argument("--on", type=date, default=None, metavar="DATE", help="the show's date, YYYY-MM-DD")
    if log:
        parser.add_argument("--log", default="", metavar="FILE", help="the show log (default: state folder)")
    if config:
        add_config(parser)


def add_config(parser: argparse.ArgumentParser) -> None:
    """`--config FILE`, which `settings_of` reads."""
    parser.add_argument(
        "--config", default="", metavar="FILE",
        help="settings in TOML: room, LLM endpoints ([[llm.endpoint]], in order) and ceiling, platforms",
    )  # fmt: skip


def settings_of(args: argparse.Namespace) -> Settings:
    """The settings that the command line names, with the environment's. Raises SettingsError."""
    return settings_.load(Path(args.config) if getattr(args, "config", "") else None)


def date(text: str) -> dt.date:
    """argparse type for a date."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"got {text!r}, expected a date such as 2026-11-20") from None


def words(given: str) -> str:
    """argparse type for a text: bytes that are no Unicode become marks that every output takes."""
    return given.encode("utf-8", "replace").decode("utf-8")


def emit(data: Any) -> None:
    """One JSON object on stdout, one line."""
    sys.stdout.write(msgspec.json.encode(data).decode() + "\n")
    sys.stdout.flush()


def say(text: str = "") -> None:
    """One line for a person, on stdout."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def warn(text: str) -> None:
    """One line for a person, on stderr."""
    sys.stderr.write(f"cohost: {' '.join(text.split())}\n")


class Bars:
    """Progress bars on stderr, one a kind of work; silent where stderr is no terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, what: str, done: int, total: int, detail: str = "") -> None:
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=total)
        self._progress.update(self._tasks[what], completed=done, total=total, detail=detail[-40:])

    def note(self, line: str) -> None:
        """A line for a person while the bars go on, on stderr."""
        if self._progress.disable:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()
        else:
            self._progress.console.print(line, markup=False, highlight=False, soft_wrap=True)


@contextlib.contextmanager
def bars() -> Iterator[Bars]:
    """`with bars() as progress:`"""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.fields[detail]}", style="dim"),
    )  # fmt: skip
    silent = not stderr.is_terminal
    with _Detailed(*columns, console=stderr, transient=True, disable=silent) as progress:
        yield Bars(progress)


class _Detailed(Progress):
    def add_task(self, description: str, *args: Any, **fields: Any) -> TaskID:
        return super().add_task(description, *args, **({"detail": ""} | fields))


def existing_file(path: str, what: str) -> Path:
    """A file that must be there; `what` it should be. Raises UsageError."""
    file = Path(path)
    if not file.is_file():
        raise UsageError(f"got {path}, which is no file; expected {what}")
    return file
