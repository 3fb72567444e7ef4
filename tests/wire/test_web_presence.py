"""Nobody at the desk: told once an operator's page has been closed for a while, and once it is back."""

import time

import pytest

from cohost import events as ev
from tests.wire.test_web_socket import joined, until
from tests.wire.web_room import AUTH, Room, served

pytestmark = pytest.mark.wire
PATIENCE_S = 20


def told(room: Room, count: int) -> list[bool]:
    """What was written about the desk, once there are `count` records of it."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = [r.event.present for r in room.log.records() if isinstance(r.event, ev.OperatorPresence)]
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise AssertionError(f"got {found}, expected {count}")


def test_the_desk_is_empty_and_taken_again() -> None:
    room = Room()
    with served(room, auth=AUTH, away_ms=300) as address:
        assert told(room, 1) == [False]
        with joined(address, "viewer") as viewer:
            until(viewer, "hello")
            time.sleep(1.2)
            assert told(room, 1) == [False], "a viewer is no operator"
        with joined(address, "operator", token=AUTH.operator_token) as operator:
            until(operator, "hello")
            assert told(room, 2) == [False, True]
        assert told(room, 3) == [False, True, False]
