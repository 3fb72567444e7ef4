"""A show script in TOML: who says what when, what an operator does, what must come of it. Pure.

Strict: an unknown key is an error with the step's number, so a misspelt expectation cannot pass.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec

from cohost.errors import UsageError
from cohost.trust.evidence import Value


class Expect(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a viewer must get. `has` and `never` are looked for in the text, spaces and case folded."""

    action: Literal["answer", "decline", "escalate", "ignore"]
    lang: str | None = None
    has: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()  # each a glob that one cited document must match
    invalid: bool = False  # the citations must include one that is not valid
    merged_into: str | None = None  # id of the step whose question it joins
    within_ms: int = 15_000


class Say(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="say", kw_only=True):
    """A viewer types a line."""

    at_s: float
    viewer: str
    text: str
    expect: Expect
    id: str = ""
    lang: str | None = None  # the page's language
    market: str | None = None
    why: str = ""  # what this line shows, for the table


class Speak(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="speak", kw_only=True
):
    """A viewer asks aloud: `sound` is a file beside the script, played like a microphone. `words`: texts
    that the transcript must hold. The answer is spoken where a voice is fit for its language."""

    at_s: float
    viewer: str
    sound: str
    expect: Expect
    words: tuple[str, ...] = ()
    id: str = ""
    lang: str | None = None
    market: str | None = None
    why: str = ""
    text: str = ""  # what is said, for the reader of the script


class Interrupt(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="interrupt", kw_only=True
):
    """The host speaks over the spoken answer to step `of`, `after_ms` into it: it must be cut, and what
    was not heard must be posted."""

    at_s: float
    of: str
    sound: str
    after_ms: int = 1500
    held_within_ms: int = 1500  # from the host's first sound, generous: machines are shared
    text: str = ""
    why: str = ""


class Pin(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="pin", kw_only=True):
    """The operator pins another product."""

    at_s: float
    product: str


class SetFact(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="fact.set", kw_only=True
):
    """The operator changes a price or a stock level."""

    at_s: float
    product: str
    attribute: str
    value: Value
    market: str | None = None
    unit: str | None = None


class Retract(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="retract", kw_only=True
):
    """The operator takes the reply to step `of` back; its askers get the correction."""

    at_s: float
    of: str
    reason: str
    correction: str = ""
    expect: Expect


Step = Say | Speak | Interrupt | Pin | SetFact | Retract
"""One step, told apart by `do`."""


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole show. `on` is its fixed date."""

    on: dt.date
    title: str
    step: tuple[Step, ...]


def load(path: Path) -> Script:
    """Raises UsageError: file, step, what came."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        script = msgspec.convert(data, Script)
    except OSError as error:
        raise UsageError(f"{path}: got “{error.strerror}”, expected a script in TOML") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: got invalid TOML ({error}), expected a script in TOML") from error
    except msgspec.ValidationError as error:
        raise UsageError(
            f"{path}: got a step or key that does not fit ({error}), expected a script like "
            "knowledge_base/_show/demo.toml"
        ) from error
    ids = [s.id for s in script.step if isinstance(s, Say | Speak) and s.id]
    for step in script.step:
        named = (
            step.of
            if isinstance(step, Retract | Interrupt)
            else step.expect.merged_into
            if isinstance(step, Say | Speak)
            else None
        )
        if named is not None and named not in ids:
            raise UsageError(f"{path}: got a step that names {named!r}, expected one of: {', '.join(ids)}")
    if len(ids) != len(set(ids)):
        raise UsageError(f"{path}: got the same step id twice, expected each once")
    for step in script.step:
        if isinstance(step, Speak | Interrupt) and not (path.parent / step.sound).is_file():
            raise UsageError(f"{path}: got sound = {step.sound!r}, expected a file beside the script")
    if not script.step:
        raise UsageError(f"{path}: got no steps, expected one [[step]] or more")
    return script
