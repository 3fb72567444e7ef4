"""OCR behind its port: a worker process that starts on the first image and leaves when idle.

The models hold some 240 MB, which a show that has read its scans does not need.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from types import TracebackType
from typing import BinaryIO

import msgspec

from cohost.errors import DocumentError
from cohost.knowledge.documents.model import OcrPage
from cohost.knowledge.documents.ocr_worker import Answer, read_frame, write_frame

_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class OcrWorker:
    """`OcrPort` over a process of its own. Calls from several threads take turns.

    `page_s` bounds one page (its first call also loads the models), `idle_s` is how long the
    process stays without work.
    """

    def __init__(self, *, page_s: float = 60.0, idle_s: float = 20.0) -> None:
        self._page_s = page_s
        self._idle_s = idle_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes | None] = queue.Queue(maxsize=2)
        self._timer: threading.Timer | None = None

    def read(self, image: bytes) -> OcrPage:
        """Raises DocumentError: "unreadable" (too slow, worker died), "corrupt", "too_large"."""
        with self._lock:
            self._stop_timer()
            try:
                return self._ask(image)
            finally:
                self._timer = threading.Timer(self._idle_s, self.close)
                self._timer.daemon = True
                self._timer.start()

    def close(self) -> None:
        """End the process. A later `read` starts a new one."""
        with self._lock:
            self._stop_timer()
            self._end()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def __enter__(self) -> OcrWorker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, image: bytes) -> OcrPage:
        process = self._process if self.running else None
        try:
            process = process or self._start()
            assert process.stdin is not None
            write_frame(process.stdin, image)  # type: ignore[arg-type]
            body = self._answers.get(timeout=self._page_s)
        except queue.Empty:
            self._end()
            raise DocumentError("unreadable", f"OCR took more than {self._page_s:.0f} s a page") from None
        except OSError as error:
            self._end()
            raise DocumentError("unreadable", f"the OCR process cannot be reached: {error}") from error
        if body is None:
            self._end()
            raise DocumentError("unreadable", "the OCR process ended; is rapidocr-onnxruntime installed?")
        answer = msgspec.msgpack.decode(body, type=Answer)
        if answer.page is None:
            raise DocumentError(answer.code, answer.message)
        return answer.page

    def _start(self) -> subprocess.Popen[bytes]:
        self._end()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cohost.knowledge.documents.ocr_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | _ONE_THREAD,
        )
        self._answers = queue.Queue(maxsize=2)
        assert self._process.stdout is not None
        threading.Thread(
            target=_pump,
            args=(self._process.stdout, self._answers),
            name="ocr-answers",
            daemon=True,
        ).start()
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # the rest of a frame nobody reads any more
                    pass

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _pump(stream: BinaryIO, answers: queue.Queue[bytes | None]) -> None:
    """Carry answers over until the stream ends; None says that it did."""
    try:
        while (body := read_frame(stream)) is not None:
            answers.put(body)
    except (OSError, ValueError):  # closed under our hands
        pass
    answers.put(None)
