"""What kind of line it is: a question about the product, or one of the other things people type. Pure.

Words come from the lexicons of the line's language and English (chat mixes them); the attributes a
line mentions come from the ontology. Order matters: what endangers people or the room first, then
what needs a person, then questions, then small talk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from cohost.common.lexicon import Match, Reading, fold, read
from cohost.languages import LANGUAGES, base
from cohost.understanding import age, attack, hazard
from cohost.understanding.form import DENSE, LINK, MARK, STRONG, WEAK, borrowed, question_form, size

CERTAIN = 0.8  # of an attribute: named by a telling word
SURE = 0.89  # beside a compliment, or without any form of a question
LIKELY = 0.45  # enough beside a question form
LONG = 10
LAUGHTER = 4
SHORT_WORD = 3
NEAR_KIN = 24  # characters between a person and their death
GREETED = 6  # words of a greeting with the place it comes from
SHORT = 4  # words of an elliptical question: "price pls", "harga kak"


STATEMENT = "statement"
"""The reason of a line that says something and asks nothing."""


ELLIPTICAL = "elliptical"
"""The reason of a few words that name what can be asked, without the form of a question."""


class Triage(msgspec.Struct, frozen=True):
    """`intent` is the contract's, with plain "question" where the attribute is still to be settled.
    `asks`: an answer or a person is wanted; without it the line is only recorded."""

    intent: str
    reason: str = ""
    asks: bool = True
    human_check: bool = False


class _Line:
    """One line with everything the checks look at."""

    def __init__(
        self,
        text: str,
        lang: str,
        attributes: Sequence[tuple[str, float]],
        masked: Iterable[str],
        taken: Sequence[tuple[int, int]],
        wide: bool,
    ) -> None:
        self.taken = tuple(taken)
        self.text = text
        self.reading: Reading = read(text)
        self.own = base(lang)
        own = () if lang == "und" else (self.own, "en")
        self.langs: tuple[str, ...] = tuple(dict.fromkeys((*own, *(LANGUAGES if wide or not own else ()))))
        self.attributes = attributes
        self.best = attributes[0][1] if attributes else 0.0
        self.masked = frozenset(masked)
        self.form = question_form(self.reading, self.langs)
        self.size = size(self.reading)

    def hits(self, name: str) -> list[Match]:
        found = [hit for hit in self.reading.of(name, self.langs) if not borrowed(hit, self.own)]
        if name == "line.greeting":
            found = [hit for hit in found if self._greets(hit)]
        return [h for h in found if not any(s <= h.start and h.end <= e for s, e in self.taken)]

    def _greets(self, hit: Match) -> bool:
        """A short English word greets in a line of another language only where a clause begins: in Hindi
        "hi" within a line lends weight to the word before it."""
        if hit.label.partition(":")[0] == self.own or len(hit.entry) > SHORT_WORD:
            return True
        before = self.reading.line.folded[: hit.start].rstrip(" \"'")
        return not before or not before[-1].isalnum()

    def has(self, name: str) -> bool:
        return bool(self.hits(name))

    def names(self, *ids: str) -> bool:
        return any(a in ids and score >= LIKELY for a, score in self.attributes)


def triage(
    text: str,
    lang: str,
    *,
    attributes: Sequence[tuple[str, float]] = (),
    masked: Iterable[str] = (),
    names: frozenset[str] = frozenset(),
    about: bool = False,
    taken: Sequence[tuple[int, int]] = (),
    wide: bool = False,
) -> Triage:
    """What kind of line this is.

    `attributes` as `match_phrases` gives them; `masked` the kinds of personal data masked in the line;
    `names` folded names by which the host or cohost may be addressed with "@"; `about` True where the line
    names a product, a model, a scheme or a feature of the shop's goods; `taken` where names of goods stand
    ("montre", a watch, is no wish to see something); `wide` True where the language is a mere guess: words of
    all languages count.
    """
    line = _Line(text, lang, attributes, masked, taken, wide)
    if not line.reading.line.words and not line.reading.line.dense.strip("?!？！.。…"):
        return Triage("to_viewer", "no words", asks=False)
    if not any(c.isalpha() for c in text):
        return _wordless(text)
    if _is_laughter(text):
        return Triage("to_viewer", "laughter", asks=False)
    told = _addressed(line, names)
    for check in _CHECKS:
        if told is not None and check in _OWN:
            continue
        found = check(line)
        if found is not None:
            return found
    return told or _talk(line, about)


def _wordless(text: str) -> Triage:
    if any(c.isdigit() for c in text):
        return Triage("guess", "numbers only", asks=False)
    return Triage("praise", "emoji only", asks=False)


def _is_laughter(text: str) -> bool:
    """ "哈哈哈哈", "jajaja", "555555": the same one or two letters over and over."""
    letters = [c for c in text.casefold() if c.isalnum()]
    return len(letters) > LAUGHTER and len(set(letters)) <= 2


# ── dangers and people ──────────────────────────────────────────────────────────────────────────
def _injection(line: _Line) -> Triage | None:
    weight, reason = attack.weigh(line.reading)
    if weight < attack.ENOUGH:
        return None
    return Triage("injection", reason)


def _hazard(line: _Line) -> Triage | None:
    facts = [hit for hit in line.hits("hazard.facts") if not hazard.denied(line.reading, hit, line.langs)]
    if not facts or (line.form and hazard.meant(line.reading, line.langs)):
        return _harm(line)
    first = min(hit.start for hit in facts)
    asked = line.form >= STRONG
    late = line.reading.line.folded
    for hit in line.hits("hazard.maybe"):
        inside = any(f.start <= hit.start < f.end for f in facts)
        if not inside and (hit.start < first or (asked and _dense_at(late, hit))):
            return _harm(line)
    return Triage("hazard", facts[0].entry)


def _harm(line: _Line) -> Triage | None:
    found = hazard.harm(line.reading, line.langs)
    return Triage("hazard", found.words) if found and found.told else None


def _dense_at(folded: str, hit: Match) -> bool:
    """In Japanese, Korean, Thai and Chinese the word for "if" or "might" follows its verb."""
    return bool(re.match(DENSE, folded[hit.start]))


def _sensitive(line: _Line) -> Triage | None:
    hits = line.hits("line.sensitive")
    if hits:
        return Triage("sensitive", hits[0].entry)
    years = age.minor(line.reading, line.langs)
    if years is not None:
        return Triage("sensitive", f"a child of {years}")
    death = _death(line)
    if death is not None:
        return Triage("sensitive", death)
    grave = line.hits("line.grave")
    if grave and line.best < CERTAIN and not line.has("line.complaint"):
        return Triage("sensitive", grave[0].entry)
    return None


def _death(line: _Line) -> str | None:
    """A person who died; a battery may."""
    for died in line.hits("line.died"):
        for kin in line.hits("line.kin"):
            if 0 <= max(died.start - kin.end, kin.start - died.end) <= NEAR_KIN:
                return f"{kin.entry} {died.entry}"
    return None


def _human_check(line: _Line) -> Triage | None:
    hits = line.hits("line.human")
    if not hits or (line.form < WEAK and line.size > 2 * SHORT):
        return None
    return Triage("question", hits[0].entry, human_check=True)


def _personal_data(line: _Line) -> Triage | None:
    told = line.masked & {"phone", "email", "card", "iban", "address", "handle"}
    if line.best >= CERTAIN and line.form >= STRONG:
        return None
    if told or (line.has("line.personal") and line.form < STRONG):
        return Triage("personal_data", ", ".join(sorted(told)) or "told")
    return None


def _hypothetical(line: _Line) -> bool:
    return line.form >= WEAK and line.has("hazard.maybe")


def _order(line: _Line) -> Triage | None:
    hits = line.hits("line.order")
    if not hits or (_hypothetical(line) and line.best >= CERTAIN):
        return None
    return Triage("order", hits[0].entry)


def _complaint(line: _Line) -> Triage | None:
    hits = line.hits("line.complaint")
    if not hits or _hypothetical(line):
        return None
    return Triage("complaint", hits[0].entry)


def _abuse(line: _Line) -> Triage | None:
    hits = line.hits("line.abuse")
    if not hits or (line.form >= STRONG and line.best >= LIKELY):
        return None
    if line.form >= MARK and not _is_insult(line):
        return None
    return Triage("abuse", hits[0].entry, asks=False)


def _is_insult(line: _Line) -> bool:
    return len(line.hits("line.abuse")) > 1 or line.size <= SHORT


def _spam(line: _Line) -> Triage | None:
    hits = line.hits("line.spam")
    if hits and not (line.form >= STRONG and line.best >= CERTAIN):
        return Triage("spam", hits[0].entry, asks=False)
    if LINK.search(line.text) and not (line.form >= STRONG and line.best >= LIKELY):
        return Triage("spam", "link", asks=False)
    return None


# ── wishes and questions ────────────────────────────────────────────────────────────────────────
_PAPERS = ("certificates", "tests", "warranty", "size_chart", "price", "ingredients")


def _demo(line: _Line) -> Triage | None:
    hits = line.hits("line.demo")
    if not hits or (line.names(*_PAPERS) and line.best >= CERTAIN):
        return None
    if line.form >= STRONG and line.best >= CERTAIN and not _leads(line, hits):
        return None
    if line.form == MARK and line.reading.has("feature.drop", line.langs):
        return None  # "it won't break when dropped?" asks, it does not want to see it
    return Triage("demo_request", hits[0].entry)


def _leads(line: _Line, hits: list[Match]) -> bool:
    """The wish to see stands first, or it is a phrase of its own ("can you show …") with its object behind
    it: "what is it made of inside?" only asks."""
    said = line.reading.line.folded.rstrip(" ?.!¿¡？！。…")
    return any(hit.start <= 12 or (" " in hit.entry and hit.end < len(said)) for hit in hits)


def _weather(line: _Line) -> Triage | None:
    """ "It's raining here": no question about water."""
    hits = line.hits("line.weather")
    return Triage("off_topic", hits[0].entry, asks=False) if hits and line.form < MARK else None


def _taste(line: _Line) -> Triage | None:
    """ "What a beautiful colour": asks nothing, though it begins like a question."""
    if line.form == MARK or not line.names(*_OF_TASTE):
        return None
    hits = line.hits("line.praise")
    return Triage("praise", hits[0].entry, asks=False) if hits else None


_OF_TASTE = ("color", "fragrance")
_BUYING = frozenset({"how_to_buy", "payment", "seller"})


def _purchase(line: _Line) -> Triage | None:
    hits = line.hits("line.purchase")
    if not hits:
        return None
    others = [a for a, score in line.attributes if score >= CERTAIN and a not in _BUYING]
    if others and line.form >= WEAK:
        return None
    return Triage("purchase", hits[0].entry)


def _from_afar(line: _Line) -> Triage | None:
    """ "Saudações do Porto": a greeting and where it comes from, which is no word about a product."""
    if line.form >= STRONG or line.size > GREETED:
        return None
    ends = [hit.end for hit in line.hits("line.greeting")]
    folded = line.reading.line.folded
    for hit in line.hits("line.afar"):
        if any(end <= hit.start and not folded[end : hit.start].strip() for end in ends):
            return Triage("greeting", "from afar", asks=False)
    return None


def _about_product(line: _Line) -> Triage | None:
    if line.form < MARK and line.best < SURE and line.has("line.praise"):
        return None
    if line.best >= CERTAIN and (line.form >= STRONG or (line.form and not _pleased(line))):
        return Triage("question", "attribute")
    if line.best >= LIKELY and line.form >= STRONG:
        return Triage("question", "attribute")
    if line.best >= CERTAIN and line.size <= SHORT and not _pleased(line):
        return Triage("question", ELLIPTICAL)
    if line.best >= SURE and line.size <= LONG and not _pleased(line):
        return Triage("question", "like a question")
    return None


def _pleased(line: _Line) -> bool:
    return line.has("line.praise") or line.has("line.greeting")


_CHECKS = (
    _injection, _hazard, _sensitive, _human_check, _order, _complaint, _personal_data, _abuse, _spam,
    _demo, _purchase, _weather, _taste, _from_afar, _about_product,
)  # fmt: skip


_OWN = frozenset((_order, _complaint, _demo, _purchase, _taste))
"""What a viewer tells the shop; said to another viewer it is talk among themselves."""


# ── people among themselves ─────────────────────────────────────────────────────────────────────
def _addressed(line: _Line, names: frozenset[str]) -> Triage | None:
    match = re.match(r"\s*@(\S+)", line.text)
    if match is None or fold(match.group(1)).strip(":,") in names:
        return None
    return Triage("to_viewer", match.group(1)[:40], asks=False)


def _talk(line: _Line, about: bool) -> Triage:
    if line.has("line.guess") and line.form < STRONG:
        return Triage("guess", "guess", asks=False)
    off_topic = line.hits("line.off_topic")
    if off_topic and line.best < CERTAIN:
        return Triage("off_topic", off_topic[0].entry, asks=line.form >= STRONG)
    if line.form < STRONG:
        for intent in ("greeting", "praise"):
            hits = line.hits(f"line.{intent}")
            if hits:
                return Triage(intent, hits[0].entry, asks=False)
    if line.form >= STRONG and not _only(line, "line.greeting"):
        return Triage("question", "form")
    if line.has("line.greeting"):
        return Triage("greeting", "greeting", asks=False)
    if line.form and line.size > 1:
        return Triage("question", "form")
    if line.has("line.filler") and _only(line, "line.filler"):
        return Triage("to_viewer", "filler", asks=False)
    if about and line.size <= LONG and not _pleased(line):
        return Triage("question", "names a product")
    return Triage("off_topic", STATEMENT, asks=False)


def _only(line: _Line, name: str) -> bool:
    """True when the words of one list make nearly all of the line."""
    hits = line.hits(name)
    covered = sum(hit.end - hit.start for hit in _apart(hits))
    letters = sum(c.isalpha() for c in line.reading.line.folded)
    return bool(hits) and covered * 10 >= letters * 7


def _apart(hits: list[Match]) -> list[Match]:
    kept: list[Match] = []
    for hit in hits:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
