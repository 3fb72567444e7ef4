"""Planted faults: each changes what is said, and its marks stand in no truth."""

from __future__ import annotations

from evals.faults import Planted, planted_in

WORDS = {
    "feature": {"en": "It also has a radio."},
    "superlative": {"en": "It is the best."},
    "approved": {"en": "It is officially approved."},
}


def faults(sentence: str, lang: str = "en", *, paper: bool = False) -> dict[str, Planted]:
    return {p.fault: p for p in planted_in(sentence, lang, WORDS, paper=paper)}


def test_a_measured_figure_gets_every_kind_of_fault() -> None:
    found = faults("Battery: 22.4 h at 50 % volume (RX2, IPX7).")
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


def test_a_sentence_without_a_figure_gets_only_what_a_liar_adds() -> None:
    assert set(faults("No, it charges through USB-C only.")) == {"feature", "superlative"}
    assert "approved" in faults("The maker declares conformity.", paper=True)


def test_a_language_without_words_gets_no_added_sentence() -> None:
    assert "feature" not in faults("Waga: 640 g.", "pl")
