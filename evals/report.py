"""The three reports of a run: results.json, junit.xml and one page. Without timings they are the same
for the same code and cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import msgspec

from cohost.errors import OperatorError
from evals.outcome import Outcome, SuiteResult, failures
from evals.page import page

RESULTS = "results.json"


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What was run, on which day's evidence."""

    version: str
    on: dt.date | None
    folder: str  # the knowledge base's name, no path
    kb: str = ""  # its content hash
    command: str = "cohost eval"
    suites: tuple[SuiteResult, ...] = ()


def write_reports(folder: Path, run: Run) -> list[Path]:
    """Write all three. Raises OperatorError where the folder cannot be written."""
    files = {
        RESULTS: msgspec.json.format(msgspec.json.encode(run), indent=1).decode() + "\n",
        "junit.xml": junit(run.suites),
        "report.html": page(run.suites, title(run), run.command),
    }
    return [write_page(folder, name, text) for name, text in files.items()]


def write_page(folder: Path, name: str, text: str) -> Path:
    """One page beside the reports. Raises OperatorError where the folder cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise OperatorError(
            f"got --out {folder}, which cannot be written ({error.strerror}); name another folder"
        ) from error
    return folder / name


def title(run: Run) -> str:
    """What the page is headed with."""
    day = f", show date {run.on}" if run.on else ""
    return f"cohost {run.version} · {run.folder}{day}"


def read_failed(folder: Path) -> dict[str, set[str]]:
    """Suite → ids of the cases that failed in the run reported there. Raises OperatorError."""
    file = folder / RESULTS
    try:
        run = msgspec.json.decode(file.read_bytes(), type=Run)
    except OSError as error:
        raise OperatorError(
            f"got --only-failed, but {file} is not there ({error.strerror}); run without it first"
        ) from error
    except msgspec.DecodeError as error:
        raise OperatorError(
            f"{file}: got a file that is no result of a run ({error}), expected one of `cohost eval`"
        ) from error
    return {s.suite: {o.case.partition("+")[0] for o, _ in failures(s)} for s in run.suites}


def junit(suites: Sequence[SuiteResult]) -> str:
    """JUnit XML: a test case a case, a failure with what was expected and got."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    for suite in suites:
        failed = {o.case: missed for o, missed in failures(suite)}
        skipped = 1 if suite.skipped else 0
        parts.append(
            f"<testsuite name={quoteattr(suite.suite)} tests='{len(suite.outcomes) + skipped}' "
            f"failures='{len(failed)}' skipped='{skipped}'>"
        )
        if suite.skipped:
            parts.append(f"<testcase name='all'><skipped message={quoteattr(suite.skipped)}/></testcase>")
        parts += [_test_case(suite.suite, o, failed.get(o.case)) for o in suite.outcomes]
        parts.append("</testsuite>")
    return "\n".join([*parts, "</testsuites>"]) + "\n"


def _test_case(suite: str, outcome: Outcome, missed: list[str] | None) -> str:
    head = f"<testcase classname={quoteattr(f'{suite}.{outcome.lang}')} name={quoteattr(outcome.case)}"
    if not missed:
        return head + "/>"
    told = (
        f"asked: {outcome.asked}\nexpected: {_short(outcome.expected)}\ngot: {_short(outcome.got)}\n"
        f"again: cohost eval {suite}/{outcome.case.partition('+')[0]}"
    )
    message = quoteattr("missed " + ", ".join(missed))
    return f"{head}><failure message={message}>{escape(_printable(told))}</failure></testcase>"


def _short(data: dict[str, Any]) -> str:
    return msgspec.json.encode(data).decode()[:2000]


def _printable(text: str) -> str:
    """XML 1.0 takes no control characters."""
    return "".join(c for c in text if c in "\n\t" or ord(c) >= 0x20)
