"""Letters that tell one language from its neighbours."""

from __future__ import annotations

import re

ARABIZI = {ord(digit): chr(0x1E00 + 2 * int(digit) + 1) for digit in "0123456789"}  # letters nobody types
MARKS = {
    "es": "ñ¿¡", "pt": "ãõ", "fr": "œùûêëîïçèâ", "de": "ßäöü", "pl": "łżźśćńęą", "tr": "ğışçöü",
    "vi": "ơưđăạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹâêôãõ", "it": "àèìòù", "nl": "ëï", "id": "",
    "en": "",
}  # fmt: skip
KANJI_ONLY_JAPANESE = re.compile(
    "[価応対発売図円込働検軽駅様気楽変単読説録験]|送料|返品|税込|在庫|何時|電池寿命|可能|無料|保証期間"
)
SIMPLIFIED = re.compile("[们这个说对吗没还么什买卖电时间问请谢来给让从东车长门见贝员务号价发货运费关开质]")
