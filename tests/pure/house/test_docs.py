"""The README says what the code does: every setting with its default stands in it."""

from pathlib import Path

import msgspec

from cohost.settings import Settings

ROOT = Path(__file__).parents[3]


def example() -> str:
    """The settings tree as TOML, defaults shown; empty texts as \"\"."""
    top, sections = [], []
    for field in msgspec.structs.fields(Settings):
        value = field.default
        if isinstance(value, msgspec.Struct):
            lines = [
                f"{f.name} = {shown(getattr(value, f.name))}" for f in msgspec.structs.fields(type(value))
            ]
            sections.append("\n".join([f"[{field.name}]", *lines]))
        elif value is not None:
            top.append(f"{field.name} = {shown(value)}")
    return "\n".join(top) + "\n\n" + "\n\n".join(sections)


def shown(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return (
        f'"{value}"' if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
    )


def test_the_readme_shows_every_setting_with_its_default() -> None:
    assert example() in (ROOT / "README.md").read_text(encoding="utf-8")
