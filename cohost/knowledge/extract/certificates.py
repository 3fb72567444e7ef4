"""Certificates, declarations, registrations, listings: what a paper covers and whether it counts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from cohost.knowledge.extract import binding, dates, standards
from cohost.knowledge.extract.papers import Entry, Paper, date_of, doubt, number_in, split, without_remark
from cohost.knowledge.extract.scope import Scope
from cohost.knowledge.extract.stream import Part
from cohost.knowledge.extract.vocabulary import section
from cohost.trust import words
from cohost.trust.evidence import Body, Certificate, CertificateKind, Source, normal_model
from cohost.trust.schemes import table_schemes, number_fits, schemes

OTHER = "OTHER"
"""A paper whose scheme the table does not hold."""
_WITH_DECLARATION = ("RoHS", "REACH")
_BODY_NUMBER = re.compile(
    r"(?:No\.?|Nr\.?|№|N[º°]|NB|CE|编号|番号|Kenn-?Nr\.?|identification number)?"
    r"\s*[:.]?\s*(?<!\d)(\d{4})(?!\d)"
)
_NOTIFIED = re.compile(
    r"(?:notified body|benannte stelle|organisme notifié|organismo notificado|organismo notificato)"
    r"\s*(?:no\.?|nr\.?|n[º°])?\s*:?\s*(\d{4})(?!\d)",
    re.IGNORECASE,
)
_VALUE_NUMBER = re.compile(
    r"(?:[A-Z][A-Z\-]{1,9} )?(?=[\w\-./():]*\d)[A-Z0-9(][\w\-./():]*(?: (?=[\w\-./]*\d)[\w\-./]+){0,4}",
    re.IGNORECASE,
)


def from_document(parts: Sequence[Part], scope: Scope) -> Iterator[Certificate]:
    """One item for each paper and each scheme its title names; a register of papers, its rows."""
    for paper in split(parts):
        named = _schemes(paper, scope)
        for number, scheme in enumerate(named):
            yield _certificate(paper, scheme, scope, first=number == 0)


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


def _kind(paper: Paper, scheme: str) -> CertificateKind:
    title = " · ".join(paper.titles)
    allowed = list(schemes()[scheme].kinds) if scheme in schemes() else []
    wanted: CertificateKind = "third_party"
    plain = words.plain(title)
    if _is_declaration(paper):
        wanted = "self_declaration"
    elif re.search(r"\blisting\b|\blisted\b|list[ae]do|列名", plain):
        wanted = "listing"
    elif re.search(r"regist|enregistr|регистрац|登记|备案|登録|등록|تسجيل|จดแจ้ง|ทะเบียน|notif", plain):
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
    body = _body(paper)
    number, entry = _number(paper, scheme)
    source = _source(paper, scope, entry, number)
    issued, expires = date_of(paper, scope, "issued"), date_of(paper, scope, "expires")
    issued = issued or (_signed(paper, scope) if kind == "self_declaration" else None)
    models, component = _models(paper, scope)
    status: Any = "held"
    if _unofficial(scheme, kind, body, paper):
        status = "on_file_not_held"
        scope.problem(
            "unofficial_certificate",
            f"a “{(paper.titles or (scheme,))[0][:60]}” by a body that is no notified body: it proves a "
            f"voluntary test, not {scheme}; the maker's declaration of conformity does", source.page,
        )  # fmt: skip
    common = scope.common(source)
    common |= {
        "models": models, "valid_until": expires.earliest if expires else None, "markets": (),
        "source_class": "B" if kind == "self_declaration" else "A",
    }  # fmt: skip
    item = Certificate(
        **common, scheme=scheme, number=number, certificate_kind=kind, holder=paper.value("holder", "client"),
        manufacturer=paper.value("manufacturer"), families=_families(paper), component=component,
        standards=_standards(paper), body=body, issued=issued.latest if issued else None, status=status,
    )  # fmt: skip
    if first:
        _check(item, paper, scope, entry)
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


def _models(paper: Paper, scope: Scope) -> tuple[tuple[str, ...], str | None]:
    """Exact models of the paper, and the part it covers when it covers a part only."""
    stated: list[str] = []
    for entry in stating(paper, scope):
        stated += binding.stated_models(entry.value, scope.catalogue)
        doubt(entry.quote, entry.value.split(" ")[0], entry.page, scope)
    if not stated:
        for entry in paper.all("product", "component"):
            stated += binding.worded_models(entry.value, scope.catalogue) or binding.models_in(
                entry.value, scope.catalogue
            )
    if not stated:
        stated += binding.worded_models(" ".join(paper.titles), scope.catalogue)
        stated += binding.models_in(paper.text, scope.catalogue, scope.product)
    known = {normal_model(m) for p in scope.catalogue.products for m in p.models}
    models = tuple(dict.fromkeys(stated))
    own = [m for m in models if normal_model(m) in known]
    parts = [without_remark(e.value) for e in paper.all("component")]
    component = next((p for p in parts if section("word").says(p, "adapter", "cell")), None)
    component = component or next(iter(parts), None)
    if component is None and models and not own and known:
        component = _part_named(paper)
    if own:
        return models, None
    return models, _part_word(component) if component else None


def stating(paper: Paper, scope: Scope) -> list[Entry]:
    """The labelled items that state models: those with the catalogue's own, else those labelled so, else
    "type" lines."""
    found = paper.all("model")
    own = [e for e in found if binding.models_in(e.value, scope.catalogue)]
    plain = [e for e in found if not e.label.casefold().startswith("typ")]
    return own or plain or found


def _part_named(paper: Paper) -> str | None:
    told = " ".join([*(e.value for e in paper.all("product")), *paper.titles])
    return told if section("word").says(told, "adapter", "cell") else None


def _part_word(text: str) -> str:
    for key in ("adapter", "cell"):
        if section("word").says(text, key):
            return key
    return text[:60]


def _families(paper: Paper) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f for e in paper.all("model") for f in binding.families(e.value)))


def _standards(paper: Paper) -> tuple[Any, ...]:
    labelled = [s for e in paper.all("standard", "method") for s in standards.find(e.value)]
    found = labelled or list(standards.find(paper.text))
    if _is_declaration(paper):
        found = [*found, *standards.find(paper.text)]
    return tuple({(s.id, s.edition): s for s in found}.values())[:24]


def _body(paper: Paper) -> Body | None:
    """The notified body with its number, else who issued."""
    denied = section("word").says(paper.text, "not_notified")
    for entry in paper.all("body"):
        if section("word").says(entry.label, "notified_body") and not denied:
            number = _BODY_NUMBER.search(entry.value)
            name = without_remark(re.split(r",\s*(?:No|Nr)", entry.value)[0])
            return Body(name, number.group(1) if number else None)
    if not denied:
        near = _NOTIFIED.search(paper.text)
        if near:
            return Body("notified body", near.group(1))
    issuer = [e for e in paper.all("body") if not section("word").says(e.label, "notified_body")]
    return Body(without_remark(issuer[0].value)) if issuer else None


def _unofficial(scheme: str, kind: CertificateKind, body: Body | None, paper: Paper) -> bool:
    row = schemes().get(scheme)
    return bool(row and kind in row.voluntary and kind != "self_declaration" and not (body and body.number))


# ---------------------------------------------------------------- what is odd


def _check(item: Certificate, paper: Paper, scope: Scope, entry: Entry | None) -> None:
    page = item.source.page
    if item.number and entry:
        doubt(entry.quote, item.number, entry.page, scope)
        if not number_fits(item.scheme, item.number):
            scope.problem(
                "number_form",
                f"{item.scheme}: got number {item.number}, which is not of the scheme's form",
                page,
            )
    if item.issued and item.valid_until and item.valid_until < item.issued:
        scope.problem(
            "dates_reversed", f"{item.scheme}: valid until {item.valid_until}, issued {item.issued}", page
        )
    if scope.on is not None:
        if item.issued and item.issued > scope.on:
            scope.problem("issued_in_future", f"{item.scheme}: issued {item.issued}, after {scope.on}", page)
        if item.valid_until and item.valid_until < scope.on:
            scope.problem(
                "expired", f"{item.scheme} {item.number or ''}: valid until {item.valid_until}", page
            )
    if item.scheme == OTHER:
        scope.problem("unknown_scheme", "a certificate whose scheme is not in the table", page, "info")
    _check_holder(item, paper, scope)


def _check_holder(item: Certificate, paper: Paper, scope: Scope) -> None:
    """Neither holder nor maker is the brand: a letter should link them."""
    brand = scope.catalogue.brand
    own = _significant(f"{brand.name} {brand.legal_name}")
    told = " ".join(filter(None, (item.holder, item.manufacturer)))
    if own and told and not own & _significant(told):
        scope.problem(
            "holder_differs",
            f"{item.scheme}: held by {told[:80]}, expected {brand.legal_name or brand.name}",
            item.source.page,
            "info",
        )


_COMPANY = frozenset({
    "ltd", "limited", "inc", "llc", "gmbh", "srl", "corp", "company", "trading", "the", "and",
    "international", "group", "fictional", "technology",
})  # fmt: skip


def _significant(text: str) -> set[str]:
    plain = words.plain(text)
    return {w for w in re.findall(r"\w+", plain) if len(w) > 2 and w not in _COMPANY}
