"""The check as a file: `cohost kb check --out FILE.html`."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from cohost.check.findings import Findings, in_market
from cohost.check.page.render import page
from cohost.check.page.view import Picture, View
from cohost.errors import UsageError
from cohost.knowledge.build import Built
from cohost.knowledge.documents import Problem

START = "\nstart(document, new Notebook(document));\n"
"""What the script of the file does at its end; in the room `evidence-live.js` does it."""


def view_of(
    built: Built,
    findings: Findings,
    problems: Sequence[Problem],
    *,
    pictures: Mapping[str, Picture] | None = None,
    left_out: int = 0,
    live: bool = False,
) -> View:
    """What the page shows of it."""
    return View(
        findings=findings, problems=tuple(problems), catalogue=built.kb.catalogue,
        documents=tuple(msgspec.structs.replace(d, items=()) for d in built.documents),
        notes={n.path: n for n in built.kb.documents},
        items=tuple(in_market(built.items, findings.market)), pictures=pictures or {}, left_out=left_out,
        live=live,
    )  # fmt: skip


def write(path: str, view: View) -> None:
    """Raises UsageError where the page cannot be written."""
    try:
        Path(path).write_text(page(view, style(), script()), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"got --out {path}, which cannot be written ({error.strerror}); expected a file that can"
        ) from error


def style() -> str:
    return _asset("base.css") + _asset("evidence.css")


def script() -> str:
    return _asset("evidence.js") + START


def _asset(name: str) -> str:
    return (importlib.resources.files("cohost.web") / "pages" / name).read_text(encoding="utf-8")
