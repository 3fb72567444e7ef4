"""Where things stand in `kb.toml`: TOML parsers tell values, operators need lines. Pure."""

from __future__ import annotations

import re

import msgspec

_HEADER = re.compile(r"^\s*\[\[?\s*([^\[\]]+?)\s*\]?\]\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*(?:\"([^\"]+)\"|'([^']+)'|([A-Za-z0-9_-]+))\s*(?:\.[^=]*)?=")
_TRIPLE = re.compile(r"\"\"\"|'''")
MAX_QUOTE = 300


class Part(msgspec.Struct):
    """One `[table]` or `[[table]]`: its header's line, its keys' lines, all from 1."""

    name: str
    line: int
    keys: dict[str, int]
    text: list[str]


class Lines:
    """The file cut at its headers; the part before the first header has the name ""."""

    def __init__(self, text: str) -> None:
        self.parts = [Part(name="", line=1, keys={}, text=[])]
        inside = ""  # the mark of an open multi-line string
        for number, line in enumerate(text.split("\n"), start=1):
            outside = not inside
            for mark in _TRIPLE.findall(_without_comment(line) if outside else line):
                inside = "" if inside == mark else inside or mark
            header = _HEADER.match(line) if outside else None
            if header:
                self.parts.append(Part(name=header.group(1).strip("\"' "), line=number, keys={}, text=[]))
            key = _KEY.match(line) if outside and not header else None
            if key:
                name = key.group(1) or key.group(2) or key.group(3)
                self.parts[-1].keys.setdefault(name, number)
            if line.strip() and not line.lstrip().startswith("#"):
                self.parts[-1].text.append(line.strip())

    def part(self, name: str, index: int = 0) -> Part:
        """The index-th `[name]`; a table written inline is found where its key stands."""
        named = [part for part in self.parts if part.name == name]
        if index < len(named):
            return named[index]
        top = self.parts[0]
        line = top.keys.get(name, named[-1].line if named else 1)
        return Part(name=name, line=line, keys={}, text=[])

    def line_of(self, name: str, index: int, key: str) -> str:
        """The line of one key as it stands, at most 300 characters."""
        for line in self.part(name, index).text:
            found = _KEY.match(line)
            if found and key in found.groups():
                return " ".join(line.split())[:MAX_QUOTE].rstrip()
        return ""

    def quote(self, name: str, index: int) -> str:
        """The table's lines joined by one space, as they stand, at most 300 characters."""
        part = self.part(name, index)
        joined = " ".join(" ".join(part.text).split())
        if len(joined) <= MAX_QUOTE:
            return joined
        wanted = " ".join(line for line in part.text if line.startswith("value"))
        return " ".join(wanted.split())[:MAX_QUOTE].rstrip()


def _without_comment(line: str) -> str:
    """Cut a comment that no string holds."""
    quote = ""
    for i, char in enumerate(line):
        if char in "\"'":
            quote = "" if quote == char else quote or char
        elif char == "#" and not quote:
            return line[:i]
    return line
