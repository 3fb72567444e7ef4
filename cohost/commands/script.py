"""`cohost script`: lines for the human host of a show, each with its evidence."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

import msgspec

from cohost import asking, resources
from cohost.app import index_dir, knowledge_folder
from cohost.clock import WallClock
from cohost.commands.questions import writer_from
from cohost.commands.terminal import add_common, bars, emit, say, settings_of, warn, words
from cohost.common.catalogue import Catalogue, Product
from cohost.common.spend import Total
from cohost.decision.consult import Timing
from cohost.decision.persona import load_personas
from cohost.decision.prompt import load
from cohost.decision.script import Line, Script, compose_script
from cohost.decision.script_draft import draft_script
from cohost.errors import UsageError
from cohost.knowledge.build import build
from cohost.knowledge.documents.ocr import OcrWorker
from cohost.knowledge.kbtoml_fields import countries, meant, near
from cohost.languages import LANGUAGES, base
from cohost.settings import Settings

TITLES = {
    "opening": "Opening", "benefits": "Benefits", "proof": "Proof", "objections": "What viewers will ask",
    "sale": "Price and delivery", "closing": "Closing",
}  # fmt: skip
USUAL = {"UK": "GB", "EL": "GR"}
"""Codes that people write for others."""


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "script", help="show lines for the host",
        description="Lines for the human host of a show: scenes, benefits, papers, honest answers, price; "
        "each with its evidence, in the market's language. Exit 1 where the product is not sold there.",
    )  # fmt: skip
    parser.add_argument("--product", type=words, default=None, metavar="ID", help="default: the pinned one")
    parser.add_argument("--market", type=words, required=True, metavar="CC", help="the market, such as DE")
    parser.add_argument(
        "--lang", type=words, default=None, metavar="TAG", help="language (default: the market's)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON Lines")
    add_common(parser, config=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    asking.check({"question": "", "market": args.market, "lang": args.lang})
    settings = settings_of(args)
    clock = WallClock(on=args.on)
    folder = knowledge_folder(args.kb)
    with bars() as progress:
        built = build(folder, index_dir(folder), ocr=OcrWorker, progress=progress)
    catalogue = built.kb.catalogue
    product, market = product_of(catalogue, args.product), market_of(catalogue, args.market)
    script = compose_script(
        built.items, catalogue, clock.today(), product=product, market=market,
        lang=language_of(catalogue, market, args.lang),
    )  # fmt: skip
    script, spent, currency = asyncio.run(_drafted(script, catalogue, settings, clock))
    (_print_json if args.json else _print)(script)
    if spent.calls:
        (_emit_spent if args.json else _say_spent)(spent, currency)
    return 0 if any(line.section == "opening" for line in script.lines) else 1


def product_of(catalogue: Catalogue, given: str | None) -> str:
    """The product's id. Raises UsageError with near names."""
    known = [p.id for p in catalogue.products]
    if not known:
        raise UsageError("got a folder whose kb.toml names no product, expected [[product]] with an id")
    if given is None:
        pinned = catalogue.pinned()
        if pinned is None:
            raise UsageError(f"got no --product and no pinned one, expected one of: {', '.join(known)}")
        return pinned.id
    if given not in known:
        hint = near(given, known) or meant(p.id for p in catalogue.products if near(given, _called(p)))
        raise UsageError(f"got --product {given}, expected one of: {', '.join(known)}{hint}")
    return given


def _called(product: Product) -> list[str]:
    return [n.lower() for n in (product.name, *product.aliases, *product.models)]


def market_of(catalogue: Catalogue, given: str) -> str:
    """The market's code. Raises UsageError with near codes."""
    market = given.upper()
    known = [m.code for m in catalogue.markets]
    if known and market not in known:
        speaks = [m.code for m in catalogue.markets if base(m.lang) == base(given)]
        close = [c for c in (USUAL.get(market), *speaks) if c in known]
        hint = meant(dict.fromkeys(close)) or near(market, known)
        raise UsageError(f"got --market {market}, expected a market of kb.toml: {', '.join(known)}{hint}")
    if market not in countries():
        raise UsageError(f"got --market {market}, expected a country's code such as DE")
    return market


def language_of(catalogue: Catalogue, market: str, given: str | None) -> str:
    """What was asked for, else the market's language, else the host's; English where no tables speak it."""
    entry = catalogue.market(market)
    wanted = given or (entry.lang if entry else catalogue.brand.host_lang)
    return wanted if base(wanted) in LANGUAGES else "en"


async def _drafted(
    script: Script, catalogue: Catalogue, settings: Settings, clock: WallClock
) -> tuple[Script, Total, str]:
    """With an LLM set up its words, where they pass, and what they took, in which currency. What failed is
    told on stderr."""
    writer = writer_from(settings, clock)
    if writer is None:
        return script, Total(), ""
    prompts = resources.find("prompts")
    total_ms = settings.llm.total_s * 1000  # nobody waits in a room: the first sentence may take as long
    with bars() as progress:
        done = await draft_script(
            script, writer, load(prompts / "script.md"),
            load_personas(prompts / "markets").get(script.market), catalogue, clock,
            Timing(total_ms, total_ms), lambda n, total: progress("writing lines", n, total),
        )  # fmt: skip
    if done.fault:
        warn(f"{done.fault}; composed lines stand where it failed")
    if writer.ledger.reached:
        top = writer.ledger.ceiling
        limit = f"llm.ceiling_tokens = {top.tokens}" if top.tokens else f"llm.ceiling = {top.cost:g}"
        warn(f"{limit} is reached after {writer.ledger.whole.calls} calls; the other lines are composed")
    return done.script, writer.ledger.whole, writer.currency


def _print_json(script: Script) -> None:
    emit({
        "type": "script", "product": script.product, "variant": script.variant, "market": script.market,
        "lang": script.lang, "on": script.on.isoformat(), "prompts": dict(script.prompts),
    })  # fmt: skip
    for line in script.lines:
        emit(line_object(line))
    for note in script.notes:
        emit({"type": "note", "text": note})


def line_object(line: Line) -> dict[str, Any]:
    """One line; claims and citations as in `cohost ask --json`."""
    return {
        "type": "line", "section": line.section, "attribute": line.attribute, "ask": line.ask,
        "scene": line.scene, "text": line.text, "claims": msgspec.to_builtins(line.claims),
        "citations": [asking.citation(c) for c in line.citations], "may_show": list(line.may_show),
        "by": line.by, "rule": line.rule,
    }  # fmt: skip


def _emit_spent(spent: Total, currency: str) -> None:
    emit({
        "type": "spent", "calls": spent.calls, "tokens": spent.tokens, "estimated": spent.estimated > 0,
        "cost": round(spent.cost, 6), "currency": currency,
    })  # fmt: skip


def _say_spent(spent: Total, currency: str) -> None:
    about = "about " if spent.estimated else ""
    cost = f", {spent.cost:.4f} {currency}" if spent.cost else ""
    say(f"\nLanguage model: {spent.calls} calls, {about}{spent.tokens} tokens{cost}")


def _print(script: Script) -> None:
    say(f"{script.product} {script.variant or ''} · {script.market} · {script.lang} · {script.on}")
    section = ""
    for line in script.lines:
        if line.section != section:
            section = line.section
            say(f"\n{TITLES[section]}")
        if line.ask:
            say(f"  – {line.ask}")
        say(f"  {line.text}")
        for item in line.citations:
            page = f", p. {item.page}" if item.page else ""
            camera = " · the page may be shown" if item.id in line.may_show else ""
            say(f"      [{item.id}] {item.kind} · {item.document}{page} · “{item.quote[:80]}”{camera}")
    if script.notes:
        say("\nFor the host alone")
        for note in script.notes:
            say(f"  {note}")
