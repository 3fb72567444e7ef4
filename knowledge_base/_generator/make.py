"""Rebuild the demo brand: ``python knowledge_base/_generator/make.py [--only TEXT]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from kbgen import catalogue, finish, office, paper, press, scan, source, truth  # noqa: E402


def build(document: source.Document, printer: press.Press) -> bytes:
    """The bytes of one document's file."""
    meta = document.meta
    suffix = Path(meta.path).suffix
    if meta.layout == "raw":
        return document.raw.encode()
    if suffix == ".xlsx":
        return finish.office(office.xlsx(document))
    if suffix == ".docx":
        return finish.office(office.docx(document))
    html = paper.to_html(document)
    if meta.scan:
        images = [scan.age(image, meta.scan, meta.path) for image in printer.images(html, meta.path)]
        quality = meta.scan.get("quality", scan.DEFAULTS["quality"])
        if suffix == ".pdf":
            return finish.pdf(scan.as_pdf(images, quality), meta.title)
        return scan.encode(images[0], suffix, quality)
    data = finish.pdf(printer.pdf(html, meta.path), meta.title, encrypted=meta.damage == "encrypted")
    return finish.corrupt(data) if meta.damage == "corrupt" else data


def main() -> int:
    """Build everything, or the documents whose path holds --only; 1 where a check failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="build only paths that contain this text")
    parser.add_argument("--out", type=Path, default=HERE.parent, help="the knowledge-base folder")
    options = parser.parse_args()
    root: Path = options.out
    documents = source.read_all(HERE / "content")
    chosen = [document for document in documents if options.only in document.meta.path]
    with press.open_press() as printer:
        for number, document in enumerate(chosen, 1):
            target = root / document.meta.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(build(document, printer))
            print(f"[{number}/{len(chosen)}] {document.meta.path} {target.stat().st_size:,}", file=sys.stderr)
    catalogue.write(HERE / "content", documents, root / "kb.toml")
    truth.write(documents, HERE / "truth.json")
    problems = truth.check(chosen, root)
    print("\n".join(problems) or "every quote found", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
