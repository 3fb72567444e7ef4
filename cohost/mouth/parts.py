"""A reply as posts of one platform: named askers, label, parts that fit, the link last. Pure.

Nothing is cut inside a word or a number: a long text is divided at the ends of sentences, then of clauses,
then between words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from cohost.common.sentences import joined, sentences
from cohost.ports import SendPolicy

NAMED = 3
"""Askers named at most; more are counted."""
NAMES_SHARE = 0.4
"""Of a post's length that names may take."""

_CLAUSE = re.compile(r"(?<=[,;:،؛])\s+|(?<=[，；：、])")
_RUN = re.compile(r"[A-Za-z0-9\u00c0-\u024f.,%/+\-]+|\s+|.", re.DOTALL)


def length(text: str, policy: SendPolicy) -> int:
    """As the platform counts."""
    if policy.counts == "bytes":
        return len(text.encode())
    if policy.counts == "utf16":
        return len(text.encode("utf-16-le")) // 2
    return len(text)


def parts(
    text: str, lang: str, policy: SendPolicy, *, names: Sequence[str] = (), link: str = ""
) -> tuple[str, ...]:
    """The posts that say it, in order; at least one. `link` closes the last one where links are allowed, and
    is left out where it fits in none."""
    text = " ".join(text.split())
    head = _head(names, policy)
    tail = f" {link}" if link and policy.may_link else ""
    if not policy.longest or length(head + text + tail, policy) <= policy.longest:
        return (head + text + tail,)
    label = f"{policy.label} " if policy.label else ""
    found: list[str] = []
    for piece in _packed(sentences(text, lang) or [text], head, label, policy):
        found.append((label if found else head) + piece)
    if tail and length(found[-1] + tail, policy) <= policy.longest:
        found[-1] += tail
    elif tail and length(label + tail.strip(), policy) <= policy.longest:
        found.append(label + tail.strip())
    return tuple(found)


def _head(names: Sequence[str], policy: SendPolicy) -> str:
    """ "[AI] @Ana @Bo +3 ": as many names as a part of the length allows."""
    label = f"{policy.label} " if policy.label else ""
    if not policy.mention or not names:
        return label
    said = ""
    for count, name in enumerate(names[:NAMED], start=1):
        more = f"+{len(names) - count} " if len(names) > count else ""
        longer = f"{said}{policy.mention.format(name=name)} "
        if policy.longest and length(label + longer + more, policy) > policy.longest * NAMES_SHARE:
            count -= 1
            break
        said = longer
    left = len(names) - count
    return f"{label}{said}+{left} " if left and said else label + said


def _packed(told: Sequence[str], head: str, label: str, policy: SendPolicy) -> Iterator[str]:
    """Sentences together as long as they fit; the first part has the head before it, the others the label."""
    held: list[str] = []
    room = policy.longest - length(head, policy)
    for sentence in told:
        if length(joined([*held, sentence]), policy) <= room:
            held.append(sentence)
            continue
        if held:
            yield joined(held)
            held, room = [], policy.longest - length(label, policy)
        if length(sentence, policy) <= room:
            held = [sentence]
            continue
        *whole, last = _divided(sentence, room, policy.longest - length(label, policy), policy)
        yield from whole
        held, room = [last], policy.longest - length(label, policy)
    if held:
        yield joined(held)


def _divided(sentence: str, first: int, further: int, policy: SendPolicy) -> list[str]:
    """A sentence that is too long: at the ends of its clauses, else between its words."""
    found: list[str] = []
    held = ""
    for atom in _atoms(sentence, min(first, further), policy):
        room = further if found else first
        if length((held + atom).strip(), policy) > room and held.strip():
            found.append(held.strip())
            held = ""
        held += atom
    if held.strip():
        found.append(held.strip())
    return found


def _atoms(sentence: str, room: int, policy: SendPolicy) -> Iterator[str]:
    """What must stay together, with the spaces behind it: clauses where they fit, else words, a figure with
    the word beside it."""
    for clause in (c for c in _CLAUSE.split(sentence) if c):
        spaced = clause if clause[-1] in "，；：、" else f"{clause} "
        if length(spaced.strip(), policy) <= room:
            yield spaced
            continue
        for atom in _words(spaced):
            if length(atom.strip(), policy) <= room:
                yield atom
                continue
            for word in re.findall(r"\S+\s*", atom):
                yield from (word,) if length(word.strip(), policy) <= room else _letters(word, room, policy)


def _words(clause: str) -> Iterator[str]:
    """Words with the space behind them; "22.4 h", "EN 71" and "AX2 Pro" are one."""
    held = ""
    for run in _RUN.findall(clause):
        if run.isspace():
            held += run
            continue
        if held and _parted(held, run):
            yield held
            held = ""
        held += run
    if held:
        yield held


_SHORT = 12


def _parted(held: str, run: str) -> bool:
    """May a post end between them?"""
    if held[-1].isspace():
        figures = _figures(held) or any(c.isdigit() for c in run)
        return not figures or len(held.strip()) > _SHORT
    return unicodedata.category(run[0])[0] != "M" and not _belongs(held[-1], run)


def _figures(held: str) -> bool:
    return bool(held.strip()) and any(c.isdigit() for c in held.split()[-1])


def _belongs(before: str, run: str) -> bool:
    """Two runs without a space between them that may not be parted: within a script with spaces, a figure and
    its unit, and a closing mark."""
    if unicodedata.category(run[0])[0] == "P" or unicodedata.category(before)[0] == "P":
        return True
    if any(c.isdigit() for c in (before, run[0])):
        return True
    return not (_dense(before) and _dense(run[0]))


def _dense(char: str) -> bool:
    return bool(re.match("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", char))


def _letters(atom: str, room: int, policy: SendPolicy) -> Iterator[str]:
    """A single word longer than a whole post: between letters, marks with their letter."""
    held = ""
    for char in atom:
        if held and unicodedata.category(char)[0] != "M" and length(held + char, policy) > room:
            yield held
            held = ""
        held += char
    yield held
