"""`cohost preflight`: an hour before the show, what could stop it: papers, platforms, voices, disk."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shutil
from collections.abc import Callable
from typing import Any, Literal

import msgspec

from cohost import interpreting, resources, talking
from cohost.app import Knowledge, knowledge_folder, open_knowledge
from cohost.broadcast import broadcast
from cohost.check.readiness import readiness
from cohost.clock import WallClock
from cohost.commands.questions import translators
from cohost.commands.serve import settings_from
from cohost.commands.terminal import add_common, bars, emit, say
from cohost.decision.writer import OpenAIWriter
from cohost.ears.chat import ChatInlet
from cohost.errors import ProviderError, UsageError
from cohost.languages import base
from cohost.log import MemoryLog
from cohost.platforms.connect import switched_on
from cohost.ports import SendPolicy
from cohost.settings import Server, Settings

State = Literal["ok", "look", "missing"]
DISK_MB = 500
LOG_MB_PER_HOUR = 40
LLM_S = 10.0
READY = ({"role": "user", "content": "Say in one short sentence that you are ready."},)
LOCAL = ("127.0.0.1", "localhost", "::1")


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at. `missing` stops the show or a part of it, `look` wants a person."""

    check: str
    state: State
    message: str


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "preflight", help="is everything there for the show?",
        description="Before the show: documents and readiness by market, platforms (tokens, quotas against "
        "the show's length), microphone and voices, LLM, translators, disk. Exit 1 where one is missing.",
    )  # fmt: skip
    parser.add_argument(
        "--hours", type=float, default=3.0, metavar="H", help="how long the show will last (default 3)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON Lines")
    add_common(parser, config=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if not 0 < args.hours <= 48:
        raise UsageError(f"got --hours {args.hours:g}, expected more than 0 and at most 48")
    found = asyncio.run(_checks(args))
    return 1 if any(check.state == "missing" for check in found) else 0


async def _checks(args: argparse.Namespace) -> list[Check]:
    settings = settings_from(args)
    settings = msgspec.structs.replace(
        settings, youtube=msgspec.structs.replace(settings.youtube, hours=args.hours)
    )
    found: list[Check] = []

    def tell(check: str, state: State, message: str) -> None:
        found.append(Check(check, state, message))
        if args.json:
            emit(msgspec.to_builtins(found[-1]))
        else:
            say(f"{state:8} {check:22} {message}")

    clock = WallClock(on=args.on or settings.on)
    with bars() as progress:
        knowledge = await open_knowledge(
            knowledge_folder(args.kb or settings.kb), clock, progress=progress, store=False
        )
    try:
        _papers(knowledge, clock, tell)
        _machine(settings, args.hours, tell)
        await _voice(settings, tell)
        await _llm(settings, tell)
        await _translate(settings, knowledge, clock, tell)
        await _platforms(settings, knowledge, clock, args.hours, tell)
    finally:
        knowledge.close()
    return found


Tell = Callable[[str, State, str], None]


# ── what is said ──
def _papers(knowledge: Knowledge, clock: WallClock, tell: Tell) -> None:
    built = knowledge.built
    errors = [p for p in built.problems if p.severity == "error"]
    state: State = "missing" if errors or not built.items else "look" if built.problems else "ok"
    first = f": {errors[0].document}: {errors[0].message}" if errors else ""
    told = f"{len(built.documents)} documents, {len(built.items)} pieces of evidence"
    told += f", {len(built.problems)} remarks"
    tell("documents", state, f"{told}{first}" + ("" if state == "ok" else " (cohost kb check)"))
    rows = readiness(built.kb.catalogue, built.items, clock.today())
    for product in dict.fromkeys(row.product for row in rows):
        ready = [row.market for row in rows if row.product == product and row.verdict == "open"]
        tell("market", "ok" if ready else "look", f"{product}: ready in {', '.join(ready) or 'no market'}")
    for row in rows:
        where = f"{row.product} in {row.market}"
        lacking = [f"{p.title}: {p.words}" for p in row.papers if p.state != "held"] + list(row.missing)
        if row.verdict in ("look", "shut"):
            why = "; ".join(lacking) or row.reason
            shut = "no price, link or call to buy will go out; " if row.verdict == "shut" else ""
            tell("market", "look", f"{where}: {shut}{why}")


# ── the machine ──
def _machine(settings: Settings, hours: float, tell: Tell) -> None:
    folder = resources.state_dir() / "shows"
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        tell("show log", "missing", f"{folder} cannot be written: set XDG_STATE_HOME or --log")
    else:
        free = shutil.disk_usage(folder).free // 2**20
        needed = DISK_MB + round(hours * LOG_MB_PER_HOUR)
        tell(
            "show log", "ok" if free >= needed else "missing",
            f"{free} MB free in {folder}, {needed} MB wanted for {hours:g} h",
        )  # fmt: skip
    web = settings.web
    if web.host not in LOCAL and not web.tls_cert:
        tell("tls", "look", "phones open no microphone without TLS: --tls-cert and --tls-key")
    if web.public_url:
        tell("evidence link", "ok", f"posts link to {web.public_url.rstrip('/')}/answer/…")
    elif switched_on(settings):
        tell("evidence link", "look", "posts carry no link to their evidence: set [web] public_url")


async def _voice(settings: Settings, tell: Tell) -> None:
    models = talking.load(settings)
    try:
        if settings.voice.hear:
            here = models.recognition is not None
            told = "callers are heard" if here else f"{models.why} (cohost doctor)"
            tell("microphone", "ok" if here else "missing", told)
        spoken = models.voices.languages() if models.voices is not None else ()
        if settings.voice.speak:
            wanted = [lang for lang in settings.voice.langs if lang not in spoken]
            if wanted:
                tell("voices", "look", f"{', '.join(wanted)} will be posted, not spoken: no voice is fit")
            tell(
                "voices",
                "ok" if spoken else "look",
                f"spoken: {', '.join(spoken) or 'nothing'}; the rest is posted",
            )
    finally:
        await models.close()


async def _llm(settings: Settings, tell: Tell) -> None:
    """Each endpoint in order writes one word; then what the show may take."""
    llm = settings.llm
    servers = llm.servers()
    if not servers:
        tell("llm", "ok", "none set: answers are composed")
        return
    for server in servers:
        await _endpoint(server, settings, tell)
    limits = [f"{llm.ceiling:g} {llm.currency}"] if llm.ceiling else []
    limits += [f"{llm.ceiling_tokens} tokens"] if llm.ceiling_tokens else []
    if limits:
        tell("llm ceiling", "ok", f"at {' or '.join(limits)} answers are composed for the rest of the show")
    unpriced = [s.name for s in servers if not any(s.prices)]
    if llm.ceiling and unpriced:
        tell("llm ceiling", "look", f"{', '.join(unpriced)} has no price: what it takes counts nothing")


async def _endpoint(server: Server, settings: Settings, tell: Tell) -> None:
    clock = WallClock()
    writer = OpenAIWriter(
        base_url=server.base_url, api_key=server.api_key, model=server.model, clock=clock,
        max_tokens=40, timeout_s=LLM_S, structured=server.structured,
    )  # fmt: skip
    began = clock.now_ms()
    try:
        async with contextlib.aclosing(writer.write(READY)) as answer:
            first = await anext(answer, None)
        took, has = clock.now_ms() - began, settings.llm.first_sentence_s * 1000
        if first is None:
            tell(
                "llm", "look", f"{server.name} answers without a sentence: the next one or the composer does"
            )
        elif took > has:
            tell(
                "llm",
                "look",
                f"{server.name} answers in {took} ms, a turn has {has:g} ms to its first sentence",
            )
        else:
            tell("llm", "ok", f"{server.name} answers in {took} ms")
    except ProviderError as error:
        tell("llm", "look", f"{server.name} does not answer ({error}): the next one or the composer does")
    finally:
        await writer.close()


async def _translate(settings: Settings, knowledge: Knowledge, clock: WallClock, tell: Tell) -> None:
    """Which of the room's languages the host is understood in, and understands."""
    routes = translators(settings, clock)
    try:
        if not routes.found:
            tell("translate", "ok", f"no translator: {interpreting.WITHOUT} (cohost doctor)")
            return
        dead = {r.name: wrong for r in routes.found if (wrong := await interpreting.answers(r))}
        for name, wrong in dead.items():
            tell("translate", "look", f"{name} does not answer ({wrong[:160]})")
        alive = [route for route in routes.found if route.name not in dead]
        host, *others = reversed(knowledge.library.catalogue.languages())
        lacking = [
            f"{a}-{b}" for lang in others if base(lang) != base(host)
            for a, b in ((base(host), base(lang)), (base(lang), base(host)))
            if not any(route.offers(a, b) for route in alive)
        ]  # fmt: skip
        told = f"{', '.join(route.name for route in alive) or 'nothing'}; host speaks {host}"
        none = f"; none for {' '.join(lacking)}" if lacking else ""
        tell("translate", "look" if lacking else "ok", told + none)
    finally:
        await routes.close()


# ── where it is carried ──
async def _platforms(
    settings: Settings, knowledge: Knowledge, clock: WallClock, hours: float, tell: Tell
) -> None:
    log = MemoryLog(clock)
    inlet = ChatInlet(log, clock)
    carried = broadcast(
        settings, knowledge.library.catalogue, settings.web.room, inlet, log, clock, rehearsal=True
    )
    if not carried.platforms:
        tell("platforms", "ok", "none set: the room's own pages only")
        return
    async with asyncio.TaskGroup() as tasks:
        jobs = [tasks.create_task(platform.run()) for platform in carried.platforms]
        for platform, sink in zip(carried.platforms, carried.sinks, strict=True):
            try:
                wrong = await platform.check()
            except ProviderError as error:
                wrong = str(error)
            tell(platform.platform, "missing" if wrong else "ok", wrong or _capacity(sink.policy, hours))
        for job in jobs:
            job.cancel()
    if not carried.may_speak:
        silent = [s.platform for s in carried.sinks if not s.policy.may_speak]
        tell("voices", "look", f"cohost does not speak: {', '.join(silent)} forbids it; answers are posted")
    await carried.close()


def _capacity(policy: SendPolicy, hours: float) -> str:
    """What fits into the show."""
    per_hour = 0.0
    if policy.posts and policy.per_ms:
        per_hour = policy.posts * 3_600_000 / policy.per_ms
    if policy.apart_ms:
        per_hour = min(per_hour or 10**9, 3_600_000 / policy.apart_ms)
    fits = f"up to {per_hour * hours:.0f} posts in {hours:g} h" if per_hour else "no limit of posts"
    longest = f", {policy.longest} {policy.counts} each" if policy.longest else ""
    return f"answers; {fits}{longest}"
