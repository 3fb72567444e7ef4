"""One frozen tree of settings, read once from one TOML file and the environment.

An unknown key is refused with its near names. Environment: OPENAI_BASE_URL, OPENAI_API_KEY and
COHOST_LLM_MODEL (or OPENAI_MODEL) switch the writer on; `ENVIRONMENT` lists every variable.
"""

from __future__ import annotations

import datetime as dt
import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec

from cohost.errors import SettingsError
from cohost.languages import LANGUAGES, base
from cohost.settings import people
from cohost.settings.people import Person
from cohost.settings.platforms import Bilibili, Orders, Shopee, Tiktok, Twitch, Webhook, Youtube

Autonomy = Literal["watch", "suggest", "post", "full"]


class Web(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the room listens. `token` is made at start when empty."""

    host: str = "127.0.0.1"
    port: int = 8765
    room: str = "main"
    token: str = ""
    viewer_token: str = ""  # "" = viewers need none
    tls_cert: str = ""
    tls_key: str = ""
    public_url: str = ""  # the room as viewers reach it: posts then link to their evidence
    origins: tuple[str, ...] = ()  # further origins that may connect, beside the room's own


class Endpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A further OpenAI-compatible server, asked when those before it fail: a table `[[llm.endpoint]]` each.
    What is left out is `[llm]`'s, but for the server, its key and its prices."""

    base_url: str = ""
    model: str = ""
    name: str = ""  # in events and reports; "" = the model
    key_env: str = ""  # the variable that holds the key; "" = it needs none
    timeout_s: float = 0.0  # to its first verified sentence; 0 = an equal share of what is left
    max_tokens: int = 0  # 0 = as [llm] says
    structured: bool = False  # it keeps to a JSON schema (response_format json_schema)
    price_in: float = 0.0  # of a million tokens
    price_cached: float = 0.0  # of those the server had kept; 0 = as price_in
    price_out: float = 0.0


class Llm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An OpenAI-compatible server, and further ones behind it; off while no model is named."""

    base_url: str = ""
    api_key: str = ""
    model: str = ""
    first_sentence_s: float = 2.5  # what a turn has to its first verified sentence, all endpoints together
    total_s: float = 8.0
    max_tokens: int = 220
    structured: bool = False
    price_in: float = 0.0
    price_cached: float = 0.0
    price_out: float = 0.0
    currency: str = "USD"  # of prices and ceiling
    ceiling: float = 0.0  # what a show may cost; 0 = no limit. Then answers are composed
    ceiling_tokens: int = 0  # the same in tokens
    endpoint: tuple[Endpoint, ...] = ()

    def servers(self, environ: Mapping[str, str] = os.environ) -> tuple[Server, ...]:
        """Every endpoint in order, with its key. Raises SettingsError on a key that is not there."""
        found = []
        if self.model:
            found.append(Server(
                self.model, self.base_url, self.api_key, self.model, 0.0, self.max_tokens, self.structured,
                (self.price_in, self.price_out, self.price_cached),
            ))  # fmt: skip
        for number, one in enumerate(self.endpoint, start=1):
            if one.key_env and not environ.get(one.key_env):
                raise SettingsError(
                    f"got llm.endpoint {number} with key_env = “{one.key_env}”, which is not set; "
                    "expected a variable with the key"
                )
            found.append(Server(
                one.name or one.model, one.base_url, environ.get(one.key_env, ""), one.model, one.timeout_s,
                one.max_tokens or self.max_tokens, one.structured,
                (one.price_in, one.price_out, one.price_cached),
            ))  # fmt: skip
        return tuple(found)


class Server(msgspec.Struct, frozen=True):
    """An endpoint as it is used. `prices`: of a million tokens in, out, and kept by the server."""

    name: str
    base_url: str
    api_key: str
    model: str
    timeout_s: float
    max_tokens: int
    structured: bool
    prices: tuple[float, float, float]


class Chat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The room's manners."""

    autonomy: Autonomy = "full"
    merge_window_s: float = 90.0
    earn_after: int = 0  # drafts of an intent approved unchanged until it posts alone; 0 = never
    unattended_s: float = 0.0  # no operator's page open so long: nothing goes out alone; 0 = never mind
    draft_ttl_s: float = 180.0  # an undecided draft expires
    reply_ttl_s: float = 120.0  # so does an answer that gets no turn on its platform
    posts_per_second: float = 4.0  # own posts, all languages together
    posts_burst: int = 8


class Voice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hearing and speaking. A language is spoken only with a voice that is fit for it."""

    hear: bool = True  # viewers and hosts may use a microphone
    speak: bool = True  # answers are spoken where somebody listens
    langs: tuple[str, ...] = ()  # spoken languages of the room; [] = every one with a fit voice
    engine: Literal["", "pyttsx3", "kokoro"] = ""  # "" = the best one installed
    rate: int = 175  # words a minute (pyttsx3)
    lanes: int = 8  # speakers at once; more wait
    callers: Literal["open", "taken"] = "open"  # "taken": only those whom a person of the staff took
    chat: bool = True  # answers to typed questions are spoken too, in long enough silence
    share: float = 0.15  # of air time, for answers to typed questions


Route = Literal["llm", "argos", "ctranslate2", "fast", "apertium"]


class Translate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Between the host's language ([brand] host_lang) and the viewers'. Routes that are not installed are
    passed over."""

    routes: tuple[Route, ...] = (
        "llm",
        "argos",
        "ctranslate2",
        "fast",
        "apertium",
    )  # in order; [] = off
    comments: bool = True  # every comment for the host; false = questions only
    back: bool = True  # claims are translated back and compared
    deadline_s: float = 4.0  # then the original is shown
    at_once: int = 2  # translations side by side
    waiting: int = 64  # lines that wait; more let the oldest comments go
    models: str = ""  # folder of CTranslate2 models, one a pair ("en-es"); "" = Argos' own
    apertium: str = ""  # address of an APy; "" = the local command
    glossary: str = ""  # CSV: a column a language ("en", "zh", "es"), a term a row


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that can be set. `on` fixes the show's date."""

    web: Web = Web()
    llm: Llm = Llm()
    chat: Chat = Chat()
    voice: Voice = Voice()
    translate: Translate = Translate()
    twitch: Twitch = Twitch()
    youtube: Youtube = Youtube()
    webhook: Webhook = Webhook()
    shopee: Shopee = Shopee()
    bilibili: Bilibili = Bilibili()
    tiktok: Tiktok = Tiktok()
    orders: Orders = Orders()
    person: tuple[Person, ...] = ()  # the staff by name: see `settings/people.py`
    kb: str = ""
    log: str = ""
    on: dt.date | None = None
    threads: int = 1
    keep_days: int = 0  # older shows lose every viewer's words and names when a room opens; 0 = keep


RANGES: dict[str, tuple[float, float]] = {
    "web.port": (0, 65535), "llm.first_sentence_s": (0.1, 60), "llm.total_s": (0.2, 300),
    "llm.max_tokens": (16, 4096), "llm.price_in": (0, 10**6), "llm.price_out": (0, 10**6),
    "llm.price_cached": (0, 10**6), "llm.ceiling": (0, 10**9), "llm.ceiling_tokens": (0, 10**12),
    "llm.endpoint.timeout_s": (0, 60), "llm.endpoint.max_tokens": (0, 4096),
    "llm.endpoint.price_in": (0, 10**6), "llm.endpoint.price_out": (0, 10**6),
    "llm.endpoint.price_cached": (0, 10**6), "chat.merge_window_s": (0, 3600), "chat.draft_ttl_s": (1, 86400),
    "chat.reply_ttl_s": (1, 86400), "chat.earn_after": (0, 1000), "chat.unattended_s": (0, 86400),
    "chat.posts_per_second": (0.01, 100), "chat.posts_burst": (1, 1000), "threads": (1, 64),
    "keep_days": (0, 36500),
    "twitch.port": (1, 65535), "youtube.units": (100, 10**9), "youtube.hours": (0.1, 48),
    "webhook.longest": (0, 10**6), "webhook.posts": (0, 10**6), "webhook.per_s": (0.1, 86400),
    "webhook.tolerance_s": (1, 86400), "bilibili.longest": (10, 100),
    "translate.deadline_s": (0.2, 60), "translate.at_once": (1, 16), "translate.waiting": (1, 10_000),
    "voice.rate": (80, 400), "voice.lanes": (1, 64), "voice.share": (0, 1),
}  # fmt: skip


ENVIRONMENT = (
    ("llm", "base_url", "OPENAI_BASE_URL"), ("llm", "api_key", "OPENAI_API_KEY"),
    ("llm", "model", "OPENAI_MODEL"), ("llm", "model", "COHOST_LLM_MODEL"),
    ("twitch", "token", "COHOST_TWITCH_TOKEN"), ("youtube", "client_secret", "COHOST_YOUTUBE_SECRET"),
    ("youtube", "refresh_token", "COHOST_YOUTUBE_TOKEN"), ("webhook", "secret", "COHOST_WEBHOOK_SECRET"),
    ("shopee", "partner_key", "COHOST_SHOPEE_KEY"), ("shopee", "access_token", "COHOST_SHOPEE_TOKEN"),
    ("shopee", "refresh_token", "COHOST_SHOPEE_REFRESH"), ("bilibili", "session", "COHOST_BILIBILI_SESSION"),
    ("bilibili", "csrf", "COHOST_BILIBILI_CSRF"), ("orders", "secret", "COHOST_ORDERS_SECRET"),
)  # fmt: skip
"""Section, key, and the variable that overrides it: secrets need not stand in a file."""


def load(file: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Raises SettingsError: file, key, what came, what was expected."""
    data: dict[str, Any] = {}
    if file is not None:
        try:
            data = tomllib.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise SettingsError(f"{file}: got no file, expected a settings file in TOML") from None
        except OSError as error:
            raise SettingsError(
                f"{file}: got “{error.strerror}”, expected a readable settings file"
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{file}: got invalid TOML ({error}), expected key = value lines") from error
        _refuse_unknown(data, Settings, str(file), "")
    where = str(file) if file else "environment"
    _convert(data, where)  # what the file says, before the environment joins it
    for section, key, name in ENVIRONMENT:
        if environ.get(name):
            data.setdefault(section, {})[key] = environ[name]
    settings = _convert(data, where)
    _refuse_out_of_range(settings, where)
    _refuse_unknown_languages(settings, where)
    _refuse_endpoints(settings.llm, where)
    people.named(settings.person, file, None, {settings.web.token: "the room"})
    return settings


def replace(settings: Settings, **changes: Any) -> Settings:
    """A copy with dotted keys changed: `replace(s, web__port=0)` sets `web.port`."""
    for name, value in changes.items():
        section, _, key = name.partition("__")
        if key:
            inner = msgspec.structs.replace(getattr(settings, section), **{key: value})
            settings = msgspec.structs.replace(settings, **{section: inner})
        else:
            settings = msgspec.structs.replace(settings, **{section: value})
    return settings


def _refuse_unknown(
    data: Mapping[str, Any], shape: type[msgspec.Struct], file: str, prefix: str, row: int = 0
) -> None:  # fmt: skip
    known = {f.name: f.type for f in msgspec.structs.fields(shape)}
    for key, value in data.items():
        if key not in known:
            place = people.place(file, row, key) if prefix == "person." else file
            near = difflib.get_close_matches(key, known, n=3) or sorted(known)
            raise SettingsError(f"{place}: got unknown key {prefix}{key}, expected one of: {', '.join(near)}")
        inner = _row(known[key])
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            for number, part in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(part, dict):
                    _refuse_unknown(part, inner, file, f"{prefix}{key}.", number)


def _row(shape: Any) -> Any:
    """What a list holds; anything else as it is."""
    return get_args(shape)[0] if get_origin(shape) is tuple else shape


def _convert(data: Mapping[str, Any], where: str) -> Settings:
    try:
        return msgspec.convert(data, Settings)
    except msgspec.ValidationError as error:
        at = re.search(r"at `\$\.person\[(\d+)\]\.?(\w*)", str(error))
        place = people.place(where, int(at[1]), at[2]) if at else where
        raise SettingsError(f"{place}: {_mismatch(data, str(error))}") from None  # its value may be a token


TYPES = {
    "int": "a whole number", "float": "a number", "str": "a text in quotes", "bool": "true or false",
    "array": "a list in [ ]", "object": "a section of keys", "date | null": "a date such as 2026-11-20",
}  # fmt: skip


def _mismatch(data: Mapping[str, Any], told: str) -> str:
    """What stands at the key and what belongs there, from msgspec's “Expected `int`, … - at `$.web.port`”."""
    what, _, path = told.rpartition(" - at `$.")
    key = path.rstrip("`")
    value: Any = data
    shape: Any = Settings
    for name, index in re.findall(r"(\w+)(?:\[(\d+)\])?", key):
        shape = next(f.type for f in msgspec.structs.fields(_row(shape)) if f.name == name)
        value = value[name][int(index)] if index else value[name]
    wanted = re.search(r"Expected `([^`]+)`", what)
    expected = TYPES.get(wanted[1], wanted[1]) if wanted else TYPES["date | null"]
    if get_origin(shape) is Literal:
        expected = "one of: " + ", ".join(f"“{choice}”" for choice in get_args(shape))
    shown = f"a {type(value).__name__}" if people.secret(key) else repr(value)
    return f"got {key} = {shown}, expected {expected}"


def _refuse_unknown_languages(settings: Settings, where: str) -> None:
    for tag in settings.voice.langs:
        if base(tag) not in LANGUAGES:
            raise SettingsError(
                f"{where}: got voice.langs with {tag!r}, expected tags of: {', '.join(LANGUAGES)}"
            )


def _refuse_out_of_range(settings: Settings, where: str) -> None:
    for name, (low, high) in RANGES.items():
        values: list[Any] = [settings]
        for part in name.split("."):
            values = [v for value in values for v in (value if isinstance(value, tuple) else (value,))]
            values = [getattr(value, part) for value in values]
        for value in values:
            if not low <= value <= high:
                raise SettingsError(f"{where}: got {name} = {value}, expected {low:g} to {high:g}")


def _refuse_endpoints(llm: Llm, where: str) -> None:
    """Every endpoint has a model, an address of the web and a name of its own."""
    names = [llm.model] if llm.model else []
    for one in llm.endpoint:
        if not one.model:
            raise SettingsError(f"{where}: got llm.endpoint without a model, expected its name at the server")
        names.append(one.name or one.model)
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise SettingsError(
            f"{where}: got two endpoints named “{twice}”, expected a name for each (name = …)"
        )
    for address in (llm.base_url, *(one.base_url for one in llm.endpoint)):
        if address and not re.match(r"https?://[^/\s]", address):
            raise SettingsError(f"{where}: got base_url = “{address}”, expected http:// or https:// first")
