"""Twitch: `cohost serve` on a real IRC server, and the adapter against one that speaks Twitch's dialect."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import re
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from cohost import events as ev
from cohost.clock import WallClock
from cohost.ears.chat import ChatInlet
from cohost.errors import NotTaken, ProviderError, ProviderTimeout
from cohost.log import MemoryLog, read_log
from cohost.platforms.feed import Feed
from cohost.platforms.twitch import Twitch
from cohost.ports import Post
from cohost.settings import Twitch as TwitchSettings
from tests.wire.cohost_process import Place
from tests.wire.irc_server import IrcServer, Viewer, free_port

pytestmark = [pytest.mark.wire, pytest.mark.timeout(180)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[IrcServer]:
    with IrcServer(tmp_path) as server:
        yield server


CONFIG = """
[web]
public_url = "https://live.example"
[twitch]
channel = "show"
nick = "probe_cohost"
server = "127.0.0.1"
port = {port}
tls = false
"""


def test_a_comment_there_is_answered_there_with_its_evidence(
    place: Place, server: IrcServer, tmp_path: Path
) -> None:
    config, log = tmp_path / "show.toml", tmp_path / "show.log"
    config.write_text(CONFIG.format(port=server.port), encoding="utf-8")
    with place.start("serve", "--port", "0", "--config", str(config), "--log", str(log)) as running:
        page = running.until(r"^\s+viewers\s+(\S+)")[1]
        running.until(r"^\s+show log\s+")
        viewer = Viewer(server.port, "marta")
        if not any("probe_cohost" in line for line in viewer.lines):  # it may have come first
            viewer.hears("probe_cohost")
        viewer.says("hola a todos!!")
        viewer.says("Wie schwer ist die Lampe?")
        answer = viewer.hears("PRIVMSG #show")
        link = re.search(r"https://live\.example(/answer/\S+)$", answer)
        assert link, answer
        assert ":[AI] @marta " in answer
        assert "412" in answer
        shown = urllib.request.urlopen(page.rstrip("/") + link[1], timeout=10).read().decode()
        assert "412" in shown
        assert "spec.md" in shown
        viewer.close()
        assert running.stop().code == 0
    events = [record.event for record in read_log(log)]
    (posted,) = [e for e in events if isinstance(e, ev.ReplyPosted)]
    assert posted.platform == "twitch"
    states = [e.state for e in events if isinstance(e, ev.PlatformState)]
    assert states[:2] == ["connecting", "live"]


def test_a_rehearsal_reads_and_posts_nothing(place: Place, server: IrcServer, tmp_path: Path) -> None:
    config, log = tmp_path / "show.toml", tmp_path / "show.log"
    config.write_text(CONFIG.format(port=server.port), encoding="utf-8")
    words = ("serve", "--rehearse", "--port", "0", "--config", str(config), "--log", str(log))
    with place.start(*words) as running:
        running.until(r"rehearsal: nothing is posted")
        running.until(r"^\s+show log\s+")
        viewer = Viewer(server.port, "marta")
        if not any("probe_cohost" in line for line in viewer.lines):
            viewer.hears("probe_cohost")
        viewer.says("Wie schwer ist die Lampe?")
        with pytest.raises(AssertionError):
            viewer.hears("PRIVMSG #show", 4.0)
        viewer.close()
        assert running.stop().code == 0
    events = [record.event for record in read_log(log)]
    assert [e.ref for e in events if isinstance(e, ev.ReplyPosted)] == ["rehearsal"]
    assert events[0].rehearsal if isinstance(events[0], ev.ShowStarted) else False


def test_a_preflight_joins_the_channel_and_tells_what_fits_into_the_show(
    place: Place, server: IrcServer, tmp_path: Path
) -> None:
    config = tmp_path / "show.toml"
    config.write_text(CONFIG.format(port=server.port), encoding="utf-8")
    done = place.run("preflight", "--config", str(config), "--hours", "2", "--json")
    told = {line["check"]: line for line in map(json.loads, done.out.splitlines())}
    assert told["twitch"]["state"] == "ok", done
    assert "4800 posts in 2 h" in told["twitch"]["message"]
    assert told["evidence link"]["state"] == "ok"
    assert done.code == 0, done
    config.write_text(CONFIG.format(port=free_port()), encoding="utf-8")
    away = place.run("preflight", "--config", str(config))
    assert away.code == 1
    assert re.search(r"^missing\s+twitch\s.*did not let us join #show", away.out, re.M), away


# ── the adapter by itself ────────────────────────────────────────────────────────────────────────
class Channel:
    """A Twitch adapter with a log and an inlet. `until` waits for what the log tells."""

    def __init__(self, **settings: object) -> None:
        self.clock = WallClock(on=dt.date(2026, 11, 20))
        self.log = MemoryLog(self.clock)
        feed = Feed("twitch", "main", ChatInlet(self.log, self.clock), self.log, self.clock)
        known = {"channel": "show", "nick": "probe", "server": "127.0.0.1", "tls": False}
        self.twitch = Twitch(TwitchSettings(**(known | settings)), feed)  # type: ignore[arg-type]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as tasks:
            job = tasks.create_task(self.twitch.run())
            yield
            job.cancel()

    def states(self) -> list[str]:
        return [r.event.state for r in self.log.records() if isinstance(r.event, ev.PlatformState)]

    def lines(self) -> list[ev.ChatMessage]:
        return [r.event for r in self.log.records() if isinstance(r.event, ev.ChatMessage)]

    async def until(self, true: Callable[[], bool], seconds: float = 20.0) -> None:
        async with asyncio.timeout(seconds):
            while not true():  # noqa: ASYNC110 the log has no waiting for tests
                await asyncio.sleep(0.02)


def test_it_comes_back_after_the_server_was_away(server: IrcServer) -> None:
    async def main() -> None:
        channel = Channel(port=server.port)
        async with channel.running():
            await channel.until(lambda: channel.states()[-1:] == ["live"])
            assert await channel.twitch.post(Post("r1", "one", "en"))
            await asyncio.to_thread(server.stop)
            await channel.until(lambda: "lost" in channel.states())
            with pytest.raises(NotTaken):
                await channel.twitch.post(Post("r2", "two", "en"))
            await asyncio.to_thread(server.start)
            await channel.until(lambda: channel.states()[-1] == "live")
            assert await channel.twitch.post(Post("r2", "two", "en"))

    asyncio.run(main())


def test_a_taken_nick_is_told_to_the_operator(server: IrcServer) -> None:
    async def main() -> None:
        other = await asyncio.to_thread(Viewer, server.port, "probe")
        channel = Channel(port=server.port)
        async with channel.running():
            await channel.until(lambda: "refused" in channel.states())
        other.close()
        (told,) = [
            r.event.message for r in channel.log.records()
            if isinstance(r.event, ev.PlatformState) and r.event.state == "refused"
        ]  # fmt: skip
        assert "the nick probe is taken" in told

    asyncio.run(main())


Answer = Callable[[str], str]


class Dialect:
    """A server with Twitch's capabilities. `answer` says what it sends for a PRIVMSG."""

    def __init__(self, answer: Answer, *, log_in: bool = True) -> None:
        self.port = free_port()
        self._answer, self._log_in = answer, log_in
        self.writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Dialect:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self.writers:
            writer.close()

    async def says(self, line: str) -> None:
        self.writers[-1].write(line.encode() + b"\r\n")
        await self.writers[-1].drain()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        while line := (await reader.readline()).decode().strip():
            command, _, rest = line.partition(" ")
            told = ""
            if command == "CAP" and rest.startswith("REQ"):
                told = f":tmi.twitch.tv CAP * ACK {rest.removeprefix('REQ ')}"
            elif command == "NICK" and not self._log_in:
                told = ":tmi.twitch.tv NOTICE * :Login authentication failed"
            elif command == "NICK":
                told = f":tmi.twitch.tv 001 {rest} :Welcome, GLHF!"
            elif command == "JOIN":
                told = f":probe!probe@probe.tmi.twitch.tv JOIN {rest}"
            elif command == "PING":
                told = f":tmi.twitch.tv PONG tmi.twitch.tv {rest}"
            elif command == "PRIVMSG":
                told = self._answer(rest)
            if told:
                writer.write(told.encode() + b"\r\n")
                await writer.drain()


def speak(answer: Answer, act: Callable[[Channel, Dialect], Awaitable[None]], *, log_in: bool = True) -> None:
    async def main() -> None:
        async with Dialect(answer, log_in=log_in) as server:
            channel = Channel(port=server.port, token="secret")
            async with channel.running():
                await channel.until(lambda: channel.states()[-1:] in (["live"], ["refused"]))
                await act(channel, server)

    asyncio.run(main())


def taken(line: str) -> str:
    return "@id=m-1;display-name=Probe :tmi.twitch.tv USERSTATE #show"


def test_the_id_of_a_post_is_twitchs() -> None:
    async def act(channel: Channel, server: Dialect) -> None:
        assert await channel.twitch.post(Post("r1", "Ja: 412 g.", "de")) == "m-1"

    speak(taken, act)


def test_lines_carry_the_account_the_name_and_the_id() -> None:
    async def act(channel: Channel, server: Dialect) -> None:
        tags = "@badges=;display-name=Marta\\sL;id=abc;user-id=77"
        line = f"{tags} :marta!marta@marta.tmi.twitch.tv PRIVMSG #show :¿cuánto pesa?"
        await server.says(line)
        await server.says(line)
        await server.says("@badges=broadcaster/1;id=d;user-id=1 :host!h@h PRIVMSG #show :here it is")
        await channel.until(lambda: len(channel.lines()) >= 2)
        await asyncio.sleep(0.1)
        first, second = channel.lines()  # the same id is the same line
        assert (first.text, first.name, first.platform, first.role) == (
            "¿cuánto pesa?",
            "Marta L",
            "twitch",
            "viewer",
        )
        assert "77" not in first.viewer
        assert second.role == "host"

    speak(taken, act)


@pytest.mark.parametrize(
    ("notice", "error"),
    [("msg_ratelimit", NotTaken), ("msg_duplicate", NotTaken), ("msg_slowmode", NotTaken),
     ("msg_banned", ProviderError), ("msg_rejected_mandatory", ProviderError)],
)  # fmt: skip
def test_what_twitch_refuses_is_tried_again_only_where_that_helps(
    notice: str, error: type[Exception]
) -> None:
    async def act(channel: Channel, server: Dialect) -> None:
        with pytest.raises(error) as raised:
            await channel.twitch.post(Post("r1", "hello", "en"))
        assert notice in str(raised.value)
        assert (type(raised.value) is NotTaken) == (error is NotTaken)

    speak(lambda line: f"@msg-id={notice} :tmi.twitch.tv NOTICE #show :No.", act)


def test_a_server_that_says_nothing_leaves_the_outcome_unknown() -> None:
    async def act(channel: Channel, server: Dialect) -> None:
        with pytest.raises(ProviderTimeout):
            await channel.twitch.post(Post("r1", "hello", "en"))
        with pytest.raises(ProviderError):
            await channel.twitch.find_posted("r1")

    speak(lambda line: "", act)


def test_a_revoked_token_is_told_and_not_hammered_with() -> None:
    async def act(channel: Channel, server: Dialect) -> None:
        assert channel.states()[-1] == "refused"
        assert "COHOST_TWITCH_TOKEN" in await channel.twitch.check()
        await asyncio.sleep(1.5)
        assert len(server.writers) == 1

    speak(taken, act, log_in=False)


def test_broken_bytes_and_strange_lines_end_nothing() -> None:
    async def act(channel: Channel, server: Dialect) -> None:
        server.writers[-1].write(
            b":x!x@x PRIVMSG #show :\xff\xfe \x01ACTION waves\x01\r\n:y\r\n\r\n@a PRIVMSG\r\n"
        )
        await server.says("@id=ok;user-id=5 :z!z@z PRIVMSG #show :still here")
        await channel.until(lambda: any(line.text == "still here" for line in channel.lines()))

    speak(taken, act)
