"""A whole room with two LLM servers: one breaks off, the other writes until the show's ceiling is reached."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cohost import events as ev
from cohost.log import read_log, verify
from evals import chat_server as cs
from evals.chat_server import ChatServer, Reply
from tests.wire.cohost_process import Place
from tests.wire.test_live_room import Served

pytestmark = [pytest.mark.wire, pytest.mark.timeout(200)]
CONFIG = """
[llm]
first_sentence_s = 5
total_s = 10
currency = "EUR"
ceiling_tokens = 2000
[[llm.endpoint]]
name = "first"
model = "m"
base_url = "{first}"
[[llm.endpoint]]
name = "second"
model = "m"
base_url = "{second}"
price_in = 10
price_out = 20
"""
USAGE = {"prompt_tokens": 900, "completion_tokens": 100}


def weight(reply: Reply) -> str:
    found = re.search(r"^\[(E\d+)\] .*412", reply.prompt[-1]["content"], re.M)
    return f"The weight is 412 g, declared by the maker. [{found[1] if found else 'E1'}]"


def asks(page: Page, words: str, answers: int) -> str:
    """The newest answer to this viewer, once there are so many."""
    page.locator("#words").fill(words)
    page.keyboard.press("Enter")
    cards = page.locator(".answer.yours .text")
    expect(cards).to_have_count(answers, timeout=30_000)
    return cards.last.inner_text()


def test_the_second_server_writes_until_the_ceiling_then_the_composer_answers(
    place: Place, browser: Browser, tmp_path: Path
) -> None:
    log = place.root / "writer.log"
    with ChatServer(cs.dies(weight)) as first, ChatServer(cs.says(weight, usage=USAGE)) as second:
        config = tmp_path / "cohost.toml"
        config.write_text(CONFIG.format(first=first.url, second=second.url), encoding="utf-8")
        with place.start("serve", "--port", "0", "--log", str(log), "--config", str(config)) as running:
            room = Served(running, log)
            viewer, console = browser.new_page(), browser.new_page()
            console.goto(room.console)
            viewer.goto(f"{room.viewers}?lang=en&market=US")
            assert asks(viewer, "how heavy is the lamp?", 1) == "The weight is 412 g, declared by the maker."
            lights = console.locator("#platforms")
            expect(lights).to_contain_text("breaks off in the middle of an answer", timeout=10_000)
            assert "37" in asks(viewer, "how long does the battery last?", 2)
            expect(lights).to_contain_text("limit for the language model is reached", timeout=10_000)
            assert "41.50" in asks(viewer, "how much is it in Germany?", 3)
            viewer.close()
            console.close()
            assert running.stop().code == 0
    assert (len(first.replies), len(second.replies)) == (2, 2)
    assert verify(log).ok
    records = read_log(log)
    made = [r.event.draft.by for r in records if isinstance(r.event, ev.DecisionMade)]
    assert made == ["llm", "composer", "composer"]
    assert sum(isinstance(r.event, ev.WriterSpent) for r in records) == 1
    report = json.loads(place.run("report", str(log), "--json").out)
    told = report["writer"]["endpoints"]
    assert told["first"]["faults"] == {"died": 2}
    assert (told["second"]["written"], told["second"]["refused"], told["second"]["estimated"]) == (1, 1, 1)
    assert told["second"]["cost"] > 0.011  # 900 tokens at 10, 100 at 20, and what was refused
    assert report["writer"]["spent"]["tokens"] >= 2000
