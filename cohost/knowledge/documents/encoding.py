"""Bytes of a text file → text: marks, UTF-8, UTF-16, else the old encoding that reads best. Pure."""

from __future__ import annotations

import codecs
import itertools
from collections.abc import Callable

from cohost.errors import DocumentError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SCORED = 20_000  # bytes looked at when encodings compete


def decode(data: bytes) -> str:
    """Bytes → text, newlines as \\n. Raises DocumentError("encoding")."""
    return _decode(data).replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def _decode(data: bytes) -> str:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _strict(data, name)
    if b"\0" in data[:4096]:
        return _utf16(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _damaged_utf8(data) or _legacy(data)


def _damaged_utf8(data: bytes) -> str | None:
    """UTF-8 in which a few bytes are broken, each shown as \ufffd; None when it is no UTF-8."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = sum(ord(c) > 127 for c in text) - broken
    return text if whole > 20 * broken else None


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise DocumentError("encoding", f"not {name} although its first bytes say so: {error}") from error


def _utf16(data: bytes) -> str:
    """UTF-16 without a mark shows zeros in every second byte of its ASCII."""
    even, odd = data[:4096:2].count(0), data[1:4096:2].count(0)
    if max(even, odd) < 8 * min(even, odd) + 2:
        raise DocumentError("encoding", "binary content where text was expected")
    return _strict(data, "utf-16-le" if odd > even else "utf-16-be")


def _share(text: str, test: Callable[[str], bool]) -> float:
    high = [c for c in text if ord(c) > 127]
    return sum(map(test, high)) / len(high) if high else 0.0


def _between(*ranges: tuple[str, str]) -> Callable[[str], bool]:
    return lambda c: any(low <= c <= high for low, high in ranges)


def _common_hanzi(char: str, codec: str, first: int, last: int) -> bool:
    """In the rows of the national standard that hold the everyday characters, or CJK punctuation."""
    if "\u3000" <= char <= "\u3011" or "\uff01" <= char <= "\uff5e":
        return True
    try:
        return first <= char.encode(codec)[0] <= last and len(char.encode(codec)) == 2
    except UnicodeEncodeError:
        return False


_KANA = _between(("\u3040", "\u30ff"))
_EAST = _between(("\u3000", "\u9fff"), ("\uff01", "\uff5e"))
_CYRILLIC = _between(("\u0410", "\u044f"), ("\u2010", "\u2030"))
_WESTERN = "äöüßÄÖÜéèêëàâçîïôùûœñóíáúãõêÉÀÇÑ¿¡€£°²³±µ®©™–—‘’“”„«»…•·×ºª"
_POLISH_CZECH = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻřščžýáíéúůŘŠČŽ„”–’°"
_TURKISH = "ğışçöüĞİŞÇÖÜ“”’–°â"


def _japanese(text: str) -> float:
    return min(1.0, 2.5 * _share(text, _KANA)) * _share(text, _EAST)


def _own_words(text: str) -> float:
    """Letters of another script stand in words of their own: "GrцЯe" is no Russian."""
    pairs = [(a, b) for a, b in itertools.pairwise(text) if a.isalpha() and b.isalpha()]
    mixed = sum(a.isascii() != b.isascii() for a, b in pairs)
    foreign = sum(not a.isascii() and not b.isascii() for a, b in pairs)
    return 1.0 if foreign > 2 * mixed else 0.2


def _lower_cyrillic(text: str) -> float:
    """Russian prose is mostly lower case; another encoding read as cp1251 is not."""
    letters = [c for c in text if "\u0410" <= c <= "\u044f"]
    return 1.0 if letters and sum(c.islower() for c in letters) > 0.6 * len(letters) else 0.5


# Encoding, and how far (0..1) text read in it looks like its languages; ties go to the rarer claim.
_CANDIDATES: tuple[tuple[str, Callable[[str], float]], ...] = (
    ("shift_jis", _japanese),
    ("euc_jp", _japanese),
    ("euc_kr", lambda t: _share(t, _between(("\uac00", "\ud7a3"), ("\u3000", "\u303f")))),
    ("gb18030", lambda t: _share(t, lambda c: _common_hanzi(c, "gb2312", 0xB0, 0xD7))),
    ("big5", lambda t: _share(t, lambda c: _common_hanzi(c, "big5", 0xA4, 0xC6))),
    ("cp1251", lambda t: 0.97 * _share(t, _CYRILLIC) * _lower_cyrillic(t) * _own_words(t)),
    ("cp874", lambda t: 0.95 * _share(t, _between(("\u0e01", "\u0e5b"))) * _own_words(t)),
    ("cp1256", lambda t: 0.95 * _share(t, _between(("\u0620", "\u0652"))) * _own_words(t)),
    ("cp1250", lambda t: 0.85 * _share(t, _POLISH_CZECH.__contains__)),
    ("cp1254", lambda t: 0.84 * _share(t, _TURKISH.__contains__)),
    ("cp1252", lambda t: 0.86 * _share(t, _WESTERN.__contains__)),
)


def _legacy(data: bytes) -> str:
    """The old encoding whose reading looks most like a language."""
    sample = data[:_SCORED]
    best, text = 0.0, ""
    for name, score in _CANDIDATES:
        try:
            whole = data.decode(name)
        except UnicodeDecodeError:
            continue
        value = score(sample.decode(name, errors="ignore"))
        if value > best:
            best, text = value, whole
    if best < 0.5:
        text = data.decode("utf-8", errors="replace")
        if text.count("\ufffd") * 100 < len(text):
            return text
        raise DocumentError("encoding", "the text's encoding cannot be told; save it as UTF-8")
    return text
