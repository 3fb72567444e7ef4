"""A folder of broken things: each is named, none stops the rest."""

import os
from pathlib import Path
from typing import NoReturn

import pytest

from cohost.knowledge.build import MAX_PASSAGES, Built, build
from cohost.trust.evidence import Passage

SPEC = "# Probe lamp PL-7\n\n| Item | Value |\n|---|---|\n| Battery life | 37 h |\n"


def no_ocr() -> NoReturn:
    raise AssertionError("no picture is read here")


def built(folder: Path, cache: Path) -> Built:
    (folder / "spec.md").write_text(SPEC, encoding="utf-8")
    return build(folder, cache, ocr=no_ocr)


def test_pipes_links_and_odd_names_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    folder.mkdir()
    os.mkfifo(folder / "pipe.md")
    (folder / "endless.txt").symlink_to("/dev/zero")
    (folder / "circle.md").symlink_to(folder / "circle.md")
    (folder / "zero.pdf").write_bytes(b"")
    Path(os.fsdecode(os.fsencode(folder) + b"/odd\xff.md")).write_text("# x")
    Path(os.fsdecode(os.fsencode(folder) + b"/odd\xff.zip")).write_text("x")
    got = built(folder, tmp_path / "cache")
    assert {p.document: p.code for p in got.problems if p.document != "kb.toml"} == {
        "pipe.md": "unreadable", "endless.txt": "symlink_outside", "circle.md": "unreadable",
        "zero.pdf": "empty", "odd?.md": "unreadable", "odd?.zip": "unsupported",
    }  # fmt: skip
    assert any(item.source.document == "spec.md" for item in got.items)


def test_a_damaged_cache_entry_is_read_again(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    folder.mkdir()
    first = built(folder, tmp_path / "cache")
    assert built(folder, tmp_path / "cache").reused == 1
    for entry in (tmp_path / "cache" / "documents").iterdir():
        entry.write_bytes(b'{"document": 5')
    again = built(folder, tmp_path / "cache")
    assert again.reused == 0
    assert again.items == first.items


def test_a_folder_may_be_read_twice_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "kb"
    folder.mkdir()
    replace, another = Path.replace, list[Built]()

    def after_another(partial: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "replace", replace)
        another.append(built(folder, tmp_path / "cache"))
        return replace(partial, target)

    monkeypatch.setattr(Path, "replace", after_another)
    first = built(folder, tmp_path / "cache")
    assert [one.items for one in another] == [first.items]
    assert [entry.suffix for entry in (tmp_path / "cache" / "documents").iterdir()] == [".json"]


def test_a_book_without_end_gives_only_its_first_passages(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    folder.mkdir()
    line = "The lamp stands on the table and gives a warm light for the evening hours. " * 6
    (folder / "book.txt").write_text("\n\n".join(f"{line}{n}" for n in range(2300)), encoding="utf-8")
    got = built(folder, tmp_path / "cache")
    passages = [i for i in got.items if isinstance(i, Passage) and i.source.document == "book.txt"]
    assert len(passages) == MAX_PASSAGES
    assert [p.code for p in got.problems if p.document == "book.txt"] == ["too_large"]


def test_evidence_has_the_same_ids_whether_it_was_read_or_taken_from_the_cache(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    folder.mkdir()
    (folder / "guarantee.html").write_text(
        "<h1>Warranty for Germany</h1><p>The warranty for the Probe lamp is 24 months from delivery.</p>"
        "<table><tr><th>Weight</th><td>412 g</td></tr></table>",
        encoding="utf-8",
    )
    (folder / "kb.toml").write_text(
        '[brand]\nname = "Probe"\n[[document]]\npath = "guarantee.html"\nvisibility = "excerpt"\n',
        encoding="utf-8",
    )
    (folder / "oeko.md").write_text(
        "# Certificate RX-1234\n\nScheme: OEKO-TEX STANDARD 100. Model PL-7. Valid until 2027-03-31.\n",
        encoding="utf-8",
    )
    first, again = built(folder, tmp_path / "cache"), built(folder, tmp_path / "cache")
    assert again.reused == 3
    assert [i.id for i in again.items] == [i.id for i in first.items]
    assert len({i.id for i in first.items}) == len(first.items) >= 4
