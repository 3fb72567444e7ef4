"""Words for the host: a question's gloss made from triage and attribute names, and why to look. Pure.

No model translates here: "[th ×4] 续航 · Reef" is read from tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cohost.common.catalogue import Catalogue
from cohost.common.question import Asker, Question
from cohost.decision.format import Tongue, country
from cohost.decision.frames import frame, has_frame
from cohost.decision.points import HostNote
from cohost.decision.values import value_words
from cohost.languages import base
from cohost.trust.attributes import display_name, ontology
from cohost.trust.evidence import Fact, MarketFact, Policy
from cohost.trust.schemes import schemes

MAX_ATTRIBUTES = 2


def gloss(question: Question, askers: Sequence[Asker], catalogue: Catalogue) -> str:
    """Who asks how often in which language, about what, of which product, in the host's language."""
    at = Tongue(catalogue.brand.host_lang or "en")
    product = catalogue.product(question.product)
    name = product.name if product else ""
    subject = _subject(question, at, name)
    parts = [subject, "" if name and name in subject else name]
    if question.market:
        parts.append(country(question.market, at))
    return f"[{_crowd(question, askers)}] {' · '.join(p for p in parts if p)}"


def _crowd(question: Question, askers: Sequence[Asker]) -> str:
    counts = Counter(base(a.lang if a.lang != "und" else question.lang) for a in askers) or Counter(
        [base(question.lang)]
    )
    return " ".join(f"{lang} ×{n}" if n > 1 else lang for lang, n in counts.most_common())


def _subject(question: Question, at: Tongue, product: str) -> str:
    kind = question.intent
    if has_frame(f"host.{kind}"):
        return frame(at.lang, f"host.{kind}", product=product or "?").strip(" :.")
    names = [display_name(a, at.tables) for a in question.attributes[:MAX_ATTRIBUTES] if a in ontology()]
    titles = [schemes()[s].title for s in question.schemes[:MAX_ATTRIBUTES] if s in schemes()]
    extra = list(question.features[:MAX_ATTRIBUTES])
    subject = " / ".join(dict.fromkeys((*names[:1], *titles, *extra)))
    return subject or frame(at.lang, "host.other")


def host_words(note: HostNote | None, catalogue: Catalogue) -> str:
    """Why a person should look, in the host's language."""
    if note is None:
        return ""
    at = Tongue(catalogue.brand.host_lang or "en")
    scheme = schemes().get(note.scheme or "")
    return frame(
        at.lang,
        f"host.{note.kind}",
        name=display_name(note.attribute, at.tables) if note.attribute else "",
        country=country(note.market, at) if note.market else "",
        scheme=scheme.title if scheme else note.scheme or "",
        items=_items(note, at),
        state=note.detail.replace("_", " "),
        detail=note.detail,
        product=note.detail,
        rule=note.detail,
    ).strip(" :")


def _items(note: HostNote, at: Tongue) -> str:
    told = [i for i in note.items if isinstance(i, Fact | MarketFact | Policy)]
    return "; ".join(f"{value_words(i, at)} [{i.id} {i.source.document}]" for i in told)
