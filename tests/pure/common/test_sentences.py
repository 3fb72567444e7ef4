"""A stream of text becomes cited sentences; what may not be cut is not cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.common.question import Asker, Draft
from cohost.common.sentences import MAX_SENTENCE, Splitter, cited, joined
from cohost.decision.gloss import gloss
from cohost.decision.policy import needs_approval
from cohost.decision.suspect import speaks
from tests.pure.decision.brand import CATALOGUE, LANGUAGES, ask


def split(text: str, lang: str = "en", size: int = 3) -> list[tuple[str, tuple[str, ...]]]:
    splitter = Splitter(lang)
    found = [s for i in range(0, len(text), size) for s in splitter.feed(text[i : i + size])]
    return [(s.text, s.evidence) for s in (*found, *splitter.flush())]


@pytest.mark.parametrize(
    ("lang", "text", "sentences"),
    [
        (
            "en",
            "It lasts 22.4 h [E3]. It weighs 1.5 kg, approx. 3 lb [E6].",
            ["It lasts 22.4 h.", "It weighs 1.5 kg, approx. 3 lb."],
        ),
        ("en", "See p. 2. [E3] No. 7 is fine. [E4]", ["See p. 2.", "No. 7 is fine."]),
        (
            "de",
            "Laut Bericht, z. B. S. 2, ca. 22,4 Std. bei 50 % [E3]. Gewicht: 620 g [E6].",
            ["Laut Bericht, z. B. S. 2, ca. 22,4 Std. bei 50 %.", "Gewicht: 620 g."],
        ),
        (
            "ja",
            "実測値は22.4時間です[E3]。重さは620 gです。[E6]",
            ["実測値は22.4時間です。", "重さは620 gです。"],
        ),
        ("zh", "实测22.4小时[E3]。重620克[E6]。", ["实测22.4小时。", "重620克。"]),
        ("hi", "बैटरी 22.4 घंटे चलती है [E3]। वज़न 620 g है [E6]।", ["बैटरी 22.4 घंटे चलती है।", "वज़न 620 g है।"]),
        ("ar", "تدوم 22.4 ساعة [E3]. هل هذا واضح؟ [E6]", ["تدوم 22.4 ساعة.", "هل هذا واضح؟"]),
        ("th", "ใช้ได้ 22.4 ชม. ต่อครั้ง [E3]\nหนัก 620 ก. [E6]", ["ใช้ได้ 22.4 ชม. ต่อครั้ง", "หนัก 620 ก."]),
        ("es", "Dura 22,4 h (aprox.) [E3]. ¡Pesa 620 g! [E6]", ["Dura 22,4 h (aprox.).", "¡Pesa 620 g!"]),
    ],
)
@pytest.mark.parametrize("size", [1, 4, 500])
def test_sentences_end_where_the_language_ends_them(lang, text, sentences, size):
    found = split(text, lang, size)
    assert [s for s, _ in found] == sentences
    assert [e for _, e in found] == [("E3",), ("E6",)] or all(e for _, e in found)


def test_marks_are_taken_out_and_kept_in_order():
    assert cited("A [E3][E7, E12] b.").evidence == ("E3", "E7", "E12")
    assert cited("A [E3] b.").text == "A b."


@given(st.text(max_size=3000), st.integers(1, 50), st.sampled_from(LANGUAGES))
def test_no_stream_raises_or_grows_a_sentence_without_end(text, size, lang):
    assert all(len(s) <= MAX_SENTENCE + size for s, _ in split(text, lang, size))


@pytest.mark.parametrize(
    ("text", "lang", "right"),
    [
        ("電池は22.4時間もちます。", "ja", True),
        ("The battery lasts 22.4 hours.", "ja", False),
        ("电池续航22.4小时。", "zh", True),
        ("電池は長持ちです。", "zh", False),
        ("Батарея держит 22,4 ч.", "ru", True),
        ("The battery lasts.", "ru", False),
        ("تدوم البطارية RX2-PRO مع USB-C.", "ar", True),
        ("แบตเตอรี่ใช้ได้ 22.4 ชั่วโมง", "th", True),
        ("Батарея держит.", "de", False),
        ("", "en", False),
    ],
)
def test_a_sentence_in_another_script_is_not_the_language_asked(text, lang, right):
    assert speaks(text, lang) is right


@pytest.mark.parametrize(
    ("level", "action", "by", "rule", "waits"),
    [
        ("full", "answer", "composer", None, False),
        ("post", "decline", "composer", None, False),
        ("suggest", "answer", "composer", None, True),
        ("watch", "escalate", "llm", None, True),
        ("watch", "ignore", "composer", None, False),
        ("watch", "answer", "operator", None, False),
        ("full", "answer", "operator", "R6", True),
    ],
)
def test_who_has_to_look_before_a_reply_goes_out(level, action, by, rule, waits):
    draft = Draft(action=action, reason="x", lang="en", text="x", by=by, rule=rule)
    assert needs_approval(level, "question.battery", draft) is waits


def test_the_gloss_counts_languages_and_names_the_subject_in_the_hosts():
    people = [Asker(message_seq=n, viewer=str(n), lang="th") for n in range(4)]
    assert gloss(ask("battery", market=None), people, CATALOGUE).startswith("[th ×4] 续航")
    assert "投诉" in gloss(ask(None, intent="complaint"), people, CATALOGUE)


def test_sentences_are_joined_as_their_script_joins_them() -> None:
    assert joined(["One.", "Two."]) == "One. Two."
    assert joined(["电池续航：22.4小时。", "实测。"]) == "电池续航：22.4小时。实测。"
    assert joined([]) == ""
