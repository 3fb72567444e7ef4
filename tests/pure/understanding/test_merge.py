"""One question out of many, and never two made one that need different answers."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohost.common.question import Asker, Draft, Question
from cohost.common.show import QuestionEntry, ReplyEntry
from cohost.understanding.merge import WINDOW_MS, find, same

_spec = importlib.util.spec_from_file_location("understanding_shop", Path(__file__).parent / "shop.py")
assert _spec is not None
assert _spec.loader is not None
shop = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = shop
_spec.loader.exec_module(shop)


def ask(text: str, lang: str = "en", **more: object) -> Question:
    question: Question = shop.understand(text, lang, **more).question
    return question


def one(a: Question, b: Question) -> bool:
    assert same(a, b, shop.CATALOGUE) == same(b, a, shop.CATALOGUE)
    return same(a, b, shop.CATALOGUE)


def entry(question: Question, at_ms: int = 0, viewer: str = "v1", **more: object) -> QuestionEntry:
    asker = Asker(message_seq=1, viewer=viewer, lang=question.lang)
    return QuestionEntry(question, at_ms, [asker], **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("how long does the battery last", "en"), ("¿cuánto dura la batería?", "es")),
        (("how long does the battery last", "en"), ("电池能用多久", "zh")),
        (("quanto dura la batteria", "it"), ("wie lange hält der Akku?", "de")),
        (("is it waterproof?", "en"), ("防水吗", "zh")),
        (("how much is it?", "en"), ("多少钱", "zh")),
        (("how much in Japan", "en"), ("cuánto cuesta en Japón", "es")),
        (("will you be live tomorrow evening?", "en"), ("Will you be live tomorow evening", "en")),
        (("are you a bot?", "en"), ("你是机器人吗", "zh")),
    ],
)
def test_the_same_question_in_other_words_or_languages_is_one(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    assert one(ask(*first), ask(*second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("is the GL2 waterproof", "is the GL2 pro waterproof"),
        ("is the lamp heavy", "is the tent heavy"),
        ("how much in Germany", "how much in the US"),
        ("which plug in Germany", "which plug in Japan"),
        ("how much?", "how much in Japan?"),
        ("is it CE certified", "is it FDA approved"),
        ("can i swim with it", "can i shower with it"),
        ("is it ipx7", "is it ipx8"),
        ("does it work on 110 V", "does it work on 220 V"),
        ("does it work with iphone", "does it work with android"),
        ("do you have it in red", "do you have it in black"),
        ("does it come with a cable", "does it come with a bag"),
        ("is it safe with babies", "is it safe without babies around"),
        ("will you be live tomorrow", "will you be live on monday"),
        ("how long does the battery last", "how long does it take to charge"),
    ],
)
def test_what_needs_another_answer_stays_apart(first: str, second: str) -> None:
    assert not one(ask(first), ask(second))


def test_another_market_is_another_question_where_another_variant_is_sold() -> None:
    in_germany, in_spain = ask("is it waterproof?", market="DE"), ask("is it waterproof?", market="ES")
    in_japan = ask("is it waterproof?", market="JP")
    assert one(in_germany, in_spain)
    assert not one(in_germany, in_japan)
    assert not one(ask("how much?", market="DE"), ask("how much?", market="ES"))


def merged(question: Question, standing: QuestionEntry, at_ms: int = 1000, **more: object) -> bool:
    found = find(question, [standing], at_ms=at_ms, catalogue=shop.CATALOGUE, replies={}, **more)  # type: ignore[arg-type]
    return found is not None


def test_only_inside_the_window_and_only_into_a_standing_question() -> None:
    question = ask("is it waterproof?")
    assert merged(question, entry(question), at_ms=WINDOW_MS)
    assert not merged(question, entry(question), at_ms=WINDOW_MS + 1)
    assert not merged(question, entry(question, state="expired"))
    assert not merged(question, entry(question, state="failed"))


def test_not_into_a_question_whose_fact_changed_since() -> None:
    question = ask("how much in Japan")
    assert merged(question, entry(question), changed={("lamp", "weight"): 500})
    assert not merged(question, entry(question), changed={("lamp", "price"): 500})
    assert merged(question, entry(question, at_ms=600), changed={("lamp", "price"): 500})


def test_what_concerns_one_person_joins_no_other_persons() -> None:
    question = ask("my parcel has not arrived, where is my order")
    assert question.intent == "order"
    assert merged(question, entry(question, viewer="v1"), viewer="v1")
    assert not merged(question, entry(question, viewer="v1"), viewer="v2")


def reply(lang: str, state: str = "posted") -> ReplyEntry:
    draft = Draft("answer", "fact", lang, "…")
    return ReplyEntry("r1", "q1", draft, (), 0, 2, state=state)  # type: ignore[arg-type]


def test_answered_and_new_language_are_told_per_language() -> None:
    standing = entry(ask("is it waterproof?"), replies=["r1"])
    for lang, text, new, answered in (
        ("en", "is it waterproof?", False, True),
        ("zh", "防水吗", True, False),
    ):
        found = find(
            ask(text, lang), [standing], at_ms=9, catalogue=shop.CATALOGUE, replies={"r1": reply("en")}
        )
        assert found is not None
        assert (found.new_language, found.answered) == (new, answered)
    drafted = find(
        ask("is it waterproof?"),
        [standing],
        at_ms=9,
        catalogue=shop.CATALOGUE,
        replies={"r1": reply("en", "drafted")},
    )
    assert drafted is not None
    assert not drafted.answered


def test_not_into_a_question_whose_answer_was_taken_back() -> None:
    standing = entry(ask("is it waterproof?"), replies=["r1"])
    replies = {"r1": reply("en", "retracted")}
    assert (
        find(ask("is it waterproof?"), [standing], at_ms=9, catalogue=shop.CATALOGUE, replies=replies) is None
    )


_LINES = [
    ("is it waterproof?", "en"), ("防水吗", "zh"), ("is the GL2-PRO waterproof", "en"), ("how much?", "en"),
    ("¿cuánto cuesta?", "es"), ("how much in Japan?", "en"), ("does it work with iphone", "en"),
    ("does it work with android", "en"), ("is the tent heavy", "en"), ("is it FDA approved", "en"),
]  # fmt: skip
_POOL = [ask(text, lang, market=market) for text, lang in _LINES for market in (None, "DE", "JP")]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(_POOL), min_size=2, max_size=12))
def test_in_any_order_of_arrival_a_group_agrees_on_all_that_the_answer_depends_on(
    arrivals: list[Question],
) -> None:
    standing: list[QuestionEntry] = []
    groups: dict[str, list[Question]] = {}
    for n, question in enumerate(arrivals):
        asked = msgspec.structs.replace(question, id=f"q{n}")
        found = find(asked, standing, at_ms=n, catalogue=shop.CATALOGUE, replies={})
        if found is None:
            standing.append(entry(asked, at_ms=n))
            groups[asked.id] = [asked]
        else:
            groups[found.question_id].append(asked)
    for group in groups.values():
        for a, b in itertools.combinations(group, 2):
            assert a.products == b.products
            assert a.attributes == b.attributes
            assert a.model == b.model
            assert a.schemes == b.schemes
            variants = {
                getattr(shop.CATALOGUE.variant_in(a.product, q.market), "model", None) for q in (a, b)
            }
            assert len(variants) == 1
            if a.intent == "question.price":
                assert a.market == b.market
            if a.intent == "question.compatibility":
                assert a.text == b.text
