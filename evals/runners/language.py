"""Language of chat lines: ours, and py3langid and langdetect beside it on the same lines."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence

from cohost.languages import LANGUAGES, base
from cohost.understanding.language import detect
from evals.case import LineCase, read_cases
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.scorers import line_score
from evals.suite import Suite
from evals.world import World

SHORT = 12
"""Characters up to which a line is short: a word or two."""


def load(suite: Suite, world: World) -> Sequence[LineCase]:
    return read_cases(suite.files(), LineCase)


def peers() -> dict[str, Callable[[str], str]]:
    """Other detectors, each restricted to cohost's languages where it can be."""
    import py3langid
    from langdetect import DetectorFactory, LangDetectException
    from langdetect import detect as guess

    DetectorFactory.seed = 0
    py3langid.set_languages([*LANGUAGES])

    def by_langdetect(text: str) -> str:
        try:
            return str(guess(text))
        except LangDetectException:
            return "und"

    return {"py3langid": lambda text: str(py3langid.classify(text)[0]), "langdetect": by_langdetect}


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    others = peers()

    async def run(case: LineCase) -> list[Outcome]:
        found = detect(case.text, hint=case.hint)
        scores = {"accuracy": line_score(case.lang, found.lang)}
        got = {"lang": found.lang, "confidence": round(float(found.confidence), 3)}
        for name, other in others.items():
            if case.lang != "und":  # no peer can say that it does not know
                got[name] = other(case.text)
                scores[f"accuracy.{name}"] = line_score(case.lang, str(got[name]))
        length = "short" if len(case.text) <= SHORT else "long"
        return [
            Outcome(
                case=case.id, lang=case.lang, asked=case.text, scores=scores, got=got,
                expected={"lang": base(case.lang)},
                groups={"length": length, "kind": case.tags[0] if case.tags else ""},
            )
        ]  # fmt: skip

    yield run
