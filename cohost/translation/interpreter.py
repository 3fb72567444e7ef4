"""Translators in order, and what is checked before a line is shown: figures, names, denials, claims, the way
back. What fails stays in the original, and says why.

A translator that fails, hangs or garbles never delays the room: each line has one deadline for all routes,
and a route that failed three times rests.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from cohost.clock import Clock
from cohost.common.written_in import share_of
from cohost.deadline import within
from cohost.errors import ProviderError, ProviderTimeout
from cohost.languages import base
from cohost.ports import Library, Translated, Translator
from cohost.trust.carried import CODE, LINK, STANDARD, is_claim, likeness, losses, qualified_alike, turned
from cohost.trust.guard import GuardContext, Verdict, check
from cohost.trust.kept import Glossary, mask, names_of, terms_between, unmask

KEEP = 2_000
"""Translations remembered; chats repeat themselves."""
FAULTS_TO_REST = 3
REST_MS = 30_000
FIRST_SHARE = 0.6
"""Of the time that is left, for a route behind which others stand."""
SAME = 0.5
"""Likeness (`carried.likeness`) from which what came back says what was said."""
LONGEST = 2_000
LEAST_LETTERS = 4
LEAST_OWN = 0.3
"""Share of a translation's letters that must be of the language's own script; names are Latin everywhere."""
CLAIM_RULES = frozenset({"R1", "R2", "R3", "R4", "R6", "R8", "R10", "R11", "R12", "R14", "R15", "R16", "R21"})
"""What a translation may not say for the house. Figures and prices are the host's own, carried exactly."""
_FINAL = frozenset({"late", "failed", "busy"})
"""Reasons that another try may mend: not remembered."""


class Chain:
    """Implements `ports.Interpreter` over the routes of a room."""

    def __init__(
        self,
        routes: Sequence[Translator],
        library: Library,
        clock: Clock,
        *,
        glossary: Glossary = (),
        deadline_ms: float = 4_000,
        back: bool = True,
    ) -> None:
        self.routes = tuple(routes)
        self._library = library
        self._clock = clock
        self._glossary = glossary
        self._deadline_ms = deadline_ms
        self._back = back
        self._kept: OrderedDict[tuple[str, str, str, bool, str | None], Translated] = OrderedDict()
        self._faults: dict[str, int] = {}
        self._rests: dict[str, int] = {}

    def offers(self, source: str, target: str) -> bool:
        """True where any route has the pair."""
        return any(route.offers(base(source), base(target)) for route in self.routes)

    async def interpret(
        self, text: str, source: str, target: str, *, ours: bool = False, product: str | None = None
    ) -> Translated:
        """Safe to cancel. A line of the target's own language comes back as it is."""
        source, target = base(source), base(target)
        if source == target:
            return Translated(text, source, "original", "same")
        if not self.offers(source, target) or len(text) > LONGEST:
            return Translated("", source, "original", "no_route")
        key = (text, source, target, ours, product)
        known = self._kept.get(key)
        if known is not None:
            self._kept.move_to_end(key)
            return known
        made = await self._first(text, source, target, ours, product)
        if made.reason not in _FINAL:
            self._kept[key] = made
            while len(self._kept) > KEEP:
                self._kept.popitem(last=False)
        return made

    async def _first(
        self, text: str, source: str, target: str, ours: bool, product: str | None
    ) -> Translated:
        """The first route whose translation may be shown; else why the last one may not."""
        end = self._clock.now_ms() + self._deadline_ms
        refused = Translated("", source, "original", "failed")
        ready = [r for r in self.routes if r.offers(source, target) and self._awake(r)]
        for number, route in enumerate(ready, start=1):
            left = end - self._clock.now_ms()
            if left <= 0:
                break
            if number < len(ready):
                left *= FIRST_SHARE
            try:
                made = await within(self._clock, left, self._by(route, text, source, target), route.name)
            except ProviderTimeout:
                self._note(route.name, failed=True)
                refused = Translated("", source, "original", "late", by=route.name)
                continue
            except ProviderError:
                self._note(route.name, failed=True)
                continue
            self._note(route.name, failed=False)
            made = self._judged(text, source, made, ours, product)
            if made.state == "original":
                refused = made
                continue
            if self._back and is_claim(text, source):
                made = await self._returned(text, source, made, end)
            return made
        return refused

    async def _by(self, route: Translator, text: str, source: str, target: str) -> Translated:
        """One route's words: with marks for what must stay, and bare where a mark was lost."""
        names = names_of(self._library.catalogue)
        masked = mask(text, names, terms_between(self._glossary, source, target))
        told = _plain(await route.translate(masked.text, source, target))
        whole = unmask(told, masked)
        if whole is None:
            told = whole = _plain(await route.translate(text, source, target))
        if not _in_language(told, target, names):
            return Translated("", target, "original", "failed", by=route.name)
        return Translated(whole, target, by=route.name)

    # ── what is checked ──
    def _judged(
        self, text: str, source: str, made: Translated, ours: bool, product: str | None
    ) -> Translated:
        """As it may be shown."""
        if not made.text:
            return Translated("", source, "original", "failed", by=made.by)
        lost = losses(text, source, made.text, made.lang, names_of(self._library.catalogue))
        if lost:
            return Translated("", source, "original", lost[0].kind, lost[0].words, made.by)
        if not ours:
            return made
        if is_claim(text, source) and turned(text, source, made.text, made.lang):
            return Translated("", source, "original", "denial", by=made.by)
        verdict = self._guard(made, product)
        if verdict.action != "allow" and verdict.rule in CLAIM_RULES:
            return Translated("", source, "original", "claim", f"{verdict.rule}: {verdict.words}", made.by)
        if not qualified_alike(text, source, made.text, made.lang):
            return msgspec.structs.replace(made, state="unchecked", reason="qualifier")
        return made

    def _guard(self, made: Translated, product: str | None) -> Verdict:
        items = tuple(i for i in self._library.all() if i.product is None or i.product == product)
        context = GuardContext(
            lang=made.lang, market=None, product=product, model=None, on=self._clock.today(),
            catalogue=self._library.catalogue, items=items, origin="operator",
        )  # fmt: skip
        return check(made.text, items, context)

    async def _returned(self, text: str, source: str, made: Translated, end: float) -> Translated:
        """Unchecked where no way leads back, or what came back says something else."""
        back = ""
        for route in self.routes:
            left = end - self._clock.now_ms()
            if left <= 0 or back:
                break
            if not route.offers(made.lang, source):
                continue
            try:
                told = await within(
                    self._clock, left, self._by(route, made.text, made.lang, source), route.name
                )
                back = told.text
                self._note(route.name, failed=False)
            except ProviderError:
                continue
        if not back:
            return msgspec.structs.replace(made, state="unchecked", reason="no_way_back")
        names = names_of(self._library.catalogue)
        same = not losses(text, source, back, source, names) and not turned(text, source, back, source)
        if same and likeness(text, back) >= SAME:
            return made
        return msgspec.structs.replace(made, state="unchecked", reason="back", words=back)

    def _awake(self, route: Translator) -> bool:
        return self._clock.now_ms() >= self._rests.get(route.name, 0)

    def _note(self, name: str, *, failed: bool) -> None:
        self._faults[name] = self._faults.get(name, 0) + 1 if failed else 0
        if self._faults[name] >= FAULTS_TO_REST:
            self._faults[name] = 0
            self._rests[name] = self._clock.now_ms() + REST_MS


def _in_language(text: str, lang: str, names: Sequence[str]) -> bool:
    """False where most letters are another script's; names, links, codes and short words tell nothing."""
    for pattern in (LINK, STANDARD, CODE):
        text = pattern.sub(" ", text)
    for name in names:
        text = text.replace(name, " ")
    letters = [c for c in text if c.isalpha()]
    return len(letters) < LEAST_LETTERS or share_of(letters, lang) >= LEAST_OWN


def _plain(text: str) -> str:
    """One line; quotation marks that a model put round all of it are taken off."""
    line = " ".join(text.split())
    for left, right in (('"', '"'), ("“", "”"), ("「", "」"), ("«", "»")):
        if len(line) > 1 and line[0] == left and line[-1] == right and left not in line[1:-1]:
            line = line[1:-1].strip()
    return line
