"""Masking: personal data goes before anything is stored, product data stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.common.personal import KINDS, mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("call me at +49 170 1234567", "call me at [phone]"),
        ("llámame al 612 345 678", "llámame al [phone]"),
        ("me liga (11) 98765-4321", "me liga [phone]"),
        ("我的电话13812345678", "我的电话[phone]"),
        ("no hp 0812-3456-7890 kak", "no hp [phone] kak"),
        ("010-1234-5678 연락주세요", "[phone] 연락주세요"),
        ("mine is jo.doe+x@mail.example.com ok", "mine is [email] ok"),
        ("ana (at) correo.es", "[email]"),
        ("card 4111 1111 1111 1111", "card [card]"),
        ("DE89 3704 0044 0532 0130 00", "[iban]"),
        ("vivo en calle Mayor 12", "vivo en [address]"),
        ("ich wohne Musterstraße 12", "ich wohne [address]"),
        ("j'habite 12 rue de la Paix", "j'habite [address]"),
        ("abito in via Garibaldi 5", "abito in [address]"),
        ("朝阳区建国路88号", "[address]"),
        ("서울시 강남구 테헤란로 123", "[address]"),
        ("Jl. Sudirman No. 5", "[address]"),
        ("微信号 abc12345", "微信号 [handle]"),
    ],
)
def test_personal_data_is_masked(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("order no 123-4567890-1234567 where is it", "order no …4567 where is it"),
        ("订单号 20261120123456 还没到", "订单号 …3456 还没到"),
        ("Bestellnummer 40028123", "Bestellnummer …8123"),
    ],
)
def test_of_an_order_number_the_end_stays_so_that_a_person_can_help(text: str, masked: str) -> None:
    assert mask(text) == (masked, ("order",))


@pytest.mark.parametrize(
    "text",
    [
        "is it really 20000mAh", "RX2 or RX2-PRO", "valid until 2026-11-20", "report SZ-2024-118",
        "certificate no 04042-26-12345", "1.299.000 đ", "price 1 000 000 000", "3号链接", "24 h at 50 %",
        "Rp 150000000", "220-240 V", "EN 62368-1:2020", "barcode 6901234567892", "500000 units sold",
        "ISO 9001:2015", "via USB 3.0", "40 x 30 x 20 cm", "1m55 45kg size?", "14 days", "the car drive 5",
        "os preços 5", "in place 3 of 4", "10.000 mAh x 2", "iphone 15 pro 256", "#12345",
    ],
)  # fmt: skip
def test_product_data_is_left_alone(text: str) -> None:
    assert mask(text) == (text, ())


@given(st.text(max_size=200) | st.text(alphabet="0123456789 -+().@:aeß号路", max_size=80))
def test_never_raises_and_masking_twice_changes_nothing_more(text: str) -> None:
    found = mask(text)
    assert set(found.kinds) <= set(KINDS)
    assert mask(found.text).text == mask(mask(found.text).text).text
    assert bool(found.kinds) == (found.text != text)
