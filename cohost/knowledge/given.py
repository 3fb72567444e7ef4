"""Vectors that ship with cohost: how people ask, in the languages only the slow embedder knows.

Making them takes a minute of a first start; they are 1.2 MB. Looked up by the same content hash as
everything else, so a phrase that was changed since is simply embedded again.

    python -m cohost.knowledge.given     # makes given.npz anew
"""

from __future__ import annotations

import asyncio
import functools
import importlib.resources
import sys
from pathlib import Path

import numpy as np

from cohost.knowledge.embed import E5Embedder, UseEmbedder, key_of
from cohost.languages import LANGUAGES
from cohost.ports import Embedder, Vector
from cohost.trust.attributes import phrases

FILE = "given.npz"


@functools.cache
def load() -> dict[bytes, Vector]:
    """Key → unit vector; {} where the file is not there."""
    file = importlib.resources.files(__package__) / FILE
    if not file.is_file():
        return {}
    with importlib.resources.as_file(file) as path, np.load(path) as data:
        keys, rows = data["keys"], data["rows"].astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return {bytes(key): row for key, row in zip(keys, rows, strict=True)}


def texts() -> list[str]:
    """The phrases that are embedded by E5: of languages the quick embedder lacks, and English beside them."""
    quick = UseEmbedder()
    langs = [lang for lang in LANGUAGES if not quick.knows(lang)]
    return list(dict.fromkeys(phrase for lang in (*langs, "en") for _, phrase in phrases(lang)))


async def make(embedder: Embedder, wanted: list[str], path: Path) -> None:
    """Write the file: keys (n, 32) bytes, rows (n, dim) float16."""
    rows = await embedder.embed(wanted, query=True)
    keys = [key_of(embedder.name, text, query=True) for text in wanted]
    np.savez_compressed(
        path, keys=np.frombuffer(b"".join(keys), np.uint8).reshape(-1, 32), rows=rows.astype(np.float16)
    )


def main() -> int:
    path = Path(str(importlib.resources.files(__package__) / FILE))
    asyncio.run(make(E5Embedder(), texts(), path))
    sys.stdout.write(f"{path.name}: {len(load())} vectors, {path.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
