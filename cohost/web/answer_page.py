"""One posted answer with its evidence as a page of its own: what a post on a platform links to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from babel.dates import format_date

from cohost.web.documents import EvidenceView
from cohost.web.shapes import ReplyView
from cohost.web.words import disclosure, known, page_words

_PAGE = """<!doctype html>
<html lang="{lang}" dir="{dir}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="stylesheet" href="/pages/base.css">
<link rel="stylesheet" href="/pages/answer.css">
<main>
{body}
<p><a href="/">{live}</a></p>
</main>
</html>
"""

_ANSWER = """<p class="disclosure">{disclosure}</p>
{asked}
<h1 lang="{reply_lang}" dir="auto">{text}</h1>
{withdrawn}
<h2>{evidence}</h2>
<ol class="evidence">
{items}
</ol>"""


def answer_page(
    reply: ReplyView, items: Sequence[EvidenceView | None], *, brand: str, own_disclosure: str = ""
) -> str:
    """`items` in the order of the reply's citations, None where one may not be shown."""
    lang = known(reply.lang)
    words = page_words(lang)
    viewer = words["viewer"]
    asked = "\n".join(
        f'<blockquote lang="{escape(one.lang)}" dir="auto">{escape(one.text)}</blockquote>'
        for one in reply.asked
    )
    shown = "\n".join(
        _item(item, viewer, lang) if item is not None else f"<li>{escape(viewer['not_shown'])}</li>"
        for item in items
    )
    body = _ANSWER.format(
        disclosure=escape(disclosure(lang, brand, own_disclosure)), asked=asked,
        reply_lang=escape(reply.lang), text=escape(reply.text),
        withdrawn=f'<p class="bad">{escape(viewer["withdrawn"])}</p>' if reply.retracted else "",
        evidence=escape(viewer["evidence"]), items=shown,
    )  # fmt: skip
    return _PAGE.format(
        lang=escape(lang), dir=escape(words["dir"]), title=escape(f"{brand or 'cohost'} · {reply.text[:60]}"),
        body=body, live=escape(viewer["live"]),
    )  # fmt: skip


def _item(item: EvidenceView, words: dict[str, str], lang: str) -> str:
    place = [escape(item.title)]
    if item.page:
        place.append(escape(words["page"].replace("{n}", str(item.page))))
    if item.locator:
        place.append(f"<bdi>{escape(item.locator)}</bdi>")
    state = words["valid"] if item.valid else words["not_valid"]
    until = ""
    if item.valid_until:
        date = format_date(item.valid_until, "long", locale=lang)
        until = f" · {escape(words['valid_until'].replace('{date}', date))}"
    picture = ""
    if item.picture:
        alt = escape(f"{words['page_picture']}: {item.title}")
        file = escape(item.picture)
        picture = f'<a href="{file}"><img src="{file}" alt="{alt}" loading="lazy"></a>'
    scanned = f" · {escape(words['ocr'])}" if item.ocr else ""
    return (
        f'<li><p class="kind">{escape(words["kind_" + item.kind])} · '
        f'<span class="{"good" if item.valid else "bad"}">{escape(state)}</span>{until}</p>'
        f'<blockquote lang="{escape(item.lang)}" dir="auto">{escape(item.quote)}</blockquote>'
        f'<p class="place">{" · ".join(place)}{scanned}</p>{picture}</li>'
    )


def gone_page(tag: str) -> str:
    """For a link to an answer that this room does not hold (any more). `tag`: what the browser reads."""
    lang = known(tag)
    words = page_words(lang)
    viewer = words["viewer"]
    return _PAGE.format(
        lang=lang, dir=words["dir"], title=escape(f"cohost · {viewer['evidence']}"),
        body=f"<h1>{escape(viewer['gone'])}</h1>", live=escape(viewer["live"]),
    )  # fmt: skip
