"""Products and models named in a line, in any script, whole or in part. Pure.

Built once a catalogue. A product answers to its name, its aliases, and to the beginnings and ends of
its name that no other product shares ("Drizzle", "rain jacket"). A model string is found however it
is typed ("rx2 pro" = RX2-PRO); one that looks like a model of the house and is none stays as typed, so
nobody is answered for another model.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from cohost.common.catalogue import Catalogue, Product
from cohost.common.lexicon import Line, Match, Phrases, fold, is_dense, stop_words, words_of
from cohost.languages import base
from cohost.trust.evidence import normal_model
from cohost.trust.words import within_one_edit
from cohost.understanding.goods import family_of, goods_words, kinds_of

SUFFIXES = frozenset({"pro", "max", "plus", "mini", "lite", "ultra", "air", "neo", "xl", "promax"})
"""What makers append to a name for another model of it."""

_GENERIC = frozenset({
    "smart", "portable", "mini", "new", "the", "wireless", "electric", "automatic", "digital", "set",
    "pro", "max", "plus", "lite", "ultra", "air", "kit", "pack", "black", "white", "series", "edition",
})  # fmt: skip
_MISSPELT_FROM = 6  # letters from which one may be wrong
_INFLECTED_FROM = 5  # letters from which a name may take an ending


class Named(msgspec.Struct, frozen=True):
    """What a line names. `products` in the order of the text; `model` exact or as the viewer typed it."""

    products: tuple[str, ...] = ()
    model: str | None = None
    known_model: bool = False
    models: tuple[str, ...] = ()  # where several are named: all of them
    slots: tuple[int, ...] = ()  # link numbers named
    loose: tuple[int, ...] = ()  # "#3": a link number only where the run-down has it
    spans: tuple[tuple[int, int], ...] = ()  # in the folded line


def names_of(catalogue: Catalogue) -> Names:
    """The names of a catalogue, made ready once for all rooms that sell the same."""
    return _names_of(msgspec.json.encode(catalogue))


@functools.lru_cache(maxsize=4)
def _names_of(encoded: bytes) -> Names:
    return Names(msgspec.json.decode(encoded, type=Catalogue))


class Names:
    """The names of one catalogue, ready to be looked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._phrases = Phrases(_entries(catalogue))
        self._models = _models(catalogue)
        self._lookalike = _lookalike([model for model, _, _ in self._models])
        self.words = _single_words(catalogue)
        self._kinds = Phrases(_kinds(catalogue))
        self._own_words = {
            p.id: frozenset(w.text for n in (p.name, *p.aliases) for w in words_of(fold(n)))
            for p in catalogue.products
        }
        self._first_words = {
            p.id: frozenset(w.text for w in words_of(fold(p.name))) for p in catalogue.products
        }
        self._whole_words = {
            p.id: [
                f for n in (p.name, *p.aliases, p.name.split(" ")[0]) if len(f := fold(n)) >= _MISSPELT_FROM
            ]
            for p in catalogue.products
        }

    def find(
        self,
        line: Line,
        *,
        lang: str = "und",
        in_view: str | None = None,
        doubtful: Sequence[tuple[int, int]] = (),
        parts: Sequence[tuple[int, int]] = (),
    ) -> Named:
        """`in_view` is the product spoken of when the line names none: it gives "the pro" a meaning.
        `doubtful` stretches mean something else where another product is named ("enceinte", a loudspeaker,
        beside the serum); `parts` may be things that come with a product."""
        models, spans = self._find_models(line)
        free = [
            m
            for m in _longest(self._phrases.find(line))
            if not any(m.start < end and start < m.end for start, end in spans)
        ]
        clear = [m for m in free if not any(s <= m.start and m.end <= e for s, e in doubtful)]
        free = clear or free
        products = self._products(line, free)
        spans += [(m.start, m.end) for m in free]
        products += [product for _, product in models if product is not None]
        if not products:
            near = self._misspelt(line, lang) or self._by_kind(line, in_view, parts)
            products += [product for product, _ in near]
            spans += [span for _, span in near]
        order = tuple(dict.fromkeys(products))
        spans += [
            (m.start, m.end)
            for m in _longest(self._kinds.find(line))
            if set(m.label.split("|")) & set(order) and not any(m.start < e and s < m.end for s, e in spans)
        ]
        model = self._model(line, [m for m, _ in models], order, spans, lang, in_view)
        known = model is not None and any(normal_model(model) == normal_model(m) for m, _, _ in self._models)
        if not order and model is not None and not known and in_view is not None:
            order = (in_view,) if self._alike(model, in_view) else ()
        several = tuple(dict.fromkeys(m for m, _ in models))
        if (
            len(several) == 1
            and model is not None
            and known
            and model != several[0]
            and self._apart(line, spans)
        ):
            several = (*several, model)  # "RX2 or the pro"
        if len(several) < 2 or len(order) > 1:
            several = ()
        return Named(order, model, known, several, spans=tuple(spans))

    def _apart(self, line: Line, spans: list[tuple[int, int]]) -> bool:
        """True where a suffix stands away from every name: it means another model."""
        return any(
            w.text in SUFFIXES
            and not any(s <= w.start and not line.folded[e : w.start].strip(" -") for s, e in spans)
            for w in line.words
        )

    def _products(self, line: Line, matches: list[Match]) -> list[str]:
        """Products in the order of the text. Names side by side ("Pebble Pro earbuds") are one name: of the
        product whose own words hold them all."""
        found: list[str] = []
        run: list[Match] = []
        for match in [*matches, None]:
            if match is not None and (not run or match.start - run[-1].end <= 1):
                run.append(match)
                continue
            found += self._of_run(line, run)
            run = [match] if match is not None else []
        return found

    def _of_run(self, line: Line, run: list[Match]) -> list[str]:
        labels = list(dict.fromkeys(m.label for m in run))
        start, end = run[0].start if run else 0, run[-1].end if run else 0
        after = next((w for w in line.words if 0 <= w.start - end <= 1 and w.text in SUFFIXES), None)
        if not run or (len(labels) == 1 and after is None):
            return labels
        said = {w.text for w in line.words if start <= w.start < (after.end if after else end)}
        holders = [p for p, own in self._own_words.items() if said <= own]
        if not holders:
            return labels
        fewest = min(len(self._own_words[p]) for p in holders)
        closest = [p for p in holders if len(self._own_words[p]) == fewest]
        return closest if len(closest) == 1 and (len(labels) > 1 or closest[0] not in labels) else labels

    def _misspelt(self, line: Line, lang: str) -> list[tuple[str, tuple[int, int]]]:
        """A product's name with one letter wrong, where the line names none as it is written."""
        stops = stop_words(base(lang)) | stop_words("en")
        for word in line.words:
            if len(word.text) < _MISSPELT_FROM or word.text in stops or not word.text.isalpha():
                continue
            owners = {p for p, names in self._whole_words.items() for n in names if _near(word.text, n)}
            if len(owners) == 1:
                return [(owners.pop(), (word.start, word.end))]
        return []

    def sibling(self, product_id: str, suffix: str | None) -> str | None:
        """The product whose name is this one's with a suffix more ("pro"), or without its own (None)."""
        own = self._own_words.get(product_id, frozenset())
        rest = own - SUFFIXES
        found = [
            p
            for p, words in self._first_words.items()
            if p != product_id
            and words - SUFFIXES <= rest
            and (words & SUFFIXES) == ({suffix} if suffix else set())
        ]
        return found[0] if len(found) == 1 else None

    def _by_kind(
        self, line: Line, in_view: str | None, parts: Sequence[tuple[int, int]]
    ) -> list[tuple[str, tuple[int, int]]]:
        """Products by what such goods are called in any language, where only one of the house is such; a
        word that may mean a part or an accessory ("charger") names none."""
        found = []
        for match in _longest(self._kinds.find(line)):
            owners = match.label.split("|")
            other = in_view is not None and in_view not in owners
            if other and any(s <= match.start and match.end <= e for s, e in parts):
                continue
            product = owners[0] if len(owners) == 1 else in_view if in_view in owners else None
            if product is not None:
                found.append((product, (match.start, match.end)))
        return found

    def _find_models(self, line: Line) -> tuple[list[tuple[str, str | None]], list[tuple[int, int]]]:
        found: list[tuple[str, str | None]] = []
        spans: list[tuple[int, int]] = []
        for model, product, pattern in self._models:
            for match in pattern.finditer(line.folded):
                if not any(match.start() < end and start < match.end() for start, end in spans):
                    found.append((model, product))
                    spans.append(match.span())
        return found, spans

    def _model(
        self,
        line: Line,
        exact: list[str],
        products: tuple[str, ...],
        spans: list[tuple[int, int]],
        lang: str,
        in_view: str | None,
    ) -> str | None:
        suffix = self._suffix(line, spans, lang)
        if suffix is not None:
            base = line.folded[suffix[0] : suffix[1]].strip() if suffix[0] < suffix[1] else ""
            return self._with_suffix(base, suffix[2], exact, products, in_view)
        if exact:
            return exact[0]
        if self._lookalike is not None:
            match = self._lookalike.search(line.folded)
            if match is not None and not any(match.start() < e and s < match.end() for s, e in spans):
                return match.group().upper().replace(" ", "-")
        return None

    def _suffix(self, line: Line, spans: list[tuple[int, int]], lang: str) -> tuple[int, int, str] | None:
        """("start and end of the name before it", suffix): directly after a name, or standing alone."""
        words = line.words
        for i, word in enumerate(words):
            if word.text not in SUFFIXES or any(s <= word.start < e for s, e in spans):
                continue
            before = next(((s, e) for s, e in spans if 0 <= word.start - e <= 1), None)
            if before is not None:
                return (*before, word.text)
            if lang == "pt" and word.text == "pro" and not _portuguese_pro(words, i):
                continue
            return (0, 0, word.text)
        return None

    def _with_suffix(
        self, base: str, suffix: str, exact: list[str], products: tuple[str, ...], in_view: str | None
    ) -> str | None:
        product = self._catalogue.product(products[0] if products else in_view)
        candidates = _model_strings(self._catalogue, product) if product else []
        if exact:
            wanted = normal_model(exact[-1] + suffix).replace("-", "")
            hit = next((m for m in candidates if normal_model(m).replace("-", "") == wanted), None)
            return hit or (f"{exact[-1]} {suffix.upper()}" if base else exact[-1])
        hits = [m for m in candidates if suffix.upper() in re.split(r"[^A-Z0-9]+", m.upper())]
        if len(hits) == 1:
            return hits[0]
        return f"{base} {suffix}".upper() if base and not hits else None

    def _alike(self, model: str, product_id: str) -> bool:
        product = self._catalogue.product(product_id)
        head = re.match(r"[A-Z]+", model.upper())
        return bool(
            product
            and head
            and any(m.upper().startswith(head.group()) for m in _model_strings(self._catalogue, product))
        )


def _near(word: str, name: str) -> bool:
    return word != name and name.isalpha() and word[0] == name[0] and within_one_edit(word, name)


def _portuguese_pro(words: tuple[object, ...], i: int) -> bool:
    """ "pro" is also "para o": it is a model only after an article or at the end of the line."""
    before = getattr(words[i - 1], "text", "") if i else ""
    return before in ("o", "a", "e", "versao", "modelo", "do", "da") or i == len(words) - 1


def _model_strings(catalogue: Catalogue, product: Product) -> list[str]:
    return list(dict.fromkeys((*product.models, *(v.model for v in catalogue.variants_of(product.id)))))


# ── building ────────────────────────────────────────────────────────────────────────────────────
def _entries(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    parts = Counter(part for product in catalogue.products for part in set(_parts(product.name)))
    named = {fold(a) for p in catalogue.products for a in (p.name, *p.aliases)}
    for product in catalogue.products:
        whole = [product.name, *product.aliases]
        own = [p for p in _parts(product.name) if parts[p] == 1 and p not in named]
        for name in dict.fromkeys((*whole, *own)):
            if not name.strip():
                continue
            yield product.id, name
            inflected = _inflected(name)
            if inflected is not None:
                yield product.id, inflected


def _kinds(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """(product ids, what their kind of goods is called in some language): exact kinds first, then what such
    goods are taken for, as far as no product of the house is exactly that."""
    exact: dict[str, list[str]] = {}
    wide: dict[str, list[str]] = {}
    for product in catalogue.products:
        for kind in kinds_of((product.name, *product.aliases)):
            exact.setdefault(kind, []).append(product.id)
            for near in family_of(kind) - {kind}:
                wide.setdefault(near, []).append(product.id)
    for kind in {**exact, **wide}:
        products = exact.get(kind) or wide[kind]
        for words in goods_words(kind):
            yield "|".join(dict.fromkeys(products)), words


def _parts(name: str) -> list[str]:
    """Beginnings and ends of a name, folded, that may stand for it."""
    words = [w.text for w in words_of(fold(name))]
    found = [words[:n] for n in range(1, len(words))] + [words[n:] for n in range(1, len(words))]
    return [
        " ".join(part)
        for part in found
        if not (len(part) == 1 and (len(part[0]) < 3 or part[0] in _GENERIC or part[0] in stop_words("en")))
        and not all(w in _GENERIC or w.isdigit() for w in part)
    ]


def _inflected(name: str) -> str | None:
    """The name with an ending: plural, case, article joined on."""
    folded = fold(name)
    if is_dense(folded) or (not folded.isalpha() and " " not in folded):
        return None
    last = folded.split()[-1]
    if len(last) < _INFLECTED_FROM or not last.isalpha():
        return None
    stem = last[:-1] if last[-1] in "aeiouyаяоеьй" else last
    return f"{folded[: len(folded) - len(last)]}{stem}~"


def _models(catalogue: Catalogue) -> list[tuple[str, str | None, re.Pattern[str]]]:
    owners: dict[str, set[str]] = {}
    for product in catalogue.products:
        for model in _model_strings(catalogue, product):
            owners.setdefault(model, set()).add(product.id)
    rows = []
    for model, who in owners.items():
        runs = re.findall(r"[^\W\d_]+|\d+", fold(model))
        if not runs or len("".join(runs)) < 2:
            continue
        pattern = r"[\s._–-]?".join(re.escape(run) for run in runs)
        left, right = r"(?<![a-z0-9])", r"(?![a-z0-9])"
        rows.append((model, next(iter(who)) if len(who) == 1 else None, re.compile(left + pattern + right)))
    rows.sort(key=lambda row: -len(row[0]))
    return rows


def _lookalike(models: list[str]) -> re.Pattern[str] | None:
    """Strings formed like a model of the house: its letters, other figures."""
    forms = set()
    for model in models:
        match = re.match(r"([a-z]{1,5})[\s-]?(\d{1,5})", fold(model))
        if match:
            letters, digits = match.groups()
            count = f"{{{len(digits)}}}" if len(letters) == 1 else "{1,5}"
            forms.add(rf"{letters}[\s-]?\d{count}[a-z]?(?:-[a-z0-9]+)*")
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(sorted(forms))})(?![a-z0-9])") if forms else None


def _single_words(catalogue: Catalogue) -> frozenset[str]:
    """Words of brand and products that say nothing about a line's language."""
    texts = [catalogue.brand.name, *(p.name.split(" ")[0] for p in catalogue.products)]
    return frozenset(w.text for text in texts for w in words_of(fold(text)))


def _longest(matches: list[Match]) -> list[Match]:
    kept: list[Match] = []
    for match in sorted(matches, key=lambda m: (m.start - m.end, m.start)):
        if not any(match.start < k.end and k.start < match.end for k in kept):
            kept.append(match)
    return sorted(kept, key=lambda m: m.start)
