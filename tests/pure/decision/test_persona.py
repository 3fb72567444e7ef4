"""Personas: one file a market, refused by name where something is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cohost.decision.persona import NONE, PARTS, load_personas, parse, style
from cohost.decision.prompt import load
from cohost.errors import SettingsError
from cohost.resources import find

HEAD = '+++\nid = "XX"\nversion = 1\nvariables = []\n+++\n'
BODY = "\n".join(f"# {part}\nsome words" for part in PARTS)
MARKETS = {"US", "GB", "DE", "FR", "ES", "IT", "BR", "MX", "JP", "KR", "TH", "ID"}


def test_twelve_markets_have_a_persona_of_their_own() -> None:
    personas = load_personas(find("prompts") / "markets")
    assert set(personas) == MARKETS
    assert len({p.sha256 for p in personas.values()}) == len(MARKETS)
    assert len({p.text for p in personas.values()}) == len(MARKETS)


def test_a_personas_text_reaches_the_prompt_with_its_places_filled() -> None:
    japan = load_personas(find("prompts") / "markets")["JP"]
    assert "Speak of Tern as 当店" in style(japan, {"brand": "Tern", "language": "Japanese"})
    assert style(None, {}) == NONE


def test_every_prompt_of_a_writer_has_a_place_for_it_after_its_rules() -> None:
    for name in ("answer", "script"):
        system = dict(load(find("prompts") / f"{name}.md").parts)["system"]
        assert system.index("[E3]") < system.index("{{persona}}")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (BODY, "no front matter"),
        (HEAD.replace("version = 1", "tone = 2\nversion = 1") + BODY, "unknown key tone"),
        (HEAD.replace("version = 1\n", "") + BODY, "no key version"),
        (HEAD + BODY.replace("# humour\n", "# jokes\n"), "jokes"),
        (HEAD + BODY.replace("# units\nsome words", "# units\n"), "each with text"),
        (HEAD + BODY + " {{brand}}", "variable brand"),
        (HEAD.replace("[]", '["mood"]') + BODY + " {{mood}}", "variable mood"),
        (HEAD + BODY + " say so [E3]", "evidence id"),
        (HEAD + BODY + "x" * 5000, "at most 4000"),
    ],
)
def test_a_persona_with_a_fault_is_refused_by_name(text: str, names: str) -> None:
    with pytest.raises(SettingsError, match=names):
        parse(text, "prompts/markets/XX.md")


def test_a_file_is_named_for_its_market(tmp_path: Path) -> None:
    (tmp_path / "DE.md").write_text(HEAD + BODY, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"DE\.md.*XX"):
        load_personas(tmp_path)
    assert load_personas(tmp_path / "nowhere") == {}
