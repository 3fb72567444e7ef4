"""Ages a clean page image as a copier or a phone camera would; seeded, so repeatable."""

from __future__ import annotations

import io
import zlib
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

DEFAULTS: dict[str, Any] = {
    "tilt": 1.0,  # degrees, counter-clockwise
    "noise": 7.0,  # standard deviation of grey levels
    "contrast": 1.0,  # 1 leaves as is, 0.5 halves the distance to mid grey
    "blur": 0.5,  # Gaussian radius in pixels
    "shade": 18.0,  # grey levels lost towards one corner
    "grey": False,
    "quality": 62,
}


def age(image: Image.Image, options: dict[str, Any], name: str) -> Image.Image:
    """The image as scanned. ``options`` override DEFAULTS; unknown ones raise KeyError."""
    if unknown := set(options) - set(DEFAULTS):
        raise KeyError(f"{name}: unknown scan options {sorted(unknown)}")
    settings = DEFAULTS | options
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    paper = (246, 244, 238)
    image = image.rotate(settings["tilt"], resample=Image.Resampling.BICUBIC, expand=False, fillcolor=paper)
    image = image.filter(ImageFilter.GaussianBlur(settings["blur"]))
    pixels = np.asarray(image, dtype=np.float32)
    height, width, _ = pixels.shape
    pixels = 128 + 60 * (1 - settings["contrast"]) + (pixels - 128) * settings["contrast"]
    ramp = np.add.outer(np.linspace(0, 1, height), np.linspace(0, 1, width))[..., None] / 2
    pixels = pixels - settings["shade"] * ramp**2
    pixels = pixels + rng.normal(0, settings["noise"], (height, width, 1))
    specks = rng.random((height, width)) < 0.0004
    pixels[specks] = 90
    aged = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return aged.convert("L") if settings["grey"] else aged


def encode(image: Image.Image, suffix: str, quality: int) -> bytes:
    """The image's file bytes; PNGs are made smaller and reduced to 12 grey levels."""
    out = io.BytesIO()
    if suffix == ".png":
        grey = image.convert("L").resize((round(image.width * 0.75), round(image.height * 0.75)))
        grey.point([round(level / 23) * 23 for level in range(256)]).save(out, "PNG", optimize=True)
    else:
        image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def as_pdf(images: list[Image.Image], quality: int) -> bytes:
    """A PDF that holds nothing but images of its pages."""
    out = io.BytesIO()
    first, *rest = images
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=168, quality=quality)
    return out.getvalue()
