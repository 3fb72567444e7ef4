"""Terms that no translator may touch: taken out, put back, and missed where a mark is lost."""

from __future__ import annotations

from cohost.common.catalogue import Brand, Catalogue, Product, Variant
from cohost.trust.kept import Masked, mask, names_of, terms_between, unmask

CATALOGUE = Catalogue(
    brand=Brand(name="Lumen Tide"),
    products=(Product(id="wave", name="Wave speaker", models=("WV-1",), aliases=("Wave", "音箱", "Box")),),
    variants=(Variant(model="WV-1X", product="wave"),),
)


def test_names_are_the_catalogues_longest_first() -> None:
    assert names_of(CATALOGUE) == ("Wave speaker", "Lumen Tide", "WV-1X", "WV-1", "Wave")


def test_links_standards_codes_and_names_become_marks_and_come_back() -> None:
    text = "Lumen Tide的WV-1符合EN 55032、IPX7，见https://shop.example/w?a=1"
    masked = mask(text, names_of(CATALOGUE))
    assert masked.text == "XQ1的XQ2符合XQ3、XQ4，见XQ5"
    assert unmask(masked.text, masked) == text
    assert unmask("XQ5: XQ 2 by xq1, XQ3, XQ4", masked) == (
        "https://shop.example/w?a=1: WV-1 by Lumen Tide, EN 55032, IPX7"
    )


def test_a_mark_that_is_lost_or_doubled_shows() -> None:
    masked = mask("WV-1 and WV-1X", names_of(CATALOGUE))
    assert masked == Masked("XQ1 and XQ2", ("WV-1", "WV-1X"))
    assert unmask("XQ1 y", masked) is None
    assert unmask("XQ1 XQ2 XQ2", masked) is None
    assert unmask("hola", mask("hello")) == "hola"


def test_a_term_of_the_glossary_is_said_as_the_house_says_it() -> None:
    glossary = [{"zh": "海牛", "en": "Manatee", "es": "Manatí"}, {"zh": "仅中文"}]
    assert terms_between(glossary, "zh-CN", "es") == {"海牛": "Manatí"}
    masked = mask("海牛很轻", (), terms_between(glossary, "zh", "es"))
    assert unmask("El XQ1 es ligero", masked) == "El Manatí es ligero"


def test_figures_with_units_stay_for_the_grammar() -> None:
    assert mask("412 g, 24h, 5V, 59.90 EUR").terms == ()


def test_a_line_has_nine_marks_at_most() -> None:
    masked = mask(" ".join(f"AB-{n}" for n in range(20)))
    assert len(masked.terms) == 9
    assert unmask(masked.text, masked) == " ".join(f"AB-{n}" for n in range(20))
