"""The floor: who yields to whom, and that no order of events breaks the rules."""

import itertools
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.mouth.floor import (
    GOES_ON_MS,
    TABLE,
    TEXT_WAIT_MS,
    Action,
    Event,
    Floor,
    Heard,
    IllegalFloor,
    Meaning,
    Played,
    Quiet,
    Start,
    State,
    Stop,
    Strong,
    Tick,
    Voice,
)


def play(*events: Event) -> tuple[Floor, list[str]]:
    floor, done = Floor(), []
    for event in events:
        floor, actions = floor.step(event)
        done += [a.does for a in actions]
    return floor, done


START = Start("s1", asker="ana")


def test_every_pair_of_state_and_event_stands_in_the_table() -> None:
    assert set(TABLE) == set(itertools.product(get_args(State), get_args(Event)))


def test_a_cough_ducks_and_comes_back() -> None:
    floor, done = play(START, Voice("ana", "caller", 100), Quiet("ana", 400))
    assert (floor.state, done) == ("speaking", ["start", "duck", "resume"])


def test_a_backchannel_holds_at_most_and_resumes() -> None:
    floor, done = play(
        START, Voice("ana", "caller", 0), Strong("ana", "caller", 150), Quiet("ana", 500),
        Heard("ana", "caller", "backchannel", 900),
    )  # fmt: skip
    assert (floor.state, done) == ("speaking", ["start", "duck", "hold", "resume"])


def test_a_stop_word_of_the_asker_cuts() -> None:
    floor, done = play(START, Strong("ana", "caller", 0), Heard("ana", "caller", "stop", 400))
    assert (floor.state, done) == ("idle", ["start", "hold", "cut"])


def test_the_host_always_wins_even_over_a_protected_speech() -> None:
    protected = Start("s1", protected=True)
    floor, done = play(protected, Strong("h", "host", 0), Heard("h", "host", "speech", 400))
    assert (floor.state, done) == ("idle", ["start", "hold", "cut"])
    floor, done = play(protected, Voice("b", "caller", 0), Strong("b", "caller", 100))
    assert (floor.state, done) == ("ducked", ["start", "duck"])


def test_a_held_speech_without_words_resumes_after_a_while() -> None:
    floor, done = play(START, Strong("ana", "caller", 0), Quiet("ana", 300), Tick(300 + TEXT_WAIT_MS))
    assert (floor.state, done) == ("speaking", ["start", "hold", "resume"])


def test_a_voice_that_goes_on_takes_the_floor_without_words() -> None:
    floor, done = play(START, Strong("h", "host", 0), Tick(GOES_ON_MS))
    assert (floor.state, done) == ("idle", ["start", "hold", "cut"])


def test_own_voice_is_no_interruption() -> None:
    _, done = play(
        START, Strong("ana", "caller", 0), Quiet("ana", 300), Heard("ana", "caller", "own_voice", 400)
    )
    assert done == ["start", "hold", "resume"]


def test_the_stop_key_cuts_at_once() -> None:
    floor, actions = play(START)[0].step(Stop("operator"))
    assert (floor.state, actions) == ("idle", (Action("cut", "operator"),))


def test_nothing_starts_while_somebody_speaks() -> None:
    floor, _ = play(Voice("h", "host", 0))
    with pytest.raises(IllegalFloor):
        floor.step(START)


lanes = st.sampled_from(["ana", "ben", "host"])
ranks = st.sampled_from(["caller", "host"])
times = st.integers(0, 20_000)
events = st.one_of(
    st.builds(Start, st.just("s"), asker=lanes, protected=st.booleans()),
    st.builds(Voice, lanes, ranks, times), st.builds(Strong, lanes, ranks, times),
    st.builds(Quiet, lanes, times),
    st.builds(Heard, lanes, ranks, st.sampled_from(get_args(Meaning)), times),
    st.builds(Tick, times), st.builds(Stop, st.sampled_from(["host", "operator"])), st.just(Played()),
)  # fmt: skip


@given(st.lists(events, max_size=40))
def test_no_order_of_events_lets_two_voices_overlap_or_loses_a_speech(script: list[Event]) -> None:
    floor, started, ended = Floor(), 0, 0
    for event in script:
        before = floor
        try:
            floor, actions = floor.step(event)
        except IllegalFloor:
            assert floor == before
            continue
        for action in actions:
            started += action.does == "start"
            ended += action.does in ("cut", "finish")
            if action.does in ("start", "resume"):
                assert floor.quiet, "cohost never starts or resumes over a voice"
        assert started - ended == (floor.state != "idle")
        strong = [lane for lane in floor.lanes.values() if lane.strong and lane.quiet_ms is None]
        if floor.state == "speaking":
            assert not strong
        if isinstance(event, Stop):
            assert floor.state == "idle"


@given(st.lists(events, max_size=30))
def test_a_floor_left_alone_ends_in_speech_or_silence(script: list[Event]) -> None:
    floor = Floor()
    for event in script:
        try:
            floor, _ = floor.step(event)
        except IllegalFloor:
            continue
    for lane in list(floor.lanes):
        floor, _ = floor.step(Quiet(lane, 20_000))
    floor, _ = floor.step(Tick(20_000 + TEXT_WAIT_MS))
    assert floor.state in ("idle", "speaking")
