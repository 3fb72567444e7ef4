"""Schemes of conformity: names in any language, where each counts, what may be said of it. Pure.

The table is `schemes.toml`; sources stand there. Orientation, no legal advice.
"""

from __future__ import annotations

import datetime as dt
import functools
import importlib.resources
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from cohost.trust import standards
from cohost.trust.evidence import Certificate, CertificateKind

_STEM_HEAD = 2
"""Letters of a name's beginning that a line is first looked through for."""

Proves = Literal["product", "system", "test", "standard"]


class NumberForm(msgspec.Struct, frozen=True):
    """Verbs that only a number of this form allows: a K number alone makes "cleared" true."""

    form: str
    verbs: tuple[str, ...]


class Scheme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the table; see the head of `schemes.toml` for each field."""

    id: str
    title: str
    names: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    kinds: dict[CertificateKind, tuple[str, ...]] = {}
    voluntary: dict[CertificateKind, tuple[str, ...]] = {}
    numbers: tuple[NumberForm, ...] = ()
    number: str | None = None
    expires: bool | tuple[CertificateKind, ...]
    term: dict[CertificateKind, int] = {}
    markets: tuple[str, ...]
    replaces: dict[str, tuple[str, ...]] = {}
    goods: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    proves: Proves = "product"
    source: str = ""
    checked: dt.date | None = None

    @property
    def number_form(self) -> str | None:
        """Regular expression a certificate's number matches in full, or None."""
        return self.number

    def ends(self, kind: CertificateKind) -> bool:
        """True where a paper of this kind has an end date."""
        return self.expires if isinstance(self.expires, bool) else kind in self.expires


class Goods(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a kind of goods shows: words of the name, attributes its papers speak of."""

    words: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    mains_voltage: bool = False
    includes: tuple[str, ...] = ()


@functools.cache
def _document() -> dict[str, Any]:
    file = importlib.resources.files(__package__) / "schemes.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@functools.cache
def groups() -> dict[str, tuple[str, ...]]:
    """Market groups: "EEA" → its ISO codes."""
    return {name: tuple(codes) for name, codes in _document()["groups"].items()}


@functools.cache
def goods_table() -> dict[str, Goods]:
    """Kinds of goods by id."""
    return {name: msgspec.convert(row, Goods) for name, row in _document()["goods"].items()}


@functools.cache
def schemes() -> dict[str, Scheme]:
    """The table, in its own order."""
    rows = {k: v for k, v in _document().items() if k not in ("groups", "goods")}
    return {name: msgspec.convert({"id": name, **row}, Scheme) for name, row in rows.items()}


def expand(markets: tuple[str, ...]) -> frozenset[str]:
    """Market codes with groups replaced by their members; "*" stays."""
    return frozenset(code for name in markets for code in groups().get(name, (name,)))


@functools.cache
def _where(scheme: str) -> frozenset[str]:
    row = schemes().get(scheme)
    return expand(row.markets) if row else frozenset({"*"})


def counts_in(scheme: str, market: str | None) -> bool:
    """True where a paper of the scheme means something: the market is among its own, or the scheme
    is worldwide. True for an unknown market or scheme: nothing says that it does not count."""
    places = _where(scheme)
    return market is None or "*" in places or market in places


def answers_for(held: str, wanted: str, market: str | None) -> bool:
    """True when a paper of `held` is accepted where `wanted` is asked for: CE for UKCA in GB."""
    if held == wanted:
        return True
    row = schemes().get(held)
    return row is not None and market is not None and market in expand(row.replaces.get(wanted, ()))


def verbs(paper: Certificate) -> tuple[str, ...]:
    """Verbs (ids, see `guard.toml: verbs`) that may be spoken of this paper, most exact first.

    From scheme × kind × issuer, never from the paper's own wording: a third-party "CE certificate"
    without a notified body's number is a voluntary test.
    """
    row = schemes().get(paper.scheme)
    if row is None:
        return {"self_declaration": ("declared",), "registration": ("registered",), "listing": ("listed",),
                "shipment": ("shipment",)}.get(paper.certificate_kind, ("certified",))  # fmt: skip
    number = (paper.number or "").strip()
    for special in row.numbers:
        if re.fullmatch(special.form, number, re.IGNORECASE):
            return special.verbs
    if paper.certificate_kind in row.voluntary and not (paper.body and paper.body.number):
        return row.voluntary[paper.certificate_kind]
    return row.kinds.get(paper.certificate_kind, ())


def number_fits(scheme: str, number: str) -> bool:
    """True when the number has the scheme's form, or the scheme has none."""
    row = schemes().get(scheme)
    form = row.number if row else None
    if row is None or (form is None and not row.numbers):
        return True
    forms = [form] if form else []
    forms += [n.form for n in row.numbers]
    return not form or any(re.fullmatch(f, number.strip(), re.IGNORECASE) for f in forms)


# ---------------------------------------------------------------- names in text

_CERTIFY = re.compile(
    r"cert|zert|sertif|сертиф|mark|mærk|marq|marc|kenn?z|zeich|selo|sello|logo|approv|homolog|listed|label|"
    r"attest|bescheinig|konform|conform|compli|declar|erklär|规|認|认|证|證|标|マーク|인증|마크|"
    r"ใบรับรอง|มาตรฐาน|شهادة|علامة|معتمد|belge|chứng|प्रमाण|मार्क|znak|oznak|знак|keur|regist|approuv",
    re.IGNORECASE,
)
_LATIN = r"0-9A-Za-zÀ-ɏЀ-ӿؠ-ۓऀ-ॿ"
_ARABIC_PREFIX = r"(?:[وبلفك]?(?:ال)?|لل)"


def _bounded(name: str) -> str:
    """Word borders where the name's ends are letters of a spaced script; a plural s may follow.

    A Latin name may touch Han, Kana, Hangul or Thai ("CE认证有吗", "มีFDAไหม")."""
    first, last = name[0], name[-1]
    before = f"(?<![{_LATIN}])" if re.match(f"[{_LATIN}]", first) else ""
    before += _ARABIC_PREFIX if "ء" <= first <= "ي" else ""
    after = f"(?![{_LATIN}])" if re.match(f"[{_LATIN}]", last) else ""
    return before + re.escape(name).replace(r"\ ", r"[\s\-]?") + after


_EDGE = "(?:(?<![A-Za-z0-9])(?=[A-Za-z0-9(])|(?<=[A-Za-z0-9])(?![A-Za-z0-9]))"
"""A word border that also stands between Latin and Han or Kana letters."""


class _Finder(msgspec.Struct, frozen=True):
    """The patterns of one scheme; `stems` are its names as `_squeezed` leaves them: a text that holds none
    of them names it by a pattern of its own (`patterned`) or not at all."""

    scheme: str
    stems: tuple[str, ...]
    patterned: bool
    wide: re.Pattern[str] | None
    exact: re.Pattern[str] | None
    loose: re.Pattern[str] | None  # the exact tokens in small letters


@functools.cache
def _finders() -> tuple[_Finder, ...]:
    found = []
    for row in schemes().values():
        names = "|".join(_bounded(n) for n in sorted(row.names, key=len, reverse=True))
        patterns = _joined(row.patterns)
        wide = "|".join(x for x in (names, patterns) if x)
        exact = "|".join(_bounded(n) for n in row.exact)
        loose = "|".join(_bounded(n.lower()) for n in row.exact)
        found.append(
            _Finder(
                row.id,
                tuple({_squeezed(n) for n in (*row.names, *row.exact)}),
                bool(row.patterns),
                re.compile(wide, re.IGNORECASE) if wide else None,
                re.compile(exact) if exact else None,
                re.compile(loose) if loose else None,
            )
        )
    return tuple(found)


@functools.cache
def _stem_heads() -> dict[str, frozenset[int]]:
    """Beginnings of stems → numbers of the finders that have one: most lines hold none of them."""
    heads: dict[str, set[int]] = {}
    for number, row in enumerate(_finders()):
        for stem in row.stems:
            heads.setdefault(stem[:_STEM_HEAD], set()).add(number)
    return {head: frozenset(numbers) for head, numbers in heads.items()}


def _joined(patterns: Iterable[str]) -> str:
    return "|".join(f"(?:{p})" for p in patterns).replace(r"\b", _EDGE)


@functools.cache
def _any_pattern() -> re.Pattern[str]:
    """Finds something wherever a scheme's own pattern does."""
    return re.compile(_joined(p for row in schemes().values() for p in row.patterns), re.IGNORECASE)


def _squeezed(text: str) -> str:
    """No case, no spaces, no hyphens: what a name and a text that holds it have in common."""
    return re.sub(r"[\s\-\u0307]", "", text.casefold().replace("ı", "i"))


def _shouted(text: str) -> bool:
    """A line all in capitals: "CE" in it may be a French pronoun."""
    words = re.findall(r"[^\W\d_]{4,}", text)
    return bool(words) and text.upper() == text and any(w.lower() != w for w in words) and len(words) > 1


def _beside(plain: str, start: int, end: int, hits: list[tuple[str, int, int]], french: bool) -> bool:
    """True when a small-letter token ("ce") reads as a scheme: a word of certification or another
    scheme stands beside it, or the question ends with it ("tem ce?")."""
    if plain[max(0, start - 1) : start] in ("-", "'", "’"):
        return False
    around = plain[max(0, start - 14) : start] + " " + plain[end : end + 14]
    if _CERTIFY.search(around):
        return True
    if end - start == 2 and re.match(r"\s*[?？؟]", plain[end:]):
        return True
    near = any(abs(s - end) <= 6 or abs(start - e) <= 6 for _, s, e in hits)
    return near and not french


def find_spans(text: str, lang: str = "en") -> list[tuple[str, int, int]]:
    """(scheme id, start, end) of each scheme named, in reading order, longest first at one place.

    Offsets are into the NFKC form of `text`. Names of all languages are always tried, since chat
    mixes them; `lang` only tells whether a small "ce" may be a pronoun.
    """
    return list(_spans(text, lang.startswith("fr")))


@functools.lru_cache(maxsize=1024)
def _spans(text: str, french: bool) -> tuple[tuple[str, int, int], ...]:
    plain = unicodedata.normalize("NFKC", text)
    shouted = _shouted(plain)
    squeezed = _squeezed(plain)
    patterned = _any_pattern().search(plain) is not None
    near = {squeezed[i : i + _STEM_HEAD] for i in range(len(squeezed) - _STEM_HEAD + 1)}
    likely = {number for head in near & _stem_heads().keys() for number in _stem_heads()[head]}
    rows = [
        row
        for number, row in enumerate(_finders())
        if (patterned and row.patterned) or (number in likely and any(stem in squeezed for stem in row.stems))
    ]
    hits: list[tuple[str, int, int]] = []
    for row in rows:
        if row.wide is not None:
            hits += [(row.scheme, *m.span()) for m in row.wide.finditer(plain) if m.end() > m.start()]
        if row.exact is not None and not shouted:
            hits += [(row.scheme, *m.span()) for m in row.exact.finditer(plain)]
    low = plain.lower()
    if len(low) == len(plain):
        sure = list(hits)
        for row in rows:
            if row.loose is not None:
                spans = [m.span() for m in row.loose.finditer(low)]
                hits += [(row.scheme, a, b) for a, b in spans if _beside(low, a, b, sure, french)]
    hits.sort(key=lambda h: (h[1], h[1] - h[2]))
    kept: list[tuple[str, int, int]] = []
    for hit in hits:
        if not any(k[1] <= hit[1] and hit[2] <= k[2] for k in kept):
            kept.append(hit)
    return tuple(kept)


def table_schemes(text: str, lang: str = "en") -> tuple[str, ...]:
    """Schemes of the table named in a document, in reading order, once each; any language."""
    return tuple(dict.fromkeys(scheme for scheme, _, _ in find_spans(text, lang)))


def find_schemes(text: str, lang: str = "en") -> tuple[str, ...]:
    """What a question names as proof: schemes of the table, and standards by their own id ("EN 1078")."""
    spans = find_spans(text, lang)
    named = [
        (a.start, a.id)
        for a in standards.asked(text)
        if not any(start < a.end and a.start < end for _, start, end in spans)
    ]
    found = sorted([*((start, scheme) for scheme, start, _ in spans), *named])
    return tuple(dict.fromkeys(scheme for _, scheme in found))


def standard_asked(name: str, text: str) -> str | None:
    """The standard that a scheme's id stands for, with the part the question names ("EN71" → "EN 71-3");
    None where the id is no standard's."""
    row = schemes().get(name)
    if row is None:
        return name if standards.number_of(name) else None
    if row.proves != "standard":
        return None
    asked = (a.id for a in standards.asked(text) if standards.matches(row.title, a.id))
    return next(asked, row.title)
