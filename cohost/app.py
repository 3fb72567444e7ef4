"""Composition root: which adapter serves which port, what starts and stops in which order.

Everything runs in one TaskGroup; leaving `Room.running()` cancels the stages, writes the log out
and frees the locks.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cohost
from cohost import asking, interpreting, resources, talking, telemetry
from cohost import events as ev
from cohost import settings as settings_
from cohost.broadcast import Broadcast, broadcast
from cohost.clock import Clock
from cohost.decision.consult import Timing
from cohost.decision.games import GameTeller
from cohost.decision.heard import HostStage
from cohost.decision.roster import Roster
from cohost.decision.stage import DecisionStage
from cohost.ears.chat import ChatInlet
from cohost.engage.desk import GameDesk
from cohost.errors import KnowledgeError
from cohost.knowledge import given
from cohost.knowledge.build import Built, Progress, build
from cohost.knowledge.documents.ocr import OcrWorker
from cohost.knowledge.embed import CachedEmbedder, E5Embedder, UseEmbedder, VectorCache
from cohost.knowledge.index import EXACT_BELOW, ChromaStore
from cohost.knowledge.library import KnowledgeLibrary, Models
from cohost.knowledge.stage import KnowledgeStage
from cohost.languages import LANGUAGES
from cohost.log import MemoryLog, ShowLog
from cohost.models import installed
from cohost.mouth.delivery import DeliveryStage, RoomSink
from cohost.mouth.playback import Playback
from cohost.ports import ChatSink, Embedder, Microphones, Sound, Writer
from cohost.settings import Settings
from cohost.stage import Stage, keep_up, run
from cohost.understanding.head import TrainedKinds
from cohost.understanding.semantic import PhraseIndex
from cohost.understanding.stage import UnderstandingStage


def knowledge_folder(given: str = "") -> Path:
    """`--kb`, else ./knowledge_base, else the packaged demo brand. Raises KnowledgeError."""
    if given:
        folder = Path(given)
        if not folder.is_dir():
            raise KnowledgeError(f"got {given}, which is no folder; expected a folder with documents")
        if not os.access(folder, os.R_OK | os.X_OK):
            raise KnowledgeError(f"got {given}, which may not be read; expected a folder that may")
        return folder.resolve()
    here = Path("knowledge_base")
    return here.resolve() if here.is_dir() else resources.find("knowledge_base")


def index_dir(folder: Path) -> Path:
    """The cache folder of one knowledge base."""
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return resources.cache_dir() / "kb" / f"{folder.name}-{name}"


@dataclass
class Knowledge:
    """A folder built and indexed, ready for questions."""

    folder: Path
    library: KnowledgeLibrary
    attributes: PhraseIndex
    kinds: TrainedKinds
    vectors: VectorCache

    @property
    def built(self) -> Built:
        return self.library.built

    async def complete(self) -> None:
        """What can wait until the room is open: asking phrases of every language, vectors of every text.
        Safe to cancel."""
        await self.attributes.warm(LANGUAGES)
        await self.library.complete()

    def close(self) -> None:
        self.library.close()
        self.vectors.close()


async def open_knowledge(
    folder: Path, clock: Clock, *, progress: Progress | None = None, store: bool = True
) -> Knowledge:
    """Ingest what changed, embed what is new, open the index. Raises KnowledgeError."""
    cache = _writable(index_dir(folder))
    built = await asyncio.to_thread(build, folder, cache, ocr=OcrWorker, progress=progress)
    vectors = VectorCache(resources.cache_dir() / "vectors.sqlite", given.load())
    models: dict[str, Embedder] = {}
    if installed("use"):
        models["use"] = UseEmbedder()
    if installed("e5"):
        models["e5"] = E5Embedder()
    cached = {name: CachedEmbedder(model, vectors) for name, model in models.items()}
    library = KnowledgeLibrary(built, Models(sharp=cached.get("use"), wide=cached.get("e5")), clock)
    opened = None
    if store and library.size > EXACT_BELOW:
        opened = await asyncio.to_thread(ChromaStore.open, cache / "chroma")
    await library.prepare(cached, store=opened, progress=progress)
    attributes = PhraseIndex(list(cached.values()))
    kinds = TrainedKinds(list(cached.values()))
    await attributes.warm(library.catalogue.languages())
    return Knowledge(folder, library, attributes, kinds, vectors)


def _writable(cache: Path) -> Path:
    reason = "it may only be read"
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
    if not os.access(cache, os.W_OK):
        raise KnowledgeError(
            f"got the cache folder {cache}, which cannot be written ({reason}); expected one that can: "
            "set XDG_CACHE_HOME to it"
        )
    return cache


@dataclass
class Room:
    """One room: its log, its library, its stages. Web and commands hang on to this."""

    name: str
    settings: Settings
    clock: Clock
    log: MemoryLog
    knowledge: Knowledge
    inlet: ChatInlet
    stages: Sequence[Stage]
    microphones: Microphones | None = None
    sound: Sound | None = None
    services: Sequence[Callable[[], Coroutine[Any, Any, None]]] = ()
    speaks: Callable[[], Sequence[str]] = tuple  # languages with a voice that is fit
    broadcast: Broadcast = field(default_factory=Broadcast)
    translates: bool = False  # some pair of languages has a translator
    lateness: telemetry.LoopLateness = field(default_factory=telemetry.LoopLateness)

    @property
    def library(self) -> KnowledgeLibrary:
        return self.knowledge.library

    @property
    def root(self) -> Path:
        """The knowledge folder, for pictures of cited pages."""
        return self.knowledge.folder

    def start(self, *, rehearsal: bool = False) -> None:
        """Write how the show starts (or goes on), before any stage reads the log."""
        resumed = self.log.last_seq > 0
        for record in self.log.records():
            self.inlet.observe(record)
        self.log.append(
            ev.ShowStarted(
                room=self.name, on=self.clock.today(), version=cohost.__version__,
                kb=self.library.version, resumed=resumed, rehearsal=rehearsal,
            )
        )  # fmt: skip
        if not resumed:
            pinned = self.library.catalogue.pinned()
            self.log.append(ev.ProductPinned(product=pinned.id if pinned else None, by="kb.toml"))
            if self.library.catalogue.rundown:
                self.log.append(ev.RundownSet(items=self.library.catalogue.rundown, by="kb.toml"))
            self.log.append(ev.AutonomySet(level=self.settings.chat.autonomy, by="settings"))

    @contextlib.asynccontextmanager
    async def running(self, *, live: bool = True) -> AsyncIterator[asyncio.TaskGroup]:
        """Stages run inside; further tasks of the show may join the group.

        A live room completes its vectors in the background and never waits for them; otherwise the
        first question that needs them does.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                jobs = [
                    tasks.create_task(keep_up(service.__qualname__, service, self.log, self.clock))
                    for service in self.services
                ]
                jobs += [tasks.create_task(run(stage, self.log), name=stage.name) for stage in self.stages]
                jobs.append(
                    tasks.create_task(telemetry.watch(self.clock, self.log, self.lateness), name="watch")
                )
                if live:
                    self.library.completes_alone = True
                    self.knowledge.attributes.patient = False
                    jobs.append(tasks.create_task(self.knowledge.complete(), name="vectors"))
                try:
                    yield tasks
                finally:
                    for job in jobs:
                        job.cancel()
        finally:
            await self.broadcast.close()
            await self.log.close()
            self.knowledge.close()


def make_room(
    settings: Settings,
    knowledge: Knowledge,
    clock: Clock,
    log: MemoryLog,
    *,
    writer: Writer | Roster | None = None,
    sinks: Sequence[ChatSink] = (),
    name: str | None = None,
    models: talking.Models | None = None,
    routes: interpreting.Routes | None = None,
    on_air: bool = False,
    rehearsal: bool = False,
) -> Room:
    """Wire the stages of one room along its log. Without `models` it answers in writing; `on_air`: with the
    platforms that the settings switch on; `rehearsal`: nothing is posted there. Raises SettingsError."""
    library = knowledge.library
    name = name or settings.web.room
    inlet = ChatInlet(log, clock)
    carried = Broadcast()
    if on_air:
        carried = broadcast(settings, library.catalogue, name, inlet, log, clock, rehearsal=rehearsal)
    if not carried.may_speak:
        settings = settings_.replace(settings, voice__speak=False)
    own = RoomSink(settings.chat.posts_per_second, settings.chat.posts_burst)
    every: dict[str, ChatSink] = {sink.platform: sink for sink in (own, *sinks, *carried.sinks)}
    playback = Playback(clock)
    voices = models.voices if models is not None else None
    delivery = DeliveryStage(
        log, library, clock, every,
        ttl_ms=round(settings.chat.reply_ttl_s * 1000), link=_link(settings),
        voice=settings.voice if voices is not None else None, listeners=lambda: playback.listeners,
        fit=lambda lang: voices is not None and voices.for_(lang) is not None,
    )  # fmt: skip
    talk = talking.talk(
        log, clock, library.catalogue, settings, models, objects=delivery.objects, playback=playback
    )
    chat = settings.chat
    roster = Roster.of(writer)
    interpreter = interpreting.chain(routes, library, clock, settings, log, roster)
    decision = DecisionStage(
        log, library, clock, writer=roster, timing=_timing(settings), earn_after=chat.earn_after,
        draft_ttl_ms=round(chat.draft_ttl_s * 1000), interpreter=interpreter,
    )  # fmt: skip
    translating = interpreting.services(interpreter, log, clock, library, settings)
    stages: list[Stage] = [
        UnderstandingStage(log, clock, library.catalogue, knowledge.attributes, knowledge.kinds),
        KnowledgeStage(log, library, clock),
        decision,
        HostStage(log, library, decision.desk),
        GameTeller(log, clock, library, decision.desk),
        delivery,
        *carried.stages,
        *(stage for stage in (talk.ears, talk.voice) if stage is not None),
    ]
    return Room(
        name, settings, clock, log, knowledge, inlet, stages, talk.microphones, talk.sound,
        (*talk.services, decision.expire, _games(knowledge, log, clock).run, *carried.services, *translating),
        voices.languages if voices is not None else tuple, carried, interpreter is not None,
    )  # fmt: skip


async def warm(knowledge: Knowledge, clock: Clock, *, drafts: bool = False) -> None:
    """Load what the room's languages need: a few questions through stages on a scratch log. `drafts`: also
    what judges an LLM's sentences."""
    scratch = make_room(Settings(), knowledge, clock, MemoryLog(clock))
    scratch.start()
    asked = ("certificates", "weight") if drafts else ("certificates",)
    async with asyncio.TaskGroup() as tasks:
        jobs = [tasks.create_task(run(stage, scratch.log)) for stage in scratch.stages]
        await asking.rehearse(scratch, knowledge.library.catalogue.languages(), asked)
        for stage in scratch.stages:
            if drafts and isinstance(stage, DecisionStage):
                stage.rehearse()
        for job in jobs:
            job.cancel()


def _link(settings: Settings) -> Callable[[str], str]:
    """Where a reply's evidence is shown to people on a platform; "" without a public address."""
    public = settings.web.public_url.rstrip("/")
    return lambda reply_id: f"{public}/answer/{reply_id}" if public else ""


def _games(knowledge: Knowledge, log: MemoryLog, clock: Clock) -> GameDesk:
    delays = {p.name: round(p.stream_delay_s * 1000) for p in knowledge.library.catalogue.platforms}
    return GameDesk(log, clock, delays_ms=delays, meaning=knowledge.attributes.beside)


def _timing(settings: Settings) -> Timing:
    """The LLM's deadlines in show milliseconds."""
    return Timing(first_ms=settings.llm.first_sentence_s * 1000, total_ms=settings.llm.total_s * 1000)


def open_log(path: Path | None, make_clock: Callable[[int], Clock]) -> tuple[MemoryLog, Clock]:
    """A show log on disk (continued where it is there) or in memory, and the clock that goes on."""
    if path is None:
        clock = make_clock(0)
        return MemoryLog(clock), clock
    log = ShowLog(path, make_clock(0))
    records = log.records()
    clock = make_clock(records[-1].at_ms if records else 0)
    log.use(clock)
    return log, clock


def default_log(room: str, clock: Clock) -> Path:
    """A new log's path in the user's state folder: room, date and time."""
    from datetime import UTC, datetime

    stamp = datetime.fromtimestamp(clock.unix(), UTC).strftime("%Y%m%d-%H%M%S")
    safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in room)
    return resources.state_dir() / "shows" / f"{safe}-{stamp}.log"
