"""True sentences of the guard's cases with one fault planted each, as cases.

Pure and deterministic: the label and the rule come from what was planted, never from the guard. Run as
`python -m evals.mutants EACH FILE…` it writes the cases with the prefix `mut-` anew, EACH a language and
each file's from its own true sentences.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from cohost.languages import LANGUAGES, base
from cohost.trust.evidence import Certificate, Evidence, Fact, MarketFact, Passage, Policy
from evals.case import SentenceCase, plain, read_cases
from evals.faults import planted_in
from evals.runners.guard import evidence_of
from evals.suite import load_suites

PREFIX = "mut-"
CONDITIONS = ("50 %", "1 m", "5 V")
"""What stands beside the figures of these cases in every language."""

FAULTS = ("number", "condition", "model", "unit", "code", "market", "evidence")


def mutants(
    cases: Sequence[SentenceCase], known: Mapping[str, Evidence], each: int
) -> Iterator[SentenceCase]:
    """At most `each` faulty cases a language, of different kinds and from different sentences."""
    for place, lang in enumerate(sorted(LANGUAGES)):
        true = [c for c in cases if base(c.lang) == lang and _is_plain(c)]
        shift = place % len(true) if true else 0
        turned = [list(_faulty(c, known)) for c in true[shift:] + true[:shift]]
        order = FAULTS[place % len(FAULTS) :] + FAULTS[: place % len(FAULTS)]
        taken: list[SentenceCase] = []
        for fault in order * 2:
            if len(taken) == each:
                break
            free = (m for row in turned if not set(taken) & set(row) for m in row)
            found = next((m for m in free if m.tags == (fault,)), None)
            taken += [found] if found is not None else []
        yield from taken


def _is_plain(case: SentenceCase) -> bool:
    """A true sentence that affirms: a denial with another figure may be as true as before."""
    return (
        case.verdict == "allow"
        and case.polarity != "deny"
        and case.origin == "llm"
        and bool(case.cites)
        and not case.id.startswith(PREFIX)
    )


def _faulty(case: SentenceCase, known: Mapping[str, Evidence]) -> Iterator[SentenceCase]:
    cited = [known[name] for name in case.cites]
    first = cited[0]
    if isinstance(first, Passage):
        return  # a quotation has no figure of its own
    for planted in planted_in(case.sentence, case.lang, {}, conditions=CONDITIONS):
        if planted.fault in FAULTS:
            yield _case(case, planted.fault, _rule(planted.fault, planted.text, cited), planted.text)
    if isinstance(first, Certificate) and first.markets and "US" not in first.markets:
        yield _case(case, "market", "R3", case.sentence, market="US")
    if isinstance(first, Fact):
        for name, item in known.items():
            if isinstance(item, Fact) and item.product == first.product and item.attribute != first.attribute:
                yield _case(case, "evidence", "R0", case.sentence, cites=(name,), found=())
                return


def _rule(fault: str, text: str, cited: Sequence[Evidence]) -> str:
    if any(isinstance(i, Certificate) and i.number and i.number not in text for i in cited):
        return "R1"  # the paper's number was turned
    if fault in ("model", "code"):
        return {"model": "R2", "code": "R6"}[fault]
    return "R9" if isinstance(cited[0], MarketFact | Policy) and cited[0].attribute != "warranty" else "R7"


def _case(case: SentenceCase, fault: str, rule: str, sentence: str, **more: object) -> SentenceCase:
    return msgspec.structs.replace(
        case, id=f"{PREFIX}{case.id}-{fault}", tags=(fault,), sentence=sentence, verdict="stop", rule=rule,
        **more,
    )  # fmt: skip


def main(each: int, files: Sequence[str]) -> None:
    """Writes the files' `mut-` lines anew, at their end."""
    _, known = evidence_of(load_suites()["guard"])
    for file in map(Path, files):
        cases = [c for c in read_cases([file], SentenceCase) if not c.id.startswith(PREFIX)]
        rows = [x for x in file.read_text(encoding="utf-8").splitlines() if f'"id": "{PREFIX}' not in x]
        made = [json.dumps(plain(c), ensure_ascii=False) for c in mutants(cases, known, each)]
        file.write_text("\n".join([*rows, *made]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
