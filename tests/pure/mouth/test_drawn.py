"""The floor's page says what the floor does."""

from __future__ import annotations

from pathlib import Path

import cohost.mouth
from cohost.mouth.drawn import ROWS, STATES, arrows, outcome, page, table
from cohost.mouth.floor import TABLE


def test_the_page_is_the_one_drawn_from_the_code() -> None:
    file = Path(cohost.mouth.__file__).with_name("FLOOR.md")
    assert file.read_text(encoding="utf-8") == page(), (
        "run: python -m cohost.mouth.drawn > cohost/mouth/FLOOR.md"
    )


def test_every_pair_of_state_and_event_is_on_it() -> None:
    asked = {(state, type(row.event)) for row in ROWS for state in STATES}
    assert asked == set(TABLE)
    assert all(len(row) == 1 + len(STATES) for row in table())


def test_a_protected_sentence_yields_to_host_and_operator_only() -> None:
    kept = [row for row in ROWS if row.protected and row.rank == "caller"]
    assert kept
    assert not any(
        "cut" in outcome(state, row) or "hold" in outcome(state, row) for row in kept for state in STATES
    )
    assert any("hold" in outcome("speaking", row) for row in ROWS if row.protected and row.rank == "host")


def test_the_diagram_goes_through_every_state() -> None:
    ends = {state for a, b, _ in arrows() for state in (a, b)}
    assert ends == set(STATES)
