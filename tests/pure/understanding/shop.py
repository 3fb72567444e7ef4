"""A small invented shop for the tests of understanding."""

from __future__ import annotations

from cohost.common.catalogue import Brand, Catalogue, Market, Platform, Product, Variant
from cohost.understanding.turns import Asked, Turns, Understood

CATALOGUE = Catalogue(
    brand=Brand(name="Kestrel", host_lang="zh"),
    products=(
        Product(
            "lamp",
            "Kestrel Glow lamp",
            ("GL2", "GL2-PRO"),
            ("lampe", "台灯", "ランプ", "лампа", "lámpara"),
            pinned=True,
        ),
        Product("kettle", "Steamer travel kettle", ("KT-15",), ("水壶", "bouilloire", "чайник")),
        Product("tent", "Ridge two-person tent", (), ("帐篷", "tente")),
    ),
    variants=(
        Variant("GL2", "lamp", ("DE", "FR", "ES", "GB")),
        Variant("GL2-PRO", "lamp", ("US", "JP")),
    ),
    markets=tuple(
        Market(code, lang)
        for code, lang in (("DE", "de"), ("FR", "fr"), ("ES", "es"), ("US", "en"), ("JP", "ja"))
    ),
    platforms=(Platform("youtube", stream_delay_s=8),),
)
TURNS = Turns(CATALOGUE)


def understand(text: str, lang: str = "en", **more: object) -> Understood:
    asked = Asked(text, lang, pinned="lamp", **more)  # type: ignore[arg-type]
    return TURNS.understand(asked, id="q1")
