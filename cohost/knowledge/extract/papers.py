"""The labelled items of a paper: number, holder, models, dates, wherever they stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from cohost.knowledge.documents import Page
from cohost.knowledge.extract import dates
from cohost.knowledge.extract.scope import LOW, Scope
from cohost.knowledge.extract.stream import Part, Row, sentences
from cohost.knowledge.extract.vocabulary import Hit, section
from cohost.trust import words

_COLON = re.compile(r"^\s*(?:[-•*·]\s*)?(?P<label>[^:：]{2,60}?)\s*[:：]\s*(?P<value>\S.*)$", re.DOTALL)
_REMARK = re.compile(
    r"\s*[(（](?:[^()（）]*(?:fictional|specimen|sample|example|架空|虚构|見本|fict[íi]ci|fictif|fiktiv|สมมติ)[^()（）]*)[)）]",
    re.IGNORECASE,
)
_MAX_WORDS = 9
_LONGEST_VALUE = 120


class Entry(msgspec.Struct, frozen=True):
    """One labelled item. `quote` as it stands in the document."""

    key: str
    label: str
    value: str
    quote: str
    page: Page
    locator: str | None = None
    score: float = 1.0


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


# ---------------------------------------------------------------- labelled items


def entries(parts: Sequence[Part]) -> Iterator[Entry]:
    for part in parts:
        if part.kind == "table":
            wide = sum(len(row.filled) == 3 or len(row.filled) > 4 for row in part.rows) > len(part.rows) / 2
            for row in () if wide else part.rows:
                yield from _of_row(row, part)
        elif part.kind != "heading":
            yield from _of_text(part.text, part)
        elif re.search(r"\d", part.text):
            yield from _of_title(part)


def _of_row(row: Row, part: Part) -> Iterator[Entry]:
    cells = [c for c in row.cells if c.strip()]
    pairs = [cells[i : i + 2] for i in range(0, len(cells), 2)] if len(cells) == 4 else []
    if not (pairs and all(_label(p[0]) for p in pairs)):
        pairs = [[cells[0], " ".join(cells[1:])]] if len(cells) >= 2 else []
    for label, value in (p for p in pairs if len(p) == 2):
        hit = _label(label)
        if hit:
            yield Entry(hit.key, label, value, row.text, part.page, row.locator or part.locator, hit.score)
    if len(cells) == 1:
        yield from _of_text(cells[0], part)


def _label(text: str) -> Hit | None:
    return section("field").label(text) if len(text) <= 110 else None


def _of_text(text: str, part: Part) -> Iterator[Entry]:
    for sentence in (run for s in sentences(text) for run in _runs(s)):
        whole = _COLON.match(sentence)
        hit = _label(whole["label"]) if whole else None
        if whole and hit:
            value = whole["value"].rstrip(".。")
            yield Entry(hit.key, whole["label"], value, sentence, part.page, None, hit.score)
            continue
        started = _started(sentence)
        if started:
            key, label, value = started
            yield Entry(key, label, value, sentence, part.page, None, 0.9)


def _runs(sentence: str) -> list[str]:
    """A line of several labelled items, cut before each label: "No: 7 Model: A1"."""
    tokens = sentence.split()
    cuts = [0]
    for at, token in enumerate(tokens):
        if not token.endswith((":", "：")):
            continue
        for count in (4, 3, 2, 1):
            start = at - count + 1
            label = " ".join(tokens[start : at + 1]) if start > cuts[-1] else ""
            if label and section("field").keys_of(label):
                cuts.append(start)
                break
    return [" ".join(tokens[a:b]) for a, b in zip(cuts, [*cuts[1:], len(tokens)], strict=True)]


def _started(line: str) -> tuple[str, str, str] | None:
    """A line that begins with a label and has no colon: "Valid until 2025-03-31", a scan's row."""
    tokens = line.split()
    if len(line) > 60 + _LONGEST_VALUE:
        return None
    for count in range(min(_MAX_WORDS, len(tokens) - 1), 0, -1):
        label = " ".join(tokens[:count])
        if re.search(r"\d{3}", label):
            continue
        hit = section("field").label(label)
        value = " ".join(tokens[count:])
        if hit and hit.score >= 0.95 and _plausible(hit.key, value):
            return hit.key, label, value.rstrip(".。")
    return None


_NUMBERS = frozenset({"number", "report"})
_DATES = frozenset({"issued", "expires", "tested", "received"})


def _plausible(key: str, value: str) -> bool:
    """Without a colon the value itself must look like what the label announces."""
    if key in _DATES:
        return bool(dates.find(value)) and len(value) <= 60
    if key in _NUMBERS:
        return bool(re.match(r"[A-Z(\d][\w().\-/ :]*\d", value)) and len(value) <= 60
    if key == "model":
        return bool(re.match(r"(?=\S*\d)[A-Z\d][\w\-./]+", value)) and len(value) <= 60
    return len(value) <= _LONGEST_VALUE and not value[:1].islower() and not value.endswith(".")


def _of_title(part: Part) -> Iterator[Entry]:
    number = number_in(part.text)
    if number:
        yield Entry("number", "", number, part.text, part.page, None, 0.7)


_NUMBER = re.compile(
    r"(?:(?<!\w)(?i:No|Nr|Núm|Num|Number|Certificate|Certificado|Zertifikat|Certificat|Certificato|Report)\.?"
    r"|№|(?<!\w)[Nn]\.?[º°o]\.?|编号|番号|번호|เลขที่|رقم)"
    r"\s*[:：.]?\s*(?P<number>(?=[\w\-./():]*\d)[A-Z0-9(][\w\-./():]*[\w)])",
)


def number_in(text: str) -> str | None:
    """A number after "No." in running text."""
    match = _NUMBER.search(text)
    return match["number"].strip(".,:") if match else None


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
