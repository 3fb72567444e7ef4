"""Games, polls, gathered questions and reviews over real sockets: who is told what, when, and who may ask."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.sync.client import ClientConnection

from cohost import events as ev
from cohost.events.engage import Winner
from cohost.languages import LANGUAGES
from cohost.trust.evidence import Review, Source
from tests.wire.test_web_socket import joined, send, until
from tests.wire.web_room import AUTH, BATTERY, ITEMS, Library, Room, cite, served

pytestmark = pytest.mark.wire


def review(number: int, text: str, **more: Any) -> Review:
    return Review(
        id=f"R{number}", source=Source(document="reviews.csv", quote=text, lang="en", kind="review"),
        source_class="D", product="wave", author="Lucía M.", text=text, written=dt.date(2026, 8, 3),
        **({"consent": True, "rating": 5.0} | more),
    )  # fmt: skip


REVIEWS = (
    review(1, "Sounds good for its size.", incentive="10 % discount"),
    review(2, "Plays in my kitchen every day.", consent=False),
    review(3, "It cured my headaches."),
)


@pytest.fixture
def room() -> Room:
    return Room(library=Library(items=(*ITEMS, *REVIEWS)))


@pytest.fixture
def address(room: Room) -> Iterator[str]:
    with served(room) as address:
        yield address


def desk(address: str, **query: Any) -> Any:
    return joined(address, "operator", token=AUTH.operator_token, name="Li", **query)


def heard(socket: ClientConnection, seconds: float = 1.2) -> list[str]:
    """Everything that comes for a while, as it was sent."""
    found, end = [], time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        try:
            found.append(str(socket.recv(timeout=left)))
        except TimeoutError:
            break
    return found


def begun(room: Room) -> str:
    return f"g{[r.seq for r in room.log.records() if isinstance(r.event, ev.GameStarted)][-1]}"


# ── games ────────────────────────────────────────────────────────────────────────────────────────
def test_an_operator_sees_what_could_be_guessed_and_starts_it(room: Room, address: str) -> None:
    with desk(address) as console, joined(address, lang="de") as viewer:
        send(console, "game.facts", product="wave")
        (choice,) = [i for i in until(console, "game.facts")["items"] if i["attribute"] == "battery"]
        assert choice["evidence_id"] == "E1"
        assert choice["answer"].startswith("24.3 h")
        send(console, "game.start", product="wave", evidence_id="E1", winners=2, seconds=60)
        told = until(viewer, "game.state")["game"]
        assert (told["state"], told["wanted"], told["product"]) == ("running", 2, "Wave portable speaker")
        assert set(told["asked"]) == set(LANGUAGES)
        assert told["ends_at_ms"] > 0
        mine = until(console, "game.state")["game"]
        assert mine["answer"].startswith("24.3 h")
    (started,) = room.events(ev.GameStarted)
    assert (started.fact, started.winners, started.by) == (BATTERY, 2, "operator:Li")


def test_no_frame_of_a_viewer_holds_the_answer_before_the_end(room: Room, address: str) -> None:
    with desk(address) as console, joined(address, lang="en") as viewer, joined(address, lang="es") as other:
        send(console, "game.start", product="wave", evidence_id="E1")
        until(viewer, "game.state")
        send(viewer, "chat.message", text="24.3 hours")
        until(viewer, "chat.accepted")
        line = room.on_loop(room.lines)[-1]
        room.append(ev.MessageTriaged(lang="en", lang_confidence=1.0, intent="guess"), cause=line.seq)
        viewer_id = line.event.viewer  # type: ignore[union-attr]
        room.append(
            ev.GuessJudged(
                game_id=begun(room), message_seq=line.seq, viewer=viewer_id, right=True, seen_ms=1, name="Ann"
            )
        )  # fmt: skip
        with joined(address, lang="fr") as late:
            frames = heard(viewer) + heard(other) + heard(late)
        assert not [f for f in frames if "24.3" in f or BATTERY.source.quote in f or '"E1"' in f]
        assert any('"game.guess"' in f for f in frames)
        assert any('"guess":true' in f for f in frames)
        assert [json.loads(f)["guesses"] for f in frames if '"game.tally"' in f][-1] == 1
        assert any("24.3" in f for f in heard(console, 0.3))  # the staff sees what is typed, and the answer


def test_the_end_tells_everybody_in_their_language_with_the_evidence(room: Room, address: str) -> None:
    with desk(address) as console, joined(address, lang="de") as viewer:
        send(console, "game.start", product="wave", evidence_id="E1")
        until(viewer, "game.state")
        game = begun(room)
        send(console, "game.end", game_id=game)
        deadline = time.monotonic() + 5
        while not room.events(ev.GameEndWanted):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        won = (Winner(viewer="v1", message_seq=9, seen_ms=5, name="Ann"),)
        room.append(ev.GameEnded(game_id=game, reason="operator", winners=won, guesses=3, right=1))
        ended = until(viewer, "game.state")["game"]
        assert (ended["state"], ended["winners"]) == ("ended", [{"name": "Ann"}])
        told = {"de": "Akkulaufzeit: 24,3 Stunden.", "en": "Battery life: 24.3 hours."}
        room.append(ev.GameTold(game_id=game, told=told, citations=(cite(BATTERY),)))
        result = until(viewer, "game.state")["game"]
        assert result["told"]["de"] == "Akkulaufzeit: 24,3 Stunden."
        assert result["citations"][0]["id"] == "E1"
        assert "answer" not in result
    with joined(address, lang="ja") as late:
        assert until(late, "snapshot")["play"]["game"]["told"]["en"] == "Battery life: 24.3 hours."


@pytest.mark.parametrize(
    ("frame", "code", "words"),
    [
        ({"product": "mug", "evidence_id": "E1"}, "unknown_product", "'mug'"),
        ({"product": "glow", "evidence_id": "E1"}, "unknown_evidence", "a fact of glow"),
        ({"product": "wave", "evidence_id": "E2"}, "unknown_evidence", "a fact of wave"),
        ({"product": "wave", "evidence_id": "E4"}, "not_on_air", "E4"),
        ({"product": "wave", "evidence_id": "E1", "winners": 21}, "bad_frame", "winners"),
        ({"product": "wave", "evidence_id": "E1", "seconds": 2}, "bad_frame", "seconds"),
    ],
)  # fmt: skip
def test_a_game_that_cannot_be_gets_one_clear_line(
    room: Room, address: str, frame: dict[str, Any], code: str, words: str
) -> None:
    with desk(address) as console:
        until(console, "snapshot")
        send(console, "game.start", **frame)
        error = until(console, "error")
        assert error["code"] == code
        assert words in error["message"]
    assert room.events(ev.GameStarted) == []


def test_a_draft_that_gives_the_answer_away_is_not_approved_while_it_is_guessed(
    room: Room, address: str
) -> None:
    reply = room.drafts(room.asks("¿cuánto dura la batería?"), "Batería: 24,3 horas.")
    with desk(address) as console:
        send(console, "game.start", product="wave", evidence_id="E1")
        until(console, "game.state")
        for act in ({"type": "reply.approve"}, {"type": "reply.edit", "text": "24,3 h"}):
            send(console, act.pop("type"), reply_id=reply, **act)
            assert until(console, "error", ref=reply)["code"] == "game_running"
    assert room.events(ev.ReplyApproved) == []


# ── polls ────────────────────────────────────────────────────────────────────────────────────────
def poll_of(frame: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = frame["poll"]
    return found


def test_votes_are_counted_once_a_viewer_and_bars_come_batched(room: Room, address: str) -> None:
    with desk(address) as console, joined(address, lang="en", me="a") as one, joined(address, me="b") as two:
        send(console, "poll.open", question="Which one next?", options=["Black", "Sand"])
        poll = poll_of(until(one, "poll.state"))
        assert (poll["options"], poll["counts"], poll["state"]) == (["Black", "Sand"], [0, 0], "open")
        for socket, option in ((one, 0), (two, 1), (one, 1)):
            send(socket, "poll.vote", poll_id=poll["poll_id"], option=option)
            assert until(socket, "poll.voted")["option"] == option
        assert until(console, "poll.tally", counts=[0, 2])
        room.append(ev.PollVoted(poll_id=poll["poll_id"], viewer="typed", option=0, typed=True))
        assert until(two, "poll.tally", counts=[1, 2])
        for n in range(200):
            room.append(ev.PollVoted(poll_id=poll["poll_id"], viewer=f"x{n}", option=0))
        tallies = [f for f in heard(one, 1.6) if '"poll.tally"' in f]
        assert 1 <= len(tallies) <= 6
        send(console, "poll.close", poll_id=poll["poll_id"])
        assert poll_of(until(two, "poll.state"))["counts"] == [201, 2]
        send(two, "poll.vote", poll_id=poll["poll_id"], option=0)
        assert until(two, "error")["code"] == "vote_closed"


def test_a_page_that_comes_back_knows_its_own_vote_and_nobody_elses(room: Room, address: str) -> None:
    with desk(address) as console, joined(address, me="a") as one:
        send(console, "poll.open", question="Which one next?", options=["Black", "Sand"])
        poll = poll_of(until(one, "poll.state"))["poll_id"]
        send(one, "poll.vote", poll_id=poll, option=1)
        until(one, "poll.voted")
    with joined(address, me="a") as again, joined(address, me="c") as other:
        assert until(again, "snapshot")["play"]["poll"]["counts"] == [0, 1]
        assert until(again, "poll.voted")["option"] == 1
        assert not [f for f in heard(other, 0.6) if '"poll.voted"' in f]


def test_a_room_that_was_restarted_still_holds_its_poll_and_its_game(room: Room) -> None:
    with served(room) as address, desk(address) as console, joined(address, me="a") as one:
        send(console, "poll.open", question="Which one next?", options=["Black", "Sand"])
        poll = poll_of(until(one, "poll.state"))["poll_id"]
        send(one, "poll.vote", poll_id=poll, option=1)
        until(one, "poll.voted")
        send(console, "poll.close", poll_id=poll)
        until(one, "poll.state")
        send(console, "game.start", product="wave", evidence_id="E1")
        until(one, "game.state")
    with served(room) as address, joined(address, me="a") as one:
        play = until(one, "snapshot")["play"]
        assert (play["poll"]["counts"], play["game"]["state"]) == ([0, 1], "running")


def test_a_translated_poll_reaches_the_pages_in_that_language(room: Room, address: str) -> None:
    with (
        desk(address) as console,
        joined(address, lang="de") as german,
        joined(address, lang="es") as spanish,
    ):
        send(console, "poll.open", question="Which one next?", options=["Black", "Sand"])
        poll = poll_of(until(german, "poll.state"))["poll_id"]
        room.append(
            ev.PollTranslated(poll_id=poll, lang="de", question="Welche?", options=("Schwarz", "Sandfarben"))
        )
        room.append(ev.PollTranslated(poll_id=poll, lang="es", state="original", reason="no_route"))
        assert until(german, "poll.translation")["options"] == ["Schwarz", "Sandfarben"]
        assert until(spanish, "poll.translation")["state"] == "original"
    with joined(address, lang="de") as late:
        assert until(late, "poll.translation")["question"] == "Welche?"


@pytest.mark.parametrize(
    ("question", "options", "code", "words"),
    [
        ("", ["a", "b"], "bad_poll", "no question"), ("q", ["a"], "bad_poll", "1 options"),
        ("q", ["Sand", "sand"], "bad_poll", "read alike"), ("q", ["a", ""], "bad_poll", "empty"),
        ("Does it last 96 hours?", ["It lasts 96 hours", "It does not"], "guard_warning", "96"),
    ],
)  # fmt: skip
def test_a_poll_that_cannot_be_gets_one_clear_line(
    room: Room, address: str, question: str, options: list[str], code: str, words: str
) -> None:
    with desk(address) as console:
        until(console, "snapshot")
        send(console, "poll.open", question=question, options=options)
        error = until(console, "error")
        assert error["code"] == code
        assert words in error["message"]
    assert room.events(ev.PollOpened) == []


def test_an_operator_who_insists_opens_it_and_the_log_says_so(room: Room, address: str) -> None:
    with desk(address) as console:
        send(console, "poll.open", question="How long?", options=["It lasts 96 hours", "less"], override=True)
        until(console, "poll.state")
    (opened,) = room.events(ev.PollOpened)
    assert opened.overrode


def test_a_number_in_the_chat_is_a_vote_or_a_guess_never_both(room: Room, address: str) -> None:
    with desk(address) as console:
        send(console, "poll.open", question="Which?", options=["a", "b"])
        until(console, "poll.state")
        send(console, "game.start", product="wave", evidence_id="E1")
        assert until(console, "error")["code"] == "poll_open"
        send(console, "poll.open", question="Which?", options=["a", "b"])
        assert until(console, "error")["code"] == "poll_open"


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "poll.open", "question": "q", "options": ["a", "b"]},
        {"type": "poll.close", "poll_id": "p1"},
        {"type": "game.start", "product": "wave", "evidence_id": "E1"}, {"type": "game.end", "game_id": "g1"},
        {"type": "game.facts", "product": "wave"}, {"type": "collection.open"}, {"type": "review.list"},
        {"type": "collection.close", "collection_id": "c1"}, {"type": "review.show", "evidence_id": "R1"},
    ],
    ids=lambda frame: frame["type"],
)  # fmt: skip
def test_viewers_run_no_games(room: Room, address: str, frame: dict[str, Any]) -> None:
    with joined(address) as viewer:
        until(viewer, "snapshot")
        viewer.send(json.dumps(frame))
        assert until(viewer, "error")["code"] == "forbidden"


# ── gathered questions, reviews ──────────────────────────────────────────────────────────────────
def test_a_gathered_question_is_acknowledged_and_counted(room: Room, address: str) -> None:
    with desk(address) as console, joined(address, name="Marta") as viewer:
        send(console, "collection.open", product="wave")
        opened = until(viewer, "collection.state")["collection"]
        assert "held" not in opened
        line = room.says("¿cuánto dura?")
        question = room.question(line)
        room.append(ev.QuestionHeld(question_id=question, until=opened["collection_id"]))
        assert until(console, "question.state", question_id=question, state="held")["question"]
        send(console, "collection.open")
        assert until(console, "error")["code"] == "collection_open"
        send(console, "collection.close", collection_id=opened["collection_id"])
        assert until(viewer, "collection.state")["collection"] is None


def test_only_consented_reviews_that_pass_the_guard_are_offered_and_shown(room: Room, address: str) -> None:
    with desk(address) as console, joined(address, lang="de") as viewer:
        send(console, "review.list", product="wave")
        assert [r["evidence_id"] for r in until(console, "review.list")["items"]] == ["R1"]
        for wrong, words in (("R2", "without consent"), ("R3", "guard"), ("E1", "a review")):
            send(console, "review.show", evidence_id=wrong)
            assert words in until(console, "error")["message"]
        send(console, "review.show", evidence_id="R1")
        shown = until(viewer, "review.state")["review"]
        assert (shown["text"], shown["author"]) == ("Sounds good for its size.", "Lucía M.")
        assert (shown["written"], shown["incentive"], shown["document"]) == (
            "2026-08-03", "10 % discount", "reviews.csv",
        )  # fmt: skip
        room.append(
            ev.ReviewTranslated(evidence_id="R1", lang="de", source="en", text="Klingt gut für die Größe.")
        )
        assert until(viewer, "review.translation")["text"] == "Klingt gut für die Größe."
        send(console, "evidence.hold", id="R1")
        assert until(viewer, "review.state")["review"] is None
        send(console, "review.show", evidence_id="R1")
        assert "holds" in until(console, "error")["message"]
