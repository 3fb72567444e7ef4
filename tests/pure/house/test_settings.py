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


SEVERAL = """
[llm]
model = "big"
max_tokens = 300
price_in = 2.5
[[llm.endpoint]]
model = "small"
base_url = "http://127.0.0.1:9/v1"
key_env = "SMALL_KEY"
timeout_s = 0.8
structured = true
[[llm.endpoint]]
model = "small"
name = "spare"
max_tokens = 90
"""


def test_endpoints_come_in_order_with_their_keys_and_the_first_ones_length(tmp_path: Path) -> None:
    llm = load(write(tmp_path, SEVERAL), {"OPENAI_API_KEY": "k1"}).llm
    found = llm.servers({"SMALL_KEY": "k2"})
    assert [(s.name, s.api_key, s.max_tokens, s.structured) for s in found] == [
        ("big", "k1", 300, False), ("small", "k2", 300, True), ("spare", "", 90, False),
    ]  # fmt: skip
    assert found[0].prices == (2.5, 0.0, 0.0)
    with pytest.raises(SettingsError, match=r"SMALL_KEY.*not set"):
        llm.servers({})


def test_nothing_set_up_is_no_server_and_a_list_alone_is_enough(tmp_path: Path) -> None:
    assert Settings().llm.servers({}) == ()
    alone = load(write(tmp_path, '[[llm.endpoint]]\nmodel = "m"\n'), {})
    assert [s.name for s in alone.llm.servers({})] == ["m"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('[[llm.endpoint]]\nmodle = "m"\n', r"unknown key llm\.endpoint\.modle.*model"),
        ('[[llm.endpoint]]\nbase_url = "http://x"\n', "without a model"),
        ('[llm]\nmodel = "m"\n[[llm.endpoint]]\nmodel = "m"\n', "two endpoints named “m”"),
        ('[[llm.endpoint]]\nmodel = "m"\ntimeout_s = 99\n', r"endpoint\.timeout_s = 99.*0 to 60"),
        ('[[llm.endpoint]]\nmodel = "m"\nprice_in = "x"\n', r"llm\.endpoint\[0\]\.price_in = 'x'"),
        ('[llm]\nmodel = "m"\nbase_url = "localhost:8000"\n', "expected http:// or https://"),
        ("[llm]\nceiling = -1\n", "llm.ceiling = -1"),
    ],
)
def test_a_mistake_in_an_endpoint_names_its_place(tmp_path: Path, text: str, names: str) -> None:
    with pytest.raises(SettingsError, match=names):
        load(write(tmp_path, text), {})
