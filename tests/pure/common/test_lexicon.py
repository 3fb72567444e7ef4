"""The matcher of the lexicons, and that every language brings the same lists."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohost.common.lexicon import Line, Phrases, entries, fold, read
from cohost.languages import LANGUAGES, table
from cohost.trust.features import features

NEEDED = {
    "question": {"words", "starts", "ends", "follow", "duration"},
    "line": {
        "greeting", "praise", "filler", "purchase", "order", "complaint", "spam", "abuse", "sensitive",
        "grave", "demo", "personal", "off_topic", "guess", "human",
    },
    "injection": {"verbs", "objects", "owners", "phrases", "strong"},
    "hazard": {"facts", "maybe"},
    "mask": {"order", "street_before", "street_after"},
}  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_list(lang: str) -> None:
    lexicon = table(lang, "lexicon")
    for section, keys in NEEDED.items():
        assert keys <= lexicon[section].keys(), section
    assert table(lang, "features")["feature"].keys() == features().keys()
    assert len(entries(lang, "hazard", "facts")) >= 20
    assert len(entries(lang, "line", "human")) >= 15
    assert all(len(code) == 2 and code.isupper() for code in lexicon["country"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_entry_finds_itself(lang: str) -> None:
    for section in ("line", "hazard", "injection", "feature", "country"):
        for key in table(lang, "features" if section == "feature" else "lexicon")[section]:
            for entry in entries(lang, section, key):
                text = entry.replace("*", "").replace("~", "").replace("..", " ").lstrip("=")
                assert read(text).has(f"{section}.{key}", (lang,)), (section, key, entry)


def found(entry: str, text: str) -> bool:
    return bool(Phrases([("x", entry)]).find(Line(text)))


@pytest.mark.parametrize(
    ("entry", "text", "expected"),
    [
        ("ignor*", "please IGNORE this", True),
        ("колонк~", "сколько стоит колонку", True),
        ("ship~", "ships", True),
        ("ship~", "shipments there", False),
        ("take .. off", "take it all off", True),
        ("take .. off", "take a b c d e off", False),
        ("batería", "bateria?", True),
        ("so cute", "soooo cute", True),
        ("سعر", "كم السعر", True),
        ("防水", "能 防 水 吗", True),
        ("能..吗", "能防水吗", True),
        ("car", "scarf", False),
        ("=chó", "cho xem", False),
        ("=chó", "đồ chó", True),
    ],
)
def test_patterns_match_words_stems_gaps_and_scripts(entry: str, text: str, expected: bool) -> None:
    assert found(entry, text) is expected


def test_vietnamese_tones_count_where_the_line_has_tones() -> None:
    assert not read("chốt 1 cái, cho xin link").has("line.abuse", ("vi",))
    assert read("sac nhanh khong").has("feature.fast_charge", ("vi",))


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    reading = read(text)
    assert all(0 <= hit.start < hit.end <= len(reading.line.folded) for hit in reading.hits)
    assert fold(fold(text)) == fold(text)
