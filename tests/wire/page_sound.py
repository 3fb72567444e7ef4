"""What a page plays: an init script that records everything that reaches an audio output.

`install(page or context)` before the page is opened; `recorded(page)` gives mono samples and their rate.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import numpy.typing as npt

SCRIPT = """
(() => {
  const connect = AudioNode.prototype.connect;
  const taps = new Map();
  const pieces = [];
  let rate = 0;
  const record = async (track) => {
    const reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 2000 }).readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const piece = new Float32Array(value.numberOfFrames);
      value.copyTo(piece, { planeIndex: 0, format: "f32-planar" });
      rate = value.sampleRate;
      value.close();
      pieces.push(piece);
    }
  };
  const tap = (audio) => {
    if (taps.has(audio)) return taps.get(audio);
    const node = audio.createMediaStreamDestination();
    node.channelCount = 1;
    taps.set(audio, node);
    record(node.stream.getAudioTracks()[0]);
    return node;
  };
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode) connect.call(this, tap(this.context));
    return connect.call(this, to, ...rest);
  };
  window.pageSound = () => {
    const whole = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) whole.set(piece, (at += piece.length) - piece.length);
    const bytes = new Uint8Array(whole.buffer);
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return { rate, samples: btoa(text) };
  };
})();
"""
FLAGS = (
    "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)  # fmt: skip
"""Chromium flags: sound without a gesture, a microphone without a question. Add `speaking(file)`."""


def speaking(wav: str) -> str:
    """The flag for a microphone that hears a WAV file, from the moment it is opened, once."""
    return f"--use-file-for-fake-audio-capture={wav}%noloop"


def install(target: Any) -> None:
    """`target`: a Playwright page or context that has opened nothing yet."""
    target.add_init_script(SCRIPT)


def recorded(page: Any) -> tuple[npt.NDArray[np.float32], int]:
    """Everything this page has played so far, its contexts after one another: samples −1..1, rate in Hz."""
    found = page.evaluate("window.pageSound()")
    return np.frombuffer(base64.b64decode(found["samples"]), np.float32), int(found["rate"])
