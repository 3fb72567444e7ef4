"""Section “Evidence”: every item under its document, with its quote, its place, its picture. Pure."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec

from cohost.check.page.markup import Html, chip, joined, tag
from cohost.check.page.view import KINDS, Picture, View, about, anchor, nothing, section
from cohost.check.said import SOURCES, figure, scope, subject
from cohost.knowledge.build import Read
from cohost.knowledge.kbtoml import FILE
from cohost.trust.evidence import Evidence, Fact, MarketFact, Release, in_force, kind_of

RELEASES: dict[Release, tuple[str, str]] = {
    "approved": ("On air", "good"), "draft": ("Waits for approval", "warm"), "held": ("Held", "bad"),
    "internal": ("Internal", ""),
}  # fmt: skip
KIND_WORDS = {
    "fact": "Fact", "certificate": "Certificate", "test_report": "Test result", "market_fact": "Market terms",
    "policy": "Shop rule", "review": "Review", "passage": "Text",
}  # fmt: skip
_RANK = {kind: n for n, kind in enumerate(KIND_WORDS)}
SHOWN_QUOTE = 300


def evidence(view: View) -> Html:
    then = (
        "What is held or waits for approval is never told."
        if view.live
        else "Decisions are collected below as lines for kb.toml."
    )
    lead = f"Everything cohost may say, in the documents' own words. {then}"
    groups: dict[str, list[Evidence]] = {}
    for item in view.items:
        groups.setdefault(item.source.document, []).append(item)
    reads = {d.document: d for d in view.documents}
    order = [d.document for d in view.documents] + [n for n in groups if n not in reads]
    blocks = [_block(view, name, groups.get(name, []), reads.get(name)) for name in order]
    none = tag("p", "Nothing matches these filters.", id="no-match", class_="nothing", hidden=True)
    body = (
        [_filters(view), none, tag("div", blocks, id="documents")]
        if blocks
        else [nothing("No document was read.")]
    )
    return section("evidence", "Evidence", lead, body, count=len(view.items))


def _filters(view: View) -> Html:
    kinds = [k for k in KIND_WORDS if any(kind_of(i) == k for i in view.items)]
    releases = [r for r in RELEASES if any(i.release == r for i in view.items)]
    documents = list(dict.fromkeys(i.source.document for i in view.items))
    return tag(
        "div",
        tag("input", type="search", id="find", class_="input", autocomplete="off", aria_label="Search",
            placeholder="Search in quotes, models, numbers"),
        _select("kind", "Kind", [(k, KIND_WORDS[k]) for k in kinds]),
        _select("release", "State", [*((r, RELEASES[r][0]) for r in releases), ("ended", "Out of date")]),
        _select("document", "Document", [(d, d) for d in documents]),
        tag("output", id="matches", class_="soft"),
        class_="filters", id="filters",
    )  # fmt: skip


def _select(name: str, label: str, options: Sequence[tuple[str, str]]) -> Html:
    shown = [tag("option", words, value=value) for value, words in options]
    return tag(
        "select",
        tag("option", f"{label}: all", value=""),
        shown,
        id=f"by-{name}",
        class_="input",
        aria_label=label,
    )


def _block(view: View, name: str, items: Sequence[Evidence], read: Read | None) -> Html:
    """A document: what it is, who approved it, its items. An internal one is only counted."""
    kind = KINDS[read.kind] if read else "Shop's own figures" if name == FILE else "Set on air"
    internal = [i for i in items if i.release == "internal"]
    place = {i.id: n for n, i in enumerate(items)}
    shown = sorted(
        (i for i in items if i.release != "internal"),
        key=lambda i: (_RANK[kind_of(i)], i.source.page or 0, place[i.id]),
    )
    note = view.notes.get(name)
    approved = f"approved by {note.approved_by}" if note and note.approved_by else None
    if approved and note and note.approved_on:
        approved += f" on {note.approved_on}"
    product = view.product(read.product) if read and read.product else None
    summary = tag(
        "summary",
        tag("span", tag("bdi", name), class_="name"),
        tag("span", joined([kind, product, f"{len(items)} items" if len(items) != 1 else "1 item", approved]),
            class_="soft"),
        _states(items),
    )  # fmt: skip
    hidden = tag("p", f"{len(internal)} internal items: never on air, not shown here.", class_="nothing")
    acts = _document_acts(view, name, note) if shown and name != FILE and read else None
    return tag(
        "details", summary, acts, hidden if internal else None, _sheet(view, name),
        tag("ul", [_item(view, i) for i in shown], class_="items"),
        id=anchor(name), class_="doc fold", data_document=name,
    )  # fmt: skip


def _states(items: Sequence[Evidence]) -> Html | None:
    counts = {r: sum(i.release == r for i in items) for r in RELEASES}
    shown = [
        chip(f"{words} {counts[r]}", css, data_count=r)
        for r, (words, css) in RELEASES.items()
        if counts[r] and (r != "approved")
    ]
    return tag("span", shown, class_="chips counts") if shown else None


def _document_acts(view: View, name: str, note: Any) -> Html:
    entry = msgspec.json.encode(note if note is not None else {"path": name}).decode()
    return tag(
        "div",
        tag("button", "Approve document", type="button", class_="button small", data_do="approve-all"),
        tag("button", "Hold document", type="button", class_="button small", data_do="hold-all"),
        tag("output", class_="soft", data_said=True),
        class_="acts", data_note=entry,
    )  # fmt: skip


def _sheet(view: View, name: str) -> Html | None:
    """The scan itself, once."""
    picture = view.pictures.get(name)
    return tag("figure", _image(picture, f"{name}, as scanned"), class_="sheet-picture") if picture else None


def _item(view: View, item: Evidence) -> Html:
    on = view.findings.on
    source = item.source
    value = figure(item)
    lang = None if source.lang == "und" else source.lang
    figured = tag("span", value, class_="figure") if value else None
    return tag(
        "li",
        tag("div", tag("b", subject(item)), figured, class_="what"),
        tag("blockquote", source.quote[:SHOWN_QUOTE], dir="auto", lang=lang),
        tag("p", _where(item, on), class_="soft"),
        _crop(view, item),
        tag("div", _state(item, on), _acts(), class_="acts"),
        id=item.id, class_="item", data_release=item.release, data_kind=kind_of(item),
        **about([item.product], item.markets, data_ended=not in_force(item, on)),
    )  # fmt: skip


def _where(item: Evidence, on: dt.date) -> Html:
    source = item.source
    page = f"p. {source.page}" if source.page else None
    read = f"read from a picture, {source.confidence:.0%} sure" if source.ocr and source.confidence else None
    basis = "measured" if isinstance(item, Fact) and item.basis == "measured" else None
    if isinstance(item, MarketFact) and item.as_of:
        basis = f"as of {item.as_of}"
    parts = [
        KIND_WORDS[kind_of(item)], page, source.locator, SOURCES[item.source_class], basis, scope(item),
        _validity(item, on), read,
    ]  # fmt: skip
    return joined([tag("span", p) if not isinstance(p, Html) else p for p in parts if p])


def _validity(item: Evidence, on: dt.date) -> Html | None:
    if item.valid_until is not None:
        over = item.valid_until < on
        return tag(
            "span",
            f"{'expired' if over else 'valid until'} {item.valid_until}",
            class_="bad" if over else None,
        )
    if item.valid_from is not None:
        return tag("span", f"valid from {item.valid_from}")
    return None


def _state(item: Evidence, on: dt.date) -> Html:
    words, css = RELEASES[item.release]
    ended = chip("Out of date", "warm") if not in_force(item, on) else None
    return tag("span", chip(words, css, data_state=True), ended, class_="chips")


def _acts() -> Html:
    return tag(
        "span",
        tag("button", "Approve", type="button", class_="button small", data_do="approve"),
        tag("button", "Hold", type="button", class_="button small", data_do="hold"),
        class_="pair-of-buttons",
    )


def _crop(view: View, item: Evidence) -> Html | None:
    """The quote on its page; in the room it is fetched when somebody asks for it."""
    picture = view.pictures.get(item.id)
    if picture is not None:
        return tag("figure", _image(picture, f"Page {item.source.page}"), class_="crop", tabindex="0")
    if not view.live or item.source.page is None:
        return None
    words = "Show it on its page"
    return tag("button", words, type="button", class_="button small show", data_crop=item.id)


def _image(picture: Picture, alt: str) -> Html:
    data = base64.b64encode(picture.jpeg).decode("ascii")
    return tag(
        "img", src=f"data:image/jpeg;base64,{data}", alt=alt, width=picture.width, height=picture.height
    )
