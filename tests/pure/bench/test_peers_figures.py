"""Trials become figures, figures the table, marks and the picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.peers import results
from bench.peers.cases import QUESTION, Case, Part, in_turns, shared, stretches
from bench.peers.figures import Shown, ask, noise, over, shown, stop_after
from bench.peers.wire import Heard
from cohost.ears.audio import RATE


def case(
    part: Part,
    *,
    onset: int = 800,
    end: int = 3300,
    pauses: tuple[tuple[int, int], ...] = (),
    name: str = "a",
) -> Case:
    return Case(name, part, "en", "speech", bytes(2 * RATE * 4), onset, end, (), pauses)


def test_a_gap_between_two_sentences_is_no_stop() -> None:
    spoke = ((-700.0, 900.0), (1000.0, 5000.0))
    assert stop_after(spoke, 800, 5500) is not None
    assert stop_after((*spoke[:1], (1000.0, 5400.0)), 800, 5500) is None


def test_a_stop_that_resumes_tells_its_silence() -> None:
    stop = stop_after(((-700.0, 1000.0), (1600.0, 6000.0)), 800, 6000)
    assert stop is not None
    assert (stop.at_ms, stop.silent_ms, stop.back) == (1000, 600, True)
    killed = stop_after(((-700.0, 1000.0),), 800, 6000)
    assert killed is not None
    assert (killed.silent_ms, killed.back) == (5000, False)


def test_voices_over_its_own() -> None:
    until = 4000 + 1500.0
    found = [
        (case("over"), Heard("a", ((-700.0, 1100.0),), (860.0,))),  # 300 after the onset, lowered after 60
        (case("over"), Heard("a", ((-700.0, 1300.0),))),  # never lowered: its stop counts
        (case("over"), Heard("a", ((-700.0, until),))),  # spoke on
        (case("over"), Heard("a", ((-700.0, 3600.0),))),  # stopped when the voice had ended: missed
        (case("over"), Heard("a", ((-700.0, 400.0),))),  # stopped before anybody spoke
        (case("over"), Heard("a", error="broke")),
    ]
    got = over(found)
    assert got.stopped == [300, 500]
    assert got.lowered == [60, 500]
    assert (got.missed, got.early, got.n) == (2, 1, 4)
    assert shown("peer", "default", "over", found).failed == 1


def test_false_stops_weigh_each_source_the_same() -> None:
    on, off = ((-700.0, 8500.0),), ((-700.0, 1000.0), (1500.0, 8500.0))
    found = [
        (case("noise", name="cough@+0"), Heard("a", on)), (case("noise", name="cough@+6"), Heard("a", off)),
        (case("noise", name="nod@+0"), Heard("a", off)),
        (case("noise", name="beep@+0"), Heard("a", off[:1])),
    ]  # fmt: skip
    got = noise(found)
    assert got.share == pytest.approx((0.5 + 1 + 1) / 3)
    assert sorted(got.dead_ms) == [500, 500, 7500]
    assert (got.killed, got.n) == (1, 4)


def test_an_answer_in_a_pause_is_no_quick_answer() -> None:
    pauses = ((1500, 2000),)
    found = [
        (case("ask", pauses=pauses), Heard("a", ((1900.0, 2100.0), (3900.0, 5000.0)))),
        (case("ask", pauses=pauses), Heard("a", ((3800.0, 5000.0),))),
        (case("ask"), Heard("a", ((2000.0, 2600.0),))),
        (case("ask"), Heard("a", ())),
    ]  # fmt: skip
    got = ask(found)
    assert got.audio == [500]
    assert (got.takeover, got.early, got.none, got.n) == (0.5, 2, 1, 4)


@given(st.lists(st.tuples(st.integers(0, 4000), st.integers(60, 900)), min_size=1, max_size=12))
def test_shared_words_are_all_said_once_in_order(raw: list[tuple[int, int]]) -> None:
    parts, at = [], 0
    for gap, long in raw:
        parts.append((at + gap, at + gap + long))
        at += gap + long
    words = shared(QUESTION, parts)
    assert " ".join(w.text for w in words if w.text) == QUESTION
    assert [(w.start_ms, w.end_ms) for w in words] == parts


def test_stretches_close_short_gaps_and_leave_clicks_out() -> None:
    tone = (0.3 * np.sin(np.arange(RATE) * 0.3)).astype(np.float32)
    sound = np.zeros(4 * RATE, np.float32)
    sound[RATE // 2 : RATE] = tone[: RATE // 2]  # 500–1000
    sound[RATE + 1600 : 2 * RATE] = tone[1600:]  # 1100–2000: the gap of 100 ms is none
    sound[5 * RATE // 2 : 5 * RATE // 2 + 320] = 0.3  # a click
    sound[3 * RATE :] = tone
    assert stretches(sound) == [(500, 2000), (3000, 4000)]


def test_languages_come_in_turns() -> None:
    some = [Case(str(n), "over", lang, "", b"", 0, 0, ()) for n, lang in enumerate("aaab")]
    assert [c.lang for c in in_turns(some, 3)] == ["a", "b", "a"]


def table() -> list[Shown]:
    def row(who: str, what: str, tuning: str = "default", **figures: float) -> Shown:
        return Shown(who, tuning, what, {k.replace("_", " "): v for k, v in figures.items()}, 20)

    return [
        row("cohost", "over", stop_p50=180, lowered_p50=60),
        row("livekit-agents", "over", stop_p50=520, lowered_p50=520),
        row("pipecat-ai", "over", stop_p50=400, lowered_p50=400),
        row("pipecat-ai", "over", "start_secs 0.1", stop_p50=300, lowered_p50=300),
        row("cohost", "noise", false_stops=0.2), row("pipecat-ai", "noise", false_stops=0.4),
        row("pipecat-ai", "noise", "start_secs 0.1", false_stops=0.5),
        row("cohost", "ask 0.3 s", first_audio_p50=500, takeover=0.1),
        row("livekit-agents", "ask 0.3 s", first_audio_p50=450, takeover=0.0),
        row("pipecat-ai", "ask 0.3 s", first_audio_p50=600, takeover=0.5),
    ]  # fmt: skip


def test_marks_stand_beside_the_better_peer_and_losses_are_told() -> None:
    found = {m.mark: m for m in results.marks(table())}
    stop = found["peers: stop p50"]
    assert (stop.peer, stop.peer_value, stop.target, stop.holds, stop.ratio) == (
        "pipecat-ai",
        400,
        280,
        True,
        2.22,
    )
    answer = found["peers: first audio 0.3 s"]
    assert (answer.peer, answer.holds, answer.ratio) == ("livekit-agents", False, 0.9)
    takeover = found["peers: takeover 0.3 s"]
    assert (takeover.peer, takeover.target, takeover.holds) == ("livekit-agents", 0, False)
    assert found["peers: missed"].value is None
    assert all(m.value is None and m.holds is None for m in results.unmeasured("no data"))


def test_the_picture_and_page_are_whole_and_hold_every_point() -> None:
    drawn = ET.fromstring(results.svg(table()))
    circles = drawn.findall(".//{http://www.w3.org/2000/svg}circle")
    assert len(circles) == 3 + 3  # three points have both figures in each plot
    page = results.html(table(), "head")
    assert "src=" not in page
    assert "start_secs 0.1" in page
    assert ET.fromstring(results.svg([])) is not None


def test_a_line_of_the_table_tells_who_what_and_how_many() -> None:
    line = table()[0].line()
    assert "cohost" in line
    assert "stop p50 180" in line
    assert "n 20" in line
