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
CHINESE_WORDS = re.compile(
    "多久|多少|多大|多重|几天|幾天|哪里|哪裡|哪个|哪個|怎样|怎樣|是不是|能不|可不|有没|有沒|會不|什麼|怎麼|能到|寄到|送到"
    "|可以|這個|那個|你們|我們|嗎|呢|吧|的話|要不|好不|一样|一樣|想要|需要多"
)
"""What Chinese says with signs that Japanese has too; a Japanese line would hold kana."""
