"""`cohost people`: a token once, only its digest on disk, every slip one line."""

import json
import re
from pathlib import Path

import pytest

from cohost import cli
from cohost.settings import load
from cohost.settings.people import digest, named


def run(*words: str) -> int:
    return cli.main(["people", *words])


def test_a_token_is_printed_once_and_the_file_holds_its_digest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cohost.toml"
    file.write_text("[web]\nport = 9000\n", encoding="utf-8")
    assert run("Mei", "--role", "product", "--config", str(file), "--write") == 0
    out = capsys.readouterr().out
    found = re.search(r"http://127\.0\.0\.1:9000/console\?token=(\S+)", out)
    assert found
    token = found[1]
    assert len(token) >= 32
    assert out.count(token) == 1
    text = file.read_text(encoding="utf-8")
    assert token not in text
    assert [p.name for p in tmp_path.iterdir()] == ["cohost.toml"]
    (mei,) = named(load(file, {}).person, file, {})
    assert (mei.name, mei.role, mei.digest) == ("Mei", "product", digest(token))
    assert run("--config", str(file)) == 0
    told = capsys.readouterr().out
    assert told.startswith("Mei, product: ")
    assert mei.digest not in told


def test_as_json_it_is_one_object_a_person(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("Ann", "--role", "compliance", "--json") == 0
    made = json.loads(capsys.readouterr().out)
    assert set(made) == {"name", "role", "console", "token", "toml"}
    file = tmp_path / "cohost.toml"
    file.write_text(made["toml"], encoding="utf-8")
    assert run("--config", str(file), "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert (listed["name"], listed["role"]) == ("Ann", "compliance")
    assert "reply.retract" in listed["rights"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["Zo", "--role", "boss"], "got --role boss, expected one of: operator"),
        (["Zo"], "got no --role"),
        (["--role", "host"], "without a name"),
        (["Zo", "--role", "host", "--write"], "--write without --config"),
        (["a:b", "--role", "host"], "no colon"),
    ],
)
def test_a_slip_is_one_line(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*words) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_a_name_that_is_there_gets_no_second_token(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cohost.toml"
    file.write_text("", encoding="utf-8")
    assert run("Mei", "--role", "host", "--config", str(file), "--write") == 0
    before = file.read_bytes()
    capsys.readouterr()
    assert run("MEI", "--role", "host", "--config", str(file), "--write") == 2
    assert "has a token already" in capsys.readouterr().err
    assert file.read_bytes() == before
