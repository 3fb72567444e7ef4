"""Plays a script against a running room through its own WebSocket, as browsers would."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import websockets
from websockets.typing import Origin

from cohost.clock import Clock
from cohost.demo.judge import faults, interrupted, lacks
from cohost.demo.page import Page, Spoken
from cohost.demo.script import Expect, Interrupt, Pin, Retract, Say, Script, SetFact, Speak, Step
from cohost.ears.audio import read_file, to_s16

ACTION = {"answered": "answer", "declined": "decline", "escalated": "escalate", "ignored": "ignore"}
SILENCE_MS = 2_000
"""How long nothing must come for a line that is not answered."""


@dataclass
class Outcome:
    """What came of one step. `faults` is empty when all that the script expects holds."""

    step: Step
    action: str = ""
    text: str = ""
    lang: str = ""
    waited_ms: int = 0
    citations: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    reply_id: str = ""
    question_id: str = ""
    message_seq: int = 0
    transcript: str = ""
    spoken_ms: int = 0  # of sound that reached the asker's page
    first_audio_ms: int | None = None  # from the end of the voice
    heard: str = ""  # of an answer that was cut


class Player:
    """Plays a script; `tell` hears each outcome as soon as it is known."""

    def __init__(
        self,
        address: str,
        room: str,
        token: str,
        clock: Clock,
        tell: Callable[[Outcome], None],
        folder: Path,
    ) -> None:
        """`folder`: of the script, where its sounds lie."""
        self._address = address
        self._room = room
        self._token = token
        self._clock = clock
        self._tell = tell
        self._folder = folder
        self._pages: dict[str, Page] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._callers: dict[str, Page] = {}  # pages with sound and a microphone
        self._opener: tuple[contextlib.AsyncExitStack, asyncio.TaskGroup] | None = None

    async def play(self, script: Script) -> list[Outcome]:
        """Every step at its time; returns outcomes in the script's order.

        No viewer waits for another. What an operator changes waits for the answers before it, as a person
        would: on a slow machine the rest of the show moves back by as much.
        """
        async with contextlib.AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
            operator = await self._open(stack, tasks, name="operator", role="operator", token=self._token)
            for step in script.step:
                if isinstance(step, Say) and step.viewer not in self._pages:
                    options = {"lang": step.lang, "market": step.market}
                    self._pages[step.viewer] = await self._open(
                        stack, tasks, name=step.viewer, role="viewer", **options
                    )
            self._opener = stack, tasks
            zero = self._clock.now_ms()
            running: list[asyncio.Task[Outcome]] = []
            for number, step in enumerate(script.step):
                await self._clock.sleep(zero + step.at_s * 1000 - self._clock.now_ms())
                if running and isinstance(step, SetFact | Retract | Speak):
                    since = self._clock.now_ms()
                    await asyncio.wait(running)
                    zero += self._clock.now_ms() - since
                running.append(tasks.create_task(self._step(number, step, operator)))
            outcomes = [await task for task in running]
            for page in [operator, *self._pages.values(), *self._callers.values()]:
                await page.socket.close()
        return outcomes

    async def _open(
        self, stack: contextlib.AsyncExitStack, tasks: asyncio.TaskGroup, **query: str | None
    ) -> Page:
        query["room"] = self._room
        words = urlencode({k: v for k, v in query.items() if v})
        connecting = websockets.connect(
            f"{self._address}/ws?{words}",
            compression=None,
            open_timeout=15,
            max_size=2**24,
            origin=Origin(self._address.replace("ws", "http", 1)),
        )
        socket = await stack.enter_async_context(_connection(connecting))
        page = Page(socket)
        tasks.create_task(page.read())
        return page

    async def _step(self, number: int, step: Step, operator: Page) -> Outcome:
        outcome = Outcome(step)
        if isinstance(step, Say):
            await self._say(number, step, outcome, operator)
            if step.id:
                self._outcomes[step.id] = outcome
        elif isinstance(step, Speak):
            await self._ask_aloud(step, outcome, operator)
        elif isinstance(step, Interrupt):
            await self._interrupt(step, outcome)
        elif isinstance(step, Pin):
            await operator.send(type="product.pin", product=step.product)
        elif isinstance(step, SetFact):
            await operator.send(
                type="fact.set", product=step.product, market=step.market, attribute=step.attribute,
                value=step.value, unit=step.unit,
            )  # fmt: skip
        else:
            await self._retract(step, outcome, operator)
        self._tell(outcome)
        return outcome

    async def _say(self, number: int, step: Say, outcome: Outcome, operator: Page) -> None:
        page = self._pages[step.viewer]
        client_id = f"demo-{number}"
        await page.send(type="chat.message", text=step.text, client_id=client_id)
        if not await self._until(lambda: client_id in page.accepted, step.expect.within_ms):
            outcome.faults.append("the room did not take the line")
            return
        seq = outcome.message_seq = page.accepted[client_id]
        reply = await self._reply(page, operator, seq, step.expect)
        outcome.question_id, state = operator.states.get(seq, ("", ""))
        if reply is not None:
            asked = page.asked_at.get(seq, reply["at_ms"])
            outcome.text, outcome.lang = reply["text"], reply["lang"]
            outcome.waited_ms, outcome.reply_id = reply["at_ms"] - asked, reply["reply_id"]
            outcome.citations = list(reply.get("citations", ()))
        outcome.action = ACTION.get(state, "ignore" if reply is None else "answer")
        self._judge(step.expect, outcome)

    # ── aloud ──
    async def _caller(self, name: str, **query: str | None) -> Page:
        """A page with sound, opened when it is first needed: who does not listen is not spoken to."""
        if name not in self._callers:
            assert self._opener is not None
            stack, tasks = self._opener
            self._callers[name] = await self._open(stack, tasks, name=name, audio="1", **query)
        return self._callers[name]

    async def _say_aloud(self, page: Page, sound: str, outcome: Outcome) -> bool:
        """Microphone on, the file, microphone off; False where the room does not hear."""
        pcm = to_s16(read_file(self._folder / sound))
        await page.send(type="mic.start")
        if not await self._until(lambda: bool(page.mic), 10_000) or page.mic.get("state") != "open":
            outcome.faults.append(f"no microphone: {page.mic.get('message') or page.mic}")
            return False
        await page.speak(pcm, self._clock)
        await page.send(type="mic.stop")
        page.mic = {}
        return True

    async def _ask_aloud(self, step: Speak, outcome: Outcome, operator: Page) -> None:
        page = await self._caller(step.viewer, role="viewer", lang=step.lang, market=step.market)
        if step.id:
            self._outcomes[step.id] = outcome
        before = len(page.transcripts)
        if not await self._say_aloud(page, step.sound, outcome):
            return

        def mine() -> dict[str, Any] | None:
            return next((t for t in page.transcripts[before:] if t["viewer"] == page.you), None)

        if not await self._until(lambda: mine() is not None, step.expect.within_ms):
            outcome.faults.append("nothing was understood")
            return
        heard = mine() or {}
        outcome.transcript, seq = heard["text"], heard["message_seq"]
        outcome.faults += lacks("transcript", outcome.transcript, step.words)
        reply = await self._reply(page, operator, seq, step.expect)
        outcome.question_id, state = operator.states.get(seq, ("", ""))
        if reply is not None:
            outcome.text, outcome.lang, outcome.reply_id = reply["text"], reply["lang"], reply["reply_id"]
            outcome.citations = list(reply.get("citations", ()))
            speech = self._speech(page, outcome.reply_id)
            if speech is not None:
                outcome.spoken_ms = speech.heard_ms
                outcome.first_audio_ms = speech.started["at_ms"] - heard["end_ms"]
                outcome.text = speech.started["text"] if speech.mark("cut") else outcome.text
                if not speech.pcm:
                    outcome.faults.append("the answer was announced and no sound came")
            outcome.waited_ms = (speech.started if speech else reply)["at_ms"] - heard["end_ms"]
        outcome.action = ACTION.get(state, "ignore" if reply is None else "answer")
        self._judge(step.expect, outcome)

    def _speech(self, page: Page, reply_id: str) -> Spoken | None:
        return next((s for s in page.speeches.values() if s.started["reply_id"] == reply_id), None)

    async def _interrupt(self, step: Interrupt, outcome: Outcome) -> None:
        host = await self._caller("host", role="host", token=self._token)
        before = set(host.speeches)

        def speech() -> Spoken | None:
            return next((s for i, s in host.speeches.items() if i not in before), None)

        if not await self._until(lambda: speech() is not None, 30_000):
            outcome.faults.append(f"the answer to {step.of} was not spoken: nothing to interrupt")
            return
        await self._clock.sleep(step.after_ms)
        if not await self._say_aloud(host, step.sound, outcome):
            return
        spoken = speech()
        assert spoken is not None
        await self._until(lambda: spoken.over, 10_000)
        outcome.faults += interrupted(step, spoken.marks)
        cut = spoken.mark("cut") or {}
        outcome.heard, reply_id = cut.get("heard", ""), spoken.started["reply_id"]
        outcome.transcript = host.transcripts[-1]["text"] if host.transcripts else ""
        await self._until(lambda: _reply_of(host, reply_id) is not None, 10_000)
        posted = _reply_of(host, reply_id)
        if posted is None:
            outcome.faults.append("what was not heard was not posted")
        else:
            outcome.text = posted["text"]

    async def _reply(self, page: Page, operator: Page, seq: int, expect: Expect) -> dict[str, Any] | None:
        def found() -> dict[str, Any] | None:
            return next((r for r in page.replies if seq in r["in_reply_to"] and not r.get("corrects")), None)

        def settled() -> bool:
            return operator.states.get(seq, ("", ""))[1] in ACTION

        if expect.action == "ignore":
            await self._until(lambda: found() is not None, SILENCE_MS)
        else:
            await self._until(lambda: found() is not None and settled(), expect.within_ms)
        return found()

    async def _retract(self, step: Retract, outcome: Outcome, operator: Page) -> None:
        await self._until(lambda: step.of in self._outcomes, step.expect.within_ms)
        told = self._outcomes.get(step.of)
        if told is None or not told.reply_id or not isinstance(told.step, Say):
            outcome.faults.append(f"nothing to take back: {step.of} got no reply")
            return
        page, sent_at = self._pages[told.step.viewer], self._clock.now_ms()
        await operator.send(
            type="reply.retract", reply_id=told.reply_id, reason=step.reason, correction=step.correction
        )

        def corrected() -> dict[str, Any] | None:
            return next((r for r in page.replies if r.get("corrects") == told.reply_id), None)

        await self._until(lambda: corrected() is not None, step.expect.within_ms)
        reply = corrected()
        if reply is None:
            outcome.faults.append("no correction reached the asker")
            return
        outcome.text, outcome.lang, outcome.reply_id = reply["text"], reply["lang"], reply["reply_id"]
        outcome.waited_ms, outcome.action = self._clock.now_ms() - sent_at, step.expect.action
        outcome.citations = list(reply.get("citations", ()))
        self._judge(step.expect, outcome)

    def _judge(self, expect: Expect, outcome: Outcome) -> None:
        outcome.faults += faults(
            expect, action=outcome.action, text=outcome.text, lang=outcome.lang,
            citations=outcome.citations, waited_ms=outcome.waited_ms,
        )  # fmt: skip
        if expect.merged_into is not None:
            other = self._outcomes.get(expect.merged_into)
            if other is None or other.question_id != outcome.question_id:
                outcome.faults.append(f"not merged with {expect.merged_into}")

    async def _until(self, holds: Callable[[], bool], within_ms: int) -> bool:
        """Wait for news until `holds`, at most `within_ms`."""
        deadline = self._clock.now_ms() + within_ms
        while not holds():
            left = deadline - self._clock.now_ms()
            if left <= 0:
                return False
            await self._clock.sleep(min(20, left))
        return True


def _reply_of(page: Page, reply_id: str) -> dict[str, Any] | None:
    return next((r for r in page.replies if r["reply_id"] == reply_id), None)


@contextlib.asynccontextmanager
async def _connection(connecting: Any) -> AsyncIterator[websockets.ClientConnection]:
    async with connecting as socket:
        yield socket
