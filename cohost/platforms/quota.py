"""A day's units of a platform that counts them: kept in the state folder, so that restarts and several shows
share one count."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from filelock import FileLock

from cohost.clock import Clock

PACIFIC = ZoneInfo("America/Los_Angeles")
"""YouTube's day begins at midnight there."""


class _Day(msgspec.Struct):
    day: str = ""
    used: int = 0


class Quota:
    """`spend` before a call; `left` today. Safe between processes of one machine."""

    def __init__(self, file: Path, units: int, clock: Clock, zone: ZoneInfo = PACIFIC) -> None:
        self._file = file
        self._units = units
        self._clock = clock
        self._zone = zone

    @property
    def left(self) -> int:
        return self._units - self._read().used

    def spend(self, units: int) -> bool:
        """False, and nothing spent, where the day does not hold so many any more."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{self._file}.lock"):
            day = self._read()
            if day.used + units > self._units:
                return False
            day.used += units
            self._file.write_bytes(msgspec.json.encode(day))
        return True

    def exhaust(self) -> None:
        """The platform says that nothing is left today."""
        self.spend(max(0, self.left))

    def ms_left(self) -> int:
        """Until the day ends there."""
        now = self._now()
        tomorrow = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), self._zone)
        return int((tomorrow - now).total_seconds() * 1000)

    def _now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self._clock.unix(), self._zone)

    def _read(self) -> _Day:
        today = self._now().date().isoformat()
        try:
            found = msgspec.json.decode(self._file.read_bytes(), type=_Day)
        except (OSError, msgspec.DecodeError):
            return _Day(today)
        return found if found.day == today else _Day(today)


def interval_ms(asked_ms: int, *, units_left: int, cost: int, ms_left: int, kept: float = 0.4) -> int:
    """How long to wait between reads so that the units last for `ms_left`, a share `kept` of them for posts;
    never less than the platform asks for. Pure."""
    reads = int(units_left * (1 - kept)) // cost
    return max(asked_ms, ms_left // reads if reads > 0 else ms_left)
