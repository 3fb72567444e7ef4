"""Every command as a person types it: what the README says works, what is printed, how it ends."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from cohost import cli
from tests.wire.cohost_process import Done, Place, Worker, clear

pytestmark = [pytest.mark.wire, pytest.mark.timeout(240)]

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.S | re.M)

STANDS_FOR = {
    "COMMAND": "ask", "TEXT": "how heavy is it?", "ID": "lamp", "CC": "DE", "TAG": "en",
    "FILE": "question.ogg", "FILE.html": "page.html", "SUITE": "language", "NAME": "log", "LOG": "kept.log",
    "VIEWER": "somebody", "FILE@MS": "stop.ogg@200", "F": "tls.pem",
}  # fmt: skip
AS_WELL = {
    "demo": ["--port", "0"], "eval": ["--quick", "--out", "eval"],
    "voices": ["--lang", "en", "--engine", "pyttsx3"],
}  # fmt: skip
GOES_ON = "serve"  # the room of `show`, below: open until it is stopped
MAY_NOT_HOLD = {"eval", "bench", "doctor"}  # what they check may fail here: exit code 1


def of_the_readme() -> list[tuple[str, ...]]:
    """Its command lines: typed ones from the code blocks, described ones from table and text, their
    placeholders filled in. A bare mention is left out where another line goes on from it."""
    blocks = "".join(text for _, text in FENCED.findall(README)).splitlines()
    lines = [tuple(shlex.split(line, comments=True)) for line in blocks if re.match("(cohost|make) ", line)]
    for span in re.findall(r"`((?:cohost|make) [^`]+)`", FENCED.sub("", README)):
        words = shlex.split(re.sub(r"[\[\]…]", "", span))
        for word in words:
            assert word in STANDS_FOR or not re.fullmatch(r"[A-Z][A-Z.@]*\w*", word), f"{span}: {word} is?"
        lines.append(tuple(STANDS_FOR.get(word, word) for word in words))
    return [
        line for line in dict.fromkeys(lines)
        if not any(other[: len(line)] == line != other for other in lines)
    ]  # fmt: skip


TYPED = [line[1:] for line in of_the_readme() if line[0] == "cohost"]
MADE = [line[1:] for line in of_the_readme() if line[0] == "make"]
ONCE = [line for line in TYPED if line[0] != GOES_ON]
SERVE = [GOES_ON, *(word for line in TYPED if line[0] == GOES_ON for word in line[1:])]


# ── the README ──
def test_the_readme_names_every_command_there_is_and_no_other(worker: Worker) -> None:
    there_are = set(re.findall(r"^    ([a-z][a-z-]*)", worker.run("--help").out, re.M))
    assert {words[0] for words in TYPED} == there_are


@pytest.mark.parametrize("words", ONCE, ids=" ".join)
def test_every_line_of_the_readme_works(
    show: dict[str, Done], worker: Worker, words: tuple[str, ...]
) -> None:
    assert show["end"].code == 0  # what reads a log reads that show's
    done = worker.run(*words, *AS_WELL.get(words[0], []))
    assert done.code in ((0, 1) if words[0] in MAY_NOT_HOLD else (0,)), done
    assert done.out
    assert "Traceback" not in done.err
    if "--json" in words:
        assert all(isinstance(json.loads(line), dict) for line in done.out.splitlines())


@pytest.mark.parametrize("words", MADE, ids=" ".join)
def test_every_make_line_of_the_readme_comes_to_a_command(worker: Worker, words: tuple[str, ...]) -> None:
    made = subprocess.run(["make", "-n", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert re.search(r"\bcohost demo\b|\bpytest\b", made.stdout)


def parsers(
    parser: argparse.ArgumentParser, *words: str
) -> Iterator[tuple[list[str], argparse.ArgumentParser]]:
    yield list(words), parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from parsers(below, *words, name)


PARSERS = {" ".join(words): (words, parser) for words, parser in parsers(cli.make_parser())}


@pytest.mark.parametrize("name", PARSERS)
def test_every_command_explains_itself_its_options_and_how_it_ends(worker: Worker, name: str) -> None:
    words, parser = PARSERS[name]
    done = worker.run(*words, "--help")
    assert (done.code, done.err) == (0, "")
    assert f"usage: {' '.join(['cohost', *words])}" in done.out
    told = " ".join(done.out.split())
    assert parser.description
    assert " ".join(parser.description.split()).rstrip(".") in told
    assert "Exit 0" in told
    assert "2: bad input" in told
    for action in parser._actions:
        assert action.help or isinstance(action, argparse._SubParsersAction), action


# ── what they print ──
def test_an_answer_is_one_object_with_its_evidence(worker: Worker) -> None:
    done = worker.run("ask", "wie schwer ist die Lampe?", "--kb", "my-brand", "--market", "DE", "--json")
    answer = json.loads(done.out)
    assert (answer["action"], answer["lang"], answer["citations"][0]["document"]) == (
        "answer",
        "de",
        "spec.md",
    )
    assert "412" in answer["text"]


def test_languages_and_speech_are_a_line_each(worker: Worker) -> None:
    detected = worker.run("detect", "hola, ¿cuánto cuesta?", "12345", "--json")
    assert [json.loads(line)["lang"] for line in detected.out.splitlines()] == ["es", "und"]
    heard = json.loads(worker.run("transcribe", "silence.wav", "--json").out)
    assert heard | {"compute_ms": 0} == {
        "file": "silence.wav", "lang": "und", "lang_confidence": 0.0, "text": "", "audio_ms": 1000,
        "compute_ms": 0,
    }  # fmt: skip


def test_a_question_in_a_file_is_heard_and_answered_a_line_an_event(worker: Worker) -> None:
    done = worker.run("listen", "question.ogg", "--json")
    events = [json.loads(line) for line in done.out.splitlines()]
    assert all({"type", "file", "at_ms"} <= event.keys() for event in events)
    told = {event["type"]: event for event in events}
    assert "heavy" in told["transcript.final"]["text"]
    assert "412" in told["reply"]["text"]
    assert done.code == 0


def test_a_folder_is_built_and_checked(place: Place, worker: Worker) -> None:
    assert json.loads(worker.run("kb", "build", "my-brand", "--json").out)["documents"] == 3
    done = worker.run("kb", "check", "my-brand", "--market", "de", "--on", "2026-01-05", "--json",
                      "--out", "kb.html")  # fmt: skip
    assert done.code == 0
    assert {json.loads(line)["type"] for line in done.out.splitlines()} == {"evidence", "problem"}
    assert "RX-1234" in (place.root / "kb.html").read_text(encoding="utf-8")


def test_a_document_that_cannot_be_read_is_named_and_the_rest_goes_on(place: Place, worker: Worker) -> None:
    torn = place.root / "torn"
    shutil.copytree(place.root / "knowledge_base", torn)
    (torn / "torn.pdf").write_bytes(b"%PDF-1.4 and no more")
    done = worker.run("kb", "check", "torn", "--json")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert "torn.pdf" in {line["document"] for line in lines if line["type"] == "problem"}
    assert {"spec.md", "oeko.md"} <= {line["document"] for line in lines if line["type"] == "evidence"}
    assert done.code == 0


def test_a_script_is_a_line_each_with_its_evidence(worker: Worker) -> None:
    asked = ["script", "--kb", "my-brand", "--product", "lamp", "--market", "de", "--on", "2026-01-05"]
    done = worker.run(*asked, "--json")
    head, *lines = [json.loads(line) for line in done.out.splitlines()]
    assert (done.code, done.err) == (0, "")
    assert head == {
        "type": "script", "product": "lamp", "variant": "PL-7", "market": "DE", "lang": "de",
        "on": "2026-01-05", "prompts": {},
    }  # fmt: skip
    told = {line["attribute"]: line for line in lines if line["type"] == "line" and line["scene"]}
    assert {"battery", "weight", "price"} <= told.keys()
    weight = told["weight"]
    assert "412" in weight["text"]
    assert weight["text"].startswith(weight["scene"])
    assert {i for claim in weight["claims"] for i in claim["evidence"]} == {
        c["id"] for c in weight["citations"]
    }
    (cited,) = weight["citations"]
    assert {"id", "kind", "document", "page", "locator", "quote", "valid"} <= cited.keys()
    assert (cited["document"], cited["valid"]) == ("spec.md", True)
    assert "41,50" in told["price"]["text"]
    assert "RX-1234" not in done.out  # that paper has run out
    plain = worker.run(*asked)
    assert all(line["text"] in plain.out for line in lines)
    english = worker.run(*asked, "--lang", "en")
    assert "412" in english.out
    assert weight["text"] not in english.out


def test_evals_print_a_line_a_metric(worker: Worker) -> None:
    done = worker.run("eval", "--quick", "language", "--out", "eval", "--json")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert all(
        {"suite", "metric", "value", "low", "high", "n", "threshold", "holds"} <= set(x) for x in lines
    )
    assert done.code == any(line["holds"] is False for line in lines)


def test_a_demo_that_does_not_hold_fails(worker: Worker) -> None:
    done = worker.run("demo", "--once", "--port", "0", "--script", "untrue.toml")
    assert (done.code, done.err) == (1, "")
    assert "413" in done.out


def test_the_doctor_says_what_is_there(place: Place, worker: Worker) -> None:
    done = worker.run("doctor")
    assert (done.code, done.err) == (int("MISSING" in done.out), "")
    assert "e5" in done.out
    assert str(place.root / "cache") in done.out


# ── a show, and others who want what it holds ──
@pytest.fixture(scope="module")
def show(place: Place, worker: Worker) -> dict[str, Done]:
    """A room that was open for a while: what others got meanwhile, and how it ended."""
    others = {
        "log": ["serve", "--kb", "my-brand", "--port", "0", "--log", "show.log"],
        "forget": ["forget", "v", "--log", "show.log"],
        "ask": ["ask", "how heavy is it?", "--kb", "my-brand", "--json"],
    }
    with place.start(*SERVE, "--port", "0", "--log", "show.log") as running:
        address = running.until(r"viewers +(\S+)/$")[1]
        running.until(r"console +\S+/console\?token=\S+")
        running.until(r"show log")
        got = {name: worker.run(*words) for name, words in others.items()}
        got["port"] = worker.run("serve", "--kb", "my-brand", "--port", address.rpartition(":")[2])
        asked = {"question": "how heavy is it?", "viewer": "v"}
        trusted = ssl.create_default_context(cafile=place.root / "tls.pem")
        told = httpx.post(f"{address}/api/ask", json=asked, timeout=60, verify=trusted)
        got["told"] = Done(told.status_code, told.text, "")
        got["end"] = running.stop()
    shutil.copy(place.root / "show.log", place.root / "kept.log")
    return got


def test_a_port_a_log_and_words_in_use_are_told(show: dict[str, Done]) -> None:
    clear(show["port"], "port", "--port")
    clear(show["log"], "show.log", "another cohost process", "--log")
    assert show["forget"].code == 2
    assert "another cohost process" in show["forget"].err


def test_beside_a_show_questions_are_answered_all_the_same(show: dict[str, Done]) -> None:
    assert json.loads(show["ask"].out)["action"] == "answer"
    assert show["ask"].err == ""
    assert show["told"].code == 200
    assert "412" in show["told"].out


def test_ctrl_c_ends_a_show_in_order_and_its_log_tells_it(
    place: Place, worker: Worker, show: dict[str, Done]
) -> None:
    assert (show["end"].code, show["end"].err) == (0, "")
    assert not (place.root / "show.log-wal").exists()
    report, page, replay, kept, lines, forgot, again = worker.run_all([
        ["report", "show.log", "--json"], ["report", "show.log", "--out", "show.html", "--csv", "show.csv"],
        ["replay", "show.log", "--kb", "my-brand", "--json"],
        ["replay", "show.log", "--kb", "my-brand", "--out", "replay.html", "--accept", "show.jsonl"],
        ["replay", "show.jsonl", "--kb", "my-brand"], ["forget", "v", "--log", "show.log"],
        ["report", "show.log"],
    ])  # fmt: skip
    summary = json.loads(report.out)
    assert (summary["messages"], summary["posted"], summary["verified"]) == (1, 1, True)
    assert page.code == 0
    assert (place.root / "show.html").stat().st_size > 500
    assert "how heavy" in (place.root / "show.csv").read_text(encoding="utf-8-sig")
    assert json.loads(replay.out.splitlines()[-1]) | {"records": 0} == {
        "type": "summary", "records": 0, "messages": 1, "differences": 0,
    }  # fmt: skip
    assert replay.code == 0
    assert (kept.code, "0 changes accepted" in kept.err) == (0, True)
    assert "Every decision is the same" in (place.root / "replay.html").read_text(encoding="utf-8")
    assert (lines.code, "0 differences" in lines.out) == (0, True)
    assert forgot.code == 0
    assert b"how heavy" not in (place.root / "show.log").read_bytes()
    assert (again.code, "verified" in again.out) == (0, True)


def test_a_damaged_log_is_told_by_all_who_read_it(
    place: Place, worker: Worker, show: dict[str, Done]
) -> None:
    data = bytearray((place.root / "kept.log").read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    (place.root / "torn.log").write_bytes(data)
    clear(worker.run("report", "torn.log"), "torn.log", "no readable show log")
    clear(worker.run("replay", "torn.log"), "torn.log", "no readable show log")
    clear(worker.run("serve", "--port", "0", "--log", "torn.log"), "torn.log", "no readable show log")
    clear(worker.run("forget", "v", "--log", "torn.log"), "torn.log")


@pytest.mark.parametrize("after_s", [1.0, 2.5])
def test_ctrl_c_while_a_room_opens_says_nothing(place: Place, after_s: float) -> None:
    with place.start("serve", "--port", "0", "--log", f"early-{after_s}.log") as running:
        with pytest.raises(subprocess.TimeoutExpired):  # it would be open until it is told to end
            running.process.wait(after_s)
        done = running.stop()
        assert done.code in (-signal.SIGINT, 130, 0)
        assert done.err == ""


def test_bad_lines_on_stdin_answer_in_their_place(worker: Worker) -> None:
    good = {"id": 1, "question": "how heavy is it?", "market": "DE"}
    lines: list[bytes] = [
        json.dumps(good).encode(), b"garbage", b"[]", b"null", b'{"id": "a"}', b'{"id": "b", "question": 5}',
        b'{"id": "c", "question": ""}', b'{"id": "d", "question": "x", "market": "GERMANY"}',
        b'{"id": "e", "question": "x", "colour": 1}', b"\xff\xfe", b'{"question": "\\ud800"}', b"[" * 100_000,
        b'{"question": "' + b"x" * 20_000 + b'"}', b'{"question": "' + b"x" * 400_000 + b'"}', b"  ",
        json.dumps(good | {"id": {"any": ["thing"]}, "question": "how\0 heavy \u202eis it?<b>"}).encode(),
    ]  # fmt: skip
    done = worker.run("ask", "--stdin", "--kb", "my-brand", stdin=b"\n".join(lines))
    got = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 2
    assert len(got) == len(lines) - 1  # an empty line is no line
    assert [n for n, one in enumerate(got) if "error" not in one] == [0, len(got) - 1]
    assert [one.get("id") for one in got[4:9]] == ["a", "b", "c", "d", "e"]
    assert all(one["error"].keys() == {"code", "message"} for one in got[1:-1])
    assert got[-1]["id"] == {"any": ["thing"]}
    assert "412" in got[-1]["text"]
    assert done.err == ""


def test_a_reader_that_leaves_ends_a_command_without_noise(place: Place) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "cohost", "detect", "hola", "--json"], stdout=write, stderr=subprocess.PIPE,
        cwd=place.root, env=place.environ, check=False,
    )  # fmt: skip
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")
