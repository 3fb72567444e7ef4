"""What the set-up page says of brand, product and market, into `kb.toml`: comments and order stay."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.errors import DocumentError, WireError
from cohost.knowledge.kbtoml import FILE, parse
from cohost.setup.intake import replace

KEYS = ("name", "legal_name", "address", "support", "host_lang")


class NewProduct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    models: tuple[str, ...] = ()
    pinned: bool = False


class NewPrice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A market, and a product's price there."""

    market: str
    lang: str = ""
    currency: str = ""
    product: str = ""
    price: float | None = None


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The page's form: only what is to be set."""

    brand: dict[str, str] = {}
    product: NewProduct | None = None
    market: NewPrice | None = None


def write(folder: Path, body: bytes, *, on_disk: bool = True) -> str:
    """The new text, written once the strict reader takes it; the old file stays as kb.toml.bak. Raises
    WireError for the form, KnowledgeError for what the reader refuses, DocumentError for the folder."""
    try:
        wanted = msgspec.json.decode(body, type=Wanted)
    except msgspec.DecodeError as wrong:
        raise WireError("bad_line", f"got {wrong}, expected brand, product or market") from None
    file = folder / FILE
    try:
        old = file.read_bytes() if file.exists() else b""
    except OSError as error:
        raise DocumentError("unreadable", f"{FILE}: {error.strerror or error}") from error
    text = changed(old.decode("utf-8-sig"), wanted, parse(old).catalogue)
    parse(text.encode())
    if on_disk and text.encode() != old:
        if old:
            replace(folder / f"{FILE}.bak", old)
        replace(file, text.encode())
    return text


def changed(text: str, wanted: Wanted, now: Catalogue) -> str:
    """The file's text with what is wanted. Pure."""
    for key, value in wanted.brand.items():
        if key not in KEYS:
            raise WireError("bad_line", f"got brand.{key[:40]}, expected one of {', '.join(KEYS)}")
        text = _brand(text, key, value.strip())
    if (new := wanted.product) is not None:
        free = {product.id for product in now.products}
        lines = [("id", _id(new.name, free)), ("name", new.name.strip())]
        text = _added(text, "product", [*lines, *([("models", new.models)] if new.models else []),
                                        *([("pinned", True)] if new.pinned else [])])  # fmt: skip
        if new.pinned:
            text = _unpinned(text, 1)
    if (at := wanted.market) is not None:
        if now.market(at.market) is None:
            told = [("code", at.market), ("lang", at.lang), ("currency", at.currency)]
            text = _added(text, "market", [(k, v) for k, v in told if v])
        if at.price is not None:
            fact = [("product", at.product), ("attribute", "price"), ("value", at.price),
                    ("unit", at.currency), ("market", at.market)]  # fmt: skip
            text = _added(text, "fact", [(k, v) for k, v in fact if v != ""])
    return text


def _brand(text: str, key: str, value: str) -> str:
    """One key of [brand]: its line is written anew, with the comment behind it; else it is a new line."""
    lines = text.split("\n")
    starts = [n for n, line in enumerate(lines) if re.match(r"\s*\[\s*brand\s*\]", line)]
    if not starts:
        return f"[brand]\n{key} = {_toml(value)}\n" + ("\n" + text if text.strip() else "")
    at = starts[0] + 1
    while at < len(lines) and not re.match(r"\s*\[", lines[at]):
        if re.match(rf"\s*{key}\s*=", lines[at]):
            try:
                tomllib.loads(lines[at])
            except tomllib.TOMLDecodeError:
                said = f"{FILE}:{at + 1}: got {key} on several lines, expected one: change it in the file"
                raise WireError("bad_line", said) from None
            behind = re.search(r"""=\s*(?:"(?:[^"\\]|\\.)*"|'[^']*')(\s*#.*)$""", lines[at])
            lines[at] = f"{key} = {_toml(value)}" + (behind.group(1) if behind else "")
            return "\n".join(lines)
        at += 1
    lines.insert(starts[0] + 1, f"{key} = {_toml(value)}")
    return "\n".join(lines)


def _unpinned(text: str, keep_last: int) -> str:
    """The new product alone is pinned."""
    lines = text.split("\n")
    pins = [n for n, line in enumerate(lines) if re.match(r"\s*pinned\s*=\s*true\b", line)]
    for n in pins[:-keep_last]:
        lines[n] = re.sub(r"=\s*true\b", "= false", lines[n], count=1)
    return "\n".join(lines)


def _added(text: str, section: str, pairs: list[tuple[str, object]]) -> str:
    body = "\n".join(f"{key} = {_toml(value)}" for key, value in pairs)
    start = text.rstrip("\n") + "\n\n" if text.strip() else ""
    return f"{start}[[{section}]]\n{body}\n"


def _id(name: str, taken: set[str]) -> str:
    """ "Aurora Lamp 2" → "aurora-lamp-2"; a name in another script is "product-1"."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:48]
    stem = plain or "product"
    found, number = plain or "product-1", 1
    while found in taken:
        number += 1
        found = f"{stem}-{number}"
    return found


def _toml(value: object) -> str:
    """A TOML value: JSON's strings, numbers and truths are TOML's too, but for the sign DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
