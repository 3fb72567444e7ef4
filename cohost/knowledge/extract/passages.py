"""Any other text, in chunks a question can find; warnings marked; instructions to an AI left out. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from cohost.knowledge.extract import places
from cohost.knowledge.extract.labels import attribute_of
from cohost.knowledge.extract.scope import Scope, language
from cohost.knowledge.extract.stream import Part, Row, sentences
from cohost.knowledge.extract.vocabulary import section
from cohost.trust import words
from cohost.trust.attributes import match_phrases
from cohost.trust.evidence import Passage

TOKENS = 60
_LEAST = 8
_SURE = 0.62
_ATTRIBUTES = 4
_PAGE = re.compile(
    r"^\D{0,24}\d+\s*(?:of|/|de|von|sur|di|из|จาก|من)\s*\d+\W*$|^\W*\d+\W*$|_{4,}", re.IGNORECASE
)
_QUESTION = re.compile(
    r"^(?:\*\*)?\s*(?:(?:[QFPD]|问|問|س|질문|Вопрос|Frage|Pregunta|Question|Pergunta|Domanda)\s*[:：.]\s*)?(.{4,200}?[?？؟])(?:\*\*)?\s*(.*)$",
    re.DOTALL,
)
_ANSWER = re.compile(r"^(?:A|R|答|ج|답변?|Antwort|Ответ|回答|Respuesta|Réponse|Resposta|Risposta)\s*[:：]\s*")


def without_furniture(read: Sequence[Part], scope: Scope) -> list[Part]:
    """The parts without page furniture: letterheads, running feet, page numbers, signature lines."""
    titled = any(p.kind == "heading" for p in read)
    paged = scope.document.format in ("pdf", "image", "docx")
    counts = Counter(_skeleton(p.text) for p in read if p.text)
    kept: list[Part] = []
    for part in read:
        if part.kind in ("table", "heading"):
            kept.append(part)
        elif paged and titled and not part.headings:
            continue
        elif counts[_skeleton(part.text)] == 1 or not paged:
            kept.append(part)
    return kept


def _skeleton(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def telling(text: str) -> bool:
    """True for words a reader learns from: no page number, form number, signature or stamp."""
    spaced = [w for w in re.findall(r"[^\W\d_]{2,}", text) if not words.dense(w)]
    named = [w for w in spaced if not w.isupper()]
    count = len(named if len(spaced) < 4 else spaced) + sum(words.dense(c) for c in text) / 2
    if _PAGE.search(text) or (text.isupper() and count < 6 and not re.search(r"\d", text)):
        return False
    return count >= 3 or (count >= 2 and bool(re.search(r"\d|[.。!！]$", text)))


def beyond_the_form(rows: Sequence[Row]) -> list[Row]:
    """Rows of a paper that are none of its labelled items, and no head of a table."""
    field, column = section("field"), section("column")
    found = []
    for row in rows:
        hit = field.label(row.cells[0]) if row.cells else None
        heads = [c for c in row.filled if column.keys_of(c) or field.keys_of(c)]
        if not (hit and hit.score >= 0.8) and len(heads) < len(row.filled):
            found.append(row)
    return found


def from_part(part: Part, scope: Scope) -> Iterator[Passage]:
    """The passages of a paragraph or list item; its heading gives attributes and warns."""
    bound = _bound(part.text, part.headings, scope)
    alert = warns(part.text) or any(warns(h) for h in part.headings)
    for chunk in chunks(part.text):
        if telling(chunk):
            yield made(chunk, part, bound, alert or warns(chunk) or _dangerous(chunk))


def from_row(row: Row, part: Part, scope: Scope) -> Passage | None:
    """A table row that gave no fact, as words."""
    if len(row.filled) < 2 and len(row.text) < 20:
        return None
    bound = _bound(row.text, part.headings, scope)
    source = scope.row_source(part, row)
    alert = any(warns(h) for h in part.headings) or warns(row.cells[0])
    label = row.cells[0]
    found = [a for a in [attribute_of(label)] if a] + list(_speaks_of(row.text, source.lang))
    return Passage(
        **bound.common(source), text=row.text, heading=part.heading, warning=alert,
        attributes=tuple(dict.fromkeys(found))[:_ATTRIBUTES], label=label if len(row.filled) > 1 else "",
    )  # fmt: skip


def from_cell(head: str, text: str, row: Row, part: Part, scope: Scope) -> Passage | None:
    """One cell under a head that names no attribute: "Pieces: 55" of the model in whose row or column it
    stands; the quote is the whole row."""
    if not head or not text or text.strip(" -–—/.") == "":
        return None
    source = scope.row_source(part, row)
    words_ = f"{head}: {text}"
    found = [a for a in [attribute_of(head)] if a] + _speaks_of(words_, source.lang)
    return Passage(
        **scope.common(source),
        text=words_,
        heading=head,
        attributes=tuple(dict.fromkeys(found))[:_ATTRIBUTES],
    )


def made(chunk: str, part: Part, scope: Scope, alert: bool, question: str = "") -> Passage:
    source = scope.source(part.page, chunk, part.heading)
    heading = question or part.heading
    found = [a for a in [attribute_of(heading)] if a and not question]
    if question:
        found += _speaks_of(question, language(question, source.lang))
    found += _speaks_of(chunk, source.lang)
    if alert and "safety" not in found:
        found.append("safety")
    return Passage(
        **scope.common(source), text=chunk, heading=heading, warning=alert,
        attributes=tuple(dict.fromkeys(found))[:_ATTRIBUTES],
    )  # fmt: skip


def _bound(text: str, headings: tuple[str, ...], scope: Scope) -> Scope:
    for place in (*headings[1:], text):
        scope = scope.narrow(place)
    markets = next((m for h in reversed(headings) if (m := places.find(h, scope.catalogue, codes=False))), ())
    return scope.bound(markets=markets or scope.markets) if scope.kind == "policy" else scope


def _speaks_of(text: str, lang: str) -> list[str]:
    return [attribute for attribute, score in match_phrases(text, lang) if score >= _SURE]


def warns(text: str) -> bool:
    """True where a paragraph or heading begins as a warning in any language."""
    if section("word").says(text, "see_doctor"):
        return True
    return section("word").begins(text, "warning") is not None and not _safety_word_only(text)


def _safety_word_only(text: str) -> bool:
    """ "Safety EN 62368-1" in a list of standards is no warning."""
    return bool(re.search(r"\b(?:EN|IEC|ISO|UL)\s?(?:IEC )?\d{3}", text[:60]))


def _dangerous(text: str) -> bool:
    return section("word").says(text, "keep_away")


def chunks(text: str) -> list[str]:
    """The text in pieces of at most about 60 tokens, cut at sentence ends."""
    pieces: list[str] = []
    for sentence in sentences(text):
        if pieces and tokens(pieces[-1]) + tokens(sentence) <= TOKENS:
            pieces[-1] = _rejoined(text, pieces[-1], sentence)
        else:
            pieces.append(sentence)
    if len(pieces) > 1 and tokens(pieces[-1]) < _LEAST:
        last = pieces.pop()
        pieces[-1] = _rejoined(text, pieces[-1], last)
    return [short for piece in pieces for short in _cut(piece)]


def _rejoined(text: str, first: str, second: str) -> str:
    """Two neighbours joined as they stand in the text: Chinese sentences have no space between."""
    return first + second if first + second in text else f"{first} {second}"


def _cut(piece: str) -> list[str]:
    """A very long sentence (a list without stops) in parts that fit a quote."""
    if len(piece) <= 300:
        return [piece]
    found = []
    while len(piece) > 300:
        at = max(piece.rfind(sign, 80, 300) for sign in (", ", "; ", "，", "、", "；", " "))
        at = at if at > 0 else 299
        found.append(piece[: at + 1].strip())
        piece = piece[at + 1 :].strip()
    return [*found, piece] if piece else found


def tokens(text: str) -> int:
    """A rough count: words, and two signs of an unspaced script."""
    dense = sum(1 for c in text if words.dense(c))
    return len(text.split()) + dense // 2


# ---------------------------------------------------------------- questions and answers


def question_and_answer(text: str) -> tuple[str, str] | None:
    """ "Is it heavy? No, 620 g." → the two halves; the answer is empty where it stands below."""
    match = _QUESTION.match(text.strip())
    if match is None:
        return None
    return match.group(1).strip(" *"), _ANSWER.sub("", match.group(2).strip(" *"))


def answer_of(text: str) -> str:
    """The answer without "A:"."""
    return _ANSWER.sub("", text)


def asked(part: Part) -> tuple[str, str] | None:
    """Question and answer of a paragraph, or a heading that asks."""
    return question_and_answer(part.text)


# ---------------------------------------------------------------- instructions to an AI


def instructs(text: str) -> bool:
    """True when the words speak to an assistant instead of a reader: by a phrase, or by naming both the
    machine and the people it shall tell something."""
    known = section("word")
    return known.says(text, "instruction") or (known.says(text, "machine") and known.says(text, "audience"))


def cleaned(part: Part, scope: Scope) -> Part | None:
    """The part without sentences that instruct an AI; each is reported. None when nothing is left."""
    if part.kind == "table":
        kept = tuple(r for r in part.rows if not _report(r.text, part, scope))
        return Part(part.kind, part.page, part.headings, part.text, kept, part.locator) if kept else None
    if not instructs(part.text):
        return part
    _report(part.text, part, scope)
    return None


def _report(text: str, part: Part, scope: Scope) -> bool:
    if not instructs(text):
        return False
    scope.problem(
        "instruction_in_document", f"words that instruct an AI, left out: “{text[:140]}”", part.page.number
    )
    return True
