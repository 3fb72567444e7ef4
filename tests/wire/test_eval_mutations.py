"""The harness notices: each part broken on purpose turns the suite that watches it red."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.wire.cohost_process import environ

pytestmark = pytest.mark.wire

ROOT = Path(__file__).parents[2]
TERMS = "shop/returns_other_markets.md"
RETURNS = ("answers/en-returns-us", "answers/pt-returns-br", "answers/ja-returns-jp")
MAIN = "import sys\nfrom cohost.cli import main\nsys.exit(main(sys.argv[1:]))\n"

GUARD = """
from cohost.trust import guard
guard._RULES = tuple(rule for rule in guard._RULES if rule.__name__ != "check_figures")
"""
PROMPT = """
import pathlib, shutil, tempfile
from cohost import resources
real, place = resources.find, pathlib.Path(tempfile.mkdtemp()) / "prompts"
shutil.copytree(real("prompts"), place)
file = place / "answer.md"
rule = next(line for line in file.read_text().splitlines() if "[E3]" in line)
file.write_text(file.read_text().replace(rule, "- Say only what the evidence states."))
resources.find = lambda name: place if name == "prompts" else real(name)
"""
THRESHOLD = """
from cohost.understanding import attributes
attributes.ENOUGH = 0.99
"""
TABLE = """
from cohost import languages
real = languages.table
languages.table = lambda lang, name: {} if (lang, name) == ("de", "attributes") else real(lang, name)
"""
DRAFTS = """
from cohost.trust import guard
guard.check = lambda *_: guard.Verdict("allow")
"""
ORDERS = """
import pathlib, tempfile
from cohost import resources
from cohost.knowledge.extract import passages
place = pathlib.Path(tempfile.mkdtemp())  # what was read before does not count
resources.cache_dir = lambda: place
passages.instructs = lambda text: False
"""


@dataclass(frozen=True)
class Mutation:
    """`breaks`: Python run before the command; `folder`: the folder has one document changed."""

    name: str
    run: Sequence[str]
    breaks: str = ""
    folder: bool = False


MUTATIONS = (
    Mutation("guard", ("guard", "--lang", "de"), GUARD),
    Mutation("prompt", ("prompts", "--lang", "pt"), PROMPT),
    Mutation("threshold", ("answers", "--lang", "de"), THRESHOLD),
    Mutation("language table", ("answers", "--lang", "de"), TABLE),
    Mutation("drafts unread", ("attacks", "--lang", "en"), DRAFTS),
    Mutation("orders in papers", ("attacks", "--lang", "es"), ORDERS),
    Mutation("document", RETURNS, folder=True),
)


def evaluate(mutation: Mutation, folder: Path | None, out: Path, *, broken: bool) -> tuple[int, set[str]]:
    """Exit code, and the suites that fail."""
    place = () if folder is None else ("--kb", str(folder))
    done = subprocess.run(
        [sys.executable, "-c", (mutation.breaks if broken else "") + MAIN, "eval", *mutation.run, *place,
         "--fresh", "--workers", "1", "--json", "--out", str(out)],
        cwd=ROOT, env=environ(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    told = json.loads((out / "results.json").read_text(encoding="utf-8"))
    return done.returncode, {s["suite"] for s in told["suites"] if s["failing"]}


@pytest.fixture(scope="module")
def terms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo brand with one document of its own."""
    folder = tmp_path_factory.mktemp("brand") / "brand"
    (folder / "shop").mkdir(parents=True)
    for name in ("kb.toml", TERMS):
        shutil.copy(ROOT / "knowledge_base" / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def sound(
    terms: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, ...], tuple[int, set[str]]]:
    """What each run gives with nothing broken."""
    out = tmp_path_factory.mktemp("sound")
    runs = {tuple(m.run): m for m in MUTATIONS}
    return {
        run: evaluate(m, terms if m.folder else None, out, broken=False) for run, m in runs.items()
    }  # fmt: skip


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.name)
def test_what_is_broken_turns_its_suite_red(
    mutation: Mutation, terms: Path, tmp_path: Path, sound: dict[tuple[str, ...], tuple[int, set[str]]]
) -> None:
    assert sound[tuple(mutation.run)] == (0, set())
    folder = None
    if mutation.folder:
        folder = tmp_path / "changed"
        shutil.copytree(terms, folder)
        text = (folder / TERMS).read_text(encoding="utf-8")
        (folder / TERMS).write_text(text.replace("30", "45"), encoding="utf-8")
    suite = mutation.run[0].partition("/")[0]
    assert evaluate(mutation, folder, tmp_path / "out", broken=True) == (1, {suite})
