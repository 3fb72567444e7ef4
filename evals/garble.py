"""What translators do to a line without saying so: one fault planted in a right translation. Pure."""

from __future__ import annotations

import hashlib
import re

from cohost.trust.quantities import amounts

_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,٫]\d+)?(?![\w]*XQ)")
_MARK = re.compile(r"XQ\d|\b[A-Z]{2,}[A-Z0-9-]*\d\b|\b[A-Z]+ \d{3,}\b|https?://\S+")


def dropped(text: str, lang: str) -> str:
    """A number gone."""
    return " ".join(_NUMBER.sub("", text, count=1).split())


def changed(text: str, lang: str) -> str:
    """Another number."""
    return _NUMBER.sub(lambda m: "37" if m.group() != "37" else "73", text, count=1)


def added(text: str, lang: str) -> str:
    """A number that nobody said."""
    return f"{text} (9)"


def unit(text: str, lang: str) -> str:
    """Another unit behind the number."""
    found = next((a for a in amounts(text, lang) if a.unit not in (None, "piece", "time", "%")), None)
    if found is None:
        return text
    number = _NUMBER.search(found.text)
    other = "lb" if found.unit != "lb" else "kg"
    return text[: found.start] + f"{number.group() if number else '2'} {other}" + text[found.end :]


def name(text: str, lang: str) -> str:
    """A model, a standard or a link gone."""
    return " ".join(_MARK.sub("", text, count=1).split())


KINDS = {"dropped": dropped, "changed": changed, "added": added, "unit": unit, "name": name}


def garbled(text: str, source: str, lang: str, right: str) -> tuple[str, str]:
    """Kind and faulty translation, the same each time; ("", right) where none can be planted. `text`: the
    line itself, which chooses the kind."""
    kinds = [k for k, plant in KINDS.items() if plant(right, lang) != right]
    if not kinds:
        return "", right
    number = int(hashlib.sha256(f"{text}{source}{lang}".encode()).hexdigest(), 16)
    kind = kinds[number % len(kinds)]
    return kind, KINDS[kind](right, lang)
