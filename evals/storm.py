"""A live room's chat at full speed, the same every time: eighteen languages, copies, spam waves, raids.

Shares follow a real stream of 28,000 messages (37 % repeat within a minute, 85 % within 30 characters, 6 to
7 % with a question mark). Pure: seeded, no clock.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import msgspec

from evals.case import ChatCase

SHARES = {
    "greeting": 0.22, "praise": 0.25, "emoji": 0.16, "to_viewer": 0.11, "off_topic": 0.05, "spam": 0.07,
    "question": 0.08, "purchase": 0.02, "order": 0.007, "complaint": 0.006, "abuse": 0.01,
    "demo_request": 0.005, "personal_data": 0.003, "injection": 0.002,
}  # fmt: skip
COPIED = 0.37
"""Of all lines, those that repeat one of the last minute."""

EMOJI = ("😍😍", "🔥", "❤️❤️❤️", "👍", "😂😂", "🎉", "👏👏👏", "🥰", "🙏", "💯")
NAMES = ("ana", "bo", "cy", "mei", "omar", "nok", "juan", "lena", "ivan", "kenji", "sun", "linh")
TAILS = ("", "", "", "", "!", "!!", "...")
RECENT = 2_000
WAVE_EVERY, WAVE = 4_000, 120
"""Every so many lines a bot sends as many copies of one line (with small changes)."""


class StormLine(msgspec.Struct, frozen=True):
    """One line, who sends it, from which market, and which case it came from."""

    text: str
    viewer: str
    name: str
    market: str | None
    kind: str
    lang: str


def varied(text: str, draw: random.Random) -> str:
    """As somebody else types it: drawn-out letters, another case, emoji, marks."""
    letters = [n for n, c in enumerate(text) if c.isalpha() and c.isascii()]
    if letters and draw.random() < 0.5:
        at = draw.choice(letters)
        text = text[:at] + text[at] * draw.randint(2, 4) + text[at:]
    if draw.random() < 0.2:
        text = text.upper() if draw.random() < 0.5 else text.capitalize()
    if draw.random() < 0.4:
        text += " " + draw.choice(EMOJI) * draw.randint(1, 3)
    return text + draw.choice(TAILS)


def storm(
    cases: Sequence[ChatCase], count: int, *, seed: int = 7, viewers: int = 2_000,
    markets: Sequence[str] = ("US", "GB", "DE", "FR", "ES", "BR", "JP", "TH"),
) -> Iterator[StormLine]:  # fmt: skip
    """`count` lines in order. Each viewer keeps language and market."""
    draw = random.Random(seed)
    pools: dict[str, dict[str, list[ChatCase]]] = {}
    for case in cases:
        kind = case.intent.partition("|")[0].partition(".")[0]
        pools.setdefault(kind, {}).setdefault(case.lang.partition("-")[0], []).append(case)
    langs = sorted({lang for pool in pools.values() for lang in pool})
    kinds = [kind for kind in SHARES if kind in pools or kind == "emoji"]
    weights = [SHARES[kind] for kind in kinds]
    recent: list[StormLine] = []
    wave = 0
    for number in range(count):
        if number % WAVE_EVERY == WAVE_EVERY // 2:
            wave = WAVE
        if wave:
            wave -= 1
            text = f"free gifts at www.win-now{draw.randrange(9)}.top 🎁{'!' * draw.randrange(4)}"
            yield StormLine(text, f"bot{draw.randrange(40)}", "WinNow", None, "spam", "en")
            continue
        who = draw.randrange(viewers)
        lang = langs[who % len(langs)]
        market = markets[who % len(markets)] if who % 3 else None
        name = f"{NAMES[who % len(NAMES)]}{who}"
        if recent and draw.random() < COPIED:
            old = draw.choice(recent)
            line = StormLine(old.text, f"v{who}", name, market, old.kind, old.lang)
        else:
            kind = draw.choices(kinds, weights)[0]
            text, spoken = draw.choice(EMOJI) * draw.randint(1, 2), lang
            if kind != "emoji":
                pool = pools[kind].get(lang) or draw.choice(list(pools[kind].values()))
                case = draw.choice(pool)
                text, spoken = varied(case.text, draw), case.lang
            line = StormLine(text, f"v{who}", name, market, kind, spoken)
        recent.append(line)
        del recent[:-RECENT]
        yield line
