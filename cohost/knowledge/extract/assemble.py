"""From a document to its items: kind, binding, then the extractor of its kind. Pure."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.knowledge.documents import Document, Problem
from cohost.knowledge.extract import (
    answers,
    binding,
    boxes,
    certificates,
    classify,
    facts,
    passages,
    policies,
    registers,
    reports,
    reviews,
    sections,
    sizes,
    statements,
)
from cohost.knowledge.extract.labelled import entries
from cohost.knowledge.extract.scope import Scope, language
from cohost.knowledge.extract.stream import Part, Row, parts
from cohost.knowledge.kbtoml import DocumentNote
from cohost.trust.evidence import DocumentKind, Evidence, Fact, MarketFact, Passage, Policy


class Extraction(msgspec.Struct, frozen=True):
    """What a document gave. `items` carry local ids; `approved` is what its note says."""

    items: tuple[Evidence, ...]
    kind: DocumentKind
    product: str | None
    lang: str
    problems: tuple[Problem, ...]
    approved: bool = False


def assemble(
    document: Document, catalogue: Catalogue, note: DocumentNote | None, on: dt.date | None
) -> Extraction:
    read = parts(document)
    kind = note.kind if note and note.kind else classify.kind_of(document, read)
    scope = _scope(document, read, kind, catalogue, note, on)
    kept = [p for p in (passages.cleaned(part, scope) for part in read) if p is not None]
    items: tuple[Evidence, ...] = ()
    if kind != "script" and kept:
        charts = sizes.taken(kept, scope)
        items = tuple(_unique((*charts.items, *_items(charts.parts, scope))))
    approved = bool(note and note.approved_by)
    return Extraction(items, kind, scope.product, scope.lang, tuple(scope.problems), approved)


# ---------------------------------------------------------------- what the document is about


def _scope(
    document: Document, read: Sequence[Part], kind: DocumentKind, catalogue: Catalogue,
    note: DocumentNote | None, on: dt.date | None,
) -> Scope:  # fmt: skip
    lang = language(document.text[:6000], "en")
    titles = [document.title, *(p.text for p in read[:5] if p.kind != "table" and len(p.text) < 200)]
    product = note.product if note else None
    shop_wide = kind in ("policy", "company", "glossary", "internal")
    if product is None:
        product = _product(document, titles, read, catalogue, shop_wide)
    named = [t for t in titles if t == document.title] + [p.text for p in read[:3] if p.kind != "table"]
    models = () if shop_wide or product is None else _models(named, read, catalogue, product)
    return Scope(
        document=document, catalogue=catalogue, kind=kind, lang=lang,
        source_class=classify.source_class(kind, tuple(read)),
        product=product, models=models, on=on,
        release="internal" if kind == "internal" else "approved",
        visibility=(note.visibility if note and note.visibility else "excerpt"),
    )  # fmt: skip


def _product(
    document: Document, titles: Sequence[str], read: Sequence[Part], catalogue: Catalogue, shop_wide: bool
) -> str | None:
    """The product of the title, a labelled item, the words, the path; a rule of the shop only by title."""
    if shop_wide:
        heads = [document.title, *(p.text for p in read[:3] if p.kind == "heading")]
        return binding.product_of(heads, catalogue) if len(catalogue.products) > 1 else None
    if sections.several(read, catalogue):
        return None
    path = re.sub(r"[_./-]+", " ", document.path)
    for texts in (titles, _labelled(read), [_body(read)], [document.path, path]):
        found = binding.product_of(texts, catalogue)
        if found is not None:
            return found
        if texts is not titles and any(binding.mentions(t, catalogue) for t in texts):
            return None
        if texts is titles and any(binding.mentions(t, catalogue) for t in texts):
            return binding.product_of(_labelled(read), catalogue)  # several names: a model field decides
    return None


def _labelled(read: Sequence[Part]) -> tuple[str, ...]:
    """The values of the model and product fields among the first parts."""
    return _labelled_of(tuple(read[:12]))


@functools.lru_cache(maxsize=8)
def _labelled_of(read: tuple[Part, ...]) -> tuple[str, ...]:
    return tuple(e.value for e in entries(read) if e.key in ("model", "product"))


def _body(read: Sequence[Part]) -> str:
    return "\n".join(p.text or "\n".join(r.text for r in p.rows) for p in read)[:20_000]


def _models(
    titles: Sequence[str], read: Sequence[Part], catalogue: Catalogue, product: str | None
) -> tuple[str, ...]:
    """Models of the title or of a model field; else every model (empty)."""
    for text in (*titles, *_labelled(read)):
        found = binding.models_in(text, catalogue, product)
        if found:
            every = binding.all_models(catalogue, product)
            return () if len(found) == len(every) > 1 else found
    return ()


# ---------------------------------------------------------------- items by kind


def _items(read: Sequence[Part], scope: Scope) -> Iterator[Evidence]:
    lists = [p for p in read if registers.is_register(p)]
    for part in lists:
        yield from registers.from_table(part, scope)
    tables = [p for p in read if p.kind == "table" and reviews.is_reviews(p)]
    if scope.kind == "review" and tables:
        for part in tables:
            yield from reviews.from_table(part, scope)
    elif lists:
        yield from _sections([p for p in read if p not in lists], scope)
    elif scope.kind == "certificate":
        yield from certificates.from_document(read, scope)
        yield from _sections(read, scope, tell_facts=False)
    elif scope.kind in ("test_report", "study"):
        yield from reports.from_document(read, scope)
        yield from _sections(read, scope, tell_facts=False)
    elif scope.kind == "policy":
        yield from policies.from_document(passages.without_furniture(read, scope), scope)
    elif scope.kind == "glossary":
        return
    else:
        yield from _sections(read, scope)


def _sections(read: Sequence[Part], scope: Scope, *, tell_facts: bool = True) -> Iterator[Evidence]:
    """Each section for the products its heading names."""
    for places, run in sections.runs(passages.without_furniture(read, scope), scope):
        for place in places:
            told, rest = boxes.taken(run, place) if tell_facts else ([], run)
            yield from told
            yield from _plain(rest, place, tell_facts=tell_facts)


def _plain(read: Sequence[Part], scope: Scope, *, tell_facts: bool = True) -> Iterator[Evidence]:
    """Facts from tables and text, and passages from all of it."""
    pending: tuple[str, Part] | None = None
    for part in read:
        if part.kind == "table":
            unread: list[Row] = []
            for row, rest in _asked_rows(part, scope):
                yield from row
                unread += rest
            if tell_facts:
                told, unread = facts.from_table(_with_rows(part, unread), scope)
                yield from told
            else:
                unread = [] if scope.kind == "test_report" else passages.beyond_the_form(unread)
            yield from _row_passages(part, unread, scope)
            continue
        if part.kind == "heading":
            asked = passages.asked(part) if _asks(part) else None
            pending = (asked[0], part) if asked and not asked[1] else None
            if scope.kind == "brochure" and part.headings[:-1]:
                yield from statements.from_part(part, scope)
                yield from passages.from_part(part, scope)
            continue
        asked = passages.asked(part) if scope.kind == "faq" or (pending is None and _asks(part)) else None
        if asked and asked[1]:
            yield from _answer(asked[0], asked[1], part, scope, tell_facts)
            pending = None
        elif asked:
            pending = (asked[0], part)
        elif pending:
            yield from _answer(pending[0], passages.answer_of(part.text), part, scope, tell_facts)
            pending = None if scope.kind == "faq" and part.kind == "paragraph" else pending
        else:
            if tell_facts:
                yield from statements.from_part(part, scope)
            elif any(True for _ in entries([part])) and len(part.text) < 120:
                continue  # a labelled item of the paper
            yield from passages.from_part(part, scope)


def _asks(part: Part) -> bool:
    return part.text.rstrip(" *").endswith(("?", "？", "؟"))


def _with_rows(part: Part, rows: Sequence[Row]) -> Part:
    return Part(part.kind, part.page, part.headings, part.text, tuple(rows), part.locator)


def _asked_rows(part: Part, scope: Scope) -> Iterator[tuple[list[Evidence], list[Row]]]:
    """Rows whose first cell asks are question and answer; the rest is handed back."""
    for row in part.rows:
        if len(row.filled) == 2 and row.filled[0].rstrip().endswith(("?", "？", "؟")):
            yield list(_answer(row.filled[0], row.filled[1], part, scope, True)), []
        else:
            yield [], [row]


def _row_passages(part: Part, rows: Sequence[Row], scope: Scope) -> Iterator[Passage]:
    for row in rows:
        found = passages.from_row(row, part, scope)
        if found is not None:
            yield found


def _answer(question: str, answer: str, part: Part, scope: Scope, tell_facts: bool) -> Iterator[Evidence]:
    """An answer is a passage under its question, and a fact where it holds a figure."""
    bound = scope.about(question)
    alert = passages.warns(answer)
    whole = Part(part.kind, part.page, (*part.headings, question), answer)
    by_market = list(policies.from_answer(question, whole, bound)) if tell_facts else []
    yield from by_market
    if tell_facts and not by_market:
        yield from answers.from_answer(question, whole, bound)
    for chunk in passages.chunks(answer):
        yield passages.made(chunk, part, bound.narrow(chunk), alert, question)


def _unique(items: Iterable[Evidence]) -> Iterator[Evidence]:
    """The same fact said twice by one row or by sentence and section is kept once."""
    seen: set[object] = set()
    for item in items:
        if isinstance(item, Fact | MarketFact | Policy):
            key = (type(item), item.attribute, item.value, item.unit, item.models, item.markets, item.product,
                   item.condition, item.source.quote)  # fmt: skip
            if key in seen:
                continue
            seen.add(key)
        yield item
