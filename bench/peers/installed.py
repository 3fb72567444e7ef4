"""The peers' own environments, in the user's cache: made once, by the bench, from the package index."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cohost import resources
from cohost.errors import OperatorError

REAL = ("faster-whisper>=1.2,<2", "pyttsx3>=2.98", "espeakng-loader>=0.2")


@dataclass(frozen=True)
class Peer:
    """`driver`: its module; `needs`: what pip is asked for."""

    name: str
    driver: str
    needs: tuple[str, ...]


LIVEKIT = Peer("livekit-agents", "bench.peers.drive_livekit", ("livekit-agents>=1.8,<1.9", *REAL))
PIPECAT = Peer("pipecat-ai", "bench.peers.drive_pipecat", ("pipecat-ai[silero,whisper]>=1.14,<1.15", *REAL))
PEERS = (LIVEKIT, PIPECAT)


def home() -> Path:
    return resources.cache_dir() / "peers"


def python_of(peer: Peer) -> Path:
    """Its interpreter, there or not."""
    inside = Path("Scripts/python.exe") if os.name == "nt" else Path("bin/python")
    return home() / peer.name / inside


def installed(peer: Peer) -> bool:
    """Whole, and with what is asked for now."""
    note = home() / peer.name / "needs.txt"
    return python_of(peer).exists() and note.is_file() and note.read_text("utf-8").split() == list(peer.needs)


def install(peer: Peer) -> None:
    """Nothing where it is there. Raises OperatorError with one line."""
    if installed(peer):
        return
    if importlib.util.find_spec("uv") is None:
        raise OperatorError(f"{peer.name} needs an environment of its own: pip install uv, then again")
    folder = home() / peer.name
    folder.parent.mkdir(parents=True, exist_ok=True)
    _uv(peer, "venv", "--clear", "--python", sys.executable, str(folder))
    _uv(peer, "pip", "install", "--python", str(python_of(peer)), *peer.needs)
    (folder / "needs.txt").write_text("\n".join(peer.needs), encoding="utf-8")


def _uv(peer: Peer, *arguments: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    environment |= {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "uv", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise OperatorError(why(peer, done.stderr))


def why(peer: Peer, said: str) -> str:
    """What an installer said, as one line."""
    lines = [line.strip(" ├╰─▶│×") for line in said.splitlines() if line.strip()]
    last = (lines or ["the installer said nothing"])[-1]
    unreachable = any(
        w in said.lower() for w in ("failed to fetch", "connect", "dns", "timed out", "network was disabled")
    )
    reason = "the package index is not reachable" if unreachable else last
    return f"{peer.name} is not installed: {reason}; it is asked for again next time"
