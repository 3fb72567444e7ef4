"""A reply as posts of one platform: whole where it fits, never cut inside a word or a number."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from cohost.mouth.parts import length, parts
from cohost.ports import SendPolicy

TEXT = (
    "The battery lasts 22.4 h at 50 % volume, measured by the lab SZ-2024-118. The case is rated IPX7, that "
    "is 30 min at 1 m depth, and not for salt water. Price: 59.90 EUR."
)
ZH = "电池在50%音量下可播放22.4小时，由实验室SZ-2024-118测得。机身防水等级为IPX7，即1米深30分钟。"


def test_what_fits_goes_out_whole() -> None:
    policy = SendPolicy(longest=500, label="[AI]", mention="@{name}")
    assert parts("Yes. It does.", "en", policy, names=["Ana"], link="https://l.example/1") == (
        "[AI] @Ana Yes. It does. https://l.example/1",
    )


def test_a_platform_without_a_limit_takes_everything() -> None:
    assert parts(TEXT, "en", SendPolicy()) == (TEXT,)


def test_a_long_answer_is_divided_at_the_ends_of_sentences() -> None:
    assert parts(TEXT, "en", SendPolicy(longest=110)) == (
        "The battery lasts 22.4 h at 50 % volume, measured by the lab SZ-2024-118.",
        "The case is rated IPX7, that is 30 min at 1 m depth, and not for salt water. Price: 59.90 EUR.",
    )


def test_a_long_sentence_is_divided_at_its_clauses_then_between_words() -> None:
    found = parts(TEXT, "en", SendPolicy(longest=45))
    assert found[:2] == ("The battery lasts 22.4 h at 50 % volume,", "measured by the lab SZ-2024-118.")
    assert parts(ZH, "zh", SendPolicy(longest=20)) == (
        "电池在50%音量下可播放22.4小时，", "由实验室SZ-2024-118测得。",
        "机身防水等级为IPX7，", "即1米深30分钟。",
    )  # fmt: skip


def test_the_link_comes_last_alone_if_it_must_and_not_where_links_are_forbidden() -> None:
    found = parts(TEXT, "en", SendPolicy(longest=60), link="https://room.example/answer/r1")
    assert found[-1] == "https://room.example/answer/r1"
    assert "https" not in "".join(parts(TEXT, "en", SendPolicy(longest=60, may_link=False), link="https://x"))
    assert "https" not in "".join(parts(TEXT, "en", SendPolicy(longest=30), link="https://" + "x" * 40))


def test_three_askers_are_named_the_others_counted() -> None:
    policy = SendPolicy(longest=200, mention="@{name}")
    (found,) = parts("Yes.", "en", policy, names=["Ana", "Bo", "Cy", "Di", "Ed"])
    assert found == "@Ana @Bo @Cy +2 Yes."


def test_names_never_take_the_place_of_the_answer() -> None:
    (found, *_) = parts(
        "Yes, it does.", "en", SendPolicy(longest=30, mention="@{name}"), names=["A" * 9, "B" * 9]
    )
    assert found.startswith("@AAAAAAAAA") or not found.startswith("@")
    (bare,) = parts("Yes, it does.", "en", SendPolicy(longest=20, mention="@{name}"), names=["A" * 19])
    assert bare == "Yes, it does."


def test_lengths_are_counted_as_the_platform_counts() -> None:
    assert length("né😀", SendPolicy()) == 3
    assert length("né😀", SendPolicy(counts="utf16")) == 4
    assert length("né😀", SendPolicy(counts="bytes")) == 7


WORDS = st.lists(
    st.sampled_from(
        [
            "yes",
            "22.4 h",
            "EN 71-3",
            "IPX7.",
            "of,",
            "battery",
            "防水等级",
            "59,90 €",
            "ใช้งานได้นาน",
            "पानी",
            "1,5 m;",
            "ok!",
        ]
    ),
    min_size=1,
    max_size=60,
)


@given(WORDS, st.sampled_from(["en", "zh", "th", "hi"]), st.integers(20, 200), st.sampled_from(["", "[AI]"]))
def test_every_part_fits_and_nothing_is_lost(words: list[str], lang: str, longest: int, label: str) -> None:
    policy = SendPolicy(longest=longest, label=label)
    text = " ".join(words)
    found = parts(text, lang, policy)
    assert all(length(part, policy) <= longest for part in found)
    bare = "".join(part.removeprefix(label) for part in found)
    assert re.sub(r"\s", "", bare) == re.sub(r"\s", "", text)
    for number in re.findall(r"\d[\d.,]*\d|\d", text):
        assert any(number in part for part in found)
