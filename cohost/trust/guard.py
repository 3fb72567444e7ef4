"""The guard: every sentence passes here in the language in which it will be delivered. Pure.

allow · rewrite (fall back to the composed sentence) · block (nothing of the sort goes out), with the
rule's id as the reason. The rules stand in `trust/rules/`, one family a module; their words in
`languages/<tag>/guard.toml`. No legal advice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from cohost.trust.evidence import Evidence
from cohost.trust.guard_frames import is_reviewed, without_label
from cohost.trust.guard_text import GuardContext, Sentence
from cohost.trust.rules.claims import check_claims
from cohost.trust.rules.drafted import check_drafted
from cohost.trust.rules.fault import Fault
from cohost.trust.rules.figures import check_figures
from cohost.trust.rules.gate import missing_schemes, sale_gate
from cohost.trust.rules.papers import check_papers
from cohost.trust.rules.people import check_people, check_uncited
from cohost.trust.rules.prices import check_gate, check_prices
from cohost.trust.rules.stands import check_codes, check_quotes, check_sample, check_standards
from cohost.trust.rules.told import check_told
from cohost.trust.rules.water import check_water

__all__ = ["GuardContext", "Verdict", "check", "missing_schemes", "sale_gate"]

LONGEST = 2000
"""Letters read of one sentence; what is longer is no sentence of a post."""


class Verdict(msgspec.Struct, frozen=True):
    """What may happen to a sentence. `words` are the sentence's own that broke `rule`; `message` says in
    one English line what was said and what evidence says."""

    action: Literal["allow", "rewrite", "block"]
    rule: str | None = None
    words: str = ""
    message: str = ""


ALLOW = Verdict("allow")

_RULES: tuple[Callable[[Sentence], Fault | None], ...] = (
    check_people, check_gate, check_claims, check_told, check_papers, check_water, check_standards,
    check_sample, check_prices, check_quotes, check_figures, check_codes, check_uncited,
)  # fmt: skip


def check(sentence: str, cited: Sequence[Evidence], context: GuardContext) -> Verdict:
    """Read one sentence against what it cites and what is known.

    Origin "llm" must also pass R0 (default deny); "composer" and "operator" all other rules. For an
    operator's words the caller turns a verdict into a warning, except R16. Never raises on any text.
    """
    if not sentence.strip():
        return ALLOW
    if len(sentence) > LONGEST:
        return Verdict("rewrite", "R0", sentence[:40], f"{len(sentence)} letters are no sentence of a reply")
    composed = context.origin == "composer"
    reviewed = composed and is_reviewed(sentence, context.lang)
    read = Sentence(without_label(sentence, context.lang) if composed else sentence, cited, context)
    rules = (*_RULES, check_drafted) if context.origin == "llm" else (check_figures,) if reviewed else _RULES
    for rule in rules:
        fault = rule(read)
        if fault is not None:
            return Verdict(fault.action, fault.rule, fault.words, fault.message)
    return ALLOW
