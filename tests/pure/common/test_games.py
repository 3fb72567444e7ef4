"""Games: who wins depends on when guesses were seen, never on the order in which they were judged."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cohost import events as ev
from cohost.common.games import Game, first_right, seen_at
from tests.pure.decision.brand import fact

FACT = fact(90, "lamp", "weight", 640.0, "g")


def guess(viewer: str, seq: int, seen_ms: int, right: bool) -> ev.GuessJudged:
    return ev.GuessJudged(game_id="g1", message_seq=seq, viewer=viewer, right=right, seen_ms=seen_ms)


def game(**more: int) -> Game:
    return Game("g1", 1, 0, "lamp", FACT, **more)  # type: ignore[arg-type]


guesses = st.lists(
    st.tuples(st.sampled_from("abcdefghij"), st.integers(0, 50), st.booleans()), max_size=40
).map(lambda rows: [guess(v, n, seen, right) for n, (v, seen, right) in enumerate(rows, start=10)])


@given(guesses, st.integers(1, 5), st.randoms())
def test_the_first_right_ones_win_however_they_are_shuffled(
    made: list[ev.GuessJudged], wanted: int, chance: object
) -> None:
    won = first_right(made, wanted)
    shuffled = list(made)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert first_right(shuffled, wanted) == won
    places = [(w.seen_ms, w.message_seq) for w in won]
    assert places == sorted(places)
    others = [g for g in made if g.right and g.message_seq not in {w.message_seq for w in won}]
    assert all((g.seen_ms, g.message_seq) > places[-1] for g in others if len(won) == wanted)
    assert len(won) == min(wanted, sum(g.right for g in made))


@given(guesses, st.integers(1, 5))
def test_a_viewer_has_one_guess_and_wins_at_most_once(made: list[ev.GuessJudged], wanted: int) -> None:
    one = game(wanted=wanted)
    first: dict[str, ev.GuessJudged] = {}
    for each in made:
        assert one.take(each) is (each.viewer not in first)
        first.setdefault(each.viewer, each)
    assert one.guesses == first
    names = [w.viewer for w in one.winners()]
    assert len(names) == len(set(names)) <= wanted
    assert all(first[name].right for name in names)


@given(guesses, st.integers(0, 50))
def test_nothing_seen_after_the_end_counts(made: list[ev.GuessJudged], end: int) -> None:
    one = game(wanted=3, ends_at_ms=end)
    for each in made:
        one.take(each)
    assert all(g.seen_ms <= end for g in one.guesses.values())


@given(guesses, st.integers(0, 20), st.integers(0, 100))
def test_it_is_never_over_while_somebody_who_sees_it_later_could_be_first(
    made: list[ev.GuessJudged], delay: int, now: int
) -> None:
    one = game(wanted=2)
    for each in made:
        one.take(each)
    if one.over(now, delay) == "winners":
        last = one.winners()[-1]
        assert now - delay >= last.seen_ms  # whatever comes from now on was seen later


def test_two_who_saw_it_at_the_same_moment_stand_in_the_order_of_their_lines() -> None:
    won = first_right([guess("b", 12, 5, True), guess("a", 11, 5, True)], 1)
    assert [w.viewer for w in won] == ["a"]


def test_a_delay_never_reaches_back_before_the_game_began() -> None:
    assert seen_at(10_000, 6_000, 1_000) == 4_000
    assert seen_at(2_000, 6_000, 1_000) == 1_000


def test_time_a_person_and_winners_end_it() -> None:
    one = game(wanted=1, ends_at_ms=100)
    assert one.over(99) == ""
    assert one.over(100) == "time"
    assert one.over(100, 50) == ""
    one.take(guess("a", 5, 10, True))
    assert one.over(10) == "winners"
    one.end_wanted = True
    assert one.over(10) == "operator"
