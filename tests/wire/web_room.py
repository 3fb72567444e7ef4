"""A room for the wire's own tests: a log, an inlet and a library without models, served on port 0.

The tests append what stages would append, and look at sockets and pages.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import uvicorn

from cohost import events as ev
from cohost.clock import WallClock
from cohost.common.catalogue import Brand, Catalogue, Market, Product, Variant
from cohost.common.people import Signature
from cohost.common.question import Asker, Citation, Claim, Draft, Question
from cohost.errors import WireError
from cohost.log import MemoryLog
from cohost.ports import Found, Mic, Speaker
from cohost.trust.evidence import Certificate, Evidence, Fact, MarketFact, Source
from cohost.web.after import Report
from cohost.web.auth import Auth
from cohost.web.evidence import Check
from cohost.web.limits import Limits
from cohost.web.server import UVICORN, Ask, make_app
from cohost.web.setup import Setup

T = TypeVar("T")
ON = dt.date(2026, 11, 20)
AUTH = Auth(operator_token="operator-secret", host_token="host-secret")

CATALOGUE = Catalogue(
    brand=Brand(name="Lumen Tide", host_lang="en", disclosure="AI assistant of Lumen Tide"),
    products=(
        Product(id="wave", name="Wave portable speaker", models=("WV-1", "WV-2"), pinned=True),
        Product(id="glow", name="Glow reading lamp", models=("GL-3",)),
    ),
    variants=(
        Variant(model="WV-1", product="wave", markets=("ES", "DE", "FR")),
        Variant(model="WV-2", product="wave", markets=("JP",)),
    ),
    markets=(
        Market(code="ES", lang="es", currency="EUR"), Market(code="DE", lang="de", currency="EUR"),
        Market(code="FR", lang="fr", currency="EUR"), Market(code="JP", lang="ja", currency="JPY"),
    ),
)  # fmt: skip


def price(number: int, market: str, value: float, currency: str) -> MarketFact:
    return MarketFact(
        id=f"P{number}",
        source=Source(document="kb.toml", quote=f"price = {value} {currency}"),
        source_class="C", product="wave", markets=(market,), attribute="price", value=value, unit=currency,
        tax_included=True,
    )  # fmt: skip


BATTERY = Fact(
    id="E1", source=Source(
        document="reports/WV-1_battery_life_report.pdf", quote="Playing time 24.3 h at 50 % volume, sample 3",
        page=2, locator="BL-2025-0417", lang="en", kind="test_report",
    ),
    source_class="A", product="wave", models=("WV-1",), visibility="page", attribute="battery", value=24.3,
    unit="h", condition="at 50 % volume", basis="measured", report="E9",
)  # fmt: skip
PAPER = Certificate(
    id="E2", source=Source(
        document="certificates/CE_certificate_scan.jpg", quote="Certificate No. LT-88213-R, model WV-1",
        page=1, locator="LT-88213-R", lang="en", kind="certificate", ocr=True, confidence=0.91,
    ),
    source_class="A", product="wave", models=("WV-1",), valid_until=dt.date(2025, 10, 31), scheme="CE",
)  # fmt: skip
NAMED = Fact(
    id="E3",
    source=Source(document="spec.xlsx", quote="重量 580 g", locator="规格!B7", lang="zh", kind="spec"),
    source_class="B", product="wave", visibility="cite", attribute="weight", value=580.0, unit="g",
)  # fmt: skip
SECRET = Fact(
    id="E4", source=Source(document="cost.xlsx", quote="unit cost 11.20", kind="internal"), source_class="C",
    product="wave", attribute="price", value=11.2, unit="EUR", release="internal",
)  # fmt: skip
STOCK = MarketFact(
    id="P9", source=Source(document="kb.toml", quote="stock = 120"), source_class="C", product="wave",
    markets=("ES",), attribute="stock", value=120.0,
)  # fmt: skip
ITEMS: tuple[Evidence, ...] = (
    BATTERY, PAPER, NAMED, SECRET, STOCK, price(1, "ES", 74.9, "EUR"), price(2, "DE", 79.9, "EUR"),
    price(3, "JP", 9800.0, "JPY"),
)  # fmt: skip


def cite(item: Evidence, *, valid: bool = True, kind: str = "test_report") -> Citation:
    source = item.source
    return Citation(
        id=item.id, kind=kind, document=source.document, quote=source.quote, valid=valid, page=source.page,
        locator=source.locator, ocr=source.ocr, confidence=source.confidence, lang=source.lang,
    )  # fmt: skip


class Library:
    """Items by id; takes what `apply` brings, as the real one does."""

    version = "test"

    def __init__(self, items: tuple[Evidence, ...] = ITEMS, catalogue: Catalogue = CATALOGUE) -> None:
        self.items = {item.id: item for item in items}
        self.catalogue = catalogue

    async def find(self, question: Question, limit: int = 24) -> Found:
        return Found()

    def get(self, evidence_id: str) -> Evidence | None:
        return self.items.get(evidence_id)

    def all(self) -> tuple[Evidence, ...]:
        return tuple(self.items.values())

    def apply(self, event: ev.FactChanged | ev.EvidenceReleased) -> None:
        return


class Inlet:
    """Bounds a line and drops a repeated client_id."""

    def __init__(self, log: MemoryLog) -> None:
        self._log = log
        self._seen: dict[tuple[str, str], ev.Record] = {}

    def submit(self, text: str, *, viewer: str, client_id: str | None = None, **more: Any) -> ev.Record:
        words = text.strip()
        if not words:
            raise WireError("empty", "got no words, expected a line")
        if client_id and (viewer, client_id) in self._seen:
            return self._seen[viewer, client_id]
        record = self._log.append(
            ev.ChatMessage(viewer=viewer, text=words[:500], client_id=client_id, **more)
        )
        if client_id:
            self._seen[viewer, client_id] = record
        return record


class Microphones:
    """Lanes by script: everybody gets one until `full`, then a place in the queue."""

    def __init__(self, log: MemoryLog, *, full: int = 2) -> None:
        self._log = log
        self.full = full
        self.lanes: dict[str, tuple[Speaker, Callable[[Mic], None]]] = {}
        self.queue: list[tuple[Speaker, Callable[[Mic], None]]] = []
        self.heard: dict[str, bytearray] = {}  # viewer → what came in, for good
        self.given: list[tuple[str | None, str]] = []
        self.listeners: list[Callable[[bytes], None]] = []
        self._number = 0

    def open(self, speaker: Speaker, changed: Callable[[Mic], None]) -> Mic:
        for other, told in [one for one in self.lanes.values() if one[0].viewer == speaker.viewer]:
            self.close(other, "speaks on another page")
            told(Mic("denied", message="you speak on another page"))
        if len(self.lanes) >= self.full:
            return self.raise_hand(speaker, changed)
        self._number += 1
        lane = f"lane{self._number}"
        self.lanes[lane] = (speaker, changed)
        self._log.append(
            ev.MicOpened(
                lane=lane, viewer=speaker.viewer, name=speaker.name, role=speaker.role,
                lang_hint=speaker.lang, market=speaker.market,
            )
        )  # fmt: skip
        return Mic("open", lane=lane)

    def raise_hand(self, speaker: Speaker, changed: Callable[[Mic], None]) -> Mic:
        self.queue.append((speaker, changed))
        self._log.append(
            ev.MicQueued(
                viewer=speaker.viewer, name=speaker.name, lang_hint=speaker.lang, market=speaker.market
            )
        )
        return Mic("queued", position=len(self.queue))

    def feed(self, lane: str, pcm: bytes) -> None:
        if lane in self.lanes:
            self.heard.setdefault(self.lanes[lane][0].viewer, bytearray()).extend(pcm)

    def close(self, speaker: Speaker, reason: str = "") -> None:
        for lane, (other, _) in list(self.lanes.items()):
            if (other.viewer, other.page) == (speaker.viewer, speaker.page):
                del self.lanes[lane]
                self._log.append(ev.MicClosed(lane=lane, viewer=speaker.viewer, reason=reason))
        for waiting in [one for one in self.queue if one[0] == speaker]:
            self.queue.remove(waiting)
            self._log.append(ev.MicClosed(lane="", viewer=speaker.viewer, reason=reason))

    def give(self, viewer: str | None, by: str, signed: Signature | None = None) -> bool:
        self.given.append((viewer, by))
        for waiting in [one for one in self.queue if one[0].viewer == viewer]:
            self.queue.remove(waiting)
            self.full += 1
            waiting[1](self.open(*waiting))
        known = viewer is None or any(one.viewer == viewer for one, _ in self.lanes.values())
        if known:
            self._log.append(ev.FloorGiven(viewer=viewer, by=by, signed=signed))
        return known

    def on_air(self, take: Callable[[bytes], None]) -> Callable[[], None]:
        self.listeners.append(take)
        return lambda: self.listeners.remove(take)

    def shut(self, viewer: str, message: str) -> None:
        """The room itself closes a lane."""
        lane, (speaker, changed) = next(one for one in self.lanes.items() if one[1][0].viewer == viewer)
        del self.lanes[lane]
        self._log.append(ev.MicClosed(lane=lane, viewer=speaker.viewer, reason=message))
        changed(Mic("denied", message=message))

    def sends_on_air(self, pcm: bytes) -> None:
        for take in list(self.listeners):
            take(pcm)


class Sound:
    """Who listens, and what they say they have played."""

    def __init__(self) -> None:
        self.listeners: list[tuple[Callable[[str, bytes], None], str]] = []
        self.reports: list[tuple[str, str, float]] = []

    def join(self, take: Callable[[str, bytes], None], viewer: str) -> Callable[[], None]:
        entry = (take, viewer)
        self.listeners.append(entry)
        return lambda: self.listeners.remove(entry)

    def played(self, speech_id: str, viewer: str, played_ms: float) -> None:
        self.reports.append((speech_id, viewer, played_ms))

    def sends(self, speech_id: str, pcm: bytes) -> None:
        for take, _ in list(self.listeners):
            take(speech_id, pcm)


class Room:
    """A RoomPort whose stages are the test. `on_loop` runs a function on the server's thread."""

    def __init__(
        self, root: Path | None = None, library: Library | None = None, *, voice: bool = False
    ) -> None:
        self.name = "main"
        self.root = root
        self.clock = WallClock(on=ON)
        self.log = MemoryLog(self.clock)
        self.library = library or Library()
        self.inlet = Inlet(self.log)
        self.microphones = Microphones(self.log) if voice else None
        self.sound = Sound() if voice else None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.log.append(ev.ShowStarted(room="main", on=ON, version="test"))
        self.log.append(ev.ProductPinned(product="wave", by="kb.toml"))
        self.log.append(ev.AutonomySet(level="suggest", by="settings"))

    def on_loop(self, act: Callable[[], T]) -> T:
        if self.loop is None:
            return act()

        async def run() -> T:
            return act()

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result(5)

    def append(self, event: ev.Event, *, cause: int | None = None) -> ev.Record:
        return self.on_loop(lambda: self.log.append(event, cause_seq=cause))

    def says(
        self, text: str, *, name: str = "Marta", lang: str = "es", market: str | None = "ES"
    ) -> ev.Record:
        record = self.append(ev.ChatMessage(viewer=f"v-{name}", text=text, name=name, market=market))
        self.append(
            ev.MessageTriaged(lang=lang, lang_confidence=0.9, intent="question.battery", question=True),
            cause=record.seq,
        )
        return record

    def asks(self, text: str, *, name: str = "Marta", lang: str = "es", market: str | None = "ES") -> str:
        """A line that became a question; returns its id."""
        return self.question(self.says(text, name=name, lang=lang, market=market), lang=lang)

    def question(self, record: ev.Record, *, lang: str = "es", attribute: str = "battery") -> str:
        event = ev.line_of(record.event)
        assert event is not None
        found = Question(
            id=f"q{record.seq}", text=event.text, lang=lang, intent=f"question.{attribute}",
            attributes=(attribute,), products=("wave",), market=event.market,
        )  # fmt: skip
        asker = Asker(
            message_seq=record.seq, viewer=event.viewer, name=event.name, lang=lang, market=event.market
        )
        self.append(ev.QuestionAsked(question=found, asker=asker), cause=record.seq)
        self.append(ev.EvidenceFound(question_id=found.id, items=(BATTERY,), scores=(0.9,)))
        return found.id

    def drafts(
        self, question_id: str, text: str, *, lang: str = "es", items: tuple[Evidence, ...] = (BATTERY,),
        needs_approval: bool = True, gloss: str = "[es] Battery life · Wave", note: str = "",
        by: Any = "composer",
    ) -> str:  # fmt: skip
        reply_id = f"r{question_id[1:]}"
        seq = int(question_id[1:])
        line = ev.line_of(next(r for r in self.log.records() if r.seq == seq).event)
        assert line is not None
        ids = tuple(item.id for item in items)
        self.append(ev.DraftSentence(reply_id=reply_id, n=0, text=text, verdict="allow", evidence=ids))
        draft = Draft(
            action="answer" if items else "decline", reason="fact" if items else "no_evidence", lang=lang,
            text=text, claims=(Claim(text, ids),) if items else (), citations=tuple(cite(i) for i in items),
            host_note=note, by=by,
        )  # fmt: skip
        asker = Asker(message_seq=seq, viewer=line.viewer, name=line.name, lang=lang, market=line.market)
        self.append(
            ev.DecisionMade(
                reply_id=reply_id, question_id=question_id, draft=draft, askers=(asker,),
                needs_approval=needs_approval, gloss=gloss,
            )
        )  # fmt: skip
        return reply_id

    def posts(self, reply_id: str, *, corrects: str | None = None) -> ev.Record:
        made = next(
            r.event for r in self.log.records()
            if isinstance(r.event, ev.DecisionMade) and r.event.reply_id == reply_id
        )  # fmt: skip
        assert isinstance(made, ev.DecisionMade)
        return self.append(
            ev.ReplyPosted(
                reply_id=reply_id, platform="room", text=made.draft.text, lang=made.draft.lang,
                question_id=made.question_id, in_reply_to=tuple(a.message_seq for a in made.askers),
                claims=made.draft.claims, citations=made.draft.citations, corrects=corrects,
            )
        )  # fmt: skip

    def hears(
        self, text: str, *, viewer: str = "v-Marta", name: str = "Marta", lang: str = "es",
        lane: str = "lane1", meaning: Any = "speech", role: Any = "viewer", took_ms: int = 1200,
    ) -> ev.Record:  # fmt: skip
        """Somebody said it and it was understood, `took_ms` of voice until now."""
        now = self.clock.now_ms()
        return self.append(
            ev.TranscriptFinal(
                lane=lane, viewer=viewer, utterance_id=f"u{self.log.last_seq + 1}", text=text, lang=lang,
                lang_confidence=0.9, start_ms=max(0, now - took_ms), end_ms=now, meaning=meaning, name=name,
                role=role, market="ES",
            )
        )  # fmt: skip

    def speaks(self, reply_id: str, text: str = "", *, lang: str = "es", speech_id: str = "") -> str:
        """cohost begins to say a reply; returns the speech's id."""
        speech_id = speech_id or f"s{self.log.last_seq + 1}"
        entry = next(
            (r.event for r in self.log.records()
             if isinstance(r.event, ev.DecisionMade) and r.event.reply_id == reply_id), None,
        )  # fmt: skip
        text = text or (entry.draft.text if isinstance(entry, ev.DecisionMade) else "")
        self.append(
            ev.SpeechStarted(speech_id=speech_id, reply_id=reply_id, text=text, lang=lang, voice="test")
        )
        return speech_id

    def sends(self, speech_id: str, pcm: bytes) -> None:
        """A piece of cohost's voice to whoever listens."""
        assert self.sound is not None
        sound = self.sound
        self.on_loop(lambda: sound.sends(speech_id, pcm))

    def lines(self) -> list[ev.Record]:
        return [r for r in self.log.records() if isinstance(r.event, ev.ChatMessage)]

    def events(self, kind: type[T]) -> list[T]:
        return [r.event for r in self.on_loop(lambda: list(self.log.records())) if isinstance(r.event, kind)]


@contextlib.contextmanager
def served(
    room: Room, *, auth: Auth = AUTH, ask: Ask | None = None, limits: Limits | None = None, port: int = 0,
    check: Check | None = None, away_ms: int = 0, report: Report | None = None, setup: Setup | None = None,
) -> Iterator[str]:  # fmt: skip
    """The room on a real socket; yields "127.0.0.1:PORT". Leaves no thread behind."""
    app = make_app(
        room, auth, ask=ask, limits=limits, check=check, away_ms=away_ms, report=report, setup=setup
    )  # fmt: skip
    config = uvicorn.Config(app, host="127.0.0.1", port=port, timeout_graceful_shutdown=2, **UVICORN)
    server = uvicorn.Server(config)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    ready = threading.Event()

    async def main() -> None:
        room.loop = asyncio.get_running_loop()
        serving = asyncio.ensure_future(server.serve(sockets=[listener]))
        while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.005)
        ready.set()
        await serving

    thread = threading.Thread(target=asyncio.run, args=(main(),), name="web-room")
    thread.start()
    try:
        assert ready.wait(10), "the server did not start"
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
        room.loop = None
