"""A document's papers, each with its titles and labelled items; the dates of a paper. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

import msgspec

from cohost.knowledge.documents import Page
from cohost.knowledge.extract import dates
from cohost.knowledge.extract.labelled import Entry, entries
from cohost.knowledge.extract.scope import LOW, Scope
from cohost.knowledge.extract.stream import Part, sentences
from cohost.knowledge.extract.vocabulary import section
from cohost.trust import words

_REMARK = re.compile(
    r"\s*[(（](?:[^()（）]*(?:fictional|specimen|sample|example|架空|虚构|見本|fict[íi]ci|fictif|fiktiv|สมมติ)[^()（）]*)[)）]",
    re.IGNORECASE,
)


class Paper(msgspec.Struct, frozen=True):
    """One paper of a document: its parts, titles and labelled items."""

    parts: tuple[Part, ...]
    titles: tuple[str, ...]
    entries: tuple[Entry, ...]

    def all(self, *keys: str) -> list[Entry]:
        return [e for key in keys for e in self.entries if e.key == key]

    def value(self, *keys: str) -> str | None:
        found = self.all(*keys)
        return without_remark(found[0].value) if found else None

    @property
    def text(self) -> str:
        return "\n".join(p.text or "\n".join(r.text for r in p.rows) for p in self.parts)


def without_remark(text: str) -> str:
    """A name or number without "(specimen)"."""
    return _REMARK.sub("", text).strip(" ,;")


def split(parts: Sequence[Part]) -> list[Paper]:
    """A document's papers: a new one begins where a page or first heading has a title of its own kind
    and a number or model of its own."""
    groups: list[list[Part]] = [[]]
    for part in parts:
        if groups[-1] and _begins(part, groups[-1]):
            groups.append([])
        groups[-1].append(part)
    if len(groups) > 1 and _letterhead(groups[0], groups[1]):
        groups[1] = [*groups[0], *groups[1]]  # a letterhead belongs to the title below it
        groups.pop(0)
    for before, group in itertools.pairwise(groups):
        _take_letterhead(before, group)
    papers = [_paper(group) for group in groups if group]
    merged: list[Paper] = []
    for paper in papers:
        if merged and not _stands_alone(paper):
            merged[-1] = _paper([*merged[-1].parts, *paper.parts])
        else:
            merged.append(paper)
    return merged


def _letterhead(first: Sequence[Part], second: Sequence[Part]) -> bool:
    """What stands above the title on its page and labels nothing but itself."""
    if first[0].page is not second[0].page or len(first) > 8:
        return False
    return not any(e.key in ("model", "product") for e in entries(first))


def _take_letterhead(before: list[Part], group: list[Part]) -> None:
    """What stands at the head of the page on which a paper begins, and is no table, belongs to it."""
    page = group[0].page
    if before[0].page is page:
        return
    while before[-1].page is page and before[-1].kind != "table":
        group.insert(0, before.pop())


def _begins(part: Part, before: Sequence[Part]) -> bool:
    return (
        part.kind == "heading"
        and _named(part.text)
        and (part.page is not before[-1].page or len(part.headings) == 1)
    )


def _named(text: str) -> bool:
    return section("kind").says(text, "declaration", "certificate", "test_report")


def _stands_alone(paper: Paper) -> bool:
    return bool(paper.all("number", "report", "model", "product"))


def _paper(parts: Sequence[Part]) -> Paper:
    return Paper(tuple(parts), tuple(_titles(parts)), tuple(entries(parts)))


def _titles(parts: Sequence[Part]) -> Iterator[str]:
    """Headings and short lines above the first table that follows a title; a letterhead may hold a table."""
    named = False
    for part in parts[:14]:
        if part.kind == "table":
            if named:
                return
            continue
        if part.kind == "heading" or len(part.text) <= 160:
            named = named or _named(part.text)
            yield part.text


# ---------------------------------------------------------------- dates


def date_of(paper: Paper, scope: Scope, key: str) -> dates.Dated | None:
    """The first date labelled so, ambiguity and low OCR confidence reported."""
    for entry in paper.all(key):
        found = dates.first(entry.value, scope.lang, month_end=key == "expires")
        if found is None:
            continue
        if found.ambiguous:
            scope.problem(
                "ambiguous_date",
                f"{words.plain(entry.label) or key}: got {found.text}, expected an order of day and month "
                f"that is clear ({found.earliest} or {found.latest}); the less favourable one is used",
                entry.page.number,
            )  # fmt: skip
        doubt(entry.quote, found.text, entry.page, scope)
        return found
    return None


_VALID = re.compile(
    r"\bvalid|gültig|valable|valide|válid|geldig|ważn|действ|geçerli|صالح|वैध|ใช้ได้|มีผล|hiệu lực|"
    r"berlaku|有効|유효|有效",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?:\b(?:until|till|to|through|bis(?: zum)?|jusqu'au|au|hasta(?: el)?|até|fino al|al|tot(?: en met)?|do|"
    r"dnia|до|по|đến|hingga|sampai|hata)|حتى|तक|ถึง|至|到|까지|まで)\s*$",
    re.IGNORECASE,
)
_AFTER_DATE = re.compile(r"^\s*(?:まで|까지|तक|tarihine kadar|e kadar|止)")


def valid_until(paper: Paper, scope: Scope) -> dates.Dated | None:
    """The end of validity told in a sentence: "действительна с … по 14.03.2029 включительно"."""
    for part in paper.parts:
        for sentence in sentences(part.text) if part.text and _VALID.search(part.text) else ():
            for date in dates.find(sentence, scope.lang, month_end=True):
                before, after = sentence[: date.start], sentence[date.end :]
                if _VALID.search(sentence) and (_UNTIL.search(before) or _AFTER_DATE.match(after)):
                    return date
    return None


def doubt(quote: str, token: str, page: Page, scope: Scope) -> None:
    """Report a number, date or model that OCR was unsure of."""
    if not page.ocr:
        return
    sure = page.confidence_of(token)
    if sure is not None and sure < LOW:
        scope.problem(
            "low_confidence", f"got “{token}” from a scan with confidence {sure:.2f}, expected at least "
            f"{LOW}: compare it with the paper (“{quote[:80]}”)", page.number,
        )  # fmt: skip
