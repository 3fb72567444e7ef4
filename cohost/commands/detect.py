"""`cohost detect`: the language of short lines."""

from __future__ import annotations

import argparse
from typing import Any

from cohost.commands.terminal import emit, say, words
from cohost.errors import UsageError
from cohost.languages import LANGUAGES, base
from cohost.understanding.language import detect


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "detect",
        help="the language of short lines",
        description="The language of each TEXT; und when undecidable.",
    )
    parser.add_argument("text", nargs="+", type=words, metavar="TEXT", help="a line, in any language")
    parser.add_argument(
        "--hint", default=None, metavar="TAG", help="language of the viewer's page or profile"
    )
    parser.add_argument("--json", action="store_true", help="print JSON Lines")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if args.hint is not None and base(args.hint) not in LANGUAGES:
        raise UsageError(f"got --hint {args.hint}, expected one of: {', '.join(LANGUAGES)}")
    for text in args.text:
        found = detect(text, hint=args.hint)
        if args.json:
            emit({"text": text, "lang": found.lang, "confidence": float(found.confidence)})
        else:
            say(f"{found.lang:8} {found.confidence:.2f}  {text}")
    return 0
