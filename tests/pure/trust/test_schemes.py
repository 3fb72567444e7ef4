"""Schemes: named in any language, counted where they count, spoken of with the right verb."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.trust import schemes as law
from cohost.trust.evidence import Body, Certificate, Source

SOURCE = Source(document="c.pdf", quote="Certificate")


def paper(scheme: str, kind: str, number: str | None = None, body: Body | None = None) -> Certificate:
    return Certificate(
        id="E1",
        source=SOURCE,
        source_class="A",
        scheme=scheme,
        certificate_kind=kind,
        number=number,
        body=body,
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("CE证书有吗?", ("CE",)),
        ("hat das ein CE Zertifikat", ("CE",)),
        ("tem ce?", ("CE",)),
        ("ce produit est-il étanche ?", ()),
        ("CE PRODUIT EST BEAU", ()),
        ("qu'est-ce ?", ()),
        ("มี มอก ไหม", ("TISI",)),
        ("selo inmetro?", ("INMETRO",)),
        ("技適マークありますか", ("TELEC",)),
        ("PSEマーク", ("PSE",)),
        ("كيف شهادة سابر؟", ("SABER",)),
        ("kc인증 있나요", ("KC",)),
        ("is it ce or fcc", ("CE", "FCC")),
        ("bis wann geliefert?", ()),
        ("BIS certified?", ("BIS",)),
        ("防水等级是IPX7吗", ("IP",)),
        ("Does it have Bluetooth?", ()),
        ("Bluetooth certified?", ("BLUETOOTH",)),
        ("power bank UN 38.3", ("UN38.3",)),
        ("Is it FDA approved?", ("FDA",)),
        ("เครื่องสำอางมี อย. ไหม", ("THFDA",)),
        ("reach me at home", ()),
        ("oeko tex zertifiziert?", ("OEKO-TEX",)),
        ("อยากได้", ()),
        ("сертификат ЕАС есть?", ("EAC",)),
        ("tem selo da Anatel?", ("ANATEL",)),
    ],
)
def test_schemes_are_found_as_viewers_name_them(text, wanted):
    assert law.find_schemes(text) == wanted


@given(st.text(max_size=120))
def test_spans_lie_in_the_text_and_never_raise(text):
    for scheme, start, end in law.find_spans(text):
        assert scheme in law.schemes()
        assert start < end


@pytest.mark.parametrize(
    ("scheme", "market", "counts"),
    [
        ("CE", "DE", True),
        ("CE", "GB", True),
        ("CE", "US", False),
        ("CE", "JP", False),
        ("CE", "BR", False),
        ("UKCA", "DE", False),
        ("FCC", "US", True),
        ("FCC", "DE", False),
        ("PSE", "JP", True),
        ("UN38.3", "BR", True),
        ("CE", None, True),
        ("unheard of", "DE", True),
    ],
)
def test_a_scheme_counts_only_in_its_markets(scheme, market, counts):
    assert law.counts_in(scheme, market) is counts


def test_ce_answers_for_ukca_in_great_britain_only():
    assert law.answers_for("CE", "UKCA", "GB")
    assert not law.answers_for("CE", "UKCA", "DE")
    assert not law.answers_for("CE", "FCC", "US")


@pytest.mark.parametrize(
    ("item", "first"),
    [
        (paper("CE", "self_declaration"), "declared"),
        (paper("CE", "third_party", body=Body("Lab X")), "tested"),
        (paper("CE", "third_party", body=Body("Body", "0123")), "examined"),
        (paper("FDA", "registration", "3001234567"), "registered"),
        (paper("FDA", "registration", "K123456"), "cleared"),
        (paper("FDA", "registration", "P123456"), "approved"),
        (paper("FCC", "self_declaration"), "declared"),
        (paper("FCC", "third_party"), "certified"),
        (paper("ISO9001", "third_party"), "system_certified"),
        (paper("UN38.3", "third_party"), "tested"),
        (paper("BLUETOOTH", "listing"), "listed"),
    ],
)
def test_the_verb_comes_from_scheme_kind_and_issuer(item, first):
    assert law.verbs(item)[0] == first


def test_every_row_names_its_source_and_known_groups():
    known = set(law.groups())
    for row in law.schemes().values():
        assert row.source
        assert row.kinds
        assert all(m == "*" or m in known or re.fullmatch("[A-Z]{2}", m) for m in row.markets), row.id
        assert set(row.goods) | set(row.never) <= {*law.goods_table(), "ppe", "machine", "food"}, row.id


@pytest.mark.parametrize(
    ("scheme", "number", "fits"),
    [
        ("ANATEL", "99123-26-99999", True),
        ("ANATEL", "ABC", False),
        ("TELEC", "999-260118", True),
        ("CE", "anything", True),
        ("TISI", "(2)9998-7/2879", True),
        ("FCC", "2ZZZZ-RX2PRO", True),
        ("CCC", "123", False),
    ],
)
def test_a_number_is_compared_with_its_schemes_form(scheme, number, fits):
    assert law.number_fits(scheme, number) is fits
