"""How much a page may send, and how often the chat feed goes out. Pure: times come in as numbers."""

from __future__ import annotations

from collections import deque

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """Sizes in bytes, rates per second. Every buffer of the web has its size here."""

    text_bytes: int = 16 * 1024
    audio_bytes: int = 32 * 1024
    hook_bytes: int = 1024 * 1024  # a request of a platform to a hook
    audio_rate: float = 64_000.0  # bytes a second: twice real time of 16 kHz 16-bit mono
    frame_rate: float = 10.0  # text frames a second and connection …
    frame_burst: float = 30.0  # … after this many at once
    strikes: float = 20.0  # refused frames in a row of bursts before the connection ends (1008)
    ask_rate: float = 5.0  # POST /api/ask per address
    ask_burst: float = 20.0
    connections: int = 5_000
    queue_frames: int = 256  # a slower page is set back to a snapshot
    queue_chars: int = 2_000_000
    sound_bytes: int = 32_000  # a second of cohost's voice on its way to a page; older sound is dropped
    feed_per_second: int = 5  # chat.messages frames
    feed_gap_ms: int = 250  # between two of them, unless a reply waits behind
    feed_lines: int = 50  # lines in one of them; more are thinned …
    feed_lines_least: int = 10  # … down to so many where a room has very many pages
    feed_line_pages: int = 25_000  # lines times pages of one frame
    reply_wait_ms: int = 60  # a reply waits no longer for the feed before it; then it goes ahead
    language_wait_ms: int = 120  # a line waits this long for its language …
    guess_wait_ms: int = 1_000  # … while a game runs, until it is known to be no guess
    history: int = 200  # lines and replies in a snapshot
    resume_records: int = 2_000  # an older `since` gets a snapshot

    def lines_for(self, pages: int) -> int:
        """Lines in a frame of the chat feed: nobody reads two hundred a second, and every page gets each."""
        return max(self.feed_lines_least, min(self.feed_lines, self.feed_line_pages // max(1, pages)))


class TokenBucket:
    """`burst` at once, then `rate` a second. Times in milliseconds, never going back."""

    def __init__(self, rate: float, burst: float, now_ms: float) -> None:
        self._rate = rate / 1000
        self._burst = burst
        self._level = burst
        self._at = now_ms

    def take(self, now_ms: float, amount: float = 1.0) -> bool:
        """True when allowed; a refused call costs nothing."""
        self._level = min(self._burst, self._level + max(0.0, now_ms - self._at) * self._rate)
        self._at = max(self._at, now_ms)
        if self._level < amount:
            return False
        self._level -= amount
        return True

    @property
    def full(self) -> bool:
        return self._level >= self._burst


class Inflow:
    """One connection's text frames: allowed, refused (and told so), or over: close with 1008."""

    def __init__(self, limits: Limits, now_ms: float) -> None:
        self._frames = TokenBucket(limits.frame_rate, limits.frame_burst, now_ms)
        self._strikes = TokenBucket(limits.strikes / 60, limits.strikes, now_ms)
        self._audio = TokenBucket(limits.audio_rate, limits.audio_rate * 2, now_ms)

    def text(self, now_ms: float) -> str:
        """ "take", "refuse" or "close"."""
        if self._frames.take(now_ms):
            return "take"
        return "refuse" if self._strikes.take(now_ms) else "close"

    def audio(self, now_ms: float, size: int) -> bool:
        """False when more than twice real time came in."""
        return self._audio.take(now_ms, size)


class AddressBook:
    """A bucket per address, for plain HTTP. Bounded: idle addresses are forgotten first."""

    def __init__(self, rate: float, burst: float, size: int = 10_000) -> None:
        self._rate, self._burst, self._size = rate, burst, size
        self._buckets: dict[str, TokenBucket] = {}

    def take(self, address: str, now_ms: float) -> bool:
        bucket = self._buckets.pop(address, None) or TokenBucket(self._rate, self._burst, now_ms)
        self._buckets[address] = bucket  # newest last
        if len(self._buckets) > self._size:
            del self._buckets[next(iter(self._buckets))]
        return bucket.take(now_ms)


class FeedPace:
    """When the next chat.messages frame may go: never more than `per_second` in any second."""

    def __init__(self, per_second: int, gap_ms: int) -> None:
        self._sent: deque[float] = deque(maxlen=per_second)
        self._gap = gap_ms

    def due(self, now_ms: float, *, urgent: bool) -> float:
        """Milliseconds to wait; 0 = now. `urgent`: a reply waits behind, so skip the usual gap."""
        wait = 0.0
        if self._sent and not urgent:
            wait = self._sent[-1] + self._gap - now_ms
        if len(self._sent) == self._sent.maxlen:
            wait = max(wait, self._sent[0] + 1000 - now_ms)
        return max(0.0, wait)

    def sent(self, now_ms: float) -> None:
        self._sent.append(now_ms)
