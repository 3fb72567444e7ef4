"""Lines that are no question about a product: a short word, a person, or silence. Pure."""

from __future__ import annotations

from cohost.decision.context import Ask
from cohost.decision.markets import gate_reason, ships_no
from cohost.decision.points import HostNote, NoteKind, Plan, Point, decline, talk
from cohost.decision.safety import plan_hazard
from cohost.trust.evidence import Policy
from cohost.trust.settle import settle

SILENT = frozenset({
    "greeting", "praise", "spam", "abuse", "injection", "sensitive", "to_viewer", "guess",
})  # fmt: skip
"""Not for cohost: no text goes out; `sensitive` is shown to the host."""

_TO_A_PERSON: dict[str, NoteKind] = {
    "complaint": "complaint", "order": "order", "demo_request": "demo_request",
}  # fmt: skip


def plan_talk(ask: Ask) -> Plan | None:
    """None when the line is a question about a product."""
    intent = ask.question.intent
    if intent == "hazard":
        return plan_hazard(ask)
    if intent == "injection" or (intent in SILENT and not ask.question.human_check):
        return Plan("ignore", intent, notify_host=intent == "sensitive")
    if ask.question.human_check:
        return Plan("answer", "human_check", (Point(kind="ai"),))
    if intent in _TO_A_PERSON:
        note = HostNote(_TO_A_PERSON[intent], detail=ask.question.text[:200])
        return Plan("escalate", intent, talk(intent), True, note)
    if intent == "personal_data":
        return decline("personal_data", "personal_data")
    if intent == "off_topic":
        return decline("off_topic", "off_topic")
    if intent == "purchase":
        return plan_purchase(ask)
    return None


def plan_purchase(ask: Ask) -> Plan:
    """How to order, in the shop's words; nothing where the sale gate is shut."""
    refusal = ships_no(ask)
    if refusal is not None:
        return Plan("answer", "ships_no", (refusal,), model=ask.model, market=ask.market)
    gate = gate_reason(ask, ask.market) if ask.market else None
    if gate is not None:
        note = HostNote("sale_gate", market=ask.market, detail=gate)
        return decline("sale_gate", "sale_gate", note=note, market=ask.market)
    found = settle(ask.items, attribute="how_to_buy", model=ask.model, market=ask.market, on=ask.on).chosen
    if isinstance(found, Policy):
        return Plan("answer", "policy", (Point(kind="policy", items=(found,), attribute="how_to_buy"),))
    note = HostNote("purchase", market=ask.market, detail=ask.question.text[:200])
    return Plan("escalate", "purchase", talk("purchase"), True, note)
