"""A suite: which cases, which runner, which scores count, what must hold. Read from `suites/*.toml`."""

from __future__ import annotations

import datetime as dt
import difflib
from pathlib import Path

import msgspec

from cohost.errors import OperatorError, UsageError
from evals.case import read_table

HOME = Path(__file__).parent


class Gate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a metric must reach. `worst`: no group (language, first of `by`) may lie below it with its
    whole interval. `tolerance`: how far it may drop against the baseline before the interval is asked.
    `hard`: one case below `min` fails the run, whatever an earlier run reached.
    """

    min: float | None = None
    worst: float | None = None
    tolerance: float = 0.0
    hard: bool = False


class Suite(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`cases`: globs below `cases/`. `brand`: the kb.toml brand whose folder the cases speak of."""

    name: str
    about: str
    runner: str
    scorers: tuple[str, ...]
    cases: tuple[str, ...] = ()
    expectations: str = ""
    evidence: str = ""
    beside: tuple[str, ...] = ()  # globs of what else the cases read, below `cases/`
    brand: str = ""
    on: dt.date | None = None  # the show's date the cases were written for
    by: tuple[str, ...] = ("lang",)
    group_least: int = 5  # a group of fewer cases is shown, never gated
    quick: int = 16
    named_only: bool = False  # runs only where it is asked for by name
    confusion: str = ""  # a key of `expected` and `got`: drawn as a matrix
    macro_f1: bool = False  # over the classes of `confusion`; gated under that name
    length: int = 400  # characters a reply may have
    gates: dict[str, Gate] = {}

    def files(self) -> list[Path]:
        """The case files, in order. Raises OperatorError where a glob finds none."""
        found: list[Path] = []
        for glob in self.cases:
            some = sorted((HOME / "cases").glob(glob))
            if not some:
                raise OperatorError(f"{self.name}.toml: got cases = {glob!r}, which names no file")
            found += [f for f in some if f not in found]
        return found


MACRO = "macro_f1"


def load_suites(folder: Path = HOME / "suites") -> dict[str, Suite]:
    """Every suite by name. Raises OperatorError with file and line."""
    suites: dict[str, Suite] = {}
    for file in sorted(folder.glob("*.toml")):
        suite = read_table(file, Suite)
        if suite.name != file.stem:
            raise OperatorError(f"{file.name}: got name = {suite.name!r}, expected {file.stem!r}")
        if not suite.scorers:
            raise OperatorError(f"{file.name}: got no scorers, expected at least one")
        for scorer in suite.gates:
            if scorer not in suite.scorers and not (scorer == MACRO and suite.macro_f1):
                raise OperatorError(f"{file.name}: got a gate for {scorer!r}, expected one of the scorers")
        suites[suite.name] = suite
    return suites


def pick(suites: dict[str, Suite], wanted: list[str]) -> list[tuple[Suite, set[str] | None]]:
    """`SUITE…` or `SUITE/CASE…` → suites in order with the ids asked for. Raises UsageError."""
    if not wanted:
        return [(suite, None) for suite in suites.values() if not suite.named_only]
    chosen: dict[str, set[str] | None] = {}
    for name in wanted:
        suite, _, case = name.partition("/")
        if suite not in suites:
            near = difflib.get_close_matches(suite, suites, 1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise UsageError(f"got suite {suite!r}{hint}, expected one of: {', '.join(suites)}")
        before = chosen.get(suite, set())
        if not case or before is None:
            chosen[suite] = None
        else:
            chosen[suite] = before | {case.partition("+")[0]}
    return [(suites[name], ids) for name, ids in chosen.items()]
