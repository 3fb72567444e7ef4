"""`cohost people`: who of the staff signs with a token of their own; a token for one more person."""

from __future__ import annotations

import argparse
import os
import secrets
from pathlib import Path
from typing import Any

from cohost.commands.serve import people_of
from cohost.commands.terminal import add_config, emit, say, settings_of
from cohost.common.people import POSTS, rights
from cohost.errors import UsageError
from cohost.serving import Address
from cohost.settings import Settings
from cohost.settings.people import Named, Person, as_toml, digest, folded, named

TOKEN_BYTES = 24


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "people", help="the staff by name: list them, make a token",
        description="Without a name: who is in the settings and what each may do. With one: makes a token "
        "for that person and prints the lines for the settings file, which hold only its digest, and the "
        "console's address with the token, once.",
    )  # fmt: skip
    parser.add_argument("name", nargs="?", default="", help="the person who gets a token")
    parser.add_argument("--role", default="", metavar="ROLE", help=f"one of: {', '.join(POSTS)}")
    parser.add_argument("--write", action="store_true", help="append the lines to the file of --config")
    add_config(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a person")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    settings = settings_of(args)
    people = people_of(args, settings)
    if not args.name:
        return _list(args, people)
    return _make(args, settings, people)


def _list(args: argparse.Namespace, people: tuple[Named, ...]) -> int:
    if args.role or args.write:
        raise UsageError("got --role or --write without a name, expected: cohost people NAME --role ROLE")
    for one in people:
        if args.json:
            emit({"name": one.name, "role": one.role, "rights": rights(one.role)})
        else:
            say(f"{one.name}, {one.role}: {' '.join(rights(one.role))}")
    if not people and not args.json:
        say("nobody by name: cohost people NAME --role ROLE makes a token")
    return 0


def _make(args: argparse.Namespace, settings: Settings, people: tuple[Named, ...]) -> int:
    if args.write and not args.config:
        raise UsageError("got --write without --config FILE, expected the settings file to write to")
    taken = next((one for one in people if folded(one.name) == folded(args.name)), None)
    if taken is not None:
        raise UsageError(f"got “{args.name}”, who has a token already ({taken.role}); expected another name")
    if args.role not in POSTS:
        got = f"--role {args.role}" if args.role else "no --role"
        raise UsageError(f"got {got}, expected one of: {', '.join(POSTS)}")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    person = named((Person(args.name, args.role, token_sha256=digest(token)),))[0]
    lines = as_toml(person.name, person.role, person.digest)
    console = _console(settings, token)
    if args.write:
        _append(Path(args.config), lines)
    if args.json:
        emit({"name": person.name, "role": person.role, "console": console, "token": token, "toml": lines})
        return 0
    say(f"# into {args.config or 'the settings file'}{': written' if args.write else ''}")
    say(lines)
    say(f"# for {person.name} alone; it is not shown again")
    say(console)
    return 0


def _console(settings: Settings, token: str) -> str:
    web = settings.web
    if web.public_url:
        return f"{web.public_url.rstrip('/')}/console?token={token}"
    address = Address(web.host, web.port, token, bool(web.tls_cert), web.room).console
    return address if web.port else address.replace(":0/", ":PORT/")


def _append(file: Path, lines: str) -> None:
    """At the end, after an empty line; whole or not at all."""
    had = file.read_text(encoding="utf-8")
    part = file.with_name(f"{file.name}.part")
    part.write_text(f"{had.rstrip()}\n\n{lines}" if had.strip() else lines, encoding="utf-8")
    os.chmod(part, file.stat().st_mode & 0o777)
    part.replace(file)
