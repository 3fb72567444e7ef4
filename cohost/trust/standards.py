"""Standards with their editions: as papers name them ("EN 62368-1:2020+A11:2020"), as viewers do
("en1078", "iso 811"), and when two names mean the same. Pure."""

from __future__ import annotations

import re
import unicodedata

import msgspec

from cohost.trust.evidence import Standard

_PUBLISHERS = (
    r"BS EN IEC|BS EN ISO|BS EN|DIN EN IEC|DIN EN ISO|DIN EN|NF EN ISO|NF EN|UNE-EN ISO|UNE-EN|PN-EN ISO|"
    r"PN-EN|UNI EN ISO|UNI EN|NEN-EN-ISO|NEN-EN|SASO-IEC|EN IEC|EN ISO/IEC|EN ISO|EN|"
    r"ETSI EN|"
    r"ETSI|IEC/IEEE|IEC|ISO/IEC|ISO/TS|ISO|CISPR|ANSI/UL|ANSI|ASTM|UL|CSA|GB/T|GB|QB/T|YY/T|SJ/T|JIS|J(?=\d{4})|KS|"
    r"KC|CNS|AS/NZS|ABNT NBR|NBR|NOM|IS(?= \d)|SNI|TCVN|QCVN|NBTC TS|TIS|มอก\.|ГОСТ Р|ГОСТ|ТР ТС|IEEE|"
    r"UN(?= ?38)|NMX|SASO|TS EN|NTA|BS|DIN|ECE R|MIL-STD-|16 CFR(?: Part)?"
)
_STANDARD = re.compile(
    rf"(?<![\w.-])(?P<who>{_PUBLISHERS})[  ]?(?P<number>(?:[A-Z] (?=\d))?[A-Z]?\d[\d.]*"
    r"(?:[  ]\d{3})?(?:-\d+)*(?:[A-Z]\b)?)"
    r"(?:\s?(?P<edition>(?::\s?|\s?\()(?:19|20)\d{2}\)?(?:\s?[+/]\s?(?:A(?:MD|C|1)?\d*|AC|Amd\.?\s?\d+)(?::\d{4})?)*"
    r"|V\d+(?:\.\d+)+|,?\s?Ed(?:ition|\.)\s?\d+|:[A-Z]\d{2}|-(?:19|20|25)\d{2}))?"
)
_HEISEI = re.compile(r"\(H\d{2}\)")
_SYSTEM_OF_LABS = frozenset({"17025", "17020", "17065", "17021", "17050", "17050-1"})
"""Standards for laboratories and bodies: they name no property of a product."""


def find(text: str) -> tuple[Standard, ...]:
    """Every standard in a paper's text, in order, once each."""
    plain = unicodedata.normalize("NFKC", text)
    found: dict[tuple[str, str | None], Standard] = {}
    for match in _STANDARD.finditer(plain):
        standard = _made(match, plain)
        found.setdefault((standard.id, standard.edition), standard)
    return tuple(found.values())


def of_products(text: str) -> tuple[Standard, ...]:
    """`find` without the standards that laboratories are accredited to."""
    return tuple(s for s in find(text) if number_of(s.id) not in _SYSTEM_OF_LABS)


def _made(match: re.Match[str], text: str) -> Standard:
    who, number = match["who"], match["number"].rstrip(".")
    edition = (match["edition"] or "").strip(" :(),") or None
    if edition and edition.startswith("-"):
        edition = edition[1:]
    if edition is None:
        year = re.search(r"-((?:19|20|25)\d{2})$", number)
        heisei = _HEISEI.match(text, match.end())
        if year:
            number, edition = number[: year.start()], year.group(1)
        elif heisei:
            edition = heisei.group().strip("()")
    gap = "" if who in ("J", "ECE R", "MIL-STD-") else " "
    return Standard(id=f"{who}{gap}{number}", edition=edition)


# ---------------------------------------------------------------- as viewers write them


class Asked(msgspec.Struct, frozen=True):
    """A standard named in a question, with its place in the NFKC form of the text."""

    id: str  # "EN 1078"
    start: int
    end: int


_ASKED = re.compile(
    r"(?<![A-Za-z0-9\-])(?P<who>(?:(?:bs|din|nf|une|uni|pn|nen|ts|önorm|sn|saso)[ -]?)?"
    r"en(?:[ -]?(?:iso|iec))?|iso(?:/iec|/ts)?|iec|astm|din|bs|ansi(?:/[a-z]{2,5})?|cispr|jis|nta|as/nzs|"
    r"nbr|ks|is|gb(?:/t)?|etsi(?: en)?|ece[ -]?r|mil[ -]std|16 cfr(?: part)?|гост(?: р)?)(?P<gap>[ -]?)"
    r"(?P<number>[a-z]?[ ]?\d[\d.]*(?:[ ]\d{3}(?!\d))?(?:-\d{1,3})*(?:(?<=810)[a-h])?)"
    r"(?P<year>:\s?\d{4}[^\s?？,;]*)?"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_WORDS = frozenset({"EN", "IS", "GB", "BS", "KS", "DIN", "NF", "TS"})
"""Publishers that are little words, units or names elsewhere: "en 30 días", "64 gb", "is 100"."""
_ABOUT_NORMS = re.compile(
    r"norm|standard|estánd|standar|стандарт|标准|標準|規格|표준|규격|มาตรฐาน|معيار|مواصف|मानक|tiêu chuẩn|"
    r"conform|cumple|complies|comply|compliant|zgodn|соответств|uygun|符合|適合|ตาม|zertif|certif|geprüft|test|keur|label|gecert|cert|prüf|essai|ensayo|prova",
    re.IGNORECASE,
)
_FILM = frozenset({"50", "64", "100", "125", "200", "400", "800", "1600", "3200", "6400", "12800", "25600"})
_STORAGE = re.compile(r"\d\s*$")
_MONTHS_AND_YEARS = re.compile(r"(?:19|20)\d\d$")


def asked(text: str) -> tuple[Asked, ...]:
    """Standards named in a question, in any spelling; "en 30 días" and "ISO 3200" are none."""
    plain = unicodedata.normalize("NFKC", text)
    found = []
    for match in _ASKED.finditer(plain):
        who = " ".join(match["who"].upper().replace("-", " ").split())
        number = match["number"].replace(" ", "").upper().rstrip(".-")
        if _is_standard(match, who, number, plain):
            gap = {"ECE R": "", "MIL STD": "-"}.get(who, " ")
            found.append(Asked(f"{who.replace('MIL ', 'MIL-')}{gap}{number}", match.start(), match.end()))
    return tuple(found)


def _is_standard(match: re.Match[str], who: str, number: str, text: str) -> bool:
    digits = re.sub(r"\D", "", number.split("-")[0])
    if number in _FILM and who == "ISO":
        return False
    if who not in _WORDS:
        return len(digits) >= 2 or bool(re.match(r"[A-Z]", number))
    shown = match["who"].isupper()
    if who == "GB" and (_STORAGE.search(text[: match.start()]) or len(digits) < 4):
        return False
    joined = not match["gap"] and who == "EN" and len(digits) >= 2  # "en1078"
    parted = "-" in number or bool(match["year"])
    if _MONTHS_AND_YEARS.match(number) and not (shown and who == "EN"):
        return False
    alone = len(digits) == 5 and bool(re.match(r"\s*(?:[?？!,.]|$)", text[match.end() :]))
    return len(digits) >= 2 and (shown or joined or parted or alone or bool(_ABOUT_NORMS.search(text)))


def asks_which(text: str) -> bool:
    """True where a question speaks of norms or standards at all."""
    return bool(_NORM.search(text))


_NORM = re.compile(
    r"\bnorm|standard|estánd|standar|стандарт|标准|標準|規格|표준|규격|มาตรฐาน|معيار|مواصف|मानक|tiêu chuẩn",
    re.IGNORECASE,
)


# ---------------------------------------------------------------- the same standard?


def number_of(standard: str) -> str:
    """The number with its part: "EN ISO 23537-1" → "23537-1"."""
    match = re.search(r"(?:(?<![A-Z])[A-Z] ?)?\d[\d. ]*(?:-\d+)*[A-Z]?$", standard.strip())
    return re.sub(r"\s", "", match.group()).removeprefix("J") if match else ""


def matches(wanted: str, told: str) -> bool:
    """True when a paper that names `told` answers a question about `wanted`: the same number, the part
    asked for or any part, by the same publisher or one that takes the other's standards over."""
    a, b = number_of(wanted), number_of(told)
    if not a or not re.match(rf"{re.escape(a)}(?:-|[A-Z]?$)", b):
        return False
    x, y = _publishers(wanted), _publishers(told)
    if x & y or x == y:
        return True
    digits = re.sub(r"\D", "", a.split("-")[0])
    return len(digits) >= 5 and digits >= "60000" and bool(x | y) and (x | y) <= {"EN", "IEC", "CISPR"}


def _publishers(standard: str) -> frozenset[str]:
    who = standard[: len(standard) - len(standard.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ/- .ГОСТРมอก"))]
    parts = set(re.split(r"[ /-]+", who.strip().upper())) - {""}
    if "EN" in parts or "IEC" in parts:
        parts -= {"BS", "DIN", "NF", "UNE", "UNI", "PN", "NEN", "TS", "ETSI", "SASO", "SN", "ÖNORM"}
    if parts == {"J"}:
        return frozenset({"J", "IEC", "EN"})
    return frozenset(parts)
