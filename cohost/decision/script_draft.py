"""Show lines worded by an LLM, sentence by sentence through the guard; the composed line stands ready.

Only what carries a value is handed over: papers, reports, warnings, answers to objections and lines that
claim nothing stay the composer's. The scene before the value stays as the table has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from cohost.clock import Clock
from cohost.common.catalogue import Catalogue
from cohost.common.question import Claim
from cohost.decision.answer import context_for
from cohost.decision.citations import citations, cited
from cohost.decision.consult import Brief, Consulted, Judged, Timing, consult
from cohost.decision.draft import draftable, judging, material, own_words, values
from cohost.decision.format import Tongue, tongue
from cohost.decision.frames import frame
from cohost.decision.persona import Persona, style
from cohost.decision.prompt import Prompt, render
from cohost.decision.roster import Roster
from cohost.decision.script import Line, Made, Script, shown
from cohost.decision.script_pick import Told
from cohost.decision.suspect import MAX_REPLY
from cohost.ports import Writer
from cohost.trust.evidence import Evidence
from cohost.trust.guard import check

DRAFTED = frozenset({"benefits", "sale"})
FAULTS_TO_STOP = 2
"""After so many failures of the server in a row the rest of the lines stay composed."""


class Drafted(msgspec.Struct, frozen=True):
    """A script after the writer. `refused`: sentences that did not pass; `fault`: what failed last, or ""."""

    script: Script
    refused: tuple[Judged, ...] = ()
    fault: str = ""


async def draft_script(
    script: Script,
    writer: Writer | Roster,
    prompt: Prompt,
    persona: Persona | None,
    catalogue: Catalogue,
    clock: Clock,
    timing: Timing,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Drafted:
    """Each line with a value asked of the writer, the composed one kept where it fails or says more than its
    evidence. Safe to cancel: nothing of it is kept."""
    at = tongue(script.lang, catalogue.market(script.market))
    roster = Roster.of(writer)
    assert roster is not None
    made: list[Made] = []
    refused: list[Judged] = []
    fault, faults = "", 0
    for number, one in enumerate(script.made):
        progress(number, len(script.made))
        told = one.told
        if told is None or not _open(one, at) or faults >= FAULTS_TO_STOP:
            made.append(one)
            continue
        heard = await _ask(one.line, told, roster, prompt, persona, at, clock, timing)
        roster.spent(heard.calls)
        if not heard.calls:  # nobody may be asked any more
            made.append(one)
            continue
        failed = heard.fault
        fault, faults = (failed, faults + 1) if failed else (fault, 0)
        line = None if failed else _reworded(one.line, told, heard.judged, at)
        bad = [j for j in (*heard.refused, *heard.judged) if j.verdict.action != "allow"]
        refused += bad
        rule = bad[0].verdict.rule if bad else one.line.rule
        made.append(Made(line or msgspec.structs.replace(one.line, rule=rule), told))
    prompts = {prompt.id: prompt.sha256} | ({persona.key: persona.sha256} if persona else {})
    return Drafted(msgspec.structs.replace(script, made=tuple(made), prompts=prompts), tuple(refused), fault)


def _open(made: Made, at: Tongue) -> bool:
    line, told = made.line, made.told
    return line.section in DRAFTED and told is not None and told.speaks and draftable(told.answered, at.lang)


async def _ask(
    line: Line,
    told: Told,
    roster: Roster,
    prompt: Prompt,
    persona: Persona | None,
    at: Tongue,
    clock: Clock,
    timing: Timing,
) -> Consulted:
    items = _material(told)
    given = values(told.ask, told.answered, at, items)
    given |= {"composed": line.text.removeprefix(line.scene).strip(), "scene": line.scene or "(none)"}
    messages = render(prompt, given | {"persona": style(persona, given)})
    judge = judging(items, context_for(told.ask, at.lang, "llm"), own_words(prompt, persona))
    return await consult(roster, Brief(messages, at.lang, judge), clock, timing)


def _material(told: Told) -> tuple[Evidence, ...]:
    """What the line cites first, then what else speaks of the attribute."""
    return tuple({i.id: i for i in (*told.items, *material(told.answered, told.ask))}.values())


def _reworded(line: Line, told: Told, judged: Sequence[Judged], at: Tongue) -> Line | None:
    """The scene and the writer's sentences, if each may go out, the value's own evidence is among what they
    cite, everything cited holds here, and the whole passes once more."""
    if not judged or any(j.verdict.action != "allow" for j in judged):
        return None
    items = _material(told)
    used = cited([i for j in judged for i in j.sentence.evidence], items)
    found = citations(used, told.ask)
    if told.items[0].id not in {i.id for i in used} or not all(c.valid for c in found):
        return None
    gap = "" if frame(at.lang, "value.gap") == "none" else " "
    text = gap.join(x for x in (line.scene, *(j.sentence.text for j in judged)) if x)
    if len(text) > MAX_REPLY or check(text, used, context_for(told.ask, at.lang)).action != "allow":
        return None
    claims = tuple(Claim(j.sentence.text, j.sentence.evidence) for j in judged)
    return msgspec.structs.replace(
        line, text=text, claims=claims, citations=found, may_show=shown(used), by="llm", rule=None
    )
