"""Many viewers' pages in a process of their own: they connect, read, and tell when each reply reached them.

    python -m bench.chat.viewers ADDRESS COUNT LISTENING

Prints "ready" when all are connected, and after a line on stdin one JSON object: reply id → arrivals in
seconds of the machine's monotonic clock.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time

import websockets
from websockets.asyncio.client import connect

_REPLY = re.compile(r'"type":"reply\.posted".*?"reply_id":"([^"]+)"')
AT_ONCE = 50


async def main(address: str, count: int, listening: int) -> None:
    arrivals: dict[str, list[float]] = {}
    gate, ready = asyncio.Semaphore(AT_ONCE), asyncio.Event()
    connected = 0

    async def viewer(number: int) -> None:
        nonlocal connected
        audio = "&audio=1" if number < listening else ""
        url = f"{address.replace('http', 'ws', 1)}/ws?room=main&role=viewer&lang=en&name=v{number}{audio}"
        async with gate:
            socket = await connect(url, origin=websockets.Origin(address), compression=None, max_queue=None)
        connected += 1
        if connected == count:
            ready.set()
        try:
            async for text in socket:
                if isinstance(text, str) and '"reply.posted"' in text[:80]:
                    found = _REPLY.search(text)
                    if found:
                        arrivals.setdefault(found[1], []).append(time.monotonic())
        except websockets.ConnectionClosed:
            return

    async with asyncio.TaskGroup() as tasks:
        jobs = [tasks.create_task(viewer(number)) for number in range(count)]
        await ready.wait()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        for job in jobs:
            job.cancel()
    sys.stdout.write(json.dumps(arrivals) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
