"""A file dropped on the page, into the folder: a safe name, within bounds, whole or not at all."""

from __future__ import annotations

import os
import tempfile
import unicodedata
from pathlib import Path, PurePath

from cohost.errors import DocumentError
from cohost.knowledge.documents.folder import FORMATS, MAX_BYTES, MAX_TEXT, MEGABYTE

LONGEST = 120
"""Bytes of a name in UTF-8: every file system takes them."""
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{n}{i}" for n in ("com", "lpt") for i in range(1, 10))}
)


def limit(name: str) -> int:
    """The most bytes a file of that name may have. Raises DocumentError("unsupported")."""
    form = FORMATS.get(PurePath(name).suffix.lower())
    if form is None:
        listed = " ".join(FORMATS)
        raise DocumentError("unsupported", f"got {name[:80]}, expected a file that ends in one of {listed}")
    return MAX_TEXT.get(form, MAX_BYTES)


def safe_name(given: str) -> str:
    """The name as it will stand in the folder. Raises DocumentError("bad_name") where it is none: a path, a
    hidden file, signs that a file system does not take."""
    name = unicodedata.normalize("NFC", given).strip()
    odd = any(unicodedata.category(c)[0] == "C" or c in '/\\:*?"<>|' for c in name)
    stem = name.partition(".")[0].strip().lower()
    if not name or odd or name[0] in "._~" or name[-1] == "." or stem in _RESERVED:
        shown = "".join(c if c.isprintable() else "?" for c in given[:80])
        raise DocumentError("bad_name", f"got the name “{shown}”, expected letters, digits, spaces, - and .")
    if len(name.encode()) > LONGEST:
        raise DocumentError(
            "bad_name", f"got a name of {len(name.encode())} bytes, expected {LONGEST} at most"
        )
    return name


def take(folder: Path, given: str, data: bytes) -> str:
    """Writes the file and gives its name; one that is there already is replaced. Raises DocumentError."""
    name = safe_name(given)
    most = limit(name)
    if len(data) > most:
        raise DocumentError(
            "too_large", f"got {len(data) / MEGABYTE:.1f} MB, expected {most // MEGABYTE} MB at most"
        )
    if not data.strip():
        raise DocumentError("empty", f"{name}: the file is empty")
    place = folder / name
    if place.is_symlink() or (place.exists() and not place.is_file()):
        raise DocumentError(
            "bad_name", f"{name} stands in the folder and is no file: give yours another name"
        )
    replace(place, data)
    return name


def replace(place: Path, data: bytes) -> None:
    """The file's whole new content at once: a reader sees the old or the new. Raises DocumentError."""
    partial = ""
    try:
        with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".", suffix=".part", delete=False) as file:
            partial = file.name
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(partial).chmod(0o644)
        Path(partial).replace(place)
    except OSError as error:
        if partial:
            Path(partial).unlink(missing_ok=True)
        raise DocumentError(
            "unwritable", f"{place.name} was not written: {error.strerror or error}"
        ) from error
