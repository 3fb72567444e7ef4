"""What each role may do: the whole table, and how an act is signed."""

import pytest

from cohost.common.people import POSTS, RIGHTS, Signature, allowed, may, rights, told, unnamed
from cohost.web import inbound

EVERYBODY = {"viewer", *POSTS}
EXPECTED: dict[str, set[str]] = {
    "chat.message": EVERYBODY,
    "mic.start": EVERYBODY,
    "mic.stop": EVERYBODY,
    "hand.raise": EVERYBODY,
    "playout": EVERYBODY,
    "poll.vote": EVERYBODY,
    "speech.stop": {"operator", "host"},
    "floor.give": {"operator", "host"},
    "product.pin": {"operator", "host", "product"},
    "rundown.set": {"operator", "host"},
    "question.answer": {"operator", "host"},
    "question.prompt": {"operator", "host"},
    "host.correct": {"operator", "host"},
    **{
        command: {"operator", "host"}
        for command in (
            "game.facts",
            "game.start",
            "game.end",
            "poll.open",
            "poll.close",
            "collection.open",
            "collection.close",
            "review.list",
            "review.show",
        )
    },
    "question.close": {"operator", "host", "moderator"},
    "question.hide": {"operator", "moderator"},
    "reply.approve": {"operator", "moderator"},
    "reply.edit": {"operator", "moderator"},
    "reply.reject": {"operator", "moderator", "compliance"},
    "reply.retract": {"operator", "compliance"},
    "fact.set": {"operator", "product"},
    "evidence.approve": {"operator", "product", "compliance"},
    "evidence.hold": {"operator", "product", "compliance"},
    "autonomy.set": {"operator", "compliance"},
    "drafts.read": {"operator", "moderator", "compliance"},
    "evidence.read": {"operator", "product", "compliance"},
    "report.read": {"operator", "compliance"},
    "document.upload": {"operator", "product"},
    "brand.set": {"operator"},
}


@pytest.mark.parametrize("role", sorted(EVERYBODY))
@pytest.mark.parametrize("command", sorted(EXPECTED))
def test_a_role_may_what_the_table_says_and_nothing_else(role: str, command: str) -> None:
    assert may(role, command) is (role in EXPECTED[command])  # type: ignore[arg-type]


def test_the_table_has_every_command_of_the_wire_and_no_row_unseen() -> None:
    assert set(RIGHTS) == set(EXPECTED)
    assert set(inbound.TYPES) <= set(RIGHTS)


def test_an_operator_may_everything_and_nobody_what_is_not_in_the_table() -> None:
    assert rights("operator") == tuple(RIGHTS)
    assert not any(may(role, "room.close") for role in POSTS)


def test_a_refusal_names_who_may() -> None:
    assert allowed("reply.approve") == "operator or moderator"
    assert allowed("evidence.hold") == "operator, product or compliance"
    assert allowed("brand.set") == "operator"


def test_who_did_it_reads_as_a_name_and_a_role() -> None:
    assert told("product:Mei", Signature("Mei", "product")) == "Mei, product"
    assert told("operator", Signature("Mei", "product")) == "Mei, product"
    assert told("operator:Tom") == "Tom, operator"
    assert told("aloud:host:Lin") == "Lin, host"
    assert told("operator:Tom: the second") == "Tom: the second, operator"
    assert [told(by) for by in ("operator", "autonomy", "kb.toml", "heard:Lin")] == [
        "operator", "autonomy", "kb.toml", "heard:Lin",
    ]  # fmt: skip


def test_without_the_name_the_role_is_left() -> None:
    assert [unnamed(by) for by in ("product:Mei", "aloud:host:Lin", "operator", "autonomy", "kb.toml")] == [
        "product", "aloud:host", "operator", "autonomy", "kb.toml",
    ]  # fmt: skip
