"""R5 (editions), R8 (what a test proves), and names that must stand in evidence as they are."""

from __future__ import annotations

import functools
import re

from cohost.trust.evidence import Evidence, Fact, TestReport
from cohost.trust.guard_evidence import folded_texts
from cohost.trust.guard_frames import says_frame
from cohost.trust.guard_text import QUOTED, STANDARD, Sentence
from cohost.trust.guard_words import affirmed, fold
from cohost.trust.rules.fault import Fault


def check_standards(s: Sentence) -> Fault | None:
    """R5: a standard named stands on a paper, with that paper's edition. That there is no paper for one may
    be said."""
    if s.context.origin == "composer" and says_frame(s.low, s.lang, "paper", "none", "none_in"):
        return None
    for named in s.standards:
        wanted = _compact(named.id)
        editions = [e for item in s.pool for i, e in _standards_of(item) if i == wanted]
        said = s.shown[named.start : named.end]
        if not editions and any(a <= named.start and named.end <= b for _, a, b in s.schemes):
            continue  # a scheme of its own (ISO 9001, EN 343): R1 has read it
        if not editions:
            return Fault("R5", said, f"says “{said}”; no paper at hand names it")
        if named.edition is None and None not in editions:
            return Fault("R5", said, f"says “{said}” without the edition; the paper has {editions[0]}")
        if named.edition is not None and _compact(named.edition) not in {_compact(e) for e in editions if e}:
            return Fault("R5", said, f"says edition {named.edition}; the paper has {editions[0] or 'none'}")
    return None


_PARTS = re.compile(r"[,;](?!\d)|[、，；]")


def _compact(text: str) -> str:
    return re.sub(r"[\s+/]", "", text).upper()


def _standards_of(item: Evidence) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    listed = list(getattr(item, "standards", ()))
    method = getattr(item, "method", None)
    for standard in [*listed, *([method] if method else [])]:
        match = STANDARD.match(standard.id)
        found.append(
            (_compact(match[1] if match else standard.id), standard.edition or (match[2] if match else None))
        )
    if found:
        return found
    texts = (
        item.source.quote,
        *(getattr(item, n, None) or "" for n in ("text", "statement", "condition", "value")),
    )
    return [(_compact(m[1]), m[2]) for t in texts if isinstance(t, str) for m in STANDARD.finditer(t)]


def check_codes(s: Sentence) -> Fault | None:
    """R1/R2/R7: numbers of papers, models, versions and dates stand in evidence as they are."""
    codes = s.codes()
    if not codes:
        return None
    pool = s.cited if s.context.origin == "llm" else s.pool
    texts = [text for item in pool for text, _ in folded_texts(item)]
    texts += [fold(p.name).low for p in s.context.catalogue.products]
    brand = s.context.catalogue.brand
    texts += [fold(t).low for t in (brand.name, brand.legal_name, brand.address, brand.support) if t]
    joined = [_joined(t) for t in texts]
    for span in codes:
        low = _joined(fold(span.text, s.lang).low)
        plain = re.sub(r"^\D+(?=\d)", "", low) if re.match(r"(?:no|nr|n|第)\W?\d", low) else low
        plain = re.sub(r"(?<=\d{4})[年년]$", "", plain)
        if not any(low in t or (plain and plain in t) for t in joined):
            rule = "R2" if re.fullmatch(r"[A-Z]{1,5}-?\d{1,4}[A-Z]*(?:-[A-Z0-9]+)*", span.text) else "R7"
            return Fault(rule, span.text, f"says “{span.text}”; nothing in evidence is called that")
    return None


@functools.lru_cache(maxsize=4096)
def _joined(text: str) -> str:
    return _LOOSE.sub("", text)


_LOOSE = re.compile(r"[\s\-–]")


def check_quotes(s: Sentence) -> Fault | None:
    """R7: what a drafted sentence puts in quotation marks with figures stands so in what it cites."""
    if s.context.origin != "llm":
        return None
    texts = [text for item in s.cited for text, _ in folded_texts(item)]
    for quoted in QUOTED.finditer(s.shown):
        for part in _PARTS.split(quoted[1]):
            forms = {fold(part, s.lang).low.strip(" .…"), fold(part).low.strip(" .…")}
            if any(c.isdigit() for c in part) and not any(f in text for f in forms for text in texts):
                return Fault("R7", part[:60], f"quotes “{part[:60]}”; the cited document does not say so")
    return None


def check_sample(s: Sentence) -> Fault | None:
    """R8: one tested sample never becomes all units."""
    tested = [
        i for i in s.cited if isinstance(i, TestReport) or (isinstance(i, Fact) and i.basis == "measured")
    ]
    claims = affirmed(s.low, s.lang, "say", "all_units") if tested else []
    if claims:
        words = s.shown[claims[0][0] : claims[0][1]]
        return Fault("R8", words, f"says “{words}”; {tested[0].id} tested a sample")
    return None
