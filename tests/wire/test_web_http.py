"""The room over plain HTTP: pages, evidence, questions, health, headers."""

import base64
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from PIL import Image, ImageDraw

from cohost import events as ev
from cohost.errors import WireError
from cohost.web.auth import Auth
from cohost.web.limits import Limits
from cohost.web.server import AskLine
from tests.wire.web_room import BATTERY, PAPER, Library, Room, served

pytestmark = pytest.mark.wire

QUOTE = BATTERY.source.quote


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the two documents that the room's evidence names."""
    root = tmp_path_factory.mktemp("kb")
    (root / "reports").mkdir()
    (root / "certificates").mkdir()
    (root / BATTERY.source.document).write_bytes(two_pages(QUOTE))
    scan = Image.new("RGB", (900, 600), "white")
    ImageDraw.Draw(scan).text((60, 60), PAPER.source.quote, fill="black")
    scan.save(root / PAPER.source.document)
    return root


def two_pages(words: str) -> bytes:
    """A PDF of two pages, the words on the second."""
    text = f"BT /F1 14 Tf 60 700 Td ({words}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 6 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 7\n0000000000 65535 f \n" + table + trailer


async def answer(line: AskLine) -> dict[str, Any]:
    if line.market == "XX":
        raise WireError("bad_market", "got XX, expected a country")
    return {"id": line.id, "question": line.question, "action": "answer"}


@pytest.fixture(scope="module")
def room(folder: Path) -> Room:
    scan = msgspec.structs.replace(PAPER, visibility="page")
    library = Library()
    library.items["E2"] = scan
    return Room(root=folder, library=library)


@pytest.fixture(scope="module")
def web(room: Room) -> Iterator[httpx.Client]:
    with (
        served(room, ask=answer, limits=Limits(ask_rate=0.001, ask_burst=8)) as address,
        httpx.Client(base_url=f"http://{address}") as client,
    ):
        yield client


def test_pages_come_without_inline_script_and_with_strict_headers(web: httpx.Client) -> None:
    for path in ("/", "/console", "/overlay"):
        page = web.get(path)
        assert page.status_code == 200
        assert page.headers["x-content-type-options"] == "nosniff"
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert ("frame-ancestors *" in policy) == (path == "/overlay")
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page.text)
        assert not re.findall(r"https?://", page.text)
        for file in re.findall(r'(?:src|href)="(/pages/[^"]+)"', page.text):
            assert web.get(file).status_code == 200, file


def test_pages_never_write_markup() -> None:
    pages = Path(__file__).parents[2] / "cohost" / "web" / "pages"
    for module in pages.glob("*.js"):
        code = module.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", code), (
            module.name
        )


def test_every_word_a_page_asks_for_is_in_its_tables() -> None:
    from cohost.web.words import page_words

    words = page_words("en")
    pages = Path(__file__).parents[2] / "cohost" / "web" / "pages"
    viewer = set(words["viewer"])
    staff = viewer | set(words["console"])
    known = {
        "viewer": viewer,
        "overlay": viewer,
        "parts": viewer,
        "product": viewer,
        "console": staff,
        "cards": staff,
    }
    for name, keys in known.items():
        found = re.findall(r'\bt\("(\w+)"', (pages / f"{name}.js").read_text(encoding="utf-8"))
        html = pages / f"{name}.html"
        if html.is_file():
            found += re.findall(r'data-(?:t|label|hint)="(\w+)"', html.read_text(encoding="utf-8"))
        assert found
        assert set(found) <= keys, set(found) - keys


def test_no_path_leads_out_of_the_pages(web: httpx.Client) -> None:
    assert web.get("/pages/..%2fserver.py").status_code == 404
    assert web.get("/pages/%2e%2e/%2e%2e/events.py").status_code == 404


def test_words_come_in_any_language_and_english_for_others(web: httpx.Client) -> None:
    assert web.get("/api/languages/pt-BR").json()["viewer"]["send"] == "Enviar"
    assert web.get("/api/languages/ar").json()["dir"] == "rtl"
    assert web.get("/api/languages/tlh").json()["tag"] == "en"


def test_health_schema_and_metrics_answer(web: httpx.Client, room: Room) -> None:
    room.posts(room.drafts(room.asks("¿cuánto dura?"), "24,3 h", needs_approval=False))
    assert web.get("/healthz").json()["status"] == "ok"
    assert web.get("/schema.json").json()["$defs"]["out"]["oneOf"]
    said = web.get("/metrics").text
    for name in (
        'cohost_messages_total{role="viewer"} 1.0', 'cohost_replies_total{outcome="posted"} 1.0',
        "cohost_reply_latency_seconds_count 1.0", 'cohost_questions{state="answered"} 1.0',
        'cohost_pages{role="viewer"} 0.0', "process_resident_memory_bytes", "cohost_loop_late_seconds",
    ):  # fmt: skip
        assert name in said, name


def test_evidence_shows_the_quote_where_it_may(web: httpx.Client) -> None:
    item = web.get("/evidence/E1").json()
    assert (item["quote"], item["page"], item["valid"]) == (QUOTE, 2, True)
    assert item["picture"] == "/evidence/E1/page.png"
    scan = web.get("/evidence/E2").json()
    assert (scan["ocr"], scan["valid"], scan["valid_until"]) == (True, False, "2025-10-31")


@pytest.mark.parametrize("hidden", ["E3", "E4", "E99", "..%2Fkb.toml"])
def test_evidence_that_may_not_be_seen_is_not_found(web: httpx.Client, hidden: str) -> None:
    assert web.get(f"/evidence/{hidden}").status_code == 404
    assert web.get(f"/evidence/{hidden}/page.png").status_code == 404


def test_the_page_is_drawn_with_the_quote_marked(web: httpx.Client, tmp_path: Path) -> None:
    answer = web.get("/evidence/E1/page.png", timeout=30)
    assert answer.headers["content-type"] == "image/png"
    (tmp_path / "page.png").write_bytes(answer.content)
    with Image.open(tmp_path / "page.png") as picture:
        shown = picture.convert("RGB")
        colours = {colour for _, colour in shown.getcolors(maxcolors=200_000) or []}
        assert picture.width == 1100
    assert (255, 214, 64) in colours  # the marker pen
    assert web.get("/evidence/E2/page.png", timeout=30).status_code == 200


def test_a_held_item_is_gone_at_once(folder: Path) -> None:
    room = Room(root=folder)
    with served(room) as address, httpx.Client(base_url=f"http://{address}") as web:
        assert web.get("/evidence/E1").status_code == 200
        room.append(ev.EvidenceReleased(evidence_id="E1", state="held"))
        assert web.get("/evidence/E1").status_code == 404


def test_a_broken_document_is_an_error_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / BATTERY.source.document).write_bytes(b"%PDF-1.4 broken")
    with served(Room(root=tmp_path)) as address, httpx.Client(base_url=f"http://{address}") as web:
        answer = web.get("/evidence/E1/page.png", timeout=30)
        assert answer.status_code == 422
        assert "WV-1_battery_life_report.pdf" in answer.json()["error"]["message"]
        assert str(tmp_path) not in answer.text


def test_a_question_is_answered_and_a_bad_one_told(web: httpx.Client) -> None:
    assert web.post("/api/ask", json={"id": "7", "question": "how long?"}).json()["id"] == "7"

    def told(status: int, **request: Any) -> str:
        answer = web.post("/api/ask", **request)
        assert answer.status_code == status, answer.text
        return str(answer.json()["error"]["code"])

    assert told(400, content=b"how long?") == "bad_json"
    assert told(400, content=b'{"question": "\xff"}') == "bad_json"
    assert told(400, json={"q": 1}) == "bad_line"
    assert told(400, json={"question": "a", "market": "XX"}) == "bad_market"
    assert told(413, content=b"x" * 20_000) == "too_large"
    assert told(403, json={"question": "a"}, headers={"Origin": "https://evil.example"}) == "foreign_origin"
    for _ in range(8):
        last = web.post("/api/ask", json={"question": "again"}).status_code
    assert last == 429


def test_a_room_that_asks_for_a_token_asks_here_too() -> None:
    auth = Auth(operator_token="op", viewer_token="seat")
    with served(Room(), auth=auth, ask=answer) as address, httpx.Client(base_url=f"http://{address}") as web:
        assert web.post("/api/ask", json={"question": "a"}).status_code == 401
        seat = {"Authorization": "Bearer seat"}
        assert web.post("/api/ask", json={"question": "a"}, headers=seat).status_code == 200


def test_a_room_without_a_way_to_ask_says_so() -> None:
    with served(Room()) as address:
        answer = httpx.post(f"http://{address}/api/ask", content=json.dumps({"question": "a"}))
        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "not_available"


def test_pictures_are_data_and_no_path(web: httpx.Client) -> None:
    assert base64.b64encode(web.get("/evidence/E1/page.png", timeout=30).content[:8]) == b"iVBORw0KGgo="


def test_headers_without_end_are_cut_off(web: httpx.Client) -> None:
    address = (web.base_url.host, web.base_url.port or 0)
    with socket.create_connection(address, timeout=10) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        with pytest.raises(ConnectionError):
            raw.sendall(b"".join(b"X-%d: " % n + b"a" * 1000 + b"\r\n" for n in range(20_000)))
    assert web.get("/healthz").status_code == 200


def test_a_posts_link_shows_the_answer_and_the_documents_own_words(folder: Path) -> None:
    room = Room(folder)
    reply = room.drafts(room.asks("¿cuánto dura la batería?"), "Dura 24,3 h al 50 %.")
    with served(room) as address:
        room.posts(reply)
        page = httpx.get(f"http://{address}/answer/{reply}")
        assert page.status_code == 200
        assert 'lang="es"' in page.text
        assert "Dura 24,3 h al 50 %." in page.text
        assert QUOTE in page.text
        assert "<script" not in page.text
        picture = re.search(r'src="(/evidence/[^"]+)"', page.text)
        assert picture
        assert httpx.get(f"http://{address}{picture[1]}").headers["content-type"] == "image/png"
        gone = httpx.get(f"http://{address}/answer/r0<script>")
        assert gone.status_code == 404
        assert "<script" not in gone.text


def test_an_answer_that_was_taken_back_says_so(folder: Path) -> None:
    room = Room(folder)
    reply = room.drafts(room.asks("¿cuánto dura la batería?"), "Dura 240 h.")
    with served(room) as address:
        room.posts(reply)
        assert "Retirada" not in httpx.get(f"http://{address}/answer/{reply}").text
        room.append(ev.ReplyRetracted(reply_id=reply, reason="wrong"))
        assert "Retirada" in httpx.get(f"http://{address}/answer/{reply}").text


@pytest.mark.parametrize(
    ("wanted", "lang", "said"),
    [
        ("ar-EG,ar;q=0.9,en;q=0.5", "ar", "لم تعد هذه الغرفة"),
        ("tlh, pt-BR;q=0.4", "pt", "Esta sala já não"),
        ("en;q=0.3, ja", "ja", "この回答は"), ("", "en", "no longer holds"),
        ("de;q=x, *", "en", "no longer holds"),
    ],
)  # fmt: skip
def test_a_link_to_an_answer_that_is_gone_says_so_in_the_readers_language(
    web: httpx.Client, wanted: str, lang: str, said: str
) -> None:
    page = web.get("/answer/r0", headers={"accept-language": wanted})
    assert page.status_code == 404
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">' in page.text
    assert said in page.text
