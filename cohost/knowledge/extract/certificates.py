"""Certificates, declarations, registrations, listings: what a paper covers and whether it counts. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Any

from cohost.knowledge.extract import bodies, coverage, dates, oddities, standards
from cohost.knowledge.extract.labelled import Entry, number_in
from cohost.knowledge.extract.papers import Paper, date_of, split, valid_until, without_remark
from cohost.knowledge.extract.scope import Scope
from cohost.knowledge.extract.stream import Part
from cohost.knowledge.extract.vocabulary import section
from cohost.trust import words
from cohost.trust.evidence import Body, Certificate, CertificateKind, Source
from cohost.trust.schemes import number_fits, schemes, table_schemes

OTHER = "OTHER"
"""A paper whose scheme the table does not hold."""
_HEAD, _DIGITS = 12, 5
_WITH_DECLARATION = ("RoHS", "REACH")
_VALUE_NUMBER = re.compile(
    r"(?:[A-Z][A-Z\-]{1,9} )?(?=[\w\-./():]*\d)[A-Z0-9(][\w\-./():]*(?: (?=[\w\-./]*\d)[\w\-./]+){0,4}",
    re.IGNORECASE,
)


def from_document(parts: Sequence[Part], scope: Scope) -> Iterator[Certificate]:
    """One item for each paper and each scheme its title names; a register of papers, its rows."""
    for paper in split(parts):
        named = _schemes(paper, scope)
        for number, scheme in enumerate(named):
            for product in coverage.products(paper, scope):
                yield _certificate(paper, scheme, scope.bound(product=product), first=number == 0)


# ---------------------------------------------------------------- scheme and kind


def _schemes(paper: Paper, scope: Scope) -> list[str]:
    """From the title, then labelled items, then the words; those of a declaration's legislation beside it."""
    title = " · ".join(paper.titles)
    labelled = " · ".join(
        f"{e.label} {e.value}" for e in paper.all("scheme", "number", "standard", "model", "method")
    )
    named = _counting(table_schemes(title, scope.lang))
    here = _counting(table_schemes(labelled, scope.lang))
    if len(named) > 1:
        spelled = table_schemes(
            re.sub(r"\S*\d\S*", " ", title), scope.lang
        )  # numbers may look like another's
        named = [n for n in named if n in spelled] or named[:1]
        named = [n for n in named if n in here] or named
    named = named or here
    if (
        not named
        and _is_declaration(paper)
        and re.search(r"\bEU\b|\bUE\b|\bCE\b|20\d\d/\d+/E[UC]", paper.text)
    ):
        named = ["CE"]
    named = named or _by_token(title)
    everywhere = table_schemes(paper.text, scope.lang)
    if not named:
        named = _counting(everywhere)[:1] or list(table_schemes(scope.document.title, scope.lang))[:1]
    if not named:
        named = list(table_schemes(re.sub(r"[_\-.]", " ", scope.document.path), scope.lang))[:1]
    if _is_declaration(paper):
        named = [n for n in named if n not in _WITH_DECLARATION] or named
        named += [s for s in everywhere if s in _WITH_DECLARATION and s not in named]
    return list(dict.fromkeys(named)) or [OTHER]


def _by_token(title: str) -> list[str]:
    """A scheme's own letters in the title of a certificate: "GS-Zertifikat"."""
    tokens = set(re.findall(r"[A-Z][A-Z0-9]+", title))
    return [name for name, row in schemes().items() if name in tokens or tokens & set(row.exact)][:1]


def _counting(found: Sequence[str]) -> list[str]:
    """Schemes before mere standards and tests: a DoC names EN 71, it is a CE paper."""
    rows = schemes()
    first = [s for s in found if rows[s].proves in ("product", "system")]
    return first or list(found)


def _is_declaration(paper: Paper) -> bool:
    return any(section("kind").says(t, "declaration") for t in paper.titles)


_NOTIFIED_BODY = re.compile(
    r"notified bod\w+|(?:organismo?|organisme) notifi\w+|notifi[zs]ierte\w* stelle|jednostk\w+ notyfikowan\w+"
)
_EXAMINED = re.compile(
    r"type[ -]examination|baumuster|examen \w\w de t[iy]p[eo]|exame \w\w de tipo|esame \w\w d\w+ tipo|"
    r"typeonderzoek|badania typu|tip inceleme|型式検査|型式試験|型式检验"
)
_SHIPMENT = re.compile(r"\bshipment\b|\bscoc\b|\bconsignment\b|شحنة|الشحنة")
_REGISTERED = re.compile(
    r"regist|enregistr|регистрац|登记|备案|登録|등록|تسجيل|จดแจ้ง|ทะเบียน|notificat|notificac|notificaz|notifizierung"
)


def _kind(paper: Paper, scheme: str) -> CertificateKind:
    title = " · ".join(paper.titles)
    allowed = list(schemes()[scheme].kinds) if scheme in schemes() else []
    wanted: CertificateKind = "third_party"
    plain = _NOTIFIED_BODY.sub(" ", words.plain(title))
    if _is_declaration(paper):
        wanted = "self_declaration"
    elif _EXAMINED.search(plain):
        wanted = "third_party"
    elif _SHIPMENT.search(plain):
        wanted = "shipment"
    elif re.search(r"\blisting\b|\blisted\b|list[ae]do|列名", plain):
        wanted = "listing"
    elif _REGISTERED.search(plain):
        wanted = "registration"
    elif scheme.startswith("UN38"):
        wanted = "shipment"
    if allowed and wanted not in allowed and wanted != "third_party":
        return allowed[0]
    if allowed and wanted == "third_party" and "third_party" not in allowed and scheme != "CE":
        return allowed[0]
    return wanted


# ---------------------------------------------------------------- the item


def _certificate(paper: Paper, scheme: str, scope: Scope, *, first: bool) -> Certificate:
    kind = _kind(paper, scheme)
    body = bodies.issuer(paper, scope) if kind != "self_declaration" else _assessor(paper, scope)
    if scheme == "CE" and body and kind == "third_party" and _without_notified_bodies(paper):
        body = Body(body.name)
    number, entry = _number(paper, scheme)
    source = _source(paper, scope, entry, number)
    issued, expires = date_of(paper, scope, "issued"), date_of(paper, scope, "expires")
    issued = issued or (_signed(paper, scope) if kind == "self_declaration" else None)
    models, component = coverage.models(paper, scope)
    status: Any = "held"
    if _unofficial(scheme, kind, body, paper):
        status = "on_file_not_held"
        scope.problem(
            "unofficial_certificate",
            f"a “{(paper.titles or (scheme,))[0][:60]}” by a body that is no notified body: it proves a "
            f"voluntary test, not {scheme}; the maker's declaration of conformity does", source.page,
        )  # fmt: skip
    common = scope.common(source)
    expires = expires or valid_until(paper, scope)
    ends = expires.earliest if expires else _by_term(scheme, kind, issued, paper, source, scope)
    common |= {
        "models": models, "valid_until": ends, "markets": (),
        "source_class": "B" if kind == "self_declaration" else "A",
    }  # fmt: skip
    item = Certificate(
        **common, scheme=scheme, number=number, certificate_kind=kind, holder=paper.value("holder", "client"),
        manufacturer=paper.value("manufacturer"), families=coverage.families(paper), component=component,
        standards=_standards(paper), body=body, issued=issued.latest if issued else None, status=status,
    )  # fmt: skip
    if first:
        oddities.check(item, scope, entry)
    return item


def _signed(paper: Paper, scope: Scope) -> dates.Dated | None:
    """A declaration is dated where it is signed: the last date of the paper."""
    texts = [t for p in paper.parts for t in (p.text, *(r.text for r in p.rows))]
    found = [d for t in texts for d in dates.find(t, scope.lang)]
    return found[-1] if found else None


def _number(paper: Paper, scheme: str) -> tuple[str | None, Entry | None]:
    """The number that fits the scheme's form, else the first labelled one, else one after "No."."""
    found: list[tuple[str, Entry]] = []
    for entry in sorted(paper.all("number"), key=lambda e: -e.score):
        match = _VALUE_NUMBER.match(without_remark(entry.value).removeprefix("No. ").strip())
        if match and len(re.findall(r"\d", match.group())) and len(match.group()) >= 4:
            found.append((_balanced(match.group().rstrip(".,:;/")), entry))
    form = schemes()[scheme].number if scheme in schemes() else None
    for number, entry in found if form else ():
        if number_fits(scheme, number):
            return number, entry
    if found:
        return found[0]
    for part in paper.parts[:12]:
        told = number_in(part.text) if part.text and len(part.text) < 160 else None
        if told and len(told) > 4:
            return told, Entry("number", "", told, part.text, part.page)
    return _by_form(paper, scheme)


def _by_form(paper: Paper, scheme: str) -> tuple[str | None, Entry | None]:
    """A number that stands without a label, by the scheme's own form: "ЕАЭС N RU Д-CN.РА01.В.12345/24"."""
    row = schemes().get(scheme)
    forms = [f for f in (row.number, *(n.form for n in row.numbers)) if f] if row else []
    for part in paper.parts[:_HEAD]:
        for form in forms:
            match = re.search(rf"(?<![\w-])(?:{form})(?![\w-])", part.text)
            if match and len(re.findall(r"\d", match.group())) >= _DIGITS:
                return match.group().strip(), Entry("number", "", match.group(), part.text, part.page)
    return None, None


def _balanced(text: str) -> str:
    return text if text.count("(") == text.count(")") else text.strip("()")


def _source(paper: Paper, scope: Scope, entry: Entry | None, number: str | None) -> Source:
    """Quoted is the line with the expiry, else with the number, else the title."""
    told = next(iter(paper.all("expires")), None)
    if told is not None and not dates.find(told.value, scope.lang):
        told = None
    chosen = entry or told or next(iter(paper.all("model", "product", "issued")), None)
    locator = number or (paper.titles[0] if paper.titles else None)
    if chosen is None:
        first = next((p for p in paper.parts if p.text), paper.parts[0])
        text = first.text or (first.rows[0].text if first.rows else "")
        return scope.source(first.page, text, locator)
    return scope.source(chosen.page, chosen.quote, locator)


def _standards(paper: Paper) -> tuple[Any, ...]:
    labelled = [s for e in paper.all("standard", "method") for s in standards.of_products(e.value)]
    found = labelled or list(standards.of_products(paper.text))
    if _is_declaration(paper):
        found = [*found, *standards.of_products(paper.text)]
    return tuple({(s.id, s.edition): s for s in found}.values())[:24]


def _assessor(paper: Paper, scope: Scope) -> Body | None:
    """Of a declaration: the notified body it names; the maker itself is no issuer."""
    body = bodies.issuer(paper, scope)
    named = body is not None and (body.number is not None or bool(paper.all("body")))
    return body if named else None


def _without_notified_bodies(paper: Paper) -> bool:
    """True where the only law a paper names is one under which no notified body acts (2014/35/EU, RoHS)."""
    laws = set(_LAWS.findall(paper.text)) - {"2011/65", "2015/863", "1907/2006"}
    title = words.plain(" ".join(paper.titles))
    return bool(laws) and laws <= {"2014/35", "2006/95"} and not _EXAMINED.search(title)


_LAWS = re.compile(r"\b((?:19|20)\d\d/\d{2,4}|93/42|90/385|98/79|89/686)\b")


def _by_term(
    scheme: str, kind: CertificateKind, issued: dates.Dated | None, paper: Paper, source: Source, scope: Scope
) -> dt.date | None:
    """Without an end date: the day on which the scheme's own rule ends it, told to a person."""
    row = schemes().get(scheme)
    months = row.term.get(kind) if row is not None and row.ends(kind) else None
    endless = any(section("word").says(e.value, "unlimited") for e in paper.all("expires"))
    if months is None or issued is None or endless:
        return None
    ends = dates.later(issued.earliest, months) - dt.timedelta(days=1)
    scope.problem(
        "no_expiry", f"{scheme}: got no end date, expected one; such a paper holds {months} months, taken "
        f"here as until {ends}", source.page,
    )  # fmt: skip
    return ends


def _unofficial(scheme: str, kind: CertificateKind, body: Body | None, paper: Paper) -> bool:
    row = schemes().get(scheme)
    return bool(row and kind in row.voluntary and kind != "self_declaration" and not (body and body.number))
