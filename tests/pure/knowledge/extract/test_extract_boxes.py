"""Lists of contents, label lines side by side, figures of other things."""

from __future__ import annotations

import pytest

from cohost.trust.evidence import Fact
from tests.pure.knowledge.extract.made_documents import extracted, facts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("包装清单 In the box\n| 台灯 Lamp | × 1 |\n| USB-C 线 USB-C cable 1.5 m | × 1 |",
         ("台灯 Lamp × 1", "USB-C 线 USB-C cable 1.5 m × 1")),
        ("## 3. Zawartość opakowania\n| Element | Liczba |\n| Dzbanek | 1 |\n| Popychacz | 2 |",
         ("Dzbanek × 1", "Popychacz × 2")),
        ("## Lieferumfang\n- Kocher\n- Kabel, 1 m\n- Anleitung.", ("Kocher", "Kabel, 1 m", "Anleitung")),
        ("同梱品:\n- 本体\n- 取扱説明書", ("本体", "取扱説明書")),
    ],
)  # fmt: skip
def test_a_list_under_its_title_is_one_fact(text: str, expected: tuple[str, ...]) -> None:
    found = [i for i in extracted(f"# KT-900 data sheet\n{text}").items if isinstance(i, Fact)]
    assert [(f.attribute, f.value) for f in found] == [("in_the_box", expected)]


def test_label_and_value_twice_in_a_line_are_two_facts() -> None:
    found = facts(extracted("# KT-900 설명서\n제조사: Exempel Co., Ltd. / 제조국: 중국").items)
    assert found["origin"].value == "중국"
    assert "중국" not in str(found["seller"].value)


@pytest.mark.parametrize(
    "text",
    [
        "50 dB 深度降噪。",
        "Active noise cancelling of 42 dB.",
        "Den Helm spätestens 5 Jahre nach Kauf ersetzen.",
    ],
)
def test_a_figure_of_another_thing_is_no_fact(text: str) -> None:
    assert not {"noise", "battery"} & set(
        facts(extracted(f"# KT-900 data sheet\n## Nutzungsdauer\n{text}").items)
    )


@pytest.mark.parametrize(
    ("label", "condition"),
    [
        ("Running time, quiet mode", "quiet mode"),
        ("配合充电盒总续航 Total with case", "配合充电盒总续航 Total with case"),
    ],
)
def test_a_time_of_running_keeps_its_mode(label: str, condition: str) -> None:
    found = facts(
        extracted(f"# KT-900 data sheet\n| Item | Value |\n| {label} | 180 min |\n| Weight | 2 kg |").items
    )
    assert (found["battery"].value, found["battery"].condition) == (180.0, condition)
