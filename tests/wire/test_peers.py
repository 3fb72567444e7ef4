"""Drivers as processes: the protocol with a tiny peer, and cohost's own driver with a real room."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest

from bench.peers import driver as drivers
from bench.peers import installed, wire
from bench.peers.driver import Driver
from bench.peers.microphone import RATE
from cohost.errors import OperatorError, ProviderError

pytestmark = [pytest.mark.wire, pytest.mark.timeout(240)]
HERE = Path(__file__).parent


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Driver]:
    """The tiny peer, laid beside a copy of the package as a driver is."""
    package = tmp_path / "bench"
    shutil.copytree(drivers.HERE / "peers", package / "peers", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE / "peer_scripted.py", package / "peers" / "scripted.py")
    monkeypatch.setattr(drivers, "HERE", package)
    return lambda mode: Driver("tiny", sys.executable, "bench.peers.scripted", [mode], tmp_path / "tiny.log")


def trial(tmp_path: Path, name: str = "x", kind: wire.Kind = "ask") -> wire.Trial:
    sound = tmp_path / "sound.s16"
    sound.write_bytes(bytes(RATE))  # half a second
    return wire.Trial(name, kind, str(sound), after_ms=1500)


def run(driver: Driver, work: Callable[[], Awaitable[list[wire.Heard]]]) -> list[wire.Heard]:
    async def whole() -> list[wire.Heard]:
        try:
            return await work()
        finally:
            await driver.close()

    return asyncio.run(whole())


def test_a_batch_goes_out_and_its_results_come_back_in_order(
    scripted: Callable[[str], Driver], tmp_path: Path
) -> None:
    driver = scripted("")
    some = [trial(tmp_path, "bad"), trial(tmp_path, "good")]
    bad, good = run(driver, lambda: driver.run(some, 10))
    assert driver.version == "scripted 1.0"
    assert bad.error == "RuntimeError: not this one"
    ((start, end),) = good.spoke
    assert start < 100
    assert end == pytest.approx(500, abs=150)  # the sound's own length, at its own pace


def test_a_peer_that_ends_says_its_last_line(scripted: Callable[[str], Driver], tmp_path: Path) -> None:
    driver = scripted("break")
    with pytest.raises(ProviderError, match="it broke"):
        run(driver, lambda: driver.run([trial(tmp_path)], 10))


def test_a_peer_that_says_nothing_is_ended(
    scripted: Callable[[str], Driver], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drivers, "SLACK_S", 0.0)
    driver = scripted("late")
    with pytest.raises(ProviderError, match="said nothing for 1 s"):
        run(driver, lambda: driver.run([trial(tmp_path)], 1))


def test_an_index_that_is_not_there_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    for name in ("UV_FIND_LINKS", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(OperatorError, match="index is not reachable") as error:
        installed.install(installed.LIVEKIT)
    assert "\n" not in str(error.value)
    assert not installed.installed(installed.LIVEKIT)


def voice(tmp_path: Path) -> wire.Trial:
    """A demo question over a speech."""
    from cohost import resources
    from cohost.ears.audio import read_file, to_s16

    clip = read_file(resources.find("knowledge_base") / "_show" / "speech" / "en-battery.ogg")
    sound = tmp_path / "battery.s16"
    sound.write_bytes(to_s16(np.concatenate([np.zeros(RATE // 2, np.float32), clip])))
    return wire.Trial("over", "over", str(sound), (wire.Words(710, 2955, "no wait"),), after_ms=1000)


def test_cohosts_own_driver_gives_way(probe_folder: Path, tmp_path: Path) -> None:
    arguments = [str(probe_folder), "2026-11-20"]
    driver = Driver("cohost", sys.executable, "bench.peers.drive_cohost", arguments, tmp_path / "log")
    (heard,) = run(driver, lambda: driver.run([voice(tmp_path)], 30))
    assert not heard.error
    assert heard.spoke[0][0] < -600
    assert 710 < heard.ducked[0] < heard.spoke[0][1] < 1700


def test_the_drivers_of_the_peers_that_are_installed_give_way(tmp_path: Path) -> None:
    """Of this machine's cache alone (README, `--peers`, tells how they come there); a machine without them
    has none to try, and this test says nothing of them."""
    for peer in installed.PEERS:
        if not installed.installed(peer):
            continue
        python = str(installed.python_of(peer))
        driver = Driver(peer.name, python, peer.driver, [], tmp_path / f"{peer.name}.log")
        (heard,) = run(driver, lambda driver=driver: driver.run([voice(tmp_path)], 30))  # type: ignore[misc]
        assert not heard.error
        assert heard.spoke[0][0] < -600
        assert 710 < heard.spoke[0][1] < 2955
