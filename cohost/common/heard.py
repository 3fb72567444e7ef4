"""What an utterance is to the floor: a word that stops, a nod, noise, cohost's own echo, or speech. Pure.

Short utterances are often in another language than the recogniser thinks ("stop", "ok" everywhere):
the words of its language, of English and of the room's languages count. When unsure, it is speech;
between speech and a word that stops, it stops.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Literal

from cohost.common.lexicon import is_dense
from cohost.common.pieces import Book, Found, Pieces, asks, covers, find, known
from cohost.languages import LANGUAGES

Meaning = Literal["speech", "stop", "backchannel", "noise", "own_voice"]

IMPROBABLE, IMPROBABLE_SHORT, IMPROBABLE_NAME = -1.2, -0.8, -0.6
REPETITIVE = 2.4
SHORT_MS, SHORT_WORDS = 250, 3
CLOSING_WORDS = 8
STOPS = ("stop", "stop_more", "backchannel")
ECHO_CHARS, ECHO_CHARS_DENSE = 8, 4
ECHO_LIKE = 0.8
ECHO_LONGEST = 400

_ASIDE = re.compile(r"[\[(（【［<*]([^\[\](（）)【】［］<>*]*)[\])）】］>*]")
_MASKS = frozenset({"email", "phone", "card", "iban", "handle", "address"})
_MUSIC = re.compile("[♩♪♫♬🎵🎶🎼]")
_QUESTION = ("?", "？", "؟")


def meaning(
    text: str,
    lang: str,
    *,
    langs: Sequence[str] = (),
    avg_logprob: float = 0.0,
    compression: float = 0.0,
    voiced_ms: int = 0,
    hotwords: Sequence[str] = (),
    said: Sequence[str] = (),
) -> Meaning:
    """What the words are to the floor. `langs`: the room's; `said`: what cohost says or just said."""
    cut = Pieces(_ASIDE.sub(_aside, text))
    if not len(cut) or _MUSIC.search(text):
        return "noise"
    spoken = known(lang, "en", *langs)
    if _stops(cut, spoken):
        return "stop"
    if _is_stock(cut, lang) or _lists(cut, hotwords, avg_logprob):
        return "noise"
    if _improbable(cut, avg_logprob, compression, voiced_ms):
        return "noise"
    if _echoes(cut, lang, said):
        return "own_voice"
    if _opening(cut, spoken) is not None or _closes(cut, spoken):
        return "stop"
    return "backchannel" if covers(cut, ("backchannel",), spoken, spoken[0]) else "speech"


def question_behind(text: str, lang: str) -> str:
    """The question after an opening stop word; "" where nothing worth answering follows."""
    cut = Pieces(text)
    spoken = known(lang, "en", *LANGUAGES)
    at = _opening(cut, spoken) if len(cut) else None
    if at is None or _stops(cut, spoken):
        return ""
    rest = cut.rest(at)
    if len(Pieces(rest)) < 2 or not (asks(rest, lang) or asks(rest, "en")):
        return ""
    return rest


def _aside(match: re.Match[str]) -> str:
    return match.group() if match.group(1).strip() in _MASKS else " "


def _stops(cut: Pieces, spoken: tuple[str, ...]) -> bool:
    """Whether all of it is a stop word and what goes with it, in one of the languages."""
    home = spoken[0]
    return any(covers(cut, STOPS, known(lang, "en"), home) for lang in spoken)


def _opening(cut: Pieces, spoken: tuple[str, ...]) -> int | None:
    """The piece after the stop words, and what is said with them, that open the utterance."""
    ends = (_opens(cut, known(lang, "en"), spoken[0]) for lang in spoken)
    return max((end for end in ends if end is not None), default=None)


def _opens(cut: Pieces, langs: tuple[str, ...], home: str) -> int | None:
    start = 0
    before: tuple[str, ...] = ()
    last: int | None = None
    while start < len(cut):
        found = max(find(cut, "stop", langs, start, home), default=None)
        if found is not None:
            word = cut.folded[start : found.end]
            start = found.end
            if word == before or not found.alone or cut.pause(start):
                last = start
            before = word
            continue
        more = _longest(cut, langs, start, home)
        if more is None:
            break
        start = more.end
    if last is None:
        return None
    behind = last
    while behind < len(cut) and (more := _longest(cut, langs, behind, home)) is not None:
        behind = more.end
        if cut.pause(behind):
            last = behind
    return last


def _closes(cut: Pieces, spoken: tuple[str, ...]) -> bool:
    """Whether a short utterance ends in a stop word after a pause ("too loud, stop")."""
    if cut.words > CLOSING_WORDS or cut.raw.rstrip().endswith(_QUESTION):
        return False
    behind = (Pieces(cut.rest(at)) for at in range(1, len(cut)) if cut.pause(at))
    return any(_stops(rest, spoken) for rest in behind)


def _longest(cut: Pieces, langs: tuple[str, ...], start: int, home: str) -> Found | None:
    small = [*find(cut, "stop_more", langs, start, home), *find(cut, "backchannel", langs, start, home)]
    return max(small, default=None)


def _is_stock(cut: Pieces, lang: str) -> bool:
    lists = ("stock", "backchannel")
    if covers(cut, lists, LANGUAGES, lang, closed=True):
        return True
    return covers(cut, lists, LANGUAGES, lang) and not asks(cut.raw, lang)


def _improbable(cut: Pieces, avg_logprob: float, compression: float, voiced_ms: int) -> bool:
    if compression > REPETITIVE or avg_logprob < IMPROBABLE:
        return True
    return 0 < voiced_ms < SHORT_MS and cut.words > SHORT_WORDS and avg_logprob < IMPROBABLE_SHORT


def _lists(cut: Pieces, hotwords: Sequence[str], avg_logprob: float) -> bool:
    """Only names the recogniser was told to expect: several, or one that it was not sure of."""
    names = [name for name in hotwords if name.strip()]
    words = [word for name in names for word in name.split() if len(word) > 2 and not is_dense(word)]
    count = _fewest(cut, Book(names))
    if count is None:
        if _fewest(cut, Book([*names, *words])) is None:
            return False
        count = 1
    in_a_list = any(cut.pause(at) for at in range(1, len(cut)))
    return count > 2 or (count == 2 and in_a_list) or avg_logprob <= IMPROBABLE_NAME


def _fewest(cut: Pieces, book: Book) -> int | None:
    """The least number of entries that make up the utterance."""
    least: list[int | None] = [0, *[None] * len(cut)]
    for start in range(len(cut)):
        count = least[start]
        if count is None:
            continue
        for end, _, _ in book.at(cut.folded, start):
            old = least[end]
            least[end] = count + 1 if old is None else min(old, count + 1)
    return least[-1]


def _echoes(cut: Pieces, lang: str, said: Sequence[str]) -> bool:
    """Whether it is a part of what cohost said, recognition errors allowed."""
    heard = "".join(cut.folded)
    dense = is_dense(heard)
    if len(heard) < (ECHO_CHARS_DENSE if dense else ECHO_CHARS) or len(cut) < 2:
        return False
    asked = asks(cut.raw, lang, by_its_end=False)
    for text in said:
        spoken = Pieces(text)
        own = "".join(spoken.folded)
        if heard in own:
            return True
        if asked and not any(mark in text for mark in _QUESTION):
            continue
        if len(heard) <= ECHO_LONGEST and _resembles(heard, own):
            return True
    return False


def _resembles(heard: str, own: str) -> bool:
    """Whether a stretch of `own` of about this length is nearly `heard`."""
    size = len(heard)
    grams = {heard[i : i + 2] for i in range(size - 1)}
    if sum(gram in own for gram in grams) < len(grams) / 2:
        return False
    matcher = difflib.SequenceMatcher(None, own, heard, autojunk=False)
    slack = size // 4
    for start in {block.a - block.b for block in matcher.get_matching_blocks() if block.size > 1}:
        window = own[max(0, start - slack) : start + size + slack]
        closer = difflib.SequenceMatcher(None, window, heard, autojunk=False)
        same = sum(block.size for block in closer.get_matching_blocks() if block.size > 1)
        if same >= ECHO_LIKE * size:
            return True
    return False
