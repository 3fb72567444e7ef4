"""`[[person]]`: who may sign with a token of their own. Every mistake names its file and line.

A person's token stands in the settings as its SHA-256 (what `cohost people` prints), in a file, in a variable
of the environment, or in plain text. Nothing keeps more of it than the digest.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import msgspec

from cohost.common.people import POSTS, Post
from cohost.errors import SettingsError

MIN_TOKEN = 16
"""Characters."""
LONGEST_NAME = 40
WAYS = ("token_sha256", "token", "token_env", "token_file")
_HEX = re.compile(r"[0-9a-f]{64}")
_HEADER = re.compile(r"\s*\[\[\s*[\"']?person[\"']?\s*\]\]")


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the staff: a table `[[person]]` each, with one of the four ways to give the token."""

    name: str = ""
    role: str = ""  # operator, host, moderator, product, compliance
    token_sha256: str = ""  # as `cohost people` prints it
    token: str = ""
    token_env: str = ""  # the variable that holds it
    token_file: str = ""  # the file that holds it, from the settings file's folder

    def __repr__(self) -> str:
        return f"Person({self.name!r}, {self.role!r})"


class Named(msgspec.Struct, frozen=True):
    """A person whose token is known by its digest."""

    name: str
    role: Post
    digest: str = ""

    def __repr__(self) -> str:
        return f"Named({self.name!r}, {self.role!r})"


def digest(token: str) -> str:
    """What is kept of a token. Tokens are long and random: no salt, no stretching."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def folded(name: str) -> str:
    """Names that look alike are the same name."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def named(
    people: tuple[Person, ...], file: Path | None = None, environ: Mapping[str, str] | None = os.environ,
    taken: Mapping[str, str] | None = None,
) -> tuple[Named, ...]:  # fmt: skip
    """Everybody in order. `taken`: tokens that are somebody's already → whose; without an `environ`, tokens
    of variables and files are not looked for. Raises SettingsError with the line of what is wrong; no message
    holds a token."""
    lines = _Lines(file)
    names: dict[str, str] = {}
    tokens = {digest(token): whose for token, whose in (taken or {}).items() if token}
    found = []
    for number, person in enumerate(people):
        role = _role(person, lines, number)
        name = _name(person, lines, number, names)
        held = _digest(person, lines, number, file, environ)
        if held in tokens:
            told = f"got the same token for “{person.name}” and {tokens[held]}"
            raise lines.wrong(number, _way(person), told, "a token for each: cohost people makes them")
        if held:
            tokens[held] = f"“{person.name}”"
        names[folded(name)] = name
        found.append(Named(name, role, held))
    return tuple(found)


def _name(person: Person, lines: _Lines, number: int, names: Mapping[str, str]) -> str:
    name = person.name
    if not name.strip() or name != " ".join(name.split()) or ":" in name or len(name) > LONGEST_NAME:
        expected = f"1 to {LONGEST_NAME} characters, no colon, no space at the ends"
        raise lines.wrong(number, "name", f"got the name {name[:60]!r}", expected)
    if not name.isprintable():
        raise lines.wrong(number, "name", f"got the name {name!r}", "letters that can be seen")
    if folded(name) in names:
        told = f"got the name “{name}” twice (“{names[folded(name)]}” stands above)"
        raise lines.wrong(number, "name", told, "each person once")
    return name


def _role(person: Person, lines: _Lines, number: int) -> Post:
    for post in POSTS:
        if post == person.role:
            return post
    told = f"got the role “{person.role[:40]}”" if person.role else f"got no role for “{person.name[:40]}”"
    raise lines.wrong(number, "role", told, f"one of: {', '.join(POSTS)}")


def _way(person: Person) -> str:
    return next((way for way in WAYS if getattr(person, way)), "name")


def _digest(
    person: Person, lines: _Lines, number: int, file: Path | None, environ: Mapping[str, str] | None
) -> str:  # fmt: skip
    given = [way for way in WAYS if getattr(person, way)]
    who = f"“{person.name}”"
    if len(given) != 1:
        told = f"got {' and '.join(given) or 'no token'} for {who}"
        raise lines.wrong(number, given[-1] if given else "name", told, f"one of: {', '.join(WAYS)}")
    way = given[0]
    if way == "token_sha256":
        if not _HEX.fullmatch(person.token_sha256):
            told = f"got a token_sha256 for {who} of {len(person.token_sha256)} characters"
            raise lines.wrong(number, way, told, "64 digits 0-9 a-f, as cohost people prints them")
        return person.token_sha256
    if environ is None and way != "token":
        return ""
    token = _token(person, way, lines, number, file, environ)
    if len(token) < MIN_TOKEN:
        told = f"got a token of {len(token)} characters for {who}"
        raise lines.wrong(number, way, told, f"{MIN_TOKEN} or more: cohost people makes one")
    return digest(token)


def _token(
    person: Person, way: str, lines: _Lines, number: int, file: Path | None,
    environ: Mapping[str, str] | None,
) -> str:  # fmt: skip
    if way == "token" or environ is None:
        return person.token
    if way == "token_env":
        if not environ.get(person.token_env):
            told = f"got token_env = “{person.token_env}” for “{person.name}”, which is not set"
            raise lines.wrong(number, way, told, "a variable with the token")
        return environ[person.token_env]
    path = (file.parent if file else Path()) / Path(person.token_file).expanduser()
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "no UTF-8"
        told = f"got token_file = “{person.token_file}” for “{person.name}” ({why})"
        raise lines.wrong(number, way, told, "a file that holds the token and nothing else") from None


class _Lines:
    """Where each `[[person]]` and its keys stand; read when something is wrong."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def wrong(self, number: int, key: str, told: str, expected: str) -> SettingsError:
        where = place(str(self._file), number, key) if self._file else "environment"
        return SettingsError(f"{where}: {told}, expected {expected}")


def place(file: str, number: int, key: str) -> str:
    """ "cohost.toml:12", where a key of a person stands."""
    line = line_of(Path(file).read_text("utf-8"), number, key) if Path(file).is_file() else None
    return f"{file}:{line}" if line else file


def line_of(text: str, number: int, key: str) -> int | None:
    """The line, from 1, of a key of the `number`th `[[person]]` (from 0), else of its head; None where it has
    none (an inline table)."""
    heads = 0
    head: int | None = None
    for at, line in enumerate(text.splitlines(), start=1):
        if _HEADER.match(line):
            heads += 1
            if heads == number + 1:
                head = at
        elif head is not None and heads == number + 1:
            if line.lstrip().startswith("["):
                return head
            if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
                return at
    return head


def as_toml(name: str, role: str, held: str) -> str:
    """The table to paste, its token as a digest."""
    quoted = msgspec.json.encode(name).decode().replace("\x7f", "\\u007f")
    return f'[[person]]\nname = {quoted}\nrole = "{role}"\ntoken_sha256 = "{held}"\n'


def secret(key: str) -> bool:
    """True for a settings key that holds a token: no message says its value."""
    return key.rpartition(".")[2] in WAYS
