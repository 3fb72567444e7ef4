"""Many commands, one after another in one process: models and tables load once.

    python tests/wire/command_worker.py

stdin: a line of JSON {words, stdin, environ} a command; stdout: a line {code, out, err}. A command sees
its own stdin, stdout and stderr as files, so that what libraries write past Python is seen as well.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from typing import BinaryIO


@contextlib.contextmanager
def streams(stdin: bytes) -> Iterator[list[BinaryIO]]:
    """Files in the place of 0, 1 and 2."""
    with contextlib.ExitStack() as opened:
        files: list[BinaryIO] = [opened.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        files[0].write(stdin)
        files[0].seek(0)
        kept = [os.dup(number) for number in range(3)]
        for number, file in enumerate(files):
            os.dup2(file.fileno(), number)
        try:
            sys.stdin = opened.enter_context(open(0, closefd=False))
            yield files
        finally:
            for number, old in enumerate(kept):
                os.dup2(old, number)
                os.close(old)


def one(words: list[str], stdin: str, environ: dict[str, str]) -> dict[str, object]:
    """One command, from its words to what it printed and returned."""
    from cohost import cli

    before = dict(os.environ)
    os.environ.update(environ)
    with streams(stdin.encode("latin-1")) as files:
        code: object = None
        try:
            code = cli.main(words)
        except SystemExit as end:
            code = end.code
        except BaseException:  # noqa: BLE001 a command's own failure is what a test looks at
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        for file in files:
            file.seek(0)
        out, err = (file.read().decode() for file in files[1:])
    os.environ.clear()
    os.environ.update(before)
    return {"code": code, "out": out, "err": err}


def main() -> None:
    """Until stdin ends."""
    sys.path[0] = os.getcwd()  # the folder's own `cohost`, as `python -m cohost` takes it
    orders, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    for line in orders:
        answers.write(json.dumps(one(**json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
