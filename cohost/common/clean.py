"""Text from outside made safe to store and show: same words, no tricks of Unicode. Pure.

Removed: control characters, bidirectional overrides, invisible characters and tags (joiners stay
where a script or an emoji needs them), stacked marks, private and unassigned code points. Letters in
disguise (full width, "mathematical" bold, circled) become plain letters; punctuation and signs like
"²", "™" or "？" stay as typed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

MARKS = 4
"""Most combining marks on one letter: Vietnamese decomposed has 2, Thai 3, vocalised Arabic 3."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_DISGUISED = re.compile(
    "[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff\u24b6-\u24e9\u2460-\u2473"
    "\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]"
)
_JOINER = re.compile("[\u200c\u200d]+")
_SPACES = re.compile(r"\s+")
_ASCII_ONLY = re.compile(r"[\x20-\x7e]*\Z")


class Cleaned(NamedTuple):
    """The text and whether its end was cut."""

    text: str
    cut: bool


def clean(text: str, limit: int = 2000) -> Cleaned:
    """At most `limit` characters on one line. Never raises on any text; cleaning twice changes nothing."""
    head = text[: 2 * limit + 200]
    if not _ASCII_ONLY.match(head):
        head = _untangled(head)
    line = _SPACES.sub(" ", head).strip()
    cut = len(text) > len(head) if len(text) > 2 * limit + 200 else False
    if len(line) <= limit:
        return Cleaned(line, cut)
    return Cleaned(_cut(line, limit), True)


def _untangled(text: str) -> str:
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    text = _DISGUISED.sub(lambda m: _plain(m.group()), text)
    text = "".join(_kept(c) for c in text)
    text = _JOINER.sub(lambda m: _joiner(text, m), text)
    return unicodedata.normalize("NFC", _unstacked(text))


def _plain(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    if plain == char and "\U0001f130" <= char <= "\U0001f189":
        return chr(ord("A") + (ord(char) - 0x1F130) % 32)
    return plain


def _kept(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category in ("Cn", "Co", "Cs"):
        return ""
    if category == "Cf" and char not in "\u200c\u200d\u0600\u0601\u0602\u0603\u06dd":
        return ""
    return char


def _joiner(text: str, match: re.Match[str]) -> str:
    """A joiner stays between letters of Arabic or Indic script and inside an emoji sequence."""
    before = text[match.start() - 1 : match.start()]
    after = text[match.end() : match.end() + 1]
    if not before or not after:
        return ""
    if all("\u0600" <= c <= "\u08ff" or "\u0900" <= c <= "\u0dff" for c in (before, after)):
        return match.group()[0]
    pictures = (before > "\u2190" or before == "\ufe0f") and after > "\u2190"
    if pictures and match.group()[0] == "\u200d" and not after.isalpha():
        return "\u200d"
    return ""


def _unstacked(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        if unicodedata.category(char) in ("Mn", "Me") and not "\ufe00" <= char <= "\ufe0f":
            marks += 1
            limit = 2 if "\u0300" <= char <= "\u036f" else MARKS
            if marks > limit or not kept:
                continue
        else:
            marks = 0
        kept.append(char)
    return "".join(kept)


def _cut(line: str, limit: int) -> str:
    """Cut before a mark or a joiner would lose its letter; at a space if one is near."""
    end = limit
    while end > 0 and (unicodedata.category(line[end])[0] == "M" or line[end] in "\u200c\u200d"):
        end -= 1
    space = line.rfind(" ", end - 40, end)
    return line[: space if space > 0 else end].rstrip()
