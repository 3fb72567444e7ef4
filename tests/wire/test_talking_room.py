"""The room by voice as people use it: `cohost serve` in a process, real models, sound over real sockets."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Page as PlaywrightPage
from playwright.sync_api import expect

from cohost import events as ev
from cohost import models
from cohost.ears.audio import Pcm, from_s16, mono_16k, read_file
from cohost.ears.recognizer import WhisperRecognizer
from cohost.log import read_log, verify
from tests.wire.chromium import launched
from tests.wire.cohost_process import Place, Running
from tests.wire.microphone import SPEECH, Page
from tests.wire.page_sound import FLAGS, install, recorded, speaking

pytestmark = [pytest.mark.wire, pytest.mark.timeout(240)]


class Room:
    """A served room that can be killed and started again on the same log."""

    def __init__(self, place: Place, kb: Path) -> None:
        self.place, self.kb, self.log = place, kb, place.root / "show.log"
        self.start()

    def start(self) -> None:
        self.process: Running = self.place.start(
            "serve", "--kb", str(self.kb), "--port", "0", "--log", str(self.log)
        )
        found = self.process.until(r"console +http://(\S+?)/console\?token=(\S+)")
        self.address, self.token = f"ws://{found[1]}", found[2]
        self.process.until(r"voice ")

    def caller(self, name: str = "Grace", **query: str) -> Page:
        return Page(
            self.address, role="viewer", name=name, lang="en", market="US", audio="1", me=name, **query
        )

    def records(self) -> list[ev.Record]:
        return read_log(self.log)


@pytest.fixture(scope="module")
def room(probe_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    opened = Room(Place(tmp_path_factory.mktemp("talk")), probe_folder)
    yield opened
    opened.process.stop()


def test_a_question_asked_aloud_is_understood_answered_aloud_and_posted_with_its_evidence(room: Room) -> None:
    page = room.caller()
    page.say("en-weight.ogg")
    heard = page.wait("transcript.final", 60)
    assert "heavy" in heard["text"]
    started = page.wait("speech.started")
    assert "412" in started["text"]
    ended = page.wait("speech.ended", speech_id=started["speech_id"])
    posted = page.wait("reply.posted", reply_id=started["reply_id"])
    assert posted["in_reply_to"] == [heard["message_seq"]]
    assert posted["citations"][0]["document"] == "spec.md"
    assert posted["seq"] >= ended["seq"]
    line = next(i for f in page.of("chat.messages") for i in f["items"] if i["seq"] == heard["message_seq"])
    assert line["spoken"]
    sound = from_s16(b"".join(chunk for _, chunk in page.sound))
    assert float(np.abs(sound).max()) > 0.1
    words = WhisperRecognizer(models.resolve("whisper-base")).recognize(sound, languages=["en"]).text
    assert "412" in words
    page.close()


def test_sound_comes_at_the_pace_of_speech(room: Room) -> None:
    page = room.caller("Ann")
    page.say("en-weight.ogg")
    page.wait("speech.ended", 60)
    first = page.sound[0][0]
    sent = 0.0
    for at, chunk in page.sound:
        assert 640 <= len(chunk) <= 3200
        sent += len(chunk) / 32
        assert sent <= (at - first) * 1000 + 600  # the lead, and room for a busy machine
    page.close()


def test_the_host_speaks_over_it_and_what_was_not_heard_is_posted_once(room: Room) -> None:
    page, host = room.caller("Ben"), Page(room.address, role="host", name="host", token=room.token)
    page.say("en-weight.ogg", silence_s=1.0)
    started = page.wait("speech.started", 60)
    time.sleep(0.3)
    host.say("host-stop.ogg", silence_s=1.0)
    cut = page.wait("speech.cut", speech_id=started["speech_id"])
    page.wait("speech.held", speech_id=started["speech_id"])
    count = len(page.sound)
    posted = page.wait("reply.posted", reply_id=started["reply_id"])
    assert started["text"].startswith(cut["heard"])
    assert len(cut["heard"]) < len(started["text"])
    assert "412" in posted["text"]
    time.sleep(0.5)
    assert len(page.sound) == count
    assert len([p for p in page.of("reply.posted") if p["reply_id"] == started["reply_id"]]) == 1
    page.close()
    host.close()


# ── the viewer page in Chromium, its microphone a file ──
def as_wav(clip: str, folder: Path) -> str:
    """A clip as Chromium wants its microphone: WAV, with silence behind it."""
    samples = np.concatenate(
        [np.zeros(8_000, np.float32), read_file(SPEECH / clip), np.zeros(480_000, np.float32)]
    )
    path = folder / f"{clip}.wav"
    soundfile.write(path, samples, 16_000)
    return str(path)


@pytest.fixture
def viewer(room: Room, tmp_path: Path) -> Iterator[PlaywrightPage]:
    """The viewer page with sound on, in a browser that hears the question about the weight."""
    with launched(*FLAGS, speaking(as_wav("en-weight.ogg", tmp_path))) as browser:
        page = browser.new_page()
        install(page)
        page.goto(f"{room.address.replace('ws', 'http', 1)}/?lang=en&market=US")
        page.locator("#sound").click()
        expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")
        page.locator("#mic").click()
        yield page


def played(page: PlaywrightPage) -> Pcm:
    samples, rate = recorded(page)
    return mono_16k(samples, rate)


def test_on_the_page_transcript_answer_and_evidence_appear_and_what_it_plays_is_the_answer(
    viewer: PlaywrightPage,
) -> None:
    expect(viewer.locator(".line.mine .bubble").first).to_contain_text("heavy", timeout=60_000)
    card = viewer.locator(".answer.yours").first
    expect(card.locator(".text")).to_contain_text("412", timeout=30_000)
    card.locator(".chip").first.click()
    expect(viewer.locator("#proof blockquote")).to_contain_text("412 g")
    expect(viewer.locator(".answer.yours.speaking, .answer.speech")).to_have_count(0, timeout=30_000)
    words = WhisperRecognizer(models.resolve("whisper-base")).recognize(played(viewer), languages=["en"]).text
    assert "412" in words


def test_a_host_who_speaks_silences_the_page(viewer: PlaywrightPage, room: Room) -> None:
    expect(viewer.locator(".answer.speaking")).to_have_count(1, timeout=60_000)
    host = Page(room.address, role="host", name="host", token=room.token)
    host.say("host-stop.ogg", silence_s=1.0)
    host.wait("speech.cut")
    viewer.wait_for_timeout(400)
    before = len(played(viewer))
    viewer.wait_for_timeout(800)
    after = played(viewer)
    assert len(after) > before, "the recording stopped"
    assert float(np.abs(after[before:]).max()) < 1e-3
    host.close()


def test_killed_while_it_speaks_nothing_is_said_twice_and_the_rest_is_posted_once(room: Room) -> None:
    page = room.caller("Cleo")
    page.say("en-weight.ogg", silence_s=0.9)
    started = page.wait("speech.started", 60)
    until = time.monotonic() + 10
    while not page.sound and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.4)
    room.process.stop(signal.SIGKILL)
    page.close()
    room.start()
    again = room.caller("Cleo", since="0")
    again.wait("reply.posted", reply_id=started["reply_id"])
    time.sleep(1.5)
    assert not again.sound
    again.close()
    room.process.stop()
    assert verify(room.log).ok
    records = room.records()
    spoken = Counter(r.event.speech_id for r in records if isinstance(r.event, ev.SpeechStarted))
    assert max(spoken.values()) == 1
    posted = Counter(r.event.reply_id for r in records if isinstance(r.event, ev.ReplyPosted))
    assert max(posted.values()) == 1
    (cut,) = [
        r.event
        for r in records
        if isinstance(r.event, ev.SpeechCut) and r.event.speech_id == started["speech_id"]
    ]
    assert cut.reason == "the process ended"
    final = next(
        r.event
        for r in records
        if isinstance(r.event, ev.ReplyPosted) and r.event.reply_id == started["reply_id"]
    )
    assert cut.rest in final.text
    faults = [r.event for r in records if isinstance(r.event, ev.FaultRaised)]
    assert not faults, faults
    room.start()
