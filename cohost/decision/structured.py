"""Sentences out of a JSON answer as it streams: `{"sentences": [{"text": …, "evidence": ["E3"]}]}`. Pure.

For servers that keep to a schema. One that was asked for JSON and writes plain text is read as such.
"""

from __future__ import annotations

import json
import re
from typing import Any

from cohost.common.sentences import Splitter, cited
from cohost.ports import WriterSentence

RESPONSE_FORMAT: dict[str, Any] = {
    "type": "json_schema",
    "json_schema": {
        "name": "answer",
        "strict": True,
        "schema": {
            "type": "object",
            "additionalProperties": False,
            "required": ["sentences"],
            "properties": {
                "sentences": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["text", "evidence"],
                        "properties": {
                            "text": {"type": "string", "description": "one sentence, without ids"},
                            "evidence": {
                                "type": "array",
                                "items": {"type": "string"},
                                "description": "ids of the evidence it rests on, such as E3",
                            },
                        },
                    },
                }
            },
        },
    },
}
"""The same for every turn: servers keep what they made of it."""
_ID = re.compile(r"E\d{1,6}")
FENCE = "```"


class JsonSentences:
    """Feed text as it comes; take sentences when their objects are closed. `flush` at the end."""

    def __init__(self, lang: str) -> None:
        self._rest = ""
        self._plain: Splitter | None = None
        self._lang = lang
        self._begun = False
        self._depth = 0  # of braces and brackets
        self._inside = False  # a string
        self._escaped = False
        self._read = 0  # of _rest
        self._start: int | None = None  # where an object of the list begins

    def feed(self, text: str) -> list[WriterSentence]:
        """Raises ValueError on an object that is no sentence."""
        if self._plain is not None:
            return self._plain.feed(text)
        self._rest += text
        if not self._begun:
            begin = self._rest.lstrip()
            if begin.startswith(FENCE) and "\n" in begin:
                begin = begin.partition("\n")[2].lstrip()
            if not begin or begin.startswith(FENCE) or FENCE.startswith(begin):
                return []  # nothing yet, or the fence's line
            if not begin.startswith("{"):
                self._plain = Splitter(self._lang)
                return self._plain.feed(self._rest)
            self._begun, self._rest = True, begin
        return self._objects()

    def flush(self) -> list[WriterSentence]:
        """Raises ValueError where the answer broke off."""
        if self._plain is not None:
            return self._plain.flush()
        if self._depth or (self._rest.strip() and not self._begun):
            raise ValueError("got JSON without its end, expected a whole answer")
        return []

    def _objects(self) -> list[WriterSentence]:
        found: list[WriterSentence] = []
        for at in range(self._read, len(self._rest)):
            sign = self._rest[at]
            if self._inside:
                self._string(sign)
            elif sign == '"':
                self._inside = True
            elif sign in "{[":
                self._depth += 1
                if sign == "{" and self._depth == 3:
                    self._start = at
            elif sign in "}]":
                self._depth -= 1
                if self._depth == 2 and self._start is not None:
                    found.append(_sentence(self._rest[self._start : at + 1]))
                    self._start = None
        self._read = len(self._rest)
        return [s for s in found if s.text]

    def _string(self, sign: str) -> None:
        if self._escaped:
            self._escaped = False
        elif sign == "\\":
            self._escaped = True
        elif sign == '"':
            self._inside = False


def _sentence(source: str) -> WriterSentence:
    data = json.loads(source)
    text, ids = data.get("text"), data.get("evidence")
    if not isinstance(text, str) or not isinstance(ids, list):
        raise ValueError(f"got {source[:60]}, expected text and evidence")
    told = cited(text)
    given = [i for one in ids for i in _ID.findall(str(one))]
    return WriterSentence(told.text, tuple(dict.fromkeys((*given, *told.evidence))))
