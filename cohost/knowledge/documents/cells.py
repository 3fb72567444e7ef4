"""A spreadsheet cell's value → the text it shows, figures in full. Pure."""

from __future__ import annotations

import datetime as dt
import re

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)(?:-[0-9A-Fa-f]+)?\]')
_PLACEHOLDER = re.compile(r"[#0?][#0?,]*(?:\.[0#?]+)?")


def shown(value: object, number_format: str = "General") -> str:
    """Dates in ISO form, percentages and unit suffixes as displayed, other numbers in full."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, number_format or "General")
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    return " ".join(str(value).split())


def _number(value: float, number_format: str) -> str:
    """The full figure (no rounding, no padding) with the format's percent sign and literal text."""
    pattern = number_format.split(";")[0]
    literals = _LITERAL.sub(
        lambda m: "\x01" + (m.group(1) or m.group(2) or m.group(3) or "") + "\x02", pattern
    )
    if _PLACEHOLDER.search(re.sub("\x01[^\x02]*\x02", "", literals)) is None:
        return plain(value)
    percent = "%" in re.sub("\x01[^\x02]*\x02", "", literals)
    before, after = _around(literals)
    number = plain(value * 100.0) + "%" if percent else plain(value)
    return " ".join(f"{before}{number}{after}".split())


def _around(literals: str) -> tuple[str, str]:
    """Literal text before and after the digits: `0" g"` → ("", " g")."""
    place = _PLACEHOLDER.search(re.sub("\x01[^\x02]*\x02", lambda m: "\x03" * len(m.group()), literals))
    if place is None:
        return "", ""
    sides = literals[: place.start()], literals[place.end() :]
    before, after = (re.sub("[\x01\x02]", "", re.sub(r"[%_*#0?]", "", side)) for side in sides)
    return before, after


def plain(value: float) -> str:
    """24.0 → "24", 59.9 → "59.9"."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(round(value, 10)) if isinstance(value, float) else str(value)
