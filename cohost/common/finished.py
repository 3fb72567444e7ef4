"""Whether the words so far are a finished sentence: a second opinion on the end of a turn. Pure."""

from __future__ import annotations

from cohost.common.pieces import Pieces, asks, known, suffix

ENOUGH_WORDS, ENOUGH_WITH_AN_ENDING = 3, 2

_HANGS = (",", "，", "、", "،", "…", "...", "-", "–", "—", ":", "：", ";", "；")
_ENDS = (".", "!", "?", "。", "！", "？", "؟", "।", "．")
_ASKS = ("?", "？", "؟")
_QUOTES = " \n\t\"'”’»“」』)]"


def finished(text: str, lang: str) -> bool | None:
    """True: a finished question or sentence. False: it plainly goes on. None: it cannot be told."""
    shown = text.rstrip(_QUOTES)
    if shown.endswith(_HANGS):
        return False
    cut = Pieces(shown)
    langs = known(lang)
    if not len(cut) or not langs:
        return None
    hanging = max(suffix(cut, "hanging", langs[0]), suffix(cut, "hanging", "en") if len(cut) == 1 else 0)
    ending = suffix(cut, "final", langs[0])
    asked = shown.endswith(_ASKS)
    if hanging > ending:
        return None if asked else False
    if hanging and hanging == ending and not asked:
        return None
    if shown.endswith(_ENDS) or ending:
        enough = cut.words >= (ENOUGH_WITH_AN_ENDING if ending else ENOUGH_WORDS)
        return True if enough or (cut.words > 1 and asks(shown, langs[0])) else None
    return None
