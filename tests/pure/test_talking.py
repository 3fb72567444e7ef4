"""The voice half of a room: what is loaded before the first caller speaks."""

from __future__ import annotations

import asyncio

from cohost.common import pieces
from cohost.common.heard import meaning
from cohost.ears.recognition import Recognition
from cohost.languages import LANGUAGES
from cohost.talking import Models
from cohost.trust import units


def forget_units() -> None:
    """As in a new process."""
    units._registry.cache_clear()
    units._pint.cache_clear()


def test_the_tables_of_the_first_utterance_and_its_answer_are_built_by_warming() -> None:
    pieces._book.cache_clear()
    forget_units()
    models = Models(Recognition(lambda: None), None, None)  # type: ignore[arg-type, return-value]
    asyncio.run(models.warm())
    assert units._registry.cache_info().currsize == 1
    built = pieces._book.cache_info().misses
    for lang in LANGUAGES:
        meaning("how long does it last", lang, langs=LANGUAGES)
    assert pieces._book.cache_info().misses - built <= 4  # a home language may be read with its accents


def test_a_room_that_hears_nobody_builds_none() -> None:
    forget_units()
    asyncio.run(Models(None, None, None).warm())
    assert units._registry.cache_info().currsize == 0
