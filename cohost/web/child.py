"""A piece of work in a process of its own, bounded in time: the room's loop waits for nothing."""

from __future__ import annotations

import asyncio
import sys

from cohost.errors import DocumentError


async def run(
    module: str, *args: str, job: bytes = b"", seconds: float, slow: str, name: str, silent: str
) -> bytes:
    """What `python -m module` writes, given `job` on its input. The process never outlives the call.

    Raises DocumentError: "slow" with the words of `slow`; "unreadable" with `name` and the process's last
    line, or `silent` where it left none. Safe to cancel.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *args,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(seconds):
            out, said = await process.communicate(job)
    except TimeoutError:
        raise DocumentError("slow", slow) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        why = said.decode("utf-8", "replace").strip().splitlines()
        raise DocumentError("unreadable", f"{name}: {why[-1] if why else silent}")
    return out
