"""What a rule found."""

from __future__ import annotations

from typing import Literal

import msgspec

ACTION: dict[str, Literal["rewrite", "block"]] = {
    "R0": "rewrite", "R1": "rewrite", "R2": "rewrite", "R3": "rewrite", "R4": "rewrite", "R5": "rewrite",
    "R6": "rewrite", "R7": "rewrite", "R8": "rewrite", "R9": "rewrite", "R10": "rewrite", "R11": "rewrite",
    "R15": "rewrite", "R20": "rewrite", "R21": "rewrite",
    "R12": "block", "R13": "block", "R14": "block", "R16": "block", "R17": "block", "R19": "block",
    "R22": "block",
}  # fmt: skip
"""rewrite: the composed sentence from evidence says it rightly; block: nothing of the sort may go out."""


class Fault(msgspec.Struct, frozen=True):
    """The first thing wrong with a sentence: `words` are the sentence's own."""

    rule: str
    words: str
    message: str
    block: bool = False  # a fault of a rewriting rule that no other sentence can mend (the sale gate)

    @property
    def action(self) -> Literal["rewrite", "block"]:
        return "block" if self.block else ACTION[self.rule]
