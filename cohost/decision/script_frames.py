"""The frames of show lines (`languages/*/script.toml`). Pure.

One frame an attribute: "scene. {value}: what it means ({source})." A language without the table speaks
English frames.
"""

from __future__ import annotations

from cohost.languages import base, has, table

DEFAULT = "en"


def script_frame(lang: str, key: str, **slots: str) -> str:
    """The frame `section.key` filled in. Raises KeyError on a frame that the language lacks."""
    return _text(lang, key).format_map(slots)


def before_value(lang: str, key: str, **slots: str) -> str:
    """What a frame says before its value: the scene."""
    return _text(lang, key).partition("{value}")[0].format_map(slots).strip()


def spoken(lang: str) -> str:
    """The language whose frames serve `lang`."""
    tag = base(lang)
    return tag if has(tag, "script") else DEFAULT


def _text(lang: str, key: str) -> str:
    section, _, name = key.partition(".")
    return str(table(spoken(lang), "script")[section][name])
