"""Office files are zip archives: opened only when what they would unpack to is bounded."""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

from cohost.errors import DocumentError

MAX_UNPACKED = 256 * 1024 * 1024
MAX_ENTRIES = 5_000
MAX_RATIO = 300  # of an entry larger than a megabyte
# What python-docx, openpyxl, lxml and zipfile raise over a damaged file.
BROKEN = (
    zipfile.BadZipFile, zlib.error, etree.LxmlError, SyntaxError, EOFError, OSError, NotImplementedError,
    KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError,
)  # fmt: skip
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # an encrypted office file, or one from before 2007


def open_office(data: bytes) -> zipfile.ZipFile:
    """Raises DocumentError: encrypted, unsupported, corrupt, too_large."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise DocumentError("encrypted", "protected by a password")
        raise DocumentError("unsupported", "an old office format under a new ending; save it anew")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except BROKEN as error:
        raise DocumentError("corrupt", f"not an office file: {error}") from error
    if any(entry.flag_bits & 1 for entry in entries):
        raise DocumentError("encrypted", "protected by a password")
    bomb = any(e.file_size > 2**20 and e.file_size > MAX_RATIO * max(1, e.compress_size) for e in entries)
    if bomb or len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED:
        raise DocumentError("too_large", "unpacks to more than any paper needs")
    return archive
