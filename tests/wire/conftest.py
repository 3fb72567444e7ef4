"""What the tests of the commands share: a small checkout, and a process that runs commands in it."""

from __future__ import annotations

import re
import shutil
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wire.cohost_process import Place, Worker

ROOT = Path(__file__).parents[2]

DEMO = """
on = 2026-01-05
title = "Probe"
[[step]]
do = "say"
at_s = 0
viewer = "v"
market = "DE"
text = "wie schwer ist die Lampe?"
expect = { action = "answer", lang = "de", has = ["412"], cites = ["spec.md"] }
"""


def settings_of_the_readme() -> str:
    """Every key with its default."""
    found = re.search(r"<!-- settings -->\n```toml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    assert found
    return found[1]


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory, probe_folder: Path) -> Place:
    """A checkout whose demo brand is the small folder, also known as my-brand."""
    root = tmp_path_factory.mktemp("place")
    for name in ("cohost", "prompts", "pyproject.toml"):
        (root / name).symlink_to(ROOT / name)
    shutil.copytree(probe_folder, root / "knowledge_base")
    (root / "my-brand").symlink_to("knowledge_base")
    (root / "my-brand" / "_show").mkdir()
    files = {
        "my-brand/_show/demo.toml": DEMO, "untrue.toml": DEMO.replace("412", "413"),
        "misspelt.toml": DEMO.replace('"answer"', '"anwser"'), "notes.txt": "no log, no folder",
        "cohost.toml": settings_of_the_readme(),
    }  # fmt: skip
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    with wave.open(str(root / "silence.wav"), "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes(bytes(32_000))
    return Place(root)


@pytest.fixture(scope="module")
def worker(place: Place) -> Iterator[Worker]:
    worker = Worker(place)
    yield worker
    worker.close()
