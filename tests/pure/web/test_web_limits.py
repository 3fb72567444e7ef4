"""Buckets and the feed's pace."""

from hypothesis import given
from hypothesis import strategies as st

from cohost.web.limits import AddressBook, FeedPace, Inflow, Limits, TokenBucket


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    bucket = TokenBucket(rate=10, burst=3, now_ms=0)
    assert [bucket.take(0) for _ in range(4)] == [True, True, True, False]
    assert not bucket.take(99)
    assert bucket.take(101)
    assert not bucket.take(101)


@given(st.lists(st.integers(0, 5000), max_size=200))
def test_a_bucket_never_gives_more_than_burst_plus_rate(times: list[int]) -> None:
    bucket = TokenBucket(rate=10, burst=5, now_ms=0)
    given_out = sum(bucket.take(now) for now in sorted(times))
    assert given_out <= 5 + 10 * max(times, default=0) / 1000 + 1e-6


def test_time_that_goes_back_gives_nothing() -> None:
    bucket = TokenBucket(rate=1000, burst=1, now_ms=1000)
    assert bucket.take(1000)
    assert not bucket.take(0)


def test_flooding_is_refused_first_and_ends_the_connection_then() -> None:
    inflow = Inflow(Limits(frame_rate=10, frame_burst=5, strikes=3), 0)
    assert [inflow.text(0) for _ in range(9)] == ["take"] * 5 + ["refuse"] * 3 + ["close"]


def test_sound_may_come_at_twice_real_time() -> None:
    inflow = Inflow(Limits(), 0)
    frame = 3200  # 100 ms
    assert all(inflow.audio(now, frame) for now in range(0, 60_000, 50))
    assert not all(inflow.audio(60_000 + now, frame) for now in range(0, 10_000, 20))


def test_an_address_book_forgets_the_idle_first() -> None:
    book = AddressBook(rate=0.001, burst=1, size=2)
    assert book.take("a", 0)
    assert not book.take("a", 0)
    assert book.take("b", 0)
    assert book.take("c", 0)  # a is forgotten
    assert book.take("a", 0)


def test_the_feed_goes_at_once_then_keeps_its_gap() -> None:
    pace = FeedPace(per_second=5, gap_ms=250)
    assert pace.due(0, urgent=False) == 0
    pace.sent(0)
    assert pace.due(100, urgent=False) == 150
    assert pace.due(100, urgent=True) == 0


@given(st.lists(st.tuples(st.integers(1, 400), st.booleans()), max_size=60))
def test_no_second_ever_sees_more_than_five_feed_frames(steps: list[tuple[int, bool]]) -> None:
    pace, now, sent = FeedPace(per_second=5, gap_ms=250), 0, []
    for step, urgent in steps:
        now += step
        if pace.due(now, urgent=urgent) == 0:
            pace.sent(now)
            sent.append(now)
    for first in sent:
        assert sum(1 for at in sent if first <= at < first + 1000) <= 5


def test_a_frame_of_the_feed_holds_fewer_lines_where_very_many_read_it() -> None:
    limits = Limits()
    assert [limits.lines_for(pages) for pages in (0, 1, 500, 1_000, 2_000, 50_000)] == [
        50,
        50,
        50,
        25,
        12,
        10,
    ]
