"""What a runner is: it loads a suite's cases and, while open, turns one case into outcomes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from evals.case import Case
from evals.outcome import Outcome
from evals.suite import Suite
from evals.world import World

RunCase = Callable[[Any], Awaitable[list[Outcome]]]


@dataclass(frozen=True)
class Runner:
    """`load` may raise OperatorError; `running` opens what the cases need; `absent` says why nothing
    can be measured here, where that is so. `alone`: times are measured, so nothing runs beside it;
    `kept`: its outcomes may be kept for a run in which nothing changed."""

    load: Callable[[Suite, World], Sequence[Case]]
    running: Callable[[World, Suite], AbstractAsyncContextManager[RunCase]]
    absent: Callable[[World], str] = lambda world: ""
    alone: bool = False
    kept: bool = True
