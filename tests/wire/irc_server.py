"""A real IRC server (ngIRCd) in a process of its own, and a viewer who talks to it."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path
from typing import Self

NGIRCD = "/usr/sbin/ngircd"
START_S = 20

CONF = """
[Global]
  Name = irc.rehearsal.example
  Info = rehearsal
  Listen = 127.0.0.1
  Ports = {port}
  MotdPhrase = hello
[Limits]
  MaxNickLength = 40
  MaxConnectionsIP = 0
  MaxPenaltyTime = 0
[Options]
  DNS = no
  Ident = no
  PAM = no
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class IrcServer:
    """Started on entering, stopped on leaving; `restart` drops everybody."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._conf = folder / "ngircd.conf"
        self._conf.write_text(CONF.format(port=self.port), encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [NGIRCD, "-n", "-f", str(self._conf)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + START_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                assert time.monotonic() < deadline, "ngircd does not listen"
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None


class Viewer:
    """Somebody in the channel. `says` a line, `hears` one that holds some words."""

    def __init__(self, port: int, nick: str, channel: str = "#show") -> None:
        self._channel = channel
        self._socket = socket.create_connection(("127.0.0.1", port), 5)
        self._rest = b""
        self.lines: list[str] = []
        self._send(f"NICK {nick}\r\nUSER {nick} 0 * :{nick}\r\nJOIN {channel}\r\n")
        self.hears(" 366 ")

    def _send(self, text: str) -> None:
        self._socket.sendall(text.encode())

    def says(self, text: str) -> None:
        self._send(f"PRIVMSG {self._channel} :{text}\r\n")

    def hears(self, words: str, seconds: float = 30.0) -> str:
        """The next line with these words in it; the ones before it are kept in `lines`."""
        deadline = time.monotonic() + seconds
        while True:
            *whole, self._rest = self._rest.split(b"\r\n")
            for number, raw in enumerate(whole):
                line = raw.decode("utf-8", "replace")
                if line.startswith("PING"):
                    self._send(line.replace("PING", "PONG", 1) + "\r\n")
                self.lines.append(line)
                if words in line:
                    self._rest = b"\r\n".join([*whole[number + 1 :], self._rest])
                    return line
            left = deadline - time.monotonic()
            assert left > 0, (words, self.lines[-12:])
            self._socket.settimeout(left)
            try:
                self._rest += self._socket.recv(65536)
            except TimeoutError:
                continue

    def close(self) -> None:
        self._socket.close()
