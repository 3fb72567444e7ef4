"""R0, default deny: a drafted sentence says nothing that its citations do not."""

from __future__ import annotations

import re

from cohost.common import lexicon
from cohost.languages import base
from cohost.trust import schemes as law
from cohost.trust.attributes import display_name
from cohost.trust.evidence import Certificate, Fact, Review, TestReport, normal_model
from cohost.trust.guard_evidence import country_names, dates_of, folded_texts
from cohost.trust.guard_runs import Segmenter, attribute_runs, harmless_runs, lent_runs, unexplained
from cohost.trust.guard_text import EU, Sentence, country_form
from cohost.trust.guard_vocab import (
    PHRASED,
    Vocabulary,
    claimed,
    features_in,
    features_of,
)
from cohost.trust.guard_words import (
    DENSE,
    classes,
    fold,
    function_words,
    pattern,
    spans,
    suffixes,
    tokens,
    unspaced,
)
from cohost.trust.rules.fault import Fault
from cohost.trust.rules.known import (
    attributes,
    is_known,
    name_inflected,
    names_called,
    own_words,
    roots_of,
    translations,
    vocabularies,
)
from cohost.trust.rules.limits import denied_models
from cohost.trust.rules.polarity import check_polarity
from cohost.trust.rules.water import claims_of, codes_of

_LATIN = re.compile("[a-z]+")
_UNION = re.compile(r"\b(?:EU|EEA)\b")


def check_drafted(s: Sentence) -> Fault | None:
    """The first thing in the sentence that its citations do not hold."""
    if not function_words(base(s.lang)):
        return Fault("R0", "", f"no table for “{s.lang}”: only composed sentences go out in it")
    if not s.cited:
        return Fault("R0", s.shown[:40], "cites nothing")
    return _names(s) or check_polarity(s) or _words(s) or _features(s)


def _names(s: Sentence) -> Fault | None:
    """Models and markets named are those of the citations (or of the viewer); a model that the sentence
    only says is not covered may be named too."""
    own = {normal_model(m) for i in s.cited for m in (*i.models, getattr(i, "sample_model", None) or "")}
    for model in s.models:
        if (
            normal_model(model) not in own
            and (own - {""} or normal_model(model) != normal_model(s.context.model or ""))
            and model not in denied_models(s)
        ):
            return Fault("R0", model, f"names {model}; the citations do not")
    places = {code for i in s.cited for code in i.markets} | {s.context.market}
    places |= EU if places & set(law.groups()["EEA"]) else set()
    for market in (m for m in s.markets if len(m) == 2 and s.names_market(m)):
        if market not in places and not _in_texts(s, country_names(market, s.lang)):
            return Fault("R0", market, f"names the market {market}; the citations do not")
    return None


def _in_texts(s: Sentence, names: tuple[str, ...]) -> bool:
    return any(n in text for i in s.cited for text, _ in folded_texts(i) for n in names)


# ---------------------------------------------------------------- content words


def _words(s: Sentence) -> Fault | None:
    covered = _covered(s)
    lang = base(s.lang)
    known, roots = vocabularies(s), roots_of(s)
    if lang in PHRASED:
        return _phrases(s, covered, known, roots)
    for word, start, end in tokens(s.low):
        left = "".join(c for c, done in zip(word, covered[start:end], strict=True) if not done).strip("'")
        if not left or left.isdigit():
            continue
        cut = len(left) < len(word.strip("'"))
        if unspaced(word) or (lang == "ko" and not word.isascii()):
            missing = _missing_in_run(s, word, covered[start:end], roots)
            if missing:
                return Fault("R0", missing, f"says “{missing}”; the citations do not")
        elif cut and (len(left) == 1 or left in suffixes(lang)):
            continue
        elif not is_known(left if cut else word, known, roots, lang) and not name_inflected(s, word):
            return Fault("R0", s.shown[start:end], f"says “{s.shown[start:end]}”; the citations do not")
    return None


_LONGEST_PHRASE = 5


def _phrases(
    s: Sentence, covered: bytearray, known: tuple[Vocabulary, ...], roots: frozenset[str]
) -> Fault | None:
    """The words of a language that writes syllables apart: chains of whole entries, or what evidence says."""
    parts = [(w, a, b) for w, a, b in tokens(s.low) if not all(covered[a:b]) and not w.isdigit()]
    reached = [True] + [False] * len(parts)
    for n, (word, _, _) in enumerate(parts):
        if not reached[n]:
            continue
        if word in roots or (len(word) == 1 and word.isascii()):
            reached[n + 1] = True
        for size in range(1, min(_LONGEST_PHRASE, len(parts) - n) + 1):
            if any(" ".join(w for w, _, _ in parts[n : n + size]) in v.words for v in known):
                reached[n + size] = True
    if reached[-1]:
        return None
    last = max(n for n, ok in enumerate(reached) if ok)
    said = s.shown[parts[last][1] : parts[last][2]]
    return Fault("R0", said, f"says “{said}”; the citations do not")


def _features(s: Sentence) -> Fault | None:
    """A feature of a product that no citation names, though every word of it is harmless alone."""
    lang = base(s.lang)
    own = frozenset(w for i in s.cited for w in own_words(i, s.lang))
    lent = frozenset().union(*(features_of(i) for i in s.cited)) | _named_by_attribute(s)
    for feature in sorted(claimed(s.shown, lang) - lent):
        entries = [
            m for name, m in lexicon.read(s.shown).section(lexicon.FEATURES, (lang,)) if name == feature
        ]
        words = [m.entry.strip("=~*") for m in entries]
        if not all(fold(w, s.lang).low in own for w in words):
            return Fault(
                "R0", words[0], f"names {feature.replace('_', ' ')} (“{words[0]}”); no citation does"
            )
    return None


def _named_by_attribute(s: Sentence) -> frozenset[str]:
    """Features in the names of the cited attributes, of the product and of the water class (R6 reads it)."""
    names = (*(display_name(a, s.lang) for a in attributes(s)), *names_called(s))
    found = frozenset().union(*(features_in(n) for n in names))
    return found | (_WATER if any(codes_of(i) or claims_of(i) for i in s.cited) else frozenset())


_WATER = frozenset(
    {"waterproof", "swim", "shower", "underwater", "bath", "sea", "rain", "sauna", "sweat", "dust"}
)


def _covered(s: Sentence) -> bytearray:
    """Letters explained by another rule or by evidence: figures, codes, schemes, places, water words."""
    covered = bytearray(s.masked)
    found = [(a.start, a.end) for a in s.amounts] + [(a, b) for _, a, b in s.ip_codes]
    found += [(n.start, n.end) for n in s.standards] + _paper_words(s)
    if any(codes_of(i) or claims_of(i) for i in s.cited):
        found += [p for kind in classes(s.lang, "water") for p in spans(s.low, s.lang, "water", kind)]
    for side in ("before", "after"):
        denial = pattern(s.lang, "scope", side)
        found += [m.span() for m in denial.finditer(s.low)] if denial else []
    for market in (m for m in s.markets if len(m) == 2):
        found += [m.span() for n in country_names(market, s.lang) for m in country_form(n).finditer(s.low)]
    for start, end in found:
        covered[start:end] = b"\1" * (end - start)
    return covered


def _paper_words(s: Sentence) -> list[tuple[int, int]]:
    """Schemes the citations name, and verbs of certification (R4 has read them) beside a cited paper."""
    schemes = {i.scheme for i in s.cited if isinstance(i, Certificate)}
    texts = [t for i in s.cited for t, _ in folded_texts(i)]
    found = [(a, b) for name, a, b in s.schemes if name in schemes or any(s.low[a:b] in t for t in texts)]
    papers = any(isinstance(i, TestReport) or (isinstance(i, Fact) and i.report) for i in s.cited)
    if schemes or papers:
        found += [p for verb in classes(s.lang, "verb") for p in spans(s.low, s.lang, "verb", verb)]
        if any(dates_of(i) for i in s.cited):
            found += spans(s.low, s.lang, "say", "expired")
    if schemes and s.markets & EU:
        found += [*spans(s.low, s.lang, "say", "eu"), *(m.span() for m in _UNION.finditer(s.shown))]
    for item in s.cited:
        if isinstance(item, Review) and item.incentive:
            found += spans(s.low, s.lang, "say", "incentive")
    if any(isinstance(i, Certificate) and i.component for i in s.cited):
        found += [p for part in classes(s.lang, "part") for p in spans(s.low, s.lang, "part", part)]
    return found


# ---------------------------------------------------------------- unspaced scripts


def _missing_in_run(s: Sentence, run: str, covered: bytearray, roots: frozenset[str]) -> str:
    """The first letters of a run that nothing explains: evidence, names, harmless words."""
    marks = bytearray(covered)
    for latin in _LATIN.finditer(run):  # "USB-C로만": letters of a name with a particle
        if len(latin.group()) == 1 or latin.group() in roots:
            marks[latin.start() : latin.end()] = b"\1" * len(latin.group())
    _cover_shared(s, run, marks)
    if all(marks):
        return ""
    lang = base(s.lang)
    if lang not in DENSE:
        return run
    whole = Segmenter((fold(n, lang).low.replace(" ", "") for n in names_called(s)), lang)
    parts = Segmenter((w for n in names_called(s) for w in fold(n, lang).low.split()), lang)
    own = Segmenter((w for w in roots if not w.isascii() and len(w) > 1), lang)
    return unexplained(
        run,
        marks,
        (
            harmless_runs(lang),
            whole,
            parts,
            own,
            *(attribute_runs(a, lang) for a in attributes(s)),
            *(lent_runs(i, lang) for i in s.cited),
        ),
    )


def _cover_shared(s: Sentence, run: str, marks: bytearray) -> None:
    """Two letters and more (three in Thai and Kana) that stand so in a citation."""
    least = 2 if any("\u4e00" <= c <= "\u9fff" for c in run) else 3
    texts = [t for i in s.cited for t, _ in folded_texts(i) if not t.isascii()]
    texts += [fold(t, s.lang).low for i in s.cited for t in translations(i, base(s.lang))]
    for at in range(len(run) - least + 1):
        if any(run[at : at + least] in t for t in texts):
            marks[at : at + least] = b"\1" * least
