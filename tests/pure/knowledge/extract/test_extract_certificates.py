"""Certificates of many schemes and languages: kind, body, coverage, end, and what is odd about them."""

from __future__ import annotations

import datetime as dt

import pytest

from cohost.common.catalogue import Brand, Catalogue, Product
from cohost.trust.evidence import Certificate, covers_model
from tests.pure.knowledge.extract.made_documents import KETTLE, SHOP, certificate, extracted, of

ON = dt.date(2026, 11, 20)
HELMETS = Catalogue(
    brand=Brand(name="Kappe", legal_name="Kappe Beispiel AG"),
    products=(
        Product("helmet", "City helmet", ("HC-20",), ("casque", "Helm", "casco")),
        Product("buds", "Dot earbuds", ("DT-1", "DT-1P"), ("earbuds",)),
        Product("robot", "Wisch robot", ("WR-6",), ("robot",)),
    ),
)


def papers(text: str, catalogue: Catalogue = HELMETS, **more: object) -> list[Certificate]:
    return of(extracted(text, catalogue, **more).items, Certificate)


TYPE_EXAMINATIONS = {
    "fr": """Institut Fictif du Casque (IFC)
        Organisme notifié n° 9917 – 1, rue de Nulle-Part
        # ATTESTATION D'EXAMEN UE DE TYPE
        N° IFC-24-0388
        Délivrée selon le règlement (UE) 2016/425, annexe V (module B).
        | Désignation / modèle | City, modèle HC-20 |
        | Norme appliquée | EN 1078:2012+A1:2012 |
        | Date de délivrance | 15/05/2024 |
        | Valable jusqu'au | 14/05/2029 |""",
    "de": """Prüfinstitut Erfunden GmbH
        # EU-Baumusterprüfbescheinigung
        Bescheinigung Nr. PE-24-0388
        nach Verordnung (EU) 2016/425, Modul B
        | Modell | HC-20 |
        | Normen | EN 1078:2012+A1:2012 |
        | Benannte Stelle | Prüfinstitut Erfunden GmbH, Nr. 9917 |
        | Ausgestellt am | 15.05.2024 |
        | Gültig bis | 14.05.2029 |""",
    "it": """Istituto Inventato di Prova
        # ATTESTATO DI ESAME UE DEL TIPO
        Organismo notificato n. 9917
        | Numero | IP-24-0388 |
        | Modello | HC-20 |
        | Norma | EN 1078:2012+A1:2012 |
        | Data di emissione | 15/05/2024 |
        | Valido fino al | 14/05/2029 |""",
    "pl": """Instytut Zmyślony Badań
        # CERTYFIKAT BADANIA TYPU UE
        Jednostka notyfikowana nr 9917
        | Numer certyfikatu | IZ-24-0388 |
        | Model | HC-20 |
        | Norma | EN 1078:2012+A1:2012 |
        | Data wydania | 15.05.2024 |
        | Ważny do | 14.05.2029 |""",
}


@pytest.mark.parametrize("lang", TYPE_EXAMINATIONS)
def test_a_type_examination_by_a_notified_body_is_held_with_body_and_standard(lang: str) -> None:
    got = extracted(TYPE_EXAMINATIONS[lang], HELMETS, on=ON)
    paper = certificate(got.items)
    assert (paper.scheme, paper.certificate_kind, paper.status) == ("CE", "third_party", "held")
    assert paper.product == "helmet"
    assert paper.models == ("HC-20",)
    assert paper.body is not None
    assert paper.body.number == "9917"
    assert len(paper.body.name) > 8
    assert [(s.id, s.edition) for s in paper.standards] == [("EN 1078", "2012+A1:2012")]
    assert (paper.issued, paper.valid_until) == (dt.date(2024, 5, 15), dt.date(2029, 5, 14))
    assert [p.code for p in got.problems if p.code in ("unknown_scheme", "unofficial_certificate")] == []


def test_under_the_low_voltage_directive_no_body_is_notified() -> None:
    got = extracted(
        """# CERTIFICATE OF CONFORMITY
        Low Voltage Directive 2014/35/EU
        | Certificate No. | LV-26-117 |
        | Model | KT-900 |
        | Notified body | Muster GmbH, No. 0123 |"""
    )
    assert (certificate(got.items).scheme, certificate(got.items).status) == ("CE", "on_file_not_held")


def test_each_declaration_of_a_file_is_of_its_own_product() -> None:
    found = papers(
        """# EU Declaration of Conformity No. K-DOC-1
        | Object of the declaration | City helmet, model HC-20 |
        Regulation (EU) 2016/425
        # EU Declaration of Conformity No. K-DOC-2
        | Object of the declaration | earbuds, models DT-1 and DT-1P |
        Directive 2014/53/EU
        # UK Declaration of Conformity No. K-UKDOC-3
        | Object of the declaration | robot, model WR-6 |"""
    )
    assert [(c.scheme, c.number, c.product, c.models) for c in found] == [
        ("CE", "K-DOC-1", "helmet", ("HC-20",)), ("CE", "K-DOC-2", "buds", ("DT-1", "DT-1P")),
        ("UKCA", "K-UKDOC-3", "robot", ("WR-6",)),
    ]  # fmt: skip


def test_one_paper_for_two_products_is_an_item_of_each() -> None:
    found = papers(
        "# Certificate\n| Certificate No. | 22.TEST.001 |\n| Scheme | OEKO-TEX STANDARD 100 |\n"
        "| Models | HC-20, WR-6 |\n| Valid until | 2027-01-31 |"
    )
    assert [(c.product, c.models) for c in found] == [
        ("helmet", ("HC-20", "WR-6")),
        ("robot", ("HC-20", "WR-6")),
    ]


def test_a_paper_for_a_model_nobody_sells_belongs_to_its_line_and_covers_nothing() -> None:
    paper = papers(
        "# CE CERTIFICATE\n| Certificate No. | HX-CE-2506 |\n| Model | WR-5 |\n| Issued by | Lab X |"
    )[0]
    assert (paper.product, paper.models, paper.status) == ("robot", ("WR-5",), "on_file_not_held")
    assert not covers_model(paper, "WR-6")


@pytest.mark.parametrize(
    ("line", "families"),
    [
        ("AX2 series", ("AX2*",)), ("Baureihe AX2", ("AX2*",)), ("série AX2", ("AX2*",)),
        ("AX2系列", ("AX2*",)),
        ("RX2-xx (xx: colour)", ("RX2-??",)), ("AX2-*", ("AX2*",)), ("KT-900, KT-900S", ()),
    ],
)  # fmt: skip
def test_families_are_declared_in_many_ways(line: str, families: tuple[str, ...]) -> None:
    text = f"# Certificate\n| Certificate No. | X-1234 |\n| Scheme | KC |\n| Model | {line} |"
    assert certificate(extracted(text, KETTLE).items).families == families


@pytest.mark.parametrize(
    ("title", "label", "number", "fits"),
    [
        ("FCC Grant of Equipment Authorization", "FCC Identifier", "2ABCD-KT900", True),
        ("FCC Grant of Equipment Authorization", "FCC Identifier", "26/0117", False),
        ("KC Certificate 인증서", "등록번호", "R-R-abC-KT-900", True),
        ("KC Certificate 인증서", "등록번호", "1234/26", False),
        ("BIS Certificate of registration", "Registration No.", "R-41001234", True),
        ("BIS Certificate of registration", "Registration No.", "41-2026", False),
        ("Anatel Certificado de homologação", "Certificado nº", "01234-26-04567", True),
        ("Anatel Certificado de homologação", "Certificado nº", "1234/26", False),
    ],
)
def test_a_number_of_another_form_is_reported(title: str, label: str, number: str, fits: bool) -> None:
    got = extracted(f"# {title}\n| {label} | {number} |\n| Model | KT-900 |", on=ON)
    assert certificate(got.items).number == number
    assert ("number_form" in [p.code for p in got.problems]) is not fits


@pytest.mark.parametrize(
    ("scheme", "issued", "until"),
    [
        ("SABER Product Certificate of Conformity (PCoC)", "2025-10-18", dt.date(2026, 10, 17)),
        ("OEKO-TEX STANDARD 100 Certificate", "2026-02-28", dt.date(2027, 2, 27)),
        ("BIS Certificate of registration", "2025-01-10", dt.date(2027, 1, 9)),
        ("ISO 9001 Certificate", "2024-05-01", dt.date(2027, 4, 30)),
    ],
)
def test_a_paper_without_an_end_ends_by_its_schemes_rule(scheme: str, issued: str, until: dt.date) -> None:
    got = extracted(
        f"# {scheme}\n| Certificate No. | R-41001234 |\n| Model | KT-900 |\n| Date of issue | {issued} |"
    )
    assert certificate(got.items).valid_until == until
    assert "no_expiry" in [p.code for p in got.problems]


@pytest.mark.parametrize(
    "title",
    [
        "技術基準適合証明 工事設計認証書 TELEC",
        "KC Certificate 인증서",
        "FCC Grant of Equipment Authorization",
    ],
)
def test_a_scheme_without_an_end_gets_none(title: str) -> None:
    got = extracted(
        f"# {title}\n| Certificate No. | 020-260001 |\n| Model | KT-900 |\n| Date of issue | 2020-01-10 |"
    )
    assert certificate(got.items).valid_until is None
    assert "no_expiry" not in [p.code for p in got.problems]


def test_a_shipments_certificate_is_of_the_shipment() -> None:
    text = (
        "# SABER Shipment Certificate of Conformity (SCoC)\n| Certificate No. | SC-26-1 |\n| Model | KT-900 |"
    )
    assert certificate(extracted(text).items).certificate_kind == "shipment"


def test_a_date_in_the_future_is_reported_and_an_expired_paper_too() -> None:
    text = (
        "# OEKO-TEX Certificate\n| Certificate No. | 22.T.1 |\n| Model | KT-900 |\n"
        "| Date of issue | {} |\n| Valid until | {} |"
    )
    early = extracted(text.format("2027-01-05", "2028-01-04"), on=ON)
    late = extracted(text.format("2025-10-01", "2026-09-30"), on=ON)
    assert "issued_in_future" in [p.code for p in early.problems]
    assert "expired" in [p.code for p in late.problems]


def test_a_scans_label_with_one_sign_wrong_is_still_a_date() -> None:
    got = extracted(
        "適合証明書 PSE\n| 証明書番号 | KD-14001-1003 |\n| 品名 | ACアダプター |\n| 型式 | EX-24J |\n"
        "| 凳行日 | 2026年2月9日 |\n| 有劾期限 | 2031年2月8日 |",
        ocr=True, words={"KD-14001-1003": 0.99},
    )  # fmt: skip
    paper = certificate(got.items)
    assert (paper.issued, paper.valid_until, paper.component) == (
        dt.date(2026, 2, 9), dt.date(2031, 2, 8), "adapter",
    )  # fmt: skip


def test_a_notified_body_is_no_notification() -> None:
    text = (
        "# Certificate\nNotified Body 0123\n| Certificate No. | TE-1 |\n| Model | BL-30 |\n"
        "Directive 2009/48/EC"
    )
    paper = certificate(extracted(text, SHOP).items)
    assert paper.certificate_kind == "third_party"


@pytest.mark.parametrize(
    ("text", "scheme", "number", "until"),
    [
        (
            "# ДЕКЛАРАЦИЯ О СООТВЕТСТВИИ\nЕАЭС N RU Д-CN.РА01.В.12345/24\n| Продукция | Чайник KT-900 |\n"
            "ТР ТС 004/2011\nДекларация действительна с даты регистрации по 14.03.2029 включительно",
            "EAC", "ЕАЭС N RU Д-CN.РА01.В.12345/24", dt.date(2029, 3, 14),
        ),
        (
            "# 中国国家强制性产品认证证书\n证书编号:2024010801234567\n"
            "| 产品名称和系列、规格、型号 | 电热水壶 KT-900 220V~ 1800W |\n"
            "发证日期:2024年05月20日 有效期至:2029年05月19日",
            "CCC", "2024010801234567", dt.date(2029, 5, 19),
        ),
        (
            "# 工事設計認証書\n| 認証番号 | 020-240123 |\n| 機種名 | KT-900 |\n"
            "| 認証年月日 | 2024年6月3日 |\n"
            "登録証明機関 架空認証株式会社",
            "TELEC", "020-240123", None,
        ),
        (
            "# 안전확인신고증명서 KC\n| 신고번호 | HU071234-24001 |\n"
            "| 모델명 | KT-900 |\n| 발급일 | 2024-04-02 |",
            "KC", "HU071234-24001", None,
        ),
        (
            "# 510(k) Premarket Notification\nFood and Drug Administration\nK241234\n"
            "| Device Name | Kessel kettle KT-900 |",
            "FDA", "K241234", None,
        ),
        (
            "Fictional Approvals Ltd – Approved Body 8765\n# UK TYPE-EXAMINATION CERTIFICATE\n"
            "| Certificate number | FA-UK-24-77 |\n| Model | KT-900 |\n| Expiry date | 2 May 2029 |\n"
            "Regulation 2016/425 as brought into UK law",
            "UKCA", "FA-UK-24-77", dt.date(2029, 5, 2),
        ),
    ],
    ids=["eac", "ccc", "telec", "kc", "510k", "ukca"],
)  # fmt: skip
def test_papers_of_many_countries_are_read(
    text: str, scheme: str, number: str, until: dt.date | None
) -> None:
    paper = certificate(extracted(text, KETTLE, on=ON).items)
    assert (paper.scheme, paper.number, paper.models, paper.valid_until, paper.status) == (
        scheme, number, ("KT-900",), until, "held",
    )  # fmt: skip
