"""A game and a poll in a real `cohost serve`: real stages, real models, a process killed meanwhile."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection

from cohost.log import verify
from tests.wire.cohost_process import Place, Running
from tests.wire.test_web_socket import joined, send, until

pytestmark = [pytest.mark.wire, pytest.mark.timeout(240)]


class Served:
    def __init__(self, running: Running) -> None:
        viewers = running.until(r"^\s+viewers\s+(\S+)")[1]
        self.address = viewers.removeprefix("http://").rstrip("/")
        found = re.search(r"token=(\S+)", running.until(r"^\s+console\s+(\S+)")[1])
        assert found
        self.token = found[1]
        running.until(r"^\s+show log\s+")

    def desk(self) -> Any:
        return joined(self.address, "operator", token=self.token, name="Li")

    def viewer(self, me: str, lang: str) -> Any:
        return joined(self.address, me=me, lang=lang, name=me.title())


def says(socket: ClientConnection, text: str) -> None:
    send(socket, "chat.message", text=text)
    until(socket, "chat.accepted")


def test_a_game_outlives_its_process_and_a_poll_takes_typed_votes(place: Place) -> None:
    log = Path(place.root) / "play.log"
    with place.start("serve", "--port", "0", "--log", str(log)) as running:
        room = Served(running)
        with room.desk() as desk, room.viewer("ana", "de") as ana, room.viewer("bo", "en") as bo:
            product = until(desk, "hello")["products"][0]["id"]
            send(desk, "poll.open", question="Which colour next?", options=["Black", "White"])
            poll = until(ana, "poll.state")["poll"]["poll_id"]
            says(ana, "2")
            assert until(ana, "poll.voted")["option"] == 1
            says(bo, "black!")
            assert until(bo, "poll.voted")["option"] == 0
            assert until(desk, "poll.tally", counts=[1, 1])
            send(desk, "poll.close", poll_id=poll)
            until(desk, "poll.state")
            send(desk, "game.facts", product=product)
            facts = until(desk, "game.facts")["items"]
            weight = next(one for one in facts if one["attribute"] == "weight")
            send(desk, "game.start", product=product, evidence_id=weight["evidence_id"])
            until(ana, "game.state")
            says(ana, "ich tippe 900 g")
            assert until(ana, "game.guess")
            says(bo, "how heavy is it?")  # waits for the end
            assert until(bo, "question.state", state="held")
    # killed, without a word
    with place.start("serve", "--port", "0", "--log", str(log)) as running:
        room = Served(running)
        with room.viewer("ana", "de") as ana, room.viewer("bo", "en") as bo, room.desk() as desk:
            game = until(ana, "snapshot")["play"]["game"]
            assert (game["state"], game["guesses"]) == ("running", 1)
            until(ana, "game.guess")
            says(ana, "412 g")  # the first guess counts, this one does not
            says(bo, "0.412 kg")
            until(bo, "game.guess")
            ended = until(bo, "game.state")["game"]
            assert ended["winners"] == [{"name": "Bo"}]
            assert "told" not in until(ana, "game.state")["game"]
            told = until(ana, "game.state")["game"]
            assert "412" in told["told"]["de"]
            assert "412" in told["told"]["th"]
            assert told["citations"][0]["document"] == "spec.md"
            answer = until(bo, "reply.posted")
            assert "412" in answer["text"]
            until(desk, "snapshot")
        assert running.stop().code == 0
    assert verify(log).ok
