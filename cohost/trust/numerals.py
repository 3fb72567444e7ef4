"""Digits to values, and the numbers that are no amounts: codes, standards, dates, versions. Pure."""

from __future__ import annotations

import re

_STANDARD_HEADS = (
    "EN|IEC|ISO|UN|GB|JIS|UL|ASTM|DIN|BS|NF|IEEE|FCC|AS|NZS|ANSI|AATCC|CISPR|ETSI|NBR|ABNT|TIS|IS|SASO|GOST|ГОСТ|"
    "MIL-STD|CNS|KS|KC|QB|YY|SN|FZ|CFR|EC|EU|UE|MIL|STD|UNE|CEI|VDE|TR|TS|TCVN|SNI|NOM|IRAM|PSE|GS"
)
_NONE = re.compile(
    "|".join((
        r"(?<![\d.,])(?!\d{1,3}(?:\.\d{3})+(?!\d|\.\d))\d+(?:\.\d+){2,}",
        r"(?:มอก|TIS)\.?\s?\d[\d-]*",
        r"\bIP[ -]?(?:[0-6X][0-9X]?K?)\b",
        rf"\b(?:{_STANDARD_HEADS})(?:[ /-](?:{_STANDARD_HEADS}|T|R|Z))*[ -]?\d[\d.\-]*(?::(?:19|20)\d\d)?"
        r"(?:/?\+?A\d+:(?:19|20)\d\d|\s?\+\s?A\d+(?::(?:19|20)\d\d)?)*",
        r"\(?(?:EU|EC|UE|CE|EG|EEC)\)?\s(?:No\.?\s)?\d{2,4}/\d{2,4}",
        r"\b\d{2,4}/\d{1,4}/(?:EU|EC|UE|CE|EG|EEC|WE|ЕС)\b",
        r"\b(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}(?!\d)",
        r"(?<!\d)\d{1,2}[-./]\d{1,2}[-./](?:19|20)?\d\d(?!\d)",
        r"\b\d{1,2}\.? ?(?:de )?[^\W\d_]{3,12}\.?,? (?:de )?(?:19|20)\d\d"
        r"(?!\d|\s?(?:mAh|W|V|mm|ml|g|kg|Hz|lm|K|rpm|Pa|€|\$))",
        r"\b[A-Z][a-z]{2,8}\.? \d{1,2},? (?:19|20)\d\d(?!\d)",
        r"(?:19|20)\d\d\s?[年년]\s?(?:\d{1,2}\s?[月월]\s?(?:\d{1,2}\s?[日일号]?)?)?",
        r"(?<!\d)\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일号]?",
        r"(?<![\d:])\d{1,2}:[0-5]\d(?::[0-5]\d)?(?![\d:])",
        r"(?i:\b(?:bluetooth|usb|wi-?fi|ios|ipados|android|windows|macos|hdmi|version|ver\.|rev\.?|bt|zigbee|thread"
        r"|matter|firmware|iphone|galaxy|qi2?)|蓝牙|藍牙|블루투스|版本|バージョン)\s?(?:-?[abc]\s)?v?\d+(?:\.\d+)*(?![.,]?\d)"
        r"(?!\s?(?:W|V|A|mAh|mm|ports?|cm|h|m|Go|GB)\b)",
        r"(?i:\b(?:no|nr|art|pág|стр)\.|(?:item|page|pages|clause|section|annex|seite|página)|n[°º]|№|§|第|#)\s?\d[\d./-]*",
        r"(?<!\w)\+\d{1,3}[\d ()-]{6,}\d",
        r"(?<![\d.,])\d+(?:-\d+){2,}",
        r"\b[A-Za-z]+[A-Za-z0-9]*(?:[-_/][A-Za-z0-9]+)*-\d[\w-]*",
    ))
)  # fmt: skip
_SEPARATORS = re.compile(r"[.,'’٬٫\s]")
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}


def not_amounts(text: str) -> list[tuple[int, int]]:
    """Spans of what looks like a number and is a name: IPX7, EN 62368-1:2020, 2024-03-01, USB 3.0."""
    return [match.span() for match in _NONE.finditer(text)]


def number_value(written: str, decimal: str) -> float:
    """The value of digits with separators, read as that language writes them ("." or "," decimal).

    What can only be read one way is read so in any language: 1.234,5 and 12,5 and 1,234,567.
    """
    if written in _FRACTIONS:
        return _FRACTIONS[written]
    marks = _SEPARATORS.findall(written)
    if not marks:
        return float(written)
    last = marks[-1]
    tail = len(written) - written.rindex(last) - 1
    if last == "٫":
        is_decimal = True
    elif last in "'’٬" or last.isspace():
        is_decimal = False
    elif len(set(marks)) > 1:
        is_decimal = True
    elif len(marks) > 1:
        is_decimal = False
    else:
        is_decimal = tail != 3 or last == decimal or written.startswith("0")
    if not is_decimal:
        return float(_SEPARATORS.sub("", written))
    whole = _SEPARATORS.sub("", written[: written.rindex(last)])
    return float(f"{whole}.{written[written.rindex(last) + 1 :]}")
