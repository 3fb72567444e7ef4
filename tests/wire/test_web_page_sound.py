"""Pages that hear and speak, in a real browser: a microphone of a file, a record of what the page played."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile as sf
from playwright.sync_api import Browser, Page, expect

from cohost import events as ev
from tests.wire import page_sound
from tests.wire.chromium import launched
from tests.wire.web_room import Room, served

pytestmark = pytest.mark.wire
expect.set_options(timeout=20_000)  # for machines that do much else

RATE = 16_000
PHONE = {"width": 390, "height": 844}
SPOKEN_HZ, VOICE_HZ, CALLER_HZ = 440.0, 620.0, 1000.0
LEAD_S = 0.4  # sent ahead of the room: more than the mouth does, so that a busy machine makes no gaps
CHUNK = RATE * 2 * 40 // 1000

Samples = npt.NDArray[np.float32]


def tone(hz: float, seconds: float, level: float = 0.3) -> Samples:
    return (level * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


def s16(samples: Samples) -> bytes:
    return (samples * 32767).astype("<i2").tobytes()


def pitch(samples: Samples, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))


def loud(samples: Samples, rate: int, *, block_ms: float = 10.0) -> Samples:
    """The level of each block."""
    size = int(rate * block_ms / 1000)
    whole = samples[: len(samples) // size * size].reshape(-1, size)
    return np.sqrt((whole**2).mean(axis=1)).astype(np.float32)


def longest_silence(level: Samples) -> tuple[int, int]:
    """First block of it, and the first after it, between what sounds."""
    sounds = np.flatnonzero(level > 0.002)
    gap = int(np.argmax(np.diff(sounds)))
    return int(sounds[gap]) + 1, int(sounds[gap + 1])


@pytest.fixture(scope="module")
def wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A microphone's file at 48 kHz, as browsers hear: 8 s of a tone."""
    file = tmp_path_factory.mktemp("mic") / "tone.wav"
    times = np.arange(8 * 48_000) / 48_000
    sf.write(file, (0.3 * np.sin(2 * np.pi * SPOKEN_HZ * times)).astype(np.float32), 48_000, subtype="PCM_16")
    return file


@pytest.fixture(scope="module")
def browser(wav: Path) -> Iterator[Browser]:
    with launched(*page_sound.FLAGS, page_sound.speaking(str(wav))) as browser:
        yield browser


@pytest.fixture
def room() -> Room:
    return Room(voice=True)


@pytest.fixture
def address(room: Room) -> Iterator[str]:
    with served(room) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a path in a browser of its own, its sound recorded; afterwards no script may have failed."""
    contexts, faults = [], []

    def open_path(path: str, **options: object) -> Page:
        context = browser.new_context(**{"viewport": PHONE, "locale": "en", **options})
        contexts.append(context)
        page_sound.install(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"http://{address}{path}")
        return page

    yield open_path
    for context in contexts:
        context.close()
    assert faults == []


def soon(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


def listening(room: Room, page: Page, number: int = 1) -> None:
    page.click("#sound")
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")
    soon(lambda: room.sound is not None and len(room.sound.listeners) == number)


class Mouth:
    """Sends a speech as the mouth does, in the room's time."""

    def __init__(self, room: Room, samples: Samples, speech: str) -> None:
        self.room, self.pcm, self.speech = room, s16(samples), speech
        self.sent = 0
        self.zero = time.monotonic()

    def say(self, seconds: float) -> None:
        """The next part, and wait until the room has heard it."""
        until = min(len(self.pcm), self.sent + int(seconds * RATE) * 2)
        while self.sent < until:
            while time.monotonic() - self.zero < self.sent / (RATE * 2) - LEAD_S:
                time.sleep(0.004)
            self.room.sends(self.speech, self.pcm[self.sent : self.sent + CHUNK])
            self.sent += CHUNK

    def wait(self, seconds: float) -> None:
        """Held: the room's time stands still."""
        time.sleep(seconds)
        self.zero += seconds


def metrics(page: Page) -> list[str]:
    text: str = page.evaluate("fetch('/metrics').then((answer) => answer.text())")
    return text.splitlines()


def waits(page: Page, seconds: float) -> None:
    page.wait_for_timeout(seconds * 1000)


# ── the microphone ───────────────────────────────────────────────────────────────────────────────
def test_a_held_button_sends_what_the_microphone_hears(room: Room, open_page: Callable[..., Page]) -> None:
    page = open_page("/?lang=en&market=ES&name=Marta")
    button = page.locator("#mic")
    button.hover()
    page.mouse.down()
    expect(button).to_have_attribute("data-state", "open")
    expect(page.locator("#talk-words")).to_contain_text("Listening")
    began = time.monotonic()
    waits(page, 2.0)
    page.mouse.up()
    held_s = time.monotonic() - began
    expect(button).to_have_attribute("data-state", "off")
    assert room.microphones is not None
    soon(lambda: room.events(ev.MicClosed))
    heard = (
        np.frombuffer(bytes(next(iter(room.microphones.heard.values()))), "<i2").astype(np.float32) / 32768
    )
    assert held_s - 0.3 < len(heard) / RATE < held_s + 1.2
    assert pitch(heard[RATE // 2 :], RATE) == pytest.approx(SPOKEN_HZ, abs=2)
    level = loud(heard[RATE // 2 :], RATE)
    assert level.max() > 0.02
    # a browser takes a steady tone for noise and turns it down, and hands on zeros where the machine was busy
    assert np.mean(level > 0.002) > 0.9
    (opened,) = room.events(ev.MicOpened)
    assert (opened.name, opened.role, opened.lang_hint, opened.market) == ("Marta", "viewer", "en", "ES")


def test_a_tap_leaves_the_microphone_open_until_the_next(room: Room, open_page: Callable[..., Page]) -> None:
    page = open_page("/?lang=en")
    page.click("#mic")
    expect(page.locator("#mic")).to_have_attribute("data-state", "open")
    expect(page.locator("#mic")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#talk-words")).to_contain_text("Microphone open")
    page.click("#mic")
    expect(page.locator("#mic")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#talk")).to_be_hidden()
    soon(lambda: room.events(ev.MicClosed))


def test_the_space_bar_talks_as_long_as_it_is_held(room: Room, open_page: Callable[..., Page]) -> None:
    page = open_page("/?lang=en")
    expect(page.locator("#mic")).to_be_visible()  # what is hidden takes no focus
    page.locator("#mic").focus()
    page.keyboard.down(" ")
    expect(page.locator("#mic")).to_have_attribute("data-state", "open")
    waits(page, 0.5)
    page.keyboard.up(" ")
    expect(page.locator("#mic")).to_have_attribute("data-state", "off")


def test_words_come_as_a_ghost_and_then_as_a_line_of_mine(room: Room, open_page: Callable[..., Page]) -> None:
    page = open_page("/?lang=en")
    page.click("#mic")
    expect(page.locator("#mic")).to_have_attribute("data-state", "open")
    assert room.microphones is not None
    lane, (speaker, _) = next(iter(room.microphones.lanes.items()))
    room.append(
        ev.TranscriptPartial(
            lane=lane, viewer=speaker.viewer, utterance_id="u1", text="how long does", lang="en", start_ms=0,
            end_ms=1,
        )
    )  # fmt: skip
    expect(page.locator(".line.ghost.mine")).to_contain_text("how long does")
    record = room.hears("How long does it play?", viewer=speaker.viewer, lang="en", lane=lane)
    expect(page.locator(".line.mine .bubble")).to_have_text("How long does it play?")
    expect(page.locator(".line.ghost")).to_have_count(0)
    expect(page.locator(".line.mine .aloud")).to_have_count(1)
    room.posts(room.drafts(room.question(record), "24.3 hours", needs_approval=False))
    expect(page.locator(".answer.yours .text")).to_have_text("24.3 hours")


def test_a_full_room_shows_the_place_in_the_queue_and_the_turn(
    room: Room, open_page: Callable[..., Page]
) -> None:
    assert room.microphones is not None
    room.microphones.full = 0
    page = open_page("/?lang=en")
    page.click("#mic")
    expect(page.locator("#talk-words")).to_have_text("Hand raised. Your place in the queue: 1")
    viewer = room.microphones.queue[0][0].viewer
    room.on_loop(lambda: room.microphones.give(viewer, "host"))  # type: ignore[union-attr]
    expect(page.locator("#talk-words")).to_contain_text("Microphone open")
    soon(lambda: room.microphones is not None and viewer in room.microphones.heard)
    room.on_loop(lambda: room.microphones.shut(viewer, "enough"))  # type: ignore[union-attr]
    expect(page.locator("#talk-words")).to_contain_text("turned off")
    expect(page.locator("#mic")).to_have_attribute("data-state", "off")


def test_an_open_microphone_survives_a_broken_connection(browser: Browser, room: Room) -> None:
    assert room.microphones is not None
    with served(room) as address:
        port = int(address.rpartition(":")[2])
        page = browser.new_page(viewport=PHONE, locale="en")
        page.goto(f"http://{address}/?lang=en")
        page.click("#mic")
        expect(page.locator("#mic")).to_have_attribute("data-state", "open")
    with served(room, port=port):
        soon(lambda: len(room.events(ev.MicOpened)) == 2)
        expect(page.locator("#mic")).to_have_attribute("data-state", "open")
        page.close()


@pytest.mark.parametrize(
    ("fault", "words"),
    [("NotAllowedError", "does not allow the microphone"), ("NotFoundError", "No working microphone")],
)
def test_what_keeps_the_microphone_shut_is_said(
    open_page: Callable[..., Page], browser: Browser, address: str, fault: str, words: str
) -> None:
    page = open_page("/?lang=en")
    page.evaluate(
        "name => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name)); }",
        fault,
    )
    page.click("#mic")
    expect(page.locator("#talk")).to_contain_text(words)
    expect(page.locator("#mic")).to_have_attribute("aria-pressed", "false")


def test_a_page_without_https_says_why_it_cannot_hear(open_page: Callable[..., Page]) -> None:
    page = open_page("/?lang=de")
    page.evaluate("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.click("#mic")
    expect(page.locator("#talk")).to_contain_text("https")


def test_a_room_that_answers_in_writing_offers_no_voice(browser: Browser) -> None:
    with served(Room()) as address:
        page = browser.new_page(viewport=PHONE, locale="en")
        page.goto(f"http://{address}/?lang=en")
        expect(page.locator("#words")).to_be_visible()
        expect(page.locator("#mic")).to_be_hidden()
        expect(page.locator("#sound")).to_be_hidden()
        page.close()


# ── cohost's voice ───────────────────────────────────────────────────────────────────────────────
def test_cohosts_voice_is_heard_whole_and_reported(room: Room, open_page: Callable[..., Page]) -> None:
    page = open_page("/?lang=en")
    listening(room, page)
    mouth = Mouth(room, tone(VOICE_HZ, 1.5), room.speaks("r1", "Twenty-four hours."))
    mouth.say(1.5)
    room.append(ev.SpeechPlayed(speech_id=mouth.speech, reply_id="r1", duration_ms=1500))
    waits(page, 1.2)
    samples, rate = page_sound.recorded(page)
    on = loud(samples, rate) > 0.1
    assert on.sum() == pytest.approx(150, abs=4)
    first = int(np.argmax(on))
    heard = samples[(first + 5) * rate // 100 : (first + 140) * rate // 100]
    assert pitch(heard, rate) == pytest.approx(VOICE_HZ, abs=2)
    assert loud(heard, rate).std() < 0.01, "no gap, no step"
    assert room.sound is not None
    played = [ms for speech, _, ms in room.sound.reports if speech == mouth.speech]
    assert len(played) >= 6
    assert played == sorted(played)
    assert played[-1] == pytest.approx(1500, abs=45)


def test_a_page_without_https_hears_cohost_all_the_same(room: Room, open_page: Callable[..., Page]) -> None:
    page = open_page("/?lang=en")
    page.evaluate("Object.defineProperty(BaseAudioContext.prototype, 'audioWorklet', { value: undefined })")
    listening(room, page)
    mouth = Mouth(room, tone(VOICE_HZ, 1.0), room.speaks("r1", "x"))
    mouth.say(1.0)
    room.append(ev.SpeechPlayed(speech_id=mouth.speech, reply_id="r1", duration_ms=1000))
    waits(page, 1.5)
    samples, rate = page_sound.recorded(page)
    sounding = np.flatnonzero(np.abs(samples) > 0.05)
    assert pitch(samples[sounding[0] : sounding[0] + rate // 2], rate) == pytest.approx(VOICE_HZ, abs=4)
    assert room.sound is not None
    assert room.sound.reports[-1][2] == pytest.approx(1000, abs=45)


def test_ducked_it_is_softer_held_it_is_silent_and_goes_on_where_it_stopped(
    room: Room, open_page: Callable[..., Page]
) -> None:
    page = open_page("/?lang=en")
    listening(room, page)
    rising = (0.3 * np.sin(2 * np.pi * np.cumsum(np.linspace(300, 1500, 3 * RATE)) / RATE)).astype(np.float32)
    speech = room.speaks("r1", "x")
    mouth = Mouth(room, rising, speech)
    mouth.say(0.8)
    room.append(ev.SpeechDucked(speech_id=speech, lane="l", since_onset_ms=60))
    mouth.say(0.5)
    room.append(ev.SpeechHeld(speech_id=speech, lane="l", since_onset_ms=200, at_speech_ms=1300))
    waits(page, 0.15)  # what the page plays after that is nothing
    mouth.zero += 0.15
    mouth.wait(0.6)
    room.append(ev.SpeechResumed(speech_id=speech, at_speech_ms=1300))
    mouth.say(1.0)
    waits(page, 1.2)
    samples, rate = page_sound.recorded(page)
    level = loud(samples, rate)
    held, resumed = longest_silence(level)
    assert resumed - held > 55, "silent for more than half a second"
    full, soft = np.flatnonzero(level[:held] > 0.19), np.flatnonzero(np.abs(level[:held] - 0.053) < 0.012)
    assert len(full) > 15
    assert len(soft) > 15, "a quarter of 0.21"
    assert soft[0] > full[-1]
    ms = rate // 1000
    before = pitch(samples[(held * 10 - 60) * ms : (held * 10 - 12) * ms], rate)
    after = pitch(samples[(resumed * 10 + 12) * ms : (resumed * 10 + 60) * ms], rate)
    assert after - before < 60, "nothing was skipped (400 Hz a second)"
    assert after > before - 25, "nothing came twice"


def test_cut_it_is_silent_at_once_and_says_how_far_it_was(room: Room, open_page: Callable[..., Page]) -> None:
    page = open_page("/?lang=en")
    listening(room, page)
    speech = room.speaks("r1", "x")
    mouth = Mouth(room, tone(VOICE_HZ, 3.0), speech)
    mouth.say(1.0)
    room.append(
        ev.SpeechCut(
            speech_id=speech, reply_id="r1", reason="host", heard="x", heard_ms=840, timing="estimated"
        )
    )
    waits(page, 0.6)
    assert room.sound is not None
    played = [ms for _, _, ms in room.sound.reports][-1]
    samples, rate = page_sound.recorded(page)
    sounding = np.flatnonzero(np.abs(samples) > 1e-4)
    played_s = (sounding[-1] - sounding[0]) / rate
    assert played_s * 1000 == pytest.approx(played, abs=8), "not a block more than it reports"
    assert played < 1000, "what was sent and not yet played is dropped"
    assert np.abs(np.diff(samples[sounding[-1] - 200 :])).max() < 0.06, "no click"
    lag = [line for line in metrics(page) if line.startswith('cohost_page_lag_seconds_count{at="cut"}')]
    assert lag == ['cohost_page_lag_seconds_count{at="cut"} 1.0']


def test_a_speech_after_a_cut_starts_from_its_own_beginning(
    room: Room, open_page: Callable[..., Page]
) -> None:
    page = open_page("/?lang=en")
    listening(room, page)
    first = Mouth(room, tone(VOICE_HZ, 1.0), room.speaks("r1", "x"))
    first.say(0.6)
    room.append(
        ev.SpeechCut(
            speech_id=first.speech, reply_id="r1", reason="host", heard="", heard_ms=0, timing="exact"
        )
    )
    second = Mouth(room, tone(CALLER_HZ, 0.8), room.speaks("r2", "y"))
    second.say(0.8)
    room.append(ev.SpeechPlayed(speech_id=second.speech, reply_id="r2", duration_ms=800))
    waits(page, 1.2)
    samples, rate = page_sound.recorded(page)
    sounding = np.flatnonzero(np.abs(samples) > 0.05)
    last = samples[sounding[-1] - int(0.7 * rate) : sounding[-1]]
    assert pitch(last, rate) == pytest.approx(CALLER_HZ, abs=3)
    assert room.sound is not None
    ended = [ms for speech, _, ms in room.sound.reports if speech == second.speech]
    assert ended[-1] == pytest.approx(800, abs=45)


def test_what_was_held_when_the_connection_broke_is_not_played_later(browser: Browser, room: Room) -> None:
    with served(room) as address:
        port = int(address.rpartition(":")[2])
        page = browser.new_page(viewport=PHONE, locale="en")
        page_sound.install(page)
        page.goto(f"http://{address}/?lang=en")
        listening(room, page)
        mouth = Mouth(room, tone(VOICE_HZ, 1.0), room.speaks("r1", "x"))
        mouth.say(0.4)
        room.append(ev.SpeechHeld(speech_id=mouth.speech, lane="l", since_onset_ms=200, at_speech_ms=240))
        waits(page, 0.3)
    room.append(
        ev.SpeechCut(
            speech_id=mouth.speech, reply_id="r1", reason="host", heard="", heard_ms=240, timing="exact"
        )
    )
    with served(room, port=port):
        soon(lambda: room.sound is not None and len(room.sound.listeners) == 1)
        expect(page.locator("#live")).to_have_class("live")
        second = Mouth(room, tone(CALLER_HZ, 0.8), room.speaks("r2", "y"))
        second.say(0.8)
        waits(page, 1.2)
        samples, rate = page_sound.recorded(page)
        page.close()
    _, again = longest_silence(loud(samples, rate))
    last = samples[again * rate // 100 :][: rate // 2]
    assert pitch(last, rate) == pytest.approx(CALLER_HZ, abs=3)
    assert pitch(last[: rate // 10], rate) == pytest.approx(CALLER_HZ, abs=25)


def test_sound_is_off_at_first_and_remembered(
    room: Room, browser: Browser, address: str, open_page: Callable[..., Page]
) -> None:
    page = open_page("/?lang=en")
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "false")
    listening(room, page)
    page.reload()
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")
    soon(lambda: room.sound is not None and len(room.sound.listeners) == 1)
    page.click("#sound")
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "false")
    soon(lambda: room.sound is not None and not room.sound.listeners)


# ── what is seen of it ───────────────────────────────────────────────────────────────────────────
ANSWER = "The battery lasts 24.3 hours at 50 % volume. The report is below."


def test_what_is_said_is_a_card_with_its_documents_until_it_is_posted(
    room: Room, open_page: Callable[..., Page]
) -> None:
    page = open_page("/?lang=en")
    expect(page.locator("#mic")).to_be_visible()
    reply = room.drafts(room.asks("¿cuánto dura?"), ANSWER, lang="en", needs_approval=False)
    speech = room.speaks(reply, lang="en")
    room.append(
        ev.SpeechSentence(
            speech_id=speech, n=0, text="The battery lasts 24.3 hours at 50 % volume.", lang="en", start_ms=0,
            duration_ms=2000,
        )
    )  # fmt: skip
    card = page.locator(".answer.speech")
    expect(card.locator(".aloud")).to_contain_text("Speaking")
    expect(card.locator(".text .now")).to_have_text("The battery lasts 24.3 hours at 50 % volume.")
    expect(card.locator(".text")).to_have_text(ANSWER)
    expect(card.locator(".to")).to_contain_text("¿cuánto dura?")
    card.locator(".chip").click()
    expect(page.locator("#proof blockquote")).to_contain_text("Playing time 24.3 h")
    page.keyboard.press("Escape")
    room.append(
        ev.SpeechCut(
            speech_id=speech, reply_id=reply, reason="host", heard="The battery lasts 24.3", heard_ms=900,
            timing="exact",
        )
    )  # fmt: skip
    expect(card.locator(".aloud")).to_contain_text("Interrupted")
    expect(card.locator(".unheard")).to_contain_text("hours at 50 % volume.")
    room.posts(reply)
    expect(page.locator(".answer")).to_have_count(1)
    expect(page.locator(".answer.speech")).to_have_count(0)
    expect(page.locator(".answer .text")).to_have_text(ANSWER)


def test_the_console_shows_the_floor_and_takes_callers(room: Room, open_page: Callable[..., Page]) -> None:
    page = open_page("/console?token=operator-secret&name=Li", viewport={"width": 1440, "height": 900})
    expect(page.locator("#floor-state")).to_contain_text("cohost is silent")
    expect(page.locator("#callers")).to_contain_text("Nobody wants to speak")
    assert room.microphones is not None
    room.microphones.full = 1
    page.click("#mic")
    expect(page.locator("#mic")).to_have_attribute("data-state", "open")
    assert room.events(ev.MicOpened)[0].role == "operator"
    viewer = open_page("/?lang=es&market=ES&name=Ana")
    viewer.click("#mic")
    caller = page.locator(".caller", has_text="Ana")
    expect(caller).to_contain_text("Waiting")
    caller.locator("text=Take").click()
    expect(caller).to_contain_text("On air")
    speech = room.speaks("r1", "Twenty-four hours.", lang="en")
    expect(page.locator("#floor")).to_have_attribute("data-state", "speaking")
    expect(page.locator("#floor-text")).to_contain_text("Twenty-four hours.")
    room.append(ev.SpeechHeld(speech_id=speech, lane="l", since_onset_ms=200, at_speech_ms=640))
    expect(page.locator("#floor-state")).to_contain_text("Paused")
    room.hears("And here it is.", viewer="vh", name="Li", role="host", lang="en")
    expect(page.locator("#host-said")).to_contain_text("And here it is.")
    page.locator("#brand").click()
    page.keyboard.press("f")
    page.keyboard.press("Escape")
    soon(lambda: room.events(ev.OperatorStopped))
    assert [given.viewer is None for given in room.events(ev.FloorGiven)] == [False, True]


def test_the_overlay_plays_cohost_and_the_caller_and_shows_what_is_said(
    room: Room, open_page: Callable[..., Page]
) -> None:
    page = open_page("/overlay?audio=1&lang=en", viewport={"width": 1280, "height": 720})
    soon(lambda: room.sound is not None and room.sound.listeners)
    soon(lambda: room.microphones is not None and room.microphones.listeners)
    speech = room.speaks("r1", "Twenty-four hours.", lang="en")
    room.append(
        ev.SpeechSentence(
            speech_id=speech, n=0, text="Twenty-four hours.", lang="en", start_ms=0, duration_ms=1500
        )
    )
    expect(page.locator("#said")).to_contain_text("Twenty-four hours.")
    voice, caller = Mouth(room, tone(VOICE_HZ, 1.5), speech), s16(tone(CALLER_HZ, 1.5))
    for at in range(0, 1500, 40):
        piece = caller[at * 32 : (at + 40) * 32]
        room.on_loop(lambda piece=piece: room.microphones.sends_on_air(piece))  # type: ignore[misc, union-attr]
        voice.say(0.04)
    room.append(ev.SpeechPlayed(speech_id=speech, reply_id="r1", duration_ms=1500))
    waits(page, 1.2)
    samples, rate = page_sound.recorded(page)
    sounding = np.flatnonzero(np.abs(samples) > 0.05)
    both = samples[sounding[0] + rate // 2 : sounding[0] + rate]
    spectrum = np.abs(np.fft.rfft(both * np.hanning(len(both))))
    at = lambda hz: spectrum[round(hz * len(both) / rate)]  # noqa: E731
    assert at(VOICE_HZ) > 20 * np.median(spectrum)
    assert at(CALLER_HZ) > 20 * np.median(spectrum)
    expect(page.locator("#said")).to_be_hidden()
    assert room.events(ev.MicOpened) == []


def test_a_pages_own_scripts_stay_small() -> None:
    pages = Path(__file__).parents[2] / "cohost" / "web" / "pages"
    for name in ("viewer", "console", "overlay"):
        wanted, seen = [f"{name}.js"], set()
        while wanted:
            script = wanted.pop()
            if script in seen:
                continue
            seen.add(script)
            text = (pages / script).read_text(encoding="utf-8")
            wanted += [part.split('"')[0] for part in text.split('from "./')[1:]]
        assert sum((pages / script).stat().st_size for script in seen) <= 60_000, name
