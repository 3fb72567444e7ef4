"""One reply to one platform: in its parts, written down before each, tried again only where that is safe.

After a crash or a time-out the post is looked up on the platform; where it cannot be looked up, its outcome
is unknown and a person decides. Nothing is repeated blindly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cohost import events as ev
from cohost.clock import Clock
from cohost.errors import NotTaken, ProviderError, ProviderTimeout
from cohost.mouth.outbox import Outbox
from cohost.ports import ChatSink, Log, Post

AGAIN_MS = 1_000
"""Before a post is tried again that was looked up and is certainly not there."""


class Unknown(Exception):
    """Nobody can tell whether the post went out."""


@dataclass(frozen=True)
class Sender:
    """Sends the parts of a reply in order: each is paced by `box` and written down before it goes."""

    log: Log
    clock: Clock
    sink: ChatSink
    box: Outbox

    async def send(self, record: ev.Record, post: Post, pieces: Sequence[str], at: int = 1) -> str:
        """Send the parts from the `at`-th on; the reference of the last one. Raises ProviderError where the
        platform refuses, Unknown where nobody can tell. Cancelling leaves `reply.sending` on the log."""
        ref = ""
        for part in range(at, len(pieces) + 1):
            if part > at:
                await self.box.paced(pieces[part - 1])
            one = Post(
                post.reply_id, pieces[part - 1], post.lang, post.in_reply_to, part=part, parts=len(pieces)
            )
            ref = await self._part(record, one)
        return ref

    async def _part(self, record: ev.Record, post: Post) -> str:
        for tries_left in range(self.sink.policy.tries - 1, -1, -1):
            await self._write_ahead(record, post)
            try:
                return await self.sink.post(post)
            except NotTaken as error:
                if not tries_left:
                    raise
                wait = error.retry_ms
            except ProviderTimeout:
                found = await self.look_up(post.reply_id)
                if found is not None:
                    return found
                if not tries_left:
                    raise
                wait = AGAIN_MS
            await self.clock.sleep(wait)
            await self.box.paced(post.text)
        raise ProviderError(self.sink.platform, "got a policy without a try, expected at least one")

    async def _write_ahead(self, record: ev.Record, post: Post) -> None:
        written = "" if post.parts == 1 and not self.sink.policy.same_text_ms else post.text
        sending = self.log.append(
            ev.ReplySending(
                reply_id=post.reply_id, platform=self.sink.platform, part=post.part, parts=post.parts,
                text=written,
            ),
            turn_id=record.turn_id, cause_seq=record.seq,
        )  # fmt: skip
        self.box.note(sending)
        await self.log.durable(sending.seq)

    async def look_up(self, reply_id: str) -> str | None:
        """The last part's reference; None where it is certainly not there. Raises Unknown."""
        try:
            return await self.sink.find_posted(reply_id)
        except ProviderError as error:
            raise Unknown from error
