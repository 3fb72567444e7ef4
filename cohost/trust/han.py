"""Numbers in Han numerals before a unit ("三百克", "九块九"), as digits. Pure."""

from __future__ import annotations

import re

from cohost.trust.units import spellings

_DIGIT = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_RUN = re.compile("[零〇一二两兩三四五六七八九十百千万萬]+(?:点[零〇一二三四五六七八九]+)?")
_WORDS = frozenset({"一", "千万", "千萬", "万一", "萬一", "一一"})
"""Words that are no number though they are written with numerals."""
_MONEY = re.compile(
    "(?P<whole>[零〇一二两兩三四五六七八九十百千]+)(?:块|塊|元)(?P<part>[一二三四五六七八九])(?![十百千万零〇一二两三四五六七八九克个])"
)


def spelled_out(text: str, lang: str) -> str:
    """The text with Han numerals before a unit as digits, in Chinese and Japanese; others as they are."""
    if lang not in ("zh", "ja") or not _RUN.search(text):
        return text
    if lang == "zh":
        text = _MONEY.sub(lambda m: f"{value(m['whole']):g}.{_DIGIT[m['part']]}元", text)
    units = sorted((w for w in spellings(lang) if w and not w.isascii()), key=len, reverse=True)

    def digits(match: re.Match[str]) -> str:
        run = match.group()
        behind = text[match.end() :]
        very = run == "十" and behind.startswith("分") and not behind.startswith(("分钟", "分鐘"))
        if very or run in _WORDS or not any(behind.startswith(unit) for unit in units):
            return run
        return f"{value(run):g}"

    return _RUN.sub(digits, text)


def value(run: str) -> float:
    """The number that a run of Han numerals stands for: 三百五十 → 350, 两千 → 2000, 一点五 → 1.5."""
    whole, _, part = run.partition("点")
    total, group, digit = 0, 0, 0
    plain = not any(c in "十百千万萬" for c in whole)
    if plain:
        total = int("".join(str(_DIGIT[c]) for c in whole) or "0")
        group = digit = 0
    for char in "" if plain else whole:
        if char in "万萬":
            total, group, digit = (total + group + digit) * 10_000, 0, 0
        elif char in _TENS:
            group, digit = group + (digit or 1) * _TENS[char], 0
        else:
            digit = _DIGIT[char]
    number = float(total + group + digit)
    return number + float("0." + "".join(str(_DIGIT[c]) for c in part)) if part else number
