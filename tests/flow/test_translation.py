"""Translation along the log, on the virtual clock: routes in order, checks, deadlines, who gets what."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.common.question import Draft
from cohost.errors import ProviderError
from cohost.log import MemoryLog
from cohost.log_text import split
from cohost.ports import Translated
from cohost.scripted import ScriptedTranslator
from cohost.translation.interpreter import FAULTS_TO_REST, REST_MS, Chain
from cohost.translation.stage import TranslationDesk
from cohost.trust.kept import mask, names_of
from tests.flow.test_decision import Room, Shelf, asker
from tests.pure.decision.brand import CATALOGUE, ON, ask

ZH = "这款音箱重412克"
ES = "Este altavoz pesa 412 gramos"


def on_clock(act: Callable[[VirtualClock], Awaitable[object]]) -> object:
    async def scene() -> object:
        clock = VirtualClock(on=ON)
        job = asyncio.ensure_future(act(clock))
        await clock.drive(job)
        return job.result()

    return asyncio.run(scene())


def told(script: dict[tuple[str, str], object], text: str, target: str, **more: object) -> Translated:
    async def act(clock: VirtualClock) -> Translated:
        chain = Chain([ScriptedTranslator(script, clock)], Shelf(), clock, **more.pop("chain", {}))
        return await chain.interpret(text, "zh", target, **more)

    return on_clock(act)


BOTH_WAYS = {(ZH, "es"): ES, (ES, "zh"): ZH}


# ── one line ────────────────────────────────────────────────────────────────────────────────────
def test_a_line_whose_figures_came_through_and_back_is_checked() -> None:
    made = told(BOTH_WAYS, ZH, "es", ours=True)
    assert (made.text, made.lang, made.state, made.by) == (ES, "es", "checked", "scripted")


@pytest.mark.parametrize(
    ("text", "becomes", "reason"),
    [
        (ZH, "Este altavoz pesa 214 gramos", "number"),
        (ZH, "Este altavoz es ligero", "number"),
        (ZH, "Este altavoz pesa 412 kg", "unit"),
        ("符合EN 55032标准", "Cumple la norma", "name"),
        ("这款没有通过FDA批准", "Esto está aprobado por la FDA", "denial"),
        ("这款通过了FDA批准", "Esto está aprobado por la FDA", "claim"),
        ("防泼溅", "Es sumergible", "claim"),
    ],
)
def test_what_was_lost_or_made_stronger_stays_in_the_original(text: str, becomes: str, reason: str) -> None:
    masked = mask(text, names_of(CATALOGUE)).text
    made = told({(text, "es"): becomes, (masked, "es"): becomes}, text, "es", ours=True)
    assert (made.text, made.state, made.reason) == ("", "original", reason)


def test_viewers_may_say_what_the_house_may_not() -> None:
    made = told({("这个通过FDA批准了吗", "es"): "¿Está aprobado por la FDA?"}, "这个通过FDA批准了吗", "es")
    assert made.text == "¿Está aprobado por la FDA?"


def test_a_claim_that_comes_back_as_something_else_is_marked() -> None:
    made = told({(ZH, "es"): ES, (ES, "zh"): "今天天气很好，412克"}, ZH, "es", ours=True)
    assert (made.text, made.state, made.reason) == (ES, "unchecked", "back")


def test_a_claim_without_a_way_back_is_marked_and_small_talk_is_not() -> None:
    async def act(clock: VirtualClock) -> list[Translated]:
        script = {(ZH, "es"): ES, ("大家好", "es"): "Hola a todos"}
        route = ScriptedTranslator(script, clock, pairs=frozenset({("zh", "es")}))
        chain = Chain([route], Shelf(), clock)
        return [await chain.interpret(text, "zh", "es", ours=True) for text in (ZH, "大家好")]

    claim, talk = on_clock(act)
    assert (claim.state, claim.reason) == ("unchecked", "no_way_back")
    assert talk.state == "checked"


def test_names_and_codes_travel_as_marks_and_terms_as_the_house_says_them() -> None:
    script = {("XQ1的XQ2", "es"): "La XQ2 de XQ1"}
    made = told(
        script, "海牛的EN 55032", "es", chain={"glossary": [{"zh": "海牛", "es": "Manatí"}], "back": False}
    )
    assert made.text == "La EN 55032 de Manatí"


def test_an_answer_in_another_language_is_none() -> None:
    assert told({("大家好呀", "es"): "大家好呀"}, "大家好呀", "es").reason == "failed"


def test_a_pair_that_no_route_has_is_said_so_at_once() -> None:
    async def act(clock: VirtualClock) -> Translated:
        return await Chain([ScriptedTranslator({}, clock, pairs=frozenset())], Shelf(), clock).interpret(
            ZH, "zh", "es"
        )

    assert on_clock(act).reason == "no_route"


# ── routes ──────────────────────────────────────────────────────────────────────────────────────
def test_the_next_route_takes_what_the_first_fails_garbles_or_leaves_waiting() -> None:
    async def act(clock: VirtualClock) -> tuple[list[str], int]:
        found = []
        for step in (ProviderError("llm", "down"), "sin cifra", 60_000.0):
            first = ScriptedTranslator({(ZH, "es"): step}, clock, name="llm")
            second = ScriptedTranslator(BOTH_WAYS, clock, name="argos")
            chain = Chain([first, second], Shelf(), clock, deadline_ms=4_000)
            made = await chain.interpret(ZH, "zh", "es")
            found.append(f"{made.by}:{made.reason}")
        return found, clock.now_ms()

    found, took = on_clock(act)
    assert found == ["argos:", "argos:", "argos:"]
    assert took <= 4_000  # one deadline for all of it: the room does not wait twice


def test_a_route_that_keeps_failing_rests_and_comes_back() -> None:
    async def act(clock: VirtualClock) -> list[int]:
        route = ScriptedTranslator({}, clock)
        route._script = {(f"{n}号", "es"): ProviderError("x", "down") for n in range(9)}
        chain, counts = Chain([route], Shelf(), clock), []
        for n in range(FAULTS_TO_REST + 2):
            await chain.interpret(f"{n}号", "zh", "es")
        counts.append(len(route.calls))
        await clock.sleep(REST_MS)
        await chain.interpret("7号", "zh", "es")
        return [*counts, len(route.calls)]

    assert on_clock(act) == [FAULTS_TO_REST, FAULTS_TO_REST + 1]


def test_the_same_line_is_asked_once_a_failure_again() -> None:
    async def act(clock: VirtualClock) -> int:
        route = ScriptedTranslator({("好", "es"): "Bien", ("坏", "es"): ProviderError("x", "down")}, clock)
        chain = Chain([route], Shelf(), clock)
        for text in ("好", "好", "坏", "坏"):
            await chain.interpret(text, "zh", "es")
        return len(route.calls)

    assert on_clock(act) == 3


# ── the room ────────────────────────────────────────────────────────────────────────────────────
class Show:
    """A log with a translation desk on it; the host speaks Chinese."""

    def __init__(self, script: dict[tuple[str, str], object], **more: object) -> None:
        self.clock = VirtualClock(on=ON)
        self.log = MemoryLog(self.clock)
        self.route = ScriptedTranslator(script, self.clock)
        self.desk = TranslationDesk(
            self.log, self.clock, Chain([self.route], Shelf(), self.clock, back=False), "zh", **more
        )

    def play(self, then: Callable[[], None], ms: float = 10_000) -> list[ev.TranslationMade]:
        async def scene() -> None:
            job = asyncio.ensure_future(self.desk.run())
            await asyncio.sleep(0)
            then()
            await self.clock.drive(asyncio.ensure_future(self.clock.sleep(ms)))
            job.cancel()
            await asyncio.gather(job, return_exceptions=True)

        asyncio.run(scene())
        return [r.event for r in self.log.records() if isinstance(r.event, ev.TranslationMade)]

    def here(self, *langs: str) -> None:
        self.log.append(ev.AudienceLanguages(langs=langs))

    def says(self, text: str, lang: str, *, role: str = "viewer", intent: str = "praise", asks=False) -> int:
        seq = self.log.append(ev.ChatMessage(viewer=f"v-{role}", text=text, role=role)).seq
        self.log.append(
            ev.MessageTriaged(lang=lang, lang_confidence=0.9, intent=intent, question=asks), cause_seq=seq
        )
        return seq


def test_the_host_is_understood_in_every_language_that_is_there_and_in_no_other() -> None:
    show = Show({("大家好", "es"): "Hola", ("大家好", "th"): "สวัสดี"})

    def act() -> None:
        show.here("es", "th", "zh")
        show.says("大家好", "zh", role="host")

    made = show.play(act)
    assert {(m.target, m.text, m.state, m.viewer) for m in made} == {
        ("es", "Hola", "checked", ""), ("th", "สวัสดี", "checked", ""),
    }  # fmt: skip


def test_what_the_host_says_aloud_is_translated_too() -> None:
    show = Show({("大家好", "es"): "Hola"})

    def act() -> None:
        show.here("es")
        seq = show.log.append(
            ev.TranscriptFinal(
                lane="1", viewer="h", utterance_id="u1", text="大家好", lang="zh", lang_confidence=1.0,
                start_ms=0, end_ms=900, role="host",
            )
        ).seq  # fmt: skip
        show.log.append(ev.MessageTriaged(lang="zh", lang_confidence=1.0, intent="to_viewer"), cause_seq=seq)

    assert [(m.target, m.text) for m in show.play(act)] == [("es", "Hola")]


def test_who_comes_later_gets_the_newest_lines_of_the_host() -> None:
    show = Show({("大家好", "fr"): "Bonjour"})

    def act() -> None:
        show.says("大家好", "zh", role="host")
        show.here("fr")

    assert [(m.target, m.text) for m in show.play(act)] == [("fr", "Bonjour")]


def test_the_host_reads_viewers_in_the_hosts_language_spam_left_out() -> None:
    show = Show({("กันน้ำไหม", "zh"): "防水吗"})

    def act() -> None:
        show.says("กันน้ำไหม", "th", asks=True, intent="question.water")
        show.says("follow me", "en", intent="spam")
        show.says("好的", "zh")
        show.says("???", "und")

    (made,) = show.play(act)
    assert (made.text, made.target, made.viewer) == ("防水吗", "zh", "v-viewer")


def test_questions_only_where_comments_are_switched_off() -> None:
    show = Show({}, comments=False)

    def act() -> None:
        show.says("so nice", "en")
        show.says("is it heavy", "en", asks=True)

    show.play(act)
    assert [c[0] for c in show.route.calls] == ["is it heavy"]


def test_in_a_storm_the_host_goes_first_old_comments_are_let_go_and_nothing_grows() -> None:
    show = Show({}, waiting=8, at_once=1)

    def act() -> None:
        show.here("es")
        for n in range(200):
            show.says(f"nice one {n}", "en")
        show.says("大家好", "zh", role="host")

    made = show.play(act, ms=60_000)
    assert "大家好" in [c[0] for c in show.route.calls[:2]]
    assert len(show.route.calls) <= 10
    assert len(made) == 8


def test_a_translator_that_hangs_costs_its_line_and_nothing_else() -> None:
    show = Show({("大家好", "es"): 1e9, ("谢谢", "es"): "Gracias"})

    def act() -> None:
        show.here("es")
        show.says("大家好", "zh", role="host")
        show.says("谢谢", "zh", role="host")

    made = {m.text or m.reason for m in show.play(act)}
    assert made == {"late", "Gracias"}


def test_a_persons_posted_reply_is_put_into_the_other_languages() -> None:
    show = Show({("Sí, mañana", "th"): "ใช่ พรุ่งนี้"})

    def act() -> None:
        show.here("es", "th")
        draft = Draft(action="answer", reason="operator", lang="es", text="Sí, mañana", by="operator")
        show.log.append(ev.DecisionMade(reply_id="r1", question_id="q1", draft=draft))
        show.log.append(ev.ReplyPosted(reply_id="r1", platform="room", text="Sí, mañana", lang="es"))

    (made,) = show.play(act)
    assert (made.reply_id, made.target, made.text) == ("r1", "th", "ใช่ พรุ่งนี้")


def test_after_a_restart_nothing_is_translated_twice() -> None:
    show = Show({("大家好", "es"): "Hola"})

    def act() -> None:
        show.here("es")
        show.says("大家好", "zh", role="host")

    assert len(show.play(act)) == 1
    again = TranslationDesk(show.log, show.clock, Chain([show.route], Shelf(), show.clock), "zh")
    show.desk = again
    assert len(show.play(lambda: show.here("es", "es"))) == 1


# ── a person's own answer ───────────────────────────────────────────────────────────────────────
WORDS = "有的，附带充电器。"


def answered(script: dict[tuple[str, str], object], *langs: str) -> Room:
    room = Room(
        autonomy="full",
        interpreter=lambda r: Chain([ScriptedTranslator(script, r.clock)], r.shelf, r.clock, back=False),
    )
    question = ask("weight", lang=langs[0])
    room.asked(question, *(asker(f"v{n}", lang, n + 1) for n, lang in enumerate(langs)))
    room.found(question)
    room.play()
    room.log.append(ev.OperatorAnswered(question_id=question.id, text=WORDS), turn_id=question.id)
    room.play()
    return room


def by_hand(room: Room) -> list[ev.DecisionMade]:
    return [d for d in room.decisions if d.draft.by == "operator"]


def test_what_a_person_types_reaches_each_asker_in_their_language() -> None:
    room = answered({(WORDS, "es"): "Sí, viene con cargador.", (WORDS, "th"): "ใช่ มีที่ชาร์จให้"}, "es", "th")
    assert [(d.draft.lang, d.draft.text, [a.viewer for a in d.askers]) for d in by_hand(room)] == [
        ("es", "Sí, viene con cargador.", ["v0"]), ("th", "ใช่ มีที่ชาร์จให้", ["v1"]),
    ]  # fmt: skip


def test_what_cannot_be_translated_goes_out_as_it_was_written_and_says_in_which_language() -> None:
    room = answered({(WORDS, "es"): ProviderError("x", "down")}, "es")
    assert [(d.draft.lang, d.draft.text) for d in by_hand(room)] == [("zh", WORDS)]


def test_who_is_forgotten_is_forgotten_in_every_language() -> None:
    made = ev.TranslationMade(
        message_seq=1, viewer="v1", lang="th", target="zh", text="防水吗", state="checked", words="x"
    )
    public, private, viewer = split(made)
    assert viewer == "v1"
    assert "防水吗" not in public
    assert "防水吗" in private
