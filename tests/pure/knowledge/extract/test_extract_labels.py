"""Labels that hold an attribute's name: the product's own, of a part, or about another thing."""

from __future__ import annotations

import pytest

from cohost.knowledge.extract import labels
from cohost.knowledge.extract.halves import halves, members
from cohost.knowledge.extract.values import items


@pytest.mark.parametrize(
    "label",
    [
        "Climbing height", "Cleaning area", "LED lifetime", "LED 寿命 LED lifetime",
        "Active noise cancelling",
        "主动降噪 Active noise cancelling", "Długość przewodu", "越障高度", "清洁面积",
        "Hauteur de franchissement",
        "Power cord", "App languages", "记忆功能 Memory", "Seat height",
    ],
)  # fmt: skip
def test_a_label_whose_head_is_another_thing_names_no_attribute(label: str) -> None:
    assert labels.read(label).attribute is None


@pytest.mark.parametrize(
    ("label", "attribute"),
    [
        ("Dock dimensions", "size"),
        ("Case battery", "battery_capacity"),
        ("充电盒电池 Case battery", "battery_capacity"),
        ("Weight of case", "weight"),
        ("Materiał dzbanka", "material"),
        ("配合充电盒总续航 Total with case", "battery"),
    ],
)
def test_of_a_part_the_label_is_the_condition(label: str, attribute: str) -> None:
    read = labels.read(label)
    assert (read.attribute, read.condition) == (attribute, label)


@pytest.mark.parametrize(
    ("label", "attribute"),
    [
        ("Net weight (kg)", "weight"),
        ("净重 Net weight (kg)", "weight"),
        ("Product dimensions", "size"),
        ("Sample weight, net", None),
        ("14 运输 Transport", "air_travel"),
        ("亮度档位 Brightness levels", "light"),
    ],
)
def test_harmless_words_change_nothing(label: str, attribute: str | None) -> None:
    read = labels.read(label)
    assert (read.attribute, read.condition) == (attribute, "")


@pytest.mark.parametrize(
    ("text", "own", "latin"),
    [
        ("2 台设备 2 devices", "2 台设备", "2 devices"),
        ("支持,42 dB Yes, 42 dB", "支持,42 dB", "Yes, 42 dB"),
        ("支持 Qi Yes, Qi", "支持 Qi", "Yes, Qi"),
        ("単品 (充電式) single (rechargeable)", "単品 (充電式)", "single (rechargeable)"),
        ("White 白色", "白色", "White"),
        ("USB-C 线 USB-C cable 1.5 m", "USB-C 线", "USB-C cable 1.5 m"),
    ],
)
def test_a_cell_said_twice_has_two_halves(text: str, own: str, latin: str) -> None:
    assert halves(text) == (own, latin)


@pytest.mark.parametrize(
    "text", ["USB-C 1.5 m", "容量 350 mL", "白色 White、黑色 black", "无线充电(支持 Qi)", "Type F"]
)
def test_a_cell_said_once_has_none(text: str) -> None:
    assert halves(text) is None


def test_a_list_said_twice_is_told_member_by_member() -> None:
    assert members("白色、黑色 White, black", items) == ("白色 White", "黑色 black")
    assert members("White, black", items) is None
