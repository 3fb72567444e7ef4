"""Lines of a room through the whole chain: the real client and prompt, a server that translates from a
phrasebook over a real socket, once truly and once with a fault in every answer that can hold one.

The server is no model: what gets through says how well the checks know right translations from garbled
ones, not how well anybody translates. The label of a fault is the planter's, never the checks'.
"""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import AsyncIterator, Iterator, Sequence

from cohost import interpreting, resources
from cohost.clock import WallClock
from cohost.decision.prompt import load as load_prompt
from cohost.decision.writer import OpenAIWriter
from cohost.languages import LANGUAGES
from cohost.ports import Library, Translated
from cohost.translation.interpreter import Chain
from cohost.trust.kept import names_of
from evals.case import TranslationCase, read_cases
from evals.garble import garbled
from evals.outcome import Outcome
from evals.phrasebook import Phrasebook, serving
from evals.runners.base import RunCase
from evals.suite import Suite
from evals.world import World

HOST = "zh"
PRODUCT = "reef"


def load(suite: Suite, world: World) -> Sequence[TranslationCase]:
    return read_cases(suite.files(), TranslationCase)


def pairs() -> Iterator[tuple[str, str, bool]]:
    """Source, target, and whether the house says it: a Chinese and an English host for every viewer, every
    viewer for the Chinese host."""
    for lang in LANGUAGES:
        for host in (HOST, "en"):
            if lang != host:
                yield host, lang, True
        if lang != HOST:
            yield lang, HOST, False


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    library = (await world.knowledge()).library
    clock = WallClock(on=world.on or suite.on)
    cases = read_cases(suite.files(), TranslationCase)
    lines = [case.said for case in cases]
    turned = {case.said[lang]: words for case in cases for lang, words in case.turned.items()}
    names = names_of(library.catalogue)
    kinds: dict[tuple[str, str], str] = {}

    def spoil(text: str, target: str, right: str) -> str:
        kind, told = ("turned", turned[right]) if right in turned else garbled(text, "", target, right)
        kinds[text, target] = kind
        return told

    books = (Phrasebook(lines, names), Phrasebook(lines, names, spoil))
    async with contextlib.AsyncExitStack() as opened:
        true, false = [
            await opened.enter_async_context(_chain(opened.enter_context(serving(book)), library, clock))
            for book in books
        ]

        async def run(case: TranslationCase) -> list[Outcome]:
            found = []
            for source, target, ours in pairs():
                text, right = case.said[source], case.said[target]
                made = await true.interpret(text, source, target, ours=ours, product=PRODUCT)
                found.append(_outcome(case.id, source, target, text, right, made, "", ours))
                before = set(kinds)
                bad = await false.interpret(text, source, target, ours=ours, product=PRODUCT)
                planted = [kinds[key] for key in kinds if key not in before and key[1] == target]
                kind = next((k for k in planted if k), "")
                if kind and (ours or kind != "turned"):  # what viewers deny is theirs: it is marked at most
                    found.append(_outcome(case.id, source, target, text, right, bad, kind, ours))
            return found

        yield run


@contextlib.asynccontextmanager
async def _chain(base_url: str, library: Library, clock: WallClock) -> AsyncIterator[Chain]:
    writer = OpenAIWriter(
        base_url=base_url, api_key="none", model="phrasebook", clock=clock, max_tokens=1_000, timeout_s=20
    )
    prompt = load_prompt(resources.find("prompts") / "translate.md")
    yield Chain([interpreting.written(writer, prompt, clock)], library, clock, deadline_ms=20_000)
    await writer.close()


def _outcome(
    case: str, source: str, target: str, text: str, right: str, made: Translated, fault: str, ours: bool
) -> Outcome:
    shown = made.state != "original"
    kept = float(not shown or figures(made.text) == figures(right))
    scores = {"numbers_preserved": kept}
    if fault:
        scores["caught"] = float(not shown)
    else:
        scores |= {"through": float(shown), "checked": float(made.state == "checked")}
    return Outcome(
        case=f"{case}-{source}-{target}" + (f"+{fault}" if fault else ""), lang=target, asked=text,
        groups={"fault": fault or "none", "said_by": "host" if ours else "viewer"},
        expected={"text": text if fault else right},
        got={"text": made.text, "state": made.state, "reason": made.reason, "words": made.words},
        scores=scores,
    )  # fmt: skip


def figures(text: str) -> list[str]:
    """The digits of a text, in any script, sorted: by which the suite judges, apart from the checks."""
    plain = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text)
    run, found = "", []
    for char in f"{plain} ":
        if char.isdigit():
            run += char
        elif run:
            found.append(run)
            run = ""
    return sorted(found)
