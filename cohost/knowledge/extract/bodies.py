"""Who issued a paper or ran a test: a labelled item, a notified body's number, else the letterhead. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cohost.knowledge.extract.labelled import STARTED, Entry
from cohost.knowledge.extract.papers import Paper, without_remark
from cohost.knowledge.extract.scope import Scope
from cohost.knowledge.extract.vocabulary import plain_of, section
from cohost.trust import words
from cohost.trust.evidence import Body

_BODY_NUMBER = re.compile(
    r"(?:No\.?|Nr\.?|№|N[º°]|NB|CE|编号|番号|Kenn-?Nr\.?|identification number)?"
    r"\s*[:.]?\s*(?<!\d)(\d{4})(?!\d)"
)
_AFTER = re.compile(
    r"[\s:.,(\[№#º°\-–—]*(?:(?:no|nr|n|num|numer|номер|numara|nb|kenn-?(?:nr|nummer))\b[\s:.º°]*)*"
    r"(\d{4})(?!\d)"
)
_NB = re.compile(r"\bNB[ -]?(\d{4})\b")
_ORGANISATION = re.compile(
    r"\b(?:instit\w*|instyt\w*|laborat\w*|labs?|\w*labor|testing|test ?labs?|"
    r"test ?house|testcent\w*|prüf(?:institut|labor|stelle|zentrum|amt)\w*|gmbh|ltd|limited|llc|"
    r"inc|corp|"
    r"s\.?a\.?|s\.?r\.?l|s\.?p\.?a|sp\. z o\.o|a/?s|ab|oy|b\.?v|n\.?v|cent(?:er|re|ro|rum)|zentrum|services?|"
    r"inspection|certification services?|zertifizierungsstelle|"
    r"bureau|agency|authority|ministry|commission|organi\w+|ooo)\b|"
    r"研究所|研究院|检测(?:中心|有限|所|技术|机构)|檢測|检验(?:中心|所|机构)|検査(?:機関|協会|所)|中心|有限公司|机构|機構|機関|"
    r"株式会社|試験(?:所|場|センター)|財団|协会|協会|시험(?:소|원)|연구원|인증원|센터|기관|"
    r"институт|лаборатор|центр|مختبر|معهد|هيئة|مركز|สถาบัน|ห้องปฏิบัติการ|ศูนย์|viện|trung tâm|balai|"
    r"संस्थान|प्रयोगशाला|केंद्र",
    re.IGNORECASE,
)
_PARTED = re.compile(r"\s+[·|•–—]\s+|\s{3,}")
_MOST = 8


def issuer(paper: Paper, scope: Scope) -> Body | None:
    """The notified body with its number, else who issued."""
    denied = section("word").says(paper.text, "not_notified")
    named = [e for e in paper.all("body") if section("word").says(e.label, "notified_body")]
    for entry in () if denied else named:
        found = _BODY_NUMBER.search(entry.value)
        name = without_remark(re.split(r",\s*(?:No|Nr|n[º°]|ident|Kenn)", entry.value)[0])
        bare = re.fullmatch(r"\W*(?:\w{1,3}\W*)?\d{4}", name)
        return Body((letterhead(paper, scope) if bare else name) or name, found.group(1) if found else None)
    other = [e for e in paper.all("body") if e not in named]
    number = None if denied else notified_number(paper.text)
    told = labelled(other[0]) if other else letterhead(paper, scope)
    if number is not None:
        return Body(told or "notified body", number)
    return Body(told) if told else None


def labelled(entry: Entry) -> str:
    """The name a label announces; a line that only begins with such a word ("Institut für …") is the name."""
    whole = without_remark(entry.quote)
    begins = entry.score == STARTED and whole.startswith(entry.label) and len(whole) <= 90
    return whole if begins and _ORGANISATION.match(entry.label) else without_remark(entry.value)


def notified_number(text: str) -> str | None:
    """The four digits after "notified body" in any language, or of "NB 1234"."""
    plain = plain_of(text)
    for entry in section("word").entries("notified_body"):
        at = plain.find(entry)
        while at >= 0:
            found = _AFTER.match(plain, at + len(entry))
            if found:
                return found.group(1)
            at = plain.find(entry, at + 1)
    short = _NB.search(text)
    return short.group(1) if short else None


def letterhead(paper: Paper, scope: Scope) -> str | None:
    """The organisation that stands above the title; the brand's own name where it is its own paper."""
    best: tuple[int, str] | None = None
    for text in _above(paper):
        name = without_remark(text).strip(" ·|-–—:")
        if not 4 <= len(name) <= 90 or re.search(r"\d", name) or section("word").says(name, "notified_body"):
            continue
        loud = name.isupper() or bool(re.search(r"\([A-Z]{2,6}\)", name))
        score = 2 * bool(_ORGANISATION.search(name)) + loud
        if score and (best is None or score > best[0]):
            best = (score, name)
    return best[1] if best else None


def _above(paper: Paper) -> Iterator[str]:
    """Pieces of the lines above the title that names the kind of paper."""
    for part in paper.parts[:_MOST]:
        titled = section("kind").says(part.text, "declaration", "certificate", "test_report")
        if part.kind == "table" or (titled and not _ORGANISATION.search(part.text)):
            return
        yield from _PARTED.split(part.text)


_LEGAL = re.compile(
    r"(?:co\.?|ltd\.?|limited|inc\.?|llc|l\.l\.c\.?|corp\.?|gmbh|ag|kg|plc|s\.?a\.?s?|s\.?r\.?l\.?|"
    r"s\.?p\.?a\.?|b\.?v\.?|n\.?v\.?|a/?s|ab|oy|k\.?k\.?|pte\.?|pty\.?|sdn\.?|bhd\.?|[ ,&])+",
    re.IGNORECASE,
)


def without_address(name: str) -> str:
    """The name of an organisation up to its address: "Labor GmbH, Weg 8, Ort" → "Labor GmbH"."""
    first, *rest = name.split(", ")
    for piece in rest:
        if not _LEGAL.fullmatch(piece):
            break
        first = f"{first}, {piece}"
    return first


def organisation(name: str) -> bool:
    """True where a word of the name says that it is an organisation, no person."""
    return bool(_ORGANISATION.search(name))


def is_brands(name: str, scope: Scope) -> bool:
    """True for the brand's own name: its laboratory is no third party."""
    brand = scope.catalogue.brand
    told = words.plain(name)
    return any(own and words.plain(own)[:20] in told for own in (brand.legal_name, brand.name))
