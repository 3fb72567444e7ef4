"""`cohost report`: what a show was, from its log."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from cohost.commands.terminal import emit, say
from cohost.errors import UsageError
from cohost.log import read_log, verify
from cohost.report import as_csv, page, summarise, writer_cells


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "report",
        help="report on a recorded show",
        description="What a show was, from its log. Exit 1 where the log does not verify.",
    )
    parser.add_argument("log", metavar="LOG", help="a show log that serve or demo wrote")
    parser.add_argument("--out", default="", metavar="FILE.html", help="write a page as well")
    parser.add_argument("--csv", default="", metavar="FILE.csv", help="write a row a question")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    path = Path(args.log)
    summary = summarise(read_log(path))
    checked = verify(path)
    summary["verified"] = checked.ok
    if args.out:
        _write("--out", args.out, page(summary))
    if args.csv:
        _write("--csv", args.csv, as_csv(summary["questions_list"]))
    if args.json:
        emit(summary)
        return 0 if checked.ok else 1
    wait = summary["waiting_ms"]
    counts = "{messages} messages, {questions} questions of {askers} askers, {posted} posts"
    say(f"{summary['room']}, {summary['on']}: " + counts.format(**summary))
    say(f"question to post: p50 {wait['p50']} ms, p95 {wait['p95']} ms (n = {wait['n']})")
    for name in ("outcomes", "languages", "intents", "guard_blocks"):
        if summary[name]:
            say(f"{name}: " + ", ".join(f"{k} {v}" for k, v in summary[name].items()))
    for name, one in summary["writer"]["endpoints"].items():
        words = (
            "{}",
            "{} calls",
            "{} written",
            "{} refused",
            "{} failed",
            "{} tokens",
            "{}",
            "first {}",
            "{}",
        )
        told = (word.format(cell) for word, cell in zip(words, writer_cells(one), strict=True))
        say(f"LLM {name}: {', '.join(told)}")
    if summary["writer"]["spent"]:
        say(f"LLM ceiling reached after {summary['writer']['spent']['at_ms'] // 1000} s")
    for entry in summary["unanswered"]:
        say(f"  unanswered [{entry['lang']}] {entry['question']}")
    say("log verified" if checked.ok else f"LOG DOES NOT VERIFY: {checked.problem}")
    return 0 if checked.ok else 1


def _write(option: str, file: str, text: str) -> None:
    """Raises UsageError where it cannot be written."""
    try:
        Path(file).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(
            f"got {option} {file}, which cannot be written ({error.strerror}); expected a file that can"
        ) from error
