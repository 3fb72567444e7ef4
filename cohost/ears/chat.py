"""The one inbound lane for typed lines: the room's page, platforms, `cohost ask`.

Text is cleaned and bounded, personal data masked before it reaches the log, and a line sent twice
with the same id of its sender is the same line.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Literal, cast, get_args

from cohost import events as ev
from cohost.clock import Clock
from cohost.common.clean import clean
from cohost.common.personal import mask
from cohost.errors import WireError
from cohost.ports import Log

LONGEST = 2000
"""Characters kept of one line; `masked` then names "length"."""

NAME = 64
REMEMBERED = 20_000
"""Client ids remembered, newest first out last."""

Role = Literal["viewer", "host", "operator"]


class ChatInlet:
    """Takes lines in, appends `chat.message`. Implements ports.Inlet."""

    def __init__(self, log: Log, clock: Clock) -> None:
        self._log = log
        self._clock = clock
        self._known: OrderedDict[tuple[str, str, str], ev.Record] = OrderedDict()

    def observe(self, record: ev.Record) -> None:
        """Remember a message of the log, so that repeats are known after a restart too."""
        event = record.event
        if isinstance(event, ev.ChatMessage) and event.client_id:
            self._remember((event.platform, event.viewer, event.client_id), record)

    def submit(
        self,
        text: str,
        *,
        viewer: str,
        name: str = "",
        role: str = "viewer",
        platform: str = "room",
        lang_hint: str | None = None,
        market: str | None = None,
        product: str | None = None,
        client_id: str | None = None,
    ) -> ev.Record:
        """Append the line and return its record; the first record where it was sent before.

        Raises WireError "empty" where nothing readable is left, "bad_role" for an unknown role.
        """
        if role not in get_args(Role):
            raise WireError("bad_role", f"got role {role!r}, expected viewer, host or operator")
        key = (platform, viewer, client_id) if client_id else None
        if key is not None and key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        cleaned = clean(text, LONGEST)
        if not cleaned.text:
            raise WireError("empty", "got a message without readable text, expected some words")
        masked = mask(cleaned.text)
        record = self._log.append(
            ev.ChatMessage(
                viewer=viewer,
                text=masked.text,
                name=mask(clean(name, NAME).text).text,
                role=cast(Role, role),
                platform=platform,
                lang_hint=lang_hint,
                market=market.upper() if market else None,
                product=product,
                client_id=client_id,
                masked=(*masked.kinds, *(("length",) if cleaned.cut else ())),
            )
        )
        if key is not None:
            self._remember(key, record)
        return record

    def _remember(self, key: tuple[str, str, str], record: ev.Record) -> None:
        self._known.setdefault(key, record)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
