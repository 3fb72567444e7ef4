"""`cohost` as people start it: real processes, their own cache and state, what they print and return."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

START_S = 90
WORKER = Path(__file__).with_name("command_worker.py")
UNSET = ("OPENAI_", "COHOST_", "PYTHONDONTWRITEBYTECODE")  # compiled once, not by every process


def environ() -> dict[str, str]:
    """This process's, without what changes answers."""
    return {k: v for k, v in os.environ.items() if not k.startswith(UNSET)}


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int | None
    out: str
    err: str


@dataclass(frozen=True)
class Place:
    """Where commands run: a folder of their own for cache, state and files."""

    root: Path

    @cached_property
    def environ(self) -> dict[str, str]:
        own = {
            "XDG_CACHE_HOME": str(self.root / "cache"), "XDG_STATE_HOME": str(self.root / "state"),
            "PYTHONUTF8": "1",
        }  # fmt: skip
        return environ() | own

    def run(self, *words: str, stdin: bytes = b"", **more: str) -> Done:
        """One command in a process of its own; `more` are environment variables."""
        got = subprocess.run(
            [sys.executable, "-m", "cohost", *words], input=stdin, capture_output=True, cwd=self.root,
            env=self.environ | more, timeout=120, check=False,
        )  # fmt: skip
        return Done(got.returncode, got.stdout.decode("utf-8"), got.stderr.decode("utf-8"))

    def start(self, *words: str) -> Running:
        """A command that goes on."""
        return Running([sys.executable, "-m", "cohost", *words], self.root, self.environ)


class Worker:
    """Many commands, one after another in one process that keeps its models."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self._folder, self._environ = folder, environ
        self._process: subprocess.Popen[str] | None = None

    def run(self, *words: str, stdin: bytes = b"", **more: str) -> Done:
        """One command; `more` are environment variables. A test that gives up leaves no command behind."""
        process = self._process or self._started()
        orders, answers = process.stdin, process.stdout
        assert orders is not None
        assert answers is not None
        order = {"words": words, "stdin": stdin.decode("latin-1"), "environ": more}
        line = ""
        try:
            orders.write(json.dumps(order) + "\n")
            orders.flush()
            line = answers.readline()
        finally:
            if not line:
                self.close()
        assert line, f"{words}: the process ended"
        return Done(**json.loads(line))

    def _started(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen(
            [sys.executable, str(WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            cwd=self._folder, env=self._environ, text=True, encoding="utf-8",
        )  # fmt: skip
        return self._process

    def run_all(self, lines: Iterable[Sequence[str]]) -> list[Done]:
        """These commands in order."""
        return [self.run(*words) for words in lines]

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


class Running:
    """A process whose lines are read as they come; its errors go to a file, which never fills up."""

    def __init__(self, command: Sequence[str], folder: Path, environ: dict[str, str]) -> None:
        self.said = ""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 closed when it has stopped
        self._done = Done(None, "", "")
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._errors, cwd=folder,
            env=environ, text=True, encoding="utf-8",
        )  # fmt: skip

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left of it, whatever a test came to."""
        self.stop(signal.SIGKILL)

    def until(self, pattern: str) -> re.Match[str]:
        """Read on until a line matches."""
        assert self.process.stdout is not None
        too_late = threading.Timer(START_S, self.process.kill)
        too_late.start()
        try:
            for line in self.process.stdout:
                self.said += line
                if found := re.search(pattern, line):
                    return found
        finally:
            too_late.cancel()
        done = self.stop()
        raise AssertionError(f"ended with {done.code}: {self.said}{done.err}")

    def stop(self, number: int = signal.SIGINT) -> Done:
        """Ctrl-C, or another signal; waits for the end. Once more does nothing."""
        self.process.send_signal(number)
        out, _ = self.process.communicate(timeout=30)
        if not self._errors.closed:
            self._errors.seek(0)
            self._done = Done(
                self.process.returncode, self.said + (out or ""), self._errors.read().decode("utf-8")
            )
            self._errors.close()
        return self._done


def clear(done: Done, *words: str) -> None:
    """One line on stderr: what came, what was expected or where to read it; nothing of Python's."""
    assert done.code == 2, done
    lines = done.err.strip().splitlines()
    assert len(lines) == 1, done.err
    assert lines[0].startswith("cohost: ")
    assert re.search(r"got |argument", lines[0]), lines[0]
    assert re.search(r"expected|\(see cohost|run without", lines[0]), lines[0]
    for word in words:
        assert word in lines[0]
