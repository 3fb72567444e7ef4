"""What axe-core says of a page, and a show that puts something on every part of it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from cohost import events as ev
from tests.wire.web_room import BATTERY, NAMED, PAPER, Room

OPTIONS: dict[str, Any] = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
_AXE = Axe()
TALL = 2600
"""Colours are judged of what is on the screen: a tall one has all of a list on it."""


def faults(page: Page) -> list[str]:
    """A line a place: "impact rule: place: what is wrong", of every impact."""
    found = _AXE.run(page, options=OPTIONS).response["violations"]
    return [
        f"{rule['impact']} {rule['id']}: {' '.join(map(str, node['target']))}: "
        + "; ".join(check["message"] for check in (*node["any"], *node["all"], *node["none"]))
        for rule in found
        for node in rule["nodes"]
    ]


def assert_open_to_all(page: Page) -> None:
    """On its own screen and on a tall one, by day and by night; as wide as the screen and no wider."""
    size = page.viewport_size
    assert size
    found = faults(page)
    page.set_viewport_size({"width": size["width"], "height": TALL})
    for light in ("light", "dark"):
        page.emulate_media(color_scheme=light)  # type: ignore[arg-type]
        found += faults(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(size)
    problems = list(dict.fromkeys(found))
    assert not problems, "\n".join(problems)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def hosts(room: Room) -> None:
    """A line of the host in Chinese: shown in English and marked, refused in Arabic."""
    said = room.append(ev.ChatMessage(viewer="v-Lin", text="这款重580克", name="Lin", role="host"))
    room.append(ev.MessageTriaged(lang="zh", lang_confidence=1.0, intent="to_viewer"), cause=said.seq)
    about = {"message_seq": said.seq, "viewer": "", "lang": "zh"}
    room.append(
        ev.TranslationMade(target="en", text="It weighs 580 g", state="unchecked", reason="back", **about)
    )
    room.append(ev.TranslationMade(target="ar", text="", state="original", reason="number", **about))


def play(room: Room) -> str:
    """Lines, answers (one taken back, one being said, one of the host), drafts, evidence held, a caller who
    speaks, a platform that refuses. Returns the id of the reply that is being said."""
    room.says("¡Hola a todos! 😍", name="Ana")
    hosts(room)
    spoken = room.drafts(
        room.asks("¿cuánto dura la batería?"), "Batería: 24,3 horas al 50 % del volumen.",
        items=(BATTERY, PAPER, NAMED), needs_approval=False,
    )  # fmt: skip
    room.posts(spoken)
    wrong = room.drafts(room.asks("wie lange?", name="Tom", lang="de"), "96 Stunden.", needs_approval=False)
    room.posts(wrong)
    room.append(ev.ReplyRetracted(reply_id=wrong, reason="wrong"))
    person = room.drafts(
        room.asks("¿me la enseñas?", name="Eva"),
        "Ahora mismo.",
        items=(),
        needs_approval=False,
        by="operator",
    )
    room.posts(person)
    asked = room.asks("كم تدوم البطارية؟", name="سارة", lang="ar")
    room.drafts(asked, "٢٤٫٣ ساعة.", lang="ar", note="two reports")
    room.drafts(room.asks("¿es impermeable?", name="Leo"), "Los documentos no lo dicen.", items=())
    room.asks("電池はどれくらい持ちますか", name="Yui", lang="ja", market="JP")
    room.append(ev.EvidenceReleased(evidence_id="E3", state="held", by="operator:Tom"))
    room.append(ev.PlatformState(platform="twitch", state="live"))
    room.append(ev.PlatformState(platform="youtube", state="refused", message="make a new token"))
    return spoken


def say(room: Room, reply: str) -> None:
    """A caller speaks, and cohost says that reply, in its first sentence."""
    room.append(
        ev.MicOpened(lane="lane9", viewer="v-Kim", name="Kim", role="viewer", lang_hint="ko", market="KR")
    )
    room.append(ev.MicQueued(viewer="v-Ida", name="Ida", lang_hint="da", market="DK"))
    room.append(
        ev.TranscriptPartial(
            lane="lane9",
            viewer="v-Kim",
            utterance_id="u9",
            text="how long",
            lang="en",
            start_ms=0,
            end_ms=900,
        )
    )
    text = "Batería: 24,3 horas al 50 % del volumen."
    speech = room.speaks(reply, text)
    room.append(ev.SpeechSentence(speech_id=speech, n=0, text=text, lang="es", start_ms=0, duration_ms=1500))
