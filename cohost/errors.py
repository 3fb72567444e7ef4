"""The exception tree. A message says what came, what was expected and what to do.

CohostError
├── OperatorError        the operator's input or set-up: exit code 2, one line, no traceback
│   ├── UsageError       a command line that cannot be followed
│   ├── SettingsError    a settings file or variable: file, line, key
│   ├── KnowledgeError   kb.toml or the folder itself
│   └── BusyError        a port, a log or an index another process holds
├── DocumentError        one document that cannot be read; the rest goes on
├── ProviderError        a model, an LLM server, a platform: degrades the answer, never the show
│   ├── ProviderTimeout  no answer in time: what was asked may have happened
│   ├── WriterError      an LLM server: `kind` says how it failed
│   ├── NotTaken         certainly not done: may be tried again
│   └── ModelMissing     a local model that is not installed
├── WireError            a frame from a page or a platform that cannot be taken
└── LogError             the show log cannot be trusted: verify() says where
"""

from __future__ import annotations

from typing import Literal


class CohostError(Exception):
    """Base of all errors cohost raises on purpose."""


class OperatorError(CohostError):
    """Something the person at the keyboard can put right."""


class UsageError(OperatorError):
    """A command line that cannot be followed."""


class SettingsError(OperatorError):
    """A settings file or variable that cannot be used."""


class KnowledgeError(OperatorError):
    """`kb.toml` or the folder: carries file and line where known."""

    def __init__(self, message: str, *, file: str = "", line: int | None = None) -> None:
        where = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(where + message)
        self.file = file
        self.line = line


class BusyError(OperatorError):
    """A port, a log or an index that another process holds."""


class DocumentError(CohostError):
    """One document cannot be read. `code` is the problem code of `kb check`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ProviderError(CohostError):
    """A model or a server failed; the caller degrades. `provider` names it."""

    def __init__(self, provider: str, message: str) -> None:
        super().__init__(f"{provider}: {message}")
        self.provider = provider


class ProviderTimeout(ProviderError):
    """No answer within the deadline."""


WriterFault = Literal[
    "gone", "hangs", "died", "html", "busy", "denied", "error", "invalid", "empty", "endless", "language",
    "leak", "claim",
]  # fmt: skip
"""How an LLM server fails: not reached · silent too long · broke off · a web page · asks for a pause ·
refuses the key · any other status · no stream of events · no sentence · no end · another language than
asked · says its prompt · says more than its evidence."""


class WriterError(ProviderError):
    """An LLM server failed. `retry_ms`: how long it asked to be left alone, where it said so."""

    def __init__(self, provider: str, message: str, kind: WriterFault, retry_ms: int | None = None) -> None:
        super().__init__(provider, message)
        self.kind: WriterFault = kind
        self.retry_ms = retry_ms


class NotTaken(ProviderError):
    """A platform certainly did not take a post; it may be tried again after `retry_ms`."""

    def __init__(self, provider: str, message: str, retry_ms: int = 1000) -> None:
        super().__init__(provider, message)
        self.retry_ms = retry_ms


class ModelMissing(ProviderError):
    """A local model is not installed; the message names the package to install."""


class WireError(CohostError):
    """A frame that cannot be taken; `code` goes back to the client."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class LogError(CohostError):
    """The show log is damaged or not a show log."""


BREAKS = (
    ArithmeticError, AttributeError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
"""What somebody else's engine raises when it breaks. Who calls one makes a ProviderError of it."""
