"""NoMIRACL: a question with ten passages that people judged, none of which answers it, or one of which does.

Source: Thakur et al. 2024, github.com/project-miracl/nomiracl, Apache-2.0; its passages are Wikipedia's,
CC-BY-SA. Looked for: `text/nomiracl/<lang>.relevant.jsonl[.gz]`, `<lang>.non_relevant.jsonl[.gz]`, a line a
question: `query_id`, `question`, `answerable`, `passages`.

Every question gets a folder of its own with its passages as a document, read and asked as any shop's. cohost
knows goods, no encyclopaedia: what counts here is that it refuses where nothing answers. Published on these
rows: GPT-4 answers .36 of what it must refuse and refuses .15 of what it could answer, Mixtral .24/.33,
Mistral-7B .12/.70.
"""

from __future__ import annotations

import contextlib
import gzip
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import msgspec

from cohost.errors import OperatorError
from cohost.languages import LANGUAGES
from evals.case import Case
from evals.external.files import evenly, missing
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.suite import Suite
from evals.world import World

FOLDER = "text/nomiracl"
EACH = 10
"""Questions of each language, answerable and not."""


class Judged(msgspec.Struct, frozen=True):
    """A line as published."""

    query_id: str
    question: str
    answerable: bool
    passages: tuple[str, ...]


class PassagesCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question and all that there is to answer it from."""

    question: str
    answerable: bool
    passages: tuple[str, ...]


def absent(world: World) -> str:
    return missing(world, FOLDER)


def load(suite: Suite, world: World) -> Sequence[PassagesCase]:
    if world.data is None:
        return []
    found: list[PassagesCase] = []
    for file in sorted((world.data / FOLDER).glob("*relevant.jsonl*")):
        lang = file.name.partition(".")[0]
        if lang in LANGUAGES:
            found += [_case(lang, row) for row in evenly(list(rows(file)), EACH)]
    return found


def rows(file: Path) -> Iterator[Judged]:
    """Raises OperatorError with the line that does not fit."""
    try:
        data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    except (OSError, EOFError) as error:
        raise OperatorError(f"{file.name}: got {error}, expected the file as it was published") from error
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            yield msgspec.json.decode(line, type=Judged)
        except msgspec.DecodeError as error:
            raise OperatorError(f"{file.name}:{number}: got a line of another shape ({error})") from error


def _case(lang: str, row: Judged) -> PassagesCase:
    slug = row.query_id.replace("#", "-")
    return PassagesCase(
        id=f"{lang}-{'yes' if row.answerable else 'no'}-{slug}", lang=lang, question=row.question,
        answerable=row.answerable, passages=row.passages,
    )  # fmt: skip


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    async def run(case: PassagesCase) -> list[Outcome]:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "papers"
            folder.mkdir()
            (folder / "passages.md").write_text(document(case.passages), encoding="utf-8")
            here = World(folder, on=suite.on)
            try:
                answer, _ = await here.ask({"question": case.question, "lang": case.lang}, suite.on)
            finally:
                here.close()
        answered = answer["action"] == "answer"
        name = "answered" if case.answerable else "refused"
        return [
            Outcome(
                case=case.id, lang=case.lang, asked=case.question,
                scores={name: float(answered == case.answerable)},
                expected={"kind": "answer" if case.answerable else "refuse"},
                got={"kind": "answer" if answered else "refuse", "action": answer["action"],
                     "reason": answer["reason"], "text": answer["text"]},
                evidence=tuple(answer["citations"]),
            )
        ]  # fmt: skip

    yield run


def document(passages: Sequence[str]) -> str:
    """Each passage under its article's title."""
    parts = []
    for passage in passages:
        title, colon, text = passage.partition(": ")
        parts.append(f"## {title}\n\n{text}" if colon else passage)
    return "\n\n".join(parts) + "\n"
