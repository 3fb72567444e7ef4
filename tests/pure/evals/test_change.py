"""What an asker is owed when something changes, against values worked out by hand."""

from __future__ import annotations

import pytest

from evals.case import read_cases
from evals.change import ChangeCase, Happening, Owed, Told, change_scores, corrected, guessed, stale
from evals.suite import load_suites


def told(at: int, reply: str, text: str, *to: str, **more) -> Told:
    lang = more.pop("lang", "en")
    return Told(at_ms=at, reply_id=reply, text=text, lang=lang, action="answer", to=to, **more)


def case(*owes: Owed, **more) -> ChangeCase:
    asked = Happening(at_ms=0, does="ask", who="a", text="how much is it?")
    return ChangeCase(id="x", lang="en", does=(asked,), owes=owes, **more)


def test_an_old_price_is_stale_only_after_it_changed():
    owed = Owed(who="a", lang="en", values=("69.50 EUR",), never=("79.90 EUR",))
    shows = case(owed, changes_at_ms=5000)
    before, after = told(4999, "r1", "€79.90", "a"), told(6000, "r2", "€69.50", "a")
    assert stale(shows, owed, [before, after]) == []
    assert change_scores(shows, [before, after]) == {
        "never_guessed": 1, "reached": 1, "never_stale": 1, "action": 1, "reply_lang": 1, "value": 1,
    }  # fmt: skip
    late = [before, told(6000, "r2", "Preis: 79,90 €", "a", lang="de")]
    assert stale(shows, owed, late) == ["79.90 EUR"]
    scores = change_scores(shows, late)
    assert (scores["never_stale"], scores["value"], scores["reply_lang"]) == (0, 0, 0)


def test_who_hears_nothing_was_not_reached():
    scores = change_scores(case(Owed(who="a", lang="en")), [told(1, "r1", "hello", "b")])
    assert (scores["reached"], scores["action"]) == (0, 0)


def test_a_guess_counts_whoever_hears_it():
    shows = case(Owed(who="a", lang="en"), guesses=("89.90 USD",))
    assert guessed(shows, [told(1, "r1", "It is $89.90.", "b")]) == ["89.90 USD"]
    assert guessed(shows, [told(1, "r1", "It is €89.90.", "b")]) == []


@pytest.mark.parametrize(
    ("posts", "share"),
    [
        ([told(1, "r1", "24 h", "a", "b"), told(9, "r2", "22 h", "a", "b", corrects="r1")], 1.0),
        ([told(1, "r1", "24 h", "a", "b"), told(9, "r2", "22 h", "a", corrects="r1")], 0.5),
        ([told(1, "r1", "24 h", "a"), told(2, "r2", "above", "b", points="r1"),
          told(9, "r3", "22 h", "a", corrects="r1")], 0.5),
        ([told(1, "r1", "24 h", "a"), told(9, "r2", "22 h", "a", "z", corrects="r1")], 0.0),
        ([told(1, "r1", "24 h", "a"), told(9, "r2", "22 Std.", "a", corrects="r1", lang="de")], 0.0),
        ([told(1, "r1", "24 h", "a")], 0.0),
        ([], 0.0),
    ],
)  # fmt: skip
def test_a_correction_goes_to_those_who_got_the_wrong_word_and_to_nobody_else(posts, share):
    assert corrected(Owed(who="a", lang="en", corrected=True), posts) == share


def test_who_was_pointed_to_the_wrong_word_is_owed_the_correction_of_it():
    posts = [told(1, "r1", "24 h", "a"), told(2, "r2", "above", "b", points="r1"),
             told(9, "r3", "22 h", "a", "b", corrects="r1")]  # fmt: skip
    assert corrected(Owed(who="b", lang="en", corrected=True), posts) == 1.0


def test_a_papers_validity_is_that_of_its_citation():
    owed = Owed(who="a", lang="en", valid={"p.pdf": False})
    cited = ({"document": "p.pdf", "valid": False},)
    assert change_scores(case(owed), [told(1, "r1", "expired", "a", citations=cited)])["validity"] == 1
    assert change_scores(case(owed), [told(1, "r1", "expired", "a")])["validity"] == 0


def test_every_case_asks_in_order_and_owes_somebody_who_asked():
    suite = load_suites()["changes"]
    for one in read_cases(suite.files(), ChangeCase):
        askers = {b.who for b in one.does if b.does == "ask"}
        assert {o.who for o in one.owes} <= askers, one.id
        assert [b.at_ms for b in one.does] == sorted(b.at_ms for b in one.does), one.id
