"""Products as viewers name them: side by side, misspelt, siblings, several; what a line asks with them."""

from __future__ import annotations

import pytest

from cohost.common.catalogue import Brand, Catalogue, Market, Product, Variant
from cohost.common.lexicon import Line, words_of
from cohost.common.question import Question
from cohost.understanding.names import Names
from cohost.understanding.turns import Asked, Turns

CATALOGUE = Catalogue(
    brand=Brand(name="Wren"),
    products=(
        Product("bud", "Wren Bud earbuds", ("WB-1",), ("Bud", "耳机基础版"), pinned=True),
        Product("bud-pro", "Wren Bud Pro earbuds", ("WB-1P",), ("耳机Pro",)),
        Product("jacket", "Wren Drizzle rain jacket", ("DJ-3",), ("veste", "Regenjacke")),
        Product("box", "Wren Box speaker", ("BX2", "BX2-PRO"), ("enceinte", "altavoz")),
        Product("serum", "Wren Dew serum", ("DW-30",), ("sérum",)),
    ),
    variants=(Variant("BX2", "box", ("DE", "FR")), Variant("BX2-PRO", "box", ("US",))),
    markets=(Market("DE", "de"), Market("FR", "fr"), Market("US", "en"), Market("CN", "zh")),
)
NAMES = Names(CATALOGUE)
TURNS = Turns(CATALOGUE)


def question(text: str, lang: str = "en", last: Question | None = None) -> Question:
    return TURNS.understand(Asked(text, lang, pinned="bud", last=last), id="q9").question


@pytest.mark.parametrize(
    ("text", "products"),
    [
        ("how much are the bud pro earbuds", ("bud-pro",)),
        ("the bud earbuds", ("bud",)),
        ("bud or bud pro?", ("bud", "bud-pro")),
        ("is the drizle jacket warm", ("jacket",)),
        ("drizzel?", ()),
        ("Bud Pro支持无线充电不", ("bud-pro",)),
        ("wie schwer ist die Regenjake", ("jacket",)),
    ],
)
def test_names_side_by_side_and_misspelt(text: str, products: tuple[str, ...]) -> None:
    assert NAMES.find(Line(text)).products == products


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("Ist die Creme vegan?", "body"), ("la crème est-elle vegan ?", "body"),
        ("¿la crema lleva alcohol?", "body"),
        ("このクリームの量は？", "body"), ("كم سعر الكريم؟", "body"), ("Сколько стоит крем?", "body"),
        ("الزولية تنغسل؟", "rug"), ("手で洗えますか、ラグ", "rug"), ("Can I vacuum the carpet?", "rug"),
        ("Gibt es den in creme?", "kettle"), ("สีครีมมีไหม", "kettle"), ("is it light", "kettle"),
    ],
)  # fmt: skip
def test_short_words_mean_the_only_product_of_their_kinds_and_no_colour(text: str, product: str) -> None:
    house = Catalogue(
        brand=Brand(name="Probe"),
        products=(
            Product("kettle", "Probe kettle", ("PK-1",), (), pinned=True),
            Product("body", "Rosa body cream", ("RB-2",), ()),
            Product("rug", "Probe Nomad rug", ("PN-3",), ()),
        ),
        variants=(), markets=(Market("DE", "de"),),
    )  # fmt: skip
    found = Names(house).find(Line(text), in_view="kettle").products
    assert (found or ("kettle",)) == (product,)


def test_words_of_two_scripts_are_two_words() -> None:
    assert [w.text for w in words_of("支持ldac吗")] == ["支持", "ldac", "吗"]
    assert [w.text for w in words_of("can't do")] == ["can", "t", "do"]


@pytest.mark.parametrize(
    ("text", "models"),
    [("bx2 or the pro, which is louder", ("BX2", "BX2-PRO")), ("the bx2 pro", ()), ("bx2?", ())],
)
def test_several_models_of_one_product(text: str, models: tuple[str, ...]) -> None:
    assert NAMES.find(Line(text), in_view="box").models == models


@pytest.mark.parametrize(
    ("text", "lang", "product"),
    [
        ("and the pro?", "en", "bud-pro"),
        ("und die normalen ohne pro?", "de", "bud"),
        ("那基础版呢", "zh", "bud"),
        ("et la garantie ?", "fr", "bud-pro"),
    ],
)
def test_a_sequel_speaks_of_the_product_before_or_of_its_sibling(text: str, lang: str, product: str) -> None:
    before = "bud" if "and the pro" in text else "bud-pro"
    last = Question(id="q1", text="", lang=lang, intent="question.battery", attributes=("battery",),
                    products=(before,), product_named=True)  # fmt: skip
    got = question(text, lang, last)
    assert got.product == product
    assert got.attributes[0] == ("warranty" if "garantie" in text else "battery")


def test_a_word_with_two_meanings_names_no_product_beside_another() -> None:
    assert question("enceinte je peux mettre le sérum ?", "fr").product == "serum"
    assert "pregnant" in question("enceinte je peux mettre le sérum ?", "fr").features
    assert question("elle est étanche l'enceinte ?", "fr").product == "box"


@pytest.mark.parametrize(
    ("text", "lang", "first", "also"),
    [
        ("battery life AND is it waterproof?", "en", "water", ("battery",)),
        ("precio y cuánto dura la batería?", "es", "battery", ("price",)),
        ("价格和重量", "zh", "weight", ("price",)),
        ("how long does the battery last and is it loud", "en", "battery", ()),
    ],
)
def test_two_attributes_in_one_line(text: str, lang: str, first: str, also: tuple[str, ...]) -> None:
    got = question(text, lang)
    assert (got.attributes[0], got.also) == (first, also)


@pytest.mark.parametrize(
    ("text", "lang", "wanted"),
    [
        ("soy nuevo, cuanto cuesta", "es", ()),
        ("ich plane eine reise, was kostet das", "de", ()),
        ("unterstützt das NFC", "de", ("nfc",)),
        ("支持LDAC吗", "zh", ("ldac",)),
        ("does it work with alexa", "en", ("alexa",)),
    ],
)
def test_a_feature_is_named_in_the_line_s_own_words_or_by_a_name_of_all_languages(
    text: str, lang: str, wanted: tuple[str, ...]
) -> None:
    assert question(text, lang).features == wanted


def test_a_scheme_decides_the_attribute_and_a_line_that_names_a_product_is_a_question() -> None:
    assert question("fcc id of the bud pro pls").attributes[0] == "certificates"
    assert question("la batería tiene certificación UL?", "es").attributes[0] == "certificates"
    understood = TURNS.understand(Asked("the serum texture", "en", pinned="bud"), id="q9")
    assert understood.triage.intent == "question"
    assert understood.triage.asks


def test_a_name_of_goods_is_no_wish_to_see_something() -> None:
    """ "montre" is a watch, and "show me": where the shop sells one, the watch."""
    watch = Catalogue(
        products=(Product("tick", "Wren Tick watch", ("WT-1",), ("reloj",)), CATALOGUE.products[2])
    )
    understood = Turns(watch).understand(Asked("la montre se synchronise avec strava ?", "fr"), id="q9")
    assert understood.triage.intent != "demo_request"
    assert understood.question.product == "tick"
    assert question("montre le dos", "fr").intent == "demo_request"
