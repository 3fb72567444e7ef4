"""How often a platform may be posted to, from the posts that went: folded from the log, so that a restart
forgets none. Pure."""

from __future__ import annotations

from collections import deque

from cohost.ports import SendPolicy

SLACK_MS = 500
"""A platform counts when a post arrives, cohost when it leaves."""


class Pace:
    """`note` each post; `wait` says how long the next one must. Times in show milliseconds."""

    def __init__(self, policy: SendPolicy) -> None:
        self._policy = policy
        self._times: deque[int] = deque(maxlen=max(1, policy.posts))
        self._texts: deque[tuple[int, str]] = deque()

    def note(self, at_ms: int, text: str = "") -> None:
        """A post went out."""
        self._times.append(at_ms)
        if self._policy.same_text_ms:
            self._texts.append((at_ms, text))
            while self._texts[0][0] < at_ms - self._policy.same_text_ms - SLACK_MS:
                self._texts.popleft()

    def wait(self, now_ms: int, text: str = "") -> int:
        """Milliseconds until `text` may go, 0 for now."""
        policy, until = self._policy, now_ms
        if policy.posts and policy.per_ms and len(self._times) == policy.posts:
            until = max(until, self._times[0] + policy.per_ms + self._slack)
        if policy.apart_ms and self._times:
            until = max(until, self._times[-1] + policy.apart_ms)
        if policy.same_text_ms:
            same = [at for at, said in self._texts if said == text]
            until = max([until, *(at + policy.same_text_ms + SLACK_MS for at in same)])
        return until - now_ms

    @property
    def _slack(self) -> int:
        return min(SLACK_MS, self._policy.per_ms // 10)
