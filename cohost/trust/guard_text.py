"""A sentence as the guard reads it: amounts, models, schemes, standards, codes, markets, quotes. Pure."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Sequence

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.common.question import Question
from cohost.trust import schemes as law
from cohost.trust.evidence import Evidence, airable, in_force, normal_model
from cohost.trust.guard_dates import date_forms, dates_in
from cohost.trust.guard_evidence import (
    country_names,
    dates_of,
    folded_texts,
    number_names,
    read_amounts,
)
from cohost.trust.guard_words import clause_denied, fold, has, pattern
from cohost.trust.numerals import not_amounts

QUOTED = re.compile(r"[“\"«„「『]\s*([^“”\"«»„「」『』]{4,300}?)\s*[”\"»“」』]")
_REFERENCE = re.compile(r"\[E\d{1,9}\]")
STANDARD = re.compile(
    r"(?<![A-Za-z0-9])((?:EN|IEC|ISO|UL|ASTM|JIS|DIN|BS|ANSI|ETSI|CISPR|AATCC|GB|AS|IEEE|NBR|TIS|SASO|GOST)"
    r"(?:[ /](?:EN|IEC|ISO|NZS|T|C))* ?[A-Z]?\d[\d.\-]*\d|(?:EN|ISO|UL) ?\d+)"
    r"(?::((?:19|20)\d\d(?:[+/]?\+?A\d+:(?:19|20)\d\d|\+A\d+)*))?"
)
IP_CODE = re.compile(r"(?<![A-Za-z0-9])IP[ -]?([0-6X])([0-9X])(K?)(?![A-Za-z0-9])", re.IGNORECASE)
_CODE = re.compile(
    r"(?<![A-Za-z0-9.])(?=[\w()./-]*\d)(?=[\w()./-]*[A-Z-])(?:\(\d\) ?)?[A-Z0-9][A-Za-z0-9./-]{2,}(?<![./-])"
)
_ORDINARY = re.compile(
    r"\d+(?:st|nd|rd|th|e|er|ère|º|ª|x|D)|\d+(?:-\d+)?|USB-?C?|\d{1,2}/\d{1,2}|[A-Z]?\d+%", re.IGNORECASE
)
EU = frozenset({"EU", "EEA"})


class Span(msgspec.Struct, frozen=True):
    """A stretch of the sentence."""

    text: str
    start: int
    end: int


class Named(msgspec.Struct, frozen=True):
    """A standard as the sentence names it."""

    id: str
    edition: str | None
    start: int
    end: int


_PAGE_BEHIND = re.compile(r"第?\s*(\d+)\s*(?:页|頁|ページ|쪽|페이지)")


@functools.cache
def _numbered_page(lang: str) -> re.Pattern[str] | None:
    word = pattern(lang, "say", "page")
    return re.compile(rf"(?:{word.pattern})\.?\s*(\d+)") if word else None


class GuardContext(msgspec.Struct, frozen=True):
    """What a sentence is checked against. `items`: all evidence found for the question, cited or not."""

    lang: str
    market: str | None
    product: str | None
    model: str | None
    on: dt.date
    catalogue: Catalogue
    items: tuple[Evidence, ...]
    origin: str = "composer"  # composer | llm | operator
    question: Question | None = None


class Sentence:
    """One sentence taken apart, once, for every rule."""

    def __init__(self, text: str, cited: Sequence[Evidence], context: GuardContext) -> None:
        self.lang = context.lang
        self.context = context
        folded = fold(text, context.lang)
        self.shown, self.low = folded.shown, folded.low
        self.cited = tuple(i for i in cited if airable(i))
        self.pool = tuple(dict.fromkeys((*self.cited, *(i for i in context.items if self._usable(i)))))
        self.masked = bytearray(len(self.shown))
        self.dates: list[tuple[int, int]] = []
        self.quotes = self._verbatim()
        self._mask_names()
        self.model_spans = self._model_spans()
        self.models = tuple(dict.fromkeys(name for name, _, _ in self.model_spans))
        self.schemes = [s for s in _schemes(self.shown, self.lang) if not self.hidden(s[1], s[2])]
        self.standards = self._standards()
        self.ip_codes = [
            (f"IP{m[1]}{m[2]}{m[3]}".upper(), m.start(), m.end())
            for m in IP_CODE.finditer(self.shown)
            if not self.hidden(m.start(), m.end())
        ]
        # "IPX7,1 m" holds no 7.1: the code is blanked before figures are read
        self.figured = IP_CODE.sub(lambda m: "_" * len(m.group()), self.shown)
        self.amounts = [a for a in read_amounts(self.figured, self.lang) if not self._named(a.start, a.end)]
        self.markets = self._markets()

    def _named(self, start: int, end: int) -> bool:
        """True for digits of a name: a paper's number, a model, a scheme ("UN 38.3", "510(k)")."""
        if any(self.masked[start : start + 1]) or self.hidden(start, end):
            return True
        return any(a <= start and end <= b + 1 for _, a, b in self.schemes)

    def _usable(self, item: Evidence) -> bool:
        product = self.context.product
        same = item.product is None or product is None or item.product == product
        return same and airable(item) and in_force(item, self.context.on)

    # ------------------------------------------------------------ masks

    def hide(self, start: int, end: int) -> None:
        """What a rule about figures or codes need not read: it stands in evidence as it is."""
        self.masked[start:end] = b"\1" * (end - start)

    def hidden(self, start: int, end: int) -> bool:
        """True when the stretch lies in what evidence says verbatim."""
        return end > start and all(self.masked[start:end])

    def _verbatim(self) -> list[Span]:
        """Quotations that stand in cited evidence word for word; they are hidden. A brochure's are read
        like any sentence: quoting it does not make its figures true."""
        sources = [i for i in self.cited if i.source.kind != "brochure"]
        found = []
        for match in QUOTED.finditer(self.shown):
            inner = fold(match[1], self.lang).low.strip(" .…")
            plain = fold(match[1]).low.strip(" .…")
            texts = [text for i in sources for text, _ in folded_texts(i)]
            if any(inner in text or plain in text or inner in fold(text, self.lang).low for text in texts):
                found.append(Span(match[1], match.start(1), match.end(1)))
                self.hide(match.start(), match.end())
        return found

    def _mask_names(self) -> None:
        for item in self.pool:
            for name in number_names(item, self.lang):
                if name in self.low:
                    self._hide_all(name)
            for day in dates_of(item):
                if f"{day.year % 100:02}" in self.low:
                    for form in date_forms(day, self.lang):
                        self.dates += self._hide_all(form)
        known = {day for item in self.pool for day in dates_of(item)}
        for day, start, end in dates_in(self.shown, self.lang) if known else ():
            if day in known:
                self.dates.append((start, end))
                self.hide(start, end)
        catalogue = self.context.catalogue
        brand = catalogue.brand
        products = [p.name for p in catalogue.products]
        for name in (*products, brand.name, brand.support, brand.address, brand.responsible_person):
            if len(name) >= 4 and any(c.isdigit() for c in name):
                self._hide_all(fold(name, self.lang).low)
        for match in _REFERENCE.finditer(self.shown):
            self.hide(*match.span())
        self._mask_pages()

    def _hide_all(self, needle: str) -> list[tuple[int, int]]:
        found = []
        at = self.low.find(needle) if needle else -1
        while at >= 0:
            found.append((at, at + len(needle)))
            self.hide(*found[-1])
            at = self.low.find(needle, at + len(needle))
        return found

    def _mask_pages(self) -> None:
        """ "p. 2", 第2页: hidden when an item at hand stands on that page."""
        pages = {str(i.source.page) for i in self.pool if i.source.page is not None}
        numbered = _numbered_page(self.lang)
        if numbered is None or not pages:
            return
        for match in numbered.finditer(self.low):
            if match[match.lastindex or 0] in pages:
                self.hide(*match.span())
        for match in _PAGE_BEHIND.finditer(self.low):
            if match[1] in pages:
                self.hide(*match.span())

    # ------------------------------------------------------------ names

    def _model_spans(self) -> list[tuple[str, int, int]]:
        """Models named, of the catalogue and of evidence, with their places; they are hidden from figures."""
        found = []
        for model, form in _model_forms(self.context.catalogue, self.pool):
            for match in form.finditer(self.shown):
                if not self.hidden(*match.span()):
                    found.append((model, *match.span()))
                    self.hide(*match.span())
        return found

    def _standards(self) -> list[Named]:
        found = []
        for match in STANDARD.finditer(self.shown):
            if not self.hidden(*match.span()):
                found.append(Named(" ".join(match[1].split()), match[2], *match.span()))
        return found

    def _markets(self) -> frozenset[str]:
        """Markets the sentence names, by name in its language or by code."""
        known = {m.code for m in self.context.catalogue.markets}
        known |= {code for i in self.pool for code in i.markets}
        found = {code for code in known if self.names_market(code)}
        if has(self.low, self.lang, "say", "eu") or re.search(r"\bEU\b|\bEEA\b", self.shown):
            found |= EU | set(law.groups()["EEA"])
        return frozenset(found)

    def names_market(self, code: str) -> bool:
        """True when the country stands in the sentence: CLDR's name (inflected ends allowed) or its code."""
        if (
            re.search(rf"(?<![A-Za-z]){code}(?![A-Za-z])", self.shown)
            or (code == "GB" and re.search(r"\bUK\b", self.shown))
            or (code == "US" and re.search(r"\bUSA\b|U\.S\.", self.shown))
        ):
            return True
        return any(country_form(name).search(self.low) for name in country_names(code, self.lang))

    def market_denied(self, code: str) -> bool:
        """True when the clause that names the country denies something ("does not count in the US")."""
        places = [
            m.span() for n in country_names(code, self.lang) for m in country_form(n).finditer(self.low)
        ]
        places += [m.span() for m in re.finditer(rf"(?<![A-Za-z]){code}(?![A-Za-z])", self.shown)]
        return any(clause_denied(self.low, a, b, self.lang) for a, b in places)

    def codes(self) -> list[Span]:
        """Strings of letters and digits that no other reader explained: numbers of papers, unknown models,
        dates, versions."""
        taken = [(a.start, a.end) for a in self.amounts]
        taken += [(s, e) for _, s, e in self.schemes]
        taken += [(s, e) for _, s, e in self.ip_codes] + [(n.start, n.end) for n in self.standards]
        found = []
        spans = [m.span() for m in _CODE.finditer(self.shown)] + not_amounts(self.shown)
        for start, end in sorted(set(spans)):
            text = self.shown[start:end].strip("().")
            if not any(c.isdigit() for c in text) or _ORDINARY.fullmatch(text):
                continue
            digits = [k for k in range(start, end) if self.shown[k].isdigit()]
            if all(self.masked[k] for k in digits) or any(s < end and start < e for s, e in taken):
                continue
            found.append(Span(text, start, end))
        return found


@functools.lru_cache(maxsize=4096)
def _schemes(text: str, lang: str) -> tuple[tuple[str, int, int], ...]:
    """A sentence is read at draft and at delivery: remembered."""
    return tuple(law.find_spans(text, lang))


@functools.lru_cache(maxsize=1024)
def country_form(name: str) -> re.Pattern[str]:
    """A country's name with its endings: "Niemcy" in "Niemczech", "Stany Zjednoczone" in "Stanach …"."""
    if name.isascii() or "\u0400" <= name[0] <= "\u04ff" or "\u00c0" <= name[0] <= "\u017f":
        return re.compile(
            r"(?<!\w)" + r"[\s-]".join(_inflected(w, " " in name) for w in name.split()) + r"(?!\w)"
        )
    return re.compile(re.escape(name))


def _inflected(word: str, compound: bool) -> str:
    cut = 2 if len(word) > 6 or (compound and len(word) > 4) else 1 if len(word) == 6 else 0
    return re.escape(word[: len(word) - cut]) + (r"\w{0,4}" if cut else "")


@functools.lru_cache(maxsize=64)
def _model_forms(
    catalogue: Catalogue, items: tuple[Evidence, ...]
) -> tuple[tuple[str, re.Pattern[str]], ...]:
    names = {m for p in catalogue.products for m in p.models} | {v.model for v in catalogue.variants}
    names |= {m for i in items for m in i.models} | {
        s for i in items if (s := getattr(i, "sample_model", None))
    }
    forms = []
    for name in sorted(names, key=lambda n: (-len(n), n)):
        body = r"[\s\-]?".join(re.escape(part) for part in re.split(r"[\s\-]+", normal_model(name)) if part)
        forms.append((name, re.compile(rf"(?<![A-Za-z0-9-]){body}(?![A-Za-z0-9]|-[A-Z0-9])", re.IGNORECASE)))
    return tuple(forms)
