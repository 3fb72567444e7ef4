"""The folder: which files are documents, and their bytes within bounds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from cohost.errors import DocumentError
from cohost.knowledge.documents.model import Format, Problem

MEGABYTE = 2**20
MAX_BYTES = 64 * MEGABYTE  # a larger file is named and skipped

FORMATS: dict[str, Format] = {
    ".pdf": "pdf", ".docx": "docx", ".xlsx": "xlsx", ".csv": "csv", ".tsv": "csv",
    ".html": "html", ".htm": "html", ".md": "md", ".markdown": "md", ".txt": "txt",
    ".png": "image", ".jpg": "image", ".jpeg": "image",
}  # fmt: skip

# Plain text says more in a megabyte than a paper does in ten: two are a book of a thousand pages.
MAX_TEXT: dict[Format, int] = {
    "txt": 2 * MEGABYTE, "md": 2 * MEGABYTE, "html": 8 * MEGABYTE, "csv": 8 * MEGABYTE
}  # fmt: skip

# Left out in silence: source code, settings and leftovers of systems, which nobody takes for a paper.
_NO_PAPER = {
    ".bat", ".bak", ".c", ".cfg", ".cpp", ".css", ".db", ".go", ".h", ".ico", ".ini", ".java", ".js", ".json",
    ".jsonl", ".lock", ".log", ".mjs", ".otf", ".php", ".ps1", ".py", ".pyc", ".pyi", ".rb", ".rs", ".scss",
    ".sh", ".sql", ".sqlite", ".svg", ".tmp", ".toml", ".ts", ".ttf", ".woff", ".woff2", ".yaml", ".yml",
}  # fmt: skip
_NO_PAPER_NAMES = frozenset({"license", "makefile", "thumbs.db", "desktop.ini"})


def walk(root: Path) -> tuple[list[str], tuple[Problem, ...]]:
    """Every document below `root` as posix paths in order, and the files of a kind nobody reads here.

    Names starting with `_` or `.` are skipped, and so is source code.
    """
    paths: list[str] = []
    strays: list[Problem] = []
    for path in _files(root, strays):
        name = PurePosixPath(path)
        suffix = name.suffix.lower()
        if name.name == "kb.toml" or suffix in _NO_PAPER or name.name.lower() in _NO_PAPER_NAMES:
            continue
        if suffix in FORMATS:
            paths.append(path)
            continue
        message = f"{suffix or 'a file without an ending'} is no document type cohost reads; skipped"
        strays.append(Problem(code="unsupported", severity="info", document=path, message=message))
    return paths, tuple(strays)


def _files(root: Path, strays: list[Problem]) -> Iterator[str]:
    """Files in order; a folder that may not be opened joins `strays`."""
    found = []

    def closed(error: OSError) -> None:
        place = Path(error.filename).relative_to(root).as_posix()
        reason = f"folder: {error.strerror}"
        strays.append(Problem(code="unreadable", severity="warning", document=place, message=reason))

    for folder, folders, names in os.walk(root, onerror=closed):
        folders[:] = sorted(name for name in folders if not name.startswith(("_", ".")))
        for name in names:
            if not name.startswith(("_", ".", "~$")):
                found.append((Path(folder) / name).relative_to(root).as_posix())
    yield from sorted(found, key=lambda path: path.split("/"))


def load(root: Path, relative: str) -> bytes:
    """The file's bytes. Raises DocumentError: symlink_outside, unreadable, empty, too_large."""
    path = inside(root, relative)
    try:
        size = path.stat().st_size
        form = FORMATS.get(PurePosixPath(relative).suffix.lower(), "txt")
        limit = MAX_TEXT.get(form, MAX_BYTES)
        if size > limit:
            most = f"at most {limit // MEGABYTE} MB of {form}"
            raise DocumentError("too_large", f"{size / MEGABYTE:.1f} MB, {most}; skipped: split it")
        if not path.is_file():
            raise DocumentError("unreadable", "not a regular file")
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError("unreadable", error.strerror or str(error)) from error
    if not data.strip():
        raise DocumentError("empty", "the file is empty")
    return data


def inside(root: Path, relative: str) -> Path:
    """The file's real place, which must lie in the folder."""
    try:
        real_root = root.resolve(strict=True)
        path = (root / relative).resolve(strict=True)
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links
        reason = error.strerror if isinstance(error, OSError) else "links in a circle"
        raise DocumentError("unreadable", reason or str(error)) from error
    if not path.is_relative_to(real_root):
        raise DocumentError("symlink_outside", "the file lies outside the folder; copy it in")
    return path
