"""Headings, sheets and pages of other products lead over to them, until the next one that does."""

from __future__ import annotations

from cohost.common.catalogue import Catalogue, Market, Product
from cohost.knowledge.documents import Block, Document, Page, Table
from cohost.knowledge.extract import Extraction, extract
from cohost.trust.evidence import Evidence, Fact, Passage
from tests.pure.knowledge.extract.made_documents import extracted

TWO = Catalogue(
    products=(
        Product("boot", "Gemse Mid boot", ("GM-31",), ("boots",)),
        Product("helmet", "Storch City helmet", ("SC-20", "SC-21"), ("helmet",)),
        Product("bag", "Nebel sleeping bag", ("NB-5",)),
    ),
    markets=(Market("DE", "de", "EUR"),),
)


def paged(*pages: str) -> Extraction:
    """A PDF of these pages; "# " heads, "a | b" rows."""
    made = []
    for number, text in enumerate(pages, start=1):
        blocks, rows = [], []
        for line in text.strip().splitlines():
            if line.startswith("#"):
                blocks.append(Block("heading", line.lstrip("# "), level=len(line) - len(line.lstrip("#"))))
            elif "|" in line:
                cells = tuple(c.strip() for c in line.split("|"))
                rows.append(cells)
                blocks.append(Block("table_row", " ".join(cells), cells=cells, table=0))
            else:
                blocks.append(Block("paragraph", line))
        tables = (Table(tuple(rows)),) if rows else ()
        made.append(Page(number, "\n".join(b.text for b in blocks), tuple(blocks), tables))
    title = made[0].blocks[0].text
    return extract(Document("sheet.pdf", "00", "pdf", tuple(made), title), catalogue=TWO)


def owners(items: tuple[Evidence, ...], word: str) -> set[tuple[str | None, tuple[str, ...]]]:
    return {(i.product, i.models) for i in items if word in i.source.quote}


def test_a_second_pages_title_leads_to_its_product() -> None:
    got = paged(
        "# Gemse Mid – hiking boot\nWeight | 485 g\nOrigin | Portugal",
        "# Storch City – helmet\n## Technical data\nWeight | 340 g\nOrigin | Italy\n## Care\nWipe it dry.",
    )
    assert got.product is None
    weights = {(f.product, f.value) for f in got.items if isinstance(f, Fact) and f.attribute == "weight"}
    assert weights == {("boot", 485.0), ("helmet", 340.0)}
    assert {p for p, _ in owners(got.items, "Wipe")} == {"helmet"}


def test_a_notice_with_a_heading_a_product_warns_of_each() -> None:
    got = extracted(
        """
        # Safety information under the GPSR
        ## Gemse Mid, boot (model GM-31)
        Warning! Not a safety shoe. Do not use it on glaciers.
        ## Storch City, helmet (models SC-20)
        Warning! Children must not climb with the helmet on.
        ## Contact
        Exempel Outdoor GmbH makes all of them in its own works.
        """,
        catalogue=TWO, path="notice.md",
    )  # fmt: skip
    assert owners(got.items, "glaciers") == {("boot", ("GM-31",))}
    assert owners(got.items, "climb") == {("helmet", ("SC-20",))}
    assert {p for p, _ in owners(got.items, "Exempel")} == {None}
    assert {i.source_class for i in got.items if isinstance(i, Passage) and i.warning} == {"B"}


def test_a_heading_of_two_products_tells_of_both() -> None:
    got = extracted(
        "# Questions\n## Gemse Mid and Nebel sleeping bag\nBoth come with a stuff sack of cotton.\n"
        "## Returns\nYou have thirty days to think it over.",
        catalogue=TWO, path="x.md",
    )  # fmt: skip
    assert {p for p, _ in owners(got.items, "stuff sack")} == {"boot", "bag"}
    assert {p for p, _ in owners(got.items, "thirty")} == {None}


def test_a_section_of_an_attribute_stays_with_the_product_above_it() -> None:
    got = paged(
        "# Data\n## Storch City helmet\nMade for the city and light.\n## Care\nWipe it dry with a cloth."
    )
    assert {p for p, _ in owners(got.items, "Wipe")} == {"helmet"}


def test_a_product_named_in_passing_leads_nowhere() -> None:
    got = paged(
        "# Gemse Mid boot\nGoes well with the Nebel sleeping bag on long tours.\nKeep it dry after tours."
    )
    assert {p for p, _ in owners(got.items, "Keep it dry")} == {"boot"}


def test_each_sheet_of_a_workbook_is_its_products() -> None:
    def sheet(title: str, weight: str) -> Page:
        cells = (("Item", "Value"), ("Weight", weight), ("Colour", "red"))
        blocks = tuple(Block("table_row", " ".join(c), cells=c, table=0) for c in cells)
        return Page(None, "\n".join(b.text for b in blocks), blocks, (Table(cells),), title=title)

    pages = (sheet("Gemse Mid", "485 g"), sheet("Storch City", "340 g"))
    got = extract(Document("data.xlsx", "00", "xlsx", pages, "data"), catalogue=TWO)
    weights = {(f.product, f.value) for f in got.items if isinstance(f, Fact) and f.attribute == "weight"}
    assert weights == {("boot", 485.0), ("helmet", 340.0)}


def test_a_model_field_decides_where_the_title_names_several() -> None:
    catalogue = Catalogue(products=(
        Product("kiesel-one", "Kiesel One", ("KS-1",), ("Kiesel",)),
        Product("kiesel-pro", "Kiesel Pro buds", ("KS-1P",)),
    ))  # fmt: skip
    text = "# Kiesel One / Kiesel Pro 사용설명서\n모델명: KS-1P\n충전 케이스를 열면 자동으로 켜집니다."
    assert extracted(text, catalogue=catalogue).product == "kiesel-pro"
