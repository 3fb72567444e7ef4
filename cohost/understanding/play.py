"""Lines that play: a vote in the poll that is open, a guess in the game that runs. Pure.

While a game runs, what is only a value, or a short line that names one, is a guess and is not answered; a
real question still is one: about anything else at once, about the very thing guessed when the game is over.
"""

from __future__ import annotations

import re

from cohost import events as ev
from cohost.common import polls
from cohost.common.engage import Engaged
from cohost.common.lexicon import fold, is_dense, read, stop_words, words_of
from cohost.languages import LANGUAGES, base
from cohost.trust.guesses import LONGEST_GUESS, figures, judge
from cohost.understanding.form import STRONG, question_form, size
from cohost.understanding.triage import ELLIPTICAL, STATEMENT, Triage

VOTE = Triage("to_viewer", "vote", asks=False)
GUESS = Triage("guess", "game", asks=False)
SHORT_LINE = 8
"""Words of a line that names a value beside others: "definitely 24 hours, no doubt"."""
FEW = 4
"""Words of a guess that no table of values knows."""
_ASIDE = frozenset({"line.guess", "line.filler", "line.greeting", "line.praise"})
_MAY_GUESS = frozenset({"guess", "question", "off_topic", "to_viewer", "praise", "greeting", "purchase"})
"""What a line with a value may be beside a guess; dangers, orders and complaints stay what they are."""
_MARKS = re.compile(r"[\W_]+")


def vote(engaged: Engaged, message: ev.ChatMessage) -> int | None:
    """The option that a viewer's typed line votes for, where a poll is open and would take it."""
    poll = engaged.polling
    if poll is None or not _plays(message) or message.lane is not None:
        return None
    option = polls.typed(message.text, poll)
    return option if option is not None and not poll.refuses(message.viewer, option) else None


def bare_guess(engaged: Engaged, message: ev.ChatMessage, lang: str) -> bool:
    """True for a line that is a value and nothing else ("24 h", "is it black?"), whatever else it may be."""
    game = engaged.playing
    if game is None or not _plays(message):
        return False
    found = judge(message.text, lang, game.fact)
    if found.verdict not in ("right", "wrong"):
        return False
    line = " ".join(message.text.split())
    text = line if figures(game.fact) else fold(line)
    return not _rest(text[: found.start] + " " + text[found.end :], lang)


def guessing(engaged: Engaged, message: ev.ChatMessage, lang: str, kind: Triage) -> bool:
    """True for a line that says a value among other words, or a few words that may be one, and asks nothing.
    `kind`: what the line is where no game runs."""
    game = engaged.playing
    if game is None or not _plays(message):
        return False
    if kind.intent not in _MAY_GUESS or kind.human_check:
        return False
    reading = read(message.text)
    if question_form(reading, _langs(lang)) >= STRONG:
        return False
    found = judge(message.text, lang, game.fact)
    if found.verdict in ("right", "wrong"):
        return size(reading) <= SHORT_LINE
    loose = kind.reason in (STATEMENT, ELLIPTICAL) or kind.intent == "guess"
    about = kind.intent == "question" and kind.reason != ELLIPTICAL
    return found.verdict == "unread" and loose and size(reading) <= FEW and not about


def _plays(message: ev.ChatMessage) -> bool:
    """A viewer's short line; `cohost ask` and its kin play no games."""
    return message.role == "viewer" and message.platform != "ask" and len(message.text) <= LONGEST_GUESS


def _rest(text: str, lang: str) -> str:
    """What a line says beside the value: function words, "my guess", fillers and marks are nothing."""
    if is_dense(text):
        left = fold(text)
        reading = read(text)
        for name in _ASIDE:
            for hit in reading.of(name, LANGUAGES):
                left = left.replace(reading.line.folded[hit.start : hit.end], " ")
        return "" if len(_MARKS.sub("", left)) <= FEW else left
    reading = read(text)
    aside = [(h.start, h.end) for name in _ASIDE for h in reading.of(name, _langs(lang))]
    stops = stop_words(base(lang)) | stop_words("en")
    words = [w for w in words_of(reading.line.folded) if w.text not in stops and len(w.text) > 1]
    return " ".join(w.text for w in words if not any(s <= w.start and w.end <= e for s, e in aside))


def _langs(lang: str) -> tuple[str, ...]:
    return LANGUAGES if base(lang) not in LANGUAGES else tuple(dict.fromkeys((base(lang), "en")))
