"""People of the staff: their roles, what each role may do, and the signature of an act. Pure.

`RIGHTS` is the whole table. On the wire a page is viewer, host or operator; a person with a token of their
own has one of `POSTS`, which alone decides what they may do.
"""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

Post = Literal["operator", "host", "moderator", "product", "compliance"]
POSTS: tuple[Post, ...] = get_args(Post)
Holder = Literal["viewer", "operator", "host", "moderator", "product", "compliance"]
"""A row of the table: a post, or a viewer."""

_ALL: frozenset[Holder] = frozenset(get_args(Holder))
_STAFF: frozenset[Holder] = frozenset(POSTS)


def _only(*more: Holder) -> frozenset[Holder]:
    """The operator and these."""
    return frozenset(("operator", *more))


RIGHTS: dict[str, frozenset[Holder]] = {
    # talk: everybody's
    "chat.message": _ALL,
    "mic.start": _ALL,
    "mic.stop": _ALL,
    "hand.raise": _ALL,
    "playout": _ALL,
    "poll.vote": _ALL,
    # the run of the show
    "speech.stop": _only("host"),
    "floor.give": _only("host"),
    "product.pin": _only("host", "product"),
    "rundown.set": _only("host"),
    "question.answer": _only("host"),
    "question.prompt": _only("host"),
    "host.correct": _only("host"),
    # what the audience plays
    "game.facts": _only("host"),
    "game.start": _only("host"),
    "game.end": _only("host"),
    "poll.open": _only("host"),
    "poll.close": _only("host"),
    "collection.open": _only("host"),
    "collection.close": _only("host"),
    "review.list": _only("host"),
    "review.show": _only("host"),
    # the list of questions
    "question.close": _only("host", "moderator"),
    "question.hide": _only("moderator"),
    # what goes out
    "reply.approve": _only("moderator"),
    "reply.edit": _only("moderator"),
    "reply.reject": _only("moderator", "compliance"),
    "reply.retract": _only("compliance"),
    # what it rests on
    "fact.set": _only("product"),
    "evidence.approve": _only("product", "compliance"),
    "evidence.hold": _only("product", "compliance"),
    "autonomy.set": _only("compliance"),  # which may only lower it: see LOWERS
    # reading, and pages of their own
    "drafts.read": _only("moderator", "compliance"),
    "evidence.read": _only("product", "compliance"),
    "report.read": _only("compliance"),
    "document.upload": _only("product"),
    "brand.set": _only(),
}
"""Command of the wire, or page → who may."""
LOWERS: frozenset[Holder] = frozenset({"compliance"})
"""May set an autonomy that is lower than what stands, never a higher one."""


def may(holder: Holder, command: str) -> bool:
    """False for a command that the table does not know."""
    return holder in RIGHTS.get(command, frozenset())


def rights(holder: Holder) -> tuple[str, ...]:
    """Everything a holder may do, in the table's order."""
    return tuple(command for command, who in RIGHTS.items() if holder in who)


def allowed(command: str) -> str:
    """Who may, in words: "operator, moderator or compliance"."""
    who = [post for post in POSTS if may(post, command)]
    if len(who) < 2:
        return "".join(who) or "nobody"
    return f"{', '.join(who[:-1])} or {who[-1]}"


class Signature(msgspec.Struct, frozen=True):
    """Who did it, by a token that is theirs alone."""

    name: str
    role: Post


def told(by: str, signed: Signature | None = None) -> str:
    """Who did it, for people: "Mei, product"; "Tom, operator" from "operator:Tom"; others as they are."""
    if signed is not None:
        return f"{signed.name}, {signed.role}"
    role, _, name = by.removeprefix(ALOUD).partition(":")
    return f"{name}, {role}" if name and role in POSTS else by


def unnamed(by: str) -> str:
    """The same without a person's name: "operator", "aloud:host"; others as they are."""
    start = ALOUD if by.startswith(ALOUD) else ""
    role = by.removeprefix(ALOUD).partition(":")[0]
    return start + role if role in POSTS else by


ALOUD = "aloud:"
"""Begins the `by` of a draft that was dropped because a person answered aloud."""
