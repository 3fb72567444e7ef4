"""Two runs side by side: every metric over the cases both have, and every case that changed. Pure, but
for reading results."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import msgspec

from cohost.errors import OperatorError
from evals.measure import changes_of, scores_by_case
from evals.outcome import Change, Outcome, SuiteResult
from evals.page import changes_table, document, fields
from evals.report import RESULTS, Run
from evals.suite import Gate, Suite

MORE = """
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.2rem; } .two > div { min-width: 0; }
@media (max-width: 46rem) { .two { grid-template-columns: 1fr; } }
"""


class Pair(msgspec.Struct, frozen=True):
    """A case in both runs whose scores or whose reply changed."""

    before: Outcome
    now: Outcome
    lost: tuple[str, ...]
    gained: tuple[str, ...]


class Compared(msgspec.Struct, frozen=True):
    """One suite of two runs. `only`: cases that one run alone has."""

    suite: str
    both: int
    changes: tuple[Change, ...] = ()
    pairs: tuple[Pair, ...] = ()
    only: tuple[int, int] = (0, 0)


def read_run(place: str) -> Run:
    """A run's folder or its results.json. Raises OperatorError."""
    file = Path(place) / RESULTS if Path(place).is_dir() else Path(place)
    try:
        return msgspec.json.decode(file.read_bytes(), type=Run)
    except OSError as error:
        raise OperatorError(
            f"got {place}, where no {RESULTS} can be read ({error.strerror}); expected the --out of a run"
        ) from error
    except msgspec.DecodeError as error:
        raise OperatorError(
            f"{file}: got a file that is no result of a run ({error}), expected one of `cohost eval`"
        ) from error


def compared(before: Run, now: Run, suites: dict[str, Suite]) -> list[Compared]:
    """Every suite that both runs measured. Raises OperatorError where there is none."""
    old = {s.suite: s for s in before.suites if not s.skipped}
    found = [_suite(old[s.suite], s, suites) for s in now.suites if not s.skipped and s.suite in old]
    if not found:
        raise OperatorError(
            "got two runs without a suite in common: " + ", ".join(old or ["none"]) + " and "
            + ", ".join(s.suite for s in now.suites if not s.skipped)
        )  # fmt: skip
    return found


def _suite(before: SuiteResult, now: SuiteResult, suites: dict[str, Suite]) -> Compared:
    known = suites.get(now.suite)
    gates: dict[str, Gate] = known.gates if known else {}
    shape = Suite(
        name=now.suite, about=now.about, runner="", scorers=now.counted or ("",), gates=gates,
    )  # fmt: skip
    old = {o.case: o for o in before.outcomes}
    new = {o.case: o for o in now.outcomes}
    both = [case for case in new if case in old]
    pairs = [_pair(old[c], new[c]) for c in both]
    return Compared(
        now.suite,
        len(both),
        tuple(changes_of(shape, now.outcomes, scores_by_case(before.outcomes))),
        tuple(p for p in pairs if p is not None),
        (len(old) - len(both), len(new) - len(both)),
    )


def _pair(before: Outcome, now: Outcome) -> Pair | None:
    shared = [k for k in now.scores if k in before.scores]
    lost = tuple(k for k in shared if now.scores[k] < before.scores[k])
    gained = tuple(k for k in shared if now.scores[k] > before.scores[k])
    if not lost and not gained and before.got.get("text") == now.got.get("text"):
        return None
    return Pair(before, now, lost, gained)


def compare_page(found: Sequence[Compared], before: str, now: str) -> str:
    """One HTML document; every text is escaped."""
    parts = []
    for suite in found:
        alone = f", {suite.only[0]} only before, {suite.only[1]} only now" if any(suite.only) else ""
        parts.append(
            f"<h2>{escape(suite.suite)}</h2><p class='dim'>{suite.both} cases in both{alone}</p>"
            + (changes_table(suite.changes, "metric") or "<p>No metric changed.</p>")
        )
        for title, some in (
            ("lost", [p for p in suite.pairs if p.lost]),
            ("gained", [p for p in suite.pairs if p.gained and not p.lost]),
            ("other words, same scores", [p for p in suite.pairs if not p.gained and not p.lost]),
        ):
            if some:
                parts.append(f"<h3>{title}: {len(some)}</h3>" + "".join(_case(p) for p in some))
    return document(f"{before} → {now}", "".join(parts), MORE)


def _case(pair: Pair) -> str:
    marks = "".join(
        f" <span class='{kind}'>{escape(', '.join(names))}</span>"
        for kind, names in (("bad", pair.lost), ("good", pair.gained)) if names
    )  # fmt: skip
    return (
        f"<details><summary><code>{escape(pair.now.case)}</code> {escape(pair.now.asked)}{marks}</summary>"
        f"<h3>Expected</h3>{fields(pair.now.expected)}"
        f"<div class='two'><div><h3>Before</h3>{fields(_told(pair.before))}</div>"
        f"<div><h3>Now</h3>{fields(_told(pair.now))}</div></div></details>"
    )


def _told(outcome: Outcome) -> dict[str, Any]:
    return {k: v for k, v in outcome.got.items() if k not in ("judged", "score")}
