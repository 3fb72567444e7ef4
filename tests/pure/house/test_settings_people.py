"""`[[person]]`: a token each, every mistake on its line, and no token in any message."""

from pathlib import Path

import pytest

from cohost.errors import SettingsError
from cohost.settings import load
from cohost.settings.people import Named, as_toml, digest, line_of, named

TOKEN = "a-token-that-is-long-enough"
OTHER = "another-token-long-enough"
GOOD = f"""
[web]
port = 0

[[person]]
name = "Mei"
role = "product"
token = "{TOKEN}"

[[person]]   # the second
role = "moderator"
name = "Øystein"
token_sha256 = "{digest(OTHER)}"
"""


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "cohost.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_people_come_in_order_and_only_their_digests_are_kept(tmp_path: Path) -> None:
    file = write(tmp_path, GOOD)
    people = named(load(file, {}).person, file, {})
    assert people == (Named("Mei", "product", digest(TOKEN)), Named("Øystein", "moderator", digest(OTHER)))
    assert TOKEN not in repr(people)
    assert TOKEN not in repr(load(file, {}))


WRONG = [
    ('[[person]]\nname = "Mei"\nrole = "boss"\ntoken = "{t}"\n', 3, "boss.*operator, host, moderator"),
    ('[[person]]\nname = "Mei"\ntoken = "{t}"\n', 1, "no role for “Mei”"),
    ('[[person]]\nname = "Mei"\nrole = "host"\ntoken = "secret-9"\n', 4, "of 8 characters.*16 or more"),
    ('[[person]]\nname = "Mei"\nrole = "host"\n', 2, "no token for “Mei”"),
    ('[[person]]\nname = "Mei"\nrole = "host"\ntoken = "{t}"\ntoken_env = "X"\n', 5, "token and token_env"),
    ('[[person]]\nname = "Mei"\nrole = "host"\ntoken_sha256 = "abc"\n', 4, "of 3 characters.*64 digits"),
    ('[[person]]\nname = ""\nrole = "host"\ntoken = "{t}"\n', 2, "1 to 40 characters"),
    ('[[person]]\nname = "a:b"\nrole = "host"\ntoken = "{t}"\n', 2, "no colon"),
    ('[[person]]\nname = "Mei"\nrole = "host"\ntoken = "{t}"\n\n[[person]]\nrole = "host"\nname = "MEI"\n'
     'token = "{o}"\n', 8, "“MEI” twice"),
    ('[[person]]\nname = "Mei"\nrole = "host"\ntoken = "{t}"\n\n[[person]]\nrole = "host"\nname = "Ann"\n'
     'token = "{t}"\n', 9, "same token for “Ann” and “Mei”"),
    ('[web]\ntoken = "{t}"\n\n[[person]]\nname = "Mei"\nrole = "host"\ntoken = "{t}"\n', 7, "and the room"),
    ('[[person]]\nname = "Mei"\nrole = "host"\ntokn = "{t}"\n', 4, "unknown key person.tokn.*token"),
    ('[[person]]\nname = "Mei"\nrole = "host"\ntoken = 1234567890123456\n', 4, "a int, expected a text"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "told"), WRONG)
def test_a_mistake_is_one_line_with_file_and_line_and_without_the_token(
    tmp_path: Path, text: str, line: int, told: str
) -> None:
    file = write(tmp_path, text.replace("{t}", TOKEN).replace("{o}", OTHER))
    with pytest.raises(SettingsError, match=told) as failed:
        load(file, {})
    said = str(failed.value)
    assert said.startswith(f"{file}:{line}: got ")
    assert "\n" not in said
    assert not any(secret in said for secret in (TOKEN, OTHER, "secret-9", "1234567890123456"))


def test_a_variable_and_a_file_hold_tokens_too(tmp_path: Path) -> None:
    (tmp_path / "ann.token").write_text(f"{OTHER}\n", encoding="utf-8")
    text = """
[[person]]
name = "Mei"
role = "product"
token_env = "MEI_TOKEN"

[[person]]
name = "Ann"
role = "host"
token_file = "ann.token"
"""
    file = write(tmp_path, text)
    rows = load(file, {}).person  # what is not there is told where the tokens are used
    found = named(rows, file, {"MEI_TOKEN": TOKEN})
    assert [one.digest for one in found] == [digest(TOKEN), digest(OTHER)]
    with pytest.raises(SettingsError, match=rf"{file}:5: .*MEI_TOKEN.*not set"):
        named(rows, file, {})
    (tmp_path / "ann.token").unlink()
    with pytest.raises(SettingsError, match=rf"{file}:10: .*ann\.token"):
        named(rows, file, {"MEI_TOKEN": TOKEN})


def test_the_printed_lines_are_read_back_whatever_the_name(tmp_path: Path) -> None:
    for name in ("Mei", 'Ann "the pen"', "李\u007f梅", "back\\slash"):
        text = as_toml(name, "host", digest(TOKEN))
        assert TOKEN not in text
        if name.isprintable():
            assert load(write(tmp_path, text), {}).person[0].name == name


def test_a_line_is_found_by_head_and_key() -> None:
    assert [line_of(GOOD, 0, "role"), line_of(GOOD, 1, "name"), line_of(GOOD, 1, "token")] == [7, 12, 10]
    assert line_of("person = [{name = 'x'}]", 0, "name") is None
