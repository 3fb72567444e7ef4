"""Cases as they are written: strict JSON Lines and TOML, every fault named with file and line.

A case never holds a default that hides a typing error: unknown keys, duplicate ids and empty files
are refused.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from cohost.errors import OperatorError

Action = Literal["answer", "decline", "escalate", "ignore"]
C = TypeVar("C", bound="Case")
T = TypeVar("T")


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every case has. `lang` is the language it is written in (BCP 47)."""

    id: str
    lang: str
    tags: tuple[str, ...] = ()
    note: str = ""  # why the case is there, for people


class LineCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A chat line whose language is known; `lang = "und"` where nobody could tell."""

    text: str
    hint: str | None = None


class ChatCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A chat line and what kind of line it is; "a|b" where both are right."""

    text: str
    intent: str


class PairCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Two questions by two viewers, one after the other, and whether they are one question."""

    first: str
    second: str
    same: bool
    second_lang: str = ""  # where it is not `lang`
    market: str | None = None
    second_market: str | None = None  # where it is not `market`


class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a reply must hold. "a|b" means either; lists mean every entry.

    `values`: amounts ("22.4 h", "12-18 day", "79.90 EUR") found in any locale's writing, or words
    ("IPX7") found as they stand. `condition` and `says`: by language, `any` for every language.
    `affirm_never`: words that may stand in a sentence only when it denies them.
    """

    action: tuple[Action, ...] = ("answer",)
    intent: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    condition: dict[str, tuple[str, ...]] = {}
    says: dict[str, tuple[str, ...]] = {}
    cite: tuple[str, ...] = ()  # document globs; each must be cited
    may_cite: tuple[str, ...] = ()  # documents that do no harm
    denies: bool = False  # a sentence of the reply must deny something
    held: dict[str, bool] = {}  # document glob → the citation's `valid`
    never: tuple[str, ...] = ()
    affirm_never: dict[str, tuple[str, ...]] = {}
    notify_host: bool | None = None
    product: str | None = None


class QuestionCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A viewer's question; `expect` names an entry of `expectations.toml`."""

    question: str
    expect: str
    market: str | None = None
    product: str | None = None
    reply_lang: str | None = None  # where it is not the question's
    says: tuple[str, ...] = ()  # this case's own words, in its language
    never: tuple[str, ...] = ()


class OwnCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question about a folder of one's own, as `eval-draft` writes it. It runs once somebody accepted it;
    `expect` may be open in a draft from a show. `doubt`: why a blanket acceptance leaves it out."""

    question: str
    market: str | None = None
    product: str | None = None
    expect: Expectation | None = None
    accepted_by: str = ""
    doubt: str = ""


class SearchCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question and the documents whose evidence answers it (globs; any of them is right)."""

    question: str
    documents: tuple[str, ...]
    market: str | None = None
    product: str | None = None


class SentenceCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sentence somebody would say, with evidence, and what the guard owes it.

    `stop` is rewrite or block: the sentence must not go out as it stands.
    """

    sentence: str
    verdict: Literal["allow", "rewrite", "block", "stop"]
    cites: tuple[str, ...] = ()  # names in the evidence file
    found: tuple[str, ...] = ()  # further evidence on the table
    rule: str | None = None
    market: str | None = None
    product: str | None = None
    model: str | None = None
    polarity: Literal["", "confirm", "deny"] = ""
    origin: Literal["composer", "llm", "operator"] = "llm"


class TranslationCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A line of the room as people say it in each language. `turned`: the same with its denial gone, which is
    what a bad translator makes of it."""

    said: dict[str, str]
    turned: dict[str, str] = {}


class Beat(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a lane does `at_ms` into cohost's speech; `words` are what the recogniser read."""

    at_ms: int
    does: Literal["voice", "strong", "quiet", "click", "words", "leave", "stop key"]
    lane: str = ""
    role: Literal["viewer", "host", "operator"] = "viewer"
    text: str = ""
    lang: str = ""
    voiced_ms: int = 600


class FloorCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Voices over cohost's speech and what it owes them, `within_ms` of the first beat. `room`: the
    languages spoken there; `heard_words`: words of the speech that had begun when it fell silent."""

    beats: tuple[Beat, ...]
    expect: Literal["none", "duck", "hold", "resume", "cut"]
    within_ms: int = 0
    asker: str = ""
    protected: bool = False
    room: tuple[str, ...] = ("en",)
    heard_words: int | None = None
    reason: str = ""  # what the cut must be put down to: a word that stops is no mere interruption


def read_cases(files: Sequence[Path], kind: type[C]) -> list[C]:
    """Every case of the files, in order. Raises OperatorError with file and line."""
    cases: list[C] = []
    seen: dict[str, str] = {}
    for file in files:
        before = len(cases)
        for number, line in enumerate(_text(file).splitlines(), start=1):
            if not line.strip():
                continue
            where = f"{file.name}:{number}"
            case = _decode(line, kind, where)
            if case.id in seen:
                raise OperatorError(
                    f"{where}: got id {case.id!r} a second time (first at {seen[case.id]}), "
                    "expected an id of its own"
                )
            if not re.fullmatch(r"[\w.-]+", case.id):
                raise OperatorError(f"{where}: got id {case.id!r}, expected letters, digits and hyphens only")
            seen[case.id] = where
            cases.append(case)
        if len(cases) == before:
            raise OperatorError(f"{file.name}:1: got a file without a case, expected at least one line")
    return cases


def _decode(line: str, kind: type[C], where: str) -> C:
    try:
        return msgspec.json.decode(line, type=kind)
    except msgspec.DecodeError as error:
        raise OperatorError(f"{where}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """msgspec's words as got / expected."""
    text = str(error)
    unknown = re.search(r"unknown field `(\w+)`", text)
    if unknown:
        return f"got unknown key {unknown[1]!r}, expected only the keys of this kind of case"
    return f"got a case that does not fit: {text}"


def read_table(file: Path, kind: type[T]) -> T:
    """A TOML file as one struct. Raises OperatorError with file and line."""
    source = _text(file)
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise OperatorError(f"{file.name}: got a file that is no TOML: {error}") from error
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise OperatorError(f"{file.name}:{_line_of(source, error)}: {_reason(error)}") from error


def _line_of(source: str, error: Exception) -> int:
    """The line a validation error speaks of: its unknown key, else the last key of its path."""
    text = str(error)
    names = re.findall(r"unknown field `([^`]+)`", text) or re.findall(r"\.([\w-]+)", text)[::-1]
    for name in names:
        for number, line in enumerate(source.splitlines(), start=1):
            if re.match(rf"\s*(\[+.*\b)?[\"']?{re.escape(name)}[\"']?\s*[=\].]", line):
                return number
    return 1


def read_expectations(file: Path) -> dict[str, Expectation]:
    """`expectations.toml`: name → what the reply must hold."""
    return read_table(file, dict[str, Expectation])


def expectation_of(case: QuestionCase, known: dict[str, Expectation], where: str) -> Expectation:
    """The case's expectation with its own words added. Raises OperatorError on an unknown name."""
    found = known.get(case.expect)
    if found is None:
        raise OperatorError(
            f"{where}: case {case.id!r} expects {case.expect!r}, which no expectation file describes"
        )
    lang = case.lang.split("-")[0]
    says = dict(found.says)
    if case.says:
        says[lang] = (*says.get(lang, ()), *case.says)
    return msgspec.structs.replace(found, says=says, never=(*found.never, *case.never))


def chosen(
    cases: Iterable[C], *, lang: str | None, product: str | None, only: set[str] | None, pinned: str = ""
) -> list[C]:
    """The cases a run asks for: by language, by product, by id. A question that names no product is
    about the pinned one."""
    return [
        case
        for case in cases
        if (lang is None or case.lang.split("-")[0] == lang.split("-")[0])
        and (product is None or product == (getattr(case, "product", "") or _default(case, pinned)))
        and (only is None or case.id in only)
    ]


def _default(case: Case, pinned: str) -> str:
    return pinned if isinstance(case, QuestionCase | SearchCase) else ""


def spread(cases: Sequence[C], limit: int) -> list[C]:
    """At most `limit` cases, languages in turn, the files' order kept: the same choice every time."""
    if limit <= 0 or len(cases) <= limit:
        return list(cases)
    rows: dict[str, list[int]] = {}
    for number, case in enumerate(cases):
        rows.setdefault(case.lang, []).append(number)
    taken: list[int] = []
    step = 0
    while len(taken) < limit:
        for numbers in rows.values():
            share = _spaced(numbers)
            if step < len(share) and len(taken) < limit:
                taken.append(share[step])
        step += 1
    return [cases[n] for n in sorted(taken)]


def _spaced(numbers: Sequence[int]) -> list[int]:
    """First, last, middle, quarters … : a few of a list stand for all of it."""
    order: list[int] = []
    size = len(numbers)
    steps = [0.0, 0.5, 0.25, 0.75, 0.125, 0.625, 0.375, 0.875]
    for share in steps:
        number = numbers[min(size - 1, int(share * size))]
        if number not in order:
            order.append(number)
    return order + [n for n in numbers if n not in order]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"{file}: got {error.strerror}, expected a readable file") from error
    except UnicodeDecodeError as error:
        raise OperatorError(f"{file}: got a file that is no UTF-8 ({error.reason})") from error


def plain(value: Any) -> Any:
    """A struct as JSON-ready data, empty fields left out."""
    data = msgspec.to_builtins(value)
    return (
        {k: v for k, v in data.items() if v not in (None, "", (), [], {})} if isinstance(data, dict) else data
    )
