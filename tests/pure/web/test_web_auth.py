"""Who may come in: tokens, origins, pseudonyms."""

from hypothesis import given
from hypothesis import strategies as st

from cohost.common.people import Signature
from cohost.settings.people import Named, digest
from cohost.web.auth import Auth, pseudonym
from cohost.web.door import Door

AUTH = Auth(operator_token="oper", host_token="host", origins=("https://shop.example",))
HOME = {"origin": "http://127.0.0.1:8765", "host": "127.0.0.1:8765"}


def code(
    role: str, token: str | None, *, auth: Auth = AUTH, origin: str | None, host: str | None
) -> str | None:
    refusal = auth.admit(role, token, origin=origin, host=host)
    return refusal.code if refusal else None


def test_a_viewer_of_the_rooms_own_page_needs_no_token() -> None:
    assert code("viewer", None, **HOME) is None


def test_a_foreign_origin_is_refused_whatever_it_knows() -> None:
    assert code("operator", "oper", origin="https://evil.example", host=HOME["host"]) == "foreign_origin"
    assert code("viewer", None, origin="null", host=HOME["host"]) == "foreign_origin"
    assert code("viewer", None, origin="http://127.0.0.1:9999", host=HOME["host"]) == "foreign_origin"
    assert (
        code("viewer", None, origin="http://127.0.0.1.evil.example:8765", host=HOME["host"])
        == "foreign_origin"
    )


def test_an_allowed_origin_and_default_ports_are_the_same_place() -> None:
    assert code("viewer", None, origin="https://shop.example", host="inner:1") is None
    assert code("viewer", None, origin="https://room.example", host="room.example:443") is None
    assert code("viewer", None, origin="https://ROOM.example", host="room.example") is None


def test_without_an_origin_a_token_is_needed() -> None:
    assert code("viewer", None, origin=None, host=HOME["host"]) == "token_needed"
    assert code("viewer", "host", origin=None, host=HOME["host"]) is None
    assert code("operator", "oper", origin=None, host=HOME["host"]) is None


def test_each_role_needs_its_own_token_and_the_operators_opens_all() -> None:
    assert code("operator", None, **HOME) == "token_needed"
    assert code("operator", "host", **HOME) == "bad_token"
    assert code("operator", "oper", **HOME) is None
    assert code("host", "oper", **HOME) is None
    assert code("host", "host", **HOME) is None


def test_a_wrong_token_is_refused_even_where_none_was_needed() -> None:
    assert code("viewer", "guess", **HOME) == "bad_token"
    assert code("viewer", "käse", **HOME) == "bad_token"


def test_a_room_may_ask_viewers_for_a_token() -> None:
    shut = Auth(operator_token="oper", viewer_token="seat")
    assert code("viewer", None, auth=shut, **HOME) == "token_needed"
    assert code("viewer", "seat", auth=shut, **HOME) is None
    assert code("operator", "seat", auth=shut, **HOME) == "bad_token"


def test_an_empty_token_opens_nothing() -> None:
    bare = Auth(operator_token="oper")
    assert bare.rank("") is None
    assert code("host", "", auth=bare, **HOME) == "token_needed"


def test_an_unknown_role_is_refused() -> None:
    assert code("admin", "oper", **HOME) == "bad_role"


def test_tokens_do_not_show_in_a_repr() -> None:
    assert "oper" not in repr(AUTH).replace("operator_token", "")


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_origin_and_host_are_judged_without_an_error(origin: str, host: str) -> None:
    AUTH.same_origin(origin, host)


def test_a_page_that_keeps_its_secret_keeps_its_pseudonym() -> None:
    def one(**changes: str | None) -> str:
        given: dict[str, str | None] = {"secret": "s", "name": "Ana", "address": "1.2.3.4", "fresh": "x"}
        return pseudonym("main", **(given | changes))  # type: ignore[arg-type]

    assert one() == one(name="Bea", address="5.6.7.8", fresh="y")
    assert one(secret=None) == one(secret=None, fresh="y") != one()
    assert one(secret=None, name="") != one(secret=None, name="", fresh="y")
    assert len(one()) == 17


MEI, MO = Named("Mei", "product", digest("token-of-mei")), Named("Mo", "operator", digest("token-of-mo"))
STAFF = Auth(operator_token="oper", host_token="host", people=(MEI, MO))


def test_a_persons_token_opens_the_roles_of_the_wire_and_their_own() -> None:
    for role in ("viewer", "host", "operator", "product"):
        assert code(role, "token-of-mei", auth=STAFF, **HOME) is None
    assert code("compliance", "token-of-mei", auth=STAFF, **HOME) == "bad_token"
    assert code("product", None, auth=STAFF, **HOME) == "token_needed"
    assert code("product", "oper", auth=STAFF, **HOME) == "bad_token"
    assert code("operator", "token-of-me", auth=STAFF, **HOME) == "bad_token"
    assert code("operator", MEI.digest, auth=STAFF, **HOME) == "bad_token"


def test_shared_tokens_are_nobodys_and_cannot_borrow_a_name() -> None:
    assert STAFF.person("oper") is None
    assert STAFF.person(None) is None
    assert STAFF.person("token-of-mei") == MEI
    assert STAFF.own_name("Tom", "oper") == "Tom"
    assert [STAFF.own_name(name, "oper") for name in ("Mei", "ＭＥＩ", " mei ")] == ["", "", ""]
    assert STAFF.own_name("Tom", "token-of-mei") == "Mei"


def test_a_door_opens_by_right_and_its_cookie_is_each_persons_own() -> None:
    door = Door(STAFF, "evidence", "evidence.read")
    assert door.holder("oper", None) == "operator"
    assert door.holder("host", None) is None
    assert door.holder("token-of-mei", None) == Signature("Mei", "product")
    assert door.holder(None, None) is None
    assert door.holder(None, door.key("token-of-mei", None)) == Signature("Mei", "product")
    assert door.holder(None, door.key("oper", None)) == "operator"
    assert door.holder("wrong", door.key("oper", None)) is None
    report = Door(STAFF, "report", "report.read")
    assert report.holder("token-of-mei", None) is None
    assert report.holder(None, door.key("oper", None)) is None
    assert report.holder(None, report.key("token-of-mei", None)) is None
    assert report.holder("token-of-mo", None) == Signature("Mo", "operator")
    gone = Door(Auth(operator_token="oper"), "evidence", "evidence.read")
    assert gone.holder(None, door.key("token-of-mei", None)) is None
