"""A small brand for the tests of decisions: four products, eight markets, evidence of every kind."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cohost.common.catalogue import Brand, Catalogue, Market, Product, Variant
from cohost.common.question import Question
from cohost.trust.evidence import (
    Body,
    Certificate,
    Evidence,
    Fact,
    MarketFact,
    Passage,
    Policy,
    Result,
    Review,
    Source,
    TestReport,
)

ON = dt.date(2026, 11, 20)
LANGUAGES = (
    "en",
    "es",
    "pt",
    "fr",
    "de",
    "it",
    "nl",
    "pl",
    "ru",
    "tr",
    "ar",
    "hi",
    "th",
    "vi",
    "id",
    "ja",
    "ko",
    "zh",
)

CATALOGUE = Catalogue(
    brand=Brand(name="Tern", host_lang="zh"),
    products=(
        Product("lamp", "Tern lamp", ("L-1", "L-2"), ("lamp",), True),
        Product("bank", "Tern bank", ("B-9",), ("power bank",)),
        Product("dryer", "Tern dryer", ("D-220",)),
        Product("cream", "Tern cream", ("C-30",)),
    ),
    variants=(
        Variant("L-1", "lamp", ("DE", "FR", "ES", "BR"), "2", dt.date(2026, 2, 1)),
        Variant("L-2", "lamp", ("US", "JP"), "1"),
        Variant("B-9", "bank", ("US", "DE", "TH"), "1"),
        Variant("D-220", "dryer", ("DE", "FR"), "1"),
        Variant("C-30", "cream", ("US", "DE"), "1"),
    ),
    markets=(
        Market("US", "en", "USD", ("FCC",)),
        Market("DE", "de", "EUR", ("CE",), "formal"),
        Market("FR", "fr", "EUR", ("CE",), "formal"),
        Market("ES", "es", "EUR", ("CE",)),
        Market("BR", "pt", "BRL", ("INMETRO",)),
        Market("JP", "ja", "JPY", ("PSE",), "formal"),
        Market("TH", "th", "THB", ("TISI",), "formal"),
    ),
)


def src(document: str, quote: str, **more: Any) -> Source:
    return Source(document=document, quote=quote, **({"lang": "en"} | more))


def day(month: int, of: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, of)


def fact(number: int, product: str, attribute: str, value: Any, unit: str | None = None, **more: Any) -> Fact:
    quote = more.pop("quote", f"{attribute} {value} {unit or ''} {more.get('condition', '')}".strip())
    source = more.pop("source", src(f"{product}/spec.pdf", quote, kind="spec", page=1))
    given = {"source_class": "B"} | more
    return Fact(
        id=f"E{number}", source=source, product=product, attribute=attribute, value=value, unit=unit, **given
    )


def market_fact(
    number: int, product: str, market: str, attribute: str, value: Any, unit: str | None = None, **more: Any
) -> MarketFact:
    given = {"as_of": day(11, 1), "valid_until": day(12, 31)} | more
    return MarketFact(
        id=f"E{number}",
        source=src("kb.toml", f'attribute = "{attribute}"'),
        source_class="C",
        product=product,
        markets=(market,),
        attribute=attribute,
        value=value,
        unit=unit,
        **given,
    )


REPORT = TestReport(
    id="E2",
    source=src("lamp/battery.pdf", "Report No. TL-2026-04", kind="test_report", page=1),
    source_class="A",
    product="lamp",
    models=("L-1",),
    number="TL-2026-04",
    lab=Body("Test Lab"),
    issued=day(5, 12),
    sample_quantity=1,
    results=(Result("Run time at 50 % light", "22.4", "h"),),
)
MEASURED = fact(
    3,
    "lamp",
    "battery",
    22.4,
    "h",
    models=("L-1",),
    condition="at 50 % light",
    basis="measured",
    report="E2",
    source_class="A",
    source=src(
        "lamp/battery.pdf", "Run time at 50 % light 22.4 h 24 h (declared)", kind="test_report", page=2
    ),
)
ITEMS: tuple[Evidence, ...] = (
    fact(1, "lamp", "battery", 24.0, "h", models=("L-1",), condition="at 50 % light"),
    REPORT,
    MEASURED,
    fact(5, "lamp", "battery", 18.0, "h", models=("L-2",), condition="at 50 % light"),
    fact(6, "lamp", "weight", 620.0, "g", models=("L-1",)),
    fact(7, "lamp", "weight", 780.0, "g", models=("L-2",)),
    fact(
        8,
        "lamp",
        "water",
        "IPX7",
        models=("L-1",),
        condition="1 m, 30 min, fresh water",
        basis="measured",
        report="E9",
        source_class="A",
        source=src(
            "lamp/ipx7.pdf", "Immersion, IPX7 1 m, 30 min, fresh water Pass", kind="test_report", page=2
        ),
    ),
    TestReport(
        id="E9",
        source=src("lamp/ipx7.pdf", "Report No. TL-2026-33", kind="test_report", page=1),
        source_class="A",
        product="lamp",
        models=("L-1",),
        number="TL-2026-33",
        lab=Body("Test Lab"),
        issued=day(5, 28),
        sample_quantity=2,
        statement="The samples meet IPX7.",
    ),
    Certificate(
        id="E11",
        source=src("lamp/doc.pdf", "DoC No. T-DOC-02", kind="certificate", page=1),
        source_class="B",
        product="lamp",
        models=("L-1",),
        scheme="CE",
        number="T-DOC-02",
        certificate_kind="self_declaration",
        issued=day(6, 3),
    ),
    Certificate(
        id="E13",
        source=src("bank/tisi.pdf", "Valid until 2026-10-18", kind="certificate", page=1),
        source_class="A",
        product="bank",
        models=("B-9",),
        scheme="TISI",
        number="9998-7/2879",
        issued=day(10, 19, 2023),
        valid_until=day(10, 18),
    ),
    Certificate(
        id="E14",
        source=src("bank/ul.pdf", "Model EX-50", kind="certificate", page=1),
        source_class="A",
        product="bank",
        models=("EX-50",),
        scheme="UL",
        number="MH000",
        component="cell",
        issued=day(8, 30, 2025),
    ),
    Certificate(
        id="E15",
        source=src("lamp/fcc.pdf", "FCC ID 2AXYZ-L2", kind="certificate", page=1),
        source_class="A",
        product="lamp",
        models=("L-2",),
        scheme="FCC",
        number="2AXYZ-L2",
        body=Body("Sample TCB"),
        issued=day(2, 2),
    ),
    Certificate(
        id="E16",
        source=src("cream/fda.pdf", "Registration does not denote approval.", kind="certificate", page=1),
        source_class="B",
        product="cream",
        scheme="FDA",
        number="EX-118",
        certificate_kind="registration",
        issued=day(1, 28),
        valid_until=day(1, 27, 2028),
    ),
    Passage(
        id="E17",
        source=src(
            "bank/manual.html", "Power banks of up to 100 Wh may be taken in carry-on baggage.", kind="manual"
        ),
        source_class="B",
        product="bank",
        models=("B-9",),
        attributes=("air_travel",),
        text="Power banks of up to 100 Wh may be taken in carry-on baggage. "
        "They are not allowed in checked baggage.",
    ),
    fact(18, "bank", "energy", 74.0, "Wh", models=("B-9",)),
    fact(19, "dryer", "voltage", (220.0, 240.0), "V", models=("D-220",)),
    Passage(
        id="E20",
        source=src(
            "dryer/manual.html", "Do not use this appliance near bathtubs, showers or basins.", kind="manual"
        ),
        source_class="B",
        product="dryer",
        models=("D-220",),
        warning=True,
        attributes=("safety", "water"),
        text="Do not use this appliance near bathtubs, showers or basins.",
    ),
    Passage(
        id="E21",
        source=src("cream/leaflet.docx", "During pregnancy ask a doctor before use.", kind="spec"),
        source_class="B",
        product="cream",
        warning=True,
        attributes=("pregnancy",),
        text="During pregnancy ask a doctor before use.",
    ),
    Passage(
        id="E22",
        source=src("lamp/faq.md", "No, it charges through USB-C.", kind="faq"),
        source_class="D",
        product="lamp",
        heading="Does it charge wirelessly?",
        text="No, it charges through USB-C.",
        attributes=("charging",),
    ),
    Review(
        id="E23",
        source=src("lamp/reviews.csv", "Luce bien.", kind="review", lang="es"),
        source_class="D",
        product="lamp",
        author="Ana M.",
        text="Luce bien.",
        consent=True,
        verified=True,
        incentive="free product",
    ),
    Review(
        id="E24",
        source=src("lamp/reviews.csv", "Best ever", kind="review"),
        source_class="D",
        product="lamp",
        author="Bo",
        text="Best ever",
        consent=False,
    ),
    Policy(
        id="E25",
        source=src("shop/shipping.html", "Brazil 12–18 working days", kind="policy"),
        source_class="C",
        markets=("BR",),
        attribute="shipping",
        text="Brazil 12–18 working days",
        value=(12.0, 18.0),
        unit="day",
        condition="working days",
    ),
    Policy(
        id="E26",
        source=src("shop/pay.html", "We take cards.", kind="policy"),
        source_class="C",
        attribute="payment",
        text="We take cards.",
    ),
    market_fact(30, "lamp", "DE", "price", 79.9, "EUR"),
    market_fact(31, "lamp", "US", "price", 89.9, "USD"),
    market_fact(32, "lamp", "JP", "price", 12800.0, "JPY", valid_until=day(11, 15)),
    market_fact(33, "lamp", "ES", "price", 74.9, "EUR"),
    market_fact(34, "lamp", "BR", "price", 549.0, "BRL"),
    market_fact(35, "lamp", "FR", "price", 79.9, "EUR"),
    market_fact(36, "dryer", "US", "ships", False),
    market_fact(37, "lamp", "DE", "ships", True),
    market_fact(38, "bank", "TH", "price", 1290.0, "THB"),
)


def ask(
    attribute: str | None = None,
    product: str | None = "lamp",
    market: str | None = "DE",
    *,
    text: str = "",
    lang: str = "en",
    intent: str = "",
    **more: Any,
) -> Question:
    """A resolved question, as understanding hands it on."""
    return Question(
        id="q1",
        text=text or (attribute or "?"),
        lang=lang,
        intent=intent or (f"question.{attribute}" if attribute else "question.other"),
        attributes=(attribute,) if attribute else (),
        products=(product,) if product else (),
        market=market,
        **more,
    )
