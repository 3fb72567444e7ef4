"""kb.toml: what is accepted, and that every error names its line and what was expected."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cohost.errors import KnowledgeError
from cohost.knowledge.documents import fold
from cohost.knowledge.kbtoml import KbToml, load, parse
from cohost.knowledge.verify import quote_stands
from cohost.trust.evidence import Fact, MarketFact

GOOD = """
[brand]
name = "Probe"
host_lang = "zh"

[[product]]
id = "lamp"          # a comment with "quotes" and [[fact]]
name = "Probe lamp"
models = ["PL-7", "PL-8"]
pinned = true

[[variant]]
model = "PL-7"
product = "lamp"
markets = ["DE"]

[[market]]
code = "DE"
lang = "de"
currency = "EUR"
scheme = ["CE"]

[[fact]]
product = "lamp"
market = "DE"
attribute = "price"
value = 45.5
as_of = 2026-01-02

[[fact]]
product = "lamp"
attribute = "weight"
value = [300, 320]
unit = "g"

[[document]]
path = "spec.md"
kind = "spec"
product = "lamp"
approved_by = "Li Wei"
approved_on = 2026-01-05
"""


def kb(text: str) -> KbToml:
    return parse(text.encode())


def error(text: str) -> str:
    with pytest.raises(KnowledgeError) as raised:
        kb(text)
    return str(raised.value)


def test_a_complete_file_becomes_catalogue_facts_and_notes() -> None:
    got = kb(GOOD)
    assert got.catalogue.brand.host_lang == "zh"
    assert got.catalogue.pinned() == got.catalogue.product("lamp")
    assert got.catalogue.variant_in("lamp", "DE") is not None
    note = got.documents[0]
    assert (note.path, note.kind, note.approved_on) == ("spec.md", "spec", dt.date(2026, 1, 5))
    assert got.problems == ()


def test_a_fact_with_a_market_is_a_market_fact_of_the_shop_and_takes_the_market_s_currency() -> None:
    price = kb(GOOD).facts[0]
    assert isinstance(price, MarketFact)
    assert (price.value, price.unit, price.markets, price.source_class) == (45.5, "EUR", ("DE",), "C")
    assert price.as_of == dt.date(2026, 1, 2)


def test_a_fact_of_the_product_is_the_maker_s_word_set_by_hand() -> None:
    weight = kb(GOOD).facts[1]
    assert isinstance(weight, Fact)
    assert (weight.value, weight.unit, weight.basis, weight.source_class) == ((300.0, 320.0), "g", "set", "B")


def test_a_fact_quotes_the_lines_it_stands_on(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text(GOOD)
    for fact in load(tmp_path).facts:
        assert fold(fact.source.quote) in fold(GOOD)
        assert len(fact.source.quote) <= 300
        assert quote_stands(tmp_path, fact.source) is True


def test_a_long_fact_quotes_its_value() -> None:
    text = '[[fact]]\nattribute = "returns"\ncondition = "' + "x" * 400 + '"\nvalue = "30 days"\n'
    assert kb(text).facts[0].source.quote == 'value = "30 days"'


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[brnad]\nname = 'a'", 1, ["[brnad]", 'did you mean "brand"']),
        ('[brand]\nname = "a"\n\nhost_langg = "zh"', 4, ["host_langg", '"host_lang"']),
        ('[[product]]\nid = "a"\nname = "A"\n[[product]]\nid = "a"\nname = "B"', 5, ["again", "line 1"]),
        ('[product]\nid = "a"', 1, ["[product]", "[[product]]"]),
        ('[[brand]]\nname = "a"', 1, ["[brand], once"]),
        ('[[product]]\nname = "A"', 1, ["without id"]),
        ('[[fact]]\nattribute = "prise"\nvalue = 3', 2, ['"prise"', '"price"']),
        ('[[fact]]\nattribute = "battery"\nvalue = 3', 3, ["without unit", '"h"']),
        ('[[fact]]\nattribute = "weight"\nvalue = [5, 3]\nunit = "g"', 3, ["lower figure first"]),
        ('[[fact]]\nattribute = "price"\nvalue = "cheap"\nunit = "EUR"', 3, ["an amount"]),
        ('[[fact]]\nattribute = "price"\nvalue = 5', 1, ["ISO 4217"]),
        ('[[fact]]\nattribute = "stock"\nvalue = 1.5', 3, ["whole number"]),
        ('[[fact]]\nattribute = "ships"\nvalue = 1', 3, ["true or false"]),
        ('[[fact]]\nattribute = "returns"\nvalue = "x"\nas_of = "2026-01-01"', 4, ["date without quotes"]),
        (
            '[[fact]]\nattribute = "returns"\nvalue = "x"\nas_of = 2026-02-01\nvalid_until = 2026-01-01',
            5,
            ["from as_of"],
        ),
        ('[[fact]]\nproduct = "lamb"\nattribute = "color"\nvalue = "red"', 2, ['unknown product "lamb"']),
        ('[[market]]\ncode = "UK"', 2, ['did you mean "GB"']),
        ('[[market]]\ncode = "de"', 2, ['did you mean "DE"']),
        ('[[market]]\ncode = "DE"\ncurrency = "EURO"', 3, ['"EUR"']),
        ('[[market]]\ncode = "DE"\nlang = "German"', 3, ["language tag"]),
        ('[[market]]\ncode = "DE"\naddress = "polite"', 3, ['"formal", "informal"']),
        (
            '[[market]]\ncode = "DE"\n[[fact]]\nmarket = "FR"\nattribute = "ships"\nvalue = true',
            4,
            ['unknown market "FR"', "DE"],
        ),
        ('[[variant]]\nmodel = "X"\nproduct = "y"', 3, ['unknown product "y"']),
        ('[[document]]\npath = "../secret.pdf"', 2, ["inside the folder"]),
        ('[[document]]\npath = "a.pdf"\nkind = "certificat"', 3, ['did you mean "certificate"']),
        ('[[platform]]\nname = "room"\nstream_delay_s = -1', 3, ["0 to 600"]),
        ('[[rundown]]\nproduct = "mug"', 2, ['unknown product "mug"']),
        ("[[rundown]]\nnumber = 3", 1, ["without product"]),
        (
            '[[product]]\nid = "a"\nname = "A"\n'
            '[[rundown]]\nproduct = "a"\n[[rundown]]\nproduct = "a"\nnumber = 1',
            8,
            ["link number 1 again", "line 4"],
        ),
        (
            '[[product]]\nid = "a"\nname = "A"\n[[rundown]]\nproduct = "a"\nnumber = 0',
            6,
            ["whole number from 1"],
        ),
        ('[brand]\nname = """\n[[fact]]\n"""\nnmae = 1', 5, ['"nmae"']),
        ("[brand]\nname = ", 2, ["broken TOML"]),
        ('[brand]\nname = "a"\n[brand]\n', 3, ["broken TOML"]),
        ("product = 3", 1, ["[[product]]"]),
    ],
)
def test_an_error_names_its_line_and_what_was_expected(text: str, line: int, words: list[str]) -> None:
    said = error(text)
    assert said.startswith(f"kb.toml:{line}: got "), said
    assert "expected" in said
    assert all(word in said for word in words), said


def test_link_numbers_count_on_from_the_one_before() -> None:
    row = '[[rundown]]\nproduct = "a"\n'
    text = f'[[product]]\nid = "a"\nname = "A"\n{row}{row}number = 7\n{row}'
    assert [slot.number for slot in kb(text).catalogue.rundown] == [1, 7, 8]


def test_bytes_that_are_no_utf8_name_their_line() -> None:
    with pytest.raises(KnowledgeError, match=r"^kb\.toml:2: got bytes"):
        parse('[brand]\nname = "Größe"'.encode("cp1252"))


def test_what_only_may_be_wrong_is_a_warning() -> None:
    got = kb(
        '[[product]]\nid = "a"\nname = "A"\nmodels = ["M1"]\n[[variant]]\nmodel = "M2"\nproduct = "a"\n'
        '[[market]]\ncode = "JP"\ncurrency = "JPY"\nscheme = ["PSEE"]\n'
        '[[fact]]\nproduct = "a"\nmarket = "JP"\nattribute = "price"\nvalue = 9\nunit = "USD"\n'
    )
    assert [p.code for p in got.problems] == ["unknown_scheme", "unknown_model", "currency"]
    assert all(p.severity == "warning" and p.message.startswith("line ") for p in got.problems)


def test_no_kb_toml_is_one_nameless_brand_and_a_warning(tmp_path: Path) -> None:
    got = load(tmp_path)
    assert got.catalogue.products == ()
    assert [p.severity for p in got.problems] == ["warning"]


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as raised:
        load(tmp_path / "nowhere")
    assert "\n" not in str(raised.value)
