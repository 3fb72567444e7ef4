"""Every branch of the plan: what is answered, corrected, declined, handed to a person, left alone."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.common.question import INTENTS, Question
from cohost.decision.answer import answer
from cohost.decision.plan import plan
from cohost.decision.points import Plan
from cohost.trust.attributes import ontology
from tests.pure.decision.brand import CATALOGUE, ITEMS, ON, ask, market_fact


def planned(question: Question, items=ITEMS) -> Plan:
    mine = [i for i in items if i.product in (None, question.product)]
    return plan(question, mine, CATALOGUE, ON)


def kinds(made: Plan) -> list[str]:
    return [p.kind for p in made.points]


def test_measured_figure_is_told_with_the_declared_one_beside_it_and_the_host_hears_of_the_conflict():
    made = planned(ask("battery"))
    assert (made.action, made.reason, kinds(made)[:2]) == ("answer", "measured", ["fact", "declared"])
    assert [p.evidence for p in made.points[:2]] == [("E3",), ("E1",)]
    assert made.notify_host
    assert made.host_note is not None
    assert made.host_note.kind == "conflict"


def test_the_variant_sold_in_the_market_decides():
    assert planned(ask("weight", market="US")).points[0].evidence == ("E7",)
    assert planned(ask("weight", market="DE")).points[0].evidence == ("E6",)


def test_with_the_market_unknown_each_model_is_told_by_its_name():
    made = planned(ask("weight", market=None))
    assert [(p.model, p.evidence) for p in made.points] == [("L-1", ("E6",)), ("L-2", ("E7",))]


def test_a_stronger_water_claim_is_denied_and_the_report_told():
    made = planned(ask("water", text="is it IPX8?", schemes=("IP",), features=("waterproof",)))
    assert made.reason == "correction"
    assert kinds(made) == ["denied", "fact"]
    assert made.points[0].feature == "IPX8"


def test_a_use_that_no_document_names_is_said_to_be_unconfirmed():
    made = planned(ask("water", text="can I swim with it?", features=("swim",)))
    assert kinds(made) == ["denied", "fact"]


def test_water_and_mains_give_the_warning_at_once_and_tell_the_host():
    made = planned(ask("water", "dryer", features=("shower",)))
    assert (made.action, made.reason, made.points[0].warning) == ("answer", "warning", "water_mains")
    assert made.notify_host
    assert made.protected


@pytest.mark.parametrize(
    ("scheme", "product", "market", "action", "reason"),
    [
        ("CE", "lamp", "DE", "answer", "paper_held"),
        ("CE", "lamp", "US", "answer", "not_for_market"),
        ("FCC", "lamp", "US", "answer", "paper_held"),
        ("TISI", "bank", "TH", "answer", "expired"),
        ("UL", "bank", "US", "answer", "component"),
        ("PSE", "bank", "JP", "decline", "no_paper"),
        ("FDA", "cream", "US", "answer", "paper_held"),
        ("OEKO-TEX", "lamp", "DE", "decline", "no_paper"),
    ],
)
def test_each_state_of_a_paper_has_its_own_answer(scheme, product, market, action, reason):
    made = planned(ask("certificates", product, market, schemes=(scheme,)))
    assert (made.action, made.reason) == (action, reason)


def test_a_paper_for_the_other_model_is_told_as_such():
    made = planned(ask("certificates", "lamp", "US", model="L-1", schemes=("FCC",)))
    assert made.reason == "other_model"


def test_a_registration_goes_with_the_word_that_it_is_no_approval():
    made = planned(ask("certificates", "cream", "US", schemes=("FDA",)))
    assert [p.text for p in made.points if p.kind == "talk"] == ["not_approval"]


def test_a_mandatory_paper_that_is_missing_tells_the_host():
    items = [i for i in ITEMS if i.id != "E13"]
    made = planned(ask("certificates", "bank", "TH", schemes=("TISI",)), items)
    assert (made.action, made.reason, made.notify_host) == ("decline", "no_paper", True)


def test_price_is_the_viewers_market_or_nothing():
    assert planned(ask("price", market="DE")).points[0].evidence == ("E30",)
    assert planned(ask("price", market="JP")).reason in ("no_price", "sale_gate")  # its price has expired


def test_no_price_is_told_of_another_market():
    items = [i for i in ITEMS if i.id not in ("E35",)]
    made = planned(ask("price", market="FR"), items)
    assert (made.action, made.reason) == ("decline", "no_price")
    assert not any(p.items for p in made.points)


def test_with_the_market_unknown_few_prices_are_listed_and_many_ask_for_the_country():
    few = [i for i in ITEMS if i.id not in ("E31", "E33", "E34")]
    assert kinds(planned(ask("price", market=None), few)) == ["market_list"]
    many = [*ITEMS, market_fact(60, "lamp", "TH", "price", 2590.0, "THB")]
    made = planned(ask("price", market=None), many)
    assert made.action == "decline" or len(made.points[0].names) <= 4


def test_a_market_that_the_shop_does_not_know_is_legal_and_said():
    made = planned(ask("price", market="SE"))
    assert (made.action, made.reason, made.points[0].market) == ("decline", "unknown_market", "SE")


def test_a_product_that_the_shop_does_not_know_is_legal_and_said():
    assert planned(ask("price", "nothing")).reason == "unknown_product"


def test_where_the_shop_does_not_ship_no_price_goes_out():
    made = planned(ask("price", "dryer", "US"))
    assert (made.action, made.reason, kinds(made)) == ("answer", "ships_no", ["ships_no"])


def test_behind_a_shut_sale_gate_there_is_no_price_and_no_link():
    for question in (ask("price", "bank", "TH"), ask(None, "bank", "TH", intent="purchase")):
        made = planned(question)
        assert (made.action, made.reason, made.notify_host) == ("decline", "sale_gate", True)


def test_a_dryer_for_230_volts_is_answered_with_the_warning_where_the_socket_gives_100():
    made = planned(ask("voltage", "dryer", "JP"))
    assert made.reason == "warning"
    assert [p.warning for p in made.points if p.kind == "warning"] == ["voltage_mismatch"]


def test_a_battery_on_a_plane_gets_energy_limit_and_rule_from_the_documents():
    assert kinds(planned(ask("air_travel", "bank", "US"))) == ["fact", "limit", "warning"]


def test_pregnancy_gets_the_reviewed_warning_never_a_decline():
    made = planned(ask("pregnancy", "cream", "US"))
    assert (made.points[0].warning, made.notify_host) == ("pregnancy_doctor", True)


def test_safety_without_any_evidence_is_declined_and_seen_by_a_person():
    made = planned(ask("pregnancy", "lamp"))
    assert (made.action, made.reason, made.notify_host) == ("decline", "no_evidence", True)


def test_a_feature_that_a_document_names_is_quoted_one_that_none_names_is_declined():
    assert planned(ask("charging", features=("wireless",))).points[0].evidence == ("E22",)
    assert planned(ask("charging", features=("fast_charge",))).action == "decline"


def test_text_is_quoted_only_where_an_anchor_holds():
    asked = ask(None, text="does it charge through usb?")
    assert planned(asked).points[0].evidence == ("E22",)
    assert planned(ask(None, text="will it rain tomorrow?")).action == "decline"


def test_reviews_come_with_consent_and_only_when_asked_for():
    assert [p.evidence for p in planned(ask("reviews")).points] == [("E23",)]
    assert not any(p.kind == "review" for p in planned(ask(None, text="luce bien?")).points)


def test_a_policy_without_a_figure_is_quoted():
    assert kinds(planned(ask("payment"))) == ["policy"]


@pytest.mark.parametrize(
    ("intent", "action"),
    [
        ("hazard", "escalate"),
        ("complaint", "escalate"),
        ("order", "escalate"),
        ("demo_request", "escalate"),
        ("personal_data", "decline"),
        ("off_topic", "decline"),
        ("injection", "ignore"),
        ("abuse", "ignore"),
        ("spam", "ignore"),
        ("sensitive", "ignore"),
        ("greeting", "ignore"),
        ("praise", "ignore"),
        ("to_viewer", "ignore"),
        ("guess", "ignore"),
    ],
)
def test_what_is_no_product_question_has_a_fixed_action(intent, action):
    assert planned(ask(None, intent=intent)).action == action


def test_a_hazard_begins_with_the_fixed_sentence_and_calls_a_person():
    made = planned(ask(None, intent="hazard"))
    assert made.points[0].warning == "stop_using"
    assert made.notify_host


def test_are_you_human_is_always_answered_an_attack_never():
    assert planned(ask(None, intent="greeting", human_check=True)).reason == "human_check"
    assert planned(ask(None, intent="injection", human_check=True)).action == "ignore"


def test_evidence_held_back_or_of_another_product_is_not_looked_at():
    held = [msgspec.structs.replace(i, release="held") for i in ITEMS]
    assert planned(ask("weight"), held).reason == "no_evidence"
    assert plan(ask("weight", "bank"), ITEMS, CATALOGUE, ON).reason == "no_evidence"


ATTRIBUTES = sorted(ontology())
questions = st.builds(
    lambda attribute, product, market, text, lang, intent, features, schemes, human: ask(
        attribute,
        product,
        market,
        text=text,
        lang=lang,
        intent=intent,
        features=tuple(features),
        schemes=tuple(schemes),
        human_check=human,
    ),
    st.sampled_from([None, *ATTRIBUTES]),
    st.sampled_from([None, "lamp", "bank", "dryer", "cream", "?"]),
    st.sampled_from([None, "DE", "US", "JP", "SE", "XX"]),
    st.text(max_size=40),
    st.sampled_from(["en", "de", "ja", "ar", "und", "sv", "hi-Latn"]),
    st.sampled_from(["", *sorted(INTENTS)]),
    st.lists(st.sampled_from(["swim", "wireless", "child", "vegan", "waterproof"]), max_size=2),
    st.lists(st.sampled_from(["CE", "FDA", "IP", "TISI", "NOPE"]), max_size=2),
    st.booleans(),
)


@given(questions, st.lists(st.sampled_from(ITEMS), max_size=25, unique_by=lambda i: i.id))
def test_no_question_and_no_evidence_raises_and_every_claim_rests_on_what_was_found(question, items):
    draft = answer(question, items, lang=question.lang, catalogue=CATALOGUE, on=ON)
    found = {i.id for i in items}
    cited = {c.id for c in draft.citations}
    assert {e for c in draft.claims for e in c.evidence} <= cited <= found
    assert (draft.text == "") == (draft.action == "ignore")
    assert "{" not in draft.text
    if draft.action == "answer" and not question.human_check:
        assert draft.claims
    if draft.action != "answer":
        assert not draft.claims
