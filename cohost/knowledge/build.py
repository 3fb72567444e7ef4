"""A folder becomes evidence: read, extract, bind, number; only what changed is read again.

A document's extraction is cached under the hash of its bytes, of `kb.toml` and of the code that
read it. Items get stable ids from their content, so a hold or a log entry survives a rebuild.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import msgspec

from cohost.errors import DocumentError
from cohost.knowledge.documents import OcrPort, Problem, read, walk
from cohost.knowledge.documents.folder import load as load_bytes
from cohost.knowledge.extract import extract
from cohost.knowledge.kbtoml import DocumentNote, KbToml, load
from cohost.trust.evidence import DocumentKind, Evidence, Fact, Item, Passage

MAX_PASSAGES = 2000
"""Passages searched of one document: some 300 pages, embedded in two minutes."""

READ_TABLES = frozenset({"attributes", "values", "guard", "documents", "quantities", "sizes", "__init__"})
"""Language tables that decide what is read out of a document."""


class Progress(Protocol):
    """Told what is being done, how far, of how many."""

    def __call__(self, what: str, done: int, total: int, detail: str = "") -> None: ...


class Read(msgspec.Struct, frozen=True):
    """One document after extraction, as cached."""

    document: str
    sha256: str
    kind: DocumentKind
    product: str | None
    lang: str
    items: tuple[Evidence, ...]
    problems: tuple[Problem, ...]


class Built(msgspec.Struct, frozen=True):
    """A folder as evidence. `version` changes with any document, `kb.toml` or reader."""

    kb: KbToml
    documents: tuple[Read, ...]
    items: tuple[Evidence, ...]
    problems: tuple[Problem, ...]
    version: str
    reused: int


def build(folder: Path, cache: Path, *, ocr: Callable[[], Any], progress: Progress | None = None) -> Built:
    """Raises KnowledgeError for the folder or `kb.toml`; a broken document is a problem, not an error.

    `ocr` makes the OCR worker (an OcrPort with `close`) when the first picture needs it.
    """
    kb = load(folder)
    notes = {n.path: n for n in kb.documents}
    code = _code_version()
    paths, problems = _named(*walk(folder))
    found = list(problems) + list(kb.problems)
    found += [
        Problem("missing_document", "warning", "kb.toml", f"[[document]] names {n.path}, which is not there")
        for n in kb.documents
        if n.path not in paths
    ]
    documents: list[Read] = []
    reused = 0
    with closing(_LazyOcr(ocr)) as reader:
        for number, path in enumerate(paths):
            if progress:
                progress("reading documents", number, len(paths), path)
            entry, fresh = _one(folder, path, cache, kb, notes.get(path), code, reader)
            reused += not fresh
            documents.append(entry)
            found += entry.problems
        if progress:
            progress("reading documents", len(paths), len(paths))
    items = list(_numbered(_released(kb, documents)))
    digest = hashlib.sha256("\0".join([code, kb.sha256, *(d.sha256 for d in documents)]).encode())
    if documents and not any(n.approved_by for n in kb.documents):
        found.append(
            Problem("no_approvals", "warning", "kb.toml", "no document carries approved_by: all are on air")
        )
    return Built(kb, tuple(documents), tuple(items), tuple(found), digest.hexdigest()[:16], reused)


def _named(paths: Sequence[str], problems: Sequence[Problem]) -> tuple[list[str], list[Problem]]:
    """What has a name that can be written down; a name in bytes that are no Unicode is a problem."""
    good: list[str] = []
    told: list[Problem] = []
    for path in paths:
        shown = path.encode("utf-8", "replace").decode("utf-8")
        if shown == path:
            good.append(path)
        else:
            told.append(Problem("unreadable", "warning", shown, "the file's name is no Unicode: rename it"))
    for problem in problems:
        shown = problem.document.encode("utf-8", "replace").decode("utf-8")
        told.append(msgspec.structs.replace(problem, document=shown))
    return good, told


def _one(
    folder: Path, path: str, cache: Path, kb: KbToml, note: DocumentNote | None, code: str, ocr: OcrPort
) -> tuple[Read, bool]:
    try:
        content = hashlib.sha256(load_bytes(folder, path)).hexdigest()
    except DocumentError as error:
        return _unread(path, "", error), True
    key = hashlib.sha256(f"{path}|{content}|{kb.sha256}|{code}".encode()).hexdigest()
    cached = cache / "documents" / f"{key}.json"
    if cached.is_file():
        try:
            return msgspec.json.decode(cached.read_bytes(), type=Read), False
        except (msgspec.DecodeError, msgspec.ValidationError):
            cached.unlink(missing_ok=True)
    entry = _read(folder, path, content, kb, note, ocr)
    cached.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=cached.parent, suffix=".part", delete=False) as partial:
        partial.write(msgspec.json.encode(entry))  # a name of its own: others may read the folder now
    Path(partial.name).replace(cached)
    return entry, True


def _read(folder: Path, path: str, content: str, kb: KbToml, note: DocumentNote | None, ocr: OcrPort) -> Read:
    try:
        document = read(folder, path, ocr=ocr)
    except DocumentError as error:
        return _unread(path, content, error)
    got = extract(document, catalogue=kb.catalogue, note=note)
    items, long = _first_passages(path, got.items)
    problems = tuple(dict.fromkeys((*document.problems, *got.problems, *long)))
    return Read(path, content, got.kind, got.product, got.lang, items, problems)


def _first_passages(path: str, items: Sequence[Evidence]) -> tuple[tuple[Evidence, ...], list[Problem]]:
    """A document gives at most MAX_PASSAGES to search in; its facts and papers all stay."""
    numbers = [n for n, item in enumerate(items) if isinstance(item, Passage)]
    beyond = set(numbers[MAX_PASSAGES:])
    if not beyond:
        return tuple(items), []
    message = f"{len(numbers)} passages, only the first {MAX_PASSAGES} are searched: split the document"
    kept = tuple(item for n, item in enumerate(items) if n not in beyond)
    return kept, [Problem("too_large", "warning", path, message)]


def _unread(path: str, content: str, error: DocumentError) -> Read:
    problem = Problem(error.code, "warning", path, str(error))
    return Read(path, content, "other", None, "und", (), (problem,))


class _LazyOcr:
    """Starts the OCR worker at the first picture."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._worker: Any = None

    def read(self, image: bytes) -> Any:
        if self._worker is None:
            self._worker = self._make()
        return self._worker.read(image)

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()


def _released(kb: KbToml, documents: Sequence[Read]) -> Iterator[Evidence]:
    """Release gate: once one document carries approvals, the others wait as drafts."""
    approved = {n.path for n in kb.documents if n.approved_by}
    yield from kb.facts
    for entry in documents:
        for item in entry.items:
            if item.release == "approved" and approved and entry.document not in approved:
                yield msgspec.structs.replace(item, release="draft")
            else:
                yield item


def _numbered(items: Iterator[Evidence]) -> Iterator[Evidence]:
    """Ids from content: "E" and six digits; references between items of a document follow."""
    taken: set[int] = set()
    group: list[Evidence] = []
    for item in items:
        if group and group[0].source.document != item.source.document:
            yield from _number_group(group, taken)
            group = []
        group.append(item)
    yield from _number_group(group, taken)


def _number_group(group: Sequence[Evidence], taken: set[int]) -> Iterator[Evidence]:
    names: dict[str, str] = {}
    for item in group:
        number = 100_000 + zlib.crc32(_content_key(item)) % 900_000
        while number in taken:
            number = 100_000 + (number - 99_999) % 900_000
        taken.add(number)
        names[item.id] = f"E{number}"
    for item in group:
        changes: dict[str, Any] = {"id": names[item.id]}
        if isinstance(item, Fact) and item.report:
            changes["report"] = names.get(item.report)
        yield msgspec.structs.replace(item, **changes)


def _content_key(item: Item) -> bytes:
    """Every field, defaults included: an encoder that leaves defaults out compares texts by identity, and a
    text read back from the cache is another object than the default it equals."""
    plain = msgspec.structs.replace(item, id="")
    if isinstance(plain, Fact):
        plain = msgspec.structs.replace(plain, report=None)
    return msgspec.json.encode([type(item).__name__, _whole(plain)], order="deterministic")


def _whole(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return {name: _whole(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, tuple):
        return [_whole(one) for one in value]
    return value


def _code_version() -> str:
    """Hash of the readers and of the tables they use: other code reads again."""
    digest = hashlib.sha256()
    root = importlib.resources.files("cohost")
    for folder in ("knowledge", "trust", "languages"):
        base = Path(str(root / folder))
        for file in sorted(base.rglob("*")):
            if file.suffix not in {".py", ".toml"}:
                continue
            if folder == "languages" and file.stem not in READ_TABLES:
                continue
            digest.update(str(file.relative_to(base)).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
