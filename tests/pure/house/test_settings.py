"""Settings: one file, the environment over it, every mistake named."""

from pathlib import Path

import pytest

from cohost.errors import SettingsError
from cohost.settings import Settings, load, replace


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "cohost.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_nothing_given_is_the_default_tree() -> None:
    assert load(None, {}) == Settings()


def test_an_unknown_key_is_refused_with_near_names(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"unknown key web\.prot.*port"):
        load(write(tmp_path, "[web]\nprot = 1\n"), {})


def test_a_value_of_the_wrong_type_names_its_place(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"web\.port"):
        load(write(tmp_path, '[web]\nport = "x"\n'), {})


def test_a_value_out_of_range_names_the_range(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="expected 0 to 65535"):
        load(write(tmp_path, "[web]\nport = 99999\n"), {})


def test_broken_toml_and_a_missing_file_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="invalid TOML"):
        load(write(tmp_path, "[web"), {})
    with pytest.raises(SettingsError, match="no file"):
        load(tmp_path / "absent.toml", {})


def test_the_environment_switches_the_writer_on() -> None:
    settings = load(None, {"OPENAI_BASE_URL": "http://127.0.0.1:1", "COHOST_LLM_MODEL": "m"})
    assert (settings.llm.base_url, settings.llm.model) == ("http://127.0.0.1:1", "m")


def test_replace_changes_a_copy() -> None:
    changed = replace(Settings(), web__port=1, kb="x")
    assert (changed.web.port, changed.kb, Settings().web.port) == (1, "x", 8765)
