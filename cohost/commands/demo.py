"""`cohost demo`: the demo brand's room with a scripted show of viewers, checked as it plays."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cohost import resources
from cohost import settings as settings_
from cohost.commands.serve import announce, open_room, stop_asked
from cohost.commands.terminal import say
from cohost.demo.player import Outcome, Player
from cohost.demo.script import Interrupt, Pin, Retract, Say, Script, SetFact, Speak, Step, load
from cohost.errors import UsageError
from cohost.report import quantile

out = Console(highlight=False, soft_wrap=True)


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "demo", help="the demo brand with a scripted show",
        description="Open the demo brand's room and play a scripted show through it, checked as it plays.",
    )  # fmt: skip
    parser.add_argument(
        "--once", action="store_true", help="end after the script; exit 1 if it does not hold"
    )
    parser.add_argument("--port", type=int, default=None, help="port (default 8765; 0 = any free one)")
    parser.add_argument("--script", default="", metavar="FILE", help="another script")
    parser.add_argument("--log", default="", metavar="FILE", help="the show log (default: state folder)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    return asyncio.run(_demo(args))


async def _demo(args: argparse.Namespace) -> int:
    folder = resources.find("knowledge_base")
    file = Path(args.script) if args.script else folder / "_show" / "demo.toml"
    script = load(file)
    if args.port is not None and not 0 <= args.port <= 65535:
        raise UsageError(f"got --port {args.port}, expected 0 to 65535")
    loaded = settings_.load()
    port = loaded.web.port if args.port is None else args.port
    loaded = settings_.replace(loaded, web__port=port, chat__autonomy="full")
    args.kb, args.on = str(folder), script.on
    async with open_room(args, loaded) as (room, address):
        announce(room, address)
        out.print(f"\n[bold]{escape(script.title)}[/] · {script.on} · {len(script.step)} steps\n")
        player = Player(address.wire, room.name, address.token, room.clock, _tell, file.parent)
        outcomes = await player.play(script)
        ok = _sum_up(script, outcomes)
        if not args.once:
            say("\nThe room stays open: type on the viewer page, watch the console. Ctrl-C ends the show.")
            await stop_asked().wait()
    return 0 if ok or not args.once else 1


def _tell(outcome: Outcome) -> None:
    step = outcome.step
    mark = "[green]✓[/]" if not outcome.faults else "[red]✗[/]"
    out.print(f"{mark} {_heading(step)}")
    if isinstance(step, Speak | Interrupt) and outcome.transcript:
        out.print(f"    [yellow]heard[/] {escape(outcome.transcript)}")
    if isinstance(step, Interrupt):
        out.print(f"    cut after [bold]{escape(outcome.heard)}[/]")
        out.print(f"    posted [bold]{escape(outcome.text)}[/]")
    if isinstance(step, Say | Speak | Retract):
        text = escape(outcome.text) if outcome.text else "[dim](silence)[/]"
        how = f" · spoken, {outcome.spoken_ms / 1000:.1f} s" if outcome.spoken_ms else ""
        out.print(f"    [bold]{text}[/]  [dim]{outcome.action} · {outcome.waited_ms} ms{how}[/]")
        for item in outcome.citations:
            out.print(f"    [cyan]{escape(_citation(item))}[/]")
    for fault in outcome.faults:
        out.print(f"    [red]{escape(fault)}[/]")


def _heading(step: Step) -> str:
    if isinstance(step, Interrupt):
        why = f"  [dim italic]{escape(step.why)}[/]" if step.why else ""
        return f"[magenta]the host speaks over the answer to[/] {escape(step.of)}{why}"
    if isinstance(step, Say | Speak):
        place = " · ".join(x for x in (step.viewer, step.market or "market unknown", step.lang or "") if x)
        why = f"  [dim italic]{escape(step.why)}[/]" if step.why else ""
        text = step.text if len(step.text) <= 160 else step.text[:160] + "…"
        aloud = "[yellow]aloud[/] " if isinstance(step, Speak) else ""
        return f"[dim]{escape(place)}[/]  {aloud}{escape(text)}{why}"
    if isinstance(step, Pin):
        return f"[magenta]operator pins[/] {escape(step.product)}"
    if isinstance(step, SetFact):
        return (f"[magenta]operator sets[/] {escape(step.product)} {step.attribute} {step.market or ''} "
                f"= {step.value} {step.unit or ''}")  # fmt: skip
    return f"[magenta]operator takes back[/] the reply to {escape(step.of)}: {escape(step.reason)}"


def _citation(item: dict[str, Any]) -> str:
    page = f" p. {item['page']}" if item.get("page") else ""
    locator = f" {item['locator']}" if item.get("locator") else ""
    state = "" if item["valid"] else " · NOT VALID HERE"
    return f"[{item['kind']}{locator}] {item['document']}{page}{state} “{item['quote'][:90]}”"


def _sum_up(script: Script, outcomes: list[Outcome]) -> bool:
    asked = [o for o in outcomes if isinstance(o.step, Say)]
    aloud = [o for o in outcomes if isinstance(o.step, Speak)]
    first = [o.first_audio_ms for o in aloud if o.first_audio_ms is not None]
    failed = [o for o in outcomes if o.faults]
    waits = [o.waited_ms for o in asked if o.text]
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_row("questions", f"{len(asked)} typed, {len(aloud)} aloud")
    for action in ("answer", "decline", "escalate", "ignore"):
        table.add_row(action, str(sum(o.action == action for o in (*asked, *aloud))))
    table.add_row("question → post", f"p50 {quantile(waits, 0.5)} ms, p95 {quantile(waits, 0.95)} ms")
    if first:
        table.add_row("end of voice → first audio", f"p50 {quantile(first, 0.5)} ms, n {len(first)}")
    table.add_row("expectations", f"{len(outcomes) - len(failed)} of {len(outcomes)} steps hold")
    out.print()
    out.print(table)
    return not failed
