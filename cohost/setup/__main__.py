"""`python -m cohost.setup FOLDER CACHE`: reads what is new in the folder; what was understood as JSON."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from cohost.errors import KnowledgeError
from cohost.knowledge.build import build
from cohost.knowledge.documents.ocr import OcrWorker
from cohost.setup.understood import Understood, understood


def main() -> int:
    folder, cache = (Path(word) for word in sys.argv[1:3])
    try:
        found = understood(build(folder, cache, ocr=OcrWorker))
    except KnowledgeError as error:
        found = Understood(error=str(error))
    sys.stdout.buffer.write(msgspec.json.encode(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
