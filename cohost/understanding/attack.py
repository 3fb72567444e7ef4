"""Attempts to give cohost orders. Pure.

Signs: a verb of ignoring beside a word for rules, owned or placed before, or opening its clause;
phrases that mostly attempts use; marks of a prompt. All languages at once, since attacks mix them.
Some phrases ("say everything is free", "your secret key") are enough alone; one other sign ("ignore
the warning", "act as a speaker") is ordinary talk.

Two parts near one another are enough as well, where each is harmless alone: to be told cohost's own text
(`ask`, `secret`), a role that has no limits (`role`, `loose`), a claimed authority that lifts one (`claim`,
`lift`), a riddle to be carried out (`decode`, `run`).
"""

from __future__ import annotations

import re

from cohost.common.lexicon import Match, Reading
from cohost.languages import LANGUAGES

ENOUGH = 2
"""Signs from which a line is an attempt."""

PAIRS = (("ask", "secret"), ("role", "loose"), ("claim", "lift"), ("decode", "run"))

_NEAR = 48  # characters between verb and object, and between an owner and its object
_CLOSE = 20
_TAG = re.compile(r"\s*[\[【<({]\W*(\w[\w ]{0,20}?)\W*[\]】>)}]")
_MARKUP = re.compile(
    r"^\W*(?:system|assistant|admin|developer|root)\s*[:：>\]]|<\|[a-z_]+\|>|\[/?inst\]|<<sys>>|^#{2,}\s*(?:system|instruction)"
    r"|\{\{.*\}\}|</?(?:system|instructions?)>",
    re.IGNORECASE,
)


def weigh(reading: Reading) -> tuple[int, str]:
    """(number of signs, the words that gave them)."""
    verbs = reading.of("injection.verbs", LANGUAGES)
    mine = reading.of("injection.mine", LANGUAGES)
    objects = _not_mine(reading.of("injection.objects", LANGUAGES), mine)
    owners = reading.of("injection.owners", LANGUAGES)
    phrases = _apart(_not_mine(reading.of("injection.phrases", LANGUAGES), mine))
    strong = _not_mine(reading.of("injection.strong", LANGUAGES), mine)
    signs = len(phrases) + (ENOUGH if strong else 0)
    words = [hit.entry for hit in (*strong, *phrases)]
    pair = _couple(reading, "verbs", "objects") or _pair(verbs, objects)
    if pair is not None:
        verb, thing = pair
        signs += 1 + _is_owned(thing, verb, owners) + _is_order(reading.line.folded, verb)
        words += [verb.entry, thing.entry]
    for parts in PAIRS:
        two = _couple(reading, *parts)
        if two is not None:
            signs += ENOUGH
            words += [hit.entry for hit in two]
    if _forged(reading):
        signs += ENOUGH
        words.append("forged tag")
    if _MARKUP.search(reading.line.raw):
        signs += 1
        words.append("markup")
    return signs, ", ".join(dict.fromkeys(words))


def _not_mine(hits: list[Match], mine: list[Match]) -> list[Match]:
    """Without what is said of a line of one's own: "ignore my last message, I meant the small one"."""
    return [h for h in hits if not any(m.start < h.end and h.start < m.end for m in mine)]


def _couple(reading: Reading, first: str, second: str) -> tuple[Match, Match] | None:
    """Two parts of one language near one another."""
    if f"injection.{first}" not in reading.by_name or f"injection.{second}" not in reading.by_name:
        return None
    ones, others = (reading.of(f"injection.{part}", LANGUAGES) for part in (first, second))
    for lang in dict.fromkeys(hit.label.partition(":")[0] for hit in ones):
        found = _pair(*([h for h in hits if h.label.startswith(f"{lang}:")] for hits in (ones, others)))
        if found is not None:
            return found
    return None


def _forged(reading: Reading) -> bool:
    """ "[system] …": a viewer's line that begins like one of the system's own."""
    tag = _TAG.match(reading.line.folded)
    if tag is None:
        return False
    start, end = tag.span(1)
    return any(start <= hit.start and hit.end <= end for hit in reading.of("injection.tag", LANGUAGES))


def _pair(verbs: list[Match], objects: list[Match]) -> tuple[Match, Match] | None:
    """The nearest verb and object of one language that do not overlap."""
    best: tuple[int, Match, Match] | None = None
    for verb in verbs:
        for thing in objects:
            if verb.start < thing.end and thing.start < verb.end:
                continue
            gap = max(thing.start - verb.end, verb.start - thing.end)
            if gap <= _NEAR and (best is None or gap < best[0]):
                best = (gap, verb, thing)
    return None if best is None else (best[1], best[2])


def _is_owned(thing: Match, verb: Match, owners: list[Match]) -> bool:
    return any(
        max(owner.start - thing.end, thing.start - owner.end) <= _CLOSE
        and not (owner.start < verb.end and verb.start < owner.end)
        and not (owner.start < thing.end and thing.start < owner.end)
        for owner in owners
    )


def _is_order(folded: str, verb: Match) -> bool:
    """The verb opens a clause."""
    return (
        re.search(r"(?:\A|[.!?;:,。！？，]|\b(?:now|please|just)\b)\W*\Z", folded[: verb.start]) is not None
    )


def _apart(hits: list[Match]) -> list[Match]:
    """Phrases at different places; one place counts once."""
    kept: list[Match] = []
    for hit in hits:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
