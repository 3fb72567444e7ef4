"""Cases of one's own folder: drafted, accepted by a person, run."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.common.question import Asker, Draft, Question
from cohost.log import ShowLog
from tests.wire.cohost_process import Worker, environ

pytestmark = pytest.mark.wire

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    running = Worker(ROOT, environ())
    yield running
    running.close()


@pytest.fixture(scope="module")
def drafted(worker: Worker, probe_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("cases") / "probe.jsonl"
    done = worker.run(
        "eval-draft", "--kb", str(probe_folder), "--on", "2026-01-10", "--out", str(file), "--json"
    )
    assert done.code == 0, done.err
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert {line["tags"][0] for line in lines} == {"answerable", "unanswerable", "trap"}
    assert any(line["question"] and line.get("expect", {}).get("values") == ["37 h"] for line in lines)
    assert "accept" in done.err
    return file


def test_what_is_not_accepted_is_not_run(
    worker: Worker, probe_folder: Path, drafted: Path, tmp_path: Path
) -> None:
    done = worker.run(
        "eval", "own", "--kb", str(probe_folder), "--cases", str(drafted), "--out", str(tmp_path)
    )
    assert (done.code, "accepted" in done.err) == (2, True)
    assert worker.run("eval-draft", "--accept", "--out", str(drafted)).code == 2, "nobody's name"
    done = worker.run("eval-draft", "--accept", "--by", "A. Example", "--out", str(drafted), "--json")
    assert done.code == 0, done.err
    first = json.loads(done.out.splitlines()[0])["id"]
    done = worker.run("eval-draft", "--reject", first, "--out", str(drafted))
    assert (done.code, done.out.startswith("1 taken out")) == (0, True)
    done = worker.run(
        "eval", "own", "own_retrieval", "--kb", str(probe_folder), "--on", "2026-01-10",
        "--cases", str(drafted), "--out", str(tmp_path), "--json",
    )  # fmt: skip
    assert done.code in (0, 1), done.err
    metrics = {(m["suite"], m["metric"]): m for m in map(json.loads, done.out.splitlines())}
    assert metrics["own", "never"]["value"] == 1.0
    assert metrics["own", "quote"]["value"] == 1.0
    assert metrics["own", "value"]["value"] >= 0.75
    assert metrics["own_retrieval", "recall@5"]["n"] >= 2


async def recorded(path: Path) -> None:
    """A log in which one question was declined."""
    log = ShowLog(path, VirtualClock())
    question = Question(id="q1", text="hat sie NFC?", lang="de", intent="question.connectivity", market="DE")
    log.append(ev.ChatMessage(viewer="v", text=question.text))
    log.append(ev.QuestionAsked(question=question, asker=Asker(viewer="v", message_seq=1)), cause_seq=1)
    draft = Draft(action="decline", reason="no_evidence", lang="de", text="Dazu liegt nichts vor.")
    log.append(ev.DecisionMade(reply_id="r1", question_id="q1", draft=draft), cause_seq=2)
    await log.close()


def test_a_show_gives_cases_that_wait_until_a_person_says_what_is_owed(
    worker: Worker, probe_folder: Path, tmp_path: Path
) -> None:
    asyncio.run(recorded(tmp_path / "show.log"))
    file = tmp_path / "cases.jsonl"
    log = ("--log", str(tmp_path / "show.log"))
    done = worker.run("eval-draft", "--kb", str(probe_folder), *log, "--out", str(file), "--json")
    assert done.code == 0, done.err
    (case,) = map(json.loads, done.out.splitlines())
    assert (case["question"], "expect" in case) == ("hat sie NFC?", False)
    assert "no_evidence" in case["note"]
    accept = ("eval-draft", "--accept", case["id"], "--by", "A. Example", "--out", str(file))
    done = worker.run(*accept)
    assert (done.code, "whose `expect` is open" in done.err) == (2, True)
    file.write_text(json.dumps(case | {"expect": {"action": ["decline"]}}) + "\n", encoding="utf-8")
    done = worker.run(*accept)
    assert (done.code, done.out.startswith("1 accepted")) == (0, True)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--lang", "xx"), "got --lang xx"),
        (("--market", "ZZ"), "got --market ZZ"),
        (("--product", "sofa"), "got --product sofa"),
        (("--limit", "-1"), "got --limit -1"),
        (("--log", "nowhere.log"), "got nowhere.log"),
        (("--accept", "--out", "nowhere.jsonl"), "got nowhere.jsonl"),
        (("--accept", "--reject", "x", "--by", "A"), "got --accept and --reject"),
        (("--out", "/proc/nothing/cases.jsonl"), "expected a file that can be written"),
    ],
)
def test_bad_input_is_one_clear_line(
    args: tuple[str, ...], told: str, worker: Worker, probe_folder: Path
) -> None:
    done = worker.run("eval-draft", "--kb", str(probe_folder), *args)
    assert done.code == 2
    assert told in done.err.strip().splitlines()[-1]
    assert "Traceback" not in done.err


def test_a_folder_without_products_is_told_what_is_wanting(worker: Worker, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Weight: 412 g\n", encoding="utf-8")
    done = worker.run("eval-draft", "--kb", str(tmp_path))
    assert (done.code, "[[product]]" in done.err) == (2, True)


def test_a_file_that_holds_no_cases_is_told_with_its_line(
    worker: Worker, probe_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text('{"id": "a", "lang": "de", "question": "?", "expct": {}}\n', encoding="utf-8")
    done = worker.run("eval", "own", "--kb", str(probe_folder), "--cases", str(file))
    assert (done.code, "cases.jsonl:1" in done.err) == (2, True)
