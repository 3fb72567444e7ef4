"""HTTP towards platforms: what an answer means for a post, in the three ways that matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from cohost.errors import NotTaken, ProviderError, ProviderTimeout

TIMEOUT_S = 10.0
RETRY_MS = 2_000
SHOWN = 200  # characters of a platform's own words that are repeated


async def ask(
    client: httpx.AsyncClient,
    platform: str,
    method: str,
    url: str,
    *,
    repeatable: bool = False,
    **request: Any,
) -> httpx.Response:
    """One request. Raises NotTaken where it certainly had no effect, ProviderTimeout where nobody knows;
    every answer below 500 other than 429 is returned. `repeatable`: a second one does no harm."""
    try:
        answer = await client.request(method, url, **request)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise NotTaken(platform, f"got no connection to {_place(url)} ({_said(error)})", RETRY_MS) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        told = f"got no answer from {_place(url)} ({_said(error)})"
        raise (
            NotTaken(platform, told, RETRY_MS) if repeatable else ProviderTimeout(platform, told)
        ) from error
    if answer.status_code == 429 or (answer.status_code == 503 and "retry-after" in answer.headers):
        raise NotTaken(
            platform, f"got {answer.status_code} from {_place(url)}", retry_after_ms(answer.headers)
        )
    if answer.status_code >= 500:
        told = f"got {answer.status_code} from {_place(url)}"
        raise NotTaken(platform, told, RETRY_MS) if repeatable else ProviderTimeout(platform, told)
    return answer


def json_of(platform: str, answer: httpx.Response) -> dict[str, Any]:
    """The answer's JSON object. Raises ProviderError."""
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        shown = " ".join(answer.text[:SHOWN].split())
        raise ProviderError(platform, f"got “{shown}” ({answer.status_code}), expected a JSON object")
    return found


def retry_after_ms(headers: Mapping[str, str], default_ms: int = 10_000) -> int:
    """Retry-After in seconds, as milliseconds; `default_ms` where it is none. Pure."""
    value = headers.get("retry-after", "")
    return int(float(value) * 1000) if value.replace(".", "", 1).isdigit() else default_ms


def _place(url: str) -> str:
    return url.partition("?")[0]


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
