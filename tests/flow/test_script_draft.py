"""Show lines worded by a writer: only what passes goes in, the composed line stands for the rest."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence

import pytest

from cohost.clock import VirtualClock
from cohost.decision.consult import Timing
from cohost.decision.persona import load_personas
from cohost.decision.prompt import load
from cohost.decision.script import Script, compose_script
from cohost.decision.script_draft import Drafted, draft_script
from cohost.errors import ProviderError
from cohost.ports import WriterSentence
from cohost.resources import find
from cohost.scripted import ScriptedWriter
from tests.pure.decision.brand import CATALOGUE, ITEMS, ON, fact, src

GERMANY = load_personas(find("prompts") / "markets")["DE"]
PROMPT = load(find("prompts") / "script.md")
WEIGHT = [fact(6, "lamp", "weight", 620.0, "g", models=("L-1",))]
TRUE = WriterSentence("The weight is 620 g, declared by the maker.", ("E6",))


def composed(items=WEIGHT) -> Script:
    return compose_script(items, CATALOGUE, ON, product="lamp", market="DE", lang="en")


def drafted(
    says: Callable[[str], Sequence[WriterSentence | Exception | float]], items=WEIGHT
) -> tuple[Drafted, ScriptedWriter]:
    clock = VirtualClock()
    writer = ScriptedWriter(says, clock)

    async def scene() -> Drafted:
        job = asyncio.ensure_future(
            draft_script(composed(items), writer, PROMPT, GERMANY, CATALOGUE, clock, Timing(2000, 4000))
        )
        await clock.drive(job)
        return job.result()

    return asyncio.run(scene()), writer


def weight(script: Script):
    return next(line for line in script.lines if line.attribute == "weight" and line.section == "benefits")


def test_a_true_sentence_goes_in_behind_the_scene_with_its_evidence_and_both_hashes() -> None:
    done, _ = drafted(lambda prompt: [TRUE])
    line, before = weight(done.script), weight(composed())
    assert (line.by, line.text) == ("llm", f"{before.scene} {TRUE.text}")
    assert line.claims[0].evidence == ("E6",)
    assert [c.id for c in line.citations] == ["E6"]
    assert done.script.prompts == {"script": PROMPT.sha256, "markets/DE": GERMANY.sha256}


@pytest.mark.parametrize(
    "lie",
    [
        WriterSentence("It weighs 520 g.", ("E6",)), WriterSentence("It is waterproof.", ("E6",)),
        WriterSentence("The weight is 620 g.", ()), WriterSentence("The weight is 620 g.", ("E999",)),
        WriterSentence("Das Gewicht beträgt 620 g laut Angabe.", ("E6",)),
        WriterSentence("Only today, hurry!", ("E6",)),
    ],
)  # fmt: skip
def test_one_sentence_that_does_not_pass_leaves_the_composed_line(lie: WriterSentence) -> None:
    for sentences in ([lie], [TRUE, lie]):
        done, _ = drafted(lambda prompt, s=sentences: s)
        line = weight(done.script)
        assert (line.by, line.text) == ("composer", weight(composed()).text)
        assert line.rule is not None
        assert done.refused


def test_a_true_sentence_about_another_part_does_not_stand_for_the_line() -> None:
    base = src("lamp/a.pdf", "Material oak", kind="spec")
    shade = src("lamp/b.pdf", "Material linen shade", kind="spec")
    items = [
        fact(8, "lamp", "material", "oak", models=("L-1",), source=base),
        fact(9, "lamp", "material", "linen", models=("L-1",), condition="shade", source=shade),
    ]
    made = next(m for m in composed(items).made if m.line.attribute == "material" and m.told)
    (own,) = made.line.claims[0].evidence
    other = {"E8": "E9", "E9": "E8"}[own]
    said = {
        "E8": "The material is oak, declared by the maker.",
        "E9": "The shade is linen, declared by the maker.",
    }
    for evidence, by in ((own, "llm"), (other, "composer")):
        done, _ = drafted(lambda prompt, e=evidence: [WriterSentence(said[e], (e,))], items)
        assert done.refused == ()
        line = next(x for x in done.script.lines if x.attribute == "material" and x.section == "benefits")
        assert line.by == by


def test_a_server_that_is_down_is_left_alone_after_two_lines() -> None:
    done, writer = drafted(lambda prompt: [ProviderError("scripted", "connection refused")], ITEMS)
    assert len(writer.calls) == 2
    assert "connection refused" in done.fault
    assert [x.text for x in done.script.lines] == [
        x.text for x in compose_script(ITEMS, CATALOGUE, ON, product="lamp", market="DE", lang="en").lines
    ]


def test_a_slow_server_costs_no_line() -> None:
    done, _ = drafted(lambda prompt: [60_000.0, TRUE])
    assert weight(done.script).by == "composer"


def test_papers_warnings_and_lines_without_a_claim_are_never_handed_over() -> None:
    _, writer = drafted(lambda prompt: [], ITEMS)
    asked = [call[-1]["content"] for call in writer.calls]
    lines = compose_script(ITEMS, CATALOGUE, ON, product="lamp", market="DE", lang="en").lines
    assert asked
    for line in lines:
        handed = any(line.text.removeprefix(line.scene).strip() in text for text in asked)
        assert not handed or line.section in ("benefits", "sale"), line.text


def test_the_writer_gets_persona_scene_and_numbered_evidence() -> None:
    _, writer = drafted(lambda prompt: [TRUE])
    system, user = (message["content"] for message in writer.calls[0])
    assert 'Formal "Sie"' in system
    assert weight(composed()).scene in user
    assert re.search(r"^\[E6\] .*620", user, re.M)
    assert "{{" not in system + user
