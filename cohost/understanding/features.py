"""Things a line names: features, whom it is for, ages. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cohost.common.lexicon import Reading
from cohost.languages import base
from cohost.trust.features import features as features_table
from cohost.trust.quantities import amounts

_GROWN = {"year": 17, "month": 48}  # ages up to which it is a child's


def langs_of(lang: str) -> tuple[str, ...]:
    """The languages whose words count in a line: its own and English."""
    return (base(lang), "en") if lang != "und" else ("en",)


def tells_age(features: Sequence[str], text: str, lang: str) -> bool:
    """ "My daughter is 2": a child and its years."""
    if not {"child", "baby"} & set(features):
        return False
    found = amounts(text, base(lang) if lang != "und" else "en")
    return any(a.unit in ("year", "month") and a.high <= _GROWN.get(a.unit or "", 0) for a in found)


def people(reading: Reading, lang: str) -> list[tuple[int, int]]:
    """Where the line says whom it is for."""
    rows = features_table()
    found = reading.section("feature", langs_of(lang))
    return [(hit.start, hit.end) for key, hit in found if key in rows and rows[key].always]


def features_in(reading: Reading, lang: str, named: Sequence[tuple[int, int]] = ()) -> tuple[str, ...]:
    """Ids of features and IP codes named, in the order of the text; a product's name tells no feature."""
    langs = tuple(dict.fromkeys((base(lang), "en"))) if lang != "und" else ("en",)
    own = f"{langs[0]}:"
    hits = [
        (hit.start, key)
        for key, hit in reading.section("feature", langs)
        if (hit.label.startswith(own) or _lent(hit.entry, langs[0]))
        and not any(s <= hit.start and hit.end <= e for s, e in named)
    ]
    codes = [
        (m.start(), re.sub(r"[\s-]", "", m.group()).upper()) for m in _IP_CODE.finditer(reading.line.folded)
    ]
    return tuple(dict.fromkeys(key for _, key in sorted([*hits, *codes])))


def concerned(features: Sequence[str], attributes: Sequence[str]) -> tuple[str, ...]:
    """Features that a question about these attributes may be about; IP codes always."""
    rows = features_table()
    return tuple(f for f in features if f not in rows or rows[f].concerns(attributes))


_OTHER_SCRIPTS = frozenset({"ru", "ar", "hi", "th", "ja", "ko", "zh"})


def _lent(entry: str, lang: str) -> bool:
    """An English word that tells a feature in a line of another language too: a name, a phrase, or any
    word where the language has letters of its own. "soy", "plane", "rug" are words of other languages."""
    return lang in _OTHER_SCRIPTS or " " in entry or any(c.isupper() or c.isdigit() for c in entry)


_IP_CODE = re.compile(r"\bip[\s-]?[x0-6][\s-]?[x0-9]k?\b|\b\d{1,2}\s?atm\b")
