"""Link numbers in eighteen languages, and what only looks like one."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.common.catalogue import Slot
from cohost.common.lexicon import read
from cohost.understanding.slots import slots_in

_spec = importlib.util.spec_from_file_location("understanding_shop", Path(__file__).parent / "shop.py")
assert _spec is not None
assert _spec.loader is not None
shop = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(shop)

ON_SALE = (Slot(1, "lamp"), Slot(3, "kettle"), Slot(12, "tent"))


def numbers(text: str, lang: str) -> list[int]:
    return [slot.number for slot in slots_in(read(text), lang)]


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("how much is link 3", "en", [3]),
        ("item number 12 waterproof?", "en", [12]),
        ("product no. 3 battery life", "en", [3]),
        ("#3 price?", "en", [3]),
        ("cuánto cuesta el link 3", "es", [3]),
        ("el artículo número 3 es resistente al agua?", "es", [3]),
        ("quanto custa o link 3", "pt", [3]),
        ("produto número 3 é bivolt?", "pt", [3]),
        ("le lien 3 c'est combien", "fr", [3]),
        ("article n° 3 étanche ?", "fr", [3]),
        ("was kostet link 3", "de", [3]),
        ("artikel nr. 3 wasserdicht?", "de", [3]),
        ("quanto costa il link 3", "it", [3]),
        ("ile kosztuje produkt nr 3", "pl", [3]),
        ("wat kost artikel 3", "nl", [3]),
        ("3 numaralı ürün ne kadar", "tr", [3]),
        ("link 3 ne kadar", "tr", [3]),
        ("сколько стоит товар номер 3", "ru", [3]),
        ("лот 12 сколько", "ru", [12]),
        ("كم سعر رقم ٣", "ar", [3]),
        ("رابط 3 بكم", "ar", [3]),
        ("लिंक 3 कितने का है", "hi", [3]),
        ("3 number wala kitne ka hai", "hi-Latn", [3]),
        ("รหัส 3 ราคาเท่าไหร่", "th", [3]),
        ("ตะกร้าที่ 3 กันน้ำไหม", "th", [3]),
        ("mã 3 giá bao nhiêu", "vi", [3]),
        ("ma so 3 bao nhieu", "vi", [3]),
        ("etalase 3 berapa kak", "id", [3]),
        ("kak spill nomor 3 dong", "id", [3]),
        ("3番の商品はいくらですか", "ja", [3]),
        ("商品番号3は防水？", "ja", [3]),
        ("3번 상품 얼마예요", "ko", [3]),
        ("링크 3 방수 되나요", "ko", [3]),
        ("3号链接多少钱", "zh", [3]),
        ("三号链接防水吗", "zh", [3]),
        ("十二号商品能用多久", "zh", [12]),
        ("链接3怎么卖", "zh", [3]),
        ("link 3 or link 12?", "en", [3, 12]),
    ],
)
def test_a_link_number_is_found(text: str, lang: str, expected: list[int]) -> None:
    assert numbers(text, lang) == expected


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("does the product weigh 3 kg", "en"),
        ("product 3 kg?", "en"),
        ("link 3.5 or what", "en"),
        ("the link 100% works", "en"),
        ("size 3 please", "en"),
        ("3 items left?", "en"),
        ("I bought 3 of this product", "en"),
        ("3号能发货吗", "zh"),
        ("3个链接", "zh"),
        ("3번 샀어요", "ko"),
        ("1番好き", "ja"),
        ("rx3 battery", "en"),
        ("call me at 0151 234 567", "en"),
        ("#blackfriday2026", "en"),
        ("order no. 20261127", "en"),
    ],
)
def test_what_only_looks_like_one(text: str, lang: str) -> None:
    assert numbers(text, lang) == []


def test_the_number_names_the_product_on_sale_under_it() -> None:
    question = shop.understand("3号链接多少钱", "zh", rundown=ON_SALE).question
    assert (question.product, question.product_named, question.intent) == ("kettle", True, "question.price")


def test_a_number_nothing_is_sold_under_is_no_question_about_the_product_in_view() -> None:
    question = shop.understand("link 7 how long does the battery last?", "en", rundown=ON_SALE).question
    assert (question.product, question.attributes[0]) == (None, "battery")


def test_a_name_says_more_than_a_number() -> None:
    question = shop.understand("link 3, the tent, how heavy?", "en", rundown=ON_SALE).question
    assert question.product == "tent"


def test_a_bare_hash_counts_only_where_the_rundown_has_it() -> None:
    assert shop.understand("#3 how much?", "en", rundown=ON_SALE).question.product == "kettle"
    assert shop.understand("#9 how much?", "en", rundown=ON_SALE).question.product == "lamp"  # in view


def test_two_numbers_name_two_products() -> None:
    question = shop.understand("link 3 or link 12, which is lighter?", "en", rundown=ON_SALE).question
    assert question.products == ("kettle", "tent")


def test_the_number_is_no_quantity_and_no_size() -> None:
    question = shop.understand("link 3 does it fit?", "en", rundown=ON_SALE).question
    assert question.quantities == ()
    assert question.sizing is None or not question.sizing.named


def test_and_link_three_goes_on_from_the_question_before() -> None:
    first = shop.understand("how much is the lamp?", "en").question
    then = shop.understand("and link 3?", "en", rundown=ON_SALE, last=first).question
    assert (then.product, then.intent) == ("kettle", "question.price")


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    for slot in slots_in(read(text), "und"):
        assert 1 <= slot.number <= 999
        assert 0 <= slot.start < slot.end
