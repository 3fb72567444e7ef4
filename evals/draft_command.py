"""`cohost eval-draft`: cases from a folder's evidence or from a recorded show, for a person to accept."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from cohost import resources
from cohost.app import knowledge_folder, open_knowledge
from cohost.clock import WallClock
from cohost.commands.terminal import add_common, bars, emit, existing_file, say
from cohost.common.catalogue import Catalogue
from cohost.errors import LogError, OperatorError, UsageError
from cohost.languages import LANGUAGES, base
from cohost.log import read_log, verify
from cohost.trust.evidence import Evidence
from evals.case import OwnCase, read_cases
from evals.draft import drafts
from evals.draft_show import drafts_of_show

LIMIT = 120


def cases_file(folder: Path) -> Path:
    """Where a folder's own cases are: in the user's state, named after the folder."""
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return resources.state_dir() / "evals" / f"{folder.name}-{name}.jsonl"


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "eval-draft",
        help="draft eval cases from your documents or from a show",
        description="Drafts questions with what the documents say to them, for a person to accept; `cohost "
        "eval own own_retrieval` runs what is accepted. Exit 2 bad input, or nothing to draft from.",
    )
    parser.add_argument("--lang", action="append", default=[], metavar="TAG",
                        help="ask in this language (again for more; default: each market's own)")  # fmt: skip
    parser.add_argument("--market", action="append", default=[], metavar="CODE", help="only these markets")
    parser.add_argument("--product", action="append", default=[], metavar="ID", help="only these products")
    parser.add_argument(
        "--limit", type=int, default=LIMIT, metavar="N", help=f"at most N cases (default {LIMIT}; 0: all)"
    )
    parser.add_argument(
        "--log", default="", metavar="LOG",
        help="draft from this recorded show: what was declined, expired or corrected",
    )  # fmt: skip
    parser.add_argument("--out", default="", metavar="FILE", help="the cases (default: the state folder)")
    parser.add_argument(
        "--accept", nargs="*", default=None, metavar="ID",
        help="accept these cases of --out, or all that carry no doubt",
    )  # fmt: skip
    parser.add_argument(
        "--reject", nargs="+", default=None, metavar="ID", help="take these cases out of --out"
    )
    parser.add_argument("--by", default="", metavar="NAME", help="who accepts")
    parser.add_argument("--json", action="store_true", help="print JSON Lines, one a case")
    add_common(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    folder = knowledge_folder(args.kb)
    file = Path(args.out) if args.out else cases_file(folder)
    if args.accept is not None and args.reject is not None:
        raise UsageError("got --accept and --reject, expected one of them")
    if args.accept is not None or args.reject is not None:
        return _decide(args, existing_file(str(file), "cases of eval-draft"))
    _check(args)
    old = read_cases([file], OwnCase) if file.is_file() else []
    new = asyncio.run(_drafted(args, folder))
    if not new:
        raise OperatorError(
            f"got nothing to draft from in {args.log or folder}, expected evidence of a product on sale or "
            "a show with open questions"
        )
    known = {c.id for c in old}
    fresh = [c for c in new if c.id not in known]
    _write(file, [*old, *fresh])
    _show(args, fresh)
    sys.stderr.write(
        f"{len(fresh)} drafted, {len(old)} were there: {file}\n"
        f"read them, then: cohost eval-draft --accept --by NAME --out {file}\n"
    )
    return 0


def _check(args: argparse.Namespace) -> None:
    for lang in args.lang:
        if base(lang) not in LANGUAGES:
            raise UsageError(f"got --lang {lang}, expected one of: {', '.join(LANGUAGES)}")
    if args.limit < 0:
        raise UsageError(f"got --limit {args.limit}, expected 0 (all) or more")
    if args.log:
        existing_file(args.log, "a show log")


async def _drafted(args: argparse.Namespace, folder: Path) -> list[OwnCase]:
    clock = WallClock(on=args.on)
    with bars() as progress:
        knowledge = await open_knowledge(folder, clock, progress=progress, store=False)
    try:
        catalogue, items = knowledge.library.catalogue, knowledge.library.all()
        _known("market", args.market, [m.code for m in catalogue.markets])
        _known("product", args.product, [p.id for p in catalogue.products])
        if args.log:
            path = Path(args.log)
            records = read_log(path)
            checked = verify(path)
            if not checked.ok:
                raise LogError(f"{path}: the log does not verify: {checked.problem}")
            return drafts_of_show(records)
        return _of_folder(args, catalogue, items, clock.today())
    finally:
        knowledge.close()


def _of_folder(
    args: argparse.Namespace, catalogue: Catalogue, items: Sequence[Evidence], on: dt.date
) -> list[OwnCase]:
    if not catalogue.markets or not catalogue.products:
        raise OperatorError(
            "got a folder whose kb.toml names no product or no market, expected [[product]] and [[market]]: "
            "what is owed depends on where the viewer is"
        )
    return drafts(
        catalogue, items, on, langs=args.lang, markets=args.market, products=args.product, limit=args.limit
    )


def _known(what: str, wanted: Sequence[str], there: Sequence[str]) -> None:
    for one in wanted:
        if one not in there:
            expected = f"one of: {', '.join(there)}" if there else f"a kb.toml with [[{what}]]"
            raise UsageError(f"got --{what} {one}, expected {expected}")


def _decide(args: argparse.Namespace, file: Path) -> int:
    """Accept or take out, and write the file anew."""
    cases = read_cases([file], OwnCase)
    wanted = args.accept if args.accept is not None else args.reject
    ids = {c.id for c in cases}
    for one in wanted:
        if one not in ids:
            raise UsageError(f"got {one}, which is no case of {file}; expected one of its ids")
    if args.reject is not None:
        _write(file, [c for c in cases if c.id not in wanted])
        say(f"{len(wanted)} taken out, {len(cases) - len(wanted)} left")
        return 0
    if not args.by.strip():
        raise UsageError("got --accept without --by, expected the name of the person who read the cases")
    done = [_accepted(c, args.by.strip(), wanted, file) for c in cases]
    _write(file, done)
    standing = sum(bool(c.accepted_by) for c in done)
    waiting = [c for c in done if not c.accepted_by]
    if args.json:
        for case in done:
            emit({"id": case.id, "accepted_by": case.accepted_by, "doubt": case.doubt})
    else:
        say(f"{standing} accepted, {len(waiting)} waiting")
        for case in waiting:
            say(f"  {case.id}: {case.doubt or 'not named'}")
    return 0


def _accepted(case: OwnCase, by: str, wanted: Sequence[str], file: Path) -> OwnCase:
    named = case.id in wanted
    if case.accepted_by or (wanted and not named) or (not named and (case.doubt or case.expect is None)):
        return case
    if case.expect is None:
        raise UsageError(f"got --accept {case.id}, whose `expect` is open; fill it in {file} first")
    return msgspec.structs.replace(case, accepted_by=by)


def _write(file: Path, cases: Sequence[OwnCase]) -> None:
    lines = [msgspec.json.encode(msgspec.to_builtins(_bare(c))).decode() for c in cases]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise OperatorError(
            f"{file}: got {error.strerror}, expected a file that can be written: name one with --out"
        ) from error


def _bare(case: OwnCase) -> dict[str, Any]:
    """A case without the fields that stand at their default, so that people can read it."""
    kept = {k: v for k, v in msgspec.to_builtins(case).items() if v not in ("", None, (), [], {})}
    if case.expect is not None:
        plain = msgspec.to_builtins(type(case.expect)())
        kept["expect"] = {k: v for k, v in msgspec.to_builtins(case.expect).items() if v != plain[k]}
    return kept


def _show(args: argparse.Namespace, cases: Sequence[OwnCase]) -> None:
    for case in cases:
        if args.json:
            emit(_bare(case))
            continue
        owed = ", ".join(case.expect.values or case.expect.action) if case.expect else "open"
        say(f"{case.tags[0] if case.tags else '':13} {case.market or '--'} {case.lang:3} {case.question}")
        say(f"{'':13} {case.id}: {owed}; {case.note}" + (f" [{case.doubt}]" if case.doubt else ""))
