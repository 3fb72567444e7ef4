"""The wire's JSON Schemas, generated from the frames themselves; served at `/schema.json`."""

from __future__ import annotations

import functools
from typing import Any

import msgspec

from cohost.web import play_frames
from cohost.web.frames import OUT, PROTOCOL
from cohost.web.inbound import IN


@functools.cache
def schemas() -> dict[str, Any]:
    """One JSON Schema (2020-12): `$defs/in` and `$defs/out` are every frame a page sends and gets."""
    every = [*IN, *OUT, *play_frames.OUT]
    found, shapes = msgspec.json.schema_components(every, ref_template="#/$defs/{name}")
    named = {frame.__name__: frame for frame in every}
    if len(named) != len(every):  # an in and an out frame of one name: components would merge
        raise AssertionError("frames must have names of their own")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"cohost live room, protocol {PROTOCOL}",
        "$defs": {
            **shapes,
            "in": {"oneOf": list(found[: len(IN)])},
            "out": {"oneOf": list(found[len(IN) :])},
        },
    }
