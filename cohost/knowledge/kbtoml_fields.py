"""What each key of `kb.toml` may hold: a check returns the value or says what it expected. Pure."""

from __future__ import annotations

import datetime as dt
import difflib
import functools
import math
import re
from collections.abc import Callable, Iterable
from typing import Any, get_args

from babel import Locale

from cohost.trust.evidence import DocumentKind, Value, Visibility

Check = Callable[[Any], Any]

MOST_LINKS = 999

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})
_MEANT = {"UK": "GB", "EL": "GR", "EN": "GB", "JA": "JP", "KO": "KR", "ZH": "CN"}


class BadValue(ValueError):
    """Carries what was expected."""


def near(name: str, known: Iterable[str]) -> str:
    """`, did you mean "price" or "prices"?` or nothing."""
    close = difflib.get_close_matches(name.lower(), sorted(known), n=3, cutoff=0.6)
    return meant(close)


def meant(names: Iterable[str]) -> str:
    quoted = " or ".join(f'"{name}"' for name in names)
    return f"; did you mean {quoted}?" if quoted else ""


@functools.cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes."""
    known = {code for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", code)}
    return frozenset(known - _NO_COUNTRY)


@functools.cache
def currencies() -> frozenset[str]:
    """ISO 4217 codes."""
    return frozenset(Locale("en").currencies)


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadValue('text in quotes, such as "…"')
    return value.strip()


def some_text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadValue("text in quotes that is not empty")
    return value.strip()


def texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        raise BadValue('a list of texts, such as ["a", "b"]')
    return tuple(v.strip() for v in value)


def yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadValue("true or false")
    return value


def identifier(value: Any) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise BadValue('an id of letters, digits, "-", "_" and ".", at most 64')
    return value


def language(value: Any) -> str:
    if not isinstance(value, str) or not _TAG.fullmatch(value):
        raise BadValue('a language tag such as "en" or "zh-Hant"')
    return value


def language_list(value: Any) -> tuple[str, ...]:
    return tuple(language(tag) for tag in texts(value))


def country(value: Any) -> str:
    if isinstance(value, str) and value in countries():
        return value
    hint = ""
    if isinstance(value, str):
        upper = value.strip().upper()
        hint = meant([c for c in (_MEANT.get(upper, upper),) if c in countries()])
    raise BadValue(f'a country code of ISO 3166 such as "DE"{hint}')


def country_list(value: Any) -> tuple[str, ...]:
    return tuple(country(code) for code in texts(value))


def currency(value: Any) -> str:
    if isinstance(value, str) and value in currencies():
        return value
    raise BadValue(f'a currency code of ISO 4217 such as "EUR"{near(str(value).upper(), currencies())}')


def day(value: Any) -> dt.date:
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise BadValue("a date without quotes, such as 2026-11-01")
    return value


def delay(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 600:
        raise BadValue("seconds from 0 to 600")
    return float(value)


def positive(value: Any) -> float:
    if not _is_number(value) or value <= 0:
        raise BadValue("a number above 0")
    return float(value)


def link_number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_LINKS:
        raise BadValue(f"a whole number from 1 to {MOST_LINKS}")
    return value


def one_of(*names: str) -> Check:
    def check(value: Any) -> str:
        if value not in names:
            listed = ", ".join(f'"{name}"' for name in names)
            raise BadValue(f"one of {listed}{near(str(value), names)}")
        return str(value)

    return check


def path(value: Any) -> str:
    """A posix path inside the folder."""
    given = some_text(value).replace("\\", "/").removeprefix("./")
    if given.startswith("/") or ".." in given.split("/") or ":" in given.split("/")[0]:
        raise BadValue('a path inside the folder, such as "reports/test.pdf"')
    return given


def fact_value(value: Any) -> Value:
    """A number, text, yes/no, [low, high], or a list of texts; numbers become floats."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip():
        return value.strip()
    if _is_number(value):
        return float(value)
    if isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)):
        if value[0] <= value[1]:
            return (float(value[0]), float(value[1]))
        raise BadValue("[low, high] with the lower figure first")
    if isinstance(value, list) and value and all(isinstance(v, str) and v.strip() for v in value):
        return tuple(v.strip() for v in value)
    raise BadValue('a number, "text", true or false, [low, high], or a list of texts')


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


REQUIRED = {
    "product": ("id", "name"),
    "variant": ("model", "product"),
    "market": ("code",),
    "fact": ("attribute", "value"),
    "document": ("path",),
    "platform": ("name",),
    "rundown": ("product",),
}

SECTIONS: dict[str, dict[str, Check]] = {
    "brand": {
        "name": text, "legal_name": text, "address": text, "support": text, "responsible_person": text,
        "host_lang": language, "disclosure": text,
    },
    "product": {"id": identifier, "name": some_text, "models": texts, "aliases": texts, "pinned": yes_no},
    "variant": {
        "model": some_text, "product": identifier, "markets": country_list, "revision": text, "since": day,
    },
    "market": {
        "code": country, "lang": language, "currency": currency, "scheme": texts,
        "address": one_of("formal", "informal"),
    },
    "fact": {
        "product": identifier, "attribute": some_text, "value": fact_value, "unit": some_text,
        "market": country, "as_of": day, "valid_until": day, "condition": text, "tax_included": yes_no,
        "prior_price_30d": positive,
    },
    "document": {
        "path": path, "kind": one_of(*get_args(DocumentKind)), "product": identifier,
        "visibility": one_of(*get_args(Visibility)), "approved_by": some_text, "approved_on": day,
    },
    "platform": {
        "name": some_text, "stream_delay_s": delay, "may_speak": yes_no, "may_link": yes_no,
        "speak_langs": language_list,
    },
    "rundown": {"product": identifier, "number": link_number},
}  # fmt: skip
