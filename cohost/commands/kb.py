"""`cohost kb build` and `cohost kb check`: ingest a folder; tell what may be said and what is in the way."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
from collections import Counter
from typing import Any

import msgspec

from cohost.app import Knowledge, knowledge_folder, open_knowledge
from cohost.check import problems as check
from cohost.check.findings import Findings, find, in_market
from cohost.clock import WallClock
from cohost.commands.terminal import FOLDER, bars, date, emit, say, stderr
from cohost.errors import UsageError
from cohost.knowledge.documents import Problem
from cohost.trust.evidence import Certificate, Evidence, in_force, kind_of

CHECK = (
    "Tell every piece of evidence and every problem: what may be sold where and what is missing for it, "
    "what expires within 90 days, what viewers will ask that no document answers, documents that disagree, "
    "superseded standards, terms below the legal minimum (orientation, no legal advice). With --out also as "
    "a page to read, filter and decide on; a live room shows it at /evidence. Exit 1 where a problem is an "
    "error."
)


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "kb", help="build or check a knowledge base", description="The knowledge base: documents and kb.toml."
    )
    actions = parser.add_subparsers(dest="action", metavar="build|check", required=True)
    for name, help_, description, run in (
        ("build", "ingest a folder", "Ingest a folder.", run_build),
        ("check", "tell what was found and every problem", CHECK, run_check),
    ):
        action = actions.add_parser(name, help=help_, description=description)
        action.add_argument("dir", nargs="?", default="", metavar="DIR", help=FOLDER)
        action.add_argument("--json", action="store_true", help="print JSON Lines")
        action.add_argument("--on", type=date, default=None, metavar="DATE", help="the day to judge by")
        action.set_defaults(run=run)
        if name == "check":
            action.add_argument("--market", default=None, metavar="CC", help="one market only")
            action.add_argument("--out", default="", metavar="FILE.html", help="write the page: one file")
            action.add_argument(
                "--no-pictures", action="store_true", help="leave the documents' pictures out of the page"
            )


async def _open(args: argparse.Namespace) -> tuple[Knowledge, WallClock, float]:
    clock = WallClock(on=args.on)
    started = clock.perf()
    with bars() as progress:
        knowledge = await open_knowledge(knowledge_folder(args.dir), clock, progress=progress)
        if args.action == "build":
            await knowledge.library.complete(progress)
    return knowledge, clock, clock.perf() - started


def run_build(args: argparse.Namespace) -> int:
    knowledge, _, seconds = asyncio.run(_open(args))
    built = knowledge.built
    knowledge.close()
    kinds = Counter(kind_of(i) for i in built.items)
    summary = {
        "documents": len(built.documents), "read": len(built.documents) - built.reused,
        "evidence": dict(sorted(kinds.items())), "problems": len(built.problems),
        "version": built.version, "seconds": round(seconds, 2),
    }  # fmt: skip
    if args.json:
        emit(summary)
        return 0
    say(f"{len(built.documents)} documents, {summary['read']} read now, in {seconds:.1f} s")
    for kind, count in sorted(kinds.items()):
        say(f"  {count:5} {kind}")
    if built.problems:
        say(f"  {len(built.problems)} problems: cohost kb check {args.dir}".rstrip())
    return 0


def run_check(args: argparse.Namespace) -> int:
    if args.market is not None and not (len(args.market) == 2 and args.market.isalpha()):
        raise UsageError(f"got --market {args.market}, expected a two-letter country code such as DE")
    knowledge, clock, _ = asyncio.run(_open(args))
    built = knowledge.built
    knowledge.close()
    on = args.on or clock.today()
    market = args.market.upper() if args.market else None
    found = find(built, on, market)
    problems = check.problems(built, found) + list(check.quotes(knowledge.folder, built.items))
    items = in_market(built.items, market)
    if args.json:
        for item in items:
            emit(evidence_line(item, on))
        for problem in problems:
            emit(problem_line(problem))
    else:
        _show(items, problems, on)
    if args.out:
        _write(args, knowledge, found, problems)
    return 1 if any(p.severity == "error" for p in problems) else 0


def _write(args: argparse.Namespace, knowledge: Knowledge, found: Findings, problems: list[Problem]) -> None:
    from cohost.check.file import view_of, write
    from cohost.check.page.view import Picture
    from cohost.check.pictures import draw

    built, left_out = knowledge.built, 0
    pictures: dict[str, Picture] = {}
    if not args.no_pictures:
        with bars() as progress:
            pictures, left_out = draw(knowledge.folder, built.documents, built.items, progress=progress)
    write(args.out, view_of(built, found, problems, pictures=pictures, left_out=left_out))
    stderr.print(f"written: {args.out}")


def evidence_line(item: Evidence, on: dt.date) -> dict[str, Any]:
    """The contract's line for one item."""
    source = item.source
    line: dict[str, Any] = {
        "type": "evidence", "id": item.id, "kind": kind_of(item), "product": item.product,
        "document": source.document, "page": source.page, "locator": source.locator, "quote": source.quote,
        "valid": in_force(item, on), "release": item.release, "source_class": item.source_class,
    }  # fmt: skip
    for name in ("attribute", "value", "unit", "condition", "scheme", "number"):
        value = getattr(item, name, None)
        if value not in (None, ""):
            line[name] = value
    if item.models:
        line["models"] = item.models
    if item.markets:
        line["market"] = item.markets[0] if len(item.markets) == 1 else list(item.markets)
    if item.valid_until is not None:
        line["valid_until"] = item.valid_until.isoformat()
    if source.ocr:
        line |= {"ocr": True, "confidence": source.confidence}
    return line


def problem_line(problem: Problem) -> dict[str, Any]:
    """The contract's line for one problem."""
    data: dict[str, Any] = msgspec.to_builtins(problem)
    return {"type": "problem", "page": None} | data


def _show(items: list[Evidence], found: list[Problem], on: dt.date) -> None:
    by_document: dict[str, list[Evidence]] = {}
    for item in items:
        by_document.setdefault(item.source.document, []).append(item)
    for document, group in sorted(by_document.items()):
        kinds = Counter(kind_of(i) for i in group)
        say(f"{document}: " + ", ".join(f"{n} {k}" for k, n in sorted(kinds.items())))
        for item in group:
            if isinstance(item, Certificate):
                state = "in force" if in_force(item, on) else "NOT in force"
                until = f" until {item.valid_until}" if item.valid_until else ""
                say(f"    {item.scheme} {item.number or ''} {', '.join(item.models)}: {state}{until}")
    order = {"error": 0, "warning": 1, "info": 2}
    say()
    for problem in sorted(found, key=lambda p: (order[p.severity], p.code, p.document)):
        page = f" p. {problem.page}" if problem.page else ""
        say(f"{problem.severity:7} {problem.code:20} {problem.document}{page}: {problem.message}")
    counts = Counter(str(p.severity) for p in found)
    say(f"{len(items)} items; " + ", ".join(f"{counts[s]} {s}s" for s in order if counts[s]))
