"""A show with a person's acts replays without a difference; other words are told as one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec

from cohost import events as ev
from cohost.app import open_knowledge
from cohost.clock import VirtualClock
from cohost.common.people import Signature
from cohost.replay import Difference, replay
from cohost.show_text import read_show, write_show
from cohost.trust.evidence import Fact

Records = Sequence[ev.Record]


def line(seq: int, at_ms: int, text: str) -> ev.Record:
    return ev.Record(seq, at_ms, None, None, ev.ChatMessage(viewer=f"v{seq}", text=text))


def decisions(records: Records) -> list[ev.DecisionMade]:
    return [r.event for r in records if isinstance(r.event, ev.DecisionMade)]


def retracted(records: Records) -> list[ev.Record]:
    """The show with its first reply taken back by a person, the evidence held."""
    made = next(r for r in records if isinstance(r.event, ev.DecisionMade))
    assert isinstance(made.event, ev.DecisionMade)
    acts: list[ev.Event] = [ev.ReplyRetracted(reply_id=made.event.reply_id, reason="wrong")]
    acts += [
        ev.EvidenceReleased(evidence_id=i, state="held") for c in made.event.draft.claims for i in c.evidence
    ]
    last = records[-1].seq
    return [
        *records,
        *(ev.Record(last + n, 20_000, made.turn_id, made.seq, a) for n, a in enumerate(acts, 1)),
    ]  # type: ignore[arg-type]


async def run(records: Records, folder: Path) -> tuple[list[ev.Record], list[Difference]]:
    """In a library of its own: one that a show has used remembers what was held."""
    knowledge = await open_knowledge(folder, VirtualClock())
    try:
        return await replay(records, knowledge)
    finally:
        knowledge.close()


async def shows(folder: Path) -> None:
    lines = [line(1, 1000, "How long does the battery last?"), line(2, 6000, "How heavy is it?")]
    first, _ = await run(lines, folder)
    show, _ = await run(retracted(first), folder)
    assert [d for d in decisions(show) if d.corrects]
    again, changed = await run(show, folder)
    assert changed == []
    assert [d.corrects for d in decisions(again)] == [d.corrects for d in decisions(show)]
    _, told = await run([_reworded(r) for r in show], folder)
    assert {d.what.split()[-1] for d in told} == {"text"}


def test_a_retraction_replays_without_a_difference(probe_folder: Path) -> None:
    asyncio.run(shows(probe_folder))


async def lowered(folder: Path) -> None:
    """A price is told, lowered on air, and the answer taken back: the correction tells the new one."""
    first, _ = await run([line(1, 1000, "how much is the lamp in Germany?")], folder)
    (made,) = (r.event for r in first if isinstance(r.event, ev.DecisionMade))
    cited = [i for c in made.draft.claims for i in c.evidence]
    lower = ev.FactChanged(product="lamp", market="DE", attribute="price", value=35.0, unit="EUR")
    acts: list[tuple[int, ev.Event]] = [(15_000, lower)]
    acts += [(20_000, ev.ReplyRetracted(reply_id=made.reply_id, reason="lowered"))]
    acts += [(20_000, ev.EvidenceReleased(evidence_id=i, state="held")) for i in cited]
    last = first[-1].seq
    told = [ev.Record(last + n, at, None, None, act) for n, (at, act) in enumerate(acts, 1)]  # type: ignore[arg-type]
    show, _ = await run([*first, *told], folder)
    correction = next(d for d in decisions(show) if d.corrects)
    assert "35" in correction.draft.text
    _, changed = await run(show, folder)
    assert changed == []
    knowledge = await open_knowledge(folder, VirtualClock())
    kept, gone = read_show(write_show(show), "show.jsonl", knowledge.library.get)
    knowledge.close()
    assert gone == ()
    _, changed = await run(kept, folder)
    assert changed == []


def test_a_correction_by_a_price_changed_on_air_replays_from_the_log_and_from_its_lines(
    probe_folder: Path,
) -> None:
    asyncio.run(lowered(probe_folder))


async def closed(folder: Path) -> None:
    """Questions that people closed, answered aloud by one and hidden by another, each signed."""
    lines = [line(1, 1000, "How long does the battery last?"), line(2, 6000, "How heavy is it?")]
    first, _ = await run(lines, folder)
    asked = [r.event.question.id for r in first if isinstance(r.event, ev.QuestionAsked)]
    mo = Signature("Mo", "moderator")
    acts: list[ev.Event] = [
        ev.QuestionClosed(question_id=asked[0], by="host"),
        ev.QuestionClosed(question_id=asked[1], by="moderator:Mo", signed=mo, hidden=True),
    ]
    last = first[-1].seq
    told = [ev.Record(last + n, 20_000, None, None, act) for n, act in enumerate(acts, 1)]  # type: ignore[arg-type]
    show, changed = await run([*first, *told], folder)
    assert changed == []
    assert [r.event for r in show if isinstance(r.event, ev.QuestionClosed)] == acts
    text = write_show(show)
    assert '"moderator"' in text
    assert "Mo" not in text.replace("Model", "")


def test_closed_and_hidden_questions_replay_and_the_text_of_the_show_names_nobody(
    probe_folder: Path,
) -> None:
    asyncio.run(closed(probe_folder))


def _reworded(record: ev.Record) -> ev.Record:
    """As if the composer had said it in other words then."""
    if not isinstance(record.event, ev.DecisionMade):
        return record
    draft = msgspec.structs.replace(record.event.draft, text="Other words.")
    return msgspec.structs.replace(record, event=msgspec.structs.replace(record.event, draft=draft))


async def played(folder: Path) -> None:
    """Viewers guess a weight; somebody asks for it meanwhile, and is answered when the game is over."""
    knowledge = await open_knowledge(folder, VirtualClock())
    weight = next(i for i in knowledge.library.all() if isinstance(i, Fact) and i.attribute == "weight")
    knowledge.close()
    game = ev.GameStarted(product=weight.product or "", fact=weight)
    guess = ev.GuessJudged(game_id="g1", message_seq=3, viewer="v3", right=True, seen_ms=3000)
    ended = ev.GameEnded(game_id="g1", reason="winners", guesses=1, right=1)
    show = [
        ev.Record(1, 500, None, None, game), line(2, 1000, "how heavy is it?"), line(3, 3000, "412 g"),
        ev.Record(4, 3100, None, 3, guess), ev.Record(5, 6000, None, 1, ended),
    ]  # fmt: skip
    first, _ = await run(show, folder)
    kinds = [r.kind for r in first]
    assert kinds.index("question.held") < kinds.index("game.ended") < kinds.index("decision.made")
    assert [r.event.intent for r in first if isinstance(r.event, ev.MessageTriaged)][-1] == "guess"
    again, changed = await run(first, folder)
    assert changed == []
    assert [r.kind for r in again] == kinds


def test_a_game_replays_without_a_difference(probe_folder: Path) -> None:
    asyncio.run(played(probe_folder))
