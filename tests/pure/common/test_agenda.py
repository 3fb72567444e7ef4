"""What is said next: people first, then many, then money, then patience; nobody twice before others once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cohost.common.agenda import PATIENCE_MS, Served, Waiting, first, score


def chosen(
    *waiting: Waiting, now: int = 1_000, in_view: str | None = None, served: Served | None = None
) -> str:
    found = first(waiting, now_ms=now, in_view=in_view, served=served or Served())
    assert found is not None
    return found.key


def asked(key: str, *, people: int = 1, since: int = 0, **more: object) -> Waiting:
    return Waiting(key, since, viewers=tuple(f"{key}{n}" for n in range(people)), **more)  # type: ignore[arg-type]


def test_a_correction_goes_before_everything() -> None:
    assert (
        chosen(asked("many", people=400), asked("hazard", intent="hazard"), asked("fix", correction=True))
        == "fix"
    )
    assert chosen(asked("many", people=400), asked("hazard", intent="hazard")) == "hazard"


def test_many_before_one_and_buyers_before_the_curious() -> None:
    assert chosen(asked("one"), asked("many", people=5)) == "many"
    assert (
        chosen(asked("weight", intent="question.weight"), asked("price", intent="question.price")) == "price"
    )
    assert chosen(asked("again", people=2, pointer=True), asked("new")) == "new"


def test_the_product_in_view_goes_first() -> None:
    assert chosen(asked("a", product="lamp"), asked("b", product="fan"), in_view="fan") == "b"


def test_equal_ones_go_in_the_order_in_which_they_came() -> None:
    assert chosen(asked("late", since=500), asked("early", since=100)) == "early"


def test_who_waits_long_overtakes_a_crowd() -> None:
    crowd, patient = asked("crowd", people=3, since=2 * PATIENCE_MS), asked("patient", since=0)
    assert chosen(crowd, patient, now=2 * PATIENCE_MS) == "patient"


def test_a_viewer_who_was_just_served_lets_others_go_first() -> None:
    served = Served()
    served.note(0, "en", ["a0"])
    assert chosen(asked("a", since=0), asked("b", since=500), served=served) == "b"
    served.note(10, "en", ["b0", "b1"])
    assert served.times(["b0", "new"]) == 0


def test_a_language_that_took_most_replies_lets_others_go_first() -> None:
    served = Served()
    for n in range(8):
        served.note(n, "en", [f"x{n}"])
    served.note(9, "th", ["t"])
    assert chosen(asked("a", lang="en", since=0), asked("b", lang="th", since=500), served=served) == "b"


def test_being_served_is_forgotten_after_a_while() -> None:
    served = Served()
    served.note(0, "en", ["a0"])
    served.note(700_000, "en", ["z"])
    assert served.times(["a0"]) == 0


@given(st.lists(st.integers(1, 50), min_size=2, max_size=12), st.integers(0, 10**6))
def test_time_never_lowers_a_score(people: list[int], now: int) -> None:
    for count in people:
        one = asked("k", people=count)
        before = score(one, now_ms=now, in_view=None, served=Served())
        assert score(one, now_ms=now + 1_000, in_view=None, served=Served()) >= before
