"""Planted faults: each changes what is said, and its marks stand in no truth."""

from __future__ import annotations

from typing import Any

from evals.faults import Planted, planted_in

WORDS = {
    "feature": {"en": "It also has a radio."},
    "superlative": {"en": "It is the best."},
    "approved": {"en": "It is officially approved."},
}


def faults(sentence: str, lang: str = "en", **more: Any) -> dict[str, Planted]:
    return {p.fault: p for p in planted_in(sentence, lang, WORDS, **more)}


def test_a_measured_figure_gets_every_kind_of_fault() -> None:
    found = faults("Battery: 22.4 h at 50 % volume (RX2, IPX7).", conditions=("50 %",))
    assert found["number"].text == "Battery: 33.6 h at 50 % volume (RX2, IPX7)."
    assert found["number"].marks == ("33.6 h",)
    assert found["unit"].marks == ("22.4 day",)
    assert found["condition"].text == "Battery: 22.4 h."
    assert "RX2-PRO" in found["model"].text
    assert "IPX8" in found["code"].text
    assert found["feature"].text == found["feature"].marks[0]


def test_a_decimal_comma_stays_a_comma() -> None:
    assert faults("Akkulaufzeit: 22,4 Std. bei 50 % Lautstärke.", "de")["number"].text.startswith(
        "Akkulaufzeit: 33,6 Std."
    )


def test_a_condition_counts_as_dropped_only_where_one_stood() -> None:
    assert "condition" not in faults("Price (Germany): 79.90 € — shop data.")
    assert "basis" not in faults("Price (Germany): 79.90 € — shop data.")
    weight = faults("Weight: 640\u00a0g — declared by the maker.", figure_of_a_paper=True)
    assert weight["basis"].text == "Weight: 640 g."
    assert "basis" not in faults("Size: 182 mm × 74 mm × 76 mm.", figure_of_a_paper=True)
    assert "basis" not in faults("Noise (at 1 m, highest speed) — measured.", figure_of_a_paper=True)


def test_the_figure_of_the_condition_is_turned_too() -> None:
    found = faults("Noise: 72.6\u00a0dB (“at 1 m, highest speed”) — measured.")
    assert found["number"].marks == ("108.9 dB",)
    assert found["unit-2"].marks == ("1 km",)


def test_a_sentence_without_a_figure_gets_only_what_a_liar_adds() -> None:
    assert set(faults("No, it charges through USB-C only.")) == {"feature", "superlative"}
    assert "approved" in faults("The maker declares conformity.", paper=True)


def test_a_language_without_words_gets_no_added_sentence() -> None:
    assert "feature" not in faults("Waga: 640 g.", "pl")
