"""Text on a PDF page that nobody sees: white on white, smaller than 2 pt, outside the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_LIGHT = 0.93  # luminance from which a colour counts as white
_TINY = 2.0  # pt

Char = dict[str, Any]


def split_hidden(page: Any) -> tuple[list[Char], list[Char]]:
    """(shown, hidden) characters of a pdfplumber page. White on a dark ground or a picture is shown."""
    shown: list[Char] = []
    hidden: list[Char] = []
    grounds: list[Any] | None = None
    for char in page.chars:
        if char["size"] < _TINY or _outside(char, page.bbox):
            hidden.append(char)
        elif luminance(char.get("non_stroking_color")) >= _LIGHT:
            if grounds is None:
                grounds = _grounds(page)
            (shown if _on_ground(char, grounds) else hidden).append(char)
        else:
            shown.append(char)
    if not any(c["text"].strip() for c in hidden):
        return shown, []
    return shown, hidden


def luminance(colour: Any) -> float:
    """0 black … 1 white of a grey, RGB or CMYK colour; a pattern or no colour counts as black."""
    values = colour if isinstance(colour, list | tuple) else (colour,)
    if not values or not all(isinstance(v, int | float) for v in values):
        return 0.0
    if len(values) == 1:
        return float(values[0])
    if len(values) == 3:
        red, green, blue = values
        return float(0.3 * red + 0.59 * green + 0.11 * blue)
    if len(values) == 4:
        ink = 0.3 * values[0] + 0.59 * values[1] + 0.11 * values[2] + values[3]
        return max(0.0, 1.0 - float(ink))
    return 0.0


def _outside(char: Char, box: Sequence[float]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return not (box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _grounds(page: Any) -> list[Any]:
    """Filled shapes that are not white, and pictures."""
    shapes = [
        s
        for s in (*page.rects, *page.curves)
        if s.get("fill") and luminance(s.get("non_stroking_color")) < _LIGHT
    ]
    return [*shapes, *page.images]


def _on_ground(char: Char, grounds: Sequence[Any]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return any(g["x0"] <= x <= g["x1"] and g["top"] <= y <= g["bottom"] for g in grounds)
