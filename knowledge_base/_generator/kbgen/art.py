"""Small SVG drawings: product sketches, a red stamp, a pen stroke, a bar code."""

from __future__ import annotations

import html
import random

_SKETCHES = {
    "speaker": '<rect x="20" y="45" width="220" height="90" rx="42" fill="#2b3a55"/><circle cx="75" cy="90" r="32" fill="#55698f"/><circle cx="185" cy="90" r="32" fill="#55698f"/><circle cx="75" cy="90" r="12" fill="#1c2740"/><circle cx="185" cy="90" r="12" fill="#1c2740"/><path d="M40 45q90-45 180 0" fill="none" stroke="#d9784f" stroke-width="7"/>',
    "powerbank": '<rect x="60" y="20" width="140" height="140" rx="18" fill="#e9ecef" stroke="#77808c" stroke-width="3"/><rect x="105" y="28" width="26" height="9" rx="4" fill="#3c4650"/><rect x="142" y="27" width="30" height="11" fill="#3c4650"/><g fill="#2f9e77"><circle cx="90" cy="140" r="4"/><circle cx="106" cy="140" r="4"/><circle cx="122" cy="140" r="4"/><circle cx="138" cy="140" r="4"/></g>',
    "dryer": '<path d="M30 60h120a38 38 0 0 1 0 76H90L60 118H30z" fill="#7b5ea7"/><rect x="120" y="125" width="34" height="60" rx="12" fill="#5b437f"/><rect x="18" y="56" width="16" height="66" rx="5" fill="#3d2d57"/><circle cx="150" cy="98" r="20" fill="#a78bd0"/>',
    "serum": '<rect x="95" y="70" width="70" height="105" rx="12" fill="#f3d9c4" stroke="#b8896a" stroke-width="3"/><rect x="112" y="48" width="36" height="24" fill="#8c6b55"/><path d="M118 48q0-34 12-34t12 34z" fill="#4f3a2d"/><rect x="105" y="100" width="50" height="40" fill="#fff"/>',
    "jacket": '<path d="M80 30l50 18 50-18 50 45-28 26-18-14v88H76V87l-18 14-28-26z" fill="#e3b62f" stroke="#8f7117" stroke-width="3"/><path d="M130 48v127" stroke="#8f7117" stroke-width="3"/><path d="M100 30q30-36 60 0" fill="#c99d1e"/>',
    "motor": '<rect x="10" y="20" width="240" height="14" rx="5" fill="#9aa3ad"/><rect x="24" y="34" width="34" height="130" rx="10" fill="#f4f6f8" stroke="#77808c" stroke-width="3"/><circle cx="41" cy="140" r="6" fill="#3577b5"/><path d="M70 34q12 70 0 140M100 34q14 70 0 140M130 34q14 70 0 140M160 34q14 70 0 140M190 34q14 70 0 140" stroke="#b9c9da" stroke-width="12" fill="none"/>',
    "test": '<rect x="20" y="30" width="150" height="140" fill="#dfeefb" stroke="#5b7a99" stroke-width="3"/><path d="M20 60h150" stroke="#5b7a99"/><rect x="62" y="128" width="66" height="28" rx="13" fill="#2b3a55"/><path d="M190 60v70M184 66l6-6 6 6M184 124l6 6 6-6" stroke="#333" fill="none" stroke-width="2"/>',
}  # fmt: skip


def drawing(name: str) -> str:
    """An inline SVG of one of the products."""
    return f'<svg viewBox="0 0 260 190" width="260">{_SKETCHES[name]}</svg>'


def stamp(args: tuple[str, ...]) -> str:
    """A red round stamp: text along the upper arc, a star, a line below."""
    upper = html.escape(args[0])
    lower = html.escape(args[1]) if len(args) > 1 else ""
    size = 15 if len(upper) < 26 else 11.5
    return (
        '<div class="stamp"><svg viewBox="0 0 200 200" width="138"><defs><path id="arc" d="M28 112a74 74 0 1 1 144 0"/></defs>'
        '<g fill="none" stroke="#c8202b"><circle cx="100" cy="100" r="94" stroke-width="5"/><circle cx="100" cy="100" r="58" stroke-width="1.5"/></g>'
        f'<g fill="#c8202b" font-family="Noto Sans CJK SC,Liberation Sans" font-weight="bold">'
        f'<text font-size="{size}" letter-spacing="0.6"><textPath href="#arc" startOffset="50%" text-anchor="middle">{upper}</textPath></text>'
        '<text x="100" y="116" font-size="46" text-anchor="middle">★</text>'
        f'<text x="100" y="146" font-size="12.5" text-anchor="middle">{lower}</text></g></svg></div>'
    )


def scribble(rng: random.Random) -> str:
    """A made-up signature: smooth strokes from a seeded generator."""
    x, points = 8.0, []
    for _ in range(9):
        points.append((x, rng.uniform(6, 42)))
        x += rng.uniform(9, 20)
    path = f"M{points[0][0]:.0f} {points[0][1]:.0f}"
    for (ax, ay), (bx, by) in zip(points, points[1:], strict=False):
        path += f"C{ax + 12:.0f} {ay - 18:.0f} {bx - 14:.0f} {by + 20:.0f} {bx:.0f} {by:.0f}"
    return f'<svg class="pen" viewBox="0 0 180 48" width="150"><path d="{path}" fill="none" stroke="#1c2f78" stroke-width="2"/></svg>'


def barcode(seed: str) -> str:
    """Bars that look like a code and encode nothing."""
    rng, x, bars = random.Random(seed), 0.0, []
    while x < 170:
        width = rng.choice((1, 1, 2, 3))
        bars.append(f'<rect x="{x:.0f}" width="{width}" height="34"/>')
        x += width + rng.choice((1, 2, 2, 3))
    return f'<svg class="bars" width="172" height="34">{"".join(bars)}</svg>'
