"""A cell's words: the members it lists, or a text cut to fit. Pure."""

from __future__ import annotations

import re

TEXT = 300
_LIST = re.compile(
    r"\s*(?:(?<!\d),|,(?!\d)|[、，;；|\n•·]|\s/\s(?!\d)|(?<=\S)/(?=\s)(?!\s\d)|(?<=[^\x00-\x7f])/(?=[^\x00-\x7f]))\s*"
)


def items(cell: str) -> tuple[str, ...]:
    """The members of a list cell, words as written; a bracket is never split."""
    held: list[str] = []
    guarded = re.sub(r"\([^)]*\)|（[^）]*）", lambda m: _hold(held, m.group()), cell)
    parts = [p.strip(" .。") for p in _LIST.split(guarded)]
    restored = [re.sub(r"\x00(\d+)\x00", lambda m: held[int(m.group(1))], p) for p in parts]
    return tuple(p for p in restored if p)


def _hold(held: list[str], text: str) -> str:
    held.append(text)
    return f"\x00{len(held) - 1}\x00"


def shortened(cell: str) -> str:
    if len(cell) <= TEXT:
        return cell
    cut = cell[:TEXT]
    return cut[: cut.rfind(" ")] if " " in cut[TEXT // 2 :] else cut
