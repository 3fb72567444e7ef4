"""R6: water. The strength of words never exceeds code, test and words of the papers."""

from __future__ import annotations

import functools
import re

from cohost.languages import base
from cohost.trust.evidence import Evidence, Fact, Passage, Policy, Review
from cohost.trust.guard_evidence import plain_texts
from cohost.trust.guard_text import IP_CODE, Sentence
from cohost.trust.guard_words import affirmed, classes, denials, fold, has, negated
from cohost.trust.quantities import same_dimension
from cohost.trust.rules.fault import Fault
from cohost.trust.rules.figures import applies_to

_BY_DIGIT: dict[str, frozenset[str]] = {
    "0": frozenset(),
    **{d: frozenset({"splash", "rain"}) for d in "1234"},
    **{d: frozenset({"splash", "rain", "jet"}) for d in "569"},
    "7": frozenset({"splash", "rain", "immersion", "waterproof"}),
    "8": frozenset({"splash", "rain", "immersion", "waterproof"}),
    "X": frozenset(),
}
"""What a second digit allows; IPX7 and IPX8 say nothing about jets (IEC 60529). 9 is a jet too."""
_SENTENCE = re.compile(r"(?<=[.!?。！？;；])\s+|[。！？；\n]")
_MEANT = frozenset({"generic", "splash", "jet", "immersion", "waterproof"})


def check_water(s: Sentence) -> Fault | None:
    """Codes stand in papers of class A or B for this model; words are no stronger than they allow."""
    if not s.ip_codes and not any(has(s.low, s.lang, "water", kind) for kind in classes(s.lang, "water")):
        return None
    papers = [i for i in s.pool if i.source_class in "AB" and applies_to(s, i)]
    exact = {code for i in papers if len(i.models) == 1 for code in codes_of(i)}
    held = exact or {code for i in papers for code in codes_of(i)}  # a manual of two models names both codes
    affirmed_codes = []
    for code, start, end in s.ip_codes:
        if negated(s.low, start, end, s.lang):
            continue
        if code not in held:
            shown = ", ".join(sorted(held)) or "no IP code"
            return Fault("R6", code, f"says {code}; papers of class A or B for this model say {shown}")
        affirmed_codes.append(code)
    return _depth(s, affirmed_codes) or _words(s, papers, held, affirmed_codes)


def _depth(s: Sentence, codes: list[str]) -> Fault | None:
    """IPX8 says nothing without the maker's depth and time."""
    if not any(c.rstrip("K").endswith("8") for c in codes):
        return None
    depth = any(a.unit and same_dimension(a.unit, "m") for a in s.amounts)
    time = any(a.unit and same_dimension(a.unit, "min") for a in s.amounts)
    return None if depth and time else Fault("R6", codes[0], "says IPX8 without the maker's depth and time")


def _words(s: Sentence, papers: list[Evidence], held: set[str], codes: list[str]) -> Fault | None:
    own = frozenset(c for i in papers for c in claims_of(i))
    allowed = own | {word for code in held for word in _BY_DIGIT.get(code.rstrip("K")[-1], ())}
    for kind in classes(s.lang, "water"):
        for start, end in affirmed(s.low, s.lang, "water", kind):
            in_date = any(a <= start and end <= b for a, b in s.dates)  # "20 mar 2026" is no sea
            if in_date or _quoted(s, start, end) or _fits(kind, allowed, own, bool(codes)):
                continue
            words = s.shown[start:end]
            shown = ", ".join(sorted(held)) or "nothing about water"
            return Fault("R6", words, f"says “{words}”; papers of class A or B say {shown}")
    return None


def _quoted(s: Sentence, start: int, end: int) -> bool:
    """True inside a quotation that stands word for word in a test report, specification or manual."""
    proven = all(i.source_class in "AB" for i in s.cited)
    return proven and any(q.start <= start and end <= q.end for q in s.quotes)


def _fits(kind: str, allowed: frozenset[str], own: frozenset[str], with_code: bool) -> bool:
    """A bare "waterproof" or a use (swim, shower, sea, sauna) needs its own word in a paper; beside its
    code a word of that strength is enough."""
    if kind == "generic":  # 防水: the field's name beside a code, a claim without one
        return with_code or bool(own & _MEANT)
    if kind in own:
        return True
    if kind in ("splash", "rain"):
        return kind in allowed
    return with_code and kind in allowed


@functools.lru_cache(maxsize=4096)
def _clean_texts(item: Evidence) -> tuple[str, ...]:
    """The item's words as far as they may prove something: of running text only sentences that deny
    nothing ("water jets (IPX5), continuous immersion (IPX8) … were not tested" proves neither)."""
    if isinstance(item, Fact) and (not item.polarity or item.value is False):
        return ()
    if not isinstance(item, Passage | Policy | Review):
        return plain_texts(item)
    lang = base(item.source.lang) if item.source.lang != "und" else "en"
    sentences = [p for text in plain_texts(item) for p in _SENTENCE.split(text) if p.strip()]
    return tuple(p for p in sentences if not any(denials(p, tag) for tag in {lang, "en"}))


@functools.lru_cache(maxsize=4096)
def codes_of(item: Evidence) -> frozenset[str]:
    """IP codes an item holds and does not deny."""
    return frozenset(
        f"IP{m[1]}{m[2]}{m[3]}".upper() for text in _clean_texts(item) for m in IP_CODE.finditer(text)
    )


@functools.lru_cache(maxsize=4096)
def claims_of(item: Evidence) -> frozenset[str]:
    """Water words an item affirms in its own language (English ones always)."""
    lang = base(item.source.lang) if item.source.lang != "und" else "en"
    found = set()
    for text in _clean_texts(item):
        for tag in {lang, "en"}:
            low = fold(text, tag).low
            found |= {kind for kind in classes(tag, "water") if affirmed(low, tag, "water", kind)}
    if isinstance(item, Fact) and item.attribute == "water_column" and item.polarity:
        found |= {"rain"}
    return frozenset(found)
