"""What every event is."""

from __future__ import annotations

from typing import ClassVar

import msgspec


class Event(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", kw_only=True):
    """Base of all events. `v` is the version of the event's shape.

    What people cause says who in `by` ("role", "role:name"), and in `signed` where their token names them.
    """

    PERSONAL: ClassVar[tuple[str, ...]] = ()
    v: int = 1
