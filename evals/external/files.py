"""Reading what lies in the `--data` folder, with a clear line where it is absent or broken."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from cohost.errors import OperatorError
from evals.world import World

T = TypeVar("T")


def missing(world: World, *places: str) -> str:
    """Why there is nothing to measure; '' where every place is there."""
    if world.data is None:
        return f"no data: name a folder with --data ({', '.join(places)})"
    gone = [p for p in places if not (world.data / p).exists()]
    return f"no data: {gone[0]} is not in {world.data.name}" if gone else ""


def load_json(file: Path) -> Any:
    """JSON, gzipped or not. Raises OperatorError."""
    try:
        raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        return json.loads(raw)
    except (OSError, EOFError, ValueError) as error:
        raise OperatorError(f"{file.name}: got {error}, expected JSON as it was published") from error


def rows_of(file: Path, columns: Sequence[str], *, delimiter: str = ",") -> Iterator[dict[str, str]]:
    """A table's rows. Raises OperatorError with the line where a column is wanting."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened, delimiter=delimiter)
            for row in reader:
                if any(row.get(c) is None for c in columns):
                    raise OperatorError(
                        f"{file.name}:{reader.line_num}: got a row without {', '.join(columns)}"
                    )
                yield row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise OperatorError(f"{file.name}: got {error}, expected the table as it was published") from error


def shaped(file: Path, read: Callable[[], T]) -> T:
    """What `read` makes of a file's content. Raises OperatorError where it has another shape."""
    try:
        return read()
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise OperatorError(
            f"{file.name}: got content of another shape ({error!r}), expected it as it was published"
        ) from error


def evenly(items: Sequence[T], most: int) -> list[T]:
    """At most `most`, evenly spread, the same every time."""
    step = max(1, len(items) // most)
    return list(items[::step][:most])
