"""`cohost serve`: the live room on a port, until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import signal
import ssl
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from cohost import resources, talking
from cohost import settings as settings_
from cohost.app import Room, default_log, knowledge_folder, make_room, open_knowledge, open_log, warm
from cohost.clock import Clock, WallClock
from cohost.commands.forget import forget_old
from cohost.commands.questions import translators, writer_from
from cohost.commands.terminal import add_common, bars, say, settings_of, stderr
from cohost.errors import UsageError
from cohost.interpreting import WITHOUT
from cohost.platforms.connect import refuse_half
from cohost.serving import Address, listen, serving
from cohost.settings import Settings, Web
from cohost.settings.people import Named, named


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "serve", help="open the live room",
        description="Open the live room: viewer page, operator console, overlay. With a translator (cohost "
        "doctor lists them) the host and the viewers read each other in their own languages. Ctrl-C ends the "
        "show.",
    )  # fmt: skip
    parser.add_argument("--host", default=None, help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=None, help="port (default 8765; 0 = any free one)")
    parser.add_argument("--room", default=None, metavar="NAME", help="the room's name (default main)")
    parser.add_argument(
        "--rehearse", action="store_true", help="read the platforms, post nothing there, hand nothing on"
    )
    parser.add_argument("--tls-cert", default=None, metavar="F", help="certificate: phones need TLS to speak")
    parser.add_argument("--tls-key", default=None, metavar="F", help="its key")
    add_common(parser, log=True, config=True)
    parser.set_defaults(run=run)


def settings_from(args: argparse.Namespace) -> Settings:
    """The settings file with the command line over it. Raises SettingsError, UsageError."""
    loaded = settings_of(args)
    names = ("host", "port", "room", "tls_cert", "tls_key")
    given = {f"web__{n}": getattr(args, n) for n in names if getattr(args, n, None) is not None}
    loaded = settings_.replace(loaded, **given)
    if not 0 <= loaded.web.port <= 65535:
        raise UsageError(f"got --port {loaded.web.port}, expected 0 to 65535")
    for file in (loaded.web.tls_cert, loaded.web.tls_key):
        if file and not Path(file).is_file():
            raise UsageError(f"got {file}, which is no file; expected a certificate or key in PEM")
    loaded.llm.servers()  # a key that is not there is told before anything loads
    _refuse_bad_tls(loaded.web)
    refuse_half(loaded)
    people_of(args, loaded)
    return loaded


def people_of(args: argparse.Namespace, settings: Settings) -> tuple[Named, ...]:
    """The staff by name, their tokens as digests. Raises SettingsError."""
    file = Path(args.config) if getattr(args, "config", "") else None
    shared = {settings.web.token: "the room", settings.web.viewer_token: "the viewers"}
    return named(settings.person, file, taken=shared)


def _refuse_bad_tls(web: Web) -> None:
    if bool(web.tls_cert) != bool(web.tls_key):
        raise UsageError("got one of --tls-cert and --tls-key, expected both or none")
    if not web.tls_cert:
        return
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(web.tls_cert, web.tls_key)
    except (ssl.SSLError, OSError) as error:
        raise UsageError(
            f"got {web.tls_cert} and {web.tls_key}, which do not load ({error.strerror or error}); "
            "expected a certificate and its key, both in PEM"
        ) from error


def run(args: argparse.Namespace) -> int:
    return asyncio.run(_serve(args))


async def _serve(args: argparse.Namespace) -> int:
    settings = settings_from(args)
    async with open_room(args, settings) as (room, address):
        stop = stop_asked()
        announce(room, address, rehearsal=getattr(args, "rehearse", False), people=people_of(args, settings))
        await stop.wait()
    return 0


def _made(given: str) -> str:
    """A folder that does not exist yet is made where a person at the terminal says yes. Raises UsageError."""
    if not given or Path(given).exists() or not Path(given).absolute().parent.is_dir():
        return given
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"got {given}, which does not exist; expected a folder: make it with mkdir {given}")
    stderr.print(f"{given} does not exist. Make it? [y/N] ", end="", markup=False, highlight=False)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError(f"got {given}, which does not exist; expected a folder")
    Path(given).mkdir()
    return given


@contextlib.asynccontextmanager
async def open_room(args: argparse.Namespace, settings: Settings) -> AsyncIterator[tuple[Room, Address]]:
    """Port first (a busy one is told before the models load), then knowledge, log, stages, pages."""
    folder = knowledge_folder(_made(args.kb or settings.kb))
    on = args.on or settings.on
    bound = listen(settings.web.host, settings.web.port)
    async with contextlib.AsyncExitStack() as opened:
        opened.callback(bound.close)
        clock: Clock = WallClock(on=on)
        if settings.keep_days:
            shows = sorted((resources.state_dir() / "shows").glob("*.log"))
            forget_old(shows, settings.keep_days, clock, quiet=True)
        named = args.log or settings.log
        path = Path(named) if named else default_log(settings.web.room, clock)
        log, clock = open_log(path, lambda start: WallClock(on=on, start_ms=start))
        opened.push_async_callback(log.close)
        with bars() as progress:
            knowledge = await open_knowledge(folder, clock, progress=progress)
        models = talking.load(settings)
        opened.push_async_callback(models.close)
        writer = writer_from(settings, clock)
        await warm(knowledge, clock, drafts=writer is not None)
        gc.collect()
        gc.freeze()  # tables and models: nothing of them is ever let go
        routes = translators(settings, clock)
        opened.push_async_callback(routes.close)
        rehearsal = getattr(args, "rehearse", False)
        room = make_room(
            settings, knowledge, clock, log, writer=writer, models=models, routes=routes, on_air=True,
            rehearsal=rehearsal,
        )  # fmt: skip
        room.services = (*room.services, models.warm)
        room.start(rehearsal=rehearsal)
        async with serving(room, bound, settings, people_of(args, settings)) as address:
            yield room, address


def announce(
    room: Room, address: Address, *, rehearsal: bool = False, people: Sequence[Named] = ()
) -> None:  # fmt: skip
    """Where everything is; the console's address with its token stands here once."""
    built = room.knowledge.built
    say(
        f"room “{room.name}” is open: {len(built.documents)} documents, {len(built.items)} pieces of evidence"
    )
    if not built.documents:
        say("  the folder is empty: drop documents on the set-up page")
        say(f"  set up    {address.setup}")
    say(f"  viewers   {address.page}")
    say(f"  console   {address.console}")
    if people:
        who = ", ".join(f"{one.name} ({one.role})" for one in people)
        say(f"  people    {who}: each with their own token")
    say(f"  overlay   {address.overlay}")
    for platform in room.broadcast.platforms:
        say(f"  carried   {platform.platform}{' (rehearsal: nothing is posted)' if rehearsal else ''}")
    for hook in room.broadcast.hooks:
        say(f"  hook      {address.page}{hook.path.lstrip('/')}")
    say(f"  show log  {getattr(room.log, 'path', 'in memory')}")
    say(f"  voice     {voice_of(room)}")
    say(f"  translate {'on' if room.translates else f'no translator: {WITHOUT}'}")
    if built.problems:
        say(f"  {len(built.problems)} remarks on the documents: cohost kb check")


def voice_of(room: Room) -> str:
    """What the room hears and speaks, in one line."""
    hears = "hears callers" if room.microphones is not None else "hears nobody (cohost doctor says why)"
    spoken = room.speaks()
    return f"{hears}; speaks {' '.join(spoken)}, posts the rest" if spoken else f"{hears}; answers in writing"


def stop_asked() -> asyncio.Event:
    """Set on Ctrl-C or SIGTERM from now on."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows: KeyboardInterrupt ends asyncio.run
            continue
    return stop
