"""The faults that are planted in translations, and the book that translates."""

from __future__ import annotations

from evals.garble import KINDS, garbled
from evals.phrasebook import Phrasebook
from evals.runners.translation import figures

TEXT = "El XQ1 pesa 412 g y cumple EN 55032."


def test_each_kind_of_fault_changes_what_it_says_it_changes() -> None:
    assert KINDS["dropped"]("pesa 412 g", "es") == "pesa g"
    assert KINDS["changed"]("pesa 412 g", "es") == "pesa 37 g"
    assert KINDS["added"]("pesa", "es") == "pesa (9)"
    assert KINDS["unit"]("pesa 412 g", "es") == "pesa 412 lb"
    assert KINDS["name"](TEXT, "es") == "El pesa 412 g y cumple EN 55032."


def test_a_fault_is_the_same_each_time_and_never_none_where_one_fits() -> None:
    kind, told = garbled("x", "", "es", TEXT)
    assert (kind, told) == garbled("x", "", "es", TEXT)
    assert kind in KINDS
    assert told != TEXT


def test_the_book_knows_its_lines_bare_with_marks_and_nearly() -> None:
    book = Phrasebook([{"en": "The WV-1 weighs 412 g", "es": "El WV-1 pesa 412 g"}], names=("WV-1",))

    def ask(text: str) -> str:
        system = "You translate lines of a live selling room from English into Spanish."
        return book.answer([{"content": system}, {"content": f"<text>\n{text}\n</text>"}])

    assert ask("The WV-1 weighs 412 g") == "El WV-1 pesa 412 g"
    assert ask("The XQ1 weighs 412 g") == "El XQ1 pesa 412 g"
    assert ask("the WV-1 weighs 412 g.") != ""
    assert ask("Something else altogether") == ""
    assert book.answer([{"content": "Answer the viewer"}]) == ""


def test_figures_are_read_in_any_script() -> None:
    assert figures("٤١٢ غ 24 h") == figures("24 h 412 g") == ["24", "412"]
