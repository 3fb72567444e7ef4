"""Which runner a suite's `runner` key means. A new kind of suite is a module and a row here."""

from __future__ import annotations

from cohost.errors import OperatorError
from evals.external import chat, injection, languages, product_qa, speech, xquad
from evals.runners import (
    answers,
    attacks,
    changes,
    crowd,
    floor,
    floor_sound,
    guard,
    hearing,
    language,
    liar,
    lines,
    llm,
    merging,
    own,
    prompts,
    retrieval,
    show,
    translation,
    writer,
)
from evals.runners.base import Runner
from evals.suite import Suite

RUNNERS: dict[str, Runner] = {
    "language": Runner(language.load, language.running),
    "outside": Runner(languages.load, language.running, languages.absent),
    "xquad": Runner(xquad.load, xquad.running, xquad.absent),
    "product_qa": Runner(product_qa.load, product_qa.running, product_qa.absent),
    "injection": Runner(injection.load, injection.running, injection.absent),
    "answers": Runner(answers.load, answers.running),
    "retrieval": Runner(retrieval.load, retrieval.running),
    "own": Runner(own.load, own.running, own.absent),
    "own_retrieval": Runner(own.load_searches, retrieval.running, own.absent),
    "lines": Runner(lines.load, lines.running),
    "merging": Runner(merging.load, merging.running),
    "floor": Runner(floor.load, floor.running),
    "changes": Runner(changes.load, changes.running),
    "crowd": Runner(crowd.load, crowd.running),
    "crowd_outside": Runner(chat.load, chat.running, chat.absent),
    "floor_sound": Runner(floor_sound.load, floor_sound.running, hearing.absent),
    "hearing_outside": Runner(speech.load, speech.running, speech.absent),
    "floor_outside": Runner(speech.load_sounds, speech.running_sounds, speech.absent_sounds),
    "hearing": Runner(hearing.load, hearing.running, hearing.absent),
    "guard": Runner(guard.load, guard.running),
    "prompts": Runner(prompts.load, prompts.running),
    "liar": Runner(liar.load, liar.running),
    "writer": Runner(writer.load, writer.running, alone=True),
    "show": Runner(show.load, show.running),
    "translation": Runner(translation.load, translation.running),
    "attacks": Runner(attacks.load, attacks.running),
    "llm": Runner(llm.load, llm.running, llm.absent, alone=True, kept=False),
}


def runner_of(suite: Suite) -> Runner:
    """Raises OperatorError on an unknown kind."""
    runner = RUNNERS.get(suite.runner)
    if runner is None:
        raise OperatorError(
            f"{suite.name}.toml: got runner = {suite.runner!r}, expected one of: {', '.join(RUNNERS)}"
        )
    return runner
