"""What a voice is measured on: replies as cohost composes them, about a product made up for it. Pure.

Numbers, units, money, conditions, spans and who declared it occur as each language writes them. The
paper itself (its kind, page and day) is left out: it is the same in every line.
"""

from __future__ import annotations

import datetime as dt

from cohost.common.catalogue import Brand, Catalogue, Market, Product, Variant
from cohost.common.question import Question
from cohost.decision.answer import answer
from cohost.decision.frames import frame
from cohost.trust.evidence import Evidence, Fact, MarketFact, Source

ON = dt.date(2026, 11, 20)
MODEL, MARKET = "RX2", "DE"
CATALOGUE = Catalogue(
    brand=Brand(name="Probe", host_lang="en"),
    products=(Product("probe", "Probe", (MODEL,), ("probe",), True),),
    variants=(Variant(MODEL, "probe", (MARKET,), "1"),),
    markets=(Market(MARKET, "de", "EUR", ("CE",), "formal"),),
)
FACTS: tuple[tuple[str, float | tuple[float, float], str, str], ...] = (
    ("battery", 24.0, "h", "at 50 % volume"),
    ("weight", 620.0, "g", ""),
    ("charging_time", 3.5, "h", ""),
    ("noise", 35.0, "dB", ""),
    ("voltage", (220.0, 240.0), "V", ""),
    ("temperature", (5.0, 40.0), "degC", ""),
)
OFFERS: tuple[tuple[str, float | tuple[float, float], str, str], ...] = (
    ("price", 79.9, "EUR", ""),
    ("shipping", (12.0, 18.0), "day", "working days"),
    ("warranty", 24.0, "month", ""),
)


def lines(lang: str) -> list[str]:
    """At least eight replies in that language, the same figures in each language."""
    items = _evidence()
    told = (_reply(item.attribute, items, lang) for item in items)
    return [text for text in told if text]


def _reply(attribute: str, items: tuple[Fact | MarketFact, ...], lang: str) -> str:
    question = Question(
        id="q1", text=attribute, lang=lang, intent=f"question.{attribute}", attributes=(attribute,),
        products=("probe",), market=MARKET, confidence=1.0,
    )  # fmt: skip
    draft = answer(question, items, lang=lang, catalogue=CATALOGUE, on=ON)
    told = draft.text.split(frame(lang, "source.spec"))[0].rstrip(" ,，、،—-（(")
    return told + frame(lang, "value.stop") if draft.action == "answer" else ""


def _evidence() -> tuple[Fact | MarketFact, ...]:
    facts: list[Evidence] = []
    for number, (attribute, value, unit, condition) in enumerate(FACTS, 1):
        facts.append(Fact(
            id=f"E{number}", source=_source(f"{attribute} {value} {unit}"), source_class="B", product="probe",
            models=(MODEL,), attribute=attribute, value=value, unit=unit, condition=condition,
        ))  # fmt: skip
    for number, (attribute, value, unit, condition) in enumerate(OFFERS, 100):
        facts.append(MarketFact(
            id=f"E{number}", source=_source(f"{attribute} {value} {unit}"), source_class="C", product="probe",
            markets=(MARKET,), attribute=attribute, value=value, unit=unit, condition=condition,
            as_of=ON, valid_until=ON,
        ))  # fmt: skip
    return tuple(f for f in facts if isinstance(f, Fact | MarketFact))


def _source(quote: str) -> Source:
    return Source(document="probe/spec.pdf", quote=quote, kind="spec", page=1, lang="en")
