"""Small drawings: product sketches, a red stamp, a pen stroke, a bar code."""

from __future__ import annotations

import html
import itertools
import random
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "content" / "art"
LONG_STAMP = 26  # characters of the upper arc beyond which it is set smaller


@cache
def _svg(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def drawing(name: str) -> str:
    """The sketch of one of the products, or of a test."""
    return _svg(name)


def stamp(args: tuple[str, ...]) -> str:
    """A red round stamp: text along the upper arc, a star, a line below."""
    upper, lower = (*args, "")[:2]
    size = "15" if len(upper) < LONG_STAMP else "11.5"
    words = {"{size}": size, "{upper}": html.escape(upper), "{lower}": html.escape(lower)}
    picture = _svg("_stamp")
    for place, word in words.items():
        picture = picture.replace(place, word)
    return f'<div class="stamp">{picture}</div>'


def scribble(rng: random.Random) -> str:
    """A made-up signature: smooth strokes from a seeded generator."""
    x, points = 8.0, []
    for _ in range(9):
        points.append((x, rng.uniform(6, 42)))
        x += rng.uniform(9, 20)
    path = f"M{points[0][0]:.0f} {points[0][1]:.0f}"
    for (ax, ay), (bx, by) in itertools.pairwise(points):
        path += f"C{ax + 12:.0f} {ay - 18:.0f} {bx - 14:.0f} {by + 20:.0f} {bx:.0f} {by:.0f}"
    stroke = 'fill="none" stroke="#1c2f78" stroke-width="2"'
    return f'<svg class="pen" viewBox="0 0 180 48" width="150"><path d="{path}" {stroke}/></svg>'


def barcode(seed: str) -> str:
    """Bars that look like a code and encode nothing."""
    rng, x, bars = random.Random(seed), 0.0, []
    while x < 170:
        width = rng.choice((1, 1, 2, 3))
        bars.append(f'<rect x="{x:.0f}" width="{width}" height="34"/>')
        x += width + rng.choice((1, 2, 2, 3))
    return f'<svg class="bars" width="172" height="34">{"".join(bars)}</svg>'
