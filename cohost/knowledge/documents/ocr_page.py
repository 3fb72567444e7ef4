"""A picture as it comes → a page to read: decoded within bounds, grain removed, standing straight."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from cohost.errors import DocumentError

MAX_PIXELS = 40_000_000  # an image of more is refused before it is decoded
READ_SIDE = 3200  # px, longest side lines are read from
GRAIN = 6.0  # mean difference from the median-filtered page, of 255, that counts as noise


def decode(data: bytes) -> Image.Image:
    """Bytes → RGB as a viewer would show it (EXIF turn applied, transparency on white)."""
    try:
        image = Image.open(io.BytesIO(data))
        if image.width * image.height > MAX_PIXELS:
            raise DocumentError("too_large", f"image of {image.width} x {image.height} px, at most 40 Mpx")
        shown = ImageOps.exif_transpose(image).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        reason = "no picture of a kind known here" if isinstance(error, UnidentifiedImageError) else error
        raise DocumentError("corrupt", f"image cannot be decoded: {reason}") from error
    white = Image.new("RGBA", shown.size, "white")
    page = Image.alpha_composite(white, shown).convert("RGB")
    page.thumbnail((READ_SIDE, READ_SIDE))
    return page


def smooth(page: Image.Image) -> Image.Image:
    """Take the grain out of a noisy photo; a clean scan is returned as it is."""
    grey = page.convert("L")
    calm = grey.filter(ImageFilter.MedianFilter(3))
    grain = float(np.abs(np.asarray(grey, np.float32) - np.asarray(calm, np.float32)).mean())
    if grain < GRAIN:
        return page
    return page.filter(ImageFilter.MedianFilter(3)).filter(ImageFilter.GaussianBlur(1.0))


def straighten(page: Image.Image) -> tuple[Image.Image, float]:
    """Turn the page by the angle (±6°) whose rows of ink are sharpest; → page, degrees turned."""
    small = page.convert("L")
    small.thumbnail((900, 900))
    grey = np.asarray(small, dtype=np.float32)
    mask = Image.fromarray(((grey < (np.percentile(grey, 60) * 0.7)) * 255).astype(np.uint8))
    coarse = max(np.arange(-6, 6.1, 0.5), key=lambda a: (_sharpness(mask, a), -abs(a)))
    angle = max(np.arange(coarse - 0.4, coarse + 0.45, 0.1), key=lambda a: (_sharpness(mask, a), -abs(a)))
    if abs(angle) < 0.15 or _sharpness(mask, angle) < 1.05 * _sharpness(mask, 0.0):
        return page, 0.0
    turned = page.rotate(angle, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=paper(page))
    return turned, round(float(angle), 2)


def _sharpness(mask: Image.Image, angle: float) -> float:
    rows = np.asarray(mask.rotate(float(angle)), dtype=np.float32).sum(axis=1)
    return float(np.square(np.diff(rows)).sum())


def paper(page: Image.Image) -> tuple[int, int, int]:
    """The colour of the paper: the median of the brighter half."""
    small = np.asarray(page.resize((64, 64)), dtype=np.float32).reshape(-1, 3)
    bright = small[small.mean(axis=1) >= np.median(small.mean(axis=1))]
    red, green, blue = (int(v) for v in np.median(bright, axis=0))
    return red, green, blue
