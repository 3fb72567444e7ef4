"""Composition in eighteen languages: complete tables, values as the language writes them, posts that fit."""

import string

import msgspec
import pytest

from cohost.decision.answer import answer, answer_verbose
from cohost.decision.compose import POST_LIMIT
from cohost.decision.format import Tongue, date, money, quantity, span
from cohost.decision.frames import frame, plural
from cohost.decision.values import cut, value_words
from cohost.decision.warnings import recognise, warnings
from cohost.languages import table
from tests.pure.decision.brand import CATALOGUE, ITEMS, LANGUAGES, MEASURED, ON, ask, fact


def slots(text: str) -> set[str]:
    return {part[1] for part in string.Formatter().parse(text) if part[1]}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_frame_with_the_same_slots(lang):
    own, reference = table(lang, "frames"), table("en", "frames")
    for section, rows in reference.items():
        if section in ("formal", "plural"):
            continue
        assert set(own[section]) == set(rows), section
        for name, text in rows.items():
            assert slots(own[section][name]) == slots(text), f"{section}.{name}"
    for name, text in own.get("formal", {}).items():
        assert slots(text) == slots(own["talk"][name])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_reviewed_warning(lang):
    own, reference = table(lang, "warnings"), table("en", "warnings")
    assert set(own) == set(reference)
    assert all(("{n}" in own[k]["text"]) == ("{n}" in reference[k]["text"]) for k in reference)


ASKED = {
    "battery": (ask("battery"), "22.4"),
    "weight": (ask("weight"), "620"),
    "water": (ask("water"), "IPX7"),
    "CE": (ask("certificates", schemes=("CE",)), "T-DOC-02"),
    "price": (ask("price"), "79.9"),
    "shipping": (ask("shipping", market="BR"), "18"),
    "energy": (ask("air_travel", "bank", "US"), "74"),
    "expired": (ask("certificates", "bank", "TH", schemes=("TISI",)), "9998-7/2879"),
    "voltage": (ask("voltage", "dryer"), "240"),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", list(ASKED))
def test_value_condition_and_citation_reach_the_post_in_every_language(lang, name):
    question, value = ASKED[name]
    question = msgspec.structs.replace(question, lang=lang)
    mine = [i for i in ITEMS if i.product in (None, question.product)]
    answered = answer_verbose(question, mine, lang=lang, catalogue=CATALOGUE, on=ON)
    draft = answered.draft
    assert draft.action == "answer", [c.verdict for c in answered.judged]
    assert value in draft.text.replace(",", ".") or value in draft.text, draft.text
    assert len(draft.text) <= POST_LIMIT
    assert draft.claims
    assert draft.lang == lang
    assert "{" not in draft.text
    assert "  " not in draft.text
    assert not [c.verdict for c in answered.judged if c.verdict.action != "allow"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_decline_is_polite_in_every_language_and_claims_nothing(lang):
    draft = answer(ask("dishwasher", lang=lang), ITEMS, lang=lang, catalogue=CATALOGUE, on=ON)
    assert (draft.action, draft.claims) == ("decline", ())
    assert len(draft.text) > 15


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cohost_says_that_it_is_an_ai_in_every_language(lang):
    draft = answer(ask(None, lang=lang, human_check=True), (), lang=lang, catalogue=CATALOGUE, on=ON)
    assert draft.action == "answer"
    assert "Tern" in draft.text


def test_an_expired_paper_is_cited_as_not_valid():
    draft = answer(ASKED["expired"][0], ITEMS, lang="en", catalogue=CATALOGUE, on=ON)
    assert [(c.id, c.valid) for c in draft.citations] == [("E13", False)]


def test_a_language_without_frames_is_answered_in_english():
    draft = answer(ask("weight", lang="sv"), ITEMS, lang="sv", catalogue=CATALOGUE, on=ON)
    assert draft.lang == "en"
    assert draft.text.startswith("Weight: 620 g")


def test_an_undecidable_language_gets_the_markets_then_the_hosts():
    assert answer(ask("weight", lang="und"), ITEMS, lang="und", catalogue=CATALOGUE, on=ON).lang == "de"
    assert answer(ask("weight", market=None), ITEMS, lang="und", catalogue=CATALOGUE, on=ON).lang == "zh"


def test_formal_markets_are_addressed_formally_in_their_own_language_only():
    question = ask("price", None)
    german = answer(question, (), lang="de", catalogue=CATALOGUE, on=ON).text
    assert "meinen Sie" in german
    assert "te refieres" in answer(question, (), lang="es", catalogue=CATALOGUE, on=ON).text


def test_the_united_states_get_their_units_beside_metric_rounded_against_the_seller():
    text = answer(ask("weight", market="US"), ITEMS, lang="en", catalogue=CATALOGUE, on=ON).text
    assert "780 g (27.6 oz)" in text
    assert "oz" not in answer(ask("weight"), ITEMS, lang="en", catalogue=CATALOGUE, on=ON).text


def test_latin_names_in_arabic_stand_in_isolates():
    text = answer(ask("certificates", schemes=("CE",)), ITEMS, lang="ar", catalogue=CATALOGUE, on=ON).text
    assert "\u2066T-DOC-02\u2069" in text


def test_foreign_words_are_quoted_never_passed_off_as_the_viewers_language():
    item = fact(90, "lamp", "material", "wibble weave", models=("L-1",))
    assert value_words(item, Tongue("de")) == "„wibble weave“"
    assert value_words(item, Tongue("en")) == "wibble weave"


@pytest.mark.parametrize(
    ("lang", "hours", "days", "euros"),
    [
        ("en", "22.4 hours", "12–18 working days", "€79.90"),
        ("de", "22,4 Stunden", "12–18 Werktage", "79,90\xa0€"),
        ("es", "22,4 horas", "12–18 días laborables", "79,90\xa0€"),
        ("ru", "22,4 часа", "12–18 рабочих дней", "79,90\xa0€"),
        ("pl", "22,4 godziny", "12–18 dni roboczych", "79,90\xa0€"),
        ("zh", "22.4小时", "12–18个工作日", "€79.90"),
        ("ar", "22.4 ساعة", "12–18 يوم عمل", "\u200f79.90\xa0€"),
    ],
)
def test_numbers_units_plurals_and_money_follow_the_language(lang, hours, days, euros):
    at = Tongue(lang)
    assert quantity(22.4, "h", at).replace("\xa0", " ") == hours
    assert span(12, 18, "workday", at) == days
    assert money(79.9, "EUR", at) == euros


def test_dates_follow_the_market_where_its_language_is_spoken():
    assert date(ON, Tongue("en", "GB")) == "20 Nov 2026"
    assert date(ON, Tongue("en", "DE")) == "Nov 20, 2026"


def test_an_empty_slot_leaves_no_brackets():
    assert "(" not in frame("en", "value.in_stock", n="")
    assert plural("ru", "workday", 3).format(n="3") == "3 рабочих дня"


def test_a_long_quote_is_cut_at_a_sentence_or_a_word():
    assert cut("One thing. Another thing that is long.", 20) == "One thing."
    assert cut("word " * 40, 30).endswith("word…")
    assert cut("短句。" * 50, 20).endswith("。")


@pytest.mark.parametrize(
    ("text", "lang", "name"),
    [
        ("Keep out of the reach of children.", "en", "out_of_reach"),
        ("Nicht in der Nähe von Badewannen benutzen.", "de", "water_mains"),
        ("孕期使用前请咨询医生。", "zh", "pregnancy_doctor"),
        ("No es apto para menores de 3 años.", "es", "children_under"),
        ("Ne pas ouvrir la batterie.", "fr", "no_opening"),
    ],
)
def test_a_documents_warning_is_recognised_in_its_language(text, lang, name):
    assert name in recognise(text, lang)
    assert warnings("ja")[name].text


def test_text_without_a_warning_is_not_taken_for_one():
    assert recognise("The lamp comes in three colours.", "en") == ()


def test_the_longer_form_gives_way_before_anything_that_must_be_said():
    long = msgspec.structs.replace(MEASURED, condition="at 50 % light with " + "a very long remark " * 8)
    items = [long if i.id == "E3" else i for i in ITEMS]
    draft = answer(ask("battery"), items, lang="en", catalogue=CATALOGUE, on=ON)
    assert "22.4 hours" in draft.text
    assert "remark" in draft.text
