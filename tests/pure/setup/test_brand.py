"""`kb.toml` by the page: comments stay, the strict reader decides, the old file is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cohost.errors import KnowledgeError, WireError
from cohost.knowledge.kbtoml import load
from cohost.setup.brand import write

OLD = """# our shop
[brand]  # who sells
name = "Aurora Probe"  # as on the box
support = '''several
lines'''

[[product]]
id = "lamp"
name = "Lamp"
pinned = true  # first
"""


def say(folder: Path, *, on_disk: bool = True, **wanted: Any) -> str:
    return write(folder, json.dumps(wanted).encode(), on_disk=on_disk)


def test_an_empty_folder_gets_brand_product_market_and_price(tmp_path: Path) -> None:
    said = {"name": 'Probe "Nord"', "legal_name": "Probe GmbH\\", "host_lang": "zh"}
    say(tmp_path, brand=said)
    say(tmp_path, product={"name": "Aurora Lamp 2", "models": ["AL-2"], "pinned": True})
    say(tmp_path, product={"name": "极光灯"})
    say(
        tmp_path,
        market={"market": "DE", "lang": "de", "currency": "EUR", "product": "aurora-lamp-2", "price": 49.9},
    )
    say(tmp_path, market={"market": "DE", "currency": "EUR", "product": "product-1", "price": 20})
    kb = load(tmp_path)
    assert (kb.catalogue.brand.name, kb.catalogue.brand.legal_name) == ('Probe "Nord"', "Probe GmbH\\")
    assert [p.id for p in kb.catalogue.products] == ["aurora-lamp-2", "product-1"]
    assert [m.code for m in kb.catalogue.markets] == ["DE"]
    assert [getattr(f, "value", None) for f in kb.facts][:2] == [49.9, 20.0]


def test_comments_stay_and_the_old_file_is_kept(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text(OLD)
    text = say(tmp_path, brand={"name": "Aurora"}, product={"name": "Torch", "pinned": True})
    assert 'name = "Aurora"  # as on the box' in text
    assert "# our shop" in text
    assert "pinned = false  # first" in text
    assert [p.pinned for p in load(tmp_path).catalogue.products] == [False, True]
    assert (tmp_path / "kb.toml.bak").read_text() == OLD


@pytest.mark.parametrize(
    "wanted",
    [{"brand": {"host_lang": "Klingon!"}}, {"market": {"market": "XX", "currency": "EUR"}},
     {"market": {"market": "DE", "currency": "EUR", "product": "nothing", "price": 1}},
     {"brand": {"support": "x"}}, {"brand": {"other": "x"}}, {"else": 1}, {"product": {"name": ""}}],
)  # fmt: skip
def test_what_the_reader_refuses_changes_nothing(tmp_path: Path, wanted: dict[str, Any]) -> None:
    (tmp_path / "kb.toml").write_text(OLD)
    with pytest.raises((KnowledgeError, WireError)):
        say(tmp_path, **wanted)
    assert (tmp_path / "kb.toml").read_text() == OLD
    assert not (tmp_path / "kb.toml.bak").exists()


def test_a_folder_that_may_only_be_read_gives_the_text(tmp_path: Path) -> None:
    assert 'name = "Probe"' in say(tmp_path, on_disk=False, brand={"name": "Probe"})
    assert list(tmp_path.iterdir()) == []
