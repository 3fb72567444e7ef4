"""Column heads that only name a language ("中文 | English"): their columns say one thing twice. Pure."""

from __future__ import annotations

import functools
import re

from babel import Locale

from cohost.languages import LANGUAGES
from cohost.trust import words

_CODE = re.compile(r"^(?:[A-Z]{2}|[a-z]{2})(?:[-_][A-Za-z]{2,4})?$")


@functools.cache
def _names() -> dict[str, str]:
    """Name of a language in its own and the other languages → its tag."""
    found: dict[str, str] = {}
    for tag in LANGUAGES:
        for code, name in Locale.parse(tag).languages.items():
            if code in LANGUAGES:
                found.setdefault(words.plain(str(name)), code)
    found.update({
        "chinese": "zh", "简体中文": "zh", "繁體中文": "zh", "简体": "zh", "中": "zh",
        "英": "en", "英语": "en", "英文": "en", "日文": "ja", "韩文": "ko",
        "castellano": "es", "español": "es", "espanol": "es", "bahasa": "id",
    })  # fmt: skip
    return found


def names_language(head: str) -> str | None:
    """The language a head names, alone or in two languages ("中文 Chinese"); None for anything else."""
    text = head.strip(" :：()（）[]")
    if not text or len(text) > 30:
        return None
    if _CODE.match(text):
        tag = text[:2].casefold()
        return tag if tag in LANGUAGES and text[:2].isupper() else None
    plain = words.plain(text)
    if plain in _names():
        return _names()[plain]
    parts = [p for p in re.split(r"[\s/|·()（）-]+", plain) if p]
    tags = {_names().get(p) for p in parts}
    return tags.pop() if len(tags) == 1 and len(parts) <= 3 else None
