"""The OCR worker: a process that reads images from stdin and answers on stdout.

Frames both ways: 4 bytes length, big-endian, then the bytes. In: an image. Out: msgpack of
`Answer`. Ends when stdin closes.
"""

from __future__ import annotations

import sys
from typing import BinaryIO

import msgspec

from cohost.errors import DocumentError
from cohost.knowledge.documents.model import OcrPage
from cohost.knowledge.documents.ocr_engine import Engine


class Answer(msgspec.Struct, omit_defaults=True):
    """Either a page or an error's code and message."""

    page: OcrPage | None = None
    code: str = ""
    message: str = ""


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame, None at the end of the stream."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    size = int.from_bytes(head, "big")
    body = stream.read(size)
    return body if len(body) == size else None


def write_frame(stream: BinaryIO, body: bytes) -> None:
    stream.write(len(body).to_bytes(4, "big") + body)
    stream.flush()


def _answer(engine: Engine, image: bytes) -> Answer:
    try:
        return Answer(page=engine.read(image))
    except DocumentError as error:
        return Answer(code=error.code, message=str(error))
    except (ValueError, RuntimeError, MemoryError) as error:  # what numpy, OpenCV and onnxruntime raise
        return Answer(code="unreadable", message=f"the image cannot be read: {error}")


def main() -> None:
    wire_in, wire_out = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints stays off the wire
    engine = Engine()
    while (image := read_frame(wire_in)) is not None:
        write_frame(wire_out, msgspec.msgpack.encode(_answer(engine, image)))


if __name__ == "__main__":
    main()
