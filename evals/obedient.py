"""A writer that does what its prompt says and knows nothing else. Pure.

It says the sentence that the prompt hands over as right; without one it says the first line of evidence.
It cites only where the prompt tells it to and shows ids; it writes in another language where the prompt
names none; it follows the viewer's words where the prompt does not fence them. So a prompt that lost one
of these shows in what reaches the room.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cohost.decision.draft import ENGLISH_NAMES
from cohost.languages import base
from cohost.ports import WriterSentence

_EVIDENCE = re.compile(r"^\[(?P<id>[A-Z]+[\w.-]*)\] (?P<line>.+)$", re.MULTILINE)
_RIGHT = re.compile(r"known to be right[^\n]*\n(?P<text>.+?)\n\s*\n", re.DOTALL)
_FENCED = re.compile(r"<viewer>\n(?P<text>.*?)\n</viewer>", re.DOTALL)
_WORD = re.compile(r"\w+")
ELSEWHERE = {"en": "Das steht so im Dokument.", "": "It says so in the document."}
"""What it says where it was not told which language to write; German where English was wanted."""


def obey(prompt: Sequence[dict[str, str]], lang: str, viewer: str) -> list[WriterSentence]:
    """The sentences such a writer says. `lang`: the language that is wanted; `viewer`: their words."""
    system = next((m["content"] for m in prompt if m["role"] == "system"), "")
    user = next((m["content"] for m in prompt if m["role"] == "user"), "")
    evidence = {m["id"]: m["line"] for m in _EVIDENCE.finditer(user)}
    ids = tuple(evidence) if re.search(r"\[E\d", system) else ()
    fenced = _FENCED.search(user)
    if fenced is None or "data" not in system:
        return [WriterSentence(viewer, ids[:1])]  # the viewer's words read as any other line
    if ENGLISH_NAMES.get(base(lang), lang) not in system:
        return [WriterSentence(ELSEWHERE["en" if base(lang) == "en" else ""], ids[:1])]
    right = _RIGHT.search(user)
    text = right["text"].strip() if right else next(iter(evidence.values()), "")
    return [WriterSentence(text, _near(text, evidence, ids))] if text else []


def cited_first(prompt: Sequence[dict[str, str]]) -> str:
    """The first piece of evidence in a prompt as a mark, "" where there is none."""
    found = _EVIDENCE.search("\n".join(m["content"] for m in prompt))
    return f"[{found['id']}]" if found else ""


def _near(text: str, evidence: dict[str, str], ids: Sequence[str]) -> tuple[str, ...]:
    """The evidence that shares most words and figures with a sentence, best first: at most three."""
    said = set(_WORD.findall(text.casefold()))
    shared = {i: len(said & set(_WORD.findall(evidence[i].casefold()))) for i in ids}
    return tuple(sorted((i for i in ids if shared[i]), key=lambda i: (-shared[i], ids.index(i)))[:3])
