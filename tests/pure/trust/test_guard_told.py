"""Who says a figure, what a denial may be of, and what each kind of boast needs."""

from __future__ import annotations

import pytest

from tests.pure.trust.guard_cases import judge

MEASURED = {
    "kind": "fact", "id": "E1", "attribute": "weight", "value": 631, "unit": "g", "basis": "measured",
    "report": "R", "source_class": "A", "models": ["RX2"], "quote": "Mass of the sample 631 g",
}  # fmt: skip
DECLARED = {
    "kind": "fact", "id": "E2", "attribute": "weight", "value": 640, "unit": "g", "source_class": "B",
    "models": ["RX2"], "quote": "Weight 640 g",
}  # fmt: skip
JACK = {
    "kind": "fact", "id": "E3", "attribute": "ports", "value": False, "polarity": False,
    "condition": "3.5 mm jack", "source_class": "B",
    "quote": "3.5 mm jack: no, sound comes over Bluetooth only.",
}  # fmt: skip
CE = {
    "kind": "certificate", "id": "E4", "scheme": "CE", "certificate_kind": "self_declaration",
    "number": "LF-01", "models": ["RX2"], "markets": ["DE", "FR", "ES", "GB"], "source_class": "B",
    "quote": "EU declaration of conformity LF-01",
}  # fmt: skip
FAQ = {
    "kind": "passage", "id": "E5", "text": "RX2: 20 W, two drivers. RX2-PRO: 30 W.", "source_class": "B",
}  # fmt: skip


def _rule(sentence, *items, lang="en", market="GB", model="RX2", **more):
    row = {
        "lang": lang,
        "market": market,
        "model": model,
        "sentence": sentence,
        "evidence": list(items),
        **more,
    }
    return judge(row, "llm").rule


def test_a_measured_figure_is_told_as_measured():
    assert _rule("It weighs 631 g.", MEASURED) == "R7"
    assert _rule("It weighs 631 g, measured on one sample.", MEASURED) is None


def test_beside_a_measured_figure_the_makers_own_is_told_as_declared():
    cited = {"cites": ["E2"]}
    assert _rule("It weighs 640 g.", DECLARED, MEASURED, **cited) == "R7"
    assert _rule("It weighs 640 g, according to the maker.", DECLARED, MEASURED, **cited) is None


def test_figures_in_quotation_marks_stand_so_in_the_document():
    assert _rule("The FAQ says: “RX2: 20 W, two drivers.”", FAQ) is None
    assert _rule("The FAQ says: “RX2: 30 W, two drivers.”", FAQ) == "R7"


@pytest.mark.parametrize(
    ("lang", "true", "false"),
    [
        ("en", "There is no 3.5 mm headphone jack.", "There is no Bluetooth."),
        ("fr", "Il n'y a pas de prise jack 3,5 mm.", "Il n'y a pas de Bluetooth."),
        ("pt", "Não tem entrada de fone de 3,5 mm.", "Tem entrada de fone de 3,5 mm."),
        ("zh", "没有 3.5 mm 耳机孔。", "有 3.5 mm 耳机孔。"),
        ("ko", "3.5 mm 이어폰 단자는 없습니다.", "3.5 mm 이어폰 단자가 있습니다."),
    ],
)
def test_a_denial_is_of_what_the_evidence_denies(lang, true, false):
    assert _rule(true, JACK, lang=lang) is None
    assert _rule(false, JACK, lang=lang) == "R0"


def test_a_sibling_may_be_named_as_not_covered_and_not_otherwise():
    said = "Declaration LF-01 covers the RX2; for the RX2-PRO it is not confirmed."
    assert _rule(said, CE) is None
    assert _rule("Declaration LF-01 covers the RX2 and the RX2-PRO.", CE) == "R0"


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "The maker declares CE conformity, so it is fine for the US."),
        ("it", "Ha la conformità CE, quindi va bene anche per gli Stati Uniti."),
        ("de", "Die CE-Erklärung reicht auch für die USA."),
        ("zh", "CE 声明在美国也有效。"),
        ("tr", "CE beyanı ABD için de geçerli."),
        ("es", "El fabricante declara la conformidad CE."),
    ],
)
def test_a_paper_is_not_told_where_it_does_not_count(lang, sentence):
    assert _rule(sentence, CE, lang=lang, market="US") == "R3"


def test_a_paper_may_be_told_of_where_it_counts():
    assert (
        _rule("The maker declares CE conformity for the EU; it does not count in the US.", CE, market="US")
        is None
    )


@pytest.mark.parametrize(
    ("rule", "lang", "sentence"),
    [
        ("R13", "en", "Our customers love it."),
        ("R13", "ru", "Все покупатели в восторге."),
        ("R14", "nl", "Hij is lichter dan de JBL."),
        ("R14", "ko", "소니보다 가볍습니다."),
        ("R21", "de", "Wir sind börsennotiert."),
        ("R21", "zh", "我们是上市公司。"),
        ("R22", "ar", "سنرد لك المبلغ وأضمن لك ذلك."),
        ("R22", "it", "Ti rimborsiamo subito."),
        ("R9", "th", "ได้ของวันศุกร์แน่นอนค่ะ"),
        ("R8", "vi", "Chiếc nào cũng nặng 631 g."),
    ],
)
def test_each_boast_is_stopped_by_its_own_rule(rule, lang, sentence):
    assert _rule(sentence, MEASURED, lang=lang) == rule


def test_what_a_reviewer_got_is_no_offer_of_the_shop():
    review = {
        "kind": "review", "id": "E6", "author": "Camila S.", "text": "Som limpo.",
        "incentive": "10 % discount",
        "consent": True, "source_class": "D", "quote": "Som limpo.", "quote_lang": "pt",
    }  # fmt: skip
    case = {"lang": "en", "evidence": [review]}
    said = "Customer review: “Som limpo.” (Camila S., received for it: 10 % discount)."
    assert judge({**case, "sentence": said}).rule is None
    assert judge({**case, "sentence": f"{said} Now with 20 % off and free shipping."}).action != "allow"
