"""Where the shipped files are: the checkout first, else the wheel's `cohost/_data`."""

from __future__ import annotations

import importlib.resources
from pathlib import Path

import platformdirs

_PACKAGE = Path(str(importlib.resources.files("cohost")))
_CHECKOUT = _PACKAGE.parent


def find(name: str) -> Path:
    """`prompts` or `knowledge_base`: the checkout's folder, else the wheel's copy."""
    beside = _CHECKOUT / name
    if (_CHECKOUT / "pyproject.toml").is_file() and beside.is_dir():
        return beside
    return _PACKAGE / "_data" / name


def cache_dir() -> Path:
    """The user's cache: indexes, vectors. Everything in it can be rebuilt."""
    return Path(platformdirs.user_cache_dir("cohost", appauthor=False))


def state_dir() -> Path:
    """The user's state: show logs."""
    return Path(platformdirs.user_state_dir("cohost", appauthor=False))
