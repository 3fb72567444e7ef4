"""The report after a show: what each platform carried, what is left to do, what was signed, the files."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.common.question import Asker, Question
from cohost.common.show import KEEP
from cohost.log import MemoryLog
from cohost.report import COLUMNS, as_csv, page, platforms, summarise, writer
from cohost.report.fold import fold
from cohost.report.tables import work
from cohost.report.timing import BUCKETS, timeline


def told(*events: ev.Event) -> list[ev.Record]:
    log = MemoryLog(VirtualClock())
    for event in events:
        log.append(event)
    return list(log.records())


SHOW = told(
    ev.ChatMessage(viewer="a", text="hi", platform="twitch"),
    ev.ChatMessage(viewer="h", text="hello", platform="twitch", role="host"),
    ev.ChatMessage(viewer="b", text="price?", platform="room"),
    ev.PlatformState(platform="twitch", state="live"),
    ev.PlatformState(platform="twitch", state="lost"),
    ev.PlatformState(platform="twitch", state="live"),
    ev.PlatformState(platform="<youtube>", state="refused", message="token"),
    ev.ReplyPosted(reply_id="r1", platform="twitch", text="t", lang="en"),
    ev.ReplyFailed(reply_id="r2", platform="twitch", message="503"),
    ev.ReplyUnknown(reply_id="r3", platform="twitch"),
)


def test_each_platform_says_what_it_read_and_what_became_of_its_posts() -> None:
    assert platforms(SHOW) == {
        "<youtube>": {"refused": 1},
        "room": {"lines": 1},
        "twitch": {"lines": 1, "lost": 1, "posted": 1, "failed": 1, "unknown": 1},
    }


def test_the_page_shows_them_escaped() -> None:
    shown = page(summarise(SHOW))
    assert "&lt;youtube&gt;" in shown
    assert "<youtube>" not in shown


def test_a_show_without_a_line_has_none() -> None:
    assert platforms([]) == {}
    assert "Platforms" in page(summarise(told(ev.OperatorStopped())))


def call(endpoint: str, **more: object) -> ev.WriterCalled:
    given = {
        "reply_id": "r1", "model": "m", "outcome": "written", "first_ms": 200, "prompt_tokens": 100,
        "completion_tokens": 20, "cached_tokens": 60, "cost": 0.25, "currency": "EUR",
    }  # fmt: skip
    return ev.WriterCalled(endpoint=endpoint, **given | more)


CALLED = told(
    call("<big>"),
    call("<big>", outcome="failed", fault="died", first_ms=None, estimated=True),
    call("small", outcome="refused", fault="claim", first_ms=400),
    ev.WriterSpent(tokens=360, cost=0.75, ceiling_cost=0.7, currency="EUR"),
)


def test_each_endpoint_says_what_it_was_asked_what_it_took_and_what_went_wrong() -> None:
    told = writer(CALLED)
    assert told["endpoints"]["<big>"] == {
        "model": "m", "calls": 2, "written": 1, "refused": 0, "failed": 1, "faults": {"died": 1},
        "prompt_tokens": 200, "cached_tokens": 120, "completion_tokens": 40, "estimated": 1, "cost": 0.5,
        "currency": "EUR", "first_ms": {"p50": 200, "p95": 200, "n": 1},
    }  # fmt: skip
    assert told["spent"]["cost"] == 0.75
    assert set(told["endpoints"]) == {"<big>", "small"}


def test_the_page_shows_the_endpoints_and_the_ceiling() -> None:
    shown = page(summarise(CALLED))
    for words in ("Language model", "&lt;big&gt;", "≈ 240", "≈ 0.5000 EUR", "died 1", "ceiling was reached"):
        assert words in shown
    assert "Language model" not in page(summarise(SHOW))


def question(
    number: int, text: str = "how heavy is it?", lang: str = "en", intent: str = "question.weight"
) -> ev.QuestionAsked:
    asked = Question(id=f"q{number}", text=text, lang=lang, intent=intent, products=("lamp",))
    return ev.QuestionAsked(question=asked, asker=Asker(message_seq=number, viewer=f"v{number}", lang=lang))


def test_a_report_forgets_no_question_that_the_live_fold_lets_go() -> None:
    count = KEEP + 500
    records = told(*(question(n) for n in range(count)))
    assert len(fold(records).show.questions) < count
    told_of = summarise(records)
    assert told_of["questions"] == len(told_of["questions_list"]) == count


def read(made: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made.removeprefix("\ufeff"), newline="")))


def test_a_cell_that_a_spreadsheet_would_run_is_text() -> None:
    texts = ('=HYPERLINK("http://x")', "+1", "ok?", "@a")
    records = told(*(question(n, text) for n, text in enumerate(texts)))
    rows = read(as_csv(summarise(records)["questions_list"]))
    assert [r["question"] for r in rows] == ['\'=HYPERLINK("http://x")', "'+1", "ok?", "'@a"]
    assert list(rows[0]) == list(COLUMNS)


@given(st.lists(st.text(max_size=30), max_size=6))
def test_every_text_of_a_question_comes_back_from_the_csv(texts: list[str]) -> None:
    records = told(*(question(n, text) for n, text in enumerate(texts)))
    back = [r["question"] for r in read(as_csv(summarise(records)["questions_list"]))]
    assert back == [f"'{t}" if t[:1] and t[0] in "=+-@\t\r" else t for t in texts]


def test_what_no_document_answered_is_work_by_product_and_attribute_most_askers_first() -> None:
    found = work(
        fold(told(
            question(1), question(2, "Gewicht?", "de"), question(3, "is it loud?", intent="question.noise"),
            question(4, "hello", intent="greeting"),
        )).questions.values()
    )  # fmt: skip
    assert [(w["product"], w["attribute"], w["askers"]) for w in found] == [
        ("lamp", "weight", 2),
        ("lamp", "noise", 1),
    ]
    assert found[0]["languages"] == {"en": 1, "de": 1}


def test_people_sign_what_they_do_and_cohost_signs_nothing() -> None:
    records = told(
        ev.ReplyApproved(reply_id="r1", text="t", by="autonomy"),
        ev.ReplyApproved(reply_id="r2", text="t", by="operator:Ana"),
        ev.EvidenceReleased(evidence_id="E7", state="held", by="operator:Bo"),
        ev.FactChanged(
            product="lamp", market="DE", attribute="price", value=41.5, unit="EUR", by="operator:Ana"
        ),
    )  # fmt: skip
    assert [(s["by"], s["what"], s["about"]) for s in summarise(records)["signed"]] == [
        ("operator:Ana", "approved", "r2"), ("operator:Bo", "evidence", "E7 held"),
        ("operator:Ana", "set", "lamp price DE 41.5 EUR"),
    ]  # fmt: skip


@pytest.mark.parametrize("end_ms", [0, 999, 60_000, 3_600_000, 90_000_000])
def test_a_time_line_holds_every_question_in_few_columns(end_ms: int) -> None:
    entries = list(fold(told(question(1), question(2))).questions.values())
    for entry in entries:
        entry.at_ms = end_ms
    line = timeline(entries, end_ms)
    assert len(line["columns"]) <= BUCKETS + 1
    assert sum(c.get("open", 0) for c in line["columns"]) == 2


def test_the_page_of_a_long_show_stays_a_page() -> None:
    shown = page(summarise(told(*(question(n) for n in range(3000)))))
    assert "2800 more in the files" in shown
    assert len(shown) < 400_000
