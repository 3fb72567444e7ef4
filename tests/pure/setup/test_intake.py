"""Files for the folder: names that stay in it, bounds, whole files only."""

from __future__ import annotations

from pathlib import Path

import pytest

from cohost.errors import DocumentError
from cohost.setup.intake import safe_name, take


@pytest.mark.parametrize("name", ["Lamp 2 – Datenblatt.pdf", "合格证.pdf", "спецификация.docx", "a.b.txt"])
def test_a_name_of_any_language_is_taken_as_it_is(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "../a.pdf", "a/b.pdf", "a\\b.pdf", "/etc/x.txt", ".hidden.pdf", "_a.pdf", "~$a.docx", "con.txt",
     "a\x00.pdf", "a\n.pdf", "\u202egnp.txt", "C:a.txt", "x" * 200 + ".pdf"],
)  # fmt: skip
def test_a_name_that_is_a_path_or_hides_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as refused:
        take(tmp_path, name, b"words")
    assert refused.value.code in ("bad_name",)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    assert take(tmp_path, "a.txt", b"one") == "a.txt"
    take(tmp_path, "a.txt", b"two")
    assert (tmp_path / "a.txt").read_bytes() == b"two"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_kind_size_and_emptiness_are_told(tmp_path: Path) -> None:
    for name, data, code in (
        ("a.exe", b"x", "unsupported"),
        ("kb.toml", b"x", "unsupported"),
        ("a.txt", b"x" * (2 * 2**20 + 1), "too_large"),
        ("a.txt", b" \n", "empty"),
    ):
        with pytest.raises(DocumentError) as refused:
            take(tmp_path, name, data)
        assert refused.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_a_link_out_of_the_folder_is_never_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    folder = tmp_path / "kb"
    folder.mkdir()
    (folder / "a.txt").symlink_to(outside)
    with pytest.raises(DocumentError):
        take(folder, "a.txt", b"theirs")
    assert outside.read_text() == "mine"
