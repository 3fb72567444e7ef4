"""`kb.toml`: what no document says. Strict: an unknown word is an error with its line and near names.

Errors read `kb.toml:LINE: got …, expected …`. Facts declared here carry the lines they stand on as
their quote; a folder without the file is one nameless brand.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from cohost.common.catalogue import Brand, Catalogue, Market, Platform, Product, Slot, Variant
from cohost.errors import KnowledgeError
from cohost.knowledge.documents import Problem
from cohost.knowledge.kbtoml_fields import REQUIRED, SECTIONS, BadValue, meant, near
from cohost.knowledge.kbtoml_lines import Lines
from cohost.trust.attributes import near_ids, ontology
from cohost.trust.evidence import DocumentKind, Fact, MarketFact, Passage, Source, Visibility, normal_model
from cohost.trust.schemes import schemes

FILE = "kb.toml"
MAX_BYTES = 8 * 1024 * 1024


TOLD_OF_BRAND = {
    "legal_name": "Legal name", "address": "Address", "support": "Customer service contact",
    "responsible_person": "Responsible person",
}  # fmt: skip


class DocumentNote(msgspec.Struct, frozen=True, omit_defaults=True):
    """A `[[document]]`: what the operator says of a file. None leaves it to the content."""

    path: str
    kind: DocumentKind | None = None
    product: str | None = None
    visibility: Visibility | None = None
    approved_by: str | None = None
    approved_on: dt.date | None = None


class KbToml(msgspec.Struct, frozen=True, omit_defaults=True):
    """`facts` have local ids "1", "2" …; `sha256` is of the file's bytes, "" without a file."""

    catalogue: Catalogue = Catalogue()
    facts: tuple[Fact | MarketFact | Passage, ...] = ()
    documents: tuple[DocumentNote, ...] = ()
    sha256: str = ""
    problems: tuple[Problem, ...] = ()


def load(folder: Path) -> KbToml:
    """Raises KnowledgeError: no such folder, an unreadable file, or the first wrong line."""
    if not folder.is_dir():
        what = "a file" if folder.exists() else "nothing"
        raise KnowledgeError(f"got {what} at {folder}, expected a folder of documents")
    file = folder / FILE
    if not file.exists():
        message = "no kb.toml: one nameless brand, no products, markets or prices"
        return KbToml(problems=(Problem("no_kb_toml", "warning", FILE, message),))
    try:
        data = file.read_bytes()
    except OSError as error:
        raise KnowledgeError(f"got {error.strerror}, expected a readable file", file=FILE) from error
    if len(data) > MAX_BYTES:
        raise KnowledgeError(f"got {len(data) / 2**20:.0f} MB, expected at most 8 MB", file=FILE)
    return parse(data)


def parse(data: bytes) -> KbToml:
    """The file's bytes → KbToml. Raises KnowledgeError."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise KnowledgeError(
            "got bytes that are no UTF-8, expected UTF-8 text", file=FILE, line=line
        ) from error
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax(error, text) from error
    except RecursionError as error:
        raise KnowledgeError("got nested lists without end, expected TOML", file=FILE) from error
    return _Loader(raw, Lines(text), hashlib.sha256(data).hexdigest()).load()


def _syntax(error: tomllib.TOMLDecodeError, text: str) -> KnowledgeError:
    said = str(error)
    at = re.search(r"\s*\(at line (\d+), column \d+\)", said)
    line = int(at.group(1)) if at else len(text.rstrip().split("\n"))
    said = re.sub(r"\s*\(at [^()]*\)", "", said)
    return KnowledgeError(f"got broken TOML ({said}), expected key = value", file=FILE, line=line)


class _Loader:
    def __init__(self, raw: dict[str, Any], lines: Lines, sha256: str) -> None:
        self._raw = raw
        self._lines = lines
        self._sha256 = sha256
        self._problems: list[Problem] = []

    def load(self) -> KbToml:
        self._check_sections()
        brand = Brand(**self._table("brand", 0, self._raw.get("brand", {})))
        self._products = self._rows("product", Product, unique="id")
        self._markets = self._rows("market", Market, unique="code")
        variants = self._rows("variant", Variant)
        platforms = self._rows("platform", Platform, unique="name")
        self._check_products()
        self._check_markets()
        self._check_variants(variants)
        catalogue = Catalogue(brand, self._products, variants, self._markets, platforms, self._rundown())
        facts = tuple(self._fact(i, row) for i, row in enumerate(self._list("fact")))
        notes = self._rows("document", DocumentNote, unique="path")
        for i, note in enumerate(notes):
            self._known_product("document", i, note.product)
        told = tuple(self._of_brand(brand, len(facts)))
        return KbToml(catalogue, (*facts, *told), notes, self._sha256, tuple(self._problems))

    # ------------------------------------------------------------------ shape

    def _fail(self, section: str, index: int, key: str | None, got: str, expected: str) -> KnowledgeError:
        part = self._lines.part(section, index)
        line = part.keys.get(key, part.line) if key else part.line
        return KnowledgeError(f"got {got}, expected {expected}", file=FILE, line=line)

    def _warn(self, code: str, section: str, index: int, key: str, message: str) -> None:
        part = self._lines.part(section, index)
        line = part.keys.get(key, part.line)
        self._problems.append(Problem(code, "warning", FILE, f"line {line}: {message}"))

    def _check_sections(self) -> None:
        for name, value in self._raw.items():
            if name not in SECTIONS:
                top = self._lines.parts[0].keys
                stands = [p.line for p in self._lines.parts if p.name.split(".")[0].strip() == name]
                line = stands[0] if stands else top.get(name, 1)
                shape = f"[{name}]" if isinstance(value, dict | list) else f'"{name}"'
                listed = ", ".join(f"[{s}]" if s == "brand" else f"[[{s}]]" for s in SECTIONS)
                raise KnowledgeError(
                    f"got {shape}, expected one of {listed}{near(name, SECTIONS)}", file=FILE, line=line
                )
        if not isinstance(self._raw.get("brand", {}), dict):
            raise self._fail("brand", 0, None, "[[brand]]", "[brand], once")

    def _list(self, section: str) -> list[dict[str, Any]]:
        rows = self._raw.get(section, [])
        if isinstance(rows, dict):
            raise self._fail(section, 0, None, f"[{section}]", f"[[{section}]], once for each {section}")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._fail(section, 0, None, f"{section} = {rows!r}"[:80], f"[[{section}]] tables")
        return rows

    def _table(self, section: str, index: int, row: dict[str, Any]) -> dict[str, Any]:
        """The row's values, checked and converted."""
        checks = SECTIONS[section]
        out: dict[str, Any] = {}
        for key, value in row.items():
            if key not in checks:
                expected = f"one of {', '.join(checks)}{near(key, checks)}"
                raise self._fail(section, index, key, f'unknown key "{key}"', expected)
            try:
                out[key] = checks[key](value)
            except BadValue as error:
                raise self._fail(section, index, key, f"{key} = {_shown(value)}", str(error)) from error
        for key in REQUIRED.get(section, ()):
            if key not in out:
                raise self._fail(section, index, None, f"[[{section}]] without {key}", f"{key} = …")
        return out

    def _rows(self, section: str, kind: type[Any], unique: str | None = None) -> tuple[Any, ...]:
        rows = [kind(**self._table(section, i, row)) for i, row in enumerate(self._list(section))]
        seen: dict[str, int] = {}
        for i, row in enumerate(rows):
            name = getattr(row, unique) if unique else None
            if name in seen:
                first = self._lines.part(section, seen[name]).line
                raise self._fail(
                    section, i, unique, f'{unique} "{name}" again', f"each once; line {first} has it already"
                )
            if name is not None:
                seen[name] = i
        return tuple(rows)

    # ------------------------------------------------------------------ references

    def _known_product(self, section: str, index: int, product: str | None) -> None:
        known = [p.id for p in self._products]
        if product is not None and product not in known:
            expected = f"the id of a [[product]]{near(product, known)}"
            raise self._fail(section, index, "product", f'unknown product "{product}"', expected)

    def _known_market(self, section: str, index: int, key: str, code: str | None) -> None:
        known = [m.code for m in self._markets]
        if code is not None and known and code not in known:
            expected = f"the code of a [[market]] ({', '.join(known)}){near(code, known)}"
            raise self._fail(section, index, key, f'unknown market "{code}"', expected)

    def _check_products(self) -> None:
        pinned = [i for i, p in enumerate(self._products) if p.pinned]
        if len(pinned) > 1:
            raise self._fail("product", pinned[1], "pinned", "a second pinned product", "one at most")
        for i, product in enumerate(self._products):
            for model in product.models:
                other = next((p for p in self._products[:i] if model in p.models), None)
                if other is not None:
                    got = f'model "{model}" of "{product.id}" and "{other.id}"'
                    raise self._fail("product", i, "models", got, "each model in one product")

    def _check_markets(self) -> None:
        """A scheme nobody wrote rules for is no error: papers of it can still be quoted."""
        for i, market in enumerate(self._markets):
            for scheme in market.scheme:
                if scheme not in schemes():
                    hint = meant(difflib.get_close_matches(scheme.upper(), schemes(), n=2))
                    self._warn(
                        "unknown_scheme", "market", i, "scheme", f'scheme "{scheme}" has no rules{hint}'
                    )

    def _check_variants(self, variants: tuple[Variant, ...]) -> None:
        for i, variant in enumerate(variants):
            self._known_product("variant", i, variant.product)
            for code in variant.markets:
                self._known_market("variant", i, "markets", code)
            models = next(p.models for p in self._products if p.id == variant.product)
            if models and normal_model(variant.model) not in map(normal_model, models):
                message = f'model "{variant.model}" is not among the models of "{variant.product}"'
                self._warn("unknown_model", "variant", i, "model", message)

    def _rundown(self) -> tuple[Slot, ...]:
        """Link numbers count on from the one before where none is given."""
        slots: list[Slot] = []
        lines: dict[int, int] = {}
        for i, row in enumerate(self._list("rundown")):
            got = self._table("rundown", i, row)
            self._known_product("rundown", i, got["product"])
            number = got.get("number") or (slots[-1].number + 1 if slots else 1)
            if number in lines:
                expected = f"each once; line {lines[number]} has it already"
                raise self._fail("rundown", i, "number", f"link number {number} again", expected)
            lines[number] = self._lines.part("rundown", i).line
            slots.append(Slot(number, got["product"]))
        return tuple(slots)

    # ------------------------------------------------------------------ facts

    def _of_brand(self, brand: Brand, before: int) -> Iterator[Passage]:
        """What `[brand]` tells of the seller, in its own words."""
        for number, (key, label) in enumerate(TOLD_OF_BRAND.items(), start=before + 1):
            text, line = getattr(brand, key), self._lines.line_of("brand", 0, key)
            if text and line:
                source = msgspec.structs.replace(
                    self._source("brand", 0), quote=line, kind="company", lang="en",
                    locator=f"line {self._lines.part('brand').keys.get(key, 1)}",
                )  # fmt: skip
                yield Passage(
                    id=str(number), source=source, source_class="C", text=f"{label}: {text}",
                    heading=label, attributes=("seller",),
                )  # fmt: skip

    def _fact(self, index: int, row: dict[str, Any]) -> Fact | MarketFact:
        got = self._table("fact", index, row)
        self._known_product("fact", index, got.get("product"))
        self._known_market("fact", index, "market", got.get("market"))
        attribute = ontology().get(got["attribute"])
        if attribute is None:
            name = got["attribute"]
            expected = f"an attribute of the ontology{meant(near_ids(name))}"
            raise self._fail("fact", index, "attribute", f'unknown attribute "{name}"', expected)
        self._check_dates(index, got)
        if attribute.form == "money":
            self._check_money(index, got)
        self._check_form(index, got, attribute.form)
        is_market = "market" in got or attribute.market
        common: dict[str, Any] = {
            "id": str(index + 1),
            "source": self._source("fact", index, "policy" if is_market else "spec"),
            "product": got.get("product"),
            "markets": (got["market"],) if "market" in got else (),
            "valid_until": got.get("valid_until"),
            "attribute": got["attribute"],
            "value": got["value"],
            "unit": got.get("unit"),
            "condition": got.get("condition", ""),
        }
        if not is_market:
            return Fact(source_class="B", basis="set", **common)
        return MarketFact(
            source_class="C",
            as_of=got.get("as_of"),
            tax_included=got.get("tax_included"),
            prior_price_30d=got.get("prior_price_30d"),
            **common,
        )

    def _source(self, section: str, index: int, kind: DocumentKind = "company") -> Source:
        return Source(
            document=FILE,
            quote=self._lines.quote(section, index),
            locator=f"line {self._lines.part(section, index).line}",
            kind=kind,
            sha256=self._sha256,
        )

    def _check_dates(self, index: int, got: dict[str, Any]) -> None:
        as_of, until = got.get("as_of"), got.get("valid_until")
        if as_of and until and until < as_of:
            raise self._fail(
                "fact", index, "valid_until", f"valid_until = {until}", f"a day from as_of ({as_of}) on"
            )

    def _check_money(self, index: int, got: dict[str, Any]) -> None:
        """An amount above zero (a cost may be 0) in a currency; the market's where none is named."""
        value, least = got["value"], 0.0
        amounts = value if isinstance(value, tuple) else (value,)
        if not all(isinstance(a, float) and a >= least for a in amounts):
            raise self._fail("fact", index, "value", f"value = {_shown(value)}", "an amount such as 59.9")
        if got["attribute"] == "price" and 0.0 in amounts:
            raise self._fail("fact", index, "value", "a price of 0", "an amount above 0")
        home = next((m.currency for m in self._markets if m.code == got.get("market")), "")
        unit = got.setdefault("unit", home)
        try:
            SECTIONS["market"]["currency"](unit)
        except BadValue as error:
            key = "unit" if unit else None
            raise self._fail("fact", index, key, f'unit = "{unit}"', str(error)) from error
        if home and unit != home:
            self._warn("currency", "fact", index, "unit", f"{unit} in a market of {home}")

    def _check_form(self, index: int, got: dict[str, Any], form: str) -> None:
        value = got["value"]
        if got["attribute"] == "stock" and isinstance(value, float) and (value < 0 or value % 1):
            raise self._fail("fact", index, "value", f"value = {_shown(value)}", "a whole number from 0")
        if form == "bool" and not isinstance(value, bool | str):
            raise self._fail("fact", index, "value", f"value = {_shown(value)}", "true or false")
        if form in ("quantity", "duration") and _numeric(value) and not got.get("unit"):
            units = ontology()[got["attribute"]].units
            raise self._fail(
                "fact", index, "value", f"value = {_shown(value)} without unit", f"unit = {_listed(units)}"
            )


def _numeric(value: object) -> bool:
    return isinstance(value, float) or (isinstance(value, tuple) and isinstance(value[0], float))


def _listed(names: tuple[str, ...]) -> str:
    return " or ".join(f'"{name}"' for name in names) or '"…"'


def _shown(value: object) -> str:
    """A value as it would be written in TOML, shortened."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value[:60]}…"' if len(value) > 60 else f'"{value}"'
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_shown(v) for v in value[:4]) + (", …]" if len(value) > 4 else "]")
    return str(value)
