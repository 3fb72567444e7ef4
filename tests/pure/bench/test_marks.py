"""Marks: what holds, what was not measured, how much better than the usual way."""

from __future__ import annotations

import argparse

import pytest

from bench.command import BENCHES, bench_of, chosen, row
from bench.lines import REPEATED, chat, questions
from bench.marks import Mark, quantile
from cohost.errors import UsageError


def test_a_line_has_the_contracts_fields_and_the_peers_only_with_a_peer() -> None:
    mark = Mark(bench="text", mark="p50", value=81.26, unit="ms", n=60, target=100)
    assert mark.line() == {
        "bench": "text", "mark": "p50", "value": 81.3, "unit": "ms", "n": 60, "target": 100, "holds": True,
    }  # fmt: skip


def test_what_was_not_measured_neither_holds_nor_fails() -> None:
    mark = Mark(bench="x", mark="y", value=None, unit="share", n=0, target=0.9, better="higher")
    assert mark.holds is None
    assert mark.line()["value"] is None
    assert "not measured" in row(mark)


@pytest.mark.parametrize(
    ("better", "value", "holds", "ratio"), [("lower", 5.0, True, 4.0), ("higher", 5.0, False, 0.25)]
)
def test_a_ratio_above_one_means_ours_is_better(better: str, value: float, holds: bool, ratio: float) -> None:
    mark = Mark(
        bench="b", mark="m", value=value, unit="u", n=1, target=10, better=better, peer="p", peer_value=20.0,
    )  # type: ignore[arg-type]  # fmt: skip
    assert mark.holds is holds
    assert mark.ratio == ratio


def test_quantiles_are_nearest_rank() -> None:
    assert quantile([], 0.5) is None
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile(list(range(100)), 0.95) == 95


def test_an_unknown_bench_is_told_with_a_near_name() -> None:
    with pytest.raises(UsageError, match="did you mean ingest"):
        chosen(["ingst"])
    assert chosen([]) == list(BENCHES)
    assert chosen(["log", "log"]) == ["log"]


def test_every_bench_named_is_there() -> None:
    assert all(callable(bench_of(name).run) for name in BENCHES if name not in ("chat_small",))


def test_chat_lines_repeat_as_a_room_does_and_are_the_same_every_time() -> None:
    lines = chat(500)
    assert len(lines) == 500
    assert lines == chat(500)
    assert 1 - len(set(lines)) / 500 == pytest.approx(REPEATED, abs=0.03)
    assert len(questions(60)) == 60


def test_the_options_are_the_contracts() -> None:
    from bench.command import add

    parser = argparse.ArgumentParser()
    add(parser.add_subparsers())
    args = parser.parse_args(["bench", "text", "log", "--peers", "--json", "--data", "."])
    assert (args.names, args.peers, args.json, args.data) == (["text", "log"], True, True, ".")
