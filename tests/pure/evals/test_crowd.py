"""A storm with known questions and what a room made of it, against values worked out by hand."""

from __future__ import annotations

import pytest

from evals.case import ChatCase
from evals.crowd import Fate, Line, StormCase, crowd_scores, fairness, lines_of

TOPICS = {"price": {"en": ["price?"], "de": ["was kostet das"]}, "battery": {"en": ["battery life?"]}}
TALK = [ChatCase(id="t", lang="en", text="hello", intent="greeting")]


def line(same: str, lang: str = "en", viewer: str = "a") -> Line:
    return Line(0, "x", viewer, lang, "room", "DE", same)


def test_a_merge_is_right_where_both_ask_the_same_and_missed_where_it_opens_another_question():
    played = [
        (line("price DE"), Fate("q1", True, True)),
        (line("price DE", "de"), Fate("q1", True, True)),
        (line("price US"), Fate("q1", True, True)),
        (line("battery X"), Fate("q4", True, False)),
        (line("price DE"), Fate("q5", True, True)),
        (line(""), Fate()),
    ]
    lines, fates = [one for one, _ in played], [fate for _, fate in played]
    found = crowd_scores(lines, fates)
    # English: the third joined another market's question; the fifth opened a second one for "price DE"
    assert found["en"] == {"kept": 1.0, "answered": 0.75, "recall": 0.0, "precision": 0.0}
    assert found["de"] == {"kept": 1.0, "answered": 1.0, "recall": 1.0, "precision": 1.0}


def test_a_line_that_became_no_question_or_was_never_decided_is_lost():
    lines = [line("price DE"), line("price DE"), line("price DE")]
    found = crowd_scores(lines, [Fate(None), Fate("q2", False), Fate("q2", True, True)])
    assert found["en"]["kept"] == pytest.approx(1 / 3)
    assert found["en"]["recall"] == 1.0  # what became no question is lost, not badly merged


def test_fairness_is_one_for_all_alike_and_one_nth_where_one_gets_everything():
    assert fairness([0.5, 0.5, 0.5]) == 1.0
    assert fairness([1.0, 0.0, 0.0, 0.0]) == 0.25
    assert fairness([1.0, 0.5]) == pytest.approx(0.9)
    assert (fairness([]), fairness([0.0, 0.0])) == (1.0, 1.0)


def test_viewers_count_alike_however_often_they_ask():
    lines = [line("price DE", viewer="flood")] * 3 + [line("battery X", viewer="b")]
    fates = [Fate("q1", True, True)] * 3 + [Fate("q4", True, False)]
    assert crowd_scores(lines, fates)[""]["fair_viewers"] == 0.5


def test_a_storm_is_the_same_every_time_and_keeps_a_viewers_language_market_and_platform():
    case = StormCase(
        id="s", lang="mul", seed=3, lines=300, per_second=10, asked=0.5, platforms=("room", "twitch")
    )
    models = {"DE": "X", "FR": "X", "US": "Y"}
    lines = list(lines_of(case, TOPICS, TALK, models))
    assert lines == list(lines_of(case, TOPICS, TALK, models))
    assert len(lines) == 300
    assert [one.at_ms for one in lines[:3]] == [0, 100, 200]
    places: dict[str, set[tuple[str | None, str]]] = {}
    for one in lines:
        if one.same:
            places.setdefault(one.viewer, set()).add((one.market, one.platform))
    assert all(len(found) == 1 for found in places.values())
    asked = {(one.market, one.same) for one in lines if one.same.startswith("battery")}
    assert {("DE", "battery X"), ("US", "battery Y")} <= asked


def test_a_flood_is_one_viewers():
    case = StormCase(id="s", lang="mul", seed=3, lines=300, per_second=10, asked=0.5, flood=20)
    assert sum(one.viewer == "flood" for one in lines_of(case, TOPICS, TALK, {})) == 20
