"""What an earlier run reached: scores by suite and case, kept in one JSON file that people can read.

`cohost eval --write-baseline` writes it; a run against it compares case by case. A file that is named
must be there; the packaged one may be absent, then nothing is compared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from cohost.errors import OperatorError
from evals.measure import scores_by_case
from evals.outcome import Scores, SuiteResult
from evals.suite import HOME

PACKAGED = HOME / "baseline.json"


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`values` are for reading; what is compared are the cases' own scores."""

    written: dt.date
    version: str
    values: dict[str, dict[str, float]]
    scores: dict[str, dict[str, dict[str, float]]]


def read_baseline(named: str) -> Scores:
    """The scores to compare with; {} where none was named and none is packaged. Raises OperatorError."""
    file = Path(named) if named else PACKAGED
    if not file.is_file():
        if not named:
            return {}
        raise OperatorError(f"got --baseline {named}, which is no file; expected one of --write-baseline")
    try:
        return msgspec.json.decode(file.read_bytes(), type=Baseline).scores
    except msgspec.DecodeError as error:
        raise OperatorError(
            f"{file}: got a file that is no baseline ({error}), expected one of --write-baseline"
        ) from error


def write_baseline(file: Path, results: Sequence[SuiteResult], version: str, today: dt.date) -> None:
    """Replace the suites that ran, keep the others. Raises OperatorError."""
    old = read_old(file)
    values, scores = dict(old.values) if old else {}, dict(old.scores) if old else {}
    for result in results:
        if result.skipped:
            continue
        values[result.suite] = {
            m.metric: m.value for m in result.metrics if m.value is not None and "[" not in m.metric
        }
        scores[result.suite] = scores_by_case(result.outcomes)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_laid_out(Baseline(today, version, values, scores)), encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"{file}: got {error.strerror}, expected a file that can be written") from error


def _laid_out(baseline: Baseline) -> str:
    """JSON with a line for each case: a change shows as that case's line."""
    suites = []
    for suite, cases in sorted(baseline.scores.items()):
        rows = ",\n".join(f"  {_json(case)}: {_json(scores)}" for case, scores in sorted(cases.items()))
        suites.append(f" {_json(suite)}: {{\n{rows}\n }}")
    values = ",\n".join(f" {_json(k)}: {_json(v)}" for k, v in sorted(baseline.values.items()))
    return (
        f'{{"written": {_json(baseline.written)}, "version": {_json(baseline.version)},\n'
        f'"values": {{\n{values}\n}},\n"scores": {{\n' + ",\n".join(suites) + "\n}}\n"
    )


def _json(value: Any) -> str:
    return msgspec.json.encode(value, order="sorted").decode()


def read_old(file: Path) -> Baseline | None:
    """The file as it stands, where it does."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Baseline)
    except (OSError, msgspec.DecodeError):
        return None
