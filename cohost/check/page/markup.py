"""HTML from Python: every text is escaped, only what `tag` made is markup. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

Child = object
"""A Html, a text, a number, None (left out), or an iterable of those."""

_VOID = frozenset({"img", "input", "meta", "link", "br"})


class Html(str):
    """Markup that is finished: never escaped again."""

    __slots__ = ()


def text(child: Child) -> Html:
    """A child as markup."""
    if child is None or child is False:
        return Html("")
    if isinstance(child, Html):
        return child
    if isinstance(child, str):
        return Html(escape(child))
    if isinstance(child, Iterable):
        return Html("".join(text(c) for c in child))
    return Html(escape(str(child)))


def tag(name: str, /, *children: Child, **attributes: object) -> Html:
    """`tag("p", "words", class_="x", data_id="E1")`; a None or False attribute is left out."""
    shown = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{shown}>")
    return Html(f"<{name}{shown}>{text(children)}</{name}>")


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def chip(words: Child, css: str = "", **attributes: object) -> Html:
    """A small label. `css`: good, warm, bad, on or nothing."""
    return tag("span", words, class_=f"tag {css}".strip(), **attributes)


def joined(parts: Iterable[Child], by: str = " · ") -> Html:
    """The parts that are there, with something between."""
    there = [p for p in (text(part) for part in parts) if p]
    return Html(str(text(by)).join(there))
