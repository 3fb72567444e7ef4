"""Image → text: stand the page upright, find the lines, read them, put them in rows.

The models are PP-OCRv4 as `rapidocr-onnxruntime` carries them, one thread each. Four things differ
from that package's own pipeline: the page is straightened and given a border first (long lines of a
tilted page otherwise lose their box), no line is dropped for a low score (it is kept with its
confidence), word spaces come from the ink (the model writes Latin text without them), and a digit
inside a word of letters gives way to its look-alike where the model doubts (D0C → DOC).
"""

from __future__ import annotations

import difflib
import itertools
import re
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter, ImageOps

from cohost.knowledge.documents.model import OcrPage, OcrWord, Piece
from cohost.knowledge.documents.ocr_page import decode, paper, smooth, straighten
from cohost.knowledge.documents.rows import into_rows

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

DETECT_SIDE = 1600  # px, longest side given to the line detector
BORDER = 24  # px of paper added around the page
LOOK_ALIKE = {"0": "Oo", "1": "lI", "5": "S", "8": "B"}
AIRY = frozenset("I1.:|/")  # characters that stand in wide air of their own
SPACE = 0.42  # of the usual step from letter to letter: a wider gap parts words
DOUBT = 0.02  # a letter's probability from which it may replace its look-alike digit


class Glyph(NamedTuple):
    """A character with its probability and the middle of its ink, px from the crop's left edge."""

    char: str
    prob: float
    x: float


class Engine:
    """The loaded models (some 240 MB). Not thread-safe."""

    def __init__(self) -> None:
        from rapidocr_onnxruntime import RapidOCR

        self._ocr: Any = RapidOCR(
            intra_op_num_threads=1,
            inter_op_num_threads=1,
            det_box_thresh=0.4,
            det_limit_side_len=64,  # scaling is done here
        )

    def read(self, data: bytes) -> OcrPage:
        """Raises DocumentError("unreadable" | "too_large")."""
        page, tilt = straighten(smooth(decode(data)))
        page = ImageOps.expand(page, BORDER, fill=paper(page))
        lines, page = self._read_upright(page)
        return OcrPage(rows=into_rows(lines), width=page.width, height=page.height, tilt_deg=tilt)

    def _read_upright(self, page: Image.Image) -> tuple[list[Piece], Image.Image]:
        """Lines of the page, turned by quarter turns until most of its text stands upright."""
        boxes = self._boxes(page)
        if len(boxes) >= 4 and np.mean([_tall(box) for box in boxes]) > 0.6:
            page = page.transpose(Image.Transpose.ROTATE_90)
            boxes = self._boxes(page)
        crops = self._crops(page, boxes)
        if crops and self._upside_down(crops):
            page = page.transpose(Image.Transpose.ROTATE_180)
            boxes = self._boxes(page)
            crops = self._crops(page, boxes)
        return [line for box, crop in zip(boxes, crops, strict=True) if (line := self._line(box, crop))], page

    def _boxes(self, page: Image.Image) -> list[Floats]:
        """Corner points (4, 2) of every line, in pixels of `page`, top to bottom."""
        scale = min(1.0, DETECT_SIDE / max(page.size))
        small = page.resize((max(32, round(page.width * scale)), max(32, round(page.height * scale))))
        found, _ = self._ocr.auto_text_det(np.asarray(small)[:, :, ::-1].copy())
        boxes = [] if found is None else [np.asarray(box, dtype=np.float32) / scale for box in found]
        return _rejoined(boxes)

    def _crops(self, page: Image.Image, boxes: list[Floats]) -> list[Pixels]:
        return self._ocr.get_crop_img_list(np.asarray(page)[:, :, ::-1].copy(), boxes) if boxes else []

    def _upside_down(self, crops: list[Pixels]) -> bool:
        _, turns, _ = self._ocr.text_cls([crop.copy() for crop in crops])
        sure = [label for label, score in turns if score > 0.9]
        return len(sure) >= 2 and sure.count("180") > 0.6 * len(sure)

    def _line(self, box: Floats, crop: Pixels) -> Piece | None:
        glyphs = _settle_look_alikes(self._glyphs(crop))
        if any(g.char.isdigit() for g in glyphs):
            again = self._glyphs(_squeezed(crop))
            glyphs = _agreed(glyphs, [ranked[0].char for ranked in again])
        words = _words(_with_spaces(glyphs, crop))
        if not words:
            return None
        (left, top), (right, bottom) = box.min(axis=0), box.max(axis=0)
        return Piece(
            text=" ".join(word.text for word in words),
            confidence=min(word.confidence for word in words),
            box=(float(left), float(top), float(right), float(bottom)),
            words=words,
        )

    def _glyphs(self, crop: Pixels) -> list[list[Glyph]]:
        """CTC decoding: for each character its candidates, best first."""
        height, width = crop.shape[:2]
        reader = self._ocr.text_rec
        batch = reader.resize_norm_img(_stretched(crop), max(320 / 48, width / height))[np.newaxis, :]
        probs = reader.session(batch.astype(np.float32))[0][0]
        step = batch.shape[3] / probs.shape[0] * height / 48  # px of the crop per time step
        return _collapse(probs, reader.postprocess_op.character, step)


def _rejoined(boxes: list[Floats]) -> list[Floats]:
    """Neighbours on one level that (nearly) touch are one line that a fold or a stain cut in two."""
    out: list[Floats] = []
    for box in sorted(boxes, key=lambda b: float(b[:, 0].min())):
        left = next((i for i, other in enumerate(out) if _touches(other, box)), None)
        if left is None:
            out.append(box)
        else:
            a = out[left]
            right = box if box[:, 0].max() > a[:, 0].max() else a
            out[left] = np.stack([a[0], right[1], right[2], a[3]])
    return sorted(out, key=lambda b: float(b[:, 1].mean()))


def _touches(a: Floats, b: Floats) -> bool:
    """`b`, to the right of `a`, goes on where `a` ends."""
    height = float(min(np.ptp(a[:, 1]), np.ptp(b[:, 1])))
    level = abs(float(a[:, 1].mean() - b[:, 1].mean())) < 0.25 * height
    alike = float(max(np.ptp(a[:, 1]), np.ptp(b[:, 1]))) < 1.4 * height
    gap = float(b[:, 0].min() - a[:, 0].max())
    return level and alike and not (_tall(a) or _tall(b)) and -2.0 * height < gap < 0.35 * height


def _collapse(probs: Floats, characters: list[str], step: float) -> list[list[Glyph]]:
    best = probs.argmax(axis=1)
    out: list[list[Glyph]] = []
    start = 0
    for end in range(1, len(best) + 1):
        if end < len(best) and best[end] == best[start]:
            continue
        if best[start] != 0:  # 0 is CTC's blank
            peak = start + int(probs[start:end, best[start]].argmax())
            ranked = np.argsort(probs[peak])[::-1][:4]
            x = (start + end) / 2 * step
            out.append([Glyph(characters[i], float(probs[peak][i]), x) for i in ranked if i != 0])
        start = end
    return out


def _settle_look_alikes(candidates: list[list[Glyph]]) -> list[Glyph]:
    """Between two letters, a digit the model is not sure of gives way to the letter it looks like."""
    glyphs = [ranked[0] for ranked in candidates]
    for i in range(1, len(glyphs) - 1):
        letters = LOOK_ALIKE.get(glyphs[i].char)
        if letters and glyphs[i - 1].char.isalpha() and glyphs[i + 1].char.isalpha():
            other = next((g for g in candidates[i][1:] if g.char in letters and g.prob >= DOUBT), None)
            glyphs[i] = other or glyphs[i]
    return glyphs


def _squeezed(crop: Pixels) -> Pixels:
    """The same line as a second look sees it: narrower and softer."""
    image = Image.fromarray(crop)
    narrow = image.resize((max(8, round(image.width * 0.9)), image.height), Image.Resampling.BOX)
    return np.asarray(narrow.filter(ImageFilter.GaussianBlur(0.6)))


def _agreed(glyphs: list[Glyph], again: list[str]) -> list[Glyph]:
    """A character on which two looks differ is at most half certain (8 and B, 0 and O)."""
    chars = [g.char for g in glyphs]
    out = list(glyphs)
    for tag, start, end, _, _ in difflib.SequenceMatcher(None, chars, again, autojunk=False).get_opcodes():
        if tag in ("replace", "delete"):
            out[start:end] = [g._replace(prob=min(g.prob, 0.5)) for g in glyphs[start:end]]
    return out


def _with_spaces(glyphs: list[Glyph], crop: Pixels) -> list[Glyph]:
    """Put a space where the ink leaves a gap as wide as a word space beside a non-CJK character."""
    ink = _ink(crop)
    rows = np.flatnonzero(ink.any(axis=1))
    if len(rows) == 0 or not glyphs:
        return glyphs
    gaps = _gaps(ink)
    need = SPACE * _advance(glyphs, float(rows[-1] - rows[0] + 1))
    out = [glyphs[0]]
    for left, right in itertools.pairwise(glyphs):
        wide = max((b - a for a, b in gaps if left.x < (a + b) / 2 < right.x), default=0)
        cjk = _cjk(left.char) and _cjk(right.char)
        if wide > need * _air(left.char, right.char) and not cjk and " " not in (left.char, right.char):
            out.append(Glyph(" ", 1.0, (left.x + right.x) / 2))
        out.append(right)
    return out


def _advance(glyphs: list[Glyph], height: float) -> float:
    """The usual distance from one Latin character to the next, px."""
    pairs = [(a, b) for a, b in itertools.pairwise(glyphs) if not (_cjk(a.char) or _cjk(b.char))]
    steps = [b.x - a.x for a, b in pairs if " " not in (a.char, b.char)]
    if len(steps) < 3:
        return 0.5 * height
    usual = float(np.median(steps))
    return max(0.45 * height, float(np.mean([s for s in steps if s <= 1.6 * usual])))


def _air(left: str, right: str) -> float:
    """Figures stand apart (a 1 is narrow, its place is not), strokes and stops in air of their own."""
    if left.isdigit() and right.isdigit():
        return 1.7 if "1" in (left, right) else 1.2
    return 1.4 if left in AIRY or right in AIRY else 1.0


def _stretched(crop: Pixels) -> Pixels:
    """Faint print on grey paper gets its full contrast back; clear print stays as it is."""
    low, high = np.percentile(crop, 1), np.percentile(crop, 97)
    if high - low > 130 or high - low < 12:
        return crop
    wide = (crop.astype(np.float32) - low) * (255 / (high - low))
    return np.clip(wide, 0, 255).astype(np.uint8)


def _ink(crop: Pixels) -> npt.NDArray[np.bool_]:
    grey = crop.mean(axis=2)
    paper, dark = np.percentile(grey, 90), np.percentile(grey, 2)
    return np.asarray(grey < (paper + dark) / 2)


def _gaps(ink: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Empty column runs between the first and the last ink, as (start, end)."""
    columns = np.flatnonzero(ink.any(axis=0))
    breaks = np.flatnonzero(np.diff(columns) > 1)
    return [(int(columns[i]) + 1, int(columns[i + 1])) for i in breaks]


def _words(glyphs: list[Glyph]) -> tuple[OcrWord, ...]:
    words: list[OcrWord] = []
    text = "".join(g.char for g in glyphs)
    for match in re.finditer(r"\S+", text):
        probs = [g.prob for g in glyphs[match.start() : match.end()]]
        digit = any(c.isdigit() for c in match.group())
        value = min(probs) if digit else sum(probs) / len(probs)
        words.append(OcrWord(text=match.group(), confidence=round(value, 3)))
    return tuple(words)


def _cjk(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" or "\uf900" <= char <= "\uffef"


def _tall(box: Floats) -> bool:
    (left, top), (right, bottom) = box.min(axis=0), box.max(axis=0)
    return bool(bottom - top > 1.5 * (right - left))
