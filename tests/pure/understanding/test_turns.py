"""From a line to a question: products, models, markets, attributes, follow-ups."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohost.understanding.attributes import settle_attributes

_spec = importlib.util.spec_from_file_location("understanding_shop", Path(__file__).parent / "shop.py")
assert _spec is not None
assert _spec.loader is not None
shop = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = shop
_spec.loader.exec_module(shop)
understand = shop.understand


@pytest.mark.parametrize(
    ("text", "lang", "product", "named"),
    [
        ("is it waterproof?", "en", "lamp", False),
        ("is the travel kettle waterproof?", "en", "kettle", True),
        ("how heavy is the tent", "en", "tent", True),
        ("are the tents heavy", "en", "tent", True),
        ("水壶多重", "zh", "kettle", True),
        ("ランプは防水ですか", "ja", "lamp", True),
        ("сколько весит лампу", "ru", "lamp", True),
        ("the KT15 how much?", "en", "kettle", True),
    ],
)
def test_the_product_is_the_one_named_else_the_one_in_view(
    text: str, lang: str, product: str, named: bool
) -> None:
    question = understand(text, lang).question
    assert (question.product, question.product_named) == (product, named)


@pytest.mark.parametrize(
    ("text", "lang", "intent"),
    [
        ("quanto cossssta", "it", "question.price"),
        ("quuuuedan todavia?", "es", "question.stock"),
        ("how heaaaavy is it", "en", "question.weight"),
    ],
)
def test_letters_drawn_out_leave_the_question_what_it_is(text: str, lang: str, intent: str) -> None:
    assert understand(text, lang).question.intent == intent


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Wie lange braucht der, um einen Liter zu kochen?", "de"),
        ("how long does it take to boil one litre", "en"),
        ("bir litreyi kaç dakikada kaynatır", "tr"), ("烧一升水要几分钟", "zh"),
    ],
)  # fmt: skip
def test_who_asks_how_long_it_takes_asks_for_no_capacity(text: str, lang: str) -> None:
    assert "capacity" not in understand(text, lang).question.attributes


@pytest.mark.parametrize(
    ("text", "lang", "intent"),
    [
        ("¿de qué material es por dentro?", "es", "question.material"),
        ("muéstranos por dentro por favor", "es", "demo_request"),
        ("can you show the inside please", "en", "demo_request"),
        ("Kremin pH değeri kaç?", "tr", "question.other"), ("bu kaça", "tr", "question.price"),
        ("Welche Norm erfüllt er?", "de", "question.certificates"),
    ],
)  # fmt: skip
def test_words_beside_the_question_do_not_change_what_it_asks(text: str, lang: str, intent: str) -> None:
    assert understand(text, lang).question.intent == intent


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("is the gl2 pro waterproof", "GL2-PRO"),
        ("GL2-PRO?", "GL2-PRO"),
        ("gl2pro battery", "GL2-PRO"),
        ("GL2 battery", "GL2"),
        ("is the pro waterproof", "GL2-PRO"),
        ("is the GL3 waterproof", "GL3"),
        ("is the GL2 max waterproof", "GL2 MAX"),
        ("is the kettle pro waterproof", "KETTLE PRO"),
        ("is it a pro kettle", None),
        ("is it waterproof", None),
        ("is it IPX7", None),
    ],
)
def test_a_model_is_exact_or_stays_as_typed(text: str, model: str | None) -> None:
    assert understand(text).question.model == model


def test_portuguese_pro_before_a_country_is_no_model() -> None:
    assert understand("manda pro Brasil?", "pt").question.model is None
    assert understand("o pro é à prova d'água?", "pt").question.model == "GL2-PRO"


@pytest.mark.parametrize(
    ("text", "lang", "market"),
    [
        ("do you ship to Brazil?", "en", "BR"),
        ("hacen envíos a España?", "es", "ES"),
        ("Versand nach Österreich?", "de", "AT"),
        ("livraison en Belgique c combien", "fr", "BE"),
        ("寄到新加坡多少钱", "zh", "SG"),
        ("доставка в Казахстан есть?", "ru", "KZ"),
        ("wysyłka do Niemiec ile", "pl", "DE"),
        ("almanya'ya kargo var mı", "tr", "DE"),
        ("يوصل للكويت؟", "ar", "KW"),
        ("ส่งไปญี่ปุ่นได้ไหม", "th", "JP"),
        ("일본 배송 되나요", "ko", "JP"),
        ("日本に送れますか", "ja", "JP"),
        ("spedite in svizzera?", "it", "CH"),
        ("leveren jullie in belgië?", "nl", "BE"),
        ("entrega em Portugal?", "pt", "PT"),
        ("giao về Mỹ được không", "vi", "US"),
        ("bisa kirim ke malaysia?", "id", "MY"),
        ("क्या भारत में मिलेगा", "hi", "IN"),
        ("does it come with a us plug?", "en", "US"),
        ("price in the UK?", "en", "GB"),
        ("I'm from France, how much", "en", "FR"),
    ],
)
def test_the_market_is_the_country_named(text: str, lang: str, market: str) -> None:
    question = understand(text, lang).question
    assert (question.market, question.market_named) == (market, True)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("is it made in China?", "en"),
        ("中国制造吗", "zh"),
        ("日本製ですか", "ja"),
        ("est-ce fabriqué en Chine ?", "fr"),
        ("is it a chinese brand?", "en"),
        ("ship it to us please", "en"),
        ("is turkey meat ok in it", "en"),
        ("HOW LONG IS IT IN STOCK", "en"),
        ("cuánto cuesta?", "es"),
        ("いくらですか", "ja"),
    ],
)
def test_an_origin_a_word_or_a_language_is_no_market(text: str, lang: str) -> None:
    question = understand(text, lang).question
    assert (question.market, question.market_named) == (None, False)


def test_the_market_of_the_message_counts_until_another_is_named() -> None:
    assert understand("how much?", market="FR").question.market == "FR"
    assert understand("how much in Japan?", market="FR").question.market == "JP"


@pytest.mark.parametrize(
    ("text", "lang", "product", "model", "market"),
    [
        ("and in the US?", "en", "lamp", None, "US"),
        ("und in Österreich?", "de", "lamp", None, "AT"),
        ("y en México?", "es", "lamp", None, "MX"),
        ("那日本呢", "zh", "lamp", None, "JP"),
        ("y la pro?", "es", "lamp", "GL2-PRO", "DE"),
        ("what about the tent?", "en", "tent", None, "DE"),
        ("the kettle?", "en", "kettle", None, "DE"),
    ],
)
def test_a_follow_up_takes_what_it_does_not_say_from_the_last_question(
    text: str, lang: str, product: str, model: str | None, market: str
) -> None:
    last = understand("how much is the lamp in Germany?").question
    assert last.intent == "question.price"
    found = understand(text, lang, last=last)
    assert found.question.intent == "question.price"
    assert (found.question.product, found.question.model, found.question.market) == (product, model, market)


def test_a_question_of_its_own_does_not_lean_on_the_last_one() -> None:
    last = understand("how much is the kettle in Germany?").question
    found = understand("is it waterproof?", last=last).question
    assert (found.intent, found.product, found.market) == ("question.water", "lamp", None)


def test_schemes_quantities_and_features_are_kept() -> None:
    assert understand("is it FDA approved").question.schemes == ("FDA",)
    assert understand("is it FDA approved").question.intent == "question.certificates"
    assert [(q.value, q.unit) for q in understand("does it work on 110 V").question.quantities] == [
        (110.0, "V")
    ]
    assert "swim" in understand("can i swim with it").question.features
    assert "IPX8" in understand("is it ipx8?").question.features


@pytest.mark.parametrize(
    "text", ["do you like pineapple on pizza?", "will you be live tomorrow?", "can you sing?"]
)
def test_what_no_attribute_covers_is_question_other(text: str) -> None:
    question = understand(text).question
    assert (question.intent, question.attributes) == ("question.other", ())


def test_words_and_meaning_lift_each_other_and_doubt_loses() -> None:
    assert settle_attributes([("noise", 0.4)], [("noise", 0.6)])[0] == ("noise",)
    assert settle_attributes([], [("shipping", 0.6)])[0] == ("shipping",)
    assert settle_attributes([], [("shipping", 0.1)])[0] == ()
    assert settle_attributes([("temperature", 0.72)], [("stock", 0.05)])[0] == ()
    assert settle_attributes([("price", 0.9), ("shipping", 0.85), ("size", 0.5)], [])[0] == (
        "price",
        "shipping",
    )


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=100), st.sampled_from(["en", "ja", "und", "hi-Latn", "xx", "th"]))
def test_never_raises_on_any_text(text: str, lang: str) -> None:
    question = understand(text, lang).question
    assert question.product == "lamp" or question.product_named
    assert question.market is None or question.market_named


@pytest.mark.parametrize(
    ("text", "lang", "attribute"),
    [
        ("Versandkosten nach Österreich?", "de", "shipping_cost"),
        ("ile trwa wysyłka do Polski", "pl", "shipping"),
        ("how long does shipping to Brazil take", "en", "shipping"),
        ("do you ship to Germany?", "en", "ships"),
        ("liefert ihr nach Österreich?", "de", "ships"),
    ],
)
def test_a_place_alone_does_not_make_it_a_question_whether_we_ship_there(
    text: str, lang: str, attribute: str
) -> None:
    assert understand(text, lang).question.attributes[0] == attribute


@pytest.mark.parametrize(
    ("text", "lang", "price"),
    [
        ("how much caffeine does it have?", "en", False),
        ("how much is it", "en", True),
        ("how much for two", "en", True),
        ("how much the black one", "en", True),
        ("wie viel kostet der", "de", True),
        ("cuánto vale el rojo", "es", True),
    ],
)
def test_a_thing_behind_how_much_is_doubtfully_the_price(text: str, lang: str, price: bool) -> None:
    found = dict(shop.TURNS.lexical(text, lang))
    assert (found.get("price", 0.0) >= 0.8) is price
