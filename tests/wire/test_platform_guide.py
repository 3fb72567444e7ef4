"""The guide "add a platform in 100 lines": its class runs as it stands in the page."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

import cohost.platforms
from cohost.errors import NotTaken, ProviderError, ProviderTimeout
from cohost.ports import Post
from tests.wire.web_api import Place, answer, serving

pytestmark = [pytest.mark.wire, pytest.mark.timeout(60)]
GUIDE = Path(cohost.platforms.__file__).with_name("README.md").read_text(encoding="utf-8")


def bulletin() -> Any:
    (code,) = re.findall(r"^```python\n(.*?)^```", GUIDE, re.S | re.M)
    assert len(code.splitlines()) <= 100
    names: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), names)  # it is our own page
    return names["Bulletin"]


class Board:
    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.said: list[str] = []
        self.status = 200

    async def read(self, request: Request) -> Response:
        if request.headers["authorization"] != "Bearer good":
            return answer(401, {})
        after = int(request.query_params["after"])
        return answer(200, {"lines": [line for line in self.lines if line["id"] > after]})

    async def say(self, request: Request) -> Response:
        if self.status == 200:
            self.said.append((await request.json())["text"])
        return answer(self.status, {"id": len(self.said)})


def test_the_guides_platform_reads_writes_and_tells_the_endings_apart() -> None:
    async def main() -> None:
        board, place = Board(), Place("bulletin")
        async with serving({"/lines": board.read, "/say": board.say}) as address:
            made = bulletin()(address, "good", place.feed, every_ms=20)
            async with asyncio.TaskGroup() as tasks:
                job = tasks.create_task(made.run())
                await place.until(lambda: place.states()[-1:] == ["live"])
                board.lines.append({"id": 1, "text": "how heavy is it?", "who": "Ana"})
                await place.until(lambda: bool(place.lines()))
                await asyncio.sleep(0.1)
                assert [(line.text, line.name, line.platform) for line in place.lines()] == [
                    ("how heavy is it?", "Ana", "bulletin")
                ]
                assert await made.post(Post("r1", "412 g.", "en")) == "1"
                for status, error in ((409, NotTaken), (403, ProviderError), (500, ProviderTimeout)):
                    board.status = status
                    with pytest.raises(error) as raised:
                        await made.post(Post("r2", "412 g.", "en"))
                    assert type(raised.value) is error
                job.cancel()
            assert board.said == ["412 g."]
            await made.close()

    asyncio.run(main())


def test_the_guides_platform_says_what_a_person_has_to_do() -> None:
    async def main() -> None:
        board, place = Board(), Place("bulletin")
        async with serving({"/lines": board.read, "/say": board.say}) as address:
            made = bulletin()(address, "old", place.feed, every_ms=20)
            await made.run()
            assert place.states()[-1] == "refused"
            assert "set a new one" in await made.check()
            await made.close()

    asyncio.run(main())
