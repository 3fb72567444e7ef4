"""R0, default deny: a drafted sentence says nothing that its citations do not."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from cohost.languages import base, table
from cohost.trust.attributes import display_name
from cohost.trust.evidence import (
    Certificate,
    Evidence,
    Fact,
    TestReport,
    normal_model,
)
from cohost.trust.guard_evidence import country_names, dates_of, folded_texts, plain_texts, translated
from cohost.trust.guard_text import Sentence
from cohost.trust.guard_words import (
    classes,
    entries,
    fold,
    function_words,
    pattern,
    spans,
    suffixes,
    tokens,
    unspaced,
)
from cohost.trust.rules.closed import FRAMES, SHORTEST_ROOT, akin, closed, framing, strings
from cohost.trust.rules.fault import Fault
from cohost.trust.rules.polarity import check_polarity
from cohost.trust.rules.water import claims_of, codes_of


def check_drafted(s: Sentence) -> Fault | None:
    """The first thing in the sentence that its citations do not hold."""
    if not function_words(base(s.lang)):
        return Fault("R0", "", f"no table for “{s.lang}”: only composed sentences go out in it")
    if not s.cited:
        return Fault("R0", s.shown[:40], "cites nothing")
    return _names(s) or check_polarity(s) or _words(s)


def _names(s: Sentence) -> Fault | None:
    """Models and markets named are those of the citations (or of the viewer)."""
    own = {normal_model(m) for i in s.cited for m in (*i.models, getattr(i, "sample_model", None) or "")}
    for model in s.models:
        if normal_model(model) not in own and (
            own - {""} or normal_model(model) != normal_model(s.context.model or "")
        ):
            return Fault("R0", model, f"names {model}; the citations do not")
    places = {code for i in s.cited for code in i.markets} | {s.context.market}
    for market in (m for m in s.markets if len(m) == 2 and s.names_market(m)):
        if market not in places and not _in_texts(s, country_names(market, s.lang)):
            return Fault("R0", market, f"names the market {market}; the citations do not")
    return None


def _in_texts(s: Sentence, names: tuple[str, ...]) -> bool:
    return any(n in text for i in s.cited for text, _ in folded_texts(i) for n in names)


# ---------------------------------------------------------------- content words


def _words(s: Sentence) -> Fault | None:
    covered = _covered(s)
    lang, known = base(s.lang), closed(base(s.lang))
    roots = _roots(s)
    for word, start, end in tokens(s.low):
        word = "".join(c for c, done in zip(word, covered[start:end], strict=True) if not done)
        if (
            not word
            or word.isdigit()
            or (len(word) < end - start and (len(word) == 1 or word in suffixes(lang)))
        ):
            continue
        if unspaced(word):
            missing = _uncovered_run(s, start, end, covered)
            if missing:
                return Fault("R0", missing, f"says “{missing}”; the citations do not")
        elif not _known(word, known, roots, lang):
            return Fault("R0", s.shown[start:end], f"says “{s.shown[start:end]}”; the citations do not")
    return None


def _known(word: str, known: frozenset[str], roots: frozenset[str], lang: str) -> bool:
    if word in known or word in roots or any(akin(word, r) for r in roots if r[:2] == word[:2]):
        return True
    if len(word) > SHORTEST_ROOT and any(akin(word, w) for w in framing(lang) if w[:3] == word[:3]):
        return True
    for head in ("'",):
        if head in word:
            return all(_known(part, known, roots, lang) or len(part) == 1 for part in word.split(head))
    return any(
        word.endswith(tail)
        and len(word) > len(tail)
        and (word[: -len(tail)] in known or word[: -len(tail)] in roots)
        for tail in suffixes(lang)
    ) or (lang == "ar" and _arabic_known(word, known, roots))


def _arabic_known(word: str, known: frozenset[str], roots: frozenset[str]) -> bool:
    for head in ("ال", "وال", "بال", "لل", "و", "ب", "ل", "ف", "ك", "فال"):
        rest = word[len(head) :] if word.startswith(head) else ""
        if len(rest) > 1 and (rest in known or rest in roots or f"ال{rest}" in roots or f"ال{rest}" in known):
            return True
    return False


def _attributes(s: Sentence) -> tuple[str, ...]:
    found: list[str] = []
    for item in s.cited:
        found += [getattr(item, "attribute", "")]
        found += getattr(item, "attributes", ())[:3]
        if isinstance(item, Certificate):
            found.append("certificates")
        if isinstance(item, TestReport):
            found.append("tests")
    return tuple(dict.fromkeys(a for a in found if a))


def _phrases(s: Sentence) -> Iterator[str]:
    """Every string whose words the sentence may use, folded in its language."""
    context = s.context
    for attribute in _attributes(s):
        yield display_name(attribute, s.lang)
        yield from entries(table(s.lang, "guard").get("about", {}).get(attribute, ""))
    product = context.catalogue.product(context.product)
    if product:
        yield from (product.name, *product.aliases)
    yield context.catalogue.brand.name
    if context.market:
        yield from country_names(context.market, s.lang)
    for item in s.cited:
        yield from plain_texts(item)
        yield from translations(item, base(s.lang))
        for market in item.markets:
            yield from country_names(market, s.lang)


@functools.lru_cache(maxsize=4096)
def translations(item: Evidence, lang: str) -> tuple[str, ...]:
    """The item's words in that language, as far as the table of specification words knows them."""
    source = base(item.source.lang) if item.source.lang != "und" else "en"
    found: list[str] = []
    for text in plain_texts(item)[:12]:
        whole = translated(text, source, lang) if len(text) < 120 else None
        if whole:
            found.append(whole)
            continue
        for word, _, _ in tokens(fold(text, source).low):
            if len(word) > 2 and not word.isdigit():
                one = translated(word, source, lang)
                if one:
                    found.append(one)
    return tuple(dict.fromkeys(found))


def _roots(s: Sentence) -> frozenset[str]:
    found: set[str] = set()
    for text in _phrases(s):
        found |= {w for w, _, _ in tokens(fold(text, s.lang).low) if not unspaced(w)}
    return frozenset(found)


def _covered(s: Sentence) -> bytearray:
    """Letters explained by another rule or by evidence: figures, codes, schemes, dates, water words."""
    covered = bytearray(s.masked)
    found = [(a.start, a.end) for a in s.amounts] + [(a, b) for _, a, b in s.ip_codes]
    found += [(n.start, n.end) for n in s.standards] + _paper_words(s)
    if any(codes_of(i) or claims_of(i) for i in s.cited):
        found += [p for kind in classes(s.lang, "water") for p in spans(s.low, s.lang, "water", kind)]
    for side in ("before", "after"):
        denial = pattern(s.lang, "scope", side)
        found += [m.span() for m in denial.finditer(s.low)] if denial else []
    for start, end in found:
        covered[start:end] = b"\1" * (end - start)
    return covered


def _paper_words(s: Sentence) -> list[tuple[int, int]]:
    """Schemes the citations name, and verbs of certification (R4 has read them) beside a cited paper."""
    schemes = {i.scheme for i in s.cited if isinstance(i, Certificate)}
    texts = [t for i in s.cited for t, _ in folded_texts(i)]
    found = [(a, b) for name, a, b in s.schemes if name in schemes or any(s.low[a:b] in t for t in texts)]
    if schemes or any(isinstance(i, TestReport) or (isinstance(i, Fact) and i.report) for i in s.cited):
        found += [p for verb in classes(s.lang, "verb") for p in spans(s.low, s.lang, "verb", verb)]
        if any(dates_of(i) for i in s.cited):
            found += spans(s.low, s.lang, "say", "expired")
    return found


# ---------------------------------------------------------------- unspaced scripts


def _uncovered_run(s: Sentence, start: int, end: int, covered: bytearray) -> str:
    """The first letters of an unspaced run that nothing explains: evidence, names, closed words."""
    run = s.low[start:end]
    marks = bytearray(covered[start:end])
    for needle in _needles(s):
        at = run.find(needle)
        while at >= 0:
            marks[at : at + len(needle)] = b"\1" * len(needle)
            at = run.find(needle, at + 1)
    _cover_shared(s, run, marks)
    if all(marks):
        return ""
    first = marks.index(0)
    stop = next((i for i in range(first, len(run)) if marks[i]), len(run))
    return run[first:stop]


def _needles(s: Sentence) -> list[str]:
    lang = base(s.lang)
    words = {w for w in function_words(lang) if w}
    frames = table(lang, "frames")
    for section in FRAMES:
        for text in strings(frames.get(section, {})):
            words |= {w for w, _, _ in tokens(fold(text, lang).low) if unspaced(w)}
    context = s.context
    for attribute in _attributes(s):
        words.add(fold(display_name(attribute, lang), lang).low)
        words |= {
            fold(e, lang).low for e in entries(table(lang, "guard").get("about", {}).get(attribute, ""))
        }
    product = context.catalogue.product(context.product)
    words |= {fold(a, lang).low for a in (product.aliases if product else ())}
    for item in s.cited:
        words |= {fold(t, lang).low for t in translations(item, lang)}
        for market in (*item.markets, *([context.market] if context.market else [])):
            words |= set(country_names(market, lang))
    return sorted((w for w in words if w), key=len, reverse=True)


def _cover_shared(s: Sentence, run: str, marks: bytearray) -> None:
    """Two letters and more (three in Thai and Kana) that stand so in a citation."""
    least = 2 if any("\u4e00" <= c <= "\u9fff" for c in run) else 3
    texts = [t for i in s.cited for t, _ in folded_texts(i)]
    for at in range(len(run) - least + 1):
        if any(run[at : at + least] in t for t in texts):
            marks[at : at + least] = b"\1" * least
