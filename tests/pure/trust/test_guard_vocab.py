"""What a drafted sentence may say: harmless words, what evidence lends, runs cut by longest match."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.common import lexicon
from cohost.languages import LANGUAGES, table
from cohost.trust import guard_vocab as vocab
from cohost.trust.guard_runs import Segmenter, harmless_runs, lent_runs, unexplained
from cohost.trust.guard_words import DENSE, clause_denied, denials, entries, fold, tokens
from tests.pure.trust.guard_cases import evidence

SPACED = tuple(lang for lang in LANGUAGES if lang not in DENSE and lang != "vi")
CLAIMS = {"water": None, "health": None, "say": ("superlative", "green", "brand")}
KNOWN_DOUBLES = frozenset({
    ("nl", "buiten"), ("hi", "बाहर"), ("de", "abs"), ("ru", "зарядник*"), ("ru", "концентратор*"),
    ("ru", "стали"),
    ("tr", "kısılabilir*"), ("ar", "جري"), ("pt", "=lã"),
})  # fmt: skip
"""Words with a second, harmless meaning ("buiten": outside, except); the net of features reads them."""


def _harmless(entry: str, lang: str) -> bool:
    low = fold(entry.strip("=").replace("*", "").replace("~", ""), lang).low
    parts = [w for w, _, _ in tokens(low)]
    if len(parts) != 1 or len(parts[0]) < 2 or parts[0].isdigit():
        return False
    return vocab.harmless(lang).knows(parts[0]) or vocab.inflected(parts[0], lang)


@pytest.mark.parametrize("lang", SPACED)
def test_no_word_of_a_feature_or_claim_is_harmless(lang):
    features = [(f, e) for f in vocab.named_features() for e in lexicon.entries(lang, lexicon.FEATURES, f)]
    claims = [
        (f"{section}.{key}", entry)
        for section, keys in CLAIMS.items()
        for key in keys or table(lang, "guard")[section]
        for entry in entries(table(lang, "guard")[section].get(key, ""))
    ]
    found = [(k, e) for k, e in (*features, *claims) if _harmless(e, lang) and (lang, e) not in KNOWN_DOUBLES]
    assert found == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_feature_made_of_harmless_words_is_still_named(lang):
    for feature in vocab.named_features():
        for entry in lexicon.entries(lang, lexicon.FEATURES, feature)[:3]:
            if entry.startswith("=") or any(c in entry for c in "*~."):
                continue
            assert feature in vocab.claimed(entry, lang), entry


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_a_generous_vocabulary(lang):
    known = vocab.harmless(lang)
    assert len(known.words) + len(known.stems) >= 300
    assert table(lang, "guard")["concept"]


def test_stems_and_inflected_forms_are_known_and_other_words_are_not():
    known = vocab.harmless("en")
    assert known.knows("measured")
    assert known.knows("measurements")
    assert not known.knows("torch")
    assert vocab.inflected("bedienungsanleitungen", "de")
    assert not vocab.inflected("saglam", "tr")  # "sağlam" (sturdy) beside "sağlar" (provides)


def test_evidence_lends_its_words_in_every_language():
    item = evidence({
        "kind": "fact", "id": "E1", "attribute": "ports", "value": False, "polarity": False,
        "condition": "3.5 mm jack", "quote": "3.5 mm jack: no, sound comes over Bluetooth only.",
    })  # fmt: skip
    for lang, word in (("de", "klinkenanschluss"), ("pt", "entrada"), ("ru", "звук"), ("tr", "kulaklık")):
        assert vocab.lent_by(item, lang).knows(fold(word, lang).low), lang
    run = "耳机孔"
    assert unexplained(run, bytearray(len(run)), [harmless_runs("zh"), lent_runs(item, "zh")]) == ""
    assert unexplained(run, bytearray(len(run)), [harmless_runs("zh")]) != ""


def test_a_run_is_explained_only_by_a_chain_of_whole_words():
    known = Segmenter(("防水", "等级", "级"), "zh")
    assert unexplained("防水等级", bytearray(4), [known]) == ""
    assert unexplained("防水手电", bytearray(4), [known]).startswith("手电")
    assert unexplained("手电", bytearray(b"\1\1"), [known]) == ""


def test_an_ending_is_free_only_where_the_entry_says_so():
    assert unexplained("届きます", bytearray(4), [Segmenter(("届*",), "ja")]) == ""
    assert unexplained("届きます", bytearray(4), [Segmenter(("届",), "ja")]) != ""
    assert unexplained("측정했습니다", bytearray(6), [Segmenter(("측정*",), "ko")]) == ""
    assert unexplained("알루미늄", bytearray(4), [Segmenter(("알*",), "ko")]) != ""


@given(run=st.text(max_size=40), forms=st.lists(st.text(max_size=4), max_size=6))
def test_no_run_and_no_words_make_the_cutting_raise(run, forms):
    left = unexplained(run, bytearray(len(run)), [Segmenter(forms, "ja")])
    assert left in run


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("th", "ผู้ผลิตระบุว่าใช้งานได้ที่อุณหภูมิ 45 °C"),
        ("th", "2.5 ชั่วโมงด้วยที่ชาร์จ"),
        ("ko", "30분 동안 시험했습니다"),
        ("pt", "carregamento sem fio"),
        ("fr", "recharge sans fil"),
        ("ar", "ما تعلنه الشركة المصنعة"),
    ],
)
def test_a_denial_is_a_word_and_never_letters_of_another(lang, text):
    assert denials(text, lang) == 0


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("th", "ไม่มีที่ชาร์จ"),
        ("ko", "충전은 안 됩니다"),
        ("hi", "यह सुरक्षित नहीं है।"),
        ("tr", "powerbankin tamamını kapsamıyor"),
        ("tr", "NV3-B için doğrulanmadı"),
    ],
)
def test_a_denial_is_found_in_every_form(lang, text):
    assert denials(text, lang) > 0


def test_a_denial_reaches_its_clause_and_no_further():
    low = "it covers the rx2, not the rx2-pro; the box holds a cable"
    at = low.index("rx2-pro")
    assert clause_denied(low, at, at + 7, "en")
    at = low.index("cable")
    assert not clause_denied(low, at, at + 5, "en")
