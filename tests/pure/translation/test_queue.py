"""The lines that wait to be translated: who goes first, and who goes when there are too many."""

from __future__ import annotations

from cohost.translation.queue import COMMENT, HOUSE, QUESTION, Job, Waiting


def job(seq: int, rank: int) -> Job:
    return Job(seq=seq, text="x", source="en", target="es", rank=rank, since_ms=0)


def test_the_house_goes_first_then_questions_then_comments_each_in_order() -> None:
    waiting = Waiting(10)
    for seq, rank in ((1, COMMENT), (2, QUESTION), (3, HOUSE), (4, HOUSE), (5, QUESTION)):
        assert waiting.put(job(seq, rank)) is None
    taken = [waiting.take() for _ in range(6)]
    assert [one.seq if one else None for one in taken] == [3, 4, 2, 5, 1, None]


def test_a_full_queue_lets_the_oldest_comment_go_and_never_grows() -> None:
    waiting = Waiting(3)
    dropped = [
        waiting.put(job(seq, rank)) for seq, rank in ((1, COMMENT), (2, HOUSE), (3, COMMENT), (4, HOUSE))
    ]
    assert [one.seq if one else None for one in dropped] == [None, None, None, 1]
    assert waiting.put(job(5, COMMENT)).seq == 3
    assert waiting.put(job(6, QUESTION)).seq == 5
    assert waiting.put(job(7, QUESTION)).seq == 6
    assert waiting.put(job(8, HOUSE)).seq == 7
    assert waiting.put(job(9, HOUSE)).seq == 2
    assert len(waiting) == 3
