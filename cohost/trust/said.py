"""A figure that a viewer names, found again among the facts ("the leaflet says 580 g, true?"). Pure."""

from __future__ import annotations

from cohost.trust.evidence import Fact
from cohost.trust.quantities import convert

_SAME = 0.005
"""Relative difference up to which two figures are one."""


def says_figure(item: Fact, value: float, unit: str) -> bool:
    """True when the fact's value is that figure, whatever unit of the dimension it is told in."""
    if isinstance(item.value, bool) or not isinstance(item.value, float | int) or not item.unit:
        return False
    told = float(item.value) if item.unit == unit else convert(float(item.value), item.unit, unit)
    return told is not None and abs(told - value) <= _SAME * max(abs(told), abs(value))
