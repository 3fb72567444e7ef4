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

DELIVERY = """
from cohost.mouth.delivery import DeliveryStage
DeliveryStage._withheld = lambda self, event, reply: None
"""
MERGE = """
from cohost.understanding import merge
merge.same = lambda a, b, catalogue: a.products == b.products
"""
LANGUAGE = """
from cohost.ears.recognizer import WhisperRecognizer
WhisperRecognizer._language = lambda self, encoded, languages, prior: ("de", 1.0)
"""
WORDS = """
from cohost.ears import stage
stage.meaning = lambda *text, **more: "noise"
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
    Mutation("last look before delivery", ("changes/price-drafted-de", "changes/midnight-ja"), DELIVERY),
    Mutation("merging", ("crowd/quiet",), MERGE),
    Mutation("language of speech", ("hearing/clip-en-battery", "hearing/clip-es-battery"), LANGUAGE),
    Mutation("words that stop", ("floor_sound/stop-stop", "floor_sound/stop-wait"), WORDS),
    Mutation("show", ("show",), TABLE),
)


def evaluate(
    run: Sequence[str], folder: Path | None, out: Path, *, breaks: str = ""
) -> tuple[int, set[str]]:  # fmt: skip
    """Exit code, and the suites that fail."""
    place = () if folder is None else ("--kb", str(folder))
    done = subprocess.run(
        [sys.executable, "-c", breaks + MAIN, "eval", *run, *place,
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


Kept = tuple[bool, tuple[str, ...]]
"""Runs that can be one: on the changed folder or not, with the same options."""


def kept(mutation: Mutation) -> Kept:
    options = tuple(mutation.run[1:]) if "--lang" in mutation.run else ()
    return mutation.folder, options


class Sound:
    """What the same cases give with nothing broken, each run once."""

    def __init__(self, terms: Path, temporary: pytest.TempPathFactory) -> None:
        self._terms, self._temporary = terms, temporary
        self._given: dict[Kept, tuple[int, set[str]]] = {}

    def __call__(self, key: Kept) -> tuple[int, set[str]]:
        if key not in self._given:
            names = dict.fromkeys(
                name for m in MUTATIONS if kept(m) == key for name in (m.run[:1] if key[1] else m.run)
            )
            place = self._terms if key[0] else None
            self._given[key] = evaluate((*names, *key[1]), place, self._temporary.mktemp("sound"))
        return self._given[key]


@pytest.fixture(scope="module")
def sound(terms: Path, tmp_path_factory: pytest.TempPathFactory) -> Sound:
    return Sound(terms, tmp_path_factory)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.name)
def test_what_is_broken_turns_its_suite_red(
    mutation: Mutation, terms: Path, tmp_path: Path, sound: Sound
) -> None:
    assert sound(kept(mutation)) == (0, set())
    folder = None
    if mutation.folder:
        folder = tmp_path / "changed"
        shutil.copytree(terms, folder)
        text = (folder / TERMS).read_text(encoding="utf-8")
        (folder / TERMS).write_text(text.replace("30", "45"), encoding="utf-8")
    suite = mutation.run[0].partition("/")[0]
    found = evaluate(mutation.run, folder, tmp_path / "out", breaks=mutation.breaks)
    assert found == (1, {suite})
