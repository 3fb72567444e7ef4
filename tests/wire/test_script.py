"""`cohost script` with a language model set up: a real server on a port, what it says and what it costs."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cohost.decision.persona import load_personas
from cohost.decision.prompt import load
from cohost.resources import find
from tests.wire.cohost_process import Done, Worker

pytestmark = [pytest.mark.wire, pytest.mark.timeout(240)]
ASKED = ("script", "--kb", "my-brand", "--market", "DE", "--on", "2026-01-05", "--json")


class Model(BaseHTTPRequestHandler):
    """Streams `says` to whoever asks; `asked` keeps the prompts."""

    says = ""
    asked: list[list[dict[str, str]]] = []  # noqa: RUF012 one server a test, emptied by it

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        type(self).asked.append(body["messages"])
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        chunk = {
            "id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m",
            "choices": [{"index": 0, "delta": {"content": self.says}, "finish_reason": None}],
        }  # fmt: skip
        self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\ndata: [DONE]\n\n")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    Model.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def run(worker: Worker, base_url: str) -> Done:
    return worker.run(*ASKED, OPENAI_BASE_URL=base_url, OPENAI_API_KEY="none", COHOST_LLM_MODEL="m")


def lines(done: Done) -> dict[str, dict]:
    found = [json.loads(line) for line in done.out.splitlines()]
    return {x["attribute"]: x for x in found if x.get("scene") and x["section"] in ("benefits", "sale")}


def test_a_models_sentence_stands_where_it_passes_and_nowhere_else(worker: Worker, address: str) -> None:
    before = lines(worker.run(*ASKED))
    (evidence,) = before["weight"]["claims"][0]["evidence"]
    said = "Das Gewicht beträgt 412 g, laut Angabe des Herstellers."
    Model.says = f"{said} [{evidence}]"
    done = run(worker, address)
    after = lines(done)
    assert (done.code, done.err) == (0, "")
    assert after["weight"]["by"] == "llm"
    assert after["weight"]["text"] == f"{before['weight']['scene']} {said}"
    assert after["weight"]["citations"] == before["weight"]["citations"]
    others = after.keys() - {"weight"}
    assert others
    assert all(after[a]["text"] == before[a]["text"] and after[a]["by"] == "composer" for a in others)
    prompts = json.loads(done.out.splitlines()[0])["prompts"]
    persona = load_personas(find("prompts") / "markets")["DE"]
    assert prompts == {"script": load(find("prompts") / "script.md").sha256, "markets/DE": persona.sha256}
    assert len(Model.asked) == len(before)
    assert all('Formal "Sie"' in messages[0]["content"] for messages in Model.asked)


def test_what_a_model_invents_is_told_by_nobody(worker: Worker, address: str) -> None:
    before = lines(worker.run(*ASKED))
    (evidence,) = before["weight"]["claims"][0]["evidence"]
    Model.says = f"Die Lampe ist wasserdicht und wiegt nur 300 g. [{evidence}]"
    after = lines(run(worker, address))
    assert {a: x["text"] for a, x in after.items()} == {a: x["text"] for a, x in before.items()}
    assert all(x["rule"] for x in after.values())


def test_a_server_that_is_gone_costs_no_line(worker: Worker) -> None:
    done = run(worker, "http://127.0.0.1:9/v1")
    assert done.code == 0
    assert {a: x["text"] for a, x in lines(done).items()} == {
        a: x["text"] for a, x in lines(worker.run(*ASKED)).items()
    }
    assert done.err.count("\n") == 1
    assert "composed lines stand where it failed" in done.err


def test_the_ceiling_of_a_show_holds_for_its_script_too(worker: Worker, address: str, tmp_path: Path) -> None:
    Model.says = "Nothing that any document says."
    config = tmp_path / "cohost.toml"
    config.write_text(f'[llm]\nmodel = "m"\nbase_url = "{address}"\nceiling_tokens = 1\n', encoding="utf-8")
    done = worker.run(*ASKED, "--config", str(config))
    assert done.code == 0
    assert len(Model.asked) == 1
    told = "llm.ceiling_tokens = 1 is reached after 1 calls; the other lines are composed\n"
    assert done.err.removeprefix("cohost: ") == told
    spent = json.loads(done.out.splitlines()[-1])
    assert spent.pop("tokens") > 100
    assert spent == {"type": "spent", "calls": 1, "estimated": True, "cost": 0.0, "currency": "USD"}
