"""A game along the log: guesses, questions beside it, its end, crashes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cohost import events as ev
from cohost.errors import ProviderError
from cohost.languages import LANGUAGES, table
from cohost.report import summarise
from cohost.trust.attributes import phrases
from tests.flow.play_room import SHELL, PlayRoom


def test_the_first_right_guesses_win_in_any_language_and_nothing_is_answered() -> None:
    room = PlayRoom()
    room.game(winners=2)
    room.says("ana", "pesa 500 g", lang_hint="es")
    room.says("bo", "0,64 kg", lang_hint="de")
    room.says("chi", "640克", lang_hint="zh")
    room.says("dan", "640 g")
    room.play()
    assert room.winners == ["bo", "chi"]
    assert room.answers == []
    assert room.all(ev.QuestionAsked) == []
    assert [e.intent for e in room.all(ev.MessageTriaged)] == ["guess"] * 4


def test_only_the_first_guess_of_a_viewer_counts() -> None:
    room = PlayRoom()
    room.game(winners=1)
    for guess in ("600 g", "610 g", "640 g"):
        room.says("ana", guess)
    room.says("bo", "640 g")
    room.play()
    assert room.winners == ["bo"]
    assert [(e.viewer, e.right) for e in room.all(ev.GuessJudged)] == [("ana", False), ("bo", True)]


def test_a_line_that_says_no_value_costs_nothing() -> None:
    room = PlayRoom()
    room.game(winners=1)
    room.says("ana", "hello everybody!")
    room.says("ana", "24 V")
    room.says("ana", "640 g")
    room.play()
    assert room.winners == ["ana"]


def test_a_real_question_is_answered_while_a_game_runs() -> None:
    room = PlayRoom()
    room.game()
    room.says("ana", "how long does the battery last?")
    room.says("bo", "700 g")
    room.play()
    assert len(room.answers) == 1
    assert "22.4" in room.answers[0]
    assert room.all(ev.GameEnded) == []


def test_a_question_about_what_is_guessed_waits_for_the_end_and_is_answered_then() -> None:
    room = PlayRoom()
    room.game()
    room.says("ana", "wie schwer ist sie?", lang_hint="de")
    room.says("eva", "¿cuánto pesa?", lang_hint="es")
    room.play()
    assert room.answers == []
    (held,) = room.all(ev.QuestionHeld)
    assert held.until == room.engaged.game.id  # type: ignore[union-attr]
    room.says("bo", "640 g")
    room.play()
    assert room.winners == ["bo"]
    assert len(room.answers) == 2
    assert all("640" in text for text in room.answers)


def test_the_result_is_told_in_every_language_with_its_evidence() -> None:
    room = PlayRoom()
    room.game()
    room.says("bo", "640 g")
    room.play()
    (told,) = room.all(ev.GameTold)
    assert set(told.told) == set(LANGUAGES)
    assert all("640" in text for text in told.told.values())
    assert [c.id for c in told.citations] == ["E90"]


def test_words_are_guessed_by_the_names_they_have_in_each_language() -> None:
    room = PlayRoom()
    room.game(SHELL, winners=3)
    room.says("ana", "plastic")
    room.says("bo", "Aluminium!", lang_hint="de")
    room.says("chi", "再生铝", lang_hint="zh")
    room.says("dan", "is it aluminium?")
    room.play()
    assert room.winners == ["bo", "chi", "dan"]
    assert room.answers == []


class Nearest:
    """Meanings by script; `asked`: what no table knew."""

    def __init__(self, script: dict[str, list[tuple[str, float]]], *, broken: bool = False) -> None:
        self.script, self.broken = script, broken
        self.asked: list[str] = []
        self.named: list[str] = []

    def __call__(self, rows: Callable[[str], list[tuple[str, str]]]) -> Nearest:
        self.named = [name for _, name in rows("de")]
        return self

    async def score(self, text: str, lang: str) -> list[tuple[str, float]]:
        self.asked.append(text)
        if self.broken:
            raise ProviderError("scripted", "gone")
        return self.script.get(text, [])


def test_words_that_no_table_knows_go_to_the_embedder_and_talk_is_no_guess() -> None:
    near = Nearest({"alu recyclé": [("answer", 0.9)], "walnut": [("nouns:wood", 0.8), ("answer", 0.2)]})
    room = PlayRoom(meaning=near)
    room.game(SHELL, winners=1)
    room.says("ana", "walnut")
    room.says("bo", "what a day")
    room.says("chi", "alu recyclé", lang_hint="fr")
    room.play()
    assert room.winners == ["chi"]
    assert [(e.viewer, e.right) for e in room.all(ev.GuessJudged)] == [("ana", False), ("chi", True)]
    assert "plastic" not in near.asked
    assert len(near.named) > 100


def test_without_an_embedder_that_answers_such_words_are_no_guess() -> None:
    room = PlayRoom(meaning=Nearest({}, broken=True))
    room.game(SHELL, winners=1)
    room.says("ana", "walnut")
    room.says("ana", "aluminium")
    room.play()
    assert room.winners == ["ana"]
    assert room.all(ev.FaultRaised) == []


def test_a_game_ends_when_its_time_is_up_and_nothing_later_counts() -> None:
    room = PlayRoom()
    room.game(winners=3, ends_at_ms=1_000)
    room.play(500)
    room.says("bo", "640 g")
    room.play(1_000)
    room.says("chi", "640 g")
    room.play()
    (ended,) = room.all(ev.GameEnded)
    assert (ended.reason, ended.guesses, ended.right) == ("time", 1, 1)
    assert room.winners == ["bo"]


def test_a_person_ends_it_and_what_came_before_still_counts() -> None:
    room = PlayRoom()
    started = room.game(winners=3)
    room.says("bo", "640 g")
    room.log.append(ev.GameEndWanted(game_id=f"g{started.seq}", by="operator:Li"))
    room.says("chi", "640 g")
    room.play()
    (ended,) = room.all(ev.GameEnded)
    assert ended.reason == "operator"
    assert "bo" in room.winners


def test_a_platform_that_shows_the_show_later_is_not_behind() -> None:
    room = PlayRoom(delays={"twitch": 6_000})
    room.log.append(ev.PlatformState(platform="twitch", state="live"))
    room.game(winners=1)
    room.play(2_000)
    room.says("near", "640 g")
    room.play(4_500)
    assert room.all(ev.GameEnded) == []  # somebody on twitch may have been first
    room.says("far", "640 g", platform="twitch")
    room.play(10_000)
    assert room.winners == ["far"]


def test_it_goes_on_after_a_crash_and_judges_nothing_twice() -> None:
    room = PlayRoom()
    room.game(winners=2)
    room.says("ana", "500 g")
    room.says("bo", "640 g")
    room.play()
    room.says("ana", "640 g")
    room.says("chi", "640 g")
    room.play()
    assert room.winners == ["bo", "chi"]
    assert len(room.all(ev.GuessJudged)) == 3
    assert len(room.all(ev.GameTold)) == 1
    room.play()
    assert len(room.all(ev.GameEnded)) == len(room.all(ev.GameTold)) == 1


def test_an_answer_that_would_give_it_away_waits_for_a_person() -> None:
    room = PlayRoom()
    room.says("ana", "wie schwer ist sie?", lang_hint="de")
    room.play()
    assert len(room.answers) == 1
    room.game()
    room.says("eva", "¿cuánto pesa?", lang_hint="es")  # the same question, in a new language
    room.play()
    assert len(room.answers) == 1
    assert room.all(ev.DecisionMade)[-1].needs_approval


@pytest.mark.parametrize(
    "danger", ["it is on fire, 640 g", "where is my order 640?", "my phone is +34 600 123 640"]
)
def test_dangers_and_orders_are_no_guesses(danger: str) -> None:
    room = PlayRoom()
    room.game()
    room.says("ana", danger)
    room.play()
    assert room.all(ev.GuessJudged) == []


def test_questions_gathered_in_a_collection_are_merged_and_answered_when_its_slot_comes() -> None:
    room = PlayRoom()
    opened = room.log.append(ev.CollectionOpened(product=None))
    room.says("ana", "how long does the battery last?")
    room.says("eva", "¿cuánto dura la batería?", lang_hint="es")
    room.says("bo", "how much does it weigh?")
    room.play()
    assert room.answers == []
    assert len(room.all(ev.QuestionHeld)) == 2
    assert len(room.all(ev.QuestionMerged)) == 1
    room.log.append(ev.CollectionClosed(collection_id=f"c{opened.seq}"))
    room.play()
    assert len(room.answers) == 3
    assert room.engaged.held == {}


def test_what_endangers_people_waits_for_no_collection() -> None:
    room = PlayRoom()
    room.log.append(ev.CollectionOpened(product=None))
    room.says("ana", "mine is smoking, help!")
    room.play()
    assert room.all(ev.QuestionHeld) == []
    assert room.all(ev.DecisionMade) != []


def test_what_was_gathered_and_never_answered_stands_in_the_report_with_who_asked() -> None:
    room = PlayRoom()
    room.log.append(ev.CollectionOpened(product=None))
    room.says("ana", "how long does the battery last?")
    room.says("eva", "¿cuánto dura la batería?", lang_hint="es", platform="twitch")
    room.play()
    (left,) = summarise(room.log.records())["unanswered"]
    assert (left["state"], left["askers"]) == ("held", 2)
    assert left["who"] == ["Ana", "Eva (twitch)"]


def test_in_every_language_a_value_is_a_guess_and_a_question_stays_one() -> None:
    room = PlayRoom()
    room.game(winners=20)
    asked: dict[int, str] = {}
    guessed: list[int] = []
    for lang in LANGUAGES:
        unit = table(lang, "quantities")["units"]["g"][0]
        guessed.append(room.says(f"guess-{lang}", f"640 {unit}", lang_hint=lang).seq)
        battery = next(phrase for attribute, phrase in phrases(lang) if attribute == "battery")
        asked[room.says(f"ask-{lang}", battery, lang_hint=lang).seq] = lang
    room.play(30_000)
    triaged = {r.cause_seq: r.event for r in room.log.records() if isinstance(r.event, ev.MessageTriaged)}
    assert {triaged[seq].intent for seq in guessed} == {"guess"}
    assert {e.viewer for e in room.all(ev.GuessJudged)} == {f"guess-{lang}" for lang in LANGUAGES}
    assert all(e.right for e in room.all(ev.GuessJudged))
    lost = {lang for seq, lang in asked.items() if not triaged[seq].question}
    assert lost == set()


@pytest.mark.parametrize(
    ("line", "lang"),
    [
        ("is it 640 grams?", "en"), ("i think it's 640 g", "en"), ("my guess: 640g!!", "en"),
        ("ich tippe auf 640 Gramm", "de"), ("¿son 640 gramos?", "es"), ("640 grammes je pense", "fr"),
        ("我猜640克", "zh"), ("640グラムかな", "ja"), ("640 그램이요", "ko"), ("640 กรัมครับ", "th"),
        ("640", "en"),
        ("definitely 640 g no doubt", "en"),
    ],
)  # fmt: skip
def test_people_guess_in_their_own_ways(line: str, lang: str) -> None:
    room = PlayRoom()
    room.game()
    room.says("bo", line, lang_hint=lang)
    room.play()
    assert room.winners == ["bo"]
    assert room.all(ev.QuestionAsked) == []


@pytest.mark.parametrize(
    "line",
    [
        "can I take 640 grams of it on a plane?", "does it come in 640 ml?", "is there a 640 g version?",
        "do you ship to Spain within 5 days?", "does it work with 220 V?",
    ],
)  # fmt: skip
def test_a_question_with_a_figure_in_it_is_no_guess(line: str) -> None:
    room = PlayRoom()
    room.game()
    room.says("bo", line)
    room.play()
    assert room.all(ev.GuessJudged) == []
    assert len(room.all(ev.QuestionAsked)) == 1
