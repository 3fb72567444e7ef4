"""LLM servers that hang, die, are none or never stop, each a real one on a port: the answer owed goes out
from the composer, a second server takes over, and the health view says what is wrong."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from cohost import events as ev
from cohost.clock import WallClock
from cohost.commands.questions import writer_from
from cohost.languages import table
from cohost.settings import load
from cohost.web.writers import Writers
from evals import chat_server as cs
from evals.chat_server import Answer, ChatServer, Reply
from evals.world import World
from tests.wire.cohost_process import Place, Worker

pytestmark = [pytest.mark.wire, pytest.mark.timeout(120)]
ON = dt.date(2026, 1, 5)
LINE = {"question": "how heavy is the lamp?", "market": "US", "lang": "en"}
PATIENCE_S = 1.0
T = TypeVar("T")


def evidence(reply: Reply) -> str:
    """The id of the evidence that holds the weight."""
    found = re.search(r"^\[(E\d+)\] .*412", reply.prompt[-1]["content"], re.M)
    assert found
    return found[1]


def true(reply: Reply) -> str:
    return f"The weight is 412 g, declared by the maker. [{evidence(reply)}]"


def german(reply: Reply) -> str:
    return f"Das Gewicht der Lampe ist 412 g, laut Angabe des Herstellers. [{evidence(reply)}]"


def lie(reply: Reply) -> str:
    return f"The weight is 300 g, declared by the maker. [{evidence(reply)}]"


class Here:
    """A loop and the knowledge base for all tests of this file."""

    def __init__(self, folder: Path) -> None:
        self.loop = asyncio.Runner()
        self.world = World(folder, on=ON)

    def ask(self, config: str, tmp_path: Path) -> tuple[dict[str, Any], list[ev.Record], float]:
        """One question with the LLM of a settings file: the answer, the records, and when it was out."""
        file = tmp_path / "cohost.toml"
        file.write_text(config, encoding="utf-8")
        roster = writer_from(load(file, {}), WallClock())

        async def main() -> tuple[dict[str, Any], list[ev.Record], float]:
            answer, records = await self.world.ask(LINE, ON, roster, patience_s=PATIENCE_S)
            return answer, records, time.perf_counter()

        return self.loop.run(main())


@pytest.fixture(scope="module")
def here(probe_folder: Path) -> Iterator[Here]:
    opened = Here(probe_folder)
    yield opened
    opened.world.close()
    opened.loop.close()


def settings(*servers: ChatServer | str, **more: str) -> str:
    text = "".join(f"{k} = {v}\n" for k, v in more.items())
    for number, server in enumerate(servers):
        url = server if isinstance(server, str) else server.url
        text += f'[[llm.endpoint]]\nname = "server-{number}"\nmodel = "m"\nbase_url = "{url}"\n'
    return text


async def breaks_down(reply: Reply) -> None:
    """Half an answer, then an error as an event, as gateways send it."""
    await reply.head()
    await reply.text("The weight is ")
    await reply.raw(b'data: {"error": {"message": "no capacity", "code": 503}}\n\n')
    await reply.raw(b"")


BAD: dict[str, tuple[Answer, str]] = {
    "hangs": (cs.hangs, "hangs"),
    "hangs after the head": (cs.hangs_after_the_head, "hangs"),
    "closes mid-token": (cs.dies(true), "died"),
    "closes at once": (cs.dies("x", 0.0), "died"),
    "a web page": (cs.page(), "html"),
    "a web page with 502": (cs.page(502), "html"),
    "429 with Retry-After": (cs.busy("7"), "busy"),
    "wrong key": (cs.busy("", 401), "denied"),
    "invalid JSON": (cs.garbage, "invalid"),
    "an error in the stream": (breaks_down, "error"),
    "another language": (cs.says(german), "language"),
    "endless": (cs.endless(), "endless"),
    "endless, no words": (cs.endless("\u200b" * 50), "endless"),
    "leaks its prompt": (cs.says(cs.leaks), "leak"),
    "says nothing": (cs.says(""), "empty"),
}


def calls(records: list[ev.Record]) -> list[ev.WriterCalled]:
    return [r.event for r in records if isinstance(r.event, ev.WriterCalled)]


@pytest.mark.parametrize("name", BAD)
def test_the_owed_answer_goes_out_from_the_composer_and_the_health_view_says_why(
    here: Here, tmp_path: Path, name: str
) -> None:
    answer, fault = BAD[name]
    with ChatServer(answer) as server:
        told, records, out = here.ask(settings(server), tmp_path)
        reply = server.replies[0]
    assert told["action"] == "answer"
    assert "412" in told["text"]
    assert sum(isinstance(r.event, ev.ReplyPosted) for r in records) == 1
    decided = next(r.event for r in records if isinstance(r.event, ev.DecisionMade))
    assert decided.draft.by == "composer"
    (call,) = calls(records)
    assert call.fault == fault, call
    assert call.message.count("\n") == 0
    assert "412" not in call.message or fault == "invalid"
    assert call.estimated
    health = Writers()
    health.fold(call)
    (view,) = health.views(0)
    assert view.fault == fault
    assert table("en", "ui")["console"][f"writer_{view.fault}"]
    if "cut" in reply.marks:
        print(f"{name}: composed answer out {(out - reply.marks['cut']) * 1000:.0f} ms after the death")  # noqa: T201


@pytest.mark.parametrize("name", BAD)
def test_a_second_server_takes_over_before_the_first_verified_sentence(
    here: Here, tmp_path: Path, name: str
) -> None:
    answer, fault = BAD[name]
    with ChatServer(answer) as bad, ChatServer(cs.says(true)) as good:
        told, records, _ = here.ask(settings(bad, good), tmp_path)
    assert told["text"] == "The weight is 412 g, declared by the maker."
    assert [(c.endpoint, c.outcome, c.fault) for c in calls(records)][1:] == [("server-1", "written", None)]
    assert calls(records)[0].fault == fault


def test_no_server_at_all_and_a_lying_one_leave_it_to_the_third(here: Here, tmp_path: Path) -> None:
    with ChatServer(cs.says(lie)) as liar, ChatServer(cs.says(true)) as good:
        told, records, _ = here.ask(settings("http://127.0.0.1:9/v1", liar, good), tmp_path)
    assert told["text"] == "The weight is 412 g, declared by the maker."
    assert [c.fault for c in calls(records)] == ["gone", "claim", None]
    posted = " ".join(r.event.text for r in records if isinstance(r.event, ev.ReplyPosted))
    assert "300" not in posted


@pytest.mark.parametrize(
    ("retry_after", "rests_ms"),
    [("7", 7_000), ("0.5", 500), ("Wed, 01 Jan 2025 00:00:00 GMT", 0), ("soon", 30_000)],
)
def test_a_retry_after_is_read_in_every_form(
    here: Here, tmp_path: Path, retry_after: str, rests_ms: int
) -> None:
    with ChatServer(cs.busy(retry_after)) as server:
        _, records, _ = here.ask(settings(server), tmp_path)
    record = next(r for r in records if isinstance(r.event, ev.WriterCalled))
    assert record.event.rests_until_ms is not None
    assert record.event.rests_until_ms - record.at_ms == pytest.approx(rests_ms, abs=250)


def test_a_death_after_a_verified_sentence_still_leaves_the_whole_answer_to_the_composer(
    here: Here, tmp_path: Path
) -> None:
    two = lambda reply: f"{true(reply)} The battery lasts 37 hours at half brightness [E1]."  # noqa: E731
    with ChatServer(cs.dies(two, 0.85)) as server:
        told, records, out = here.ask(settings(server), tmp_path)
        cut = server.replies[0].marks["cut"]
    (call,) = calls(records)
    assert (call.outcome, call.fault) == ("failed", "died")
    assert call.first_ms is not None
    assert "412" in told["text"]
    assert next(r.event for r in records if isinstance(r.event, ev.DecisionMade)).draft.by == "composer"
    print(f"composed answer out {(out - cut) * 1000:.0f} ms after the death")  # noqa: T201


def test_a_server_that_repeats_the_key_does_not_get_it_into_the_log(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROBE_KEY", "sk-very-secret")

    async def tells(reply: Reply) -> None:
        await reply.object({"error": {"message": "wrong key sk-very-secret, sorry"}}, 401)

    with ChatServer(tells) as server:
        _, records, _ = here.ask(settings(server) + 'key_env = "PROBE_KEY"\n', tmp_path)
    assert calls(records)[0].fault == "denied"
    assert "sorry" in calls(records)[0].message
    assert not any(b"sk-very-secret" in ev.encode(r.event) for r in records)


USAGE = {"prompt_tokens": 800, "completion_tokens": 30, "prompt_tokens_details": {"cached_tokens": 640}}


def test_usage_is_taken_from_the_servers_last_event(here: Here, tmp_path: Path) -> None:
    priced = settings("").replace(
        'base_url = ""', 'base_url = "{url}"\nprice_in = 10\nprice_cached = 1\nprice_out = 40'
    )
    with ChatServer(cs.says(true, usage=USAGE)) as server:
        priced = settings(server) + "price_in = 10\nprice_cached = 1\nprice_out = 40\n"
        _, records, _ = here.ask(priced, tmp_path)
        assert server.replies[0].body["stream_options"] == {"include_usage": True}
    (call,) = calls(records)
    assert (call.prompt_tokens, call.completion_tokens, call.cached_tokens) == (800, 30, 640)
    assert not call.estimated
    assert call.cost == pytest.approx((160 * 10 + 640 * 1 + 30 * 40) / 1e6)


def test_a_declared_server_gets_the_schema_and_answers_in_json(here: Here, tmp_path: Path) -> None:
    def structured(reply: Reply) -> str:
        return (
            '{"sentences": [{"text": "The weight is 412 g, declared by the maker.", "evidence": ["'
            + evidence(reply) + '"]}]}'
        )  # fmt: skip

    with ChatServer(cs.says(structured, token_ms=2)) as server:
        config = settings(server) + "structured = true\n"
        told, records, _ = here.ask(config, tmp_path)
        form = server.replies[0].body["response_format"]
    assert told["text"] == "The weight is 412 g, declared by the maker."
    assert form["json_schema"]["strict"]
    assert calls(records)[0].outcome == "written"


OPTIONS = {
    "stream_options": "unknown field stream_options",
    "response_format": "response_format is not supported here",
    "temperature": "Unsupported value: 'temperature' does not support 0 with this model",
    "max_tokens": "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead",
}


def test_a_server_that_refuses_options_is_asked_again_without_them(here: Here, tmp_path: Path) -> None:
    async def picky(reply: Reply) -> None:
        refused = next((name for name in OPTIONS if name in reply.body), None)
        if refused is not None:
            await reply.object({"error": {"message": OPTIONS[refused]}}, 400)
        else:
            await cs.says(true)(reply)

    with ChatServer(picky) as server:
        told, records, _ = here.ask(settings(server) + "structured = true\nmax_tokens = 99\n", tmp_path)
        assert len(server.replies) == 1 + len(OPTIONS)
        assert server.replies[-1].body["max_completion_tokens"] == 99
    assert told["text"] == "The weight is 412 g, declared by the maker."
    assert [c.outcome for c in calls(records)] == ["written"]


def test_a_sentence_that_the_server_cut_at_its_length_is_left_out(here: Here, tmp_path: Path) -> None:
    async def cut(reply: Reply) -> None:
        await reply.head()
        await reply.text(f"{true(reply)} The weight is 412")
        await reply.text("", "length")
        await reply.raw(b"data: [DONE]\n\n")
        await reply.raw(b"")

    with ChatServer(cut) as server:
        told, records, _ = here.ask(settings(server), tmp_path)
    assert told["text"] == "The weight is 412 g, declared by the maker."
    assert calls(records)[0].outcome == "written"


def test_a_server_that_does_not_stream_is_read_as_a_whole(here: Here, tmp_path: Path) -> None:
    async def whole(reply: Reply) -> None:
        message = {"role": "assistant", "content": true(reply)}
        usage = {"prompt_tokens": 5, "completion_tokens": 2}
        await reply.object({"choices": [{"message": message}], "usage": usage})

    with ChatServer(whole) as server:
        told, records, _ = here.ask(settings(server), tmp_path)
    assert told["text"] == "The weight is 412 g, declared by the maker."
    assert calls(records)[0].prompt_tokens == 5


def test_doctor_and_preflight_ask_every_endpoint(place: Place, worker: Worker, tmp_path: Path) -> None:
    file = tmp_path / "cohost.toml"
    with ChatServer(cs.says("ready")) as good, ChatServer(cs.page()) as bad:
        file.write_text("[llm]\nceiling = 5\n" + settings(good, bad), encoding="utf-8")
        done = worker.run("preflight", "--config", str(file), "--json")
        asked = worker.run("doctor", OPENAI_BASE_URL=good.url, OPENAI_API_KEY="k", OPENAI_MODEL="m")
    lines = [json.loads(line) for line in done.out.splitlines()]
    told = [(x["check"], x["state"], x["message"]) for x in lines if x["check"].startswith("llm")]
    assert [t[:2] for t in told] == [
        ("llm", "ok"),
        ("llm", "look"),
        ("llm ceiling", "ok"),
        ("llm ceiling", "look"),
    ]
    assert "server-0 answers in" in told[0][2]
    assert "server-1 does not answer" in told[1][2]
    assert "5 USD" in told[2][2]
    assert "no price" in told[3][2]
    assert "ok      LLM" in asked.out


def test_a_key_that_is_not_there_is_told_before_anything_loads(worker: Worker, tmp_path: Path) -> None:
    file = tmp_path / "cohost.toml"
    file.write_text('[[llm.endpoint]]\nmodel = "m"\nkey_env = "NO_SUCH_KEY"\n', encoding="utf-8")
    done = worker.run("serve", "--config", str(file))
    assert done.code == 2
    assert "NO_SUCH_KEY" in done.err
    assert done.err.count("\n") == 1
