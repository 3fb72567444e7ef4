"""How far cohost may go alone: the most exact rule, earned levels, nobody watching."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cohost.common.autonomy import LEVELS, Autonomy


def test_the_most_exact_rule_holds() -> None:
    known = Autonomy(room="post")
    known.set("full", None, "es")
    known.set("suggest", "question", None)
    known.set("watch", "question.price", None)
    known.set("post", "question.price", "de")
    assert known.level("greeting", "en") == "post"
    assert known.level("greeting", "es-MX") == "full"
    assert known.level("question.weight", "en") == "suggest"
    assert known.level("question.price", "fr") == "watch"
    assert known.level("question.price", "de") == "post"


def test_a_rule_can_be_taken_away_the_rooms_own_cannot() -> None:
    known = Autonomy()
    known.set("watch", "question", None)
    known.set(None, "question", None)
    known.set(None, None, None)
    assert known.level("question.price", "en") == "full"


def test_an_intent_earns_its_posts_and_loses_them_by_one_edit() -> None:
    known = Autonomy(room="suggest")
    for _ in range(3):
        known.judged("question.weight", unchanged=True)
    assert known.level("question.weight", "en", earn_after=3) == "post"
    assert known.level("question.weight", "en") == "suggest"
    assert known.level("question.price", "en", earn_after=3) == "suggest"
    known.judged("question.weight", unchanged=False)
    assert known.level("question.weight", "en", earn_after=3) == "suggest"


def test_watch_earns_nothing() -> None:
    known = Autonomy(room="watch")
    known.judged("question.weight", unchanged=True)
    assert known.level("question.weight", "en", earn_after=1) == "watch"


@given(st.sampled_from(LEVELS), st.booleans(), st.integers(0, 5))
def test_unattended_nothing_goes_out_alone(room: str, earned: bool, earn_after: int) -> None:
    known = Autonomy(room=room, attended=False)
    for _ in range(earn_after if earned else 0):
        known.judged("question.x", unchanged=True)
    assert known.level("question.x", "en", earn_after) in ("watch", "suggest")


def test_only_what_lets_cohost_go_further_somewhere_raises() -> None:
    known = Autonomy(room="post")
    assert known.raised_by("full", None, None)
    assert not known.raised_by("post", None, None)
    assert not known.raised_by("watch", None, None)
    assert known.raised_by("full", "question.price", None)
    assert not known.raised_by("suggest", "question", "de")


def test_taking_a_rule_away_raises_where_the_rule_held_cohost_back() -> None:
    known = Autonomy(room="post", rules={("question", None): "watch", (None, "de"): "full"})
    assert known.raised_by(None, "question", None)
    assert not known.raised_by(None, None, "de")
    assert not known.raised_by("watch", "question.price", None)
    assert known.raised_by("suggest", "question.price", None)  # a closer rule over the stricter family's
    assert not known.raised_by("suggest", None, "fr")


def test_an_unwatched_room_does_not_hide_what_would_raise() -> None:
    known = Autonomy(room="suggest", attended=False)
    assert known.raised_by("full", None, None)
    assert not known.attended
    assert known.rules == {}
