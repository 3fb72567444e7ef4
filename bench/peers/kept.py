"""What was measured is kept: a run that was stopped goes on where it was.

A line a trial, keyed by the driver's code and version, the sound and every setting: of what changed, nothing
is found again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from bench.peers import wire


def digest(files: Iterable[Path]) -> str:
    """Of the content of files, in order of name."""
    whole = hashlib.sha256()
    for file in sorted(files):
        whole.update(file.name.encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()


def key(code: str, trial: wire.Trial, sound: bytes) -> str:
    """Neither the trial's name nor its sound's place matters."""
    rest = {k: v for k, v in asdict(trial).items() if k not in ("id", "sound", "whisper")}
    rest["real"] = bool(trial.whisper)
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(code.encode() + sound + text.encode()).hexdigest()


class Kept:
    """Results by key in one file; a line that is broken (the process was killed on it) is passed over."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: dict[str, wire.Heard] = {}
        for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
            try:
                said = json.loads(line)
                heard = wire.read_heard(json.dumps(said["heard"]))
            except (ValueError, KeyError, TypeError):
                continue
            if isinstance(heard, wire.Heard) and not heard.error:
                self._found[said["key"]] = heard

    def get(self, key_: str) -> wire.Heard | None:
        return self._found.get(key_)

    def put(self, key_: str, heard: wire.Heard) -> None:
        """Failures are not kept: they are tried again."""
        if heard.error:
            return
        self._found[key_] = heard
        self._path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"key": key_, "heard": json.loads(wire.heard_line(heard))}, ensure_ascii=False)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
