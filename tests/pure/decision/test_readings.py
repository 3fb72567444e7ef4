"""What stands in for an answer and what never does: other readings, warnings of any source, chance words."""

import msgspec

from cohost.decision.answer import answer
from cohost.decision.plan import plan
from cohost.trust.evidence import Passage
from tests.pure.decision.brand import CATALOGUE, ON, ask, fact, market_fact, src


def passage(number: int, text: str, *, kind: str = "spec", cls: str = "B", **more) -> Passage:
    lang = more.pop("lang", "en")
    source = src(f"lamp/{kind}.md", text, kind=kind, lang=lang)
    return Passage(id=f"E{number}", source=source, source_class=cls, product="lamp", text=text, **more)


def told(question, items):
    return answer(question, items, lang=question.lang, catalogue=CATALOGUE, on=ON)


def test_a_further_attribute_the_words_name_answers_where_the_first_has_no_evidence():
    question = msgspec.structs.replace(ask("battery_capacity"), attributes=("battery_capacity", "capacity"))
    made = plan(question, [fact(1, "lamp", "capacity", 1.5, "L")], CATALOGUE, ON)
    assert (made.action, made.points[0].attribute) == ("answer", "capacity")


def test_safety_is_never_answered_by_another_attribute():
    question = msgspec.structs.replace(ask("pregnancy"), attributes=("pregnancy", "weight"))
    assert plan(question, [fact(1, "lamp", "weight", 620.0, "g")], CATALOGUE, ON).action == "decline"


def test_delivery_to_a_place_is_answered_by_its_time_and_cost():
    items = [
        market_fact(1, "lamp", "DE", "shipping", (5.0, 7.0), "day"),
        market_fact(2, "lamp", "DE", "shipping_cost", 4.9, "EUR"),
        market_fact(3, "lamp", "FR", "shipping", (8.0, 9.0), "day"),
    ]
    draft = told(ask("ships", market="DE"), items)
    assert draft.action == "answer"
    assert "5–7" in draft.text
    assert "4.90" in draft.text
    assert "8" not in draft.text
    assert told(ask("ships", market="ES"), items).action == "decline"


def test_a_warning_counts_whoever_gives_it_but_not_an_advertisement():
    words = "Not suitable for children under 36 months. Contains small parts: choking hazard."
    for kind, action in (("other", "answer"), ("faq", "answer"), ("brochure", "decline")):
        item = passage(1, words, kind=kind, cls="D", warning=True, attributes=("safety", "age"))
        assert told(ask("safety"), [item]).action == action, kind


def test_a_passage_is_not_anchored_by_the_countrys_name():
    item = passage(1, "In Frankreich und Deutschland gibt es 3 Jahre Garantie.", lang="de")
    assert told(ask(None, text="Versand nach Deutschland?", lang="de"), [item]).action == "decline"


def test_words_that_only_begin_alike_anchor_nothing():
    item = passage(1, "Em Portugal você tem 14 dias.", lang="pt")
    assert told(ask("ports", text="tem porta USB?", lang="pt"), [item]).action == "decline"


def test_the_labelled_figure_is_told_before_prose_that_mentions_the_word():
    prose = passage(1, "It contains caffeine, so drink it in moderation.", kind="faq", cls="D")
    figure = passage(2, "Caffeine: 30 mg per 100 ml")
    draft = told(ask(None, text="how much caffeine?"), [prose, figure])
    assert "30 mg" in draft.text


def test_lines_of_kb_toml_are_never_quoted_to_a_viewer():
    item = market_fact(1, "lamp", "DE", "shipping", (12.0, 18.0), "fathom")
    quoted = msgspec.structs.replace(item, source=src("kb.toml", '[[fact]] attribute = "shipping"'))
    assert "[[fact]]" not in told(ask("shipping"), [quoted]).text


def test_what_describes_is_not_answered_by_something_else():
    question = msgspec.structs.replace(ask("compatibility"), attributes=("compatibility", "weight"))
    assert plan(question, [fact(1, "lamp", "weight", 620.0, "g")], CATALOGUE, ON).action == "decline"


def test_capitals_a_viewer_types_find_the_words_that_hold_them_across_languages():
    shell = fact(
        1, "lamp", "material", "Edelstahl, BPA-freies Polypropylen", quote="Material Edelstahl, BPA-freies"
    )
    index = passage(2, "显色指数 CRI: Ra ≥ 95", lang="zh")
    assert "BPA" in told(ask("safety", text="Ist die BPA-frei?", lang="de"), [shell, index]).text
    assert "95" in told(ask(None, text="what is the CRI?"), [shell, index]).text
    assert told(ask(None, text="does it have NFC?"), [shell, index]).action == "decline"
    assert told(ask(None, text="DOES IT HAVE CRI AND BPA"), [shell, index]).action == "decline"


def test_months_of_an_age_warning_are_told_in_years_before_other_warnings():
    words = "No sumergir en agua. No conviene para niños menores de 36 meses."
    item = passage(1, words, lang="es", warning=True, attributes=("safety",))
    question = msgspec.structs.replace(
        ask("safety", text="is it safe for my 2 year old?"), attributes=("safety", "age")
    )
    assert told(question, [item]).text.startswith("Not for children under 3 years")


def test_a_certificates_heading_warns_nobody():
    source = src("lamp/gs.png", "Geprüfte Sicherheit", kind="certificate", lang="de")
    item = Passage(
        id="E1", source=source, source_class="A", product="lamp", text="Geprüfte Sicherheit",
        attributes=("safety",),
    )  # fmt: skip
    assert told(ask("safety", text="is it safe?"), [item]).action == "decline"


def test_a_single_working_day_and_an_age_keep_their_kind():
    one = market_fact(1, "lamp", "DE", "shipping", 5.0, "day", condition="working days")
    assert "5 working days" in told(ask("shipping"), [one]).text
    age = fact(2, "lamp", "age", 3.0, "year", qualifier="at_least")
    assert "3歳" in told(ask("age", lang="ja"), [age]).text
