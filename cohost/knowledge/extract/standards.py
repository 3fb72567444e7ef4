"""Standards with their editions as papers name them: "EN 62368-1:2020+A11:2020". Pure."""

from __future__ import annotations

from cohost.trust.standards import find, number_of, of_products

__all__ = ["find", "number_of", "of_products"]
