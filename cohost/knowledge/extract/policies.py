"""Rules of the shop: shipping, returns, warranty, payment, customs; per market where one is named. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cohost.knowledge.extract import dates, limits, market_tables, places, sections, values
from cohost.knowledge.extract.passages import chunks, telling, warns
from cohost.knowledge.extract.passages import from_part as passages_of
from cohost.knowledge.extract.passages import made as passage
from cohost.knowledge.extract.rules import TIME, Rules, headed_markets, said, topic_of, topics_of, valid_days
from cohost.knowledge.extract.scope import Scope, language
from cohost.knowledge.extract.stream import Part, sentences
from cohost.knowledge.extract.vocabulary import says, section
from cohost.trust import words
from cohost.trust.evidence import Evidence, MarketFact, Policy
from cohost.trust.quantities import Amount, amounts

_BARE_SPAN = re.compile(
    r"^[^:：\d]{2,30}[:：]\s*(\d+)(?:\s*(?:to|bis|à|a|al?|do|–|-|~|〜|至|到)\s*(\d+))?(?=\W*$)"
)
_SHORT_CLAUSE = 48
_INSIDE = re.compile(r"^(?:以内に?|之内|内|이내에?)\s*")


def from_document(parts: Sequence[Part], scope: Scope) -> Iterator[Evidence]:
    rules = _rules(parts, scope)
    markets = _scope_markets(parts, scope) or limits.whole(parts, rules.topic, scope)
    bound = scope.bound(markets=markets)
    timed = limits.times_of(parts, "returns")
    placed = {p.headings for p in parts if _labelled_place(p, scope)}
    covered = limits.covered(parts, bound)
    for products, run in sections.runs(parts, bound):
        for part, place in ((part, place) for part in run for place in covered or products):
            if part.kind == "table":
                yield from market_tables.from_table(part, place, rules)
            elif part.kind != "heading" and not (part.headings in placed and _somewhere(part, scope)):
                yield from _text(part, place, rules, timed=timed)


_LABEL = re.compile(r"^([^:：\d]{2,30})[:：]\s*\S")


def _labelled_place(part: Part, scope: Scope) -> bool:
    """ "Germany: 3 days"."""
    label = _LABEL.match(part.text)
    return label is not None and bool(places.find(label[1], scope.catalogue, codes=False))


def _somewhere(part: Part, scope: Scope) -> bool:
    """A line whose label stands where its neighbours name a country, and is none we know: it holds for
    some place only, never for everybody. "Other countries: 12 months" does."""
    label = _LABEL.match(part.text)
    if label is None or _labelled_place(part, scope):
        return False
    return not (limits.OTHERS.search(label[1]) or says(label[1], "world", "eu") or topics_of(label[1]))


def from_answer(question: str, part: Part, scope: Scope) -> list[Evidence]:
    """An answer that tells a time for each of several countries, or for the one its document is written
    for, as figures per market; [] elsewhere."""
    topic = _only_topic(question)
    if topic not in TIME:
        return []
    named = places.find(part.text, scope.catalogue, codes=False)
    if len(named) < 2:
        scope = scope.bound(markets=named or limits.written_for(scope))
        if not scope.markets:
            return []
    found = _text(part, scope, Rules(topic))
    return [i for i in found if isinstance(i, MarketFact) and i.attribute == topic]


def _rules(parts: Sequence[Part], scope: Scope) -> Rules:
    texts = [scope.document.title, *(p.text for p in parts[:3])]
    texts.append(re.sub(r"[_\-.]", " ", scope.document.path.rsplit("/", 1)[-1]))
    topic = next((t for t in map(_only_topic, texts) if t), None)
    for part in parts:
        found = dates.find(part.text, scope.lang) if part.kind == "paragraph" and len(part.text) < 120 else []
        if len(found) == 2 and section("field").label(" ".join(part.text.split()[:2]), ("issued", "expires")):
            return Rules(topic, found[0].latest, found[1].earliest)
    return Rules(topic)


def _limited_to(text: str, scope: Scope) -> tuple[str, ...]:
    """Markets a paragraph limits itself to: "US customers only."."""
    return next((found for s in sentences(text) if (found := limits.limiting(s, scope))), ())


def _only_topic(text: str) -> str | None:
    """A title's topic; none where it announces several ("Shipping, customs and payment")."""
    named = topics_of(text)
    if len(named) > 1 and set(named) == {"shipping", "shipping_cost"}:
        return "shipping"
    return named[0] if len(named) == 1 else None


def _scope_markets(parts: Sequence[Part], scope: Scope) -> tuple[str, ...]:
    """Markets that the title or the opening lines limit the whole document to."""
    texts = [scope.document.title]
    for part in parts:
        if part.kind == "table" or len(texts) > 4:
            break
        if limits.address(part.text):
            continue
        if part.kind == "heading" and len(part.headings) == 1:
            texts.append(part.text)
        elif _labelled_place(part, scope):
            break  # the first of a list by country
        elif len(part.headings) <= 1 and not limits.durations(part.text, scope.lang):
            texts.append(part.text if len(part.text) < 160 else "")
        else:
            break
    found: list[str] = []
    for text in texts:
        found += places.find(text, scope.catalogue, codes=False)
    return tuple(dict.fromkeys(found))


# ---------------------------------------------------------------- running text


def _text(part: Part, scope: Scope, rules: Rules, *, timed: bool = True) -> Iterator[Evidence]:
    if warns(part.heading) or warns(part.text):
        yield from passages_of(part, scope)
        return
    if limits.address(part.text):
        if scope.markets and rules.topic:
            source = scope.source(part.page, part.text, part.heading)
            yield Policy(**scope.common(source), attribute=rules.topic, text=source.quote)
        return
    heading_topic = next((t for h in reversed(part.headings) if (t := _only_topic(h))), None)
    here = _speaking_to(part.text, headed_markets(part, scope), scope)
    here = _limited_to(part.text, scope) or here
    denied = any(says(h, "no_ship") for h in part.headings[-1:])
    unit: str | None = None
    circumstance = ""
    told_in_full: set[str] = set()
    topic = heading_topic or rules.topic
    for sentence, others in _by_place(part.text, heading_topic or rules.topic, scope):
        markets = places.find(sentence, scope.catalogue, codes=False) or others
        told = _told_by(sentence, heading_topic) or topic
        bound = scope.narrow(sentence).bound(markets=markets or here)
        if denied or _refuses(sentence, told, markets):
            yield from _not_shipped(sentence, part, bound, rules)
            continue
        amount = _longest(sentence, told, language(sentence, scope.lang, enough=20), unit)
        if amount is not None and told in TIME and not limits.told_elsewhere(sentence):
            unit = amount.unit or unit
            circumstance = _circumstance(amount, sentence) if amount.unit else circumstance
            value = amount.low if amount.low == amount.high else (amount.low, amount.high)
            source = scope.source(part.page, sentence, part.heading)
            told_in_full.add(source.quote)
            yield from said(told, value, unit, circumstance, amount.qualifier, source, bound, rules)
        yield from _costs(sentence, told, part, bound, rules)
        topic = told
    for item in _words(part, scope.bound(markets=here), heading_topic or rules.topic, rules, timed):
        if item.source.quote not in told_in_full:
            yield item


def _by_place(text: str, topic: str | None, scope: Scope) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Sentences; one that tells a time for each of several places is cut at its clauses: "24 months in the
    EU, 12 months in other countries". The markets are those of a clause about the others."""
    for sentence in sentences(text):
        clauses = [c.strip() for c in re.split(r"[,;，；、](?!\d)", sentence) if c.strip()]
        named = [places.find(c, scope.catalogue, codes=False) for c in clauses]
        rest = [not n and _of_others(c) for c, n in zip(clauses, named, strict=True)]
        allowed = TIME.get(topic or "", ())
        timed = all(any(a.unit in allowed for a in amounts(c, scope.lang)) for c in clauses)
        placed = all(n or r for n, r in zip(named, rest, strict=True))
        if len(clauses) < 2 or not timed or not placed or not any(rest):
            yield sentence, ()
            continue
        said = {code for codes in named for code in codes}
        left = tuple(m.code for m in scope.catalogue.markets if m.code not in said)
        for clause, other in zip(clauses, rest, strict=True):
            yield clause, left if other else ()


def _of_others(clause: str) -> bool:
    """A short clause with a word for what is left: "12 months in other countries"."""
    found = limits.OTHERS.search(clause) if len(clause) <= _SHORT_CLAUSE else None
    return found is not None and (words.dense(clause) or not clause[: found.start()][-1:].isalpha())


def _speaking_to(text: str, here: tuple[str, ...], scope: Scope) -> tuple[str, ...]:
    """A paragraph in another language than the document's speaks to that language's markets."""
    lang = language(text, scope.lang, enough=20)
    if lang == scope.lang:
        return here
    own = [m.code for m in scope.catalogue.markets if m.lang == lang and m.code in here]
    return tuple(own) or here


def _told_by(sentence: str, heading: str | None) -> str | None:
    """The sentence's topic; under "Returns" the word "delivery" only tells when the time starts."""
    own = topic_of(sentence)
    if own == "shipping" and heading in ("returns", "warranty", "customs", "payment"):
        return heading
    return own or heading


def _refuses(sentence: str, topic: str | None, markets: tuple[str, ...]) -> bool:
    """ "We do not ship to …"; a sentence on costs, duties or times denies something else."""
    if says(sentence, "no_ship"):
        return True
    if topic != "shipping" or not markets or amounts(sentence) or limits.FREE.search(sentence):
        return False
    return says(sentence, "denial") and topic_of(sentence) == "shipping"


def _longest(sentence: str, topic: str | None, lang: str, unit: str | None) -> Amount | None:
    """The duration of a sentence: the range, else the longest, handling times aside. "France: 4 to 6."
    takes the unit of the sentence before."""
    allowed = TIME.get(topic or "", ())
    clauses = [c for c in re.split(r",|，|;|；", sentence) if not says(c, "handling")] or [sentence]
    found = [a for c in clauses for a in amounts(c, lang)]
    timed = [a for a in found if a.unit in allowed]
    span = _BARE_SPAN.match(sentence) if not timed and unit in allowed else None
    if span:
        low, high = float(span.group(1)), float(span.group(2) or span.group(1))
        return Amount(low, high, None, "", span.start(1), span.end(), span.group().split(":", 1)[-1].strip())
    return max(timed, key=lambda a: (a.high > a.low, a.high), default=None)


def _costs(sentence: str, topic: str | None, part: Part, scope: Scope, rules: Rules) -> Iterator[Evidence]:
    """The one price of a sentence about delivery; where it depends ("free from 60 €") the sentence itself."""
    if topic not in ("shipping", "shipping_cost") or says(sentence, "refund"):
        return
    lang = language(sentence, scope.lang, enough=20)
    found = [a for a in amounts(sentence, lang) if a.unit and re.fullmatch("[A-Z]{3}", a.unit)]
    source = scope.source(part.page, sentence, part.heading)
    if len(found) == 1 and found[0].low == found[0].high and not limits.FREE.search(sentence):
        unit = _currency(found[0], scope)
        if unit is not None:
            yield from said("shipping_cost", found[0].low, unit, "", found[0].qualifier, source, scope, rules)
    elif found and topic == "shipping":
        yield Policy(**(scope.common(source) | valid_days(rules)), attribute="shipping_cost", text=sentence)


def _currency(amount: Amount, scope: Scope) -> str | None:
    """A bare "$" is the dollar or peso of the market it is written for; None where that is not known."""
    if "$" not in amount.text or re.search("US", amount.text):
        return amount.unit
    own = {m.currency for c in scope.markets if (m := scope.catalogue.market(c)) is not None}
    return own.pop() if len(own) == 1 else "USD" if scope.markets == ("US",) else None


def _circumstance(amount: Amount, sentence: str) -> str:
    """What stands after the time: "working days", "after dispatch"; a lone verb is none."""
    at = sentence.find(amount.text)
    after = re.split(r"[.;。；](?!\d)", sentence[at + len(amount.text) :], maxsplit=1)[0] if at >= 0 else ""
    after = _before_money(after)
    told = _INSIDE.sub("", values.tidy(after))
    if re.fullmatch(r"[^\W\d_]+", told) and told.islower():
        told = ""
    return "; ".join(t for t in (values.working_days(amount.text), told) if t)


def _before_money(text: str) -> str:
    """The clauses before one that tells a price: that is another rule."""
    kept = []
    for clause in re.split(r"(?<=[,，、،])(?!\d)", text):
        if any(a.unit and re.fullmatch("[A-Z]{3}", a.unit) for a in amounts(clause)):
            break
        kept.append(clause)
    return "".join(kept)


def _not_shipped(sentence: str, part: Part, scope: Scope, rules: Rules) -> Iterator[Evidence]:
    source = scope.source(part.page, sentence, part.heading)
    for code in scope.markets:
        common = scope.bound(markets=(code,)).common(source) | valid_days(rules)
        yield MarketFact(**common, attribute="ships", value=False)


def _words(part: Part, scope: Scope, topic: str | None, rules: Rules, timed: bool) -> Iterator[Evidence]:
    """The rule in its own words; text about nothing we know is a passage."""
    for chunk in chunks(part.text):
        told = _told_by(chunk, topic)
        bound = scope.narrow(chunk)
        bound = bound.bound(
            markets=() if _of_a_clause(chunk, told, scope) else limits.markets_of(chunk, scope)
        )
        if not telling(chunk):
            continue
        if told is None:
            yield passage(chunk, part, bound, False)
        if told is None or _is_caption(chunk):
            continue
        source = scope.source(part.page, chunk, part.heading)
        refused = told == "returns" and limits.refuses_all(chunk, timed=timed)
        yield Policy(
            **(bound.common(source) | valid_days(rules)), attribute=told, text=chunk,
            value=False if refused else None,
        )  # fmt: skip


def _of_a_clause(text: str, topic: str | None, scope: Scope) -> bool:
    """ "Card or PayPal; cash on delivery only in Italy": the country limits one of the ways, not all."""
    if topic not in ("payment", "how_to_buy"):
        return False
    named = [
        bool(places.find(c, scope.catalogue, codes=False)) for c in re.split(r"[;；]", text) if c.strip()
    ]
    return any(named) and not all(named)


def _is_caption(text: str) -> bool:
    """A heading that the reader saw as a paragraph: few words, no figure, no stop."""
    return len(text) < 40 and not re.search(r"\d|[.。!！;；]|[:：]\s*\S", text)
