"""What goods are called in eighteen languages (`languages/*/goods.toml`): "침낭" is a sleeping bag. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from cohost.common.lexicon import Line, Phrases, split
from cohost.languages import LANGUAGES, table

FAMILIES: tuple[frozenset[str], ...] = tuple(
    frozenset(row.split())
    for row in (
        "watch smartwatch fitness_band",
        "headphones earbuds",
        "speaker soundbar",
        "charger adapter car_charger usb_hub",
        "robot_vacuum vacuum_cleaner car_vacuum",
        "jacket rain_jacket coat hoodie",
        "trousers jeans shorts leggings",
        "t_shirt shirt sweater hoodie",
        "shoes sneakers hiking_shoes boots sandals slippers high_heels",
        "bag backpack handbag suitcase backpack_school",
        "lamp desk_lamp night_light wall_light light_bulb lantern",
        "face_cream sunscreen body_lotion hand_cream serum",
        "shampoo conditioner hair_oil",
        "hair_straightener curling_iron hair_dryer",
        "blender mixer juicer",
        "rice_cooker pressure_cooker",
        "water_bottle thermos mug",
        "snack chocolate",
        "supplement vitamins protein_powder",
        "toy building_blocks doll puzzle board_game",
        "stroller car_seat",
        "camera action_camera webcam dashcam",
        "smart_lock doorbell security_camera",
        "blanket duvet",
    )
)
"""Kinds of goods that people call by each other's names: a "watch" may be the fitness band."""

SHORT: dict[str, frozenset[str]] = {
    name: frozenset(kinds.split())
    for name, kinds in {
        "any_cream": "face_cream body_lotion hand_cream sunscreen",
        "any_mask": "face_mask",
        "any_dryer": "hair_dryer",
        "any_trimmer": "hair_clipper shaver",
        "any_scale": "scale_body food_scale",
        "any_cooker": "rice_cooker pressure_cooker induction_cooker",
        "any_pan": "pan",
        "any_bag": "bag backpack handbag suitcase backpack_school",
        "any_chair": "chair camping_chair",
        "any_mat": "yoga_mat",
        "any_vacuum": "vacuum_cleaner robot_vacuum car_vacuum",
        "any_helmet": "bike_helmet",
        "any_lock": "smart_lock bike_lock",
        "any_rug": "rug",
    }.items()
}
"""Short words (`[short]` of the tables) and the kinds that people say them for: "die Creme", a body cream."""

TABLE, SECTION, SHORTER = "goods", "goods", "short"


@functools.cache
def _words() -> dict[str, tuple[str, ...]]:
    """Kind of goods → what it is called, in every language."""
    found: dict[str, list[str]] = {}
    for lang in LANGUAGES:
        for section in (SECTION, SHORTER):
            for kind, entries in table(lang, TABLE).get(section, {}).items():
                found.setdefault(kind, []).extend(split(entries))
    return {kind: tuple(dict.fromkeys(words)) for kind, words in found.items()}


@functools.cache
def _phrases() -> Phrases:
    return Phrases((kind, word) for kind, words in _words().items() for word in words)


def goods_words(kind: str) -> tuple[str, ...]:
    """Every word for a kind of goods, in the lexicon's form."""
    return _words().get(kind, ())


def family_of(kind: str) -> frozenset[str]:
    """The kind, those it is taken for, and the short words for it."""
    short = {name for name, kinds in SHORT.items() if kind in kinds}
    return frozenset({kind, *short}).union(SHORT.get(kind, ()), *(f for f in FAMILIES if kind in f))


def kinds_of(names: Iterable[str]) -> tuple[str, ...]:
    """The kinds of goods that a product's names tell: of two words in one place the longer ("rain jacket",
    not "jacket")."""
    found: dict[str, None] = {}
    for name in names:
        taken: list[tuple[int, int]] = []
        for match in sorted(_phrases().find(Line(name)), key=lambda m: m.start - m.end):
            if not any(match.start < end and start < match.end for start, end in taken):
                taken.append((match.start, match.end))
                found[match.label] = None
            elif (match.start, match.end) in taken:
                found[match.label] = None
    return tuple(found)
