"""How often a platform may be posted to: counted in any window, restarts included."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cohost.mouth.pace import SLACK_MS, Pace
from cohost.ports import SendPolicy

TWENTY = SendPolicy(posts=20, per_ms=30_000)


def test_a_window_holds_so_many_posts_and_no_more() -> None:
    pace = Pace(TWENTY)
    for n in range(20):
        assert pace.wait(n) == 0
        pace.note(n)
    assert pace.wait(19) == 30_000 + SLACK_MS - 19
    assert pace.wait(30_000 + SLACK_MS) == 0


def test_posts_keep_their_distance() -> None:
    pace = Pace(SendPolicy(apart_ms=2_000))
    assert pace.wait(0) == 0
    pace.note(0)
    assert pace.wait(500) == 1_500


def test_the_same_words_wait_others_do_not() -> None:
    pace = Pace(SendPolicy(same_text_ms=30_000))
    pace.note(1_000, "yes")
    assert pace.wait(2_000, "no") == 0
    assert pace.wait(2_000, "yes") == 29_000 + SLACK_MS


def test_no_policy_no_waiting() -> None:
    pace = Pace(SendPolicy())
    for n in range(50):
        pace.note(n, "yes")
    assert pace.wait(50, "yes") == 0


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=120))
def test_whoever_waits_as_told_never_breaks_the_window(gaps: list[int]) -> None:
    pace, now, sent = Pace(TWENTY), 0, []
    for gap in gaps:
        now += gap
        now += pace.wait(now)
        pace.note(now)
        sent.append(now)
    assert all(sum(at <= other < at + 30_000 for other in sent) <= 20 for at in sent)
