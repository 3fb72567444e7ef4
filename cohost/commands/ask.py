"""`cohost ask`: one question, or JSON Lines on stdin, through the stages of a live room."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Any, BinaryIO

import msgspec

from cohost import asking
from cohost.app import Room
from cohost.commands.questions import question_room
from cohost.commands.terminal import add_common, emit, say, words
from cohost.errors import UsageError, WireError

LONGEST = 256 * 1024
"""Bytes of one line on stdin: a question of 10,000 characters is at most 120,000, written as escapes."""


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "ask", help="ask one question", description="One question through the same stages as a live show."
    )
    parser.add_argument("text", nargs="?", type=words, metavar="TEXT", help="the question, in any language")
    parser.add_argument(
        "--product", type=words, default=None, metavar="ID", help="product in view (default: the pinned one)"
    )
    parser.add_argument(
        "--market", type=words, default=None, metavar="CC", help="the viewer's market, such as DE"
    )
    parser.add_argument(
        "--lang", type=words, default=None, metavar="TAG", help="the viewer's language, a hint"
    )
    parser.add_argument("--json", action="store_true", help="print JSON Lines")
    parser.add_argument(
        "--stdin", action="store_true",
        help="read JSON Lines {id?, question, product?, market?, lang?, viewer?}; implies --json",
    )  # fmt: skip
    add_common(parser, config=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if args.stdin == (args.text is not None):
        raise UsageError("got " + ("both a text and --stdin" if args.stdin else "no question")
                         + ", expected one: cohost ask \"…\" or cohost ask --stdin")  # fmt: skip
    if args.stdin:
        return asyncio.run(_stdin(args))
    line = asking.check(
        {"question": args.text, "product": args.product, "market": args.market, "lang": args.lang}
    )
    return asyncio.run(_one(args, line))


async def _one(args: argparse.Namespace, line: dict[str, Any]) -> int:
    async with question_room(args) as (room, _):
        answer = await asking.ask(room, line)
    if args.json:
        emit(answer)
    else:
        show(answer)
    return 0


async def _stdin(args: argparse.Namespace) -> int:
    bad = False
    async with question_room(args) as (room, _):
        number = 0
        while raw := await asyncio.to_thread(_next_line, sys.stdin.buffer):
            if raw.strip():
                number += 1
                bad |= not await _line(room, raw, number)
    return 2 if bad else 0


def _next_line(stream: BinaryIO) -> bytes:
    """A line with its end, b"" at the end of input; of an endless one the first LONGEST bytes."""
    raw = rest = stream.readline(LONGEST)
    while rest and not rest.endswith(b"\n"):
        rest = stream.readline(LONGEST)
    return raw


async def _line(room: Room, raw: bytes, number: int) -> bool:
    try:
        if len(raw) >= LONGEST:
            raise UsageError(f"got a line of {LONGEST} bytes or more, expected one question")
        emit(await asking.ask(room, asking.read_line(raw), number=number))
    except (UsageError, WireError) as error:
        try:
            data = msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            data = None
        given = {"id": data["id"]} if isinstance(data, dict) and "id" in data else {}
        emit(given | {"error": {"code": "bad_line", "message": f"line {number}: {error}"}})
        return False
    return True


def show(answer: dict[str, Any]) -> None:
    """An answer for a person: the text, what it rests on, how long it took."""
    say(answer["text"] or f"(silence: {answer['reason']})")
    say(f"  {answer['action']} · {answer['intent']} · {answer['lang']} · {answer['timing_ms']['total']} ms")
    for item in answer["citations"]:
        page = f", p. {item['page']}" if item["page"] else ""
        locator = f" {item['locator']}" if item["locator"] else ""
        state = "" if item["valid"] else " · not valid here"
        say(f"  [{item['id']}] {item['kind']}{locator} · {item['document']}{page}{state}")
        say(f"      “{item['quote']}”")
