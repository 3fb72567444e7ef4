"""Personal data in a viewer's line, masked before anything is stored. Pure.

Found: e-mail addresses, phone numbers, payment cards (check digit), IBANs, street addresses with a
house number, order and parcel numbers (the last four characters stay, so a person can still help).
Not touched: amounts with units, prices, dates, models, standards and certificate numbers.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cohost.common.lexicon import entries, is_dense
from cohost.languages import LANGUAGES

KINDS = ("email", "card", "iban", "phone", "address", "order", "handle")


class Masked(NamedTuple):
    """The text with `[email]`, `[phone]` … in place of what was found, and the kinds found."""

    text: str
    kinds: tuple[str, ...]


class _Span(NamedTuple):
    start: int
    end: int
    kind: str
    shown: str


def mask(text: str) -> Masked:
    """Mask personal data. Never raises; masking twice changes nothing."""
    if not _WORTH_LOOKING.search(text):
        return Masked(text, ())
    kept: list[_Span] = []
    for span in _found(text):
        if not any(span.start < k.end and k.start < span.end for k in kept):
            kept.append(span)
    if not kept:
        return Masked(text, ())
    kept.sort()
    parts: list[str] = []
    at = 0
    for span in kept:
        parts += [text[at : span.start], span.shown]
        at = span.end
    parts.append(text[at:])
    return Masked("".join(parts), tuple(k for k in KINDS if any(s.kind == k for s in kept)))


def mask_unfinished(text: str) -> str:
    """`mask` for words that go on: the digits at their end may grow into a phone or card number, and
    stay back until it is known what they are."""
    return _GROWING.sub("…", mask(text).text)


_GROWING = re.compile(r"(?<![\w.,])[+(]{0,2}\d(?:[\s\-().·/]{0,2}\d){3,}[\s.,…\-]*\Z")
_WORTH_LOOKING = re.compile(r"\d|[@＠]|[(\[]at[)\]]")
_EMAIL = re.compile(r"[\w.+%-]{1,64}\s?(?:@|＠|\(at\)|\[at\])\s?[\w-]+(?:\s?\.\s?[\w-]{2,})+")
_CARD = re.compile(r"(?<![A-Za-z0-9-])[2-6]\d{3}(?:[ -]?\d){10,15}(?![A-Za-z0-9-])")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?!\w)")
_PHONE = re.compile(
    r"(?<![A-Za-z0-9_.,/#№-])(?:\+|00)?\(?\d(?:[ \-().·]{0,2}\d){6,14}(?![A-Za-z0-9_/]|[.,]\d|-\w)"
)
_HANDLE = re.compile(
    r"(?:whats?app|wechat|weixin|微信号?|加微|v信|vx|line\s?id|ไลน์|telegram|tg|zalo|kakao|카톡|qq|ватсап|واتس\S*|zap|wa)"
    r"\s*(?:[:：是=号]|id|number|num|me|no)?\s*[:：]?\s*((?=[\w.+-]*\d)[\w.+-]{5,30})",
    re.IGNORECASE,
)
_NOT_A_PHONE_BEFORE = re.compile(
    r"(?:n[o°ºr]\.?|№|#|cert\w*|zert\w*|сертиф\w*|report|model\w*|modell\w*|ref\w*|standard|fcc\s?id|ean|sku|isbn|asin|serial|"
    r"anatel|inmetro|tisi|nbtc|bis|ccc|pse|kc|iso|en|iec|证书|證書|编号|編號|型号|型號|報告|报告|認証番号|番号|rapport|bericht|"
    r"certificado|registro|reg\w*|lot|batch|item|link|号链接)\s*[.:：-]?\s*\Z",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"\s?(?:m?ah|wh|w|v|hz|mhz|ghz|g|kg|mg|ml|l|mm|cm|km|m|h|hrs?|min|k|%|°|€|\$|£|¥|元|円|원|บาท|usd|eur|rp|rb|jt|vnd|đ|triệu|"
    r"sm|шт|руб\w*|₽|₹|rs|tl|₺|zł|pln)(?![a-z])",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(
    r"(?:[$€£¥₹₽₺₩฿]|\b(?:rp|usd|eur|rs|vnd|idr|jpy|cny|rmb|price|precio|prix|preis|harga))\.?\s?\Z",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}")


def _found(text: str) -> Iterator[_Span]:
    for match in _EMAIL.finditer(text):
        yield _Span(*match.span(), "email", "[email]")
    for match in _CARD.finditer(text):
        if _luhn(match.group()):
            yield _Span(*match.span(), "card", "[card]")
    for match in _IBAN.finditer(text):
        if _iban_fits(match.group()):
            yield _Span(*match.span(), "iban", "[iban]")
    for match in _order_pattern().finditer(text):
        number = match.group("number")
        if sum(c.isdigit() for c in number) >= 5:
            yield _Span(*match.span("number"), "order", f"…{number[-4:]}")
    for match in _HANDLE.finditer(text):
        yield _Span(*match.span(1), "handle", "[handle]")
    for match in _PHONE.finditer(text):
        if _is_phone(text, match):
            yield _Span(*match.span(), "phone", "[phone]")
    for pattern in _address_patterns():
        for match in pattern.finditer(text):
            yield _Span(*match.span(), "address", "[address]")


def _luhn(number: str) -> bool:
    digits = [int(c) for c in number if c.isdigit()]
    if len(set(digits)) == 1:
        return False
    doubled = [d if i % 2 == 0 else d * 2 - 9 * (d > 4) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _iban_fits(text: str) -> bool:
    plain = text.replace(" ", "")
    turned = plain[4:] + plain[:4]
    return 15 <= len(plain) <= 34 and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def _is_phone(text: str, match: re.Match[str]) -> bool:
    found = match.group()
    digits = "".join(c for c in found if c.isdigit())
    international = found.startswith("+") or (found.startswith("00") and len(digits) >= 10)
    if _DATE.fullmatch(found) or _UNIT_AFTER.match(text, match.end()):
        return False
    before = text[max(0, match.start() - 24) : match.start()]
    if _NOT_A_PHONE_BEFORE.search(before) or _MONEY_BEFORE.search(before):
        return False
    if international:
        return 8 <= len(digits) <= 15
    if not 9 <= len(digits) <= (13 if digits[0] == "0" else 11):
        return False
    if _grouped_thousands(found) or int(digits) % 100_000 == 0:
        return False
    return (
        digits[0] == "0" or found[0] == "(" or len(digits) >= 10 or _groups(found) >= 3 or digits[0] in "679"
    )


def _grouped_thousands(found: str) -> bool:
    return re.fullmatch(r"\d{1,3}(?:[ .]\d{3})+", found) is not None and found[0] != "0" and "." in found


def _groups(found: str) -> int:
    return len([g for g in re.split(r"\D+", found) if g])


@functools.cache
def _order_pattern() -> re.Pattern[str]:
    words = _mask_words("order")
    dense = _either({w for w in words if is_dense(w)})
    spaced = _either({w for w in words if not is_dense(w)})
    return re.compile(
        rf"(?:(?<!\w)(?:{spaced})(?!\w)|{dense})\W{{0,3}}(?:n[o°ºr]?\.?|№|nummer|number|是|は|은|คือ)?\W{{0,3}}"
        r"(?P<number>(?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{5,29}(?![\w]))",
        re.IGNORECASE,
    )


_NUMBER = r"\d{1,5}(?:\s?[a-zA-Z](?!\w))?(?:\s?[-/]\s?\d{1,4})?"
_NAME = r"[^\W\d_][\w.'’-]*"


_ALSO_WORDS = frozenset(
    {
        "via",
        "al",
        "al.",
        "os",
        "os.",
        "av",
        "place",
        "largo",
        "corso",
        "plac",
        "placu",
        "strada",
        "camino",
        "paseo",
        "plaza",
    }
)
"""Street words that mean other things too: a capitalised name must follow."""


def _either(words: set[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w))) or "(?!)"


def _mask_words(key: str, langs: Iterable[str] = LANGUAGES) -> set[str]:
    return {w for lang in langs for w in entries(lang, "mask", key)}


@functools.cache
def _address_patterns() -> tuple[re.Pattern[str], ...]:
    before = _mask_words("street_before")
    thai = {w for w in before if is_dense(w)}
    sure = _either(before - thai - _ALSO_WORDS)
    unsure = _either(before & _ALSO_WORDS)
    ends = _either(_mask_words("street_suffix"))
    roads = _either(_mask_words("street_after", ("en", "hi")))
    turkish = _either(_mask_words("street_after", ("tr",)))
    capital = r"[A-ZÀ-ÞĀ-Ž][a-zà-ÿā-ž]+"
    tail = r"(?![\w%]|[.,]\d)"
    return (
        re.compile(rf"(?<!\w)(?i:{sure})\s+(?:{_NAME}\s+){{1,4}}?(?i:n[o°º]?\.?\s?)?{_NUMBER}{tail}"),
        re.compile(
            rf"(?<!\w)(?i:{unsure})\s+(?:(?:d[aei]l?|dei|della|de)\s+)?(?:{capital}\s+){{1,3}}{_NUMBER}{tail}"
        ),
        re.compile(
            rf"(?<!\w)\d{{1,5}}(?:\s?bis|\s?ter)?,?\s+(?i:{sure})\s+(?:de |du |la |le |des |l')*{capital}"
        ),
        re.compile(rf"(?<!\w)\d{{1,5}}[A-Za-z]?\s+(?:{capital}\s+){{1,3}}(?i:{roads})(?!\w)"),
        re.compile(
            r"(?<!\w)\d{1,5}\s+(?:[a-z]+\s+){1,2}(?:street|road|avenue|boulevard)(?!\w)", re.IGNORECASE
        ),
        re.compile(
            rf"(?<!\w)(?:{_NAME}\s+){{1,3}}(?i:{turkish})\.?\s+(?i:no\s?:?\s?)?\d{{1,5}}(?:/\d+)?{tail}"
        ),
        re.compile(rf"(?<!\w)[A-ZÄÖÜ][\w-]*(?:{ends})\s+{_NUMBER}{tail}"),
        re.compile(rf"(?:{_either(thai)})\s?[\w/ .฀-๿-]{{0,24}}?\d{{1,5}}(?:/\d+)?"),
        re.compile(
            r"[一-鿿]{1,8}(?:路|街|大道|巷|弄)\s?\d{1,5}\s?[号號弄](?!链接|連結|鏈接)(?:[一-鿿\d-]{0,12}[室楼樓座])?"
        ),
        re.compile(
            r"[一-鿿]{2,4}[都道府県][一-鿿ぁ-んァ-ン]{1,8}[市区町村][一-鿿ぁ-んァ-ン]{0,8}\d{1,3}(?:[-丁目番地号の]\d{0,3}){1,3}"
        ),
        re.compile(
            r"[가-힣]{2,6}(?:시|도)\s?[가-힣]{1,5}(?:구|군|시)\s?[가-힣\d]{1,8}(?:로|길|동)\s?\d{1,4}(?:-\d{1,4})?"
        ),
    )
