"""Makes output files reproducible, and damages those that must be unreadable."""

from __future__ import annotations

import io
import re
import zipfile

import pikepdf

STAMP = "D:20261020090000Z"
ISO_STAMP = "2026-10-20T09:00:00Z"
PASSWORD = "lanternfish-demo"


def pdf(data: bytes, title: str, *, encrypted: bool = False) -> bytes:
    """The PDF with fixed dates and id; ``encrypted`` locks it with PASSWORD."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        for key in list(document.docinfo.keys()):
            del document.docinfo[key]
        document.docinfo["/Title"] = title
        document.docinfo["/Producer"] = "cohost demo generator"
        document.docinfo["/CreationDate"] = document.docinfo["/ModDate"] = STAMP
        _complete_fonts(document)
        if "/Metadata" in document.Root:
            del document.Root["/Metadata"]
        if encrypted:
            lock = pikepdf.Encryption(owner=PASSWORD, user=PASSWORD, R=3, aes=False, metadata=False)
            document.save(out, encryption=lock, static_id=True)
        else:
            document.save(
                out,
                deterministic_id=True,
                compress_streams=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
            )
    return out.getvalue()


def _complete_fonts(document: pikepdf.Pdf) -> None:
    """Chromium leaves the box out of the descriptors of Type 3 fonts; some readers complain."""
    for item in document.objects:
        if (
            isinstance(item, pikepdf.Dictionary)
            and item.get("/Subtype") == "/Type3"
            and "/FontDescriptor" in item
        ):
            if "/FontBBox" not in item.FontDescriptor:
                item.FontDescriptor.FontBBox = item.FontBBox


def corrupt(data: bytes) -> bytes:
    """A PDF as a broken upload leaves it: cut short, with a hole, no cross-reference."""
    kept = bytearray(data[: len(data) * 2 // 5])
    for start in range(400, len(kept), 997):
        kept[start : start + 120] = b"\x00" * len(kept[start : start + 120])
    return bytes(kept)


def office(data: bytes) -> bytes:
    """A docx or xlsx with fixed dates in its archive and properties."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == "docProps/core.xml":
                pattern = rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*"
                content = re.sub(pattern, rb"\g<1>" + ISO_STAMP.encode(), content)
            entry = zipfile.ZipInfo(name, (2026, 10, 20, 9, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return out.getvalue()
