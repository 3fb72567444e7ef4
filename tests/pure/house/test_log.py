"""The show log: order, durability, the chain, forgetting, one owner."""

import asyncio
import contextlib
import os
import sqlite3
from pathlib import Path

import pytest

from cohost import events as ev
from cohost.clock import VirtualClock, WallClock
from cohost.commands.forget import forget_old
from cohost.common.question import Asker, Question
from cohost.errors import BusyError, LogError
from cohost.events.engage import Winner
from cohost.log import MemoryLog, ShowLog, forget, read_log, verify
from cohost.log_text import FORGOTTEN


def line(n: int, viewer: str = "v1") -> ev.ChatMessage:
    return ev.ChatMessage(viewer=viewer, text=f"line {n}", name="Ana")


async def write(path: Path, count: int, **options: int) -> None:
    log = ShowLog(path, VirtualClock(), **options)
    for n in range(count):
        log.append(line(n, viewer=f"v{n % 2}"))
    await log.durable(log.last_seq)
    await log.close()


def test_sequence_numbers_run_without_gaps_and_survive_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "show.log"
    asyncio.run(write(path, 3))
    asyncio.run(write(path, 2))
    records = read_log(path)
    assert [r.seq for r in records] == [1, 2, 3, 4, 5]
    assert isinstance(records[0].event, ev.ChatMessage)
    assert records[0].event.text == "line 0"
    assert verify(path).ok


def test_a_cursor_sees_history_then_every_new_record() -> None:
    async def main() -> list[int]:
        log = MemoryLog(VirtualClock())
        log.append(line(0))
        seen: list[int] = []

        async def read() -> None:
            async for record in log.cursor():
                seen.append(record.seq)

        reader = asyncio.ensure_future(read())
        await asyncio.sleep(0)
        log.append(line(1))
        log.append(line(2))
        for _ in range(5):
            await asyncio.sleep(0)
        reader.cancel()
        return seen

    assert asyncio.run(main()) == [1, 2, 3]


def test_older_records_are_read_back_from_the_file(tmp_path: Path) -> None:
    async def main() -> int:
        log = ShowLog(tmp_path / "show.log", VirtualClock(), keep=10)
        for n in range(100):
            log.append(line(n))
            await log.durable(log.last_seq)
        assert len(log._records) <= 21
        got = [r.seq for r in log.records()]
        await log.close()
        assert got == list(range(1, 101))
        return len(got)

    assert asyncio.run(main()) == 100


def test_verify_names_a_changed_and_a_missing_record(tmp_path: Path) -> None:
    path = tmp_path / "show.log"
    asyncio.run(write(path, 5))
    with sqlite3.connect(path) as db:
        db.execute("UPDATE record SET data = replace(data, 'v0', 'v9') WHERE seq = 3")
    db.close()
    assert verify(path).problem == "record 3 was changed"
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM record WHERE seq = 2")
    db.close()
    assert verify(path).problem == "record 2 is missing"


def test_a_viewer_can_be_forgotten_and_the_chain_still_holds(tmp_path: Path) -> None:
    path = tmp_path / "show.log"
    asyncio.run(write(path, 4))
    assert forget(path, "v1") == 2
    result = verify(path)
    assert (result.ok, result.forgotten) == (True, 2)
    texts = [r.event.text for r in read_log(path) if isinstance(r.event, ev.ChatMessage)]
    assert texts == ["line 0", FORGOTTEN, "line 2", FORGOTTEN]


def test_words_and_names_stand_only_in_the_side_table(tmp_path: Path) -> None:
    path = tmp_path / "show.log"
    question = Question(id="q1", text="secret words", lang="en", intent="question.other")
    asker = Asker(message_seq=1, viewer="v1", name="Secret Name")

    async def main() -> None:
        log = ShowLog(path, VirtualClock())
        log.append(ev.QuestionAsked(question=question, asker=asker))
        await log.close()

    asyncio.run(main())
    with sqlite3.connect(path) as db:
        public = db.execute("SELECT data FROM record").fetchone()[0]
    db.close()
    assert "ecret" not in public
    event = read_log(path)[0].event
    assert isinstance(event, ev.QuestionAsked)
    assert (event.question.text, event.asker.name) == ("secret words", "Secret Name")


def test_a_second_owner_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "show.log"

    async def main() -> None:
        log = ShowLog(path, VirtualClock())
        with pytest.raises(BusyError, match="another cohost process"):
            ShowLog(path, VirtualClock())
        await log.close()

    asyncio.run(main())


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to look like one" * 40])
def test_a_file_that_is_no_log_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.log"
    path.write_bytes(content)

    async def main() -> None:
        with pytest.raises(LogError, match="no readable show log"):
            ShowLog(path, VirtualClock())

    asyncio.run(main())
    with pytest.raises(LogError):
        read_log(path)


def test_what_is_forgotten_is_gone_from_the_bytes_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "show.log"

    async def secret() -> None:
        log = ShowLog(path, VirtualClock())
        log.append(ev.ChatMessage(viewer="v1", text="zanzibar marmalade", name="Ana"))
        await log.close()

    asyncio.run(secret())
    assert b"zanzibar" in path.read_bytes()
    assert forget(path, "v1") == 1
    left = b"".join(f.read_bytes() for f in tmp_path.iterdir())
    assert b"zanzibar" not in left
    assert verify(path).ok


def test_who_is_forgotten_has_won_nothing_under_their_name(tmp_path: Path) -> None:
    path = tmp_path / "show.log"

    async def won() -> None:
        log = ShowLog(path, VirtualClock())
        told = {"message_seq": 1, "seen_ms": 5}
        log.append(ev.GuessJudged(game_id="g1", viewer="v1", name="zanzibar", right=True, **told))
        log.append(
            ev.GameEnded(
                game_id="g1", reason="winners", winners=(Winner(viewer="v1", name="zanzibar", **told),)
            )
        )
        log.append(ev.PollVoted(poll_id="p1", viewer="v1", option=0))
        await log.close()

    asyncio.run(won())
    assert forget(path, "v1") == 2
    assert b"zanzibar" not in b"".join(f.read_bytes() for f in tmp_path.iterdir())
    assert verify(path).ok
    ended = next(r.event for r in read_log(path) if isinstance(r.event, ev.GameEnded))
    assert [(w.viewer, w.name) for w in ended.winners] == [("v1", "")]


def test_a_database_of_another_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE bookmark (url TEXT)")
    db.close()
    before = path.read_bytes()

    async def own() -> None:
        ShowLog(path, VirtualClock())

    with pytest.raises(LogError, match="another program"):
        asyncio.run(own())
    with pytest.raises(LogError, match="another program"):
        forget(path, "v1")
    assert path.read_bytes() == before


@pytest.mark.parametrize("column", ["data", "chain", "personal_hash", "kind"])
def test_damage_is_told_not_raised(tmp_path: Path, column: str) -> None:
    path = tmp_path / "show.log"
    asyncio.run(write(path, 4))
    with sqlite3.connect(path) as db:
        db.execute(f"UPDATE record SET {column} = x'ff00' WHERE seq = 2")
    db.close()
    if column != "kind":  # only a copy of what `data` says
        assert not verify(path).ok
    with contextlib.suppress(LogError):
        read_log(path)


def test_torn_pages_are_told_not_raised(tmp_path: Path) -> None:
    path = tmp_path / "show.log"
    asyncio.run(write(path, 400))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 9000] = bytes(9000)
    path.write_bytes(data)
    assert not verify(path).ok
    with pytest.raises(LogError):
        read_log(path)


def test_a_folder_that_cannot_hold_a_log_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    async def own() -> None:
        ShowLog(tmp_path / "file" / "show.log", VirtualClock())

    with pytest.raises(LogError, match="--log"):
        asyncio.run(own())


def test_what_a_full_disk_does_not_take_is_written_once_there_is_room(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cohost.log.RETRY_S", 0.01)
    path = tmp_path / "show.log"

    async def main() -> None:
        log = ShowLog(path, VirtualClock())
        log.append(line(0))
        await log.durable(1)
        log._db.execute("PRAGMA query_only=ON")  # stands for a disk that takes nothing
        log.append(line(1))
        with pytest.raises(LogError, match="free space"):
            await log.durable(2)
        log._db.execute("PRAGMA query_only=OFF")
        for _ in range(500):
            log.append(line(2))
            await asyncio.sleep(0.01)
            with contextlib.suppress(LogError):
                await log.durable(log.last_seq)
                break
        await log.close()

    asyncio.run(main())
    records = read_log(path)
    assert [r.seq for r in records] == list(range(1, len(records) + 1))
    assert len(records) >= 3
    assert verify(path).ok
    told = [r.getMessage() for r in caplog.records]
    assert len(told) == 2
    assert "cannot be written" in told[0]
    assert "written again" in told[1]


def test_a_damaged_log_is_not_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "show.log"
    asyncio.run(write(path, 4))
    with sqlite3.connect(path) as db:
        db.execute("UPDATE record SET data = 'no json' WHERE seq = 2")
    db.close()

    async def own() -> None:
        ShowLog(path, VirtualClock())

    for _ in range(2):  # the lock is free again after the refusal
        with pytest.raises(LogError, match="no readable show log"):
            asyncio.run(own())


def test_old_shows_lose_everybodys_words_and_still_verify(tmp_path: Path) -> None:
    async def main(path: Path) -> None:
        log = ShowLog(path, WallClock())
        log.append(ev.ChatMessage(viewer="v1", text="wo ist meine bestellung", name="Marta"))
        await log.close()

    old, new = tmp_path / "old.log", tmp_path / "new.log"
    for path in (old, new):
        asyncio.run(main(path))
    os.utime(old, (0, 0))
    assert forget_old([old, new], 30, WallClock()) == 0
    assert verify(old).ok
    texts = {
        path.name: [r.event.text for r in read_log(path) if isinstance(r.event, ev.ChatMessage)]
        for path in (old, new)
    }
    assert texts == {"old.log": [FORGOTTEN], "new.log": ["wo ist meine bestellung"]}
    assert b"bestellung" not in old.read_bytes()
