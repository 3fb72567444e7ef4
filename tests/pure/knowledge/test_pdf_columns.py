"""Columns of a page: prose beside prose, a table inside one, and forms that are no columns. Pure."""

from __future__ import annotations

from cohost.knowledge.documents.model import Piece
from cohost.knowledge.documents.pdf_layout import Layout, Ruled, layout

WIDTH = 595.0


def line(x: float, y: float, text: str, *, bold: bool = False) -> Piece:
    return Piece(text=text, box=(x, y, x + 4.6 * len(text), y + 9), bold=bold)


def column(x: float, y: float, *lines: str) -> list[Piece]:
    """A bold head and its lines."""
    head, *rest = lines
    return [line(x, y, head, bold=True), *(line(x, y + 16 + 12 * n, t) for n, t in enumerate(rest))]


def told(made: Layout) -> list[str]:
    return [b.text for b in made.blocks]


def test_short_blocks_of_two_columns_do_not_interleave() -> None:
    pieces = [
        line(50, 40, "Lamp Moon, a data sheet for the whole of the page and more than one column", bold=True),
        *column(50, 100, "In the box", "Lamp, one cable of a metre and", "a half, a manual."),
        *column(310, 97, "Care", "Wipe the shade with a dry cloth and", "never use alcohol on it."),
    ]
    assert told(layout(pieces, [], WIDTH)) == [
        "Lamp Moon, a data sheet for the whole of the page and more than one column",
        "In the box", "Lamp, one cable of a metre and a half, a manual.",
        "Care", "Wipe the shade with a dry cloth and never use alcohol on it.",
    ]  # fmt: skip


def test_columns_on_the_same_lines_are_read_one_after_the_other() -> None:
    pieces = [
        *column(50, 100, "Mopping", "The pad is kept damp by a pump with", "three levels of water."),
        *column(310, 100, "Carpets", "On carpet it raises the suction by", "itself."),
    ]
    assert told(layout(pieces, [], WIDTH)) == [
        "Mopping", "The pad is kept damp by a pump with three levels of water.",
        "Carpets", "On carpet it raises the suction by itself.",
    ]  # fmt: skip


def test_a_ruled_table_inside_a_column_stays_there() -> None:
    pieces = [
        line(50, 100, "Technical data", bold=True),
        *column(310, 100, "Membrane", "Water column of the membrane at",
                "least 10 000 mm, as ISO 811 has it,", "when new."),
        *column(50, 200, "Upper", "Nubuck of cattle, 1.8 mm, with parts", "of polyamide."),
    ]  # fmt: skip
    table = Ruled(115, 180, (("Weight", "485 g"), ("Colours", "green")), 50, 280)
    assert told(layout(pieces, [table], WIDTH)) == [
        "Technical data", "Weight 485 g", "Colours green", "Upper",
        "Nubuck of cattle, 1.8 mm, with parts of polyamide.", "Membrane",
        "Water column of the membrane at least 10 000 mm, as ISO 811 has it, when new.",
    ]  # fmt: skip


def test_labels_and_values_side_by_side_are_rows() -> None:
    rows = [("Holder", "Exempel Outdoor GmbH, Musterstadt"), ("Product", "Bicycle helmet Storch City"),
            ("Model", "SC-20"), ("Standard", "EN 1078:2012+A1:2012 for pedal cyclists")]  # fmt: skip
    pieces = [line(60, 100 + 20 * n, a) for n, (a, _) in enumerate(rows)]
    pieces += [line(250, 100 + 20 * n, b) for n, (_, b) in enumerate(rows)]
    assert told(layout(pieces, [], WIDTH)) == [f"{a} {b}" for a, b in rows]


def test_the_head_of_a_wide_table_below_the_columns_stands_before_it() -> None:
    pieces = [
        *column(50, 100, "Mopping", "The pad is kept damp by a pump with", "three levels of water."),
        *column(310, 100, "Carpets", "On carpet it raises the suction by", "itself."),
        line(50, 180, "Technical data", bold=True),
    ]
    table = Ruled(200, 240, (("Weight", "3.6 kg", "with empty tank"),), 50, 540)
    assert told(layout(pieces, [table], WIDTH))[-3:] == [
        "On carpet it raises the suction by itself.", "Technical data", "Weight 3.6 kg with empty tank",
    ]  # fmt: skip
