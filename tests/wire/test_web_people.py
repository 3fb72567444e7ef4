"""People with tokens of their own: what each may do over a real socket and sees in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from websockets.sync.client import ClientConnection

from cohost import events as ev
from cohost.common.people import POSTS, RIGHTS, Post, Signature, rights
from cohost.serving import report_so_far
from cohost.settings.people import Named, digest
from cohost.web.auth import Auth
from tests.wire.page_access import assert_open_to_all, play
from tests.wire.test_web_socket import joined, refused, send, until
from tests.wire.web_room import Room, served

pytestmark = pytest.mark.wire

NAMES: dict[Post, str] = {
    "operator": "Olga", "host": "Lin", "moderator": "Mo", "product": "Mei", "compliance": "Cora",
}  # fmt: skip
PEOPLE = tuple(Named(name, post, digest(f"token-of-{post}-{name}")) for post, name in NAMES.items())
STAFF = Auth(operator_token="operator-secret", host_token="host-secret", people=PEOPLE)
DRAFT = "Batería: 24,3 horas al 50 % del volumen."
SENT: dict[str, dict[str, Any]] = {
    "speech.stop": {}, "floor.give": {}, "product.pin": {"product": "glow"}, "rundown.set": {"items": []},
    "question.answer": {"question_id": "q0", "text": "x"}, "question.prompt": {"question_id": "q0"},
    "question.close": {"question_id": "q0"}, "question.hide": {"question_id": "q0"},
    "host.correct": {"message_seq": 1}, "reply.approve": {"reply_id": "r0"},
    "reply.edit": {"reply_id": "r0", "text": "x"}, "reply.reject": {"reply_id": "r0"},
    "reply.retract": {"reply_id": "r0", "reason": ""}, "fact.set": {"attribute": "nothing", "value": 1},
    "evidence.approve": {"id": "E0"}, "evidence.hold": {"id": "E0"}, "autonomy.set": {"level": "watch"},
    "chat.message": {"text": "hello"}, "mic.start": {}, "mic.stop": {}, "hand.raise": {},
    "playout": {"speech_id": "s0", "played_ms": 1},
}  # fmt: skip
"""A frame of every command; most name nothing that is there, which an allowed sender is told."""


def token(post: Post) -> str:
    return f"token-of-{post}-{NAMES[post]}"


@pytest.fixture
def room() -> Room:
    return Room(voice=True)


@pytest.fixture
def address(room: Room) -> Iterator[str]:
    with served(room, auth=STAFF, report=report_so_far) as address:
        yield address


# ── sockets ──
@pytest.mark.parametrize("wire", ["operator", "host", "own"])
@pytest.mark.parametrize("post", POSTS)
def test_hello_tells_name_role_and_rights_whatever_the_wire_is_told(
    address: str, post: Post, wire: str
) -> None:
    with joined(address, post if wire == "own" else wire, token=token(post), name="Somebody") as socket:
        hello = until(socket, "hello")
    person = hello["person"]
    assert (person["name"], person["role"], person["signed"]) == (NAMES[post], post, True)
    assert person["rights"] == list(rights(post))
    assert hello["you"]["name"] == NAMES[post]


@pytest.mark.parametrize("post", POSTS)
def test_each_command_is_taken_or_refused_as_the_table_says_and_the_connection_lives(
    room: Room, address: str, post: Post
) -> None:
    commands = [command for command in RIGHTS if command in SENT]
    assert len(commands) == len(SENT)
    before = room.log.last_seq
    with joined(address, "operator", token=token(post)) as socket:
        until(socket, "hello")
        for command in (one for one in commands if one not in rights(post)):
            send(socket, command, **SENT[command])
            error = until(socket, "error")
            assert error["code"] == "forbidden"
            assert f"got {command} from {NAMES[post]}, {post}; expected it from: operator" in error["message"]
        assert room.on_loop(lambda: room.log.last_seq) == before
    for some in range(0, len(rights(post)), 6):  # fewer than a page may send in a second
        with joined(address, "operator", token=token(post)) as socket:
            until(socket, "hello")
            for command in (one for one in rights(post)[some : some + 6] if one in SENT):
                send(socket, command, **SENT[command])
            send(socket, "fact.set", attribute=1, value=1)  # what came before has been answered then
            frames = []
            while not (frames and frames[-1].get("code") == "bad_frame"):
                frames.append(until_any(socket))
            assert not [f for f in frames if f.get("code") in ("forbidden", "too_fast", "unknown_type")]


def until_any(socket: ClientConnection) -> dict[str, Any]:
    frame: dict[str, Any] = json.loads(socket.recv(timeout=30))
    return frame


def test_shared_tokens_go_on_as_they_were_and_sign_nothing(room: Room, address: str) -> None:
    reply = room.drafts(room.asks("¿cuánto dura?"), DRAFT)
    with joined(address, "operator", token="operator-secret", name="Tom") as socket:
        person = until(socket, "hello")["person"]
        assert (person["name"], person["role"], person.get("signed", False)) == ("Tom", "operator", False)
        send(socket, "reply.approve", reply_id=reply)
        until(socket, "reply.state", state="approved")
    with joined(address, "host", token="host-secret") as socket:
        assert until(socket, "hello")["person"]["role"] == "host"
        send(socket, "reply.approve", reply_id=reply)
        assert until(socket, "error")["code"] == "forbidden"
    assert refused(address, "operator", token="host-secret") == 403
    assert refused(address, "product", token="operator-secret") == 403
    assert refused(address, "operator", token=digest(token("product"))) == 403
    assert [(e.by, e.signed) for e in room.events(ev.ReplyApproved)] == [("operator:Tom", None)]


def test_nobody_takes_a_persons_name_with_a_shared_token(room: Room, address: str) -> None:
    with joined(address, "operator", token="operator-secret", name="ＭＥＩ") as socket:
        assert until(socket, "hello")["you"]["name"] == ""
        send(socket, "evidence.hold", id="E1")
        until(socket, "evidence.released")
    assert [(e.by, e.signed) for e in room.events(ev.EvidenceReleased)] == [("operator", None)]


def test_every_act_is_signed_in_the_log_on_the_wire_and_in_the_report(room: Room, address: str) -> None:
    question = room.asks("¿cuánto dura?")
    reply = room.drafts(question, DRAFT)
    hidden = room.asks("jajaja", name="Tom")
    with joined(address, "operator", token=token("moderator")) as mo:
        until(mo, "hello")
        send(mo, "reply.approve", reply_id=reply)
        state = until(mo, "reply.state", state="approved")
        assert (state["by"], state["signed"]) == ("moderator:Mo", {"name": "Mo", "role": "moderator"})
        send(mo, "question.hide", question_id=hidden)
        until(mo, "question.state", question_id=hidden, state="ignored")
        room.posts(reply)
        posted = until(mo, "reply.posted")
        assert posted["approved_by"] == "moderator:Mo"
        assert posted["signed"] == {"name": "Mo", "role": "moderator"}
    with joined(address, "operator", token=token("product")) as mei:
        until(mei, "snapshot")
        send(mei, "evidence.approve", id="E1")
        released = until(mei, "evidence.released")
        assert released["signed"] == {"name": "Mei", "role": "product"}
        send(mei, "fact.set", product="wave", market="ES", attribute="price", value=69.9, unit="EUR")
        assert until(mei, "fact.changed")["signed"]["name"] == "Mei"
    with joined(address, "operator", token=token("compliance")) as cora, joined(address) as viewer:
        first = until(cora, "snapshot")
        assert first["released"][0]["signed"] == {"name": "Mei", "role": "product"}
        send(cora, "reply.retract", reply_id=reply, reason="unclear")
        assert until(cora, "reply.retracted")["signed"]["name"] == "Cora"
        assert {"by", "signed", "reason"}.isdisjoint(until(viewer, "reply.retracted"))
    with joined(address) as viewer:
        seen = until(viewer, "snapshot")
        assert "Mo" not in str(seen["replies"])
        assert "person" not in until_hello(address)
    mei_signs = Signature("Mei", "product")
    assert room.events(ev.EvidenceReleased)[0].signed == mei_signs
    assert [(e.by, e.signed) for e in room.events(ev.FactChanged)] == [("operator", mei_signs)]
    for post, status in (("compliance", 200), ("operator", 200), ("product", 403), ("moderator", 403)):
        got = httpx.get(f"http://{address}/report", params={"token": token(post)})  # type: ignore[arg-type]
        assert got.status_code == status
    page = httpx.get(f"http://{address}/report", params={"token": token("compliance")}).text
    for who in ("Mo, moderator", "Mei, product", "Cora, compliance"):
        assert who in page
    told = httpx.get(f"http://{address}/report/show.json", params={"token": token("operator")}).json()
    assert {(a["who"], a["what"], a["signed"]) for a in told["signed"]} >= {
        ("Mo, moderator", "approved", True), ("Mo, moderator", "hid", True),
        ("Mei, product", "evidence", True), ("Mei, product", "set", True),
        ("Cora, compliance", "took back", True),
    }  # fmt: skip


def until_hello(address: str) -> dict[str, Any]:
    with joined(address) as viewer:
        return until(viewer, "hello")


def test_compliance_lowers_how_far_cohost_goes_and_never_raises_it(room: Room, address: str) -> None:
    room.append(ev.AutonomySet(level="post", by="settings"))
    with joined(address, "operator", token=token("compliance")) as socket:
        until(socket, "snapshot", autonomy="post")
        send(socket, "autonomy.set", level="suggest", intent="question.price")
        until(socket, "autonomy", level="post")
        for higher in ({"level": "full"}, {"level": None, "intent": "question.price"}):
            send(socket, "autonomy.set", **higher)
            error = until(socket, "error")
            assert error["code"] == "forbidden"
            assert "an operator may raise it" in error["message"]
        send(socket, "autonomy.set", level="watch")
        assert until(socket, "autonomy", level="watch")["signed"]["name"] == "Cora"
    assert [e.level for e in room.events(ev.AutonomySet)][-2:] == ["suggest", "watch"]


def test_drafts_reach_those_who_may_read_them(room: Room, address: str) -> None:
    room.drafts(room.asks("¿cuánto dura?"), DRAFT)
    for post in POSTS:
        with joined(address, "operator", token=token(post)) as socket:
            seen = len(until(socket, "snapshot").get("drafts", ()))
        assert seen == (1 if "drafts.read" in rights(post) else 0), post


def test_the_room_is_attended_by_those_alone_who_may_approve(room: Room) -> None:
    with (
        served(room, auth=STAFF, away_ms=200) as address,
        joined(address, "operator", token=token("compliance")) as socket,
    ):
        until(socket, "autonomy", attended=False)
        with joined(address, "operator", token=token("moderator")):
            assert until(socket, "autonomy").get("attended", True) is True


def test_a_person_of_the_staff_is_let_into_a_room_with_a_viewers_token(room: Room) -> None:
    shut = Auth(operator_token="operator-secret", viewer_token="seat", people=PEOPLE)
    with served(room, auth=shut) as address:
        assert refused(address, "viewer") == 403
        with joined(address, "viewer", token=token("product")) as socket:
            assert until(socket, "hello")["you"]["role"] == "viewer"


# ── the console ──
Desk = Callable[..., Page]


@pytest.fixture
def desk(browser: Browser, address: str) -> Iterator[Desk]:
    contexts, faults = [], list[str]()

    def open_desk(post: Post, width: int = 1440, lang: str = "en", where: str = "console") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="en")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"http://{address}/{where}?token={token(post)}&lang={lang}")
        expect(page.locator("#me")).to_be_visible()
        return page

    yield open_desk
    for context in contexts:
        context.close()
    assert faults == []


def shown(page: Page, names: str) -> set[str]:
    return {name for name in names.split() if page.locator(f"#{name}").is_visible()}


CONTROLS = "levels pin fact-open stop give rules-open rundown-open prompter evidence setup report"


@pytest.mark.parametrize("width", [390, 1440])
def test_a_moderator_decides_drafts_and_questions_and_sees_no_other_control(
    room: Room, desk: Desk, width: int
) -> None:
    play(room)
    first = room.drafts(room.asks("¿cuánto dura?", name="Bea"), DRAFT)
    page = desk("moderator", width)
    expect(page.locator("#me")).to_have_text("Signed as Mo, moderator")
    expect(page.locator(f'#drafts [data-reply="{first}"]')).to_be_attached()
    assert shown(page, CONTROLS) == set()
    expect(page.locator("#pinned")).to_have_text("Wave portable speaker")
    texts = set(page.locator("main .card .acts button").all_inner_texts())
    assert {re.sub(r"\s+[AEX]$", "", one) for one in texts if not one.startswith(("Test", "Cert"))} >= {
        "Approve", "Edit", "Reject", "Answered aloud", "Hide",
    }  # fmt: skip
    for absent in ("Answer yourself", "Take back", "Release"):
        expect(page.locator("main").get_by_role("button", name=absent)).to_have_count(0)
    for key in "sfn":  # keys are no way around
        page.keyboard.press(key)
    card = page.locator(f'#drafts [data-reply="{first}"]')
    card.locator("button.primary").click()
    expect(card).to_have_count(0)
    room.posts(first)
    signature = page.locator(f'#posted [data-reply="{first}"] .signed')
    expect(signature).to_have_text("✓ approved by Mo, moderator")
    assert room.events(ev.OperatorStopped) == []
    assert room.events(ev.FloorGiven) == []
    assert_open_to_all(page)
    page.reload()
    expect(signature).to_have_text("✓ approved by Mo, moderator")


@pytest.mark.parametrize("width", [390, 1440])
def test_a_product_person_sets_facts_and_evidence_and_sees_no_draft(
    room: Room, desk: Desk, width: int
) -> None:
    play(room)
    room.drafts(room.asks("¿cuánto dura?", name="Bea"), DRAFT)
    page = desk("product", width)
    expect(page.locator("#me")).to_have_text("Signed as Mei, product")
    expect(page.locator("#posted .card").first).to_be_attached()
    assert shown(page, CONTROLS) == {"pin", "fact-open", "evidence", "setup"}
    expect(page.locator("#drafts")).to_be_hidden()
    expect(page.locator("#questions").get_by_role("button")).to_have_count(0)
    expect(page.locator("#held .signed")).to_have_text("Held by Tom, operator")
    page.locator("#pin").select_option("glow")
    page.locator("#held-box summary").click()
    page.locator("#held button").first.click()
    expect(page.locator("#held-box")).to_be_hidden()
    assert room.events(ev.EvidenceReleased)[-1].signed == Signature("Mei", "product")
    assert room.events(ev.ProductPinned)[-1].signed == Signature("Mei", "product")
    assert_open_to_all(page)


def test_compliance_sees_no_level_above_the_one_that_stands(room: Room, desk: Desk) -> None:
    play(room)
    page = desk("compliance")
    levels = page.locator("#levels button:visible")
    expect(levels).to_have_text(["Watch", "Suggest"])
    levels.first.click()
    expect(levels).to_have_text(["Watch"])
    assert shown(page, CONTROLS) == {"levels", "rules-open", "evidence", "report"}
    button = page.locator("#drafts .card .acts button").first
    expect(button).to_contain_text("Reject")
    assert_open_to_all(page)


def test_a_host_at_the_console_answers_and_stops_and_sees_no_drafts(room: Room, desk: Desk) -> None:
    play(room)
    page = desk("host")
    assert shown(page, CONTROLS) == {"pin", "stop", "give", "rundown-open", "prompter"}
    expect(page.locator("#questions").get_by_role("button", name="Answer yourself").first).to_be_visible()
    expect(page.locator("#drafts")).to_be_hidden()
    expect(page.locator("#toast")).to_contain_text("youtube")
    page.keyboard.press("s")
    expect(page.locator("#toast")).to_contain_text("Lin, host")


def test_two_people_see_who_decided_with_name_and_role(room: Room, desk: Desk) -> None:
    first = room.drafts(room.asks("¿cuánto dura?"), DRAFT)
    olga, mo, mei = desk("operator"), desk("moderator", lang="de"), desk("product")
    expect(mo.locator("#drafts .card")).to_have_count(1)
    expect(olga.locator("#drafts .card")).to_have_count(1)
    olga.keyboard.press("a")
    expect(mo.locator("#toast")).to_have_text("Olga (Regie) hat es zuerst freigegeben.")
    expect(mo.locator("#drafts .card")).to_have_count(0)
    room.posts(first)
    expect(mei.locator("#posted .signed")).to_have_text("✓ approved by Olga, operator")
    with_evidence = mei.evaluate("() => document.querySelector('#evidence').href")
    assert "token=" in with_evidence
    room.append(
        ev.EvidenceReleased(
            evidence_id="E1", state="held", by="compliance:Cora", signed=Signature("Cora", "compliance")
        )
    )
    expect(olga.locator("#toast")).to_contain_text("Held by Cora, compliance")


def test_a_person_signs_in_every_language_of_the_console(room: Room, desk: Desk) -> None:
    play(room)
    for lang in ("ar", "zh", "hi", "pl"):
        page = desk("product", lang=lang)
        expect(page.locator("#me")).to_contain_text("Mei")
        assert "{" not in page.locator("#me").inner_text()


class Folder:
    """A folder that takes files and a form."""

    name, writable = "goods", True

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def state(self, seen: str) -> tuple[str, Any]:
        return "1", {"papers": [], "problems": [], "products": [], "markets": [], "models": [], "brand": {}}

    async def take(self, name: str, data: bytes) -> str:
        self.taken.append(name)
        return name

    async def write(self, wanted: bytes) -> str:
        self.taken.append("kb.toml")
        return ""


def test_a_product_person_uploads_documents_and_the_form_stays_the_operators(
    room: Room, browser: Browser
) -> None:
    folder = Folder()
    with served(room, auth=STAFF, setup=folder) as address:
        with httpx.Client(base_url=f"http://{address}") as client:
            for post in ("host", "moderator", "compliance"):
                assert client.get("/setup", params={"token": token(post)}).status_code == 403
            assert client.get("/setup", params={"token": token("product")}).status_code == 200
            assert client.put("/setup/files/spec.pdf", content=b"x").status_code == 201
            refused = client.post("/setup/brand", content=b"{}")
            assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
            assert client.get("/setup", params={"token": token("operator")}).status_code == 200
            assert client.post("/setup/brand", content=b"{}").status_code == 200
        page = browser.new_page()
        for post, forms in (("product", False), ("operator", True)):
            page.goto(f"http://{address}/setup?token={token(post)}&lang=en")
            expect(page.locator("#status")).to_have_text("The folder is empty.")
            assert page.locator("#forms").is_visible() is forms
        page.close()
    assert folder.taken == ["spec.pdf", "kb.toml"]


CHECK = """<main id="check"><div id="filters"><select id="by-product"></select>
<select id="by-market"></select>
<select id="by-kind"></select><select id="by-release"></select><select id="by-document"></select></div>
<details class="doc" data-document="a.pdf" open><summary>a.pdf</summary><ul><li class="item" id="E1"
data-release="approved"><span class="tag" data-state>On air</span><blockquote>24.3 h</blockquote>
<button data-do="hold">Hold</button></li></ul></details>
<div id="decisions" data-on="2026-11-20" hidden><b id="decided"></b><input id="approver" aria-label="By">
<textarea id="lines" aria-label="Lines"></textarea><button id="copy">Copy</button>
<button id="clear">Clear</button></div></main>"""


def test_the_evidence_page_signs_and_says_who_decided(room: Room, browser: Browser) -> None:
    async def check(items: Any, on: Any) -> str:
        return CHECK

    with served(room, auth=STAFF, check=check) as address:
        assert httpx.get(f"http://{address}/evidence", params={"token": token("host")}).status_code == 403
        page = browser.new_page()
        page.goto(f"http://{address}/evidence?token={token('product')}")
        expect(page.locator("#me")).to_have_text("Signed as Mei, product")
        expect(page.locator("#approver")).to_have_value("Mei, product")
        page.locator("#E1 button").click()
        expect(page.locator("#E1 [data-state]")).to_have_text("Held · Mei, product")
        assert room.events(ev.EvidenceReleased)[-1].signed == Signature("Mei", "product")
        page.goto(f"http://{address}/evidence?token={token('compliance')}")
        expect(page.locator("#E1 [data-state]")).to_have_text("Held · Mei, product")
        page.close()
