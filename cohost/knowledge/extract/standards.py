"""Standards with their editions as papers name them: "EN 62368-1:2020+A11:2020". Pure."""

from __future__ import annotations

import re
import unicodedata

from cohost.trust.evidence import Standard

_PUBLISHERS = (
    r"BS EN IEC|BS EN ISO|BS EN|DIN EN IEC|DIN EN ISO|DIN EN|NF EN|UNE-EN|EN IEC|EN ISO/IEC|EN ISO|EN|"
    r"ETSI EN|"
    r"ETSI|IEC/IEEE|IEC|ISO/IEC|ISO/TS|ISO|CISPR|ANSI/UL|ANSI|ASTM|UL|CSA|GB/T|GB|QB/T|YY/T|SJ/T|JIS|J(?=\d{4})|KS|"
    r"KC|CNS|AS/NZS|ABNT NBR|NBR|NOM|IS(?= \d)|SNI|TCVN|QCVN|NBTC TS|TIS|มอก\.|ГОСТ Р|ГОСТ|ТР ТС|IEEE|"
    r"UN(?= ?38)|NMX|SASO|TS EN"
)
_STANDARD = re.compile(
    rf"(?<![\w.-])(?P<who>{_PUBLISHERS})[  ]?(?P<number>[A-Z]?\d[\d.]*(?:[  ]\d{{3}})?(?:-\d+)*(?:[A-Z]\b)?)"
    r"(?:\s?(?P<edition>(?::\s?|\s?\()(?:19|20)\d{2}\)?(?:\s?[+/]\s?(?:A(?:MD|C|1)?\d*|AC|Amd\.?\s?\d+)(?::\d{4})?)*"
    r"|V\d+(?:\.\d+)+|,?\s?Ed(?:ition|\.)\s?\d+|:[A-Z]\d{2}|-(?:19|20|25)\d{2}))?"
)
_HEISEI = re.compile(r"\(H\d{2}\)")


def find(text: str) -> tuple[Standard, ...]:
    """Every standard in the text, in order, once each."""
    plain = unicodedata.normalize("NFKC", text)
    found: dict[tuple[str, str | None], Standard] = {}
    for match in _STANDARD.finditer(plain):
        standard = _made(match, plain)
        if standard is not None:
            found.setdefault((standard.id, standard.edition), standard)
    return tuple(found.values())


def _made(match: re.Match[str], text: str) -> Standard | None:
    who, number = match["who"], match["number"].rstrip(".")
    edition = (match["edition"] or "").strip(" :(),") or None
    if edition and edition.startswith("-"):
        edition = edition[1:]
    if edition is None:
        year = re.search(r"-((?:19|20|25)\d{2})$", number)
        if year:
            number, edition = number[: year.start()], year.group(1)
        elif _HEISEI.match(text, match.end()):
            edition = _HEISEI.match(text, match.end()).group().strip("()")  # type: ignore[union-attr]
    gap = "" if who == "J" else " "
    return Standard(id=f"{who}{gap}{number}", edition=edition)
