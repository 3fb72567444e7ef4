"""The tables of what goods are called: the same ids in every language, each entry once and found."""

from __future__ import annotations

from itertools import chain

import pytest

from cohost.common.lexicon import Line, Phrases, fold, is_dense, split
from cohost.languages import LANGUAGES, has, table
from cohost.understanding.goods import SHORT

WRITTEN = [lang for lang in LANGUAGES if has(lang, "goods")]


def goods(lang: str) -> dict[str, list[str]]:
    return {key: split(value) for key, value in table(lang, "goods")["goods"].items()}


def short(lang: str) -> dict[str, list[str]]:
    return {key: split(value) for key, value in table(lang, "goods")["short"].items()}


def bare(entry: str) -> str:
    return entry.replace("*", "").replace("~", "").replace("..", " ").lstrip("=")


def test_english_is_written() -> None:
    assert "en" in WRITTEN
    assert len(goods("en")) >= 250


@pytest.mark.parametrize("lang", WRITTEN)
def test_every_language_names_the_same_goods(lang: str) -> None:
    assert table(lang, "goods").keys() == {"goods", "short"}
    assert goods(lang).keys() == goods("en").keys()
    for key, entries in goods(lang).items():
        assert 1 <= len(entries) <= 8, key
        assert bare(entries[0]) == entries[0], (key, "the first entry is a plain noun")


@pytest.mark.parametrize("lang", WRITTEN)
def test_no_entry_stands_twice(lang: str) -> None:
    folded = [fold(entry) for entry in chain.from_iterable(goods(lang).values())]
    assert sorted(folded) == sorted(set(folded))


@pytest.mark.parametrize("lang", WRITTEN)
def test_every_entry_finds_itself_and_no_other_goods(lang: str) -> None:
    """Where other goods are named inside it ("car vacuum"), they are fewer of its letters."""
    rows = goods(lang)
    phrases = Phrases((f"{lang}:{key}", entry) for key, entries in rows.items() for entry in entries)
    for key, entries in rows.items():
        for entry in entries:
            spans: dict[str, int] = {}
            for hit in phrases.find(Line(bare(entry))):
                spans[hit.label] = max(spans.get(hit.label, 0), hit.end - hit.start)
            own = spans.pop(f"{lang}:{key}", 0)
            assert own, (key, entry)
            assert all(own > other for other in spans.values()), (key, entry, spans)


@pytest.mark.parametrize("lang", WRITTEN)
def test_every_language_has_the_short_words_and_each_means_kinds_that_there_are(lang: str) -> None:
    assert short(lang).keys() == SHORT.keys()
    assert all(entries for entries in short(lang).values())
    assert frozenset().union(*SHORT.values()) <= goods("en").keys()
    for entries in short(lang).values():
        assert not [e for e in entries if is_dense(e) and len(bare(e)) < 2]


@pytest.mark.parametrize("lang", WRITTEN)
def test_entries_without_word_boundaries_are_longer_than_one_character(lang: str) -> None:
    """They are looked for anywhere: one character would stand within other words."""
    for key, entries in goods(lang).items():
        assert not [e for e in entries if is_dense(e) and len(bare(e)) < 2], key
