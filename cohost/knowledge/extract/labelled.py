"""Labelled items of papers: "No: 7", a row of a form, a line that begins with a label. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from cohost.knowledge.documents import Page
from cohost.knowledge.extract import dates
from cohost.knowledge.extract.stream import Part, Row, sentences
from cohost.knowledge.extract.vocabulary import Hit, plain_label, section

_COLON = re.compile(r"^\s*(?:[-•*·]\s*)?(?P<label>[^:：]{2,60}?)\s*[:：]\s*(?P<value>\S.*)$", re.DOTALL)
_INLINE = re.compile(r"(?P<label>[^\d\s:：]{2,12})[:：]\S")
"""A label with its value in one token: "有效期至:2029年05月19日"."""
_MAX_WORDS = 9
STARTED = 0.9
"""Score of an entry whose line only begins with a label."""
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
        several = list(_several_dates(label, value))
        for key, date in several:
            yield Entry(key, label, date, row.text, part.page, row.locator or part.locator)
        hit = None if several else _label(label) or (_misread(label, value) if part.page.ocr else None)
        if hit:
            yield Entry(hit.key, label, value, row.text, part.page, row.locator or part.locator, hit.score)
    if len(cells) == 1:
        yield from _of_text(cells[0], part)


_SLASHED = re.compile(r"\s*/\s*(?=\D)|\s+/\s+")
_DATED = ("received", "tested", "issued", "expires")


def _several_dates(label: str, value: str) -> Iterator[tuple[str, str]]:
    """ "Date of receipt / test / issue | 2026-03-02 / 2026-03-04 – 06 / 2026-03-09": each on its own."""
    names, told = _SLASHED.split(label), re.split(r"\s+/\s+|\s*[;；]\s*", value)
    if len(names) < 2 or len(names) != len(told) or not all(dates.find(t) for t in told):
        return
    lead = names[0].split()[:-1]
    for name, date in zip(names, told, strict=True):
        first = name.split()[:1]
        tries = (name, " ".join([*lead, name]), " ".join([*lead, *first]), *first)
        hits = [h for t in tries if (h := section("field").label(t, _DATED))]
        hit = max(hits, key=lambda h: h.score, default=None)
        if hit is not None:
            yield hit.key, date


def _label(text: str) -> Hit | None:
    return section("field").label(text) if len(text) <= 110 else None


def _misread(label: str, value: str) -> Hit | None:
    """A scan's label of a date with one sign wrong: "有劾期限" for "有効期限"."""
    plain = plain_label(label)
    if len(plain) < 3 or not dates.find(value):
        return None
    for key in ("expires", "issued"):
        for entry in section("field").entries(key):
            wrong = sum(a != b for a, b in zip(plain, entry, strict=False))
            if len(entry) == len(plain) and wrong == 1:
                return Hit(key, 0.8, entry)
    return None


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
            yield Entry(key, label, value, sentence, part.page, None, STARTED)


def _runs(sentence: str) -> list[str]:
    """A line of several labelled items, cut before each label: "No: 7 Model: A1"."""
    tokens = sentence.split()
    cuts = [0]
    for at, token in enumerate(tokens):
        if at and (found := _INLINE.match(token)) and section("field").keys_of(found["label"]):
            cuts.append(at)
        if not token.endswith((":", "：")):
            continue
        for count in (4, 3, 2, 1):
            start = at - count + 1
            label = " ".join(tokens[start : at + 1]) if start >= cuts[-1] else ""
            if label and section("field").keys_of(label):
                cuts += [start] if start > cuts[-1] else []
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
