"""Sentences before the guard, with evidence written out beside the cases."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.errors import OperatorError
from cohost.trust.evidence import Evidence
from cohost.trust.guard import GuardContext, check
from evals.case import SentenceCase, read_cases, read_table
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.scorers import verdict_scores
from evals.suite import HOME, Suite
from evals.world import World


class EvidenceFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A catalogue and named evidence; a name becomes the item's id."""

    catalogue: Catalogue
    evidence: dict[str, dict[str, Any]]


def load(suite: Suite, world: World) -> Sequence[SentenceCase]:
    cases = read_cases(suite.files(), SentenceCase)
    _, known = evidence_of(suite)
    for case in cases:
        for name in (*case.cites, *case.found):
            if name not in known:
                raise OperatorError(
                    f"{suite.name}.toml: case {case.id!r} cites {name!r}, which is not on file"
                )
    return cases


def evidence_of(suite: Suite) -> tuple[Catalogue, dict[str, Evidence]]:
    """The catalogue and the evidence by name. Raises OperatorError."""
    file: Path = HOME / "cases" / suite.evidence
    table = read_table(file, EvidenceFile)
    items: dict[str, Evidence] = {}
    for name, data in table.evidence.items():
        try:
            items[name] = msgspec.convert({"id": name, **data}, Evidence)
        except msgspec.ValidationError as error:
            raise OperatorError(f"{file.name}: [evidence.{name}] {error}") from error
        known = {f.encode_name for f in msgspec.structs.fields(items[name])} | {"type"}
        unknown = set(data) - known
        if unknown:
            raise OperatorError(f"{file.name}: [evidence.{name}] got unknown key {sorted(unknown)[0]!r}")
    return table.catalogue, items


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    catalogue, known = evidence_of(suite)

    async def run(case: SentenceCase) -> list[Outcome]:
        if suite.on is None:
            raise OperatorError(f"{suite.name}.toml: got no date, expected on = a day")
        items = tuple(known[n] for n in dict.fromkeys((*case.cites, *case.found)))
        context = GuardContext(
            lang=case.lang, market=case.market, product=case.product, model=case.model,
            on=world.on or suite.on, catalogue=catalogue, items=items, origin=case.origin,
        )  # fmt: skip
        verdict = check(case.sentence, [known[n] for n in case.cites], context)
        return [
            Outcome(
                case=case.id, lang=case.lang, asked=case.sentence,
                scores=verdict_scores(case.verdict, case.rule, verdict.action, verdict.rule),
                expected={"verdict": case.verdict, "rule": case.rule},
                got=msgspec.to_builtins(verdict),
                evidence=tuple(
                    {"id": i.id, "document": i.source.document, "quote": i.source.quote} for i in items
                ),
                groups={"rule": case.rule or "", "polarity": case.polarity},
            )
        ]  # fmt: skip

    yield run
